import Inquiries

/// The food delivery of the demo.
extension DemoCast {
    static let lotus = Business(
        name: "Lotus Kitchen", slug: "lotus-kitchen", vertical: "food_delivery",
        timeZone: "Europe/London", locale: "en", currency: "GBP", phone: "+441614960140",
        address: "31 Wilbraham Road, Manchester M14 6FG", owner: "Mei Chen",
        staff: ["Jordan Blake", "Aisha Malik", "Tomasz Zielinski", "Kitchen"], color: "#b4430b",
        greeting: "Hello! Hungry, late courier or a big party? A person answers.",
        isTrying: true,
        contacts: [
            Person("Joan Castell", "+447700900161", "12 Egerton Road, Manchester M14 6XW"),
            Person("Adam Fletcher", "+447700900162", "45 Platt Lane, Manchester M14 5NB"),
            Person("Zara Hussain", "+447700900163", "8 Ladybarn Lane, Manchester M14 6NQ"),
            Person("Callum Reid", "+447700900164", "Flat 6, 19 Palatine Road, Manchester M20 3LR"),
            Person("Beth Howarth", "+447700900165", "77 Burton Road, Manchester M20 1HB"),
            Person("Ming Zhao", "+447700900166", "3 Moseley Road, Manchester M14 6NX"),
            Person("Patrick Dunne", "+447700900167", "150 Lloyd Street, Manchester M15 6SZ"),
            Person("Leila Farouk", "+447700900168", "24 Mauldeth Road, Manchester M20 4WG"),
            Person("Harriet Moss", "+447700900169", "66 School Lane, Manchester M20 6RL"),
            Person("Dev Patel", "+447700900170", "9 Kingsway, Manchester M19 2QN"),
            Person("Owen Griffiths", "+447700900171", "31 Cromwell Grove, Manchester M19 3GE"),
            Person("Nadia Petrenko", "+447700900172", "5 Birch Lane, Manchester M13 0WW"),
            Person("Theo Marshall", "+447700900173", "200 Oxford Road, Manchester M13 9PL"),
            Person("Carol Eastwood", "+447700900174", "17 Parrs Wood Road, Manchester M20 4RJ"),
            Person("Samir Aziz", "+447700900175", "42 Dickenson Road, Manchester M14 5HF"),
            Person("Ellie Thornton", "+447700900176", "80 Wellington Road, Manchester M14 6AR"),
            Person("Marco Silva", "+447700900177", "11 Old Hall Lane, Manchester M14 6HG"),
            Person("Gwen Parry", "+447700900178", "58 Heaton Road, Manchester M20 4PU"),
        ],
        remarks: [
            "Gate code 4412", "Nut allergy: kitchen knows", "Leave at the neighbour’s",
            "Two green curries, one pad thai, jasmine rice", "Cash, needs change for £50",
            "Set menu B for four, extra chilli",
        ],
        scripts: lotusScripts, calls: lotusCalls)

