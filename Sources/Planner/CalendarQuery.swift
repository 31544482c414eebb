import Hummingbird
import Kernel

/// What of the calendar is wanted, as its address says it.
package struct CalendarQuery: Sendable, Equatable {
    package enum View: String, Sendable { case day, week }
    package enum Columns: String, Sendable { case staff, resources }

    package var view = View.week
    package var date: LocalDate
    /// Of a day.
    package var columns = Columns.staff
    /// Of a week: one of the staff alone.
    package var staff: StaffID?
    package var withCanceled = false

    package init(date: LocalDate, view: View = .week) {
        self.date = date
        self.view = view
    }

    /// What the address does not say, or says in words of its own, is as usual.
    init(_ request: Request, today: LocalDate) {
        func word(_ name: String) -> String? {
            request.uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        view = word("view").flatMap { View(rawValue: $0) } ?? .week
        date = word("date").flatMap { LocalDate($0) } ?? today
        columns = word("by").flatMap { Columns(rawValue: $0) } ?? .staff
        staff = word("staff").flatMap { text in
            let isPlain = text.utf8.allSatisfy {
                (97...122).contains($0) || (48...57).contains($0) || $0 == 95
            }
            return isPlain && text.utf8.count <= 64 ? StaffID(text) : nil
        }
        withCanceled = word("canceled") == "1"
    }

    /// The first day that is shown, and how many.
    var first: LocalDate { view == .day ? date : date.startOfWeek }
    var days: Int { view == .day ? 1 : 7 }

    func with(_ change: (inout CalendarQuery) -> Void) -> CalendarQuery {
        var other = self
        change(&other)
        return other
    }

    /// All but the date.
    var fields: [(name: String, value: String)] {
        var fields = [(name: "view", value: view.rawValue)]
        if view == .day, columns != .staff { fields.append(("by", columns.rawValue)) }
        if view == .week, let staff { fields.append(("staff", staff.text)) }
        if withCanceled { fields.append(("canceled", "1")) }
        return fields
    }

    var address: String {
        "calendar?" + fields.map { "\($0.name)=\($0.value)&" }.joined() + "date=\(date)"
    }
}
