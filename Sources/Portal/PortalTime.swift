import Kernel

/// Dates and times as the portal says them, on the business's own wall clock.
enum PortalTime {
    static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    /// `14:05` of a minute of the day.
    static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60 % 24, minute % 60)
        return (hours < 10 ? "0" : "") + "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
    }

    static func clock(_ instant: Instant, _ zone: Zone) -> String {
        clock(zone.local(at: instant).minuteOfDay)
    }

    static func weekday(_ date: LocalDate) -> String { weekdays[date.weekday - 1] }

    static func shortWeekday(_ date: LocalDate) -> String { String(weekday(date).prefix(3)) }

    /// `Monday, 23 November`.
    static func long(_ date: LocalDate) -> String {
        "\(weekday(date)), \(date.day) \(months[date.month - 1])"
    }

    /// `23 Nov`.
    static func short(_ date: LocalDate) -> String {
        "\(date.day) \(months[date.month - 1].prefix(3))"
    }

    /// `23 Nov 2026` unless it is this year.
    static func short(_ date: LocalDate, today: LocalDate) -> String {
        date.year == today.year ? short(date) : "\(short(date)) \(date.year)"
    }

    /// `Today`, `Yesterday`, `Tomorrow`, `Tue 24 Nov`.
    static func day(_ date: LocalDate, today: LocalDate) -> String {
        switch date.daysSinceEpoch - today.daysSinceEpoch {
        case 0: "Today"
        case -1: "Yesterday"
        case 1: "Tomorrow"
        default: "\(shortWeekday(date)) \(short(date, today: today))"
        }
    }

    /// `23 – 29 November 2026`, `30 November – 6 December 2026`.
    static func span(_ first: LocalDate, _ last: LocalDate) -> String {
        let end = "\(last.day) \(months[last.month - 1]) \(last.year)"
        if first.month == last.month { return "\(first.day) – \(end)" }
        return "\(first.day) \(months[first.month - 1]) – \(end)"
    }

    static func duration(_ minutes: Int) -> String {
        if minutes < 60 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }

    /// Seconds as people say them: `40 s`, `3 min`, `1 h 20 min`.
    static func seconds(_ seconds: Int) -> String {
        seconds < 60 ? "\(seconds) s" : duration(seconds / 60)
    }

    /// From a local midnight until the next one after `days` days.
    static func range(_ first: LocalDate, days: Int, _ zone: Zone) -> Range<Instant> {
        let start = zone.instant(first, .midnight)
        return start..<max(start, zone.instant(first.adding(days: days), .midnight))
    }
}
