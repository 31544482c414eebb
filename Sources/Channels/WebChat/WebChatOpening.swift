import Kernel

/// Whether a business is open, as the widget needs to know it.
package struct WebChatOpening: Sendable {
    package var zone: Zone
    package var isOpen: Bool
    /// When that changes next; nil when it is not known to change.
    package var until: Instant?

    package init(zone: Zone, isOpen: Bool, until: Instant?) {
        self.zone = zone
        self.isOpen = isOpen
        self.until = until
    }

    /// Nil when the business has not said when it is open: nobody can say that it is closed.
    package init?(_ hours: OpeningHours, zone: Zone, now: Instant) {
        if hours.weekly.isEmpty, hours.overrides.isEmpty { return nil }
        self.init(zone: zone, isOpen: false, until: nil)
        // Most are open again within days; some close for a season.
        for days in [4, 120] {
            let windows = hours.windows(from: now, to: now.advanced(byDays: days), zone: zone)
            guard let next = windows.first else { continue }
            isOpen = next.start <= now
            until = isOpen ? next.end : next.start
            return
        }
    }

    /// What a visitor reads while it is closed, in the language of their browser and by the
    /// business's clock, as its door says it.
    func closedSentence(now: Instant) -> Phrase {
        guard let until else { return t("Closed now. We will answer when we are open again.") }
        let (date, minute) = zone.local(at: until)
        let time = Self.clock(minute)
        switch zone.date(at: now) {
        case date:
            return t("Closed now. We open at \(time) and will answer then.")
        case date.adding(days: -1):
            return t("Closed now. We open tomorrow at \(time) and will answer then.")
        default:
            let day = Tongue.current.calendar.long(date)
            return t("Closed now. We open on \(day), at \(time) and will answer then.")
        }
    }

    private static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60, minute % 60)
        return "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes)"
    }
}
