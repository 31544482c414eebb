import Inquiries

/// The car service of the demo.
extension DemoCast {
    static let ridgeway = Business(
        name: "Ridgeway Auto Service", slug: "ridgeway-auto", vertical: "car_service",
        timeZone: "America/Chicago", locale: "en", currency: "USD", phone: "+13125550140",
        address: "1820 West Fulton Street, Chicago, IL 60612", owner: "Frank Kowalski",
        staff: ["Luis Ortega", "Sam Whitaker", "Deshawn Cole", "Pete Novak"], color: "#1f5f8b",
        greeting: "Hello! Something rattling, due for service or a tyre gone? Write to us here.",
        contacts: [
            Person("Marcus Oyelaran", "+13125550151"), Person("Tom Beckett", "+13125550152"),
            Person("Linda Schaefer", "+13125550153"), Person("Carlos Mendez", "+13125550154"),
            Person("Jenny Liu", "+13125550155"), Person("Robert Hayes", "+13125550156"),
            Person("Angela Price", "+13125550157"), Person("Mike Donnelly", "+13125550158"),
            Person("Sandra Wolfe", "+13125550159"), Person("Anil Kapoor", "+13125550160"),
            Person("Heather Boyd", "+13125550161"), Person("Greg Patterson", "+13125550162"),
            Person("Denise Franklin", "+13125550163"), Person("Victor Hugo Lima", "+13125550164"),
            Person("Katie Brennan", "+13125550165"), Person("Walter Nguyen", "+13125550166"),
            Person("Ruth Abrams", "+13125550167"), Person("Eddie Vaughn", "+13125550168"),
        ],
        remarks: [
            "2018 Corolla, 61,000 miles", "2020 CR-V, waits while it is done", "2015 F-150",
            "Subaru Outback, rattle from the rear left", "Call before any extra work",
            "2019 Golf, drops off the night before",
        ],
        scripts: ridgewayScripts, calls: ridgewayCalls)

