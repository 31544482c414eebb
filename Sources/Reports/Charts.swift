import Kernel
import WebShell

/// Numbers as bars, drawn on the server as inline SVG.
///
/// Positions are percentages, so the picture fills its place and no letter is scaled; the words are
/// HTML beside it.
package struct BarChart: Sendable {
    package struct Bar: Sendable, Equatable {
        package var label: Phrase
        package var value: Int
        package var mark: Mark?

        package init(_ label: Phrase, _ value: Int, mark: Mark? = nil) {
            self.label = label
            self.value = value
            self.mark = mark
        }
    }

    /// Colour only for meaning; the style sheet's `bar-…` classes.
    package enum Mark: String, Sendable { case quiet, late, waiting, booked }

    /// What the numbers are, for those who hear the page.
    package var title: Phrase
    package var bars: [Bar]

    package init(_ title: Phrase, _ bars: [Bar]) {
        self.title = title
        self.bars = bars
    }

    /// The longest bar fills the picture.
    private var greatest: Int { max(1, bars.map(\.value).max() ?? 1) }

    // MARK: Rows

    /// Few bars with names: a table of name, bar and number, so it needs no other table.
    package var rows: HTML {
        if bars.isEmpty { return HTML() }
        return """
            <table class="table bar-chart"><caption class="sr-only">\(title)</caption><tbody>
            \(bars.html(row))
            </tbody></table>
            """
    }

    private func row(_ bar: Bar) -> HTML {
        """
        <tr><th scope="row">\(bar.label)</th>
        <td class="bar-cell" aria-hidden="true"><svg class="bar">\
        <rect\(Self.kind(bar)) width="\(percent(of: bar))" height="100%" rx="2"/></svg></td>
        <td class="num">\(bar.value)</td></tr>
        """
    }

    // MARK: Columns

    /// Bars in an order, such as hours or dates, as one picture with a text alternative; the page
    /// puts `table` beside it.
    package var columns: HTML {
        if bars.isEmpty { return HTML() }
        // As many labels as a telephone's width has room for.
        let step = bars.count <= 12 ? 1 : (bars.count + 7) / 8
        return """
            <svg class="column-chart" role="img" aria-label="\(alternative)">
            \(bars.enumerated().html { column($0.element, at: $0.offset) })
            <line x1="0" x2="100%" y1="100%" y2="100%"/></svg>
            <div class="column-labels" aria-hidden="true">\
            \(bars.enumerated().html { "<span>\($0.offset % step == 0 ? $0.element.label.text : "")</span>" })\
            </div>
            """
    }

    /// A column takes seven tenths of its share of the width, in the middle.
    private func column(_ bar: Bar, at index: Int) -> HTML {
        let left = Self.percent(index * 20 + 3, of: bars.count * 20)
        let width = Self.percent(14, of: bars.count * 20)
        let top = Self.percent(greatest - max(0, bar.value), of: greatest)
        return """
            <rect\(Self.kind(bar)) x="\(left)" y="\(top)" width="\(width)" \
            height="\(percent(of: bar))"><title>\(bar.label): \(bar.value)</title></rect>
            """
    }

    /// `Title: 09 3, 10 1`: the bars that have something, in order.
    private var alternative: String {
        let spoken = bars.filter { $0.value != 0 }.map { "\($0.label.text) \($0.value)" }
        return title.text + ": " + (spoken.isEmpty ? "0" : spoken.joined(separator: ", "))
    }

    /// The same numbers to read and copy.
    package var table: HTML {
        """
        <table class="table"><caption>\(title)</caption><tbody>
        \(bars.html {
            "<tr><th scope=\"row\">\($0.label)</th><td class=\"num\">\($0.value)</td></tr>"
        })
        </tbody></table>
        """
    }

    // MARK: Parts

    private static func kind(_ bar: Bar) -> HTML {
        bar.mark.map { " class=\"bar-\($0.rawValue)\"" } ?? ""
    }

    private func percent(of bar: Bar) -> String {
        Self.percent(max(0, bar.value), of: greatest)
    }

    /// With two digits after the point: whole percents would show where there are many columns.
    private static func percent(_ part: Int, of whole: Int) -> String {
        let hundredths = part * 10_000 / whole
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
