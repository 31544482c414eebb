import Kernel

/// Dates and times as its people read them, on the business's own wall clock and in the language
/// of whoever reads.
package enum BusinessTime {
    private static var words: CalendarWords { Tongue.current.calendar }

    /// `14:05` of a minute of the day.
    package static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60 % 24, minute % 60)
        return (hours < 10 ? "0" : "") + "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
    }

    package static func clock(_ instant: Instant, _ zone: Zone) -> String {
        clock(zone.local(at: instant).minuteOfDay)
    }

    /// The end of something: midnight is 24:00 there.
    package static func end(_ minute: Int) -> String {
        minute % 1440 == 0 ? "24:00" : clock(minute)
    }

    /// `09:00–13:00`.
    package static func span(_ range: TimeRange, _ zone: Zone) -> String {
        "\(clock(range.start, zone))–\(end(zone.local(at: range.end).minuteOfDay))"
    }

    /// Opening windows of a day: `09:00–13:00, 14:00–19:00` or `Closed`.
    package static func windows(_ ranges: [TimeRange], _ zone: Zone) -> String {
        if ranges.isEmpty { return t("Closed").text }
        return ranges.map { span($0, zone) }.joined(separator: ", ")
    }

    /// `Monday`, the first day of the week being 1.
    package static func weekday(_ number: Int) -> String { capitalised(words.weekdays[number - 1]) }

    package static func shortWeekday(_ date: LocalDate) -> String { words.shortWeekday(date) }

    /// `November 2026`, `November – December 2026`.
    package static func months(_ first: LocalDate, _ last: LocalDate) -> String {
        func name(_ date: LocalDate) -> String { capitalised(words.monthNames[date.month - 1]) }
        if first.year != last.year {
            return "\(name(first)) \(first.year) – \(name(last)) \(last.year)"
        }
        let names = first.month == last.month ? name(first) : "\(name(first)) – \(name(last))"
        return "\(names) \(first.year)"
    }

    /// `Monday, 23 November`.
    package static func long(_ date: LocalDate) -> String { words.long(date) }

    /// The same at the head of something.
    package static func heading(_ date: LocalDate) -> String { capitalised(words.long(date)) }

    /// `23 Nov`.
    package static func short(_ date: LocalDate) -> String { words.short(date) }

    /// `23 Nov 2026` unless it is this year.
    package static func short(_ date: LocalDate, today: LocalDate) -> String {
        date.year == today.year ? short(date) : "\(short(date)) \(date.year)"
    }

    /// `Today`, `Yesterday`, `Tomorrow`, `Tue 24 Nov`.
    package static func day(_ date: LocalDate, today: LocalDate) -> String {
        switch date.daysSinceEpoch - today.daysSinceEpoch {
        case 0: t("Today").text
        case -1: t("Yesterday").text
        case 1: t("Tomorrow").text
        default: capitalised("\(shortWeekday(date)) \(short(date, today: today))")
        }
    }

    /// `23 – 29 November 2026`, `30 November – 6 December 2026`.
    package static func span(_ first: LocalDate, _ last: LocalDate) -> String {
        let end = "\(words.dayAndMonth(last)) \(last.year)"
        if first.month == last.month { return "\(first.day) – \(end)" }
        return "\(words.dayAndMonth(first)) – \(end)"
    }

    package static func duration(_ minutes: Int) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        if hours == 0 { return t("\(rest) min").text }
        return rest == 0 ? t("\(hours) h").text : t("\(hours) h \(rest) min").text
    }

    /// Seconds as people say them: `40 s`, `3 min`, `1 h 20 min`.
    package static func seconds(_ seconds: Int) -> String {
        seconds < 60 ? t("\(seconds) s").text : duration(seconds / 60)
    }

    /// From a local midnight until the next one after `days` days.
    package static func range(_ first: LocalDate, days: Int, _ zone: Zone) -> Range<Instant> {
        let start = zone.instant(first, .midnight)
        return start..<max(start, zone.instant(first.adding(days: days), .midnight))
    }

    /// Languages that write their days small begin a heading with a capital all the same.
    package static func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}

extension HTML {
    /// Attributes of a time: a script says it on the reader's clock too, where that differs.
    package static func moment(_ instant: Instant, _ zone: String) -> HTML {
        " datetime=\"\(instant.description)\" data-at=\"\(Int(instant.milliseconds))\" data-zone=\"\(zone)\""
    }

    /// One of the pictures of `Web/images/icons.svg`.
    package static func icon(_ name: String) -> HTML {
        "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/assets/images/icons.svg#i-\(name)\"/></svg>"
    }
}