    private static let lotusScripts: [DemoScript] = [
        DemoScript(
            .order, "Dinner for two", "booked", service: "Delivery",
            remark: "Two green curries, one jasmine rice, one morning glory.",
            [
                .them("Hi, can I order two green curries, a jasmine rice and morning glory?"),
                .us(
                    "Hello {contact}! Of course. The courier can be at your door {when}. Any allergies?"
                ),
                .them("None. That time is good"), .book, .them("Can’t wait!"),
            ]),
        DemoScript(
            .order, "Collection on the way home", "booked", service: "Collection",
            [
                .them("Pad thai and spring rolls to collect please"),
                .us("With pleasure. Ready at the counter {when}. Is that all right?"),
                .them("Great"), .book,
            ]),
        DemoScript(
            .question, "Gluten-free dishes", "answered",
            [
                .them("What do you have that’s gluten free?"),
                .us(
                    "Both curries with rice, the papaya salad and the grilled chicken are made without gluten. The kitchen also uses wheat, so traces are possible."
                ),
                .them("Thanks for being honest"),
            ]),
        DemoScript(
            .hardQuestion, "Severe peanut allergy", "passed_on",
            remark: "Carries an EpiPen. Asks whether a separate wok can be used.",
            [
                .them("My daughter has a severe peanut allergy. Could you cook in a separate wok?"),
                .us(
                    "Thank you for asking first. Only the kitchen can promise that, so I have passed it to Mei; she answers within the hour. Please do not order before."
                ),
                .them("Of course, thank you"),
                .note("Urgent: severe peanut allergy, separate wok? Answer in writing."),
            ]),
        DemoScript(
            .complaint, "Cold and late", "passed_on",
            remark: "70 minutes instead of 45 on Friday, curry cold. Would accept a credit.",
            [
                .them("Friday’s order took 70 minutes and the curry was cold"),
                .us(
                    "I am sorry, {contact}. That is not how it should arrive. What would put it right for you?"
                ),
                .them("A credit would be fine, I like your food"),
                .us("I have asked Mei for it, and she confirms it to you today."),
            ]),
        DemoScript(
            .order, "Lunch for the office", "booked", service: "Office lunch",
            [
                .them(
                    "We’re nine people on Oxford Road and would like lunch with names on the boxes"),
                .us("That is our office lunch: £9 for the delivery, dishes on top. {when}?"),
                .them("Yes. I’ll send the list"), .book,
                .note("List of dishes comes by e-mail, to the kitchen."),
            ]),
        DemoScript(
            .question, "Delivery area", "answered",
            [
                .them("Do you deliver to Chorlton?"),
                .us("Most of it: we go about four miles. What is your postcode?"),
                .them("M21 9AN"), .us("Yes, we do."),
            ]),
        DemoScript(
            .order, "Party of eighteen", "booked", service: "Party order, 10 to 25 people",
            isForwarded: true,
            [
                .them("I’m planning a birthday for 18, can you do platters?"),
                .us("Happily. Party orders are set out for you at your place. {when}?"),
                .them("Ideal"), .book,
            ]),
        DemoScript(
            .question, "Courier on the way", "answered",
            [
                .them("Is my order on its way?"),
                .us("It left the kitchen six minutes ago; Jordan is about ten minutes from you."),
                .them("Wonderful"),
            ]),
        DemoScript(
            .order, "Friday curry", "booked", service: "Delivery",
            [
                .them("The usual please: massaman, sticky rice, Thai tea"),
                .us("Hello again, {contact}! {when} at your door?"), .them("Yes"), .book,
            ]),
        DemoScript(
            .suggestion, "Smaller portions", "passed_on", isForwarded: true,
            remark: "Would order for children if there were half portions.",
            [
                .them("Half portions for kids would be lovely"),
                .us("I have written it down for Mei. Thank you!"),
            ]),
        // Still going on
        DemoScript(
            .question, "Order is late", nil, live: .init(ageSeconds: 190),
            [
                .them("Ordered 50 minutes ago and nothing yet. Two hungry kids here!")
            ]),
        DemoScript(
            .order, "Dinner tonight", nil, service: "Delivery",
            live: .init(ageSeconds: 3600, agent: 4),
            [
                .them("Do you have the soft-shell crab tonight?"),
                .us(
                    "I am asking the kitchen, {contact}. Shall I keep a delivery time for you meanwhile?"
                ),
            ]),
        DemoScript(
            .question, "Tasting for a wedding", nil, service: "Tasting for an event",
            live: .init(ageSeconds: 1080, agent: 1),
            [
                .them("We’d like to taste the menu for our wedding, 60 guests"),
                .us(
                    "How lovely! The tasting takes an hour with the chef and is free. Which weekday suits you?"
                ),
                .them("Any evening next week. And do you do vegan mains?"),
                .us(
                    "Three of them, all on the tasting list. I ask the chef for two evenings and write back."
                ),
            ]),
    ]

    private static let lotusCalls: [DemoScript] = [
        DemoScript(.order, "Set menu for four", "booked", []),
        DemoScript(.question, "Opening hours", "answered", []),
        DemoScript(.order, "Outside the delivery area", "lost", []),
        DemoScript(.complaint, "Missing spring rolls", "called_back", []),
        DemoScript(.question, "Halal", "answered", []),
        DemoScript(.other, "Leaflet printer", "spam", []),
    ]
}
