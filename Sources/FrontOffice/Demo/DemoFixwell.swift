import Inquiries

/// The appliance repair of the demo.
extension DemoCast {
    static let fixwell = Business(
        name: "Fixwell Appliance Repair", slug: "fixwell", vertical: "appliance_repair",
        timeZone: "Europe/London", locale: "en", currency: "GBP", phone: "+442079460120",
        address: "Unit 7, Hackney Road, London E2 8ET", owner: "Graham Ellis",
        staff: ["Ian Prescott", "Ravi Chandra", "Ben Foster", "Colin Marsh"], color: "#0f766e",
        greeting: "Hello! Tell us what has broken and we will find you an engineer.",
        contacts: [
            Person("Emily Carter", "+447700900121", "14 Rosebery Avenue, London EC1R 4TD"),
            Person("James Holloway", "+447700900122", "Flat 3, 88 Mare Street, London E8 3SG"),
            Person("Priya Raman", "+447700900123", "27 Brick Lane, London E1 6PU"),
            Person("Oliver Stone", "+447700900124", "5 Canonbury Square, London N1 2AN"),
            Person("Sophie Turner-Reid", "+447700900125", "112 Green Lanes, London N16 9EH"),
            Person("Kwame Boateng", "+447700900126", "61 Lower Clapton Road, London E5 0NS"),
            Person("Margaret Hill", "+447700900127", "9 Victoria Park Road, London E9 7HD"),
            Person("Daniel Osei", "+447700900128", "Flat 12, 40 Bow Road, London E3 4LN"),
            Person("Fiona Campbell", "+447700900129", "33 Highbury Hill, London N5 1AR"),
            Person("Imran Sheikh", "+447700900130", "204 Roman Road, London E2 0QY"),
            Person("Lucy Barker", "+447700900131", "18 Amwell Street, London EC1R 1XX"),
            Person("Peter Lindgren", "+447700900132", "7 Dalston Lane, London E8 3DF"),
            Person("Anna Kowalczyk", "+447700900133", "56 Stoke Newington Road, London N16 7XB"),
            Person("George Whitmore", "+447700900134", "2 Myddelton Square, London EC1R 1YE"),
            Person("Hilary Nash", "+447700900135", "71 Cassland Road, London E9 5BX"),
            Person("Chidi Eze", "+447700900136", "15 Wick Lane, London E3 2NA"),
            Person("Rosa Bianchi", "+447700900137", "90 Exmouth Market, London EC1R 4QE"),
            Person("Stuart McKay", "+447700900138", "22 Columbia Road, London E2 7RG"),
        ],
        remarks: [
            "Bosch WAN28281, shows E18", "Third floor, no lift", "Ring the side door",
            "Hotpoint FF200, made in 2019", "Parking permit needed", "Dog in the house, friendly",
        ],
        scripts: fixwellScripts, calls: fixwellCalls)

