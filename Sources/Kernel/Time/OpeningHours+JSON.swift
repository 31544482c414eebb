extension OpeningHours {
    /// What we accept from outside.
    package enum Bounds {
        package static let weeklyWindows = 100
        package static let overrides = 1000
        package static let windowsOfOneDate = 24
    }

    /// Reads `{"weekly": [{"weekday": 1, "start": "09:00", "end": "17:00"}], "overrides":
    /// [{"date": "2026-12-25", "windows": []}]}`, as the API and the database write it.
    ///
    /// Every fault is added to `problems` under its path, such as `weekly[2].end`, behind `path`
    /// (`"schedule."`, for example). What comes back is of use only when none was added.
    package static func read(
        _ value: JSONValue, path: String = "", problems: inout [Refusal.Field]
    ) -> OpeningHours {
        guard case .object = value else {
            let field = path.hasSuffix(".") ? String(path.dropLast()) : path
            problems.append(.init(field, "type", "must be an object."))
            return OpeningHours(weekly: [])
        }
        var reader = ScheduleReader()
        let hours = OpeningHours(
            weekly: reader.weekly(value["weekly"], path + "weekly"),
            overrides: reader.overrides(value["overrides"], path + "overrides"))
        problems.append(contentsOf: reader.problems)
        return hours
    }

    /// The form that `read` accepts; overrides by date.
    package var json: JSONValue {
        func members(_ hours: DayWindow) -> [String: JSONValue] {
            [
                "start": .string(hours.start.description),
                "end": .string(hours.end.description),
            ]
        }
        let weekly: [JSONValue] = weekly.map { window in
            var object = members(window.hours)
            object["weekday"] = .int(Int64(window.weekday))
            return .object(object)
        }
        let overrides: [JSONValue] = overrides.sorted { $0.key < $1.key }.map { date, windows in
            .object([
                "date": .string(date.description),
                "windows": .array(windows.map { .object(members($0)) }),
            ])
        }
        return .object(["weekly": .array(weekly), "overrides": .array(overrides)])
    }
}

private struct ScheduleReader {
    var problems: [Refusal.Field] = []

    mutating func weekly(_ value: JSONValue?, _ path: String) -> [OpeningHours.Window] {
        guard let value else {
            reject(path, "required", "is required.")
            return []
        }
        let entries = list(value, path, max: OpeningHours.Bounds.weeklyWindows)
        var windows: [OpeningHours.Window] = []
        for (index, entry) in entries.enumerated() {
            let place = "\(path)[\(index)]"
            guard let object = members(entry, place) else { continue }
            let weekday = weekday(object["weekday"], place + ".weekday")
            guard let hours = dayWindow(object, place), let weekday else { continue }
            guard
                let window = OpeningHours.Window(
                    weekday: weekday, start: hours.start, end: hours.end)
            else { continue }
            windows.append(window)
        }
        return windows
    }

    mutating func overrides(
        _ value: JSONValue?, _ path: String
    ) -> [LocalDate: [OpeningHours.DayWindow]] {
        guard let value, !value.isNull else { return [:] }
        var overrides: [LocalDate: [OpeningHours.DayWindow]] = [:]
        let entries = list(value, path, max: OpeningHours.Bounds.overrides)
        for (index, entry) in entries.enumerated() {
            let place = "\(path)[\(index)]"
            guard let object = members(entry, place) else { continue }
            let date = date(object["date"], place + ".date")
            let windows = dayWindows(object["windows"], place + ".windows")
            guard let date else { continue }
            if overrides.updateValue(windows, forKey: date) != nil {
                reject(place + ".date", "duplicate", "must not repeat an earlier date.")
            }
        }
        return overrides
    }

    private mutating func dayWindows(
        _ value: JSONValue?, _ path: String
    ) -> [OpeningHours.DayWindow] {
        guard let value else {
            reject(path, "required", "is required; an empty list means closed.")
            return []
        }
        let entries = list(value, path, max: OpeningHours.Bounds.windowsOfOneDate)
        var windows: [OpeningHours.DayWindow] = []
        for (index, entry) in entries.enumerated() {
            let place = "\(path)[\(index)]"
            guard let object = members(entry, place), let window = dayWindow(object, place)
            else { continue }
            windows.append(window)
        }
        return windows
    }

    private mutating func dayWindow(
        _ object: [String: JSONValue], _ path: String
    ) -> OpeningHours.DayWindow? {
        let start = time(object["start"], path + ".start")
        let end = time(object["end"], path + ".end")
        guard let start else { return nil }
        guard start < .endOfDay else {
            reject(path + ".start", "time", "must be 00:00 to 23:59; 24:00 is only an end.")
            return nil
        }
        guard let end else { return nil }
        return OpeningHours.DayWindow(start: start, end: end)
    }

    private mutating func weekday(_ value: JSONValue?, _ path: String) -> Int? {
        guard let value, !value.isNull else {
            reject(path, "required", "is required.")
            return nil
        }
        guard case .int(let number) = value else {
            reject(path, "type", "must be a whole number.")
            return nil
        }
        guard (1...7).contains(number) else {
            reject(path, "range", "must be between 1 (Monday) and 7 (Sunday).")
            return nil
        }
        return Int(number)
    }

    private mutating func time(_ value: JSONValue?, _ path: String) -> LocalTime? {
        guard let text = text(value, path) else { return nil }
        guard let time = LocalTime(text) else {
            reject(path, "time", "must be a time HH:MM between 00:00 and 24:00.")
            return nil
        }
        return time
    }

    private mutating func date(_ value: JSONValue?, _ path: String) -> LocalDate? {
        guard let text = text(value, path) else { return nil }
        guard let date = LocalDate(text) else {
            reject(path, "date", "must be a date YYYY-MM-DD between 1970 and 2100.")
            return nil
        }
        return date
    }

    private mutating func text(_ value: JSONValue?, _ path: String) -> String? {
        guard let value, !value.isNull else {
            reject(path, "required", "is required.")
            return nil
        }
        guard case .string(let text) = value else {
            reject(path, "type", "must be text.")
            return nil
        }
        return text
    }

    private mutating func list(_ value: JSONValue, _ path: String, max: Int) -> [JSONValue] {
        guard case .array(let values) = value else {
            reject(path, "type", "must be a list.")
            return []
        }
        guard values.count <= max else {
            reject(path, "too_long", "must have at most \(max) entries.")
            return []
        }
        return values
    }

    private mutating func members(_ value: JSONValue, _ path: String) -> [String: JSONValue]? {
        guard case .object(let object) = value else {
            reject(path, "type", "must be an object.")
            return nil
        }
        return object
    }

    private mutating func reject(_ field: String, _ code: String, _ message: Phrase) {
        problems.append(.init(field, code, message))
    }
}
