import Kernel

/// One route: who may call it, and a call that would succeed for them.
struct AccessRow: Sendable {
    var need: Need
    var query: String
    var body: (@Sendable (AccessWorld) -> JSONValue)?

    init(
        _ need: Need, query: String = "", _ body: (@Sendable (AccessWorld) -> JSONValue)? = nil
    ) {
        self.need = need
        self.query = query
        self.body = body
    }
}

extension AccessRow {
    private static let range = "?from=2026-03-23T00:00:00Z&to=2026-03-30T00:00:00Z"

    /// Every route of the API; of a new one that has no row here, the test says so.
    static let table: [String: AccessRow] = office.merging(people) { $1 }.merging(booking) { $1 }
        .merging(talking) { $1 }.merging(guiding) { $1 }.merging(telling) { $1 }

    private static let office: [String: AccessRow] = [
        "GET /me": .init(.anyone),
        "PATCH /me": .init(.anyone) { _ in ["locale": "en"] },
        "GET /me/sessions": .init(.anyone),
        "DELETE /me/sessions": .init(.anyone),
        "GET /users/:id": .init(.seeTeam),
        "POST /users/:id/invitation": .init(.manageTeam),
        "POST /users/:id/reset_link": .init(.manageTeam),
        "DELETE /users/:id/second_factor": .init(.manageTeam),
        "DELETE /users/:id/sessions": .init(.manageTeam),
        "GET /users/:id/tokens": .init(.manageOffice),
        "DELETE /tokens/:id": .init(.manageOwnToken),
        "GET /audit": .init(.manage, query: "?account=:here"),
        "PUT /me/duty": .init(.duty) { _ in ["is_on_duty": true] },
        "GET /users": .init(.office),
        "POST /users": .init(.manageOffice) { _ in
            ["email": "new@office.test", "name": "New", "role": "receptionist"]
        },
        "PATCH /users/:id": .init(.manageOffice) { _ in ["name": "Renamed"] },
        "POST /users/:id/tokens": .init(.manageOffice) { _ in ["name": "stolen"] },
        "GET /settings": .init(.office),
        "GET /settings/retention": .init(.office),
        "PATCH /settings/retention": .init(.manageOffice) { _ in ["messages": 900] },
        "GET /settings/files": .init(.office),
        "PATCH /settings/files": .init(.manageOffice) { _ in ["file_bytes": 1_000_000] },
        "PATCH /settings": .init(.manageOffice) { _ in ["trial_days": 30] },
        "GET /jobs": .init(.manageOffice, query: "?state=dead"),
        "POST /jobs/:id/retry": .init(.manageOffice),
        "DELETE /jobs/:id": .init(.manageOffice),
        "GET /me/push_key": .init(.anyone),
        "GET /me/push_subscriptions": .init(.anyone),
        "POST /me/push_subscriptions": .init(.anyone) { _ in
            [
                "endpoint": "https://push.example/1",
                "keys": [
                    "p256dh":
                        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
                ],
            ]
        },
        "POST /me/push_subscriptions/end": .init(.anyone) { _ in
            ["endpoint": "https://push.example/1"]
        },
        "GET /test_clock": .init(.anyone),
        "POST /test_clock": .init(.manageOffice) { _ in ["now": .instant(.latest)] },
        "GET /accounts": .init(.anyone),
        "POST /accounts": .init(.createAccounts) { _ in
            ["name": "New", "slug": "new", "time_zone": "Europe/London"]
        },
        "GET /canned_responses": .init(.office),
        "POST /canned_responses": .init(.manageOffice) { _ in
            ["shortcut": "bye", "title": "Bye", "text": "Goodbye"]
        },
    ]

    private static let people: [String: AccessRow] = [
        "GET /accounts/:id": .init(.view),
        "PATCH /accounts/:id": .init(.manage) { _ in ["name": "Renamed"] },
        "GET /accounts/:id/members": .init(.view),
        "POST /accounts/:id/members": .init(.manage) { _ in
            ["email": "spy@business.test", "name": "Spy", "role": "owner"]
        },
        "GET /accounts/:id/members/:user_id": .init(.view),
        "PATCH /accounts/:id/members/:user_id": .init(.manage) { _ in ["role": "staff"] },
        "DELETE /accounts/:id/members/:user_id": .init(.manage),
        "GET /accounts/:id/contacts": .init(.view, query: "?query=dana"),
        "POST /accounts/:id/contacts": .init(.converse) { _ in ["name": "New"] },
        "GET /contacts/:id": .init(.view),
        "PATCH /contacts/:id": .init(.converse) { _ in ["name": "Renamed"] },
        "GET /accounts/:id/statistics": .init(.view, query: range),
        "GET /events": .init(.view, query: "?account=:here"),
    ]

