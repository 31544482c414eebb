import Kernel

/// A sign-in of the demo office, for the first screen of a demo and the tour page.
package struct DemoLogin: Sendable, Equatable {
    /// Who it is: "Receptionist", "Owner, Mane Street".
    package var role: Phrase
    package var email: String
    package var password: String

    package init(role: Phrase, email: String, password: String) {
        self.role = role
        self.email = email
        self.password = password
    }
}
