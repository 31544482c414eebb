import Accounts
import Booking
import HTTPTypes
import Hummingbird
import Kernel
import Planner
import Store
import WebShell

/// Bookings that can no longer be kept, after hours have changed or somebody is away: all of them
/// on one page, and one button for what is to become of them.
extension PortalRoutes {
    func addDisplaced(to group: PortalGroup) {
        group.get("displaced") { call in try await showDisplaced(call) }
        group.post("displaced") { call in try await resolveDisplaced(call) }
    }

    /// Where to go on after a change: to what it has displaced, if anything.
    func next(_ usual: String, of account: Account, by actor: Actor) async throws -> String {
        let found = try await appointments.displaced(
            of: account.id, proposing: false, for: actor)
        return found.isEmpty ? usual : "displaced"
    }

    private func showDisplaced(
        _ call: PortalCall, outcomes: [DisplacedOutcome] = [], problem: Phrase? = nil
    ) async throws -> Page {
        try await read(call) { visit, tx in
            DisplacedPage(
                visit: visit,
                displaced: try AppointmentBook.displaced(
                    of: visit.account, at: visit.now, in: tx),
                outcomes: outcomes, problem: problem
            ).page
        }
    }

    private func resolveDisplaced(_ call: PortalCall) async throws -> Response {
        let form = try await call.form()
        let account = try await account(call, requiring: .book)
        guard let action = DisplacedAction(rawValue: form.text("act")) else {
            return try await showDisplaced(call).response()
        }
        let chosen = form.all("visit").map { AppointmentID($0) }
        guard !chosen.isEmpty else {
            return try await showDisplaced(call, problem: t("Choose at least one visit."))
                .response(status: .unprocessableContent)
        }
        let reason = String(form.text("reason").prefix(500))
        let outcomes = try await appointments.resolveDisplaced(
            action, Array(chosen.prefix(AppointmentBook.mostDisplaced)),
            reason: reason.isEmpty ? nil : reason, of: account.id, by: call.actor)
        return try await showDisplaced(call, outcomes: outcomes).response()
    }
}

struct DisplacedPage: Sendable {
    var visit: Visit
    var displaced: [DisplacedAppointment]
    var outcomes: [DisplacedOutcome]
    var problem: Phrase?

    var page: Page {
        let count = displaced.count
        let note: Phrase =
            count == 0
            ? t("Every booking can be kept.")
            : Phrase.plural(
                count, one: "\(count) booking cannot be kept as it was made.",
                other: "\(count) bookings cannot be kept as they were made.")
        return PortalFrame(
            visit: visit, section: .calendar, title: t("Bookings outside your hours"),
            content: """
                \(Parts.head(t("Bookings outside your hours"), note))
                \(told)\(problem.map { Parts.alert($0) } ?? HTML())
                \(displaced.isEmpty ? nothing : form)
                """
        ).page
    }

    private var nothing: HTML {
        "<div class=\"card\">\(Parts.empty("checks", t("Nothing is left to arrange"), t("When your hours change, or somebody is away, the bookings that fall outside stand here."), Parts.primary(t("See the week"), visit.path("week"), icon: "calendar")))</div>"
    }

    /// What has just been done.
    private var told: HTML {
        let done = outcomes.filter { $0.refusal == nil }
        let refused = outcomes.compactMap { $0.refusal?.detail.text }
        var parts = HTML()
        if let action = done.first?.action {
            let count = done.count
            let words: Phrase =
                switch action {
                case .ask:
                    .plural(
                        count, one: "\(count) client is asked to choose another time.",
                        other: "\(count) clients are asked to choose another time.")
                case .move:
                    .plural(
                        count, one: "\(count) booking is moved, and the client is told.",
                        other: "\(count) bookings are moved, and the clients are told.")
                case .cancel:
                    .plural(
                        count, one: "\(count) booking is cancelled, and the client is told.",
                        other: "\(count) bookings are cancelled, and the clients are told.")
                }
            parts += "<div class=\"alert alert-booked\" role=\"status\">\(Parts.icon("check"))<div>\(words)</div></div>"
        }
        if let first = refused.first {
            let count = refused.count
            parts += Parts.alert(
                .plural(
                    count, one: "\(count) booking is as it was: \(first)",
                    other: "\(count) bookings are as they were: \(first)"))
        }
        return parts
    }

    private var form: HTML {
        let actions: HTML =
            visit.canBook
            ? """
            <div class="card"><div class="card-body stack">
            <p class="small muted">\(t("What is to become of the chosen ones?"))</p>
            <div class="form-actions">
            <button class="btn btn-primary" name="act" value="ask">\(Parts.icon("chat"))\(t("Ask for another time"))</button>
            <button class="btn" name="act" value="move">\(Parts.icon("clock"))\(t("Move to the proposed time"))</button></div>
            <details class="confirm"><summary class="btn btn-danger">\(Parts.icon("x"))\(t("Cancel them"))</summary><div class="stack stack-tight">
            <div class="field"><label for="reason">\(t("Reason")) <span class="optional">\(t("optional"))</span></label><input class="input" id="reason" name="reason" maxlength="500" autocomplete="off"></div>
            <div><button class="btn btn-danger" name="act" value="cancel">\(t("Cancel the chosen ones"))</button></div></div></details>
            </div></div>
            """ : HTML()
        return """
            <form class="stack" method="post" action="\(url: visit.path("displaced"))">\(visit.token)
            <ul class="card list displaced">\(displaced.html(item))</ul>\(actions)</form>
            """
    }

    private func item(_ one: DisplacedAppointment) -> HTML {
        let appointment = one.appointment
        let when = when(appointment.start)
        let staff = one.summary.staffNames.joined(separator: ", ")
        let what = [one.summary.serviceName, staff].filter { !$0.isEmpty }.joined(separator: " · ")
        let proposal: HTML =
            one.proposal.map { slot in
                "<span class=\"small\">\(t("Nearest free: {1}"), with: "<strong>\(self.when(slot.start))</strong>")</span>"
            } ?? "<span class=\"small muted\">\(t("No free time within three weeks of it"))</span>"
        let asked: HTML =
            appointment.askedToMoveAt == nil
            ? HTML() : " <span class=\"badge badge-waiting\">\(t("Asked for another time"))</span>"
        return """
            <li class="list-item"><label class="check displaced-pick"><input type="checkbox" name="visit" value="\(appointment.id)"\(attribute: "checked", if: appointment.askedToMoveAt == nil)><span class="list-main">
            <span><strong>\(when)</strong> <span class="badge badge-late">\(Self.words(one.reason))</span>\(asked)</span>
            <span dir="auto">\(StatusWords.client(one.summary))</span><span class="small muted" dir="auto">\(what)</span>\(proposal)</span></label>
            <a class="btn btn-small" href="\(url: visit.path("appointments/\(appointment.id)"))">\(t("Open"))</a></li>
            """
    }

    private func when(_ instant: Instant) -> String {
        let date = visit.zone.date(at: instant)
        return "\(BusinessTime.day(date, today: visit.today)), \(BusinessTime.clock(instant, visit.zone))"
    }

    private static func words(_ reason: DisplacedAppointment.Reason) -> Phrase {
        switch reason {
        case .closed: t("Closed then")
        case .busy: t("Away then")
        case .gone: t("No longer takes part")
        }
    }
}
