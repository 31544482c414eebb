import Kernel
import Planner

/// Dates and times as the portal says them: as the calendar does.
enum PortalTime {
    static func clock(_ minute: Int) -> String { BusinessTime.clock(minute) }

    static func clock(_ instant: Instant, _ zone: Zone) -> String {
        BusinessTime.clock(instant, zone)
    }

    static func end(_ minute: Int) -> String { BusinessTime.end(minute) }
    static func weekday(_ number: Int) -> String { BusinessTime.weekday(number) }
    static func shortWeekday(_ date: LocalDate) -> String { BusinessTime.shortWeekday(date) }
    static func long(_ date: LocalDate) -> String { BusinessTime.long(date) }
    static func heading(_ date: LocalDate) -> String { BusinessTime.heading(date) }
    static func short(_ date: LocalDate) -> String { BusinessTime.short(date) }

    static func short(_ date: LocalDate, today: LocalDate) -> String {
        BusinessTime.short(date, today: today)
    }

    static func day(_ date: LocalDate, today: LocalDate) -> String {
        BusinessTime.day(date, today: today)
    }

    static func duration(_ minutes: Int) -> String { BusinessTime.duration(minutes) }
    static func seconds(_ seconds: Int) -> String { BusinessTime.seconds(seconds) }

    static func range(_ first: LocalDate, days: Int, _ zone: Zone) -> Range<Instant> {
        BusinessTime.range(first, days: days, zone)
    }
}
