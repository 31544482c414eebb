import Crypto
import Foundation
import Kernel

extension Vault {
    /// The vault of a server: the given keys; else those of the file beside a SQLite database, made
    /// at the first start; else none.
    ///
    /// Several servers share a PostgreSQL database, so a file beside one of them would not do.
    package static func open(keys: String?, database: String) throws -> Vault {
        if let keys { return try Vault(keys: keys) }
        guard database.hasPrefix("sqlite:") else { return .transparent }
        let path = String(database.dropFirst("sqlite:".count)) + ".key"
        return try Vault(keys: KeyFile(path: path).read())
    }
}

/// The file that holds the keys of an installation: readable by its owner alone.
struct KeyFile {
    let path: String

    /// The keys; a first one is made when there is no file.
    func read() throws -> String {
        if let text = try contents() { return text }
        try make()
        guard let text = try contents() else { throw failure("could not be read") }
        return text
    }

    private func contents() throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw failure("could not be read")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Written elsewhere and linked to its place in one step: of two servers that start at once one
    /// makes the key and both read it, and nobody ever sees half a file.
    private func make() throws {
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        let draft = path + ".\(Ambient.live().secret(bytes: 9))"
        let file = Foundation.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("could not be made") }
        let bytes = Array((key + "\n").utf8)
        let written = write(file, bytes, bytes.count)
        let isFlushed = fsync(file) == 0
        close(file)
        defer { unlink(draft) }
        guard written == bytes.count, isFlushed else { throw failure("could not be written") }
        guard link(draft, path) == 0 || errno == EEXIST else { throw failure("could not be made") }
    }

    private func failure(_ what: String) -> VaultFailure {
        .keyFile("the file of keys \(path) \(what)")
    }
}
