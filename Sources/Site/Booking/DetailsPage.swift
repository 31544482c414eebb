import Booking
import Kernel
import WebShell

/// Who comes: the last step before a visit is booked.
struct DetailsPage {
    var front: PublicBooking.Front
    var service: BookableService
    var wish: PublicBooking.Wish
    var start: Instant
    var end = Instant.earliest
    /// Of the kept time; nil: none is kept.
    var token: String?
    var keptUntil: Instant?
    var who = VisitorFields()
    var notes = ""
    var problems = FormProblems()
    /// Other times, when this one has gone.
    var alternatives: [Instant] = []

    init(
        front: PublicBooking.Front, service: BookableService, wish: PublicBooking.Wish,
        start: Instant
    ) {
        self.front = front
        self.service = service
        self.wish = wish
        self.start = start
    }

    static func query(
        _ wish: PublicBooking.Wish, _ start: Instant, _ token: String?
    ) -> String {
        var parts = ["start=\(start)"]
        if let staff = wish.staff { parts.append("staff=\(staff)") }
        if wish.partySize > 1 { parts.append("party=\(wish.partySize)") }
        if let token { parts.append("hold=\(token)") }
        return parts.joined(separator: "&")
    }

    mutating func take(_ form: Form) {
        who = VisitorFields(form)
        notes = String(form.text("notes").prefix(2000))
    }

    mutating func take(_ refusal: Refusal) {
        if refusal.code == "slot_taken" || refusal.fields.contains(where: { $0.field == "start" }) {
            token = nil
            keptUntil = nil
            alternatives = (refusal.extra["alternatives"]?.array ?? []).compactMap {
                $0.object?["start"]?.string.flatMap { Instant(rfc3339: $0) }
            }
            problems[""] =
                alternatives.isEmpty
                ? t("This time has just been taken.").text
                : t("This time has just been taken. Choose another one; what you wrote is kept.")
                    .text
            return
        }
        problems = FormProblems(refusal, known: VisitorFields.names.union(["notes"]))
    }

    private var path: String { BookingFrame.path(front.account, "s/\(service.id)") }

    var frame: BookingFrame {
        BookingFrame(
            account: front.account, title: t("Your details"), step: 3,
            content: """
                \(summary)\(problems.alert)
                <form class="form" method="post" action="\(url: path + "/details")">
                <input type="hidden" name="staff" value="\(wish.staff?.text)"><input type="hidden" name="party" value="\(wish.partySize)"><input type="hidden" name="hold" value="\(token)">
                \(others)\(contact)
                \(BookingWords.policy(front.policy).isEmpty ? HTML() : "<div class=\"book-policy small muted\">\(BookingWords.policy(front.policy))</div>")
                <button class="btn btn-primary btn-large btn-block">\(t("Book the visit"))</button>
                <p class="hint">\(t("Your name and how to reach you are kept for this business only."))</p>
                </form>
                """, back: path + "/details?" + Self.query(wish, start, token))
    }

    private var summary: HTML {
        let staff = wish.staff.flatMap { id in front.staff.first { $0.id == id }?.name }
        let people = Phrase.plural(
            wish.partySize, one: "\(wish.partySize) person", other: "\(wish.partySize) people")
        let facts = [
            BusinessTime.duration(service.durationMinutes), BookingWords.price(service.price),
            wish.partySize > 1 ? people.text : nil, staff.map { t("with \($0)").text },
        ].compactMap { $0 }.joined(separator: " · ")
        let kept: HTML =
            keptUntil.map { until in
                """
                <p class="small" data-kept="\(Int(until.milliseconds))">\(t("Kept for you until {1}."), with: "<b>\(BusinessTime.clock(until, front.zone))</b>")</p>
                """
            } ?? HTML()
        return """
            <section class="book-summary" aria-label="\(t("Your choice"))">
            <h1>\(service.name)</h1><p class="strong">\(BookingWords.span(start, end, front.zone))</p>
            <p class="muted small">\(facts)</p>\(kept)
            <form method="post" action="\(url: path)"><input type="hidden" name="release" value="\(token)"><input type="hidden" name="staff" value="\(wish.staff?.text)"><input type="hidden" name="party" value="\(wish.partySize)">
            <button class="btn btn-small">\(t("Choose another time"))</button></form></section>
            """
    }

    /// The time itself, hidden, or the other ones to choose from.
    private var others: HTML {
        if alternatives.isEmpty { return "<input type=\"hidden\" name=\"start\" value=\"\(start)\">" }
        return """
            <fieldset class="field"><legend>\(t("Another time"))</legend><div class="stack stack-tight">\(alternatives.enumerated().html { place, other in
                let end = other.advanced(byMinutes: service.durationMinutes)
                return """
                    <label class="choice"><input type="radio" name="start" value="\(other)"\(attribute: "checked", if: place == 0)><span class="choice-main">\(BookingWords.span(other, end, front.zone))</span></label>
                    """
            })</div></fieldset>
            """
    }

    private var contact: HTML {
        """
        \(who.html(asking: front.settings.asksFor, problems))
        <div class="field"><label for="notes">\(t("Anything we should know?")) <span class="optional">\(t("optional"))</span></label>
        <textarea class="input" id="notes" name="notes" rows="3" maxlength="2000" dir="auto">
        \(notes)</textarea>\(Field.below("notes", problems["notes"], nil))</div>
        """
    }
}
