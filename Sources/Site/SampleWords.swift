import Accounts
import Kernel

/// What the demo's businesses say of themselves.
extension SampleSite {
    struct Words {
        var kicker: Phrase
        var headline: Phrase
        var text: Phrase
        var people: Phrase
        var promises: [(Phrase, Phrase)]
    }

    var words: Words {
        switch account.vertical {
        case "hairdresser":
            Words(
                kicker: t("Hair, Brooklyn"), headline: t("Hair that still looks right in week six"),
                text: t(
                    "A small salon on Court Street. Cuts, colour and honest advice, with the stylist you know."
                ),
                people: t("Your stylists"),
                promises: [
                    (t("Your own stylist."), t("We look for yours first.")),
                    (t("Colour with care."), t("A free skin test before the first one.")),
                    (t("Not happy?"), t("We put it right within seven days, free.")),
                ])
        case "car_service":
            Words(
                kicker: t("Independent garage, Chicago"),
                headline: t("We call before we fix. Always."),
                text: t(
                    "Servicing, brakes, tyres and diagnostics for all common makes, by people who explain what they do."
                ),
                people: t("In the workshop"),
                promises: [
                    (t("No surprises."), t("Nothing beyond what was agreed without a call.")),
                    (t("Same-week times."), t("Most jobs are done the day you come.")),
                    (t("Brake check free."), t("Half an hour, while you wait.")),
                ])
        case "appliance_repair":
            Words(
                kicker: t("Repairs at home, London"),
                headline: t("Mended in your kitchen, not in a queue"),
                text: t(
                    "Washing machines, fridges, ovens and dishwashers. A fixed price before we start."
                ),
                people: t("Our engineers"),
                promises: [
                    (t("A fixed price."), t("You hear it before we begin.")),
                    (t("We ring first."), t("Half an hour before we are with you.")),
                    (t("Food at risk?"), t("Fridges and freezers have priority.")),
                ])
        case "food_delivery":
            Words(
                kicker: t("Thai kitchen, Manchester"),
                headline: t("Cooked when you order, warm when it lands"),
                text: t(
                    "Curries, noodles and salads, delivered within four miles or ready at the counter."
                ),
                people: t("Who brings it"),
                promises: [
                    (t("Half-hour windows."), t("Choose yours, we keep it.")),
                    (t("Allergies first."), t("Tell us in the chat; the kitchen answers.")),
                    (t("Parties and offices."), t("Up to 25 people, set out for you.")),
                ])
        default:
            Words(
                kicker: Phrase(verbatim: account.name), headline: t("Good to see you"),
                text: Phrase(verbatim: ""), people: t("Our people"),
                promises: [])
        }
    }
}
