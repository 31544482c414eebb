import Kernel

/// Dates and times as the desk says them.
enum DeskTime {
    /// `14:05` of a minute of the day.
    static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60 % 24, minute % 60)
        return (hours < 10 ? "0" : "") + "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
    }

    /// `Today`, `Yesterday`, `Tue 24 Nov`.
    static func day(_ date: LocalDate, today: LocalDate) -> String {
        if date == today { return t("Today").text }
        if date == today.adding(days: -1) { return t("Yesterday").text }
        if date == today.adding(days: 1) { return t("Tomorrow").text }
        // Languages that write their days small begin a line with a capital all the same.
        let text = "\(Tongue.current.calendar.shortWeekday(date)) \(short(date))"
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    static func short(_ date: LocalDate) -> String { Tongue.current.calendar.short(date) }

    /// Opening windows of a day: `09:00–13:00, 14:00–19:00` or `Closed`.
    static func windows(_ ranges: [TimeRange], _ zone: Zone) -> String {
        if ranges.isEmpty { return t("Closed").text }
        return ranges.map { range in
            let start = clock(zone.local(at: range.start).minuteOfDay)
            let end = zone.local(at: range.end).minuteOfDay
            return "\(start)–\(end == 0 ? "24:00" : clock(end))"
        }.joined(separator: ", ")
    }

    static func duration(_ minutes: Int) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        if hours == 0 { return t("\(rest) min").text }
        return rest == 0 ? t("\(hours) h").text : t("\(hours) h \(rest)").text
    }
}
