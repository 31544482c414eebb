import Files
import Foundation
import Kernel
import PhoneNumbers
import Store
import Vault

/// Looks at an installation as an operator would: configuration, database, disk, work that waits.
package struct Doctor: Sendable {
    package enum Mark: String, Sendable {
        case good, worry, bad

        package var sign: String {
            switch self {
            case .good: "✓"
            case .worry: "!"
            case .bad: "✗"
            }
        }
    }

    /// One line of the report.
    package struct Finding: Sendable, Equatable {
        package var mark: Mark
        package var check: String
        package var found: String
        /// What to do about it.
        package var advice: String?

        package var json: JSONValue {
            [
                "mark": .string(mark.rawValue), "check": .string(check), "found": .string(found),
                "advice": .text(advice),
            ]
        }
    }

    let configuration: Configuration
    let filesFolder: String
    let ambient: Ambient
    /// nil in a test that must not depend on the machine.
    let checksMachine: Bool

    package init(
        _ configuration: Configuration, ambient: Ambient, checksMachine: Bool = true
    ) {
        self.configuration = configuration
        filesFolder = configuration.files ?? FileFolder.standard(for: configuration.database)
        self.ambient = ambient
        self.checksMachine = checksMachine
    }

    var sqlitePath: String? {
        let prefix = "sqlite:"
        return configuration.database.hasPrefix(prefix)
            ? String(configuration.database.dropFirst(prefix.count)) : nil
    }

    /// Everything that was looked at, in order.
    package func examine() async -> [Finding] {
        var findings = resources() + secretKey()
        if checksMachine { findings += machine() }
        findings += files()
        return await findings + database()
    }

    // MARK: Configuration

    private func resources() -> [Finding] {
        let (web, manager) = (configuration.resources.web, FileManager.default)
        let wanted = ["styles", "scripts", "locales", "verticals", "widget/parts"]
        let missing = wanted.filter { !manager.fileExists(atPath: web + "/" + $0) }
        guard missing.isEmpty else {
            return [
                Finding(
                    mark: .bad, check: "resources",
                    found: "\(web) lacks \(missing.joined(separator: ", "))",
                    advice: "Install Web/ and Migrations/ of this version, or set "
                        + "AUTOSECRETARY_RESOURCES.")
            ]
        }
        return [
            Finding(mark: .good, check: "resources", found: configuration.resources.path)
        ]
    }

    private func secretKey() -> [Finding] {
        func finding(_ mark: Mark, _ found: String, _ advice: String? = nil) -> [Finding] {
            [Finding(mark: mark, check: "secret key", found: found, advice: advice)]
        }
        if let keys = configuration.secretKey {
            do { _ = try Vault(keys: keys) } catch {
                return finding(
                    .bad, "AUTOSECRETARY_SECRET_KEY is not a key",
                    "Make one: openssl rand -base64 32")
            }
            return finding(.good, "from AUTOSECRETARY_SECRET_KEY")
        }
        guard let path = sqlitePath.map({ $0 + ".key" }) else {
            return finding(
                .worry, "none: secrets are stored readable",
                "Set AUTOSECRETARY_SECRET_KEY to the output of: openssl rand -base64 32")
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return finding(.good, "none yet; the first start makes \(path)")
        }
        if let others = Self.othersMay(path) {
            return finding(.bad, "\(path): \(others)", "chmod 600 \(path)")
        }
        guard let bytes = FileManager.default.contents(atPath: path),
            (try? Vault(keys: String(decoding: bytes, as: UTF8.self))) != nil
        else {
            return finding(
                .bad, "\(path) cannot be read as a key", "Put the key back from where it is kept.")
        }
        return finding(.good, path)
    }

    /// What people other than the owner may do with a file; nil: nothing.
    static func othersMay(_ path: String) -> String? {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = facts?[.posixPermissions] as? Int, mode & 0o077 != 0 else { return nil }
        return "its mode is \(String(mode & 0o777, radix: 8)), so that others may open it"
    }

    // MARK: The machine

    private func machine() -> [Finding] {
        var findings: [Finding] = []
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            let count = Int(clamping: limit.rlim_cur)
            findings.append(
                Finding(
                    mark: count < 4096 ? .worry : .good, check: "open files",
                    found: "at most \(count)",
                    advice: count < 4096
                        ? "Each open browser takes one: set LimitNOFILE=65536 in the unit." : nil))
        }
        let zone = TimeZone(identifier: "America/New_York")
        findings.append(
            Finding(
                mark: zone == nil ? .bad : .good, check: "time zones",
                found: zone == nil ? "not installed" : "installed",
                advice: zone == nil ? "apt-get install tzdata" : nil))
        findings.append(Self.telephones)
        if ambient.now().milliseconds < 1_760_000_000_000 {
            findings.append(
                Finding(
                    mark: .bad, check: "clock", found: "it says \(ambient.now())",
                    advice: "Set the machine's clock: timedatectl set-ntp true"))
        }
        let places = [sqlitePath.map { ($0 as NSString).deletingLastPathComponent }, filesFolder]
        for place in Set(places.compactMap { $0 }.map { $0.isEmpty ? "." : $0 }).sorted() {
            if let space = Self.space(at: place) { findings.append(space) }
        }
        return findings
    }

    /// Whether libphonenumber knows its plans, and the zones' tables their countries.
    private static var telephones: Finding {
        let reads = (try? PhoneNumber.parse("01632 960123", in: PhoneRegion("GB"))) != nil
        let hasTables = PhoneRegion(zone: "Europe/London") != nil
        return Finding(
            mark: !reads ? .bad : hasTables ? .good : .worry, check: "telephone numbers",
            found: !reads
                ? "libphonenumber reads none"
                : hasTables ? "libphonenumber" : "no countries of time zones",
            advice: !reads
                ? "apt-get install --reinstall libphonenumber8"
                : hasTables
                    ? nil
                    : "apt-get install tzdata; until then businesses without a telephone of their "
                        + "own read international numbers only.")
    }

    private static func space(at folder: String) -> Finding? {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0, facts.f_blocks > 0 else { return nil }
        let free = Double(facts.f_bavail) * Double(facts.f_frsize)
        let share = Int(100 * Double(facts.f_bavail) / Double(facts.f_blocks))
        let mark: Mark = free < 200e6 ? .bad : free < 2e9 || share < 5 ? .worry : .good
        return Finding(
            mark: mark, check: "disk",
            found: "\(Int(free / 1e6)) MB (\(share) %) free at \(folder)",
            advice: mark == .good
                ? nil : "Make room: a full disk stops all writing. Move backups elsewhere.")
    }

    private func files() -> [Finding] {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: filesFolder, isDirectory: &isFolder)
        guard isThere else {
            return [
                Finding(
                    mark: .good, check: "uploads", found: "none yet; they will be in \(filesFolder)"
                )
            ]
        }
        guard isFolder.boolValue, FileManager.default.isWritableFile(atPath: filesFolder) else {
            return [
                Finding(
                    mark: .bad, check: "uploads", found: "\(filesFolder) cannot be written to",
                    advice: "Give it to the user that runs the server: chown -R")
            ]
        }
        return [Finding(mark: .good, check: "uploads", found: filesFolder)]
    }
}