    private static let booking: [String: AccessRow] = [
        "GET /accounts/:id/schedule": .init(.view),
        "PUT /accounts/:id/schedule": .init(.manage) { _ in
            ["weekly": .array([["weekday": 1, "start": "09:00", "end": "17:00"]])]
        },
        "GET /accounts/:id/notice_settings": .init(.view),
        "PUT /accounts/:id/notice_settings": .init(.manage) { _ in
            ["reminders_minutes_before": [60]]
        },
        "GET /accounts/:id/deliveries": .init(.view),
        "GET /accounts/:id/waitlist": .init(.view),
        "POST /accounts/:id/waitlist": .init(.book) { world in
            [
                "service_id": .string(world.service), "contact_id": .string(world.contact),
                "from": "2026-03-26T13:00:00Z", "to": "2026-03-27T13:00:00Z",
            ]
        },
        "GET /waitlist/:id": .init(.view),
        "DELETE /waitlist/:id": .init(.book),
        "POST /waitlist/:id/claim": .init(.book) { _ in [:] },
        "GET /accounts/:id/displaced": .init(.view),
        "POST /accounts/:id/displaced": .init(.book) { _ in
            ["action": "ask", "appointment_ids": []]
        },
        "GET /accounts/:id/booking_page": .init(.view),
        "PUT /accounts/:id/booking_page": .init(.manage) { _ in ["is_open": true] },
        "GET /accounts/:id/booking_policy": .init(.view),
        "PUT /accounts/:id/booking_policy": .init(.manage) { _ in ["cutoff_minutes": 60] },
        "GET /accounts/:id/staff": .init(.view),
        "POST /accounts/:id/staff": .init(.manage) { _ in ["name": "New"] },
        "GET /staff/:id": .init(.view),
        "PATCH /staff/:id": .init(.manage) { _ in ["name": "Renamed"] },
        "GET /accounts/:id/resources": .init(.view),
        "POST /accounts/:id/resources": .init(.manage) { _ in ["name": "New", "kind": "room"] },
        "GET /resources/:id": .init(.view),
        "PATCH /resources/:id": .init(.manage) { _ in ["name": "Renamed"] },
        "GET /accounts/:id/services": .init(.view),
        "POST /accounts/:id/services": .init(.manage) { _ in
            ["name": "New", "duration_minutes": 30]
        },
        "GET /services/:id": .init(.view),
        "PATCH /services/:id": .init(.manage) { _ in ["name": "Renamed"] },
        "GET /accounts/:id/busy": .init(.view),
        "POST /accounts/:id/busy": .init(.book) { _ in
            ["of": "account", "start": "2026-04-01T13:00:00Z", "end": "2026-04-01T14:00:00Z"]
        },
        "GET /busy/:id": .init(.view),
        "DELETE /busy/:id": .init(.book),
        "GET /accounts/:id/availability": .init(.view, query: range + "&service_id=:service"),
        "POST /accounts/:id/holds": .init(.book) { world in
            ["service_id": .string(world.service), "start": "2026-03-26T13:00:00Z"]
        },
        "POST /holds/:id/extend": .init(.book) { _ in ["ttl_seconds": 600] },
        "DELETE /holds/:id": .init(.book),
        "GET /accounts/:id/appointments": .init(.view, query: range),
        "POST /accounts/:id/appointments": .init(.book) { world in
            [
                "service_id": .string(world.service), "start": "2026-03-27T13:00:00Z",
                "contact_id": .string(world.contact),
            ]
        },
        "GET /appointments/:id": .init(.view),
        "GET /appointments/:id/invitation.ics": .init(.view),
        "PATCH /appointments/:id": .init(.book) { _ in ["notes": "Changed"] },
        "POST /appointments/:id/cancel": .init(.book) { _ in ["reason": "Changed"] },
        "POST /appointments/:id/complete": .init(.book),
        "POST /appointments/:id/no_show": .init(.book),
    ]

