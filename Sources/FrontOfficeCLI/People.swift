import Accounts
import ArgumentParser
import Foundation
import FrontOffice
import Kernel
import Store

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "People who sign in.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an office user, or a member of an account.")
        @OptionGroup var options: DatabaseOptions
        @Option var email: String
        @Option var name: String
        @Option(
            help:
                "admin, supervisor, coach, receptionist, assistant; with --account: owner, staff, specialist, subscriber."
        )
        var role: String
        @Option(help: "The slug of the account that the person belongs to.")
        var account: String?
        @Flag(help: "Read the password from standard input.")
        var passwordStdin = false

        func run() async throws {
            let office = try await Wiring.open(try options.configuration(), logger: makeLogger())
            let password = passwordStdin ? readLine(strippingNewline: true) : nil
            var members: [String: JSONValue] = [
                "email": .string(email), "name": .string(name), "role": .string(role),
            ]
            if let password { members["password"] = .string(password) }
            var input = try Input(.object(members))
            let draft = PeopleDirectory.Draft(
                reading: &input, roles: account == nil ? Role.office : Role.account)
            try input.finish()
            let user: User
            if let account {
                let id = try await office.accounts.id(ofSlug: account)
                user = try await office.people.createMember(draft, of: id, by: .system)
            } else {
                user = try await office.people.createOfficeUser(draft, by: .system)
            }
            say(user.id.text)
            try office.store.close()
        }
    }
}

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens for the API.", subcommands: [Create.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token; it is printed once and never again.")
        @OptionGroup var options: DatabaseOptions
        @Option(help: "The e-mail of the token's owner.")
        var user: String
        @Option(help: "What the token is for.")
        var name: String
        @Option(
            help: "read, write, admin or <resource>:read|write; may be repeated. Default: admin.")
        var scope: [String] = []

        func run() async throws {
            let office = try await Wiring.open(try options.configuration(), logger: makeLogger())
            for word in scope where !Gatekeeper.isScope(word) {
                throw ValidationError("\(word) is not a scope.")
            }
            guard let owner = try await office.gatekeeper.actor(email: user.lowercased()) else {
                throw ValidationError("There is no user with the e-mail \(user).")
            }
            let token = try await office.gatekeeper.createToken(
                of: owner.user, name: name, scopes: scope.isEmpty ? ["admin"] : scope, by: .system)
            say(token)
            try office.store.close()
        }
    }
}
