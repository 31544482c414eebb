import Kernel

extension PhoneNumber.Problem {
    /// As it stands after the name of a field.
    package var sentence: Phrase {
        switch self {
        case .notANumber: t("must be a telephone number such as +12025550123.")
        case .tooShort: t("must have more digits: the area code, or + and the country’s code.")
        case .tooLong: t("must have fewer digits than these to be a telephone number.")
        case .invalidCountry: t("must begin with the area code, or with + and a country’s code.")
        case .notPossible: t("must be a number that its country can have.")
        case .hasExtension: t("must be without an extension: write that into the notes.")
        }
    }
}

extension Input {
    /// The number of a field, read as somebody in `region` writes it; nil when it is absent, null
    /// or empty, and when it is refused (code `phone`).
    package mutating func optionalPhone(_ field: String, in region: PhoneRegion?) -> PhoneNumber? {
        guard let text = optionalText(field, max: 40), !text.isEmpty else { return nil }
        return phone(field, text, in: region)
    }

    /// The same for a text that has been read already.
    package mutating func phone(
        _ field: String, _ text: String, in region: PhoneRegion?
    ) -> PhoneNumber? {
        do { return try PhoneNumber.parse(text, in: region) } catch {
            reject(field, "phone", error.sentence)
            return nil
        }
    }
}
