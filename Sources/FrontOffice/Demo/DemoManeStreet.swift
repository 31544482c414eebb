import Inquiries

/// The hairdresser of the demo.
extension DemoCast {
    static let maneStreet = Business(
        name: "Mane Street", slug: "mane-street", vertical: "hairdresser",
        timeZone: "America/New_York", locale: "en", currency: "USD", phone: "+12125550114",
        address: "214 Court Street, Brooklyn, NY 11201", owner: "Maria Alvarez",
        staff: ["Sofia Marin", "Nina Park", "Jade Brooks", "Tessa Quinn"], color: "#9d2f5f",
        greeting: "Hi! Need a cut or colour, or have a question? A person answers here.",
        contacts: [
            Person("Dana Whitfield", "+12125550121"), Person("Erin Castellano", "+12125550122"),
            Person("Rachel Kim", "+12125550123"), Person("Olivia Grant", "+12125550124"),
            Person("Tanya Morris", "+12125550125"), Person("Hannah Weiss", "+12125550126"),
            Person("Grace Lindqvist", "+12125550127"), Person("Julia Santos", "+12125550128"),
            Person("Megan Doyle", "+12125550129"), Person("Alicia Brandt", "+12125550130"),
            Person("Noor Rahimi", "+12125550131"), Person("Claire Dubois", "+12125550132"),
            Person("Simone Baker", "+12125550133"), Person("Paul Greenberg", "+12125550134"),
            Person("Kevin O’Hara", "+12125550135"), Person("Yuki Tanaka", "+12125550136"),
            Person("Bianca Rossi", "+12125550137"), Person("Zoe Armstrong", "+12125550138"),
        ],
        remarks: [
            "Likes to be in and out, no small talk", "Sensitive scalp", "Brings her daughter",
            "Same as last time", "First visit", "Needs to leave by five",
        ],
        scripts: maneStreetScripts, calls: maneStreetCalls)