    private static let talking: [String: AccessRow] = [
        "GET /accounts/:id/inboxes": .init(.view),
        "POST /accounts/:id/inboxes": .init(.manage) { _ in ["name": "New", "channel": "api"] },
        "GET /inboxes/:id": .init(.view),
        "PATCH /inboxes/:id": .init(.manage) { _ in ["name": "Renamed"] },
        "POST /inboxes/:id/inbound": .init(.converse) { _ in
            ["source_id": "forged", "from": ["address": "visitor-1"], "text": "Forged"]
        },
        "GET /accounts/:id/conversations": .init(.view, query: "?query=dana"),
        "GET /conversations/:id": .init(.view),
        "GET /conversations/:id/messages": .init(.view),
        "POST /conversations/:id/messages": .init(.converse) { _ in ["text": "Forged"] },
        "POST /conversations/:id/assign": .init(.serve) { world in
            ["user_id": .string(world.agent)]
        },
        "POST /conversations/:id/status": .init(.converse) { _ in ["status": "pending"] },
        "POST /conversations/:id/read": .init(.serve),
        "POST /conversations/:id/typing": .init(.converse) { _ in ["state": "on"] },
        "POST /messages/:id/receipts": .init(.converse) { _ in ["status": "read"] },
        "POST /contacts/:id/export": .init(.manage),
        "GET /contact_exports/:id": .init(.manage),
        "POST /contacts/:id/erase": .init(.manage) { _ in ["confirm": "Somebody else"] },
        "GET /contact_erasures/:id": .init(.manage),
        "GET /accounts/:id/contact_erasures": .init(.manage),
        "GET /accounts/:id/retention": .init(.view),
        "PATCH /accounts/:id/retention": .init(.manage) { _ in ["messages": 90] },
        "POST /accounts/:id/files": .init(.converse, query: "?name=a.txt") { _ in "Content" },
        "OPTIONS /accounts/:id/files": .init(.view),
        "GET /files/:id": .init(.view),
        "HEAD /files/:id": .init(.view),
        "GET /files/:id/content": .init(.view),
        "PATCH /files/:id": .init(.converse),
        "DELETE /files/:id": .init(.converse),
        "GET /accounts/:id/inquiries": .init(.view),
        "POST /accounts/:id/inquiries": .init(.converse) { _ in ["kind": "order"] },
        "GET /inquiries/:id": .init(.view),
        "PATCH /inquiries/:id": .init(.converse) { _ in ["kind": "complaint"] },
    ]

    private static let guiding: [String: AccessRow] = [
        "GET /accounts/:id/guidance": .init(.view),
        "PUT /accounts/:id/guidance": .init(.manage) { _ in ["greeting": "Changed"] },
        "GET /accounts/:id/knowledge": .init(.view, query: "?query=parking"),
        "POST /accounts/:id/knowledge": .init(.manage) { _ in
            ["question": "New?", "answer": "New."]
        },
        "GET /knowledge/:id": .init(.view),
        "PATCH /knowledge/:id": .init(.manage) { _ in ["answer": "Changed"] },
        "POST /knowledge/:id/use": .init(.converse),
        "DELETE /knowledge/:id": .init(.manage),
        "GET /accounts/:id/canned_responses": .init(.view),
        "POST /accounts/:id/canned_responses": .init(.manage) { _ in
            ["shortcut": "new", "title": "New", "text": "New"]
        },
        "GET /canned_responses/:id": .init(.view),
        "PATCH /canned_responses/:id": .init(.manage) { _ in ["title": "Renamed"] },
        "DELETE /canned_responses/:id": .init(.manage),
    ]

    private static let telling: [String: AccessRow] = [
        "GET /accounts/:id/calendar_feeds": .init(.manage),
        "POST /accounts/:id/calendar_feeds": .init(.manage) { _ in ["detail": "busy"] },
        "DELETE /calendar_feeds/:id": .init(.manage),
        "GET /staff/:id/calendar_sources": .init(.manage),
        "POST /staff/:id/calendar_sources": .init(.manage) { _ in
            ["url": "https://192.0.2.1/a.ics"]
        },
        "GET /resources/:id/calendar_sources": .init(.manage),
        "POST /resources/:id/calendar_sources": .init(.manage) { _ in
            ["url": "https://192.0.2.1/a.ics"]
        },
        "GET /calendar_sources/:id": .init(.manage),
        "PATCH /calendar_sources/:id": .init(.manage) { _ in ["name": "Renamed"] },
        "POST /calendar_sources/:id/refresh": .init(.manage),
        "DELETE /calendar_sources/:id": .init(.manage),
        "GET /accounts/:id/webhooks": .init(.manage),
        "POST /accounts/:id/webhooks": .init(.manage) { _ in
            ["url": "https://192.0.2.2/", "events": ["*"]]
        },
        "GET /webhooks/:id": .init(.manage),
        "PATCH /webhooks/:id": .init(.manage) { _ in ["description": "Changed"] },
        "DELETE /webhooks/:id": .init(.manage),
        "POST /webhooks/:id/rotate_secret": .init(.manage),
        "POST /webhooks/:id/test": .init(.manage),
        "GET /webhooks/:id/deliveries": .init(.manage),
        "GET /webhook_deliveries/:id": .init(.manage),
        "POST /webhook_deliveries/:id/resend": .init(.manage),
    ]
}
