import Foundation

/// The chat button's script, of which `Web/widget/parts` are the parts, in the order of their names.
///
/// One file for other people's pages: one request, one scope of its own, no build step.
enum WidgetScript {
    /// nil when there are no parts. Without indentation, which visitors would pay for.
    static func bytes(folder: String) -> [UInt8]? {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        let parts = (names ?? []).filter { $0.hasSuffix(".js") }.sorted()
            .compactMap { FileContents.bytes(folder + "/" + $0) }
        if parts.isEmpty { return nil }
        var script = Array("(() => {\n'use strict';\n".utf8)
        for part in parts {
            for line in part.split(separator: UInt8(ascii: "\n")) {
                script += line.drop { $0 == UInt8(ascii: "\t") }
                script.append(UInt8(ascii: "\n"))
            }
        }
        return script + Array("})();\n".utf8)
    }
}
