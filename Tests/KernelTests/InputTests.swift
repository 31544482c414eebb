import Kernel
import Testing

private enum Colour: String, CaseIterable { case red, green }

@Suite("Reading a request body")
struct InputTests {
    /// `field code` of everything that is wrong.
    private static func problems(
        _ body: JSONValue, _ read: (inout Input) -> Void
    ) throws -> [String] {
        var input = try Input(body)
        read(&input)
        return input.problems.map { "\($0.field) \($0.code)" }
    }

    @Test(arguments: ["[]", "null", "1", "\"text\"", "true"])
    func `a body that is no object is refused`(text: String) throws {
        let body = try #require(JSONValue(parsing: text))
        #expect(throws: Refusal.self) { try Input(body) }
    }

    @Test func `finish names every bad field at once`() throws {
        var input = try Input(["a": 1, "c": ["d": nil]])
        _ = input.text("a")
        _ = input.integer("b", in: 1...5)
        _ = input.nested("c") { inner in inner.text("d") }
        do {
            try input.finish()
            Issue.record("It finished.")
        } catch let refusal as Refusal {
            #expect(refusal.kind == .invalid)
            #expect(refusal.fields.map(\.field) == ["a", "b", "c.d"])
            #expect(refusal.fields.map(\.code) == ["type", "required", "required"])
        }
    }

    @Test func `a good body finishes`() throws {
        var input = try Input(["name": "x", "n": 5])
        #expect(input.text("name") == "x")
        #expect(input.integer("n", in: 1...5) == 5)
        #expect(input.optionalText("other") == nil)
        try input.finish()
    }

    @Test(arguments: [
        ("{}", "f required"), (#"{"f":null}"#, "f required"), (#"{"f":""}"#, "f required"),
        (#"{"f":" \n\t"}"#, "f required"), (#"{"f":1}"#, "f type"), (#"{"f":true}"#, "f type"),
        (#"{"f":[]}"#, "f type"), (#"{"f":{}}"#, "f type"), (#"{"f":"a\u0000b"}"#, "f nul"),
        (#"{"f":"123456"}"#, "f too_long"), (#"{"f":"12345"}"#, ""), (#"{"f":"שלום!"}"#, ""),
        // Five characters, however many bytes they have.
        (#"{"f":"👩‍👩‍👧‍👦🇬🇧é́ab"}"#, ""),
    ])
    func `text is present, of one kind, without NUL and not too long`(
        body: String, problem: String
    ) throws {
        let value = try #require(JSONValue(parsing: body))
        let found = try Self.problems(value) { _ = $0.text("f", max: 5) }
        #expect(found == (problem.isEmpty ? [] : [problem]))
    }

    @Test func `a character made of thousands of marks is too long`() throws {
        let text = "a" + String(repeating: "\u{301}", count: 5000)
        #expect(
            try Self.problems(["f": .string(text)]) { _ = $0.text("f", max: 5) } == ["f too_long"])
    }

    @Test(arguments: [
        ("{}", "n required"), (#"{"n":null}"#, "n required"), (#"{"n":"3"}"#, "n type"),
        (#"{"n":2.5}"#, "n type"), (#"{"n":true}"#, "n type"), (#"{"n":0}"#, "n range"),
        (#"{"n":-1}"#, "n range"), (#"{"n":6}"#, "n range"),
        (#"{"n":9223372036854775807}"#, "n range"), (#"{"n":9223372036854775808}"#, "n type"),
        (#"{"n":1e300}"#, "n type"), (#"{"n":1}"#, ""), (#"{"n":5}"#, ""),
    ])
    func `numbers are whole and in range`(body: String, problem: String) throws {
        let value = try #require(JSONValue(parsing: body))
        let found = try Self.problems(value) { _ = $0.integer("n", in: 1...5) }
        #expect(found == (problem.isEmpty ? [] : [problem]))
    }

    @Test(arguments: [
        (#"{"c":"red"}"#, ""), (#"{"c":"Red"}"#, "c unknown"), (#"{"c":"blue"}"#, "c unknown"),
        (#"{"c":""}"#, "c unknown"), (#"{"c":1}"#, "c type"), ("{}", "c required"),
    ])
    func `words come from their list`(body: String, problem: String) throws {
        let value = try #require(JSONValue(parsing: body))
        let found = try Self.problems(value) { _ = $0.choice("c", Colour.self) }
        #expect(found == (problem.isEmpty ? [] : [problem]))
    }

    @Test func `booleans and moments are not guessed`() throws {
        let body: JSONValue = [
            "b": "true", "c": 1, "i": 1_795_442_400, "j": "2026-02-30T00:00:00Z",
        ]
        let found = try Self.problems(body) { input in
            _ = input.optionalBool("b")
            _ = input.optionalBool("c")
            _ = input.optionalInstant("i")
            _ = input.instant("j")
            _ = input.instant("k")
        }
        #expect(found == ["b type", "c type", "i type", "j instant", "k required"])
    }

    @Test func `problems deep inside carry their whole path`() throws {
        let body: JSONValue = [
            "list": [["x": 1], 7, ["inner": ["deep": [["y": ""]]]]], "texts": ["a", 2, "b\u{0}"],
        ]
        let found = try Self.problems(body) { input in
            _ = input.nestedList("list") { element -> Int? in
                if element.has("x") { _ = element.text("x") }
                _ = element.nested("inner") { inner in
                    inner.nestedList("deep") { deep in deep.text("y") }
                }
                return 1
            }
            _ = input.optionalTexts("texts")
        }
        #expect(
            found == [
                "list[0].x type", "list[1] type", "list[2].inner.deep[0].y required",
                "texts[1] type", "texts[2] type",
            ])
    }

    @Test func `lists have an end`() throws {
        let many = JSONValue.array(Array(repeating: 1, count: 6))
        let found = try Self.problems(["l": many, "m": "no", "o": []]) { input in
            _ = input.optionalArray("l", max: 5)
            _ = input.optionalArray("m")
            _ = input.optionalObject("o")
        }
        #expect(found == ["l too_long", "m type", "o type"])
    }
}
