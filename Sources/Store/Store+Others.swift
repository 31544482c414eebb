import Kernel

/// Several processes on one PostgreSQL wake each other.
extension Store {
    /// Whether commits of other processes are heard at once; if not, somebody has to look often.
    package var hearsOthers: Bool { listener?.isConnected ?? false }

    /// Waits up to half a second for what other processes say. Commits wake those who asked for
    /// them with `afterCommit`; passing words are answered.
    ///
    /// Throws when the line to the database is down; call it again after a pause.
    package func hearOthers() async throws -> [String] {
        guard let listener, case .postgres(let engine) = engine else { return [] }
        let (payloads, isNew) = try await listener.next(milliseconds: 500)
        // While the line was down, something may have been missed.
        var committed = Committed(hasEvents: isNew, hasWork: isNew)
        var words: [String] = []
        for payload in payloads {
            switch Notice(payload, heardBy: engine.node) {
            case .committed(let theirs):
                committed.hasEvents = committed.hasEvents || theirs.hasEvents
                committed.hasWork = committed.hasWork || theirs.hasWork
            case .said(let text): words.append(text)
            case nil: break
            }
        }
        tellListeners(committed)
        return words
    }

    /// Tells the other processes something passing; what is too long is not said.
    package func tellOthers(_ text: String) async throws {
        guard case .postgres(let engine) = engine else { return }
        let payload = Notice.payload(text, from: engine.node)
        guard payload.utf8.count <= Notice.mostBytes else { return }
        try await write(waiting: .seconds(1)) { tx in
            _ = try tx.all("SELECT pg_notify('autosecretary', \(payload))") { _ in () }
        }
    }
}
