import Booking
import Kernel
import WebShell

/// What a business offers, to choose from.
struct ServicesPage {
    var front: PublicBooking.Front

    var frame: BookingFrame {
        let account = front.account
        let greeting: HTML = front.settings.greeting.map { "<p class=\"book-words muted\">\($0)</p>" }
            ?? HTML()
        let list: HTML =
            front.services.isEmpty
            ? """
            <div class="empty">\(SiteParts.icon("calendar"))<h2>\(t("Nothing can be booked here yet"))</h2><p>\(t("Please contact the business."))</p></div>
            """
            : "<ul class=\"book-list\">\(front.services.html(item))</ul>"
        return BookingFrame(
            account: account, title: t("Book a visit"), step: 1,
            content: """
                <div class="stack stack-tight"><h1>\(t("Book a visit"))</h1>\(greeting)</div>
                \(list)
                \(hours)
                """, back: BookingFrame.path(account))
    }

    private func item(_ service: BookableService) -> HTML {
        """
        <li><a class="book-item" href="\(url: BookingFrame.path(front.account, "s/\(service.id)"))">
        <span class="book-item-main"><span class="strong">\(service.name)</span>
        <span class="muted small">\(BusinessTime.duration(service.durationMinutes))</span>
        \(service.description.map { "<span class=\"muted small book-words\">\($0)</span>" } ?? HTML())</span>
        <span class="book-price">\(BookingWords.price(service.price))</span>\(SiteParts.icon("right"))</a></li>
        """
    }

    /// Today and the six days after it.
    private var hours: HTML {
        let rows = (0..<7).map { days -> HTML in
            let date = front.today.adding(days: days)
            let text = BusinessTime.windows(front.schedule.windows(on: date), front.zone)
            return "<div><dt>\(BusinessTime.capitalised(BusinessTime.shortWeekday(date))) \(date.day)</dt><dd>\(text)</dd></div>"
        }
        return """
            <section class="book-hours" aria-labelledby="open"><h2 id="open">\(t("Opening hours"))</h2><dl>\(rows)</dl></section>
            """
    }
}
