/// After a person was erased.
extension Store {
    /// Takes what SQLite still has of deleted rows out of its write-ahead log; pages themselves are
    /// overwritten on deletion. PostgreSQL's dead rows go with its own vacuum.
    package func leaveNoTraces() async throws {
        if case .sqlite(let engine) = engine { try await engine.truncateLog() }
    }
}
