import Crypto
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import WebShell

/// Calendar links in the API, and the addresses themselves.
package struct CalendarFeedRoutes {
    let feeds: CalendarFeeds

    package init(feeds: CalendarFeeds) { self.feeds = feeds }

    package func add(to api: APIRoutes) {
        api.post("/accounts/:id/calendar_feeds", "calendar_feeds") { [feeds] call in
            let made = try await feeds.create(call.body, of: call.id(), by: call.actor)
            return APIAnswer.created(
                made.feed.json(at: Self.path(made.secret)),
                at: "/api/v1/accounts/\(made.feed.account)/calendar_feeds"
            ).secret
        }
        api.get("/accounts/:id/calendar_feeds", "calendar_feeds") { [feeds] call in
            let paging = try call.paging()
            let list = try await feeds.feeds(of: call.id(), paging, for: call.actor)
            return paging.answer(list, cursor: \.id.text, \.json)
        }
        api.delete("/calendar_feeds/:id", "calendar_feeds") { [feeds] call in
            try await feeds.revoke(call.id(), by: call.actor)
            return .noContent
        }
    }

    package static func path(_ secret: String) -> String { "/api/v1/calendars/\(secret).ics" }

    /// Without sign-in: calendar programs have none, the address is the key.
    package func addFeeds(to router: some RouterMethods<WebContext>) {
        for path in ["/api/v1/calendars/:name", "/calendars/:name"] {
            router.get(RouterPath(path)) { [feeds] request, context in
                let name = context.parameters.get("name") ?? ""
                guard name.hasSuffix(".ics"),
                    let text = try await feeds.text(behind: String(name.dropLast(4)))
                else { throw Refusal.notFound() }
                return Self.answer(text, to: request)
            }
        }
    }

    /// A program that has this very text already gets none (RFC 9110 §13.1.2).
    private static func answer(_ text: String, to request: Request) -> Response {
        let digest = SHA256.hash(data: Array(text.utf8)).prefix(16)
        let tag = "\"" + digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined() + "\""
        let headers: HTTPFields = [
            .eTag: tag, .cacheControl: "private, max-age=0, must-revalidate",
        ]
        let known = (request.headers[.ifNoneMatch] ?? "").split(separator: ",").map {
            $0.filter { !$0.isWhitespace }.replacing("W/", with: "")
        }
        if known.contains(tag) || known == ["*"] {
            return Response(status: .notModified, headers: headers)
        }
        var response = Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
        response.headers[.contentType] = "text/calendar; charset=utf-8"
        response.headers[.contentDisposition] = #"inline; filename="calendar.ics""#
        return response
    }
}
