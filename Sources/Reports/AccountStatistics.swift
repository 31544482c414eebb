import Kernel

/// What happened at one business between two moments, in numbers: the portal's and the API's.
package struct AccountStatistics: Sendable, Equatable {
    package struct Inquiries: Sendable, Equatable {
        /// A local date of the business and how many were recorded on it.
        package struct Day: Sendable, Equatable {
            package var date: LocalDate
            package var count: Int
        }

        package var total = 0
        /// Every kind, 0 included.
        package var byKind: [String: Int] = [:]
        /// Only channels that occur; `none` where it is not known.
        package var byChannel: [String: Int] = [:]
        /// By disposition; `none` where there is none.
        package var byOutcome: [String: Int] = [:]
        /// By hour of the business's wall clock, 0 to 23.
        package var byHour = [Int](repeating: 0, count: 24)
        /// Every local date that the range touches, in order, 0 included.
        package var byDate: [Day] = []
    }

    package struct Conversations: Sendable, Equatable {
        /// Begun in the range.
        package var opened = 0
        /// Of these, how many have had a first word from us by now.
        package var replied = 0
        /// Resolved in the range and not opened again, whenever begun.
        package var resolved = 0
    }

    package struct Messages: Sendable, Equatable {
        package var incoming = 0
        /// What contacts were sent; private notes are not counted.
        package var outgoing = 0
    }

    package struct Appointments: Sendable, Equatable {
        /// Made in the range, whatever became of them; holds are not counted.
        package var booked = 0
        /// Canceled in the range.
        package var canceled = 0
        /// Completed, of those that began in the range.
        package var completed = 0
        /// Nobody came, of those that began in the range.
        package var noShow = 0
    }

    /// Seconds from the first word of a contact to ours, over conversations begun in the range that
    /// the contact began and that were answered by now.
    package struct FirstResponse: Sendable, Equatable {
        package var median: Int?
        package var ninetieth: Int?
    }

    package var account: AccountID
    /// Inclusive.
    package var from: Instant
    /// Exclusive.
    package var to: Instant
    package var timeZone: String
    package var inquiries = Inquiries()
    package var conversations = Conversations()
    package var messages = Messages()
    package var appointments = Appointments()
    package var firstResponse = FirstResponse()

    package var json: JSONValue {
        [
            "account_id": .id(account), "from": .instant(from), "to": .instant(to),
            "time_zone": .string(timeZone),
            "inquiries": [
                "total": .number(inquiries.total), "by_kind": Self.object(inquiries.byKind),
                "by_channel": Self.object(inquiries.byChannel),
                "by_outcome": Self.object(inquiries.byOutcome),
                "by_hour": .array(inquiries.byHour.map { .number($0) }),
                "by_date": .array(
                    inquiries.byDate.map {
                        ["date": .string($0.date.description), "count": .number($0.count)]
                    }),
            ],
            "conversations": [
                "opened": .number(conversations.opened),
                "replied": .number(conversations.replied),
                "resolved": .number(conversations.resolved),
            ],
            "messages": [
                "incoming": .number(messages.incoming), "outgoing": .number(messages.outgoing),
            ],
            "appointments": [
                "booked": .number(appointments.booked),
                "canceled": .number(appointments.canceled),
                "completed": .number(appointments.completed),
                "no_show": .number(appointments.noShow),
            ],
            "first_response": [
                "median_seconds": .number(firstResponse.median),
                "p90_seconds": .number(firstResponse.ninetieth),
            ],
        ]
    }

    private static func object(_ counts: [String: Int]) -> JSONValue {
        .object(counts.mapValues { .number($0) })
    }
}
