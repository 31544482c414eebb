import Kernel

/// Dates and times as the desk says them.
enum DeskTime {
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `14:05` of a minute of the day.
    static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60 % 24, minute % 60)
        return (hours < 10 ? "0" : "") + "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
    }

    /// `Today`, `Yesterday`, `Tue 24 Nov`.
    static func day(_ date: LocalDate, today: LocalDate) -> String {
        if date == today { return "Today" }
        if date == today.adding(days: -1) { return "Yesterday" }
        if date == today.adding(days: 1) { return "Tomorrow" }
        return "\(weekdays[date.weekday - 1]) \(short(date))"
    }

    static func short(_ date: LocalDate) -> String { "\(date.day) \(months[date.month - 1])" }

    /// Opening windows of a day: `09:00–13:00, 14:00–19:00` or `Closed`.
    static func windows(_ ranges: [TimeRange], _ zone: Zone) -> String {
        if ranges.isEmpty { return "Closed" }
        return ranges.map { range in
            let start = clock(zone.local(at: range.start).minuteOfDay)
            let end = zone.local(at: range.end).minuteOfDay
            return "\(start)–\(end == 0 ? "24:00" : clock(end))"
        }.joined(separator: ", ")
    }

    static func duration(_ minutes: Int) -> String {
        if minutes < 60 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60)"
    }
}
