import Kernel

/// Opening hours as a form: seven days with their windows, and dates that differ.
///
/// An end of 00:00 is midnight, since browsers' time fields know no 24:00.
enum HoursForm {
    static let open = "open"
    static let fields = [open]
    static let dates = FormValues.Rows(
        name: "dates", fields: ["date", "date_start", "date_end"], most: 200)
    static let rows = (1...7).map(day) + [dates]

    static func day(_ weekday: Int) -> FormValues.Rows {
        FormValues.Rows(
            name: "day\(weekday)", fields: ["start-\(weekday)", "end-\(weekday)"], most: 12)
    }

    /// What is in the fields of a day that was closed until now.
    private static let usual = ["09:00", "17:00"]

    // MARK: Showing

    /// Puts stored hours into a form; dates that have passed are not shown.
    static func fill(_ values: inout FormValues, with hours: OpeningHours, today: LocalDate) {
        var openDays: [String] = []
        for weekday in 1...7 {
            let windows = hours.weekly.filter { $0.weekday == weekday }.map(\.hours)
                .sorted { $0.start < $1.start }
            if !windows.isEmpty { openDays.append(String(weekday)) }
            values.replace(day(weekday), windows.isEmpty ? [usual] : windows.map(texts))
        }
        values.set(open, openDays)
        let coming = hours.overrides.filter { $0.key >= today }.sorted { $0.key < $1.key }
        values.replace(
            dates,
            coming.flatMap { date, windows in
                windows.isEmpty
                    ? [[date.description, "", ""]]
                    : windows.map { [date.description] + texts($0) }
            })
    }

    private static func texts(_ window: OpeningHours.DayWindow) -> [String] {
        [window.start.description, window.end == .endOfDay ? "00:00" : window.end.description]
    }

    // MARK: Reading

    /// What was typed, in the API's words.
    ///
    /// Dates before `today` stay as they are in `present`.
    static func read(
        _ values: inout FormValues, keeping present: OpeningHours?, today: LocalDate
    ) -> JSONValue {
        var weekly: [OpeningHours.Window] = []
        for weekday in 1...7 where values.has(open, String(weekday)) {
            let rows = day(weekday)
            let filled = values.filled(rows)
            if filled.isEmpty { values.reject(problem(rows, 0), t("Say from when until when.")) }
            for (place, texts) in filled {
                guard let window = window(texts, problem(rows, place), &values),
                    let whole = OpeningHours.Window(
                        weekday: weekday, start: window.start, end: window.end)
                else { continue }
                weekly.append(whole)
            }
        }
        var overrides = present?.overrides.filter { $0.key < today } ?? [:]
        for (date, windows) in self.overrides(&values) { overrides[date] = windows }
        return OpeningHours(weekly: weekly, overrides: overrides).json
    }

    private static func overrides(
        _ values: inout FormValues
    ) -> [LocalDate: [OpeningHours.DayWindow]] {
        var found: [LocalDate: [OpeningHours.DayWindow]] = [:]
        for (place, texts) in values.filled(dates) {
            let field = problem(dates, place)
            guard let date = LocalDate(texts[0]) else {
                values.reject(field, t("Choose the date."))
                continue
            }
            let times = Array(texts.dropFirst())
            if times.allSatisfy(\.isEmpty) {
                if found[date]?.isEmpty == false {
                    values.reject(field, t("This date cannot be both open and closed."))
                }
                found[date] = found[date] ?? []
            } else if let window = window(times, field, &values) {
                if found[date]?.isEmpty == true {
                    values.reject(field, t("This date cannot be both open and closed."))
                }
                found[date, default: []].append(window)
            }
        }
        return found
    }

    private static func window(
        _ texts: [String], _ field: String, _ values: inout FormValues
    ) -> OpeningHours.DayWindow? {
        // Some browsers send seconds.
        let times = texts.map { LocalTime(String($0.prefix(5))) }
        guard let start = times[0], start < .endOfDay, let end = times[1] else {
            values.reject(field, t("Give both times, such as 09:00 and 17:30."))
            return nil
        }
        return OpeningHours.DayWindow(start: start, end: end == .midnight ? .endOfDay : end)
    }

    /// The name under which a row's problem is kept.
    static func problem(_ rows: FormValues.Rows, _ place: Int) -> String {
        "\(rows.name)#\(place)"
    }
}
