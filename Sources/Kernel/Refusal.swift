/// An expected "no": the person or program on the other side can do something about it.
///
/// Becomes a 4xx problem (RFC 9457) in the API and a message beside the field on a page.
package struct Refusal: Error, Sendable, Equatable {
    package enum Kind: Int, Sendable {
        case malformed = 400
        case unauthenticated = 401
        case forbidden = 403
        case notFound = 404
        case method = 405
        case conflict = 409
        case stale = 412
        case tooLarge = 413
        case unsupported = 415
        case invalid = 422
        case limited = 429
        /// Not now: the database is away. Nothing was done, or nobody can say whether it was.
        case unavailable = 503
    }

    /// What is wrong with one field; `field` is a path such as `weekly[2].end`.
    package struct Field: Sendable, Equatable {
        package var field: String
        package var code: String
        package var message: Phrase

        package init(_ field: String, _ code: String, _ message: Phrase) {
            self.field = field
            self.code = code
            self.message = message
        }
    }

    package var kind: Kind
    /// Stable and machine-readable: `slot_taken`, `invalid`, `not_found`.
    package var code: String
    /// For people, in plain words, without internals.
    package var detail: Phrase
    package var fields: [Field]
    /// Extra top-level members of the problem document, such as `alternatives`.
    package var extra: [String: JSONValue]
    package var retryAfterSeconds: Int?
    /// The methods that the address does take.
    package var allow: String?

    package init(
        _ kind: Kind, code: String, _ detail: Phrase, fields: [Field] = [],
        extra: [String: JSONValue] = [:], retryAfterSeconds: Int? = nil, allow: String? = nil
    ) {
        self.kind = kind
        self.code = code
        self.detail = detail
        self.fields = fields
        self.extra = extra
        self.retryAfterSeconds = retryAfterSeconds
        self.allow = allow
    }

    package static func notFound(_ detail: Phrase = "There is nothing here.") -> Refusal {
        Refusal(.notFound, code: "not_found", detail)
    }

    package static func forbidden(
        _ detail: Phrase = "Your role does not allow this."
    ) -> Refusal {
        Refusal(.forbidden, code: "forbidden", detail)
    }

    package static func invalid(_ fields: [Field]) -> Refusal {
        let detail = Phrase(
            joining: fields.map {
                Phrase(joining: [Phrase(verbatim: $0.field + ":"), $0.message])
            })
        return Refusal(.invalid, code: "invalid", detail, fields: fields)
    }

    package static func invalid(_ field: String, _ code: String, _ message: Phrase) -> Refusal {
        invalid([Field(field, code, message)])
    }

    package static func conflict(_ detail: Phrase, code: String = "conflict") -> Refusal {
        Refusal(.conflict, code: code, detail)
    }

    package static func stale() -> Refusal {
        Refusal(.stale, code: "stale", "Somebody has changed this meanwhile. Load it again.")
    }

    package static func unauthenticated(
        _ detail: Phrase = "Sign in, or send a valid token."
    ) -> Refusal {
        Refusal(.unauthenticated, code: "unauthenticated", detail)
    }
}
