"""Growth for tools/bench.py: the same calls with ten times the data."""

import statistics
import subprocess
import time

NUMBERS = """WITH RECURSIVE numbers (n) AS
    (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
"""

# Made by SQL: through the API this would take longer than measuring.
ROWS = [
    """INSERT INTO accounts (id, slug, name, time_zone, locale, currency, state, created_at)
       {numbers} SELECT 'acct_g' || n, 'grown-' || n, 'Grown ' || n, 'Europe/London', 'en', 'GBP',
           'active', 1700000000000 FROM numbers""",
    """INSERT INTO inboxes (id, account_id, name, channel, config, created_at)
       {numbers} SELECT 'inb_g' || n, 'acct_g' || n, 'API', 'api', '{{}}', 1700000000000
       FROM numbers""",
    """INSERT INTO contacts (id, account_id, name, search, created_at)
       {numbers} SELECT 'ctct_g' || n || '_' || k.k, 'acct_g' || n, 'Person ' || k.k,
           'person ' || k.k, 1700000000000
       FROM numbers CROSS JOIN (WITH RECURSIVE kk (k) AS
           (SELECT 1 UNION ALL SELECT k + 1 FROM kk WHERE k < 100) SELECT k FROM kk) k""",
    """INSERT INTO conversations (id, account_id, contact_id, inbox_id, status, last_message_at,
           preview, resolved_at, created_at)
       {numbers} SELECT 'conv_g' || n || '_' || k.k, 'acct_g' || n, 'ctct_g' || n || '_' || k.k,
           'inb_g' || n, 'resolved', 1700000000000 + k.k, 'Thank you', 1700000000000 + k.k,
           1700000000000
       FROM numbers CROSS JOIN (WITH RECURSIVE kk (k) AS
           (SELECT 1 UNION ALL SELECT k + 1 FROM kk WHERE k < 100) SELECT k FROM kk) k""",
    """INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction, text, status,
           created_at)
       {numbers} SELECT 'msg_g' || n || '_' || k.k, 'acct_g' || n,
           'conv_g' || n || '_' || (k.k % 100 + 1), 'inb_g' || n, 'incoming', 'Thank you',
           'delivered', 1700000000000 + k.k
       FROM numbers CROSS JOIN (WITH RECURSIVE kk (k) AS
           (SELECT 1 UNION ALL SELECT k + 1 FROM kk WHERE k < 1000) SELECT k FROM kk) k""",
]


def fill(office, first, last):
    """Businesses number `first` to `last`, each with 100 contacts and 1,000 messages."""
    server = office.server
    server.stop()
    for statement in ROWS:
        text = statement.format(numbers=NUMBERS.format(first=first, last=last))
        if server.engine == "sqlite":
            import sqlite3
            path = server.database.removeprefix("sqlite:")
            with sqlite3.connect(path) as connection:
                connection.execute(text)
            connection.close()
        else:
            subprocess.run(["psql", server.database, "-qc", text], check=True,
                           capture_output=True, text=True)
    if server.engine == "postgres":
        subprocess.run(["psql", server.database, "-qc", "ANALYZE"], check=True)
    server.start()


def median(act, times):
    for _ in range(3):
        act(-1)
    taken = []
    for number in range(times):
        started = time.perf_counter()
        act(number)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def measure(office, times, round_):
    account, staff = office.account, office.staff
    calls = {
        "message in": lambda n: office.api(
            "POST", f"/inboxes/{office.inbox}/inbound", {
                "source_id": f"grow-{round_}-{n}-{time.monotonic_ns()}", "text": "Hello",
                "from": {"address": f"visitor-{n % 60}"}}),
        "conversations of a business": lambda n: office.api(
            "GET", f"/accounts/{account}/conversations?limit=50"),
        "messages of a conversation": lambda n: office.api(
            "GET", f"/conversations/{office.conversation}/messages"),
        "search of contacts": lambda n: office.api(
            "GET", f"/accounts/{account}/contacts?query=visitor"),
        "free times of a week": lambda n: office.api(
            "GET", f"/accounts/{account}/availability?service_id={office.service}"
                   "&from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z"),
        "statistics of a week": lambda n: office.api(
            "GET", f"/accounts/{account}/statistics"
                   "?from=2026-11-01T00:00:00Z&to=2027-03-08T00:00:00Z"),
        "desk page": lambda n: office.server.request(
            "GET", "/desk", headers={"Cookie": office.cookie}, expect=200),
        "events after a cursor": lambda n: office.server.request(
            "GET", "/api/v1/events?after=1", token=office.token,
            headers={"Accept": "application/json"}, expect=200),
    }
    assert staff
    return {name: median(act, times) for name, act in calls.items()}


def growth(make, engine, quick):
    """(call, seconds with the data, seconds with ten times the data)."""
    businesses = 5 if quick else 20
    office = make(engine)
    try:
        account = office.account
        office.api("PUT", f"/accounts/{account}/schedule", {"weekly": [
            {"weekday": day, "start": "09:00", "end": "17:00"} for day in range(1, 6)]})
        office.staff = office.api("POST", f"/accounts/{account}/staff", {"name": "Maria"})["id"]
        office.service = office.api("POST", f"/accounts/{account}/services", {
            "name": "Cut", "duration_minutes": 45})["id"]
        listed = office.api("GET", f"/accounts/{account}/conversations?limit=1")
        office.conversation = listed["data"][0]["id"]
        times = 20 if quick else 60
        fill(office, 1, businesses)
        office.cookie = office.session()
        one = measure(office, times, 1)
        fill(office, businesses + 1, businesses * 10)
        ten = measure(office, times, 10)
    finally:
        office.server.remove()
    return [(name, one[name], ten[name]) for name in one]
