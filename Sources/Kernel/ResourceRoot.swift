import Foundation

/// Where the program finds what it reads from disk: `Web/` and `Migrations/`.
package struct ResourceRoot: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    package var web: String { path + "/Web" }
    package var migrations: String { path + "/Migrations" }

    /// The given folder, or the nearest one above the working folder or the binary that has both.
    package static func find(_ given: String? = nil) throws -> ResourceRoot {
        var candidates: [URL] = []
        if let given {
            candidates = [URL(fileURLWithPath: given)]
        } else {
            var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
            var binary = URL(fileURLWithPath: CommandLine.arguments.first ?? "/")
                .resolvingSymlinksInPath().deletingLastPathComponent()
            for _ in 0..<8 {
                candidates += [
                    folder, binary, binary.appendingPathComponent("share/autosecretary"),
                ]
                folder.deleteLastPathComponent()
                binary.deleteLastPathComponent()
            }
        }
        for folder in candidates {
            let root = ResourceRoot(path: folder.path)
            if FileManager.default.fileExists(atPath: root.migrations),
                FileManager.default.fileExists(atPath: root.web)
            {
                return root
            }
        }
        throw Refusal.invalid(
            "resources", "missing",
            "The folders Web and Migrations were not found. Start in the project's folder or set "
                + "AUTOSECRETARY_RESOURCES.")
    }
}