    private static let ridgewayScripts: [DemoScript] = [
        DemoScript(
            .booking, "Oil change", "booked", service: "Oil and filter change",
            [
                .them("My car says oil change due. 2018 Corolla, 61k miles. Any time this week?"),
                .us(
                    "Hello {contact}, {agent} at {business}. {when} is open, and it takes about 45 minutes. Shall I put you down?"
                ),
                .them("Sure. Can I wait there?"),
                .us("You can: there is coffee and Wi-Fi. I am booking it."), .book,
            ]),
        DemoScript(
            .booking, "Squealing brakes", "booked", service: "Brake check",
            remark: "Squeal only when cold, no grinding, pedal firm: safe to drive.",
            [
                .them("Brakes squeal every morning. Is that dangerous?"),
                .us("Do they grind, or does the pedal feel soft?"),
                .them("No, just the squeal, gone after a mile"),
                .us(
                    "Then it can be driven, but should be looked at. The brake check is free: {when}?"
                ),
                .them("Works for me"), .book,
                .note("2019 Golf. Pads last done in 2021, elsewhere."),
            ]),
        DemoScript(
            .question, "Price of a full service", "answered",
            [
                .them("What do you charge for a full service on a CR-V?"),
                .us(
                    "$329 with oil, all filters and a road test. We call you before anything beyond that."
                ),
                .them("OK thanks"),
            ]),
        DemoScript(
            .hardQuestion, "Hybrid battery warning", "passed_on",
            remark: "2014 Prius, 142,000 miles, red triangle, car still drives.",
            [
                .them(
                    "2014 Prius shows the red triangle and ‘check hybrid system’. Do you repair cells or only swap the whole pack?"
                ),
                .us(
                    "Good question, and one for our workshop. Frank will answer himself today. Until then please drive only short distances."
                ),
                .them("Appreciated. Text is best"),
                .note("Frank: cells or pack? Wants a rough price by text."),
            ]),
        DemoScript(
            .complaint, "Charged more than quoted", "passed_on",
            remark: "Quoted $95 for a diagnostic, paid $142. Nobody called before.",
            [
                .them("I was quoted 95 and paid 142, and nobody called me first like you promise"),
                .us(
                    "You are right to expect that call, {contact}, and I am sorry. I have passed it to Frank with your invoice. He calls you today."
                ),
                .them("I hope so"),
                .note("Regular client for six years. Frank to call before 5 pm."),
            ]),
        DemoScript(
            .booking, "Winter tyres", "booked", service: "Seasonal tyre change",
            [
                .them("Time for winter tires! You have mine in storage"),
                .us("We do, {contact}. {when} with {staff}: 45 minutes. Good?"),
                .them("Good"), .book,
            ]),
        DemoScript(
            .question, "Courtesy car", "answered",
            [
                .them("Do you have a loaner car if mine takes all day?"),
                .us(
                    "There is one, for full-day jobs, and it goes fast. Tell us the day and I will ask for it."
                ),
                .them("Will do when I book"),
            ]),
        DemoScript(
            .booking, "Rattle from below", "booked", service: "Diagnostic", isForwarded: true,
            [
                .them("Something rattles under the rear left when I go over bumps. Outback 2016"),
                .us(
                    "A diagnostic takes an hour; the $95 comes off the bill if we do the repair. {when}?"
                ),
                .them("Let’s do that"), .book,
            ]),
        DemoScript(
            .question, "Own parts", "answered",
            [
                .them("Can I bring my own brake pads?"),
                .us("You can. We fit them, but then guarantee the work only, not the parts."),
                .them("Fair enough"),
            ]),
        DemoScript(
            .suggestion, "Text when ready", "passed_on", isForwarded: true,
            remark: "Would like a text instead of a call when the car is ready.",
            [
                .them(
                    "Could you text when the car is ready instead of calling? I can’t pick up at work"
                ),
                .us("I have put that on your card and passed the idea on to Frank. Thank you!"),
            ]),
        DemoScript(
            .booking, "Yearly inspection", "booked", service: "Annual inspection",
            [
                .them("Need the annual inspection before the end of the month"),
                .us("That is an hour. {when} with {staff} would be free."),
                .them("Yes please"), .book, .them("Do I need to bring anything?"),
                .us("The registration and the key of the locking wheel nuts, if there is one."),
            ]),
        // Still going on
        DemoScript(
            .question, "Noise again after the repair", nil, live: .init(ageSeconds: 130),
            [
                .them("The Corolla is making the noise again. Can you look at it today?")
            ]),
        DemoScript(
            .booking, "Puncture", nil, service: "Puncture repair",
            live: .init(ageSeconds: 1500, agent: 1),
            [
                .them("Nail in my front right tire, it’s losing air slowly"),
                .us(
                    "Hello {contact}. Is it in the tread or on the side? In the tread we can repair it in half an hour."
                ),
                .them("In the tread. How soon can I come?"),
                .us(
                    "There is room at the end of this morning’s list or after four. Which is better?"
                ),
            ]),
        DemoScript(
            .question, "Parts have arrived?", nil,
            live: .init(ageSeconds: 5400, agent: 1, standing: .pending),
            [
                .them("Any news about the parts for my F-150?"),
                .us("They arrive on Wednesday morning; we write the moment they are here."),
            ]),
    ]

    private static let ridgewayCalls: [DemoScript] = [
        DemoScript(.booking, "Full service", "booked", []),
        DemoScript(.question, "Warning light, is it safe to drive", "answered", []),
        DemoScript(.hardQuestion, "Price for a timing chain", "passed_on", []),
        DemoScript(.booking, "Tyres", "booked", []),
        DemoScript(.question, "Is the car ready", "called_back", []),
        DemoScript(.other, "Wrong number", "spam", []),
    ]
}
