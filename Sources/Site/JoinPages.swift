import Accounts
import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// What invitations and links for a new password open. Reading such a page uses nothing up: mail
/// programs and chats open links to show a preview of them.
extension SiteRoutes {
    func addLinks(to router: Router<WebContext>) {
        router.get("/join/:secret") { [self] request, context in
            let (secret, actor) = (try visit(context, request), try await member(request))
            let shown = try await invitation(secret, actor)
            return shown.page.response().keepingAddress()
        }
        router.post("/join/:secret") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            let (secret, known) = (try visit(context, request), try await member(request))
            var shown = try await invitation(secret, known)
            do {
                if shown.invitation.choosesPassword {
                    shown.name = form.text("name")
                    let user = try await people.links.accept(
                        secret, name: shown.name.isEmpty ? nil : shown.name,
                        password: form["password"] ?? "", from: Origin(.link, request, context))
                    let kind: SessionKind = user.officeRole == nil ? .account : .office
                    return try await signedIn(
                        user.id, kind, at: kind == .office ? "/desk" : "/portal", request,
                        from: Origin(.browser, request, context))
                }
                guard let (actor, session) = known, form["_csrf"] == session.csrf else {
                    throw Refusal.forbidden("This form is too old. Load the page again.")
                }
                let from = Origin(.browser, request, context)
                _ = try await people.links.accept(secret, by: actor.coming(from: from))
                return Response.redirect("/portal")
            } catch let refusal as Refusal where refusal.kind != .notFound {
                shown.problems = FormProblems(refusal, known: ["name", "password"])
                return refusal.response(on: shown.page).keepingAddress()
            }
        }
        addReset(to: router)
    }

    private func addReset(to router: Router<WebContext>) {
        router.get("/reset/:secret") { [self] request, context in
            let person = try await people.links.personToReset(try visit(context, request))
            return ResetPage(person: person).page.response().keepingAddress()
        }
        router.post("/reset/:secret") { [self] request, context in
            let form = try await Form.readOpen(request, context)
            let secret = try visit(context, request)
            let person = try await people.links.personToReset(secret)
            do {
                try await people.links.reset(
                    secret, password: form["password"] ?? "", from: Origin(.link, request, context))
                return Response.redirect("/sign-in?reset=1")
            } catch let refusal as Refusal where refusal.kind != .notFound {
                let problems = FormProblems(refusal, known: ["password"])
                return refusal.response(on: ResetPage(person: person, problems: problems).page)
                    .keepingAddress()
            }
        }
    }

    /// The secret of the address; counts the visit, so that nobody tries many.
    private func visit(_ context: WebContext, _ request: Request) throws -> String {
        try links.count(context.clientAddress(of: request))
        return context.parameters.get("secret") ?? ""
    }

    /// Who is signed in as a member here, if anybody is.
    private func member(_ request: Request) async throws -> (Actor, BrowserSession)? {
        guard let cookie = Cookies.value(SessionKind.account.cookie, in: request) else {
            return nil
        }
        return try await gatekeeper.session(.account, cookie: cookie)
    }

    private func invitation(
        _ secret: String, _ known: (Actor, BrowserSession)?
    ) async throws -> JoinPage {
        let invitation = try await people.links.invitation(secret)
        return JoinPage(
            invitation: invitation, secret: secret, visitor: known?.0,
            csrf: known?.1.csrf ?? "", name: invitation.person.name)
    }
}

extension Response {
    /// The address holds a secret: it is told to nobody.
    fileprivate func keepingAddress() -> Response {
        var response = self
        if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
        return response
    }
}

private struct JoinPage {
    var invitation: OneTimeLinks.Invitation
    var secret: String
    var visitor: Actor?
    var csrf: String
    var name: String
    var problems = FormProblems()

    private var isOwn: Bool { visitor?.user == invitation.person.id }

    private var title: Phrase {
        if let business = invitation.business { return t("Join \(business)") }
        return t("Join the office")
    }

    private var chooses: HTML {
        """
        <form class="form" method="post" action="/join/\(secret)">
        <input type="hidden" name="email" value="\(invitation.person.email)" autocomplete="username">
        \(Field(name: "name", label: t("Your name"), value: name, error: problems["name"], autocomplete: "name", maxLength: 120).html)
        \(Field(name: "password", label: t("Password"), error: problems["password"], hint: t("At least 10 characters. A few words are best."), type: "password", autocomplete: "new-password").html)
        <button class="btn btn-primary btn-block">\(t("Start"))</button>
        </form>
        """
    }

    private var accepts: HTML {
        """
        <form class="form" method="post" action="/join/\(secret)"><input type="hidden" name="_csrf" value="\(csrf)">
        <button class="btn btn-primary btn-block">\(t("Accept"))</button></form>
        """
    }

    private var signsIn: HTML {
        let path = "/join/" + secret
        if visitor == nil {
            return """
                <p><a class="btn btn-primary btn-block" href="/sign-in?next=\(path)">\(t("Sign in to accept"))</a></p>
                """
        }
        return """
            <div class="alert alert-waiting">\(SiteParts.icon("alert"))<div>\(t("You are signed in as somebody else."))</div></div>
            <form method="post" action="/sign-out"><input type="hidden" name="_csrf" value="\(csrf)"><input type="hidden" name="kind" value="account"><input type="hidden" name="next" value="/sign-in?next=\(path)">
            <button class="btn btn-block">\(t("Sign in as another person"))</button></form>
            """
    }

    var page: Page {
        let note: Phrase =
            invitation.choosesPassword
            ? t("You will sign in as \(invitation.person.email). Choose a password.")
            : t("This invitation is for \(invitation.person.email), who has a sign-in already.")
        return Gate(
            title: title, note: note,
            content:
                "\(problems.alert)\(invitation.choosesPassword ? chooses : isOwn ? accepts : signsIn)"
        ).page
    }
}

private struct ResetPage {
    var person: User
    var problems = FormProblems()

    var page: Page {
        let content: HTML = """
            \(problems.alert)
            <form class="form" method="post">
            <input type="hidden" name="email" value="\(person.email)" autocomplete="username">
            \(Field(name: "password", label: t("New password"), error: problems["password"], hint: t("At least 10 characters. A few words are best."), type: "password", autocomplete: "new-password").html)
            <button class="btn btn-primary btn-block">\(t("Set the password"))</button>
            </form>
            """
        return Gate(
            title: t("A new password"),
            note: t("For \(person.email). It signs you out everywhere else."), content: content
        ).page
    }
}