    private static let maneStreetScripts: [DemoScript] = [
        DemoScript(
            .booking, "Cut before a holiday", "booked", service: "Cut and blow-dry",
            [
                .them("Hi! I’m flying out at the weekend, any chance of a cut before that?"),
                .us(
                    "Hello {contact}, {agent} here. {when} with {staff} is free. Shall I keep it for you?"
                ),
                .them("That would be perfect"), .book, .them("Thank you so much!"),
                .us("You are welcome. Have a lovely trip!"),
            ]),
        DemoScript(
            .booking, "Roots with the colourist", "booked", service: "Root colour",
            remark: "Last colour here five weeks ago, no patch test needed.",
            [
                .them("Hello, my roots need doing. When does the colourist have time?"),
                .us("Hello {contact}! Was your last colour with us within the past six months?"),
                .them("Yes, about five weeks ago"),
                .us("Then you need no patch test. I have {when} with {staff}."),
                .them("I’ll take it"), .book, .note("Asked for the same tone as last time: 6N."),
            ]),
        DemoScript(
            .question, "Price of highlights", "answered",
            [
                .them("How much is a full head of highlights, and how long does it take?"),
                .us(
                    "It is $185 with toner, cut and finish, and takes about three hours. Long or very thick hair can be a little more; the stylist tells you before starting."
                ),
                .them("Good to know. I’ll think about it"),
                .us("Of course. Write any time and we will find a day for you."),
            ]),
        DemoScript(
            .hardQuestion, "Colour while pregnant", "passed_on",
            remark: "Second trimester. Wants to know whether the ammonia-free range covers a 5N.",
            [
                .them(
                    "I’m 20 weeks pregnant. Is your ammonia-free colour OK for me, and can it cover a 5N?"
                ),
                .us(
                    "Congratulations! That is one for our colourist, Tessa. I have passed your question on; she answers today. May she call you on this number?"
                ),
                .them("Yes, after 4 please"), .note("Passed to Tessa, call after 4 pm."),
            ]),
        DemoScript(
            .complaint, "Fringe cut too short", "passed_on",
            remark: "Cut on Saturday with Jade. Would rather not wait until next week.",
            [
                .them("I have to say I’m not happy, my fringe came out far too short on Saturday"),
                .us(
                    "I am sorry to hear that, {contact}. Adjustments within seven days cost nothing. Would you like to come to the same stylist or to somebody else?"
                ),
                .them("Somebody else please, and soon"),
                .us(
                    "I have told Maria, who owns the salon. She calls you this afternoon with a time."
                ),
                .note("Calm but disappointed. Owner should call personally."),
            ]),
        DemoScript(
            .booking, "Child’s first cut", "booked", service: "Child's cut",
            [
                .them("Do you do children? My son is 4 and it’s his first haircut"),
                .us(
                    "We do, and we take our time with first ones. {when} with {staff} is usually quiet. Would that suit?"
                ),
                .them("Yes great"), .book,
            ]),
        DemoScript(
            .question, "Walk-ins today", "answered",
            [
                .them("Do you take walk-ins?"),
                .us(
                    "When somebody is free, yes. A booked time is safer: shall I look for one today?"
                ),
                .them("No worries, I’ll just pass by. Thanks!"),
            ]),
        DemoScript(
            .question, "Running late", "answered",
            [
                .them("Stuck on the F train, I’ll be 10 min late for my blow-dry"),
                .us("Thank you for telling us. Ten minutes is no trouble, your stylist knows."),
                .them("You’re a lifesaver"),
            ]),
        DemoScript(
            .suggestion, "Open earlier on weekdays", "passed_on",
            remark: "Would come at 8 before work; says three colleagues would too.",
            [
                .them(
                    "Just an idea: if you opened at 8 on weekdays, half my office would come before work"
                ),
                .us(
                    "That is good to know, {contact}. I have written it down for Maria. Thank you!"),
            ]),
        DemoScript(
            .booking, "Moving from another salon", "booked",
            service: "Colour consultation and patch test", isForwarded: true,
            [
                .them(
                    "Hi, a friend recommended you. I’d like to go lighter but I’ve only had box dye so far"
                ),
                .us(
                    "Welcome! With box dye the colourist first looks at your hair and does a small skin test: a quarter of an hour, free. {when} with {staff}?"
                ),
                .them("OK, book me in"), .book,
            ]),
        DemoScript(
            .order, "Gift voucher", "answered", isForwarded: true,
            remark: "$100 for her sister, by e-mail.",
            [
                .them("Can I buy a gift voucher online? $100 for my sister"),
                .us(
                    "We send them by e-mail. I have noted $100 in your name; the salon sends it today with a payment link."
                ),
                .them("Super easy, thanks"),
            ]),
        // Still going on
        DemoScript(
            .booking, "Colour to Thursday", nil, service: "Root colour",
            live: .init(ageSeconds: 45),
            [
                .them("Hi, I have a colour booked with Tessa"),
                .them("Could I move it to Thursday, any time after 4?"),
            ]),
        DemoScript(
            .question, "Wedding hair", nil, live: .init(ageSeconds: 540, agent: 0),
            [
                .them("Hello! Do you do bridal hair? The wedding is on June 14 in Prospect Park"),
                .us(
                    "Congratulations, {contact}! We do, with a trial about four weeks before. How many people would it be?"
                ),
                .them("Me, two bridesmaids and my mother. Could somebody come to us?"),
            ]),
        DemoScript(
            .booking, "Blow-dry for Friday", nil, service: "Blow-dry",
            live: .init(ageSeconds: 2700, agent: 0),
            [
                .them("Any blow-dry slots on Friday afternoon?"),
                .us(
                    "Hello {contact}! Let me see… Would three o’clock with Nina or half past four with Jade be better?"
                ),
            ]),
    ]

    private static let maneStreetCalls: [DemoScript] = [
        DemoScript(.booking, "Cut with Nina", "booked", []),
        DemoScript(.booking, "Beard trim", "booked", []),
        DemoScript(.question, "Opening hours on the holiday", "answered", []),
        DemoScript(.question, "Card or cash", "answered", []),
        DemoScript(.booking, "Wanted today, nothing free", "lost", []),
        DemoScript(.other, "Salesperson for hair products", "spam", []),
    ]
}
