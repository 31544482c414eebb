import Kernel

/// Where a business is, which decides the zones and the currency that are offered first.
struct Country: Equatable {
    var code: String
    var name: Phrase
    var currency: String
    var zones: [Zone]

    struct Zone: Equatable {
        var id: String
        var city: Phrase

        init(_ id: String, _ city: Phrase) {
            self.id = id
            self.city = city
        }
    }

    static let all = [
        Country(
            code: "us", name: t("United States"), currency: "USD",
            zones: [
                .init("America/New_York", t("New York")),
                .init("America/Chicago", t("Chicago")),
                .init("America/Denver", t("Denver")),
                .init("America/Phoenix", t("Phoenix")),
                .init("America/Los_Angeles", t("Los Angeles")),
                .init("America/Anchorage", t("Anchorage")),
                .init("Pacific/Honolulu", t("Honolulu")),
            ]),
        Country(
            code: "gb", name: t("United Kingdom"), currency: "GBP",
            zones: [.init("Europe/London", t("London"))]),
        Country(
            code: "ie", name: t("Ireland"), currency: "EUR",
            zones: [.init("Europe/Dublin", t("Dublin"))]),
        Country(
            code: "ca", name: t("Canada"), currency: "CAD",
            zones: [
                .init("America/Toronto", t("Toronto")),
                .init("America/Halifax", t("Halifax")),
                .init("America/Winnipeg", t("Winnipeg")),
                .init("America/Edmonton", t("Edmonton")),
                .init("America/Vancouver", t("Vancouver")),
                .init("America/St_Johns", t("St Johns")),
            ]),
        Country(
            code: "au", name: t("Australia"), currency: "AUD",
            zones: [
                .init("Australia/Sydney", t("Sydney")),
                .init("Australia/Melbourne", t("Melbourne")),
                .init("Australia/Brisbane", t("Brisbane")),
                .init("Australia/Adelaide", t("Adelaide")),
                .init("Australia/Perth", t("Perth")),
            ]),
        Country(
            code: "nz", name: t("New Zealand"), currency: "NZD",
            zones: [.init("Pacific/Auckland", t("Auckland"))]),
        Country(
            code: "eu", name: t("Europe"), currency: "EUR",
            zones: [
                .init("Europe/Berlin", t("Berlin")),
                .init("Europe/Paris", t("Paris")),
                .init("Europe/Madrid", t("Madrid")),
                .init("Europe/Rome", t("Rome")),
                .init("Europe/Amsterdam", t("Amsterdam")),
                .init("Europe/Vienna", t("Vienna")),
                .init("Europe/Warsaw", t("Warsaw")),
                .init("Europe/Lisbon", t("Lisbon")),
                .init("Europe/Athens", t("Athens")),
                .init("Europe/Helsinki", t("Helsinki")),
            ]),
        Country(
            code: "ru", name: t("Russia"), currency: "RUB",
            zones: [
                .init("Europe/Moscow", t("Moscow")),
                .init("Europe/Kaliningrad", t("Kaliningrad")),
                .init("Europe/Samara", t("Samara")),
                .init("Asia/Yekaterinburg", t("Yekaterinburg")),
                .init("Asia/Novosibirsk", t("Novosibirsk")),
                .init("Asia/Vladivostok", t("Vladivostok")),
            ]),
    ]

    static let currencies = ["USD", "GBP", "EUR", "CAD", "AUD", "NZD", "RUB"]

    init(code: String, name: Phrase, currency: String, zones: [Zone]) {
        self.code = code
        self.name = name
        self.currency = currency
        self.zones = zones
    }

    /// The first of the list for an unknown code.
    init(code: String) { self = Self.all.first { $0.code == code } ?? Self.all[0] }
}
