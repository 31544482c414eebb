import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore

/// Which of the two kinds of session a browser may hold at once.
package enum SessionKind: String, Sendable {
    case office, account

    package var cookie: String {
        switch self {
        case .office: "autosecretary_office"
        case .account: "autosecretary_account"
        }
    }
}

/// A signed-in browser.
package struct BrowserSession: Sendable, Equatable {
    package var kind: SessionKind
    /// Sent back by forms and scripts; another site cannot know it.
    package var csrf: String
    /// The stored (hashed) id, to end the session with.
    package var storedID: String
    /// The office asks for a second factor and this person has none yet.
    package var needsSecondFactor = false

    package init(kind: SessionKind, csrf: String, storedID: String) {
        self.kind = kind
        self.csrf = csrf
        self.storedID = storedID
    }
}

/// What travels with a request.
package struct WebContext: RequestContext, RemoteAddressRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let remoteAddress: SocketAddress?
    package var actor: Actor? { didSet { trace.note(actor) } }
    package var session: BrowserSession?
    package let bodyState = BodyState()
    package let trace = RequestTrace()

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// Bodies of forms and JSON; uploads have their own bound.
    package var maxUploadSize: Int { 512 * 1024 }

    /// The address that throttles count by.
    ///
    /// A proxy on this machine speaks for everybody, so there the address counts that it saw: the
    /// last entry, since those before it are the client's own words.
    package func clientAddress(of request: Request) -> String {
        let peer = remoteAddress?.ipAddress ?? "local"
        guard peer == "127.0.0.1" || peer == "::1", let name = Self.forwardedFor,
            let last = request.headers[name]?.split(separator: ",").last
        else { return peer }
        return String(last.filter { !$0.isWhitespace }.prefix(64))
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")

    /// The signed-in person; pages and API routes sit behind middleware that makes sure of it.
    package func requireActor() throws -> Actor {
        guard let actor else { throw Refusal.unauthenticated() }
        return actor
    }
}
