import CLibpq

/// Statements that travel to the server in one message, with one wait for all their answers.
struct PostgresPipeline {
    /// `result` is that of the first statement that failed, else of the last; nil: none came.
    struct Answer {
        var succeeded = 0
        var result: OpaquePointer?
        /// Every answer was read: the connection can be asked again.
        var isWhole = false
    }

    private let handle: OpaquePointer?
    private var count = 0
    private var isOpen: Bool

    init(_ handle: OpaquePointer?) {
        self.handle = handle
        // What nobody waited for, such as the end of a transaction that only read.
        while let unread = PQgetResult(handle) { PQclear(unread) }
        isOpen = PQenterPipelineMode(handle) == 1
    }

    mutating func send(_ statement: () -> Int32) {
        isOpen = isOpen && statement() == 1
        count += 1
    }

    /// `read` sees each good result with its place; it is gone afterwards.
    func finish(_ read: (Int, OpaquePointer) -> Void = { _, _ in }) -> Answer {
        var answer = Answer()
        guard isOpen, PQpipelineSync(handle) == 1 else { return answer }
        var hasFailed = false
        // Each statement gives a result and an end, the pipeline one more; a line that breaks gives
        // what it likes.
        for _ in 0..<(4 * count + 8) {
            guard let result = PQgetResult(handle) else {
                if PQstatus(handle) != CONNECTION_OK { break }
                continue
            }
            let status = PQresultStatus(result)
            if status == PGRES_PIPELINE_SYNC {
                PQclear(result)
                answer.isWhole = PQexitPipelineMode(handle) == 1
                break
            }
            if hasFailed || status == PGRES_PIPELINE_ABORTED {
                PQclear(result)
                continue
            }
            PQclear(answer.result)
            answer.result = result
            if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK {
                read(answer.succeeded, result)
                answer.succeeded += 1
            } else {
                hasFailed = true
            }
        }
        if !hasFailed, answer.succeeded < count {
            PQclear(answer.result)
            answer.result = nil
        }
        return answer
    }
}
