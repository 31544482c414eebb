import HTTPTypes
import Hummingbird
import Kernel
import WebShell
import Work

extension ControlRoutes {
    private static let shown = 50

    func addJobs(to group: RouterGroup<WebContext>) {
        let board = JobBoard(store: store, ambient: ambient)
        group.get("jobs") { [self] request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let state = call.query("state").flatMap(JobBoard.State.init(rawValue:)) ?? .dead
            let (entries, summary) = try await board.entries(
                state, limit: Self.shown, after: call.query("after"), for: call.actor)
            return JobsPage(
                call: call, state: state, entries: entries, shown: Self.shown, summary: summary,
                now: ambient.now()
            ).page.response()
        }
        group.post("jobs") { request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            _ = try await call.form()
            let count = try await board.retryAll(by: call.actor)
            return Response.redirect("/control/jobs?again=\(count)")
        }
        group.post("jobs/:id") { request, context in
            let call = try ControlCall(request, context, requiring: .manageOffice)
            let form = try await call.form()
            let id = context.parameters.get("id") ?? ""
            do {
                if form["act"] == "delete" {
                    try await board.delete(id, by: call.actor)
                    return Response.redirect("/control/jobs?deleted=1")
                }
                _ = try await board.retry(id, by: call.actor)
                return Response.redirect("/control/jobs?again=1")
            } catch let refusal as Refusal where [.conflict, .notFound].contains(refusal.kind) {
                // Somebody else was quicker, or the same work waits already.
                return Response.redirect(
                    "/control/jobs?gone=\(refusal.kind == .conflict ? "waits" : "away")")
            }
        }
    }
}

/// What the office's own work stands at: what waits, what runs, what was given up.
struct JobsPage {
    let call: ControlCall
    let state: JobBoard.State
    let entries: [JobBoard.Entry]
    let shown: Int
    let summary: JobBoard.Summary
    let now: Instant

    var page: Page {
        let content: HTML = """
            \(ControlParts.head("Work in the background", "Messages on their way out, reminders, clean-up. Work that fails is tried again by itself; what was given up waits here for you.", runAll))
            \(notice)
            \(numbers)
            \(tabs)
            \(entries.isEmpty ? empty : table)
            \(more)
            """
        return ControlFrame(call, .jobs, "Work in the background", content).page
    }

    // MARK: Head

    private var runAll: HTML {
        guard summary.dead > 1, state == .dead else { return HTML() }
        return """
            <form method="post" action="/control/jobs">\(ControlParts.csrf(call))<button class="btn">Run all again</button></form>
            """
    }

    private var notice: HTML {
        let text: String
        if let count = call.query("again").flatMap({ Int($0) }) {
            text = count == 1 ? "1 job runs again." : "\(count) jobs run again."
        } else if call.query("deleted") != nil {
            text = "The job was deleted."
        } else if let gone = call.query("gone") {
            text =
                gone == "waits"
                ? "The same work is waiting already, or somebody was quicker."
                : "This job is no longer here."
        } else {
            return HTML()
        }
        return """
            <div class="alert" role="status">\(ControlParts.icon("check"))<div>\(text)</div></div>
            """
    }

    private var numbers: HTML {
        let oldest = summary.oldestDueAt.map { Self.age(since: $0, now) }
        return """
            <dl class="stats">
            <div class="stat"><dt>Waiting</dt><dd>\(summary.ready)</dd></div>
            <div class="stat"><dt>At work now</dt><dd>\(summary.running)</dd></div>
            <div class="stat"><dt>Oldest overdue</dt><dd>\(oldest ?? "None")</dd></div>
            <div class="stat"><dt>Given up</dt><dd>\(summary.dead)</dd></div>
            </dl>
            """
    }

    private var tabs: HTML {
        func tab(_ to: JobBoard.State, _ label: String, _ count: Int) -> HTML {
            """
            <a class="tab" href="/control/jobs?state=\(to.rawValue)"\(to == state ? " aria-current=\"page\"" : HTML())>\(label) <span class="count count-quiet">\(count)</span></a>
            """
        }
        return """
            <nav class="tabs" aria-label="Which jobs">\(tab(.dead, "Given up", summary.dead))\(tab(.ready, "Waiting", summary.ready))\(tab(.running, "At work", summary.running))</nav>
            """
    }

    // MARK: List

