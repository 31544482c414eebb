import Accounts
import Kernel
import PhoneNumbers
import Store

/// Somebody who says who they are at a public page, where anybody may say anything.
package struct VisitorDetails: Sendable, Equatable {
    package var name = ""
    package var phone = ""
    package var email = ""

    package init() {}
}

extension ContactBook {
    /// The contact that a visitor's words make. It is never one whose address was proved: whoever
    /// types somebody's address neither sees nor changes what is theirs. Who came by the same words
    /// before is the same contact.
    ///
    /// Throws 422 with `name`, `phone`, `email`.
    package static func welcome(
        _ visitor: VisitorDetails, asksPhone: Bool, asksEmail: Bool, asksEither: Bool,
        in account: AccountID, ambient: Ambient, in tx: Transaction
    ) throws -> ContactID {
        var input = try Input([
            "name": .string(visitor.name), "phone": .string(visitor.phone),
            "email": .string(visitor.email),
        ])
        let home = try AccountDirectory.phoneRegion(of: account, in: tx)
        var fields = ContactFields()
        fields.values["name"] = input.text("name", max: 120)
        var points: [Contact.Point] = []
        if !visitor.phone.isEmpty {
            if let phone = input.phone("phone", visitor.phone, in: home) {
                points.append(.init(channel: Channel.sms.rawValue, address: phone.text))
            }
        } else if asksPhone {
            input.reject("phone", "required", "is required.")
        }
        if !visitor.email.isEmpty {
            if let email = EmailAddress(visitor.email), CardMask.masked(email.text) == email.text {
                points.append(.init(channel: Channel.email.rawValue, address: email.text))
            } else {
                input.reject("email", "email", "is not an e-mail address.")
            }
        } else if asksEmail {
            input.reject("email", "required", "is required.")
        }
        if asksEither, visitor.phone.isEmpty, visitor.email.isEmpty {
            input.reject(
                "phone", "either", "or an e-mail address is needed, so that you can be reached.")
        }
        try input.finish()
        fields.points = points
        fields.values["locale"] = Tongue.current.language.rawValue
        fields.values["preferred_channel"] = points.first?.channel
        if let known = try returning(fields, in: account, tx) { return known }
        return try insert(fields, in: account, ambient: ambient, in: tx).id
    }

    /// Who is known by this name and one of these addresses, and by nothing that was proved.
    private static func returning(
        _ fields: ContactFields, in account: AccountID, _ tx: Transaction
    ) throws -> ContactID? {
        guard case .some(.some(let name)) = fields.values["name"] else { return nil }
        for point in fields.points ?? [] {
            let claimants = try ContactQueries.claimants(
                of: point.address, channel: point.channel, account: account, in: tx)
            for id in claimants {
                guard let contact = try ContactQueries.contact(id, of: account, in: tx),
                    !contact.points.contains(where: \.isVerified), let known = contact.name,
                    foldedForSearch(known) == foldedForSearch(name)
                else { continue }
                return id
            }
        }
        return nil
    }
}
