import Inquiries
import Kernel
import Reports
import WebShell

/// The numbers of a period, as the API counts them, and the newest inquiries of it.
struct InquiryListPage: Sendable {
    static let periods = [
        (days: 1, name: "Today"), (days: 7, name: "7 days"), (days: 30, name: "30 days"),
    ]

    var visit: Visit
    var days: Int
    var numbers: AccountStatistics
    var entries: [InquiryEntry]

    private var inquiries: AccountStatistics.Inquiries { numbers.inquiries }

    var page: Page {
        let content: HTML = """
            \(Parts.head("Inquiries", period, chooser))
            \(stats)\(questions)
            \(inquiries.total == 0 ? nothing : charts + list)
            """
        return PortalFrame(
            visit: visit, section: .inquiries, title: "Inquiries", content: content, isLive: true
        ).page
    }

    private var period: String {
        let first = visit.today.adding(days: 1 - days)
        return days == 1
            ? PortalTime.long(visit.today)
            : "\(PortalTime.short(first)) – \(PortalTime.short(visit.today)) \(visit.today.year)"
    }

    private var chooser: HTML {
        """
        <nav class="btn-group" aria-label="Period">\(Self.periods.html { period in
            "<a class=\"btn\" href=\"\(url: visit.path("inquiries"))?days=\(period.days)\"\(period.days == days ? " aria-current=\"true\"" : HTML())>\(period.name)</a>"
        })</nav>
        """
    }

    private var stats: HTML {
        let response = numbers.firstResponse.median.map(PortalTime.seconds) ?? "—"
        let figures: [(String, String, String?)] = [
            ("Inquiries", "\(inquiries.total)", nil),
            (
                "Appointments made", "\(numbers.appointments.booked)",
                numbers.appointments.canceled > 0
                    ? "\(numbers.appointments.canceled) cancelled" : nil
            ),
            (
                "Conversations", "\(numbers.conversations.opened)",
                "\(numbers.conversations.replied) answered"
            ),
            ("First answer after", response, numbers.firstResponse.median == nil ? nil : "median"),
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
            <section class="card" id="questions"><header class="card-head"><h2>Questions for you <span class="count">\(visit.openQuestions.count)</span></h2></header>
            <ul class="list">\(visit.openQuestions.prefix(20).html { "<li>\(InquiryParts.question($0, visit))</li>" })</ul></section>
            """
    }

    private var charts: HTML {
        let byKind = BarChart(
            "Inquiries by kind",
            Statistics.kinds.map {
                .init(Words.kind($0), inquiries.byKind[$0] ?? 0, mark: InquiryParts.mark($0))
            })
        let byHour = BarChart(
            "Inquiries by hour",
            inquiries.byHour.enumerated().map { hour, count in .init(Self.hour(hour), count) })
        return """
            <div class="panels">\(rows("By kind", byKind))\(rows("By channel", Self.sorted("Inquiries by channel", inquiries.byChannel, Words.channel)))\(rows("How it ended", Self.sorted("Inquiries by outcome", inquiries.byOutcome, Words.outcome)))</div>
            \(panel("By hour of the day", """
                \(byHour.columns)<details class="chart-table"><summary class="small">As a table</summary>\(byHour.table)</details>
                """))
            \(days > 1 ? panel("By day", byDay) : HTML())
            """
    }

    private var byDay: HTML {
        let chart = BarChart(
            "Inquiries by day",
            inquiries.byDate.map { .init(PortalTime.short($0.date), $0.count) })
        return
            "\(chart.columns)<details class=\"chart-table\"><summary class=\"small\">As a table</summary>\(chart.table)</details>"
    }

    private func panel(_ title: String, _ content: HTML) -> HTML {
        "<section class=\"card\"><header class=\"card-head\"><h2>\(title)</h2></header><div class=\"card-body\">\(content)</div></section>"
    }

    private func rows(_ title: String, _ chart: BarChart) -> HTML {
        "<section class=\"card\"><header class=\"card-head\"><h2>\(title)</h2></header>\(chart.rows)</section>"
    }

    private static func hour(_ hour: Int) -> String { hour < 10 ? "0\(hour)" : "\(hour)" }

    private static func sorted(
        _ title: String, _ counts: [String: Int], _ word: (String) -> String
    ) -> BarChart {
        let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return BarChart(
            title, rows.map { .init(word($0.key), $0.value, mark: $0.key == "none" ? .quiet : nil) }
        )
    }

    private var list: HTML {
        let isCut = entries.count > 50
        return """
            <section class="card"><header class="card-head"><h2>Latest</h2>\(isCut ? "<span class=\"muted small\">50 of \(inquiries.total)</span>" : HTML())</header>
            <ol class="list">\(entries.prefix(50).html { "<li>\(InquiryParts.row($0, visit))</li>" })</ol></section>
            """
    }

    private var nothing: HTML {
        let text =
            "Whatever your clients ask of us is written down here: bookings, questions, complaints, orders."
        return
            "<div class=\"card\">\(Parts.empty("inbox", days == 1 ? "No inquiries today" : "No inquiries in these \(days) days", text))</div>"
    }
}
