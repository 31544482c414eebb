import CLibpq
import Foundation
import Synchronization

/// When a transaction's snapshot is asked for.
enum SnapshotQuestion: Sendable {
    case never
    /// With its first statement.
    case withFirst
    /// The same; and where it is the only question, without a transaction.
    case early
}

/// One libpq connection; used by one thread at a time (the pool sees to that).
final class PostgresConnection: Sendable {
    /// The `PGconn *`, kept as a number since opaque pointers are not Sendable.
    private let address: UInt
    private let state = Mutex(State())

    private struct State {
        /// Names of the statements that the server knows.
        var prepared: [String: String] = [:]
        /// What begins the transaction; it travels with the first statement.
        var begin: String?
        var hasBegun = false
        var asking = SnapshotQuestion.never
        var snapshot: String?
        /// An answer went wrong in a way after which nothing can be asked any more.
        var isSpoilt = false
    }

    private var handle: OpaquePointer? { OpaquePointer(bitPattern: address) }

    init(_ url: String) throws {
        guard let handle = PQconnectdb(Self.withLimits(url)) else {
            throw StoreError.unavailable("out of memory")
        }
        guard PQstatus(handle) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(handle))
            PQfinish(handle)
            throw StoreError.unavailable(message)
        }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        address = UInt(bitPattern: handle)
        try simple(
            "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; "
                + "SET client_encoding = 'UTF8'")
    }

    deinit { PQfinish(handle) }

    /// Deadlines for a network that swallows packets, unless the URL has its own.
    private static func withLimits(_ url: String) -> String {
        let limits = [
            "connect_timeout": "5", "keepalives_idle": "15", "keepalives_interval": "5",
            "keepalives_count": "3", "tcp_user_timeout": "20000",
        ]
        return limits.sorted { $0.key < $1.key }.reduce(url) { url, limit in
            if url.contains(limit.key + "=") { return url }
            return url + (url.contains("?") ? "&" : "?") + limit.key + "=" + limit.value
        }
    }

    var isBroken: Bool {
        PQstatus(handle) != CONNECTION_OK || state.withLock { $0.isSpoilt }
    }

    /// The number of the server's process that serves this connection.
    var backend: Int32 { PQbackendPID(handle) }

    /// Waits for a message of `LISTEN`, at most so long; answers the payloads that came.
    func notifications(milliseconds: Int32) throws -> [String] {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptor, 1, milliseconds)
        guard PQconsumeInput(handle) == 1, !isBroken else {
            throw StoreError.unavailable(String(cString: PQerrorMessage(handle)))
        }
        var payloads: [String] = []
        while let message = PQnotifies(handle) {
            payloads.append(message.pointee.extra.map { String(cString: $0) } ?? "")
            PQfreemem(message)
        }
        return payloads
    }

    // MARK: Transactions

    /// Begins a transaction together with its first statement: the server hears both in one
    /// message, and a closure that asks nothing costs nothing.
    func begin(_ sql: String, asking: SnapshotQuestion = .never) {
        state.withLock {
            $0.begin = sql
            $0.hasBegun = false
            $0.asking = asking
            $0.snapshot = nil
        }
    }

    /// What the transaction sees, where it was asked for and the first statement has run.
    var snapshot: String? { state.withLock { $0.snapshot } }

    /// What the transaction sees. Where that is the first that is asked, it may also be the last:
    /// then no transaction begins for it. One that begins after all must see the same.
    func askSnapshot() throws -> String? {
        let waiting = state.withLock { state -> String? in
            let mayWait = state.asking == .early && state.begin != nil
            if !mayWait { state.asking = .never }
            return mayWait ? state.begin.take() : nil
        }
        let snapshot = try run(Self.snapshotQuery, []) { PostgresRow(result: $0, index: 0).text(0) }
        state.withLock { state in
            state.snapshot = snapshot
            if let waiting { state.begin = waiting }
        }
        return snapshot
    }

    private static let snapshotQuery = "SELECT CAST(pg_current_snapshot() AS TEXT)"

    /// Whether the server has heard of the transaction.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Whether it was gone already when the transaction should have begun.
    var brokeAtRest: Bool { isBroken && !hasBegun }

    /// Ends a transaction that only read, without waiting for the answer: it is dropped when the
    /// connection is used again.
    func endReading() throws {
        guard takeBegin() == nil else { return }
        guard PQsendQuery(handle, "COMMIT") == 1 else { throw unavailable }
    }

    func rollBack() throws {
        if takeBegin() == nil { try simple("ROLLBACK") }
    }

    private func takeBegin() -> String? { state.withLock { $0.begin.take() } }

    private var unavailable: StoreError { .unavailable(String(cString: PQerrorMessage(handle))) }

    // MARK: Statements

    func simple(_ sql: String) throws {
        let begin = takeBegin()
        let result = PQexec(handle, begin.map { "\($0); \(sql)" } ?? sql)
        defer { PQclear(result) }
        // Also when a statement after BEGIN failed: there is something to roll back.
        if begin != nil, !isBroken { state.withLock { $0.hasBegun = true } }
        try check(result)
    }

    /// Runs a statement, prepared at its first use on this connection.
    func run<T>(_ sql: String, _ values: [SQLValue], _ map: (OpaquePointer) throws -> T) throws -> T
    {
        let types = values.map(Self.type)
        let key = sql + types.map { String($0) }.joined(separator: ",")
        let (known, next, begin, asksSnapshot, before) = state.withLock {
            (
                $0.prepared[key], "s\($0.prepared.count)", $0.begin.take(), $0.asking != .never,
                $0.snapshot
            )
        }
        let parameters = ParameterBuffer(values)
        if begin == nil, let known {
            let result = parameters.withPointers { texts, lengths, formats in
                PQexecPrepared(handle, known, Int32(values.count), texts, lengths, formats, 0)
            }
            return try mapped(result, map)
        }
        var line = PostgresPipeline(handle)
        for text in [begin, begin == nil || !asksSnapshot ? nil : Self.snapshotQuery] {
            guard let text else { continue }
            line.send { PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 0) }
        }
        let snapshotPlace = begin != nil && asksSnapshot ? 1 : nil
        if known == nil {
            line.send { PQsendPrepare(handle, next, sql, Int32(types.count), types) }
        }
        line.send {
            parameters.withPointers { texts, lengths, formats in
                PQsendQueryPrepared(
                    handle, known ?? next, Int32(values.count), texts, lengths, formats, 0)
            }
        }
        var snapshot: String?
        let answer = line.finish { place, result in
            guard place == snapshotPlace else { return }
            snapshot = PostgresRow(result: result, index: 0).text(0)
        }
        let beginnings = (begin == nil ? 0 : 1) + (snapshotPlace == nil ? 0 : 1)
        state.withLock { state in
            state.isSpoilt = state.isSpoilt || !answer.isWhole
            if begin != nil { state.hasBegun = answer.succeeded > 0 }
            if snapshotPlace != nil { state.snapshot = snapshot }
            if known == nil, answer.succeeded > beginnings { state.prepared[key] = next }
        }
        if begin != nil, let before, answer.succeeded > beginnings, snapshot != before {
            PQclear(answer.result)
            throw StoreError.busy("the snapshot moved")
        }
        return try mapped(answer.result, map)
    }

    private func mapped<T>(_ result: OpaquePointer?, _ map: (OpaquePointer) throws -> T) throws -> T
    {
        defer { PQclear(result) }
        try check(result)
        guard let result else { throw StoreError.unavailable("no answer") }
        return try map(result)
    }

    /// A parameter's type is part of a statement's key: NULL and text stay untyped so that they
    /// fit all.
    private static func type(of value: SQLValue) -> Oid {
        switch value {
        case .int: 20
        case .double: 701
        case .bytes: 17
        case .text, .null: 0
        }
    }

    private func check(_ result: OpaquePointer?) throws {
        let status = PQresultStatus(result)
        if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK { return }
        func field(_ code: Character) -> String {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
                ?? ""
        }
        let state = field("C")
        switch state {
        case "23505": throw StoreError.duplicate(StoreError.indexName(postgres: field("n")))
        case "23503": throw StoreError.foreignKey(field("n"))
        case "23502": throw StoreError.notNull(field("t") + "." + field("c"))
        case "23514": throw StoreError.check(field("n"))
        case "23P01": throw StoreError.overlap
        case "40001", "40P01", "55P03": throw StoreError.busy(state)
        case "25P02": throw StoreError.aborted
        // Gone, going, full, or past the deadline of a statement: not now, maybe soon.
        case "", "57P01", "57P02", "57P03", "57P04", "57014", "53300", "25P03",
            _ where state.hasPrefix("08"):
            throw StoreError.unavailable(String(cString: PQerrorMessage(handle)))
        default: throw StoreError.other(code: state, message: field("M"))
        }
    }
}

/// Parameters as libpq takes them: text NUL-terminated, bytes in binary.
private struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        for value in values {
            offsets.append(value == .null ? nil : bytes.count)
            var isBinary = false
            let start = bytes.count
            switch value {
            case .null: break
            case .int(let number): bytes.append(contentsOf: String(number).utf8)
            case .double(let number): bytes.append(contentsOf: String(number).utf8)
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .bytes(let raw):
                bytes.append(contentsOf: raw)
                isBinary = true
            }
            lengths.append(Int32(bytes.count - start))
            formats.append(isBinary ? 1 : 0)
            bytes.append(0)
        }
    }

    func withPointers<T>(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> T
    ) -> T {
        bytes.withUnsafeBufferPointer { buffer in
            let pointers = offsets.map { offset -> UnsafePointer<CChar>? in
                guard let offset, let base = buffer.baseAddress else { return nil }
                return UnsafeRawPointer(base + offset).assumingMemoryBound(to: CChar.self)
            }
            return pointers.withUnsafeBufferPointer { texts in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(texts.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
