import Accounts
import Kernel
import PhoneNumbers
import Store

extension ContactBook {
    /// Puts right the telephone numbers of a page of contacts that an earlier version stored, and
    /// the words they are found by. Answers the last one looked at; nil when there is no other.
    package static func tidyNumbers(
        after: String, limit: Int, ambient: Ambient, in tx: Transaction
    ) throws -> String? {
        let page = try ContactQueries.page(after: after, limit: limit, in: tx)
        var homes: [AccountID: PhoneRegion?] = [:]
        for (id, account) in page {
            guard var contact = try ContactQueries.contact(id, of: account, in: tx) else {
                continue
            }
            let home = try homes[account] ?? AccountDirectory.phoneRegion(of: account, in: tx)
            homes[account] = .some(home)
            let points = try tidied(contact.points, of: contact, home: home, in: tx)
            if points == contact.points {
                try ContactQueries.updateSearch(of: contact, in: tx)
                continue
            }
            contact.points = points
            contact.version += 1
            try ContactQueries.update(contact, in: tx)
            try tx.raise(
                Event(
                    "contact.updated", account: account, subject: id.text,
                    ["version": .number(contact.version)], ambient: ambient))
        }
        return page.last?.0.text
    }

    /// The same addresses in E.164 where they can be; two spellings of one become one. A proof
    /// stays with whom it is in this form already.
    private static func tidied(
        _ points: [Contact.Point], of contact: Contact, home: PhoneRegion?, in tx: Transaction
    ) throws -> [Contact.Point] {
        var output: [Contact.Point] = []
        for var point in points {
            if Channel(rawValue: point.channel)?.isTelephone == true,
                let number = try? PhoneNumber.parse(point.address, in: home),
                number.text != point.address
            {
                point.address = number.text
                let owner = try ContactQueries.verifiedOwner(
                    of: point.address, channel: point.channel, account: contact.account, in: tx)
                if let owner, owner != contact.id { point.isVerified = false }
            }
            let twin = output.firstIndex {
                $0.channel == point.channel && $0.address == point.address
            }
            if let twin {
                output[twin].isVerified = output[twin].isVerified || point.isVerified
            } else {
                output.append(point)
            }
        }
        return output
    }
}
