import Foundation
import Kernel
import Testing

@Suite("Languages")
struct LanguageTests {
    /// A folder of locales with one Russian file.
    private func tongue(_ json: String) throws -> Tongue {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("locales-\(UUID().uuidString)")
        let home = folder.appendingPathComponent("ru")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try json.write(
            to: home.appendingPathComponent("a.json"), atomically: true, encoding: .utf8)
        return try #require(try Catalogue.tongues(folder: folder.path)[.russian])
    }

    @Test func `a sentence takes its arguments in the translation's order`() throws {
        let russian = try tongue(#"{"%1 wrote to %2": "К %2 обратился %1", "plain": "просто"}"#)
        let phrase: Phrase = "\("Anna") wrote to \("Mane Street")"
        #expect(phrase.english == "Anna wrote to Mane Street")
        #expect(phrase.text(in: russian) == "К Mane Street обратился Anna")
        #expect(t("plain").text(in: russian) == "просто")
        #expect(Phrase(verbatim: "plain").text(in: russian) == "plain", "names are not looked up")
        #expect(t("unknown \(7)%").text(in: russian) == "unknown 7%")
        #expect(russian.missing == ["unknown %1%"])
    }

    @Test func `two halves of a long sentence are one`() {
        let phrase: Phrase = "\("A") and \("B") " + "with \("C") and %1 \(12)"
        #expect(phrase.key == "%1 and %2 with %3 and %1 %4" || phrase.english.contains("with C"))
        let plain: Phrase = "\(1)" + " of \(2)"
        #expect(plain.key == "%1 of %2")
        #expect(plain.english == "1 of 2")
    }

    @Test(arguments: [
        (0, "дней"), (1, "день"), (2, "дня"), (4, "дня"), (5, "дней"), (11, "дней"), (12, "дней"),
        (14, "дней"), (21, "день"), (22, "дня"), (25, "дней"), (100, "дней"), (101, "день"),
        (111, "дней"), (112, "дней"), (1001, "день"), (-1, "день"), (-3, "дня"),
    ])
    func `Russian counts as CLDR says`(number: Int, word: String) throws {
        let russian = try tongue(
            #"{"%1 days": {"one": "%1 день", "few": "%1 дня", "many": "%1 дней"}}"#)
        let phrase = Phrase.plural(number, one: "\(number) day", other: "\(number) days")
        #expect(phrase.text(in: russian).hasSuffix(" " + word))
        #expect(phrase.english.hasSuffix(number == 1 ? " day" : " days"))
    }

    @Test(arguments: [
        ("ru", Language.russian), ("ru-RU,ru;q=0.9,en;q=0.8", .russian), ("en-GB", .english),
        ("de, ru;q=0.5, en;q=0.4", .russian), ("en;q=0.3,RU;q=0.7", .russian),
        ("en, ru", .english),
    ])
    func `the browser's first wish that we speak is taken`(header: String, language: Language) {
        #expect(Language.accepted(header) == language)
    }

    @Test(arguments: ["", "de", "*", "ru;q=0", ";;;,,,", "q=1", "ruthenian"])
    func `other wishes are none`(header: String) {
        #expect(Language.accepted(header) == nil)
    }

    @Test func `dates and sums are written in the language`() throws {
        let russian = try tongue("{}")
        let date = try #require(LocalDate("2026-11-23"))
        #expect(Tongue.english.calendar.long(date) == "Monday, 23 November")
        #expect(Tongue.english.calendar.short(date) == "23 Nov")
        #expect(russian.calendar.long(date) == "понедельник, 23 ноября")
        #expect(russian.calendar.monthNames[10] == "ноябрь")
        #expect(russian.number(1234) == "1234")
        #expect(russian.number(1_234_567) == "1\u{a0}234\u{a0}567")
        let sum = Money(minor: 199_050, currency: "RUB").text(in: russian)
        #expect(sum == "1\u{a0}990,50\u{a0}₽")
    }

    @Test func `the language is the task's`() throws {
        let russian = try tongue(#"{"Save": "Сохранить"}"#)
        #expect(t("Save").text == "Save")
        Tongue.$current.withValue(russian) { #expect(t("Save").text == "Сохранить") }
    }
}
