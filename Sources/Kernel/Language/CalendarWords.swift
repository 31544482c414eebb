import Foundation

/// Names of days and months in a language, from the CLDR that Foundation carries.
package struct CalendarWords: Sendable {
    /// Monday first.
    package let weekdays: [String]
    package let shortWeekdays: [String]
    /// As they stand after a day: `November`, `ноября`.
    package let months: [String]
    package let shortMonths: [String]
    /// As they stand alone: `November`, `ноябрь`.
    package let monthNames: [String]

    private static let english = CalendarWords(Language.english)
    private static let russian = CalendarWords(Language.russian)

    static func of(_ language: Language) -> CalendarWords {
        switch language {
        case .english: english
        case .russian: russian
        }
    }

    private init(_ language: Language) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.locale = Locale(identifier: language == .english ? "en_GB" : language.rawValue)
        // Foundation's weeks begin on Sunday.
        func mondayFirst(_ names: [String]) -> [String] { Array(names[1...] + names[..<1]) }
        weekdays = mondayFirst(calendar.standaloneWeekdaySymbols)
        shortWeekdays = mondayFirst(calendar.shortStandaloneWeekdaySymbols)
        months = calendar.monthSymbols
        // en_GB would write Sept; three letters keep columns even.
        shortMonths =
            language == .english
            ? calendar.monthSymbols.map { String($0.prefix(3)) } : calendar.shortMonthSymbols
        monthNames = calendar.standaloneMonthSymbols
    }

    package func weekday(_ date: LocalDate) -> String { weekdays[date.weekday - 1] }
    package func shortWeekday(_ date: LocalDate) -> String { shortWeekdays[date.weekday - 1] }

    /// `23 November`, `23 ноября`.
    package func dayAndMonth(_ date: LocalDate) -> String {
        "\(date.day) \(months[date.month - 1])"
    }

    /// `23 Nov`, `23 нояб.`.
    package func short(_ date: LocalDate) -> String {
        "\(date.day) \(shortMonths[date.month - 1])"
    }

    /// `Monday, 23 November`, `понедельник, 23 ноября`.
    package func long(_ date: LocalDate) -> String { "\(weekday(date)), \(dayAndMonth(date))" }
}
