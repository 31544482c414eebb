"""Growth for tools/bench.py: the same calls with ten times the data."""

import statistics
import subprocess
import time

# Made by SQL: through the API this would take longer than measuring. Business 0 is the one that is
# measured; of it and of every other one, {first} to {last} are the numbers of its contacts, each
# with a conversation, ten messages with their events, and an appointment long ago.
NUMBERS = """WITH RECURSIVE
    businesses (n) AS (
        SELECT {business} UNION ALL SELECT n + 1 FROM businesses WHERE n < {last_business}),
    people (k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM people WHERE k < {last}),
    ten (m) AS (SELECT 1 UNION ALL SELECT m + 1 FROM ten WHERE m < 10)
"""
ACCOUNT = "CASE n WHEN 0 THEN '{account}' ELSE 'acct_g' || n END"
LONG_AGO = 1_700_000_000_000
HOUR = f"{LONG_AGO} + CAST(k AS BIGINT) * 3600000"
BUSINESS_ROWS = [
    f"""INSERT INTO accounts (id, slug, name, time_zone, locale, currency, state, created_at)
        {{numbers}} SELECT {ACCOUNT}, 'grown-' || n, 'Grown ' || n, 'Europe/London', 'en', 'GBP',
            'active', {LONG_AGO} FROM businesses""",
    f"""INSERT INTO services (id, account_id, name, duration_minutes, rules, created_at)
        {{numbers}} SELECT 'svc_g' || n, {ACCOUNT}, 'Cut', 30, '{{{{}}}}', {LONG_AGO}
        FROM businesses""",
]
INBOX = f"""INSERT INTO inboxes (id, account_id, name, channel, config, created_at)
        {{numbers}} SELECT 'inb_g' || n, {ACCOUNT}, 'API', 'api', '{{{{}}}}', {LONG_AGO}
        FROM businesses"""
PEOPLE_ROWS = [
    f"""INSERT INTO contacts (id, account_id, name, search, created_at)
        {{numbers}} SELECT 'ctct_g' || n || '_' || k, {ACCOUNT}, 'Person ' || k,
            'person ' || k, {LONG_AGO} FROM businesses CROSS JOIN people""",
    f"""INSERT INTO contact_points (account_id, contact_id, channel, address, created_at)
        {{numbers}} SELECT {ACCOUNT}, 'ctct_g' || n || '_' || k, 'api', 'person-' || k, {LONG_AGO}
        FROM businesses CROSS JOIN people""",
    f"""INSERT INTO conversations (id, account_id, contact_id, inbox_id, status, last_message_at,
            preview, resolved_at, created_at)
        {{numbers}} SELECT 'conv_g' || n || '_' || k, {ACCOUNT}, 'ctct_g' || n || '_' || k,
            'inb_g' || n, 'resolved', {LONG_AGO} + k, 'Thank you', {LONG_AGO} + k, {LONG_AGO}
        FROM businesses CROSS JOIN people""",
    f"""INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction, text, status,
            created_at)
        {{numbers}} SELECT 'msg_g' || n || '_' || k || '_' || m, {ACCOUNT},
            'conv_g' || n || '_' || k, 'inb_g' || n, 'incoming', 'Thank you', 'delivered',
            {LONG_AGO} + k * 10 + m
        FROM businesses CROSS JOIN people CROSS JOIN ten""",
    f"""INSERT INTO events (sequence, id, account_id, type, subject, payload, occurred_at)
        {{numbers}} SELECT (SELECT MAX(sequence) FROM events)
                + ROW_NUMBER() OVER (ORDER BY n, k, m),
            'evt_g' || n || '_' || k || '_' || m, {ACCOUNT}, 'message.received',
            'msg_g' || n || '_' || k || '_' || m, '{{{{}}}}', {LONG_AGO} + k * 10 + m
        FROM businesses CROSS JOIN people CROSS JOIN ten""",
    f"""INSERT INTO appointments (id, account_id, status, service_id, contact_id, starts_at,
            ends_at, staff_ids, resource_ids, created_at)
        {{numbers}} SELECT 'appt_g' || n || '_' || k, {ACCOUNT}, 'completed', 'svc_g' || n,
            'ctct_g' || n || '_' || k, {HOUR}, {HOUR} + 1800000, '', '', {LONG_AGO}
        FROM businesses CROSS JOIN people""",
    f"""INSERT INTO allocations (id, account_id, appointment_id, party_id, starts_at, ends_at)
        {{numbers}} SELECT 'alloc_g' || n || '_' || k, {ACCOUNT}, 'appt_g' || n || '_' || k,
            CASE n WHEN 0 THEN '{{staff}}' ELSE 'staff_g' || n END, {HOUR}, {HOUR} + 1800000
        FROM businesses CROSS JOIN people""",
]
# The conversation that is measured grows too.
LONG_CONVERSATION = f"""INSERT INTO messages (id, account_id, conversation_id, inbox_id, direction,
            text, status, created_at)
        {{numbers}} SELECT 'msg_h' || k, '{{account}}', '{{conversation}}', '{{inbox}}', 'incoming',
            'Thank you', 'delivered', {LONG_AGO} + k FROM people"""


