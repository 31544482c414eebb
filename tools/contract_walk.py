"""A day at an office of its own: the calls that succeed.

Drawn requests seldom get past the first check of a field. The objects that these calls leave are
what contract.py draws requests for.
"""

import base64
import secrets
from datetime import datetime, timedelta


class Day:
    def __init__(self, office):
        self.office, self.ask = office, office.ask
        self.count = 0
        self.account = self.ask("POST", "/accounts", {
            "name": "Contract", "slug": "contract-" + secrets.token_hex(4),
            "time_zone": "Europe/London", "vertical": "hairdresser"})["id"]
        here = {"id": self.account}
        self.ask("PUT", "/accounts/{id}/schedule", {
            "weekly": [{"weekday": day, "start": "00:00", "end": "24:00"} for day in range(1, 8)],
            "overrides": [{"date": "2027-12-25", "windows": []}]}, **here)
        self.ask("PUT", "/accounts/{id}/booking_page", {"is_open": True}, **here)
        self.ask("PUT", "/accounts/{id}/booking_policy", {
            "cutoff_minutes": 60, "late_fee": {"amount": 500, "currency": "USD"},
            "no_show_fee": {"amount": 900, "currency": "USD"}, "words": "Be kind."}, **here)
        self.ask("PUT", "/accounts/{id}/notice_settings", {
            "reminders_minutes_before": [60], "silenced": ["booking_canceled"],
            "review_after_minutes": 30, "review_link": "https://example.com/review"}, **here)
        self.ask("GET", "/accounts/{id}/displaced", **here)
        self.ask("POST", "/accounts/{id}/displaced", {"action": "ask"}, want=200, **here)
        self.staff = self.make("staff")
        self.service = self.ask("POST", "/accounts/{id}/services", {
            "name": "Class", "duration_minutes": 30, "capacity": 5000, "horizon": {"days": 90},
            "limits": {"per_day": 90000}, "price": {"amount": 2500, "currency": "GBP"},
            "segments": [{"minutes": 30, "occupies": ["staff"]}],
            "requires": [{"pool": "staff", "members": [self.staff], "count": 1}]}, **here)["id"]
        self.inbox = self.make("inboxes")
        self.chat = self.ask("POST", "/accounts/{id}/inboxes", {
            "name": "Chat", "channel": "web_chat", "config": {"color": "#2563eb"}}, **here)["id"]
        self.visitor = self.ask(
            "POST", "/widget/v1/{inbox}/sessions", inbox=self.chat)["token"]
        self.now = datetime.fromisoformat(self.ask("GET", "/test_clock")["now"])
        start = (self.now + timedelta(days=2)).strftime("%Y-%m-%dT00:00:00Z")
        end = (self.now + timedelta(days=3)).strftime("%Y-%m-%dT00:00:00Z")
        self.span = {"from": start, "to": end}
        self.slots = self.ask("GET", "/accounts/{id}/availability", query={
            "service_id": self.service, **self.span}, **here)["slots"]

    def make(self, kind):
        """A new object of a kind, as the first word of its path names it; answers its id."""
        self.count += 1
        n, here = self.count, {"id": self.account}
        inside = {
            "staff": {"name": f"Alex {n}", "email": f"alex{n}@mail.example"},
            "resources": {"name": f"Room {n}", "kind": "room"},
            "services": {"name": f"Cut {n}", "duration_minutes": 45},
            "busy": {"of": "account", "start": "2031-01-01T00:00:00Z",
                     "end": "2031-01-02T00:00:00Z", "reason": "Holiday"},
            "contacts": {"name": f"Dana {n}", "contact_points": [
                {"channel": "email", "address": f"dana{n}@mail.example"}]},
            "inquiries": {"kind": "order", "topic": "Bread"},
            "knowledge": {"question": f"Where {n}?", "answer": "Here."},
            "canned_responses": {"shortcut": f"hello-{n}", "title": "Hello", "text": "Hello!"},
            "inboxes": {"name": f"Program {n}", "channel": "api"},
            "calendar_feeds": {"detail": "full"},
            "webhooks": {"url": "http://127.0.0.1:9/", "events": ["inquiry.*"], "is_active": False},
        }
        if kind == "calendar_sources":
            return self.ask("POST", "/staff/{id}/calendar_sources", {
                "url": "http://127.0.0.1:9/a.ics"}, id=self.make("staff"))["id"]
        if kind in inside:
            return self.ask("POST", f"/accounts/{{id}}/{kind}", inside[kind], **here)["id"]
        return getattr(self, "make_" + kind)()

    def make_accounts(self):
        return self.ask("POST", "/accounts", {
            "name": "Another", "slug": "another-" + secrets.token_hex(4),
            "time_zone": "Europe/London"})["id"]

    def make_users(self):
        return self.ask("POST", "/users", {
            "email": f"p{secrets.token_hex(4)}@mail.example", "name": "Pat",
            "role": "receptionist"})["id"]

    def make_user_id(self):
        return self.ask("POST", "/accounts/{id}/members", {
            "email": f"m{secrets.token_hex(4)}@mail.example", "name": "Max", "role": "staff"},
            id=self.account)["id"]

    def make_tokens(self):
        user = self.make("users")
        self.ask("POST", "/users/{id}/tokens", {"name": "T", "scopes": ["read"]}, id=user)
        return self.ask("GET", "/users/{id}/tokens", id=user)["data"][0]["id"]

    def inbound(self):
        return self.ask("POST", "/inboxes/{id}/inbound", {
            "source_id": f"s{self.count}", "from": {"address": f"a{self.count}", "name": "Ana"},
            "text": "Hello", "attachments": [
                {"name": "a.txt", "data": base64.b64encode(b"Hello").decode()}]},
            want=202, id=self.inbox)

    def make_conversations(self):
        return self.inbound()["conversation_id"]

    def make_messages(self):
        return self.ask("POST", "/conversations/{id}/messages", {"text": "Hi"},
                        id=self.make("conversations"))["id"]

    def make_files(self):
        return self.ask("POST", "/accounts/{id}/files", b"A text.", id=self.account,
                        query={"name": "a.txt"})["id"]

    def slot(self):
        return self.slots[self.count % len(self.slots)]["start"]

    def make_waitlist(self):
        return self.ask("POST", "/accounts/{id}/waitlist", {
            "service_id": self.service, "contact": {"name": "Wanda"},
            # Beyond what can be booked now: nothing is offered.
            "from": "2027-10-01T00:00:00Z", "to": "2027-10-02T00:00:00Z"},
            id=self.account)["id"]

    def make_holds(self):
        return self.ask("POST", "/accounts/{id}/holds", {
            "service_id": self.service, "start": self.slot(), "ttl_seconds": 3600},
            id=self.account)["id"]

    def make_appointments(self):
        return self.ask("POST", "/accounts/{id}/appointments", {
            "service_id": self.service, "start": self.slot(), "contact": {"name": "Ivy"}},
            id=self.account)["id"]

    def make_webhook_deliveries(self):
        return self.ask("POST", "/webhooks/{id}/test", id=self.make("webhooks"))["id"]

    def make_contact_exports(self):
        return self.ask("POST", "/contacts/{id}/export", want=202, id=self.make("contacts"))["id"]

    def make_contact_erasures(self):
        return self.ask("POST", "/contacts/{id}/erase", {"confirm": f"Dana {self.count + 1}"},
                        want=202, id=self.make("contacts"))["id"]

    def walk(self):
        for part in (self.people, self.booking, self.talking, self.guiding, self.lists):
            part()

    def people(self):
        ask, here = self.ask, {"id": self.account}
        for path in ("/me", "/me/sessions", "/me/push_key", "/me/push_subscriptions", "/users",
                     "/audit", "/settings", "/settings/files", "/settings/retention", "/jobs",
                     "/canned_responses", "/accounts"):
            ask("GET", path)
        ask("PATCH", "/me", {"locale": "en"})
        ask("PUT", "/me/duty", {"is_on_duty": True}, want=204)
        browser = "https://push.example/" + secrets.token_hex(4)
        ask("POST", "/me/push_subscriptions", {"endpoint": browser, "keys": {
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6"
                      "SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}})
        ask("POST", "/me/push_subscriptions/end", {"endpoint": browser}, want=204)
        user = self.make("users")
        ask("GET", "/users/{id}", id=user)
        ask("POST", "/users/{id}/invitation", id=user)
        ask("POST", "/users/{id}/reset_link", id=user)
        ask("PATCH", "/users/{id}", {"name": "Paula"}, id=user, headers={"If-Match": '"1"'})
        ask("DELETE", "/users/{id}/sessions", id=user)
        ask("DELETE", "/tokens/{id}", id=self.make("tokens"))
        member = {"user_id": self.make("user_id"), **here}
        place = "/accounts/{id}/members/{user_id}"
        ask("GET", place, **member)
        ask("PATCH", place, {"role": "specialist"}, **member)
        ask("DELETE", place, **member)
        ask("GET", "/accounts/{id}/members", **here)
        ask("PATCH", "/accounts/{id}", {"phone": "+442071838750"}, **here)
        ask("PATCH", "/accounts/{id}/retention", {"messages": 90}, **here)
        ask("GET", "/accounts/{id}/retention", **here)
        ask("PATCH", "/settings/files", {"file_bytes": 2147483648})
        ask("PATCH", "/settings/retention", {"audit": None})
        ask("PATCH", "/settings", {"trial_days": 14})
        for path in ("/healthz", "/readyz", "/metrics", "/api/openapi.yaml"):
            ask("GET", path)

    def booking(self):
        ask, here = self.ask, {"id": self.account}
        hold = self.make("holds")
        ask("POST", "/holds/{id}/extend", {"ttl_seconds": 600}, want=200, id=hold)
        contact = self.make("contacts")
        booked = ask("POST", "/accounts/{id}/appointments", {
            "hold_id": hold, "contact_id": contact}, **here)["id"]
        ask("PATCH", "/appointments/{id}", {"start": self.slots[40]["start"]}, id=booked)
        ask("PATCH", "/appointments/{id}", {"notes": "x"}, want=412, id=booked,
            headers={"If-Match": '"1"'})
        ask("GET", "/appointments/{id}", id=booked)
        moving = {"service_id": self.service, "appointment_id": booked, **self.span}
        ask("GET", "/accounts/{id}/availability", query=moving, **here)
        ask("GET", "/accounts/{id}/availability", want=422, **here,
            query={**moving, "appointment_id": "appt_none"})
        for word in ("cancel", "complete", "no_show"):
            ask("POST", f"/appointments/{{id}}/{word}", want=200, id=self.make("appointments"))
        ask("DELETE", "/holds/{id}", id=self.make("holds"))
        ask("POST", "/waitlist/{id}/claim", {}, want=409, id=self.make("waitlist"))
        ask("DELETE", "/waitlist/{id}", id=self.make("waitlist"))
        only = ask("POST", "/accounts/{id}/services", {
            "name": "One", "duration_minutes": 30,
            "requires": [{"pool": "staff", "members": [self.make("staff")]}]}, **here)["id"]
        wish = {"service_id": only, "start": self.slot(), "contact_id": contact}
        ask("POST", "/accounts/{id}/appointments", wish, **here)
        ask("POST", "/accounts/{id}/appointments", wish, want=409, **here)
        feed = ask("POST", "/accounts/{id}/calendar_feeds", {"detail": "busy"}, id=self.account)
        again = ask("POST", "/accounts/{id}/calendar_feeds", {"detail": "full"}, id=self.account)
        self.calendar = again["path"].split("/")[-1]
        ask("GET", "/accounts/{id}/calendar_feeds", id=self.account)
        ask("DELETE", "/calendar_feeds/{id}", id=feed["id"])
        for kind in ("staff", "resources"):
            owner = self.make(kind)
            one = ask("POST", f"/{kind}/{{id}}/calendar_sources", {
                "name": "Private", "url": "http://127.0.0.1:9/a.ics", "password": "x"},
                id=owner)["id"]
            ask("GET", f"/{kind}/{{id}}/calendar_sources", id=owner)
            ask("GET", "/calendar_sources/{id}", id=one)
            ask("PATCH", "/calendar_sources/{id}", {"name": "Own"}, id=one)
            ask("POST", "/calendar_sources/{id}/refresh", want=202, id=one)
            ask("DELETE", "/calendar_sources/{id}", id=one)
        ask("GET", "/appointments/{id}/invitation.ics", id=self.make("appointments"))
        busy = self.make("busy")
        ask("GET", "/busy/{id}", id=busy)
        ask("DELETE", "/busy/{id}", id=busy)
        for kind in ("staff", "resources", "services"):
            one = self.make(kind)
            ask("GET", f"/{kind}/{{id}}", id=one)
            ask("PATCH", f"/{kind}/{{id}}", {"name": "Renamed"}, id=one)

    def talking(self):
        ask, here = self.ask, {"id": self.account}
        one = self.make("conversations")
        me = ask("GET", "/me")["user_id"]
        ask("GET", "/conversations/{id}", id=one)
        ask("GET", "/conversations/{id}/messages", id=one)
        ask("POST", "/conversations/{id}/messages", {
            "text": "", "attachments": [self.make("files")]}, id=one)
        ask("POST", "/conversations/{id}/messages", {"text": "A note", "private": True}, id=one)
        ask("POST", "/conversations/{id}/assign", {"user_id": me}, want=200, id=one)
        ask("POST", "/conversations/{id}/status", {
            "status": "snoozed", "snoozed_until": "2027-01-01T00:00:00Z"}, want=200, id=one)
        ask("POST", "/conversations/{id}/read", want=204, id=one)
        ask("POST", "/conversations/{id}/typing", {"state": "on"}, want=204, id=one)
        ask("POST", "/messages/{id}/receipts", {"status": "read"}, want=204,
            id=self.make("messages"))
        for kind in ("contacts", "inboxes", "inquiries"):
            one = self.make(kind)
            ask("GET", f"/{kind}/{{id}}", id=one)
            change = {"kind": "other"} if kind == "inquiries" else {"name": "Renamed"}
            ask("PATCH", f"/{kind}/{{id}}", change, id=one)
        for kind in ("contact_exports", "contact_erasures"):
            ask("GET", f"/{kind}/{{id}}", id=self.make(kind))
        ask("GET", "/accounts/{id}/contact_erasures", **here)
        ask("GET", "/events", query={"limit": 200})
        ask("GET", "/events", query={"account": "acct_none"}, want=404)
        self.files()
        self.widget()

    def files(self):
        ask = self.ask
        one = self.make("files")
        ask("GET", "/files/{id}", id=one)
        ask("GET", "/files/{id}/content", id=one)
        ask("GET", "/files/{id}/content", id=one, want=206, headers={"Range": "bytes=0-1"})
        ask("GET", "/files/{id}/content", id=one, want=416, headers={"Range": "bytes=90-"})
        ask("GET", "/files/{id}/content", id=one, want=304,
            headers={"If-None-Match": self.office.headers["ETag"]})
        ask("DELETE", "/files/{id}", id=one)
        tus = {"Tus-Resumable": "1.0.0"}
        ask("OPTIONS", "/accounts/{id}/files", want=204, id=self.account)
        one = ask("POST", "/accounts/{id}/files", id=self.account,
                  headers={"Upload-Length": "4", **tus})["id"]
        piece = {"Content-Type": "application/offset+octet-stream", **tus}
        ask("PATCH", "/files/{id}", b"ab", want=460, id=one, headers={
            "Upload-Offset": "0", "Upload-Checksum": "md5 AAAA", **piece})
        ask("PATCH", "/files/{id}", b"ab", want=204, id=one, headers={"Upload-Offset": "0", **piece})
        ask("PATCH", "/files/{id}", b"ab", want=409, id=one, headers={"Upload-Offset": "0", **piece})
        ask("PATCH", "/files/{id}", b"ab", want=412, id=one,
            headers={**piece, "Tus-Resumable": "9", "Upload-Offset": "2"})
        ask("HEAD", "/files/{id}", id=one)

    def widget(self):
        here = {"inbox": self.chat, "token": self.visitor}
        ask, base = self.ask, "/widget/v1/{inbox}"
        ask("GET", base + "/config", **here)
        file = ask("POST", base + "/files", b"%PDF-1.4", **here)["id"]
        ask("POST", base + "/messages", {"source_id": "1", "text": "Hi", "attachments": [file]},
            want=202, **here)
        shown = ask("GET", base + "/messages", **here)["data"][0]["attachments"][0]["url"]
        query = dict(pair.split("=") for pair in shown.split("?")[1].split("&"))
        ask("GET", base + "/files/{file}", file=file, query=query, **here)
        ask("POST", base + "/typing", {"state": "on"}, want=204, **here)
        talk = self.ask("GET", "/accounts/{id}/conversations", id=self.account,
                        query={"inbox": self.chat})["data"][0]["id"]
        answer = ask("POST", "/conversations/{id}/messages", {"text": "Yes?"}, id=talk)["id"]
        ask("POST", base + "/read", {"message_id": answer}, want=204, **here)

    def guiding(self):
        ask, here = self.ask, {"id": self.account}
        ask("PUT", "/accounts/{id}/guidance", {
            "greeting": "Hello", "steps": [{"title": "Name", "say": "Who is there?"}]}, **here)
        ask("GET", "/accounts/{id}/guidance", **here)
        for kind, change in (("knowledge", {"answer": "There."}),
                             ("canned_responses", {"title": "Hi"}),
                             ("webhooks", {"description": "CRM"})):
            one = self.make(kind)
            ask("GET", f"/{kind}/{{id}}", id=one)
            ask("PATCH", f"/{kind}/{{id}}", change, id=one)
            if kind == "knowledge":
                ask("POST", "/knowledge/{id}/use", want=200, id=one)
            ask("DELETE", f"/{kind}/{{id}}", id=one)
        ask("POST", "/canned_responses", {
            "shortcut": "bye-" + secrets.token_hex(4), "title": "Bye", "text": "Goodbye"})
        hook = self.make("webhooks")
        ask("POST", "/webhooks/{id}/rotate_secret", want=200, id=hook)
        sent = ask("POST", "/webhooks/{id}/test", id=hook)["id"]
        ask("GET", "/webhooks/{id}/deliveries", id=hook)
        ask("GET", "/webhook_deliveries/{id}", id=sent)
        ask("POST", "/webhook_deliveries/{id}/resend", id=sent)

    def lists(self):
        """Of every business: the demo's have what a year brings."""
        span = {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
        for account in self.ask("GET", "/accounts")["data"]:
            here = {"id": account["id"]}
            self.ask("GET", "/accounts/{id}", **here)
            self.ask("GET", "/accounts/{id}/schedule", **here)
            self.ask("GET", "/accounts/{id}/statistics", query=span, **here)
            self.ask("GET", "/events", query={"account": account["id"], "limit": 200})
            for kind in ("deliveries", "members", "staff", "resources", "services", "busy", "appointments",
                         "contacts", "inboxes", "conversations", "inquiries", "knowledge",
                         "canned_responses", "webhooks"):
                self.ask("GET", f"/accounts/{{id}}/{kind}", query={"limit": 200}, **here)

