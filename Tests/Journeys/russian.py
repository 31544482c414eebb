"""An office in which everybody has a Cyrillic name, and a reader who finds what is left of English.

Whatever Latin word a Russian page of this office shows is the program's own.
"""

import re

NOW = "2026-11-23T09:00:00Z"
PASSWORD = "длинный пароль"
OWNER, RECEPTIONIST, ADMIN = "olga@office.test", "rita@office.test", "ada@office.test"

# Latin that is right in a Russian page: our name, addresses, codes, names of programs and zones.
ALLOWED = re.compile(
    r"Autosecretary|\S+@\S+|(?:https?|tel|wss?)://\S*|\S+\.(?:com|test|js)\b|\*\.\S+"
    r"|\{\{[\w.]+\}\}|\b[A-Z]{3,5}\b|\b[A-Z]\w+/[A-Z]\w+|\bUTC\b"
    r"|Telegram|WhatsApp|Messenger|API|CRM|Enter|Esc|Ctrl|Shift|Tab"
    r"|\ba–z\b|\bway-to-us\b|/privet|· master\b|English|“[^”]*”")
LATIN = re.compile(r"[A-Za-z]{2,}(?:[ '’-][A-Za-z]+)*")

# Everything that people see or hear; code is the same in every language.
WORDS = """() => {
  const found = [document.title];
  const hidden = (node) => node.closest('code, pre, kbd, script, style, svg, datalist, [lang]:not(html)');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!hidden(parent)) found.push(walker.currentNode.data);
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const node of document.querySelectorAll(`[${name}]`))
      if (!hidden(node)) found.push(node.getAttribute(name));
  return found.map((text) => text.trim()).filter(Boolean);
}"""


class RussianOffice:
    """A server with one business: staff, services, a talk, appointments and inquiries."""

    def __init__(self, world):
        self.world = world
        self.server = server = world.server(test_clock=NOW)
        server.create_user(ADMIN, "Ада Ветрова", "admin", PASSWORD)
        server.create_user(RECEPTIONIST, "Рита Зимина", "receptionist", PASSWORD)
        self.token = server.create_token(ADMIN)
        self.account = self.post("/accounts", {
            "name": "Мастерская «Константинопольская-Преображенская»", "slug": "master",
            "time_zone": "Europe/Moscow",
            "currency": "RUB", "locale": "ru"})["id"]
        server.create_user(OWNER, "Ольга Юрьева", "owner", PASSWORD, account="master")
        self._fill_catalogue()
        self._fill_words()
        self._fill_talks()

    def api(self, method, path, json=None):
        return self.server.api(method, path, json=json, token=self.token)

    def post(self, path, json):
        return self.api("POST", path, json)

    def _fill_catalogue(self):
        here = f"/accounts/{self.account}"
        self.api("PUT", f"{here}/schedule", {
            "weekly": [{"weekday": day, "start": "09:00", "end": "20:00"} for day in range(1, 6)],
            "overrides": [{"date": "2026-12-31", "windows": []}]})
        for name in ("Мария", "Тимур"):
            self.staff = self.post(f"{here}/staff", {"name": name})["id"]
        self.room = self.post(f"{here}/resources", {"name": "Первый", "kind": "кабинет"})["id"]
        self.service = self.post(f"{here}/services", {
            "name": "Стрижка", "duration_minutes": 45, "min_notice_minutes": 0,
            "price": {"amount": 199000, "currency": "RUB"},
            "requires": [{"pool": "staff", "count": 1}]})["id"]

    def _fill_words(self):
        here = f"/accounts/{self.account}"
        self.api("PUT", f"{here}/guidance", {
            "greeting": "Здравствуйте!", "steps": [{"title": "Имя", "say": "Как вас зовут?"}]})
        self.article = self.post(f"{here}/knowledge", {
            "question": "Есть ли парковка?", "answer": "Во дворе."})["id"]
        self.reply = self.post(f"{here}/canned_responses", {
            "shortcut": "privet", "title": "Привет", "text": "Здравствуйте!"})["id"]
        self.inbox = self.post(f"{here}/inboxes", {
            "name": "Сайт", "channel": "web_chat", "config": {"greeting": "Здравствуйте!"}})["id"]

    def _fill_talks(self):
        here = f"/accounts/{self.account}"
        inbox = self.post(f"{here}/inboxes", {"name": "Программа", "channel": "api"})["id"]
        talk = self.post(f"/inboxes/{inbox}/inbound", {
            "source_id": "1", "text": "Можно записаться?",
            "from": {"address": "1", "name": "Дана"}})
        self.conversation = talk["conversation_id"]
        for kind, outcome, channel in (
                ("booking", "booked", "web_chat"), ("question", "answered", "phone"),
                ("hard_question", None, "email"), ("complaint", "passed_on", "sms"),
                ("suggestion", "called_back", "telegram"), ("order", "lost", None),
                ("other", "spam", "whatsapp")):
            inquiry = {"kind": kind, "topic": "Покраска", "disposition": outcome,
                       "channel": channel, "conversation_id": self.conversation}
            self.post(f"{here}/inquiries", {
                name: value for name, value in inquiry.items() if value})
        self.appointment = self.post(f"{here}/appointments", {
            "service_id": self.service, "start": "2026-11-23T12:00:00Z",
            "contact": {"name": "Дана"}})["id"]

    def page(self, email, **options):
        """Signed in, in a browser that asks for Russian."""
        page = self.world.page(self.server, locale="ru-RU", **options)
        self.world.sign_in(page, email, PASSWORD)
        return page


def leftovers(page):
    """Latin words that the page shows, each once, in its sentence."""
    found = {}
    for text in page.evaluate(WORDS):
        for word in LATIN.findall(ALLOWED.sub(" ", text)):
            found.setdefault(word, text[:120])
    return [f"{word!r} in {text!r}" for word, text in found.items()]


def expect_russian(page, paths):
    """Each of these pages answers in Russian, shows nothing in English and is not too wide."""
    wrong = []
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, f"{path} answered {answer.status}"
        assert page.locator("html").get_attribute("lang") == "ru", path
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{path} is {wide} px too wide"] if wide > 0 else []
        wrong += [f"{path}: {line}" for line in leftovers(page)]
    assert not wrong, "\n".join(wrong)
