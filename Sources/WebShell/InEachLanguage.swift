import Kernel
import Synchronization

/// A piece of page that is the same for everybody who reads one language, written once for each.
package final class InEachLanguage: Sendable {
    private let written = Mutex<[Language: HTML]>([:])
    private let write: @Sendable () -> HTML

    package init(_ write: @escaping @Sendable () -> HTML) { self.write = write }

    package var html: HTML {
        let language = Tongue.current.language
        if let known = written.withLock({ $0[language] }) { return known }
        let html = write()
        written.withLock { $0[language] = html }
        return html
    }
}
