import Accounts
import Booking
import Kernel
import Store
import WebShell

/// When the business is open.
extension PortalRoutes {
    func addHours(to group: PortalGroup) {
        group.get("hours") { call in
            try await read(call, requiring: .manageAccount) { visit, tx in
                let schedule = try Catalog.hours(of: visit.account, in: tx)
                var values = FormValues(["version": String(schedule.version)])
                HoursForm.fill(&values, with: schedule.hours, today: visit.today)
                return HoursPage(visit: visit, values: values).page
            }
        }
        group.post("hours") { call in try await submit(call, hoursForm) }
    }

    private var hoursForm: Submission {
        Submission(
            fields: HoursForm.fields, rows: HoursForm.rows,
            show: { call, values in
                try await read(call, requiring: .manageAccount) { visit, _ in
                    HoursPage(visit: visit, values: values).page
                }
            },
            save: { call, account, values in
                let present = try await catalog.hours(of: account.id, for: call.actor)
                let body = HoursForm.read(
                    &values, keeping: present.hours, today: present.zone.date(at: ambient.now()))
                try values.finish()
                _ = try await catalog.setSchedule(
                    body, of: account.id, expecting: values.version, by: call.actor)
                return try await next("hours", of: account, by: call.actor)
            })
    }
}

struct HoursPage: Sendable {
    var visit: Visit
    var values: FormValues

    var page: Page {
        let form = SettingsForm(
            visit: visit, action: "hours", values: values,
            names: HoursForm.shownNames(values), body: HoursEditor(values: values).html)
        return PortalFrame(
            visit: visit, section: .hours, title: Section.hours.name,
            content: Parts.head(
                Section.hours.name,
                t(
                    "On your own clock, \(visit.account.timeZone). "
                        + "Clients are booked within these hours."),
                "<a class=\"btn btn-small\" href=\"\(url: visit.path("displaced"))\">\(Parts.icon("checks"))\(t("Bookings outside your hours"))</a>"
            )
                + form.html, isNarrow: true
        ).page
    }
}

extension HoursForm {
    /// Every name under which a problem of the hours is shown.
    static func shownNames(_ values: FormValues) -> [String] {
        rows.flatMap { rows in
            (0...max(0, values.count(rows))).map { problem(rows, $0) }
        }
    }
}

/// Seven days and the dates that differ, as fields.
struct HoursEditor: Sendable {
    var values: FormValues

    var html: HTML {
        """
        <section class="card" aria-labelledby="weekly"><header class="card-head"><h2 id="weekly">\(t("Every week"))</h2><button class="btn btn-small" type="button" data-copy-monday hidden>\(Parts.icon("copy"))\(t("Copy Monday to weekdays"))</button></header>
        <ol class="hours">\((1...7).html(day))</ol>
        <footer class="card-foot"><p class="hint">\(t("An end of 00:00 is midnight. An end before the start runs into the next day."))</p></footer></section>
        <section class="card" aria-labelledby="dates"><header class="card-head"><h2 id="dates">\(t("Special days"))</h2>\(RowButtons.add(HoursForm.dates, t("Add a date")))</header>
        <div class="card-body stack" data-rows="dates" data-most="\(HoursForm.dates.most)"><p class="hint">\(t("Holidays and long evenings. Leave both times empty when you are closed that day."))</p>\(dates)</div></section>
        """
    }

    private func day(_ weekday: Int) -> HTML {
        let rows = HoursForm.day(weekday)
        let name = BusinessTime.weekday(weekday)
        let count = max(1, values.count(rows))
        return """
            <li class="hours-day"><label class="switch-label"><input class="switch" type="checkbox" role="switch" name="open" value="\(weekday)"\(attribute: "checked", if: values.has("open", String(weekday)))> \(name)</label>
            <div class="windows" data-rows="\(rows.name)" data-most="\(rows.most)">\((0..<count).html { window(rows, $0, name) })</div>
            <span class="hours-closed">\(t("Closed"))</span>
            <button class="btn btn-quiet btn-icon hours-more" name="act" value="add:\(rows.name)" data-add="\(rows.name)" aria-label="\(t("Add hours, \(name)"))" title="\(t("Add hours"))">\(Parts.icon("plus"))</button></li>
            """
    }

    private func window(_ rows: FormValues.Rows, _ place: Int, _ day: String) -> HTML {
        let texts = values.row(rows, place)
        let problem = HoursForm.problem(rows, place)
        return """
            <div data-row><div class="window">
            \(time(rows.fields[0], texts[0], t("\(day), from"), problem))<span aria-hidden="true">–</span>\(time(rows.fields[1], texts[1], t("\(day), until"), problem))
            \(RowButtons.remove(rows, place, t("Remove these hours")))</div>\(Fields(values).problem(problem))</div>
            """
    }

    private var dates: HTML {
        let rows = HoursForm.dates
        // One empty row shows what a date looks like, and is enough where no script runs.
        return (0..<max(1, values.count(rows))).html { place in
            let texts = values.row(rows, place)
            let problem = HoursForm.problem(rows, place)
            return """
                <div data-row><div class="window window-date">
                <input class="input" type="date" name="date" value="\(texts[0])" aria-label="\(t("Date"))"\(Fields(values).isWrong(problem))>
                \(time("date_start", texts[1], t("From"), problem))<span aria-hidden="true">–</span>\(time("date_end", texts[2], t("Until"), problem))
                \(RowButtons.remove(rows, place, t("Remove this date")))</div>\(Fields(values).problem(problem))</div>
                """
        }
    }

    private func time(_ name: String, _ value: String, _ label: Phrase, _ problem: String) -> HTML {
        "<input class=\"input\" type=\"time\" name=\"\(name)\" value=\"\(value)\" aria-label=\"\(label)\"\(Fields(values).isWrong(problem))>"
    }
}