def run(server, statements):
    """Executes them in one transaction, the server being stopped."""
    if server.engine == "sqlite":
        import sqlite3
        with sqlite3.connect(server.database.removeprefix("sqlite:")) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
    else:
        done = subprocess.run(
            ["psql", server.database, "-q1", "-v", "ON_ERROR_STOP=1"],
            input=";\n".join(statements) + ";\n", text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        # What autovacuum does a minute later by itself.
        subprocess.run(["psql", server.database, "-qc", "VACUUM ANALYZE"], check=True)


def fill(office, businesses, people):
    """Other businesses `businesses`, 100 contacts each; contacts `people` of the measured one."""
    def text(statement, others, contacts):
        numbers = NUMBERS.format(business=others[0], last_business=others[1], first=contacts[0],
                                 last=contacts[1])
        return statement.replace("{numbers}", numbers).format(
            account=office.account, staff=office.staff, conversation=office.conversation,
            inbox=office.inbox)
    first = people[0] == 1
    office.server.stop()
    run(office.server, [
        *(text(row, businesses, (1, 100)) for row in (*BUSINESS_ROWS, INBOX, *PEOPLE_ROWS)),
        *([text(BUSINESS_ROWS[1], (0, 0), (1, 1)), text(INBOX, (0, 0), (1, 1))] if first else []),
        *(text(row, (0, 0), people) for row in (*PEOPLE_ROWS, LONG_CONVERSATION))])
    office.server.start()


def middle(act, times):
    # By then every connection of the pool has prepared its statements.
    for number in range(48):
        act(-1 - number)
    taken = []
    for number in range(times):
        started = time.perf_counter()
        act(number)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def measure(office, times):
    account = office.account
    calls = {
        "a message comes in": lambda n: office.api(
            "POST", f"/inboxes/{office.inbox}/inbound", {
                "source_id": f"grow-{n}-{time.monotonic_ns()}", "text": "Hello",
                "from": {"address": f"visitor-{n % 50}"}}),
        "conversations of a business": lambda n: office.api(
            "GET", f"/accounts/{account}/conversations?limit=50"),
        "messages of a conversation": lambda n: office.api(
            "GET", f"/conversations/{office.conversation}/messages"),
        "contacts of a business": lambda n: office.api("GET", f"/accounts/{account}/contacts"),
        "search among its contacts": lambda n: office.api(
            "GET", f"/accounts/{account}/contacts?query=visitor+7"),
        "free times of a week": lambda n: office.api(
            "GET", f"/accounts/{account}/availability?service_id={office.service}"
                   "&from=2027-03-01T00:00:00Z&to=2027-03-08T00:00:00Z"),
        "statistics of a month": lambda n: office.api(
            "GET", f"/accounts/{account}/statistics"
                   "?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"),
        "the desk's page": lambda n: office.server.request(
            "GET", "/desk", headers={"Cookie": office.cookie}, expect=200),
        "a conversation on the desk": lambda n: office.server.request(
            "GET", f"/desk/conversations/{office.conversation}",
            headers={"Cookie": office.cookie}, expect=200),
        "events after a cursor": lambda n: office.server.request(
            "GET", "/api/v1/events?after=10", token=office.token,
            headers={"Accept": "application/json"}, expect=200),
    }
    return {name: middle(act, times) for name, act in calls.items()}


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
        times = 20 if quick else 100
        fill(office, (1, businesses), (1, 500))
        office.cookie = office.session()
        one = measure(office, times)
        fill(office, (businesses + 1, businesses * 10), (501, 5000))
        ten = measure(office, times)
    finally:
        office.remove()
    return [(name, one[name], ten[name]) for name in one]
