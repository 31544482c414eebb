import Inquiries

/// How a conversation of the demo goes: who says what, and what it came to.
///
/// `{contact}`, `{agent}`, `{business}`, `{when}` and `{staff}` are filled in when it is played;
/// the last two are of the time that the script books or offers.
struct DemoScript: Sendable {
    enum Line: Sendable, Equatable {
        case them(String), us(String), note(String)
        /// The offered time is booked here.
        case book
    }

    /// For conversations that are still going on.
    struct Live: Sendable, Equatable {
        enum Standing: Sendable, Equatable { case open, pending, snoozed }
        /// How long ago the last line was said.
        var ageSeconds: Int
        /// Place among the office's agents; nil: nobody has it.
        var agent: Int?
        var standing = Standing.open
    }

    var kind: Inquiry.Kind
    var topic: String
    var disposition: String?
    /// What is booked or offered.
    var service: String?
    /// Through the inbox for programs instead of the widget.
    var isForwarded = false
    /// What is written down about it.
    var remark: String?
    var lines: [Line]
    var live: Live?

    init(
        _ kind: Inquiry.Kind, _ topic: String, _ disposition: String?,
        service: String? = nil, isForwarded: Bool = false, remark: String? = nil,
        live: Live? = nil, _ lines: [Line]
    ) {
        self.kind = kind
        self.topic = topic
        self.disposition = disposition
        self.service = service
        self.isForwarded = isForwarded
        self.remark = remark
        self.live = live
        self.lines = lines
    }
}
