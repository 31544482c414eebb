import CLibical
import Kernel

/// When somebody is taken, without why (RFC 5545 §3.6.4).
package struct FreeBusyDocument: Sendable {
    package var uid: String
    package var range: TimeRange
    package var taken: [TimeRange]
    package var madeAt: Instant

    package init(uid: String, range: TimeRange, taken: [TimeRange], madeAt: Instant) {
        self.uid = uid
        self.range = range
        self.taken = taken
        self.madeAt = madeAt
    }

    /// What overlaps or touches is one.
    var merged: [TimeRange] {
        var result: [TimeRange] = []
        for next in taken.sorted(by: { $0.start < $1.start }) {
            if let last = result.last, next.start <= last.end {
                let end = max(last.end, next.end)
                if let whole = TimeRange(start: last.start, end: end) {
                    result[result.count - 1] = whole
                }
            } else {
                result.append(next)
            }
        }
        return result
    }

    package var text: String {
        Library.use {
            guard let calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT),
                let times = icalcomponent_new(ICAL_VFREEBUSY_COMPONENT)
            else { return "" }
            defer { icalcomponent_free(calendar) }
            icalcomponent_add_property(calendar, icalproperty_new_version("2.0"))
            icalcomponent_add_property(calendar, icalproperty_new_prodid(CalendarDocument.producer))
            icalcomponent_add_property(times, icalproperty_new_uid(uid))
            icalcomponent_add_property(times, icalproperty_new_dtstamp(Library.utc(madeAt)))
            icalcomponent_add_property(times, icalproperty_new_dtstart(Library.utc(range.start)))
            icalcomponent_add_property(times, icalproperty_new_dtend(Library.utc(range.end)))
            for one in merged {
                var period = icalperiodtype_null_period()
                period.start = Library.utc(one.start)
                period.end = Library.utc(one.end)
                icalcomponent_add_property(times, icalproperty_new_freebusy(period))
            }
            icalcomponent_add_component(calendar, times)
            return String(cString: icalcomponent_as_ical_string(calendar))
        }
    }
}
