import Accounts
import Kernel

/// Who works in the demo office and which businesses it answers for.
enum DemoCast {
    static let password = "frontoffice-demo"

    struct Agent: Sendable {
        var name: String
        var role: Role
        var isOnDuty = false

        /// `alina@frontoffice.example`.
        var email: String { DemoCast.address(name, "frontoffice.example") }
    }

    static let agents: [Agent] = [
        Agent(name: "Alina Petrova", role: .receptionist, isOnDuty: true),
        Agent(name: "Daniel Reyes", role: .receptionist, isOnDuty: true),
        Agent(name: "Chloe Bennett", role: .receptionist),
        Agent(name: "Omar Haddad", role: .receptionist),
        Agent(name: "Priya Nair", role: .assistant),
        Agent(name: "Helen Marsh", role: .admin),
    ]

    /// Their places in `agents` when nobody of the rest answers.
    static let admin = 5

    struct Business: Sendable {
        var name: String
        var slug: String
        var vertical: String
        var timeZone: String
        var locale: String
        var currency: String
        var phone: String
        var address: String
        var owner: String
        /// In the order of the template's people.
        var staff: [String]
        var color: String
        var greeting: String
        /// Still in its trial.
        var isTrying = false
        var contacts: [Person]
        /// What is written beside an appointment.
        var remarks: [String]
        var scripts: [DemoScript]
        /// Inquiries that reached the office by telephone.
        var calls: [DemoScript]

        var domain: String { slug.replacing("-", with: "") + ".example" }
        var ownerEmail: String { DemoCast.address(owner, domain) }
    }

    /// A client: name, telephone, and where they live if somebody has to go there.
    struct Person: Sendable {
        var name: String
        var phone: String
        var home: String?

        init(_ name: String, _ phone: String, _ home: String? = nil) {
            self.name = name
            self.phone = phone
            self.home = home
        }

        var email: String { DemoCast.address(name, "mail.example", whole: true) }
    }

    static let businesses: [Business] = [maneStreet, ridgeway, fixwell, lotus]

    /// Everybody who can sign in, the tour's own first.
    static var logins: [DemoLogin] {
        var logins = [
            DemoLogin(role: t("Receptionist"), email: agents[0].email, password: password),
            DemoLogin(role: t("Office admin"), email: agents[admin].email, password: password),
        ]
        for business in businesses {
            logins.append(
                DemoLogin(
                    role: t("Owner, \(business.name)"), email: business.ownerEmail,
                    password: password))
        }
        return logins
    }

    private static func address(_ name: String, _ domain: String, whole: Bool = false) -> String {
        let words = name.lowercased().split(separator: " ").map { word in
            word.filter { $0.isASCII && $0.isLetter }
        }
        let local = whole ? words.joined(separator: ".") : words.first ?? "someone"
        return local + "@" + domain
    }
}
