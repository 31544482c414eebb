import CLibical
import Kernel
import Synchronization

/// libical, used by one thread at a time: it keeps its zones and its last error in global memory.
enum Library {
    private static let door = Mutex(())

    static func use<T>(_ body: () throws -> T) rethrows -> T {
        try door.withLock { _ in try body() }
    }

    /// The rules of a zone; nil for UTC, and where this system does not know it.
    static func zone(_ zone: Zone) -> OpaquePointer? {
        zone.identifier == "UTC" ? nil : icaltimezone_get_builtin_timezone(zone.identifier)
    }

    static func utc(_ instant: Instant) -> icaltimetype {
        icaltime_from_timet_with_zone(
            time_t(instant.milliseconds / 1000), 0, icaltimezone_get_utc_timezone())
    }

    /// The wall clock at this instant, by our own zone, to the second.
    static func local(_ instant: Instant, in zone: Zone) -> icaltimetype {
        let (date, minute) = zone.local(at: instant)
        var time = icaltime_null_time()
        time.year = Int32(date.year)
        time.month = Int32(date.month)
        time.day = Int32(date.day)
        time.hour = Int32(minute / 60)
        time.minute = Int32(minute % 60)
        time.second = Int32(instant.milliseconds / 1000 % 60)
        return time
    }
}
