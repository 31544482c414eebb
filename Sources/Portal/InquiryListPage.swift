import Inquiries
import Kernel
import Reports
import WebShell

/// The numbers of a period, as the API counts them, and the newest inquiries of it.
struct InquiryListPage: Sendable {
    /// In days until today.
    static let periods = [1, 7, 30]

    private static func name(ofPeriod days: Int) -> Phrase {
        days == 1 ? t("Today") : Phrase.plural(days, one: "\(days) day", other: "\(days) days")
    }

    var visit: Visit
    var days: Int
    var numbers: AccountStatistics
    var entries: [InquiryEntry]

    private var inquiries: AccountStatistics.Inquiries { numbers.inquiries }

    var page: Page {
        let content: HTML = """
            \(Parts.head(t("Inquiries"), period, chooser))
            \(stats)\(questions)
            \(inquiries.total == 0 ? nothing : charts + list)
            """
        return PortalFrame(
            visit: visit, section: .inquiries, title: t("Inquiries"), content: content, isLive: true
        ).page
    }

    private var period: Phrase {
        let first = visit.today.adding(days: 1 - days)
        let last = BusinessTime.short(visit.today)
        return Phrase(
            verbatim: days == 1
                ? BusinessTime.heading(visit.today)
                : "\(BusinessTime.short(first)) – \(last) \(visit.today.year)")
    }

    private var chooser: HTML {
        """
        <nav class="btn-group" aria-label="\(t("Period"))">\(Self.periods.html { period in
            "<a class=\"btn\" href=\"\(url: visit.path("inquiries"))?days=\(period)\"\(period == days ? " aria-current=\"true\"" : HTML())>\(Self.name(ofPeriod: period))</a>"
        })</nav>
        """
    }

    private var stats: HTML {
        let response = numbers.firstResponse.median
        let canceled = numbers.appointments.canceled
        let replied = numbers.conversations.replied
        let figures: [(Phrase, Phrase, Phrase?)] = [
            (t("Inquiries"), Parts.number(inquiries.total), nil),
            (
                t("Appointments made"), Parts.number(numbers.appointments.booked),
                canceled > 0
                    ? Phrase.plural(
                        canceled, one: "\(canceled) cancelled", other: "\(canceled) cancelled")
                    : nil
            ),
            (
                t("Conversations"), Parts.number(numbers.conversations.opened),
                Phrase.plural(replied, one: "\(replied) answered", other: "\(replied) answered")
            ),
            (
                t("First answer after"),
                Phrase(verbatim: response.map(BusinessTime.seconds) ?? "—"),
                response == nil ? nil : t("median")
            ),
        ]
        return """
            <dl class="stats">\(figures.html { figure in
                "<div class=\"stat\"><dt>\(figure.0)</dt><dd>\(figure.1)\(figure.2.map { " <span class=\"delta\">\($0)</span>" } ?? HTML())</dd></div>"
            })</dl>
            """
    }

    private var questions: HTML {
        if visit.openQuestions.isEmpty { return HTML() }
        return """
            <section class="card" id="questions"><header class="card-head"><h2>\(t("Questions for you")) <span class="count">\(visit.openQuestions.count)</span></h2></header>
            <ul class="list">\(visit.openQuestions.prefix(20).html { "<li>\(InquiryParts.question($0, visit))</li>" })</ul></section>
            """
    }

    private var charts: HTML {
        let byKind = BarChart(
            t("Inquiries by kind"),
            Statistics.kinds.map {
                .init(Words.kind($0), inquiries.byKind[$0] ?? 0, mark: InquiryParts.mark($0))
            })
        let byHour = BarChart(
            t("Inquiries by hour"),
            inquiries.byHour.enumerated().map { hour, count in .init(Self.hour(hour), count) })
        return """
            <div class="panels">\(rows(t("By kind"), byKind))\(rows(t("By channel"), Self.sorted(t("Inquiries by channel"), inquiries.byChannel, Words.channel)))\(rows(t("How it ended"), Self.sorted(t("Inquiries by outcome"), inquiries.byOutcome, Words.outcome)))</div>
            \(panel(t("By hour of the day"), """
                \(byHour.columns)<details class="chart-table"><summary class="small">\(t("As a table"))</summary>\(byHour.table)</details>
                """))
            \(days > 1 ? panel(t("By day"), byDay) : HTML())
            """
    }

    private var byDay: HTML {
        let chart = BarChart(
            t("Inquiries by day"),
            inquiries.byDate.map { .init(Phrase(verbatim: BusinessTime.short($0.date)), $0.count) })
        return
            "\(chart.columns)<details class=\"chart-table\"><summary class=\"small\">\(t("As a table"))</summary>\(chart.table)</details>"
    }

    private func panel(_ title: Phrase, _ content: HTML) -> HTML {
        "<section class=\"card\"><header class=\"card-head\"><h2>\(title)</h2></header><div class=\"card-body\">\(content)</div></section>"
    }

    private func rows(_ title: Phrase, _ chart: BarChart) -> HTML {
        "<section class=\"card\"><header class=\"card-head\"><h2>\(title)</h2></header>\(chart.rows)</section>"
    }

    private static func hour(_ hour: Int) -> Phrase {
        Phrase(verbatim: hour < 10 ? "0\(hour)" : "\(hour)")
    }

    private static func sorted(
        _ title: Phrase, _ counts: [String: Int], _ word: (String) -> Phrase
    ) -> BarChart {
        let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return BarChart(
            title, rows.map { .init(word($0.key), $0.value, mark: $0.key == "none" ? .quiet : nil) }
        )
    }

    private var list: HTML {
        let isCut = entries.count > 50
        return """
            <section class="card"><header class="card-head"><h2>\(t("Latest"))</h2>\(isCut ? "<span class=\"muted small\">\(t("\(50) of \(inquiries.total)"))</span>" : HTML())</header>
            <ol class="list">\(entries.prefix(50).html { "<li>\(InquiryParts.row($0, visit))</li>" })</ol></section>
            """
    }

    private var nothing: HTML {
        let title =
            days == 1
            ? t("No inquiries today")
            : Phrase.plural(
                days, one: "No inquiries in this day", other: "No inquiries in these \(days) days")
        let text = t(
            "Whatever your clients ask of us is written down here: "
                + "bookings, questions, complaints, orders.")
        return "<div class=\"card\">\(Parts.empty("inbox", title, text))</div>"
    }
}
