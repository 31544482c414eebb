import HTTPTypes
import Kernel

/// Which slice of a list is wanted: so many rows after the last one of the page before.
package struct Paging: Sendable {
    package var limit: Int
    /// The id (or sort key) of the last row of the page before.
    package var after: String?

    package init(limit: Int, after: String?) {
        self.limit = limit
        self.after = after
    }

    /// One row more than asked tells whether there is a next page.
    package var fetch: Int { limit + 1 }

    package func answer<T>(
        _ rows: [T], cursor: (T) -> String, _ json: (T) -> JSONValue
    ) -> APIAnswer {
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last.map(cursor) : nil
        return .ok([
            "data": .array(page.map(json)), "next_cursor": .text(next.map(OpaqueCursor.text)),
        ])
    }

    /// The same, with rows that write themselves: for the longest and most wanted lists.
    package func answer<T>(
        _ rows: [T], cursor: (T) -> String, writing write: (T, inout JSONWriter) -> Void
    ) -> APIAnswer {
        let page = rows.prefix(limit)
        let next = rows.count > limit ? page.last.map(cursor) : nil
        var output = JSONWriter(capacity: 64 + 640 * page.count)
        output.object { object in
            object.list("data", page, write)
            object.member("next_cursor", next.map(OpaqueCursor.text))
        }
        var answer = APIAnswer(status: .ok, body: nil, location: nil, version: nil)
        answer.written = output.bytes
        return answer
    }
}

/// How a position in a list travels through the hands of a client: nothing to build by hand, and
/// what is mistyped or cut is seen.
package enum OpaqueCursor {
    package static func text(_ position: String) -> String {
        Base64URL.text(Array(position.utf8) + check(position.utf8))
    }

    /// nil: we never made this.
    package static func position(_ text: String) -> String? {
        guard let bytes = Base64URL.bytes(text), bytes.count > 4 else { return nil }
        let position = bytes.dropLast(4)
        guard Array(bytes.suffix(4)) == check(position), !position.contains(0) else { return nil }
        return String(validating: position, as: UTF8.self)
    }

    /// FNV-1a, 32 bits (draft-eastlake-fnv): against mistakes, not against attackers, who gain
    /// nothing by a position of their own.
    private static func check(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash: UInt32 = 0x811c_9dc5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: hash >> $0) }
    }
}