    private var empty: HTML {
        let (icon, title, text): (String, String, String) =
            switch state {
            case .dead:
                (
                    "check", "Nothing was given up",
                    "A job that failed on all its attempts appears here with the reason, to run again or to delete."
                )
            case .ready:
                (
                    "clock", "Nothing waits",
                    "Work for later, such as the end of a snooze, appears here until its time."
                )
            case .running:
                ("clock", "Nothing is at work", "Most jobs take less than a second.")
            }
        return """
            <div class="card"><div class="empty">\(ControlParts.icon(icon))<h2>\(title)</h2><p>\(text)</p></div></div>
            """
    }

    private var table: HTML {
        let time =
            switch state {
            case .dead: "Given up"
            case .ready: "Due"
            case .running: "Since"
            }
        let acts: HTML =
            state == .dead
            ? "<th scope=\"col\"><span class=\"sr-only\">What to do</span></th>" : HTML()
        return """
            <div class="card"><div class="table-wrap"><table class="table table-cards jobs">
            <thead><tr><th scope="col">Job</th><th scope="col">Business</th><th scope="col" class="num">Attempts</th><th scope="col">Last error</th><th scope="col">\(time)</th>\(acts)</tr></thead>
            <tbody>\(entries.prefix(shown).html(row))</tbody>
            </table></div></div>
            \(state == .dead ? entries.prefix(shown).html(question) : HTML())
            """
    }

    private func row(_ entry: JobBoard.Entry) -> HTML {
        let business: HTML =
            entry.account.map { id in
                "<a href=\"/control/businesses/\(id)\">\(entry.accountName ?? id.text)</a>"
            } ?? "<span class=\"muted\">The office</span>"
        let error: HTML =
            entry.lastError.map { "<span class=\"job-error\" dir=\"auto\">\($0)</span>" }
            ?? "<span class=\"muted\">–</span>"
        return """
            <tr>
            <th scope="row"><code>\(entry.kind)</code></th>
            <td data-label="Business">\(business)</td>
            <td class="num" data-label="Attempts">\(entry.attempts)</td>
            <td data-label="Last error">\(error)</td>
            <td data-label="When"><time datetime="\(when(entry).description)" title="\(when(entry).description)">\(age(entry))</time></td>
            \(state == .dead ? acts(entry) : HTML())
            </tr>
            """
    }

    private func acts(_ entry: JobBoard.Entry) -> HTML {
        """
        <td class="job-acts"><div class="row">
        <form method="post" action="/control/jobs/\(entry.id)">\(ControlParts.csrf(call))<button class="btn btn-small" aria-label="Run \(entry.kind) again">Run again</button></form>
        <button class="btn btn-small btn-quiet" type="button" popovertarget="delete-\(entry.id)" aria-label="Delete \(entry.kind)">Delete</button>
        </div></td>
        """
    }

    /// Deleting asks once.
    private func question(_ entry: JobBoard.Entry) -> HTML {
        """
        <dialog class="dialog" id="delete-\(entry.id)" popover aria-labelledby="title-\(entry.id)">
        <div class="dialog-head"><h2 id="title-\(entry.id)">Delete this job?</h2></div>
        <div class="dialog-body"><p><code>\(entry.kind)</code> will not be done. This cannot be undone.</p></div>
        <form class="dialog-foot" method="post" action="/control/jobs/\(entry.id)">\(ControlParts.csrf(call))<button class="btn btn-quiet" type="button" popovertarget="delete-\(entry.id)" popovertargetaction="hide">Keep it</button><button class="btn btn-danger" name="act" value="delete">Delete</button></form>
        </dialog>
        """
    }

    private var more: HTML {
        guard entries.count > shown, let last = entries.prefix(shown).last else { return HTML() }
        return """
            <p><a class="btn" href="/control/jobs?state=\(state.rawValue)&amp;after=\(last.id)">Older jobs</a></p>
            """
    }

    // MARK: Times

    private func when(_ entry: JobBoard.Entry) -> Instant {
        state == .dead ? entry.diedAt ?? entry.runAt : entry.runAt
    }

    private func age(_ entry: JobBoard.Entry) -> String {
        let time = when(entry)
        if time > now { return "in \(Self.age(since: now, time))" }
        return "\(Self.age(since: time, now)) ago"
    }

    /// "40 s", "12 min", "3 h", "5 d".
    static func age(since start: Instant, _ end: Instant) -> String {
        let seconds = max(0, (end.milliseconds - start.milliseconds) / 1000)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }
}