    private static let fixwellScripts: [DemoScript] = [
        DemoScript(
            .booking, "Washing machine does not drain", "booked",
            service: "Washing machine or dryer visit",
            remark: "Bosch WAN28281, E18. Filter cleaned already.",
            [
                .them("Our washing machine stops with E18 and the water stays in"),
                .us(
                    "Hello {contact}, {agent} at {business}. That is the drain. Could you read me the model from the plate inside the door?"
                ),
                .them("Bosch WAN28281"),
                .us(
                    "Thank you. {staff} can be with you {when}; the visit is £69 with a fixed price for the repair before he starts."
                ),
                .them("Please book that"), .book, .note("Drain pump on the van, please."),
            ]),
        DemoScript(
            .booking, "Warm fridge", "booked", service: "Fridge or freezer visit",
            [
                .them("Fridge is warm since last night, full of food!"),
                .us(
                    "Then you have priority. Keep the door closed; food stays safe for about four hours. {when} with {staff}?"
                ),
                .them("Yes, thank goodness"), .book,
            ]),
        DemoScript(
            .question, "Call-out charge", "answered",
            [
                .them("How much is it just to come and look?"),
                .us(
                    "£69 for most machines, and you hear a fixed price before any repair. If you go ahead, it is part of the bill."
                ),
                .them("Reasonable, thanks"),
            ]),
        DemoScript(
            .hardQuestion, "Repair or replace", "passed_on",
            remark: "Miele W5740 of 2009, bearings loud. Asks whether it is worth it.",
            [
                .them(
                    "My Miele from 2009 roars in the spin. Is it worth new bearings or should I give up on it?"
                ),
                .us(
                    "Those machines last. I have asked Ian, who knows them best; he answers by tomorrow noon."
                ),
                .them("Great, no rush"),
                .note("Ian: W5740, bearings. Rough price and your honest opinion."),
            ]),
        DemoScript(
            .complaint, "Engineer came an hour late", "passed_on",
            remark: "Window 10 to 12, arrived 12:55, nobody called.",
            [
                .them("I took the morning off and your engineer came at five to one"),
                .us(
                    "That should not happen without a call, {contact}. I am sorry. Graham has it on his desk and will ring you today."
                ),
                .them("Thank you. The repair itself was fine"),
            ]),
        DemoScript(
            .booking, "Dishwasher E24", "booked", service: "Dishwasher visit",
            [
                .them("Dishwasher shows E24 and will not start"),
                .us("Usually a kink in the drain hose. Have you looked under the sink?"),
                .them("Looked, all fine there"),
                .us("Then somebody should see it. {when} with {staff}?"), .them("Perfect"), .book,
            ]),
        DemoScript(
            .question, "Gas smell", "answered", isForwarded: true,
            remark: "Sent to the gas emergency service at once; called back, all safe.",
            [
                .them("I think I can smell gas near the hob"),
                .us(
                    "Please turn the gas off at the meter, open the windows, touch no switches and ring 0800 111 999 from outside now. I stay here."
                ),
                .them("They came, it was the hob tap. All safe now"),
                .us("I am glad. Our gas engineer can repair the hob once they have signed it off."),
                .note("Expects our call about the hob tomorrow."),
            ]),
        DemoScript(
            .booking, "Gas hob tap", "booked", service: "Gas oven or hob visit",
            [
                .them("The hob needs a new tap, the gas people said you could do that"),
                .us("We can: {staff} is gas-qualified. {when}?"), .them("Yes"), .book,
            ]),
        DemoScript(
            .question, "Old machine taken away", "answered",
            [
                .them("Do you take the old machine away if I buy a new one?"),
                .us("We do, with an installation, for £20. Just tell us when you book."),
                .them("Brilliant"),
            ]),
        DemoScript(
            .booking, "New oven to be fitted", "booked", service: "Installation",
            [
                .them("New electric oven arrives soon, can you fit it?"),
                .us("Of course: an hour, £75, the old one disconnected. {when} with {staff}?"),
                .them("Sounds good"), .book,
            ]),
        DemoScript(
            .suggestion, "Show the engineer on a map", "passed_on", isForwarded: true,
            remark: "Would like to see where the engineer is.",
            [
                .them("It would be great to see on a map where the engineer is"),
                .us(
                    "I have passed it on to Graham. Until then the engineer calls half an hour before."
                ),
            ]),
        // Still going on
        DemoScript(
            .booking, "Dishwasher leaves water", nil, service: "Dishwasher visit",
            live: .init(ageSeconds: 85),
            [
                .them("Hi, the dishwasher leaves a puddle in the bottom after every wash"),
                .them("It’s a Neff, about four years old"),
            ]),
        DemoScript(
            .question, "Where is the engineer", nil, live: .init(ageSeconds: 280, agent: 1),
            [
                .them("My window is until 12 and nobody has called yet?"),
                .us("Let me ask the engineer, one moment please."),
                .them("OK, I’m at home"),
            ]),
        DemoScript(
            .booking, "Yearly check", nil, service: "Yearly check",
            live: .init(ageSeconds: 9000, agent: 0, standing: .snoozed),
            [
                .them(
                    "I’d like the yearly check for three machines, but I have to ask my flatmates for a day"
                ),
                .us("No hurry, {contact}. I write to you tomorrow."),
            ]),
    ]

    private static let fixwellCalls: [DemoScript] = [
        DemoScript(.booking, "Dryer does not heat", "booked", []),
        DemoScript(.question, "Guarantee on last year’s repair", "answered", []),
        DemoScript(.hardQuestion, "Part for a 1998 range cooker", "passed_on", []),
        DemoScript(.booking, "Too far out", "lost", []),
        DemoScript(.question, "Which brands", "answered", []),
        DemoScript(.order, "New hose by post", "called_back", []),
    ]
}
