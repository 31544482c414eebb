import Kernel

/// What the desk says of time more shortly than other pages.
enum DeskTime {
    static func duration(_ minutes: Int) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60)
        if hours == 0 { return t("\(rest) min").text }
        return rest == 0 ? t("\(hours) h").text : t("\(hours) h \(rest)").text
    }
}
