import Foundation

enum FileContents {
    /// nil when there is no such file.
    static func bytes(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map(Array.init)
    }
}
