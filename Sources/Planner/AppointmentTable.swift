import Accounts
import Booking
import Contacts
import Kernel
import PhoneNumbers
import WebShell

/// Appointments as comma-separated values (RFC 4180) for people's spreadsheets.
package struct AppointmentTable: Sendable {
    var account: Account
    var zone: Zone
    var appointments: [AppointmentSummary]
    var resources: [ResourceID: String]
    var points: [ContactID: [Contact.Point]]

    /// With the mark of UTF-8 at the front: without it spreadsheets read other letters.
    var text: String {
        "\u{FEFF}" + ([header] + appointments.map(row)).map(Self.line).joined()
    }

    private var header: [String] {
        [
            t("Number").text, t("Date").text, t("Start").text, t("End").text,
            t("Time zone").text, t("State").text, t("Service").text, t("Staff").text,
            t("Rooms and things").text, t("Client").text, t("Phone").text, t("E-mail").text,
            t("People").text, t("Price").text, t("Currency").text, t("Fee").text,
            t("Notes").text, t("Reason").text, t("Booked at").text,
        ]
    }

    private func row(_ summary: AppointmentSummary) -> [String] {
        let appointment = summary.appointment
        let own = appointment.contact.flatMap { points[$0] } ?? []
        let phone = own.first { $0.phone != nil }?.shown(in: account.phoneRegion)
        let email = own.first { $0.channel == "email" }?.address
        return [
            appointment.id.text, zone.date(at: appointment.start).description,
            BusinessTime.clock(appointment.start, zone),
            BusinessTime.clock(appointment.end, zone), zone.identifier,
            StatusWords.name(appointment.status).text, summary.serviceName,
            summary.staffNames.joined(separator: ", "),
            appointment.resources.compactMap { resources[$0] }.joined(separator: ", "),
            summary.contactName ?? "", phone ?? "", email ?? "",
            String(appointment.partySize), appointment.price.map(Self.amount) ?? "",
            appointment.price?.currency ?? "", (appointment.fee?.sum).map(Self.amount) ?? "",
            appointment.notes ?? "", appointment.canceledReason ?? "",
            appointment.createdAt.description,
        ]
    }

    /// `65.00`: digits that a spreadsheet can add.
    private static func amount(_ money: Money) -> String {
        let digits = Money.digits(money.currency)
        let plain = String(money.minor.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - plain.count)) + plain
        let sum =
            digits == 0 ? padded : padded.dropLast(digits) + "." + padded.suffix(digits)
        return money.minor < 0 ? "-" + sum : sum
    }

    static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// What begins like a formula would be run by spreadsheets, whoever wrote it; an apostrophe
    /// makes it text.
    package static func cell(_ text: String) -> String {
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
        let isFormula = first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
        let begins = text.unicodeScalars.first.map { "\t\r\n".unicodeScalars.contains($0) }
        let safe = isFormula || begins == true ? "'" + text : text
        // By scalars: a quote may be one character with the accent after it.
        let scalars = safe.unicodeScalars
        let isPlain = !scalars.contains { ",;\"\r\n".unicodeScalars.contains($0) }
        let isTrimmed = ![scalars.first, scalars.last].contains {
            $0?.properties.isWhitespace == true
        }
        if isPlain, isTrimmed { return safe }
        var quoted = "".unicodeScalars
        for scalar in scalars {
            if scalar == "\"" { quoted.append(scalar) }
            quoted.append(scalar)
        }
        return "\"" + String(quoted) + "\""
    }
}
