"""What an operator does: back up a busy office and bring it back, stop a server, ask the doctor."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import time

from harness import Server, journey, skip
from server import ROOT, binary


def run(server, *arguments):
    """The command line as it is, with the server's environment; answers code and output."""
    done = subprocess.run([binary(), *arguments], cwd=ROOT, env=server.env, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def furnish(server):
    """An admin, a business and an inbox; answers token, account and inbox."""
    server.create_user("ada@office.test", "Ada", "admin", "a long password")
    token = server.create_token("ada@office.test")
    account = server.api("POST", "/accounts", token=token, expect=201, json={
        "name": "Mane", "slug": "mane", "time_zone": "America/New_York"})["id"]
    inbox = server.api("POST", f"/accounts/{account}/inboxes", token=token, expect=201, json={
        "name": "API", "channel": "api", "config": {}})["id"]
    return token, account, inbox


class Writer(threading.Thread):
    """Delivers messages until told to stop; remembers what was acknowledged."""

    def __init__(self, number, server, inbox, token):
        super().__init__(daemon=True)
        self.number, self.server, self.inbox, self.token = number, server, inbox, token
        self.acknowledged, self.stopping, self.wrong = [], threading.Event(), []

    def run(self):
        while not self.stopping.is_set():
            source = f"w{self.number}-{len(self.acknowledged)}"
            answer = self.server.request(
                "POST", f"/api/v1/inboxes/{self.inbox}/inbound", token=self.token, json={
                    "source_id": source, "text": f"Message {source} ☂",
                    "from": {"address": f"client-{self.number}"}})
            if answer.status != 202:
                self.wrong.append(answer.status)
                return
            self.acknowledged.append(source)


def messages(server, token, account):
    """The texts of all messages by their source, in order."""
    found = {}
    conversations = server.api(
        "GET", f"/accounts/{account}/conversations?limit=200", token=token)["data"]
    for conversation in conversations:
        cursor = ""
        while cursor is not None:
            page = server.api(
                "GET", f"/conversations/{conversation['id']}/messages?limit=200"
                + (f"&cursor={cursor}" if cursor else ""), token=token)
            found |= {item["source_id"]: item["text"] for item in page["data"]}
            cursor = page["next_cursor"]
    return found


def drill(world, engine):
    server = world.server(engine=engine)
    token, account, inbox = furnish(server)
    writers = [Writer(number, server, inbox, token) for number in range(4)]
    for writer in writers:
        writer.start()
    while sum(len(writer.acknowledged) for writer in writers) < 200:
        assert all(writer.is_alive() for writer in writers), [w.wrong for w in writers]
        time.sleep(0.01)
    before = [list(writer.acknowledged) for writer in writers]
    archive = str(server.folder / "office.tar")
    code, text = run(server, "backup", "--database", server.database, "--to", archive)
    assert code == 0 and server.engine in text, text
    after = [len(writer.acknowledged) for writer in writers]
    while sum(len(writer.acknowledged) for writer in writers) < sum(after) + 50:
        time.sleep(0.01)
    for writer in writers:
        writer.stopping.set()
        writer.join(timeout=30)
        assert not writer.wrong and not writer.is_alive()
    assert run(server, "backup", "verify", archive)[0] == 0
    # Over what is there: only by force, and not while the server uses it.
    for force in ((), ("--force",)):
        code, text = run(
            server, "restore", "--database", server.database, "--from", archive, *force)
        assert code == 1 and ("not empty" in text or "in use" in text or "stop" in text), text
    # Another place: the drill.
    copy = Server(f"{world.name}-copy", engine=server.engine)
    try:
        print(copy.cli("restore", "--from", archive))
        copy.start()
        kept, live = messages(copy, token, account), messages(server, token, account)
        assert 200 <= len(kept) < len(live)
        assert all(live[source] == text for source, text in kept.items())
        for sources in before:
            assert all(source in kept for source in sources), "acknowledged before, and not in it"
        # It goes on working: the next message follows.
        again = copy.api("POST", f"/inboxes/{inbox}/inbound", token=token, expect=202, json={
            "source_id": before[0][0], "text": "x", "from": {"address": "client-0"}})
        assert again["message_id"]
        assert len(messages(copy, token, account)) == len(kept)
        fresh = copy.api("POST", f"/inboxes/{inbox}/inbound", token=token, expect=202, json={
            "source_id": "after", "text": "After", "from": {"address": "client-0"}})
        assert fresh["message_id"] != again["message_id"]
    finally:
        copy.remove()


@journey(seconds=180)
def a_busy_office_is_backed_up_and_brought_back_on_sqlite(world):
    drill(world, "sqlite")


@journey(seconds=180)
def a_busy_office_is_backed_up_and_brought_back_on_postgresql(world):
    drill(world, "postgres")


@journey
def a_damaged_backup_is_refused(world):
    server = world.server(engine="sqlite")
    furnish(server)
    archive = server.folder / "office.tar"
    assert run(server, "backup", "--database", server.database, "--to", str(archive))[0] == 0
    assert run(server, "backup", "--database", server.database, "--to", str(archive))[0] == 1
    content = bytearray(archive.read_bytes())
    content[40_000] ^= 1
    archive.write_bytes(content)
    code, text = run(server, "backup", "verify", str(archive))
    assert code == 1 and "damaged" in text, text
    target = server.folder / "target.db"
    code, text = run(server, "restore", "--database", f"sqlite:{target}", "--from", str(archive))
    assert code == 1 and not target.exists(), text


class Stream(threading.Thread):
    """Reads a stream of events to its end."""

    def __init__(self, server, token):
        super().__init__(daemon=True)
        self.server, self.token, self.text, self.opened = server, token, "", threading.Event()

    def run(self):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        line.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {self.token}",
                                                       "Accept": "text/event-stream"})
        answer = line.getresponse()
        while part := answer.readline():
            self.text += part.decode()
            self.opened.set()


@journey
def a_stop_finishes_what_has_begun(world):
    server = world.server(env={"AUTOSECRETARY_DRAIN_NOTICE": "2",
                               "AUTOSECRETARY_LOG_FORMAT": "json"})
    token, _, _ = furnish(server)
    stream = Stream(server, token)
    stream.start()
    assert stream.opened.wait(10)
    numbers = server.request("GET", "/metrics", expect=200).body
    assert "autosecretary_event_streams 1\n" in numbers
    # A request that has begun: its body is still on the way.
    body = json.dumps({"name": "Slow", "slug": "slow", "time_zone": "Europe/Paris"}).encode()
    slow = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    slow.sendall(b"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\n"
                 b"Content-Type: application/json\r\nX-Request-Id: slow-request-1\r\n"
                 + f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                 + body[:10])
    time.sleep(0.2)
    process = server.process
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    # At once it is not ready; those who come all the same are served.
    while server.request("GET", "/readyz").status == 200:
        assert time.monotonic() - began < 1, "/readyz still says yes"
    assert server.request("GET", "/readyz", expect=503)["status"] == "stopping"
    server.api("GET", "/accounts", token=token, expect=200)
    while time.monotonic() - began < 10:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            break
        time.sleep(0.05)
    noticed = time.monotonic() - began
    assert 1.5 <= noticed < 8, f"took requests for {noticed:.1f} s"
    # Streams are told when to come back, and closed.
    stream.join(timeout=5)
    assert not stream.is_alive(), "the stream is still open"
    assert stream.text.rstrip().splitlines()[-1].startswith("retry: "), stream.text[-200:]
    # The one that has begun is finished.
    assert process.poll() is None
    slow.sendall(body[10:])
    answer = slow.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 201"), answer[:200]
    assert b"X-Request-Id: slow-request-1" in answer, answer[:400]
    assert process.wait(10) == 0
    server.process = None
    lines = [json.loads(line) for line in server.log_path.read_text().splitlines() if line]
    assert any(line.get("request.id") == "slow-request-1" and line["http.status"] == 201
               and line["http.route"] == "/api/v1/accounts" for line in lines)
    assert lines[-1]["message"] == "Stopped"
    server.start()
    assert any(item["slug"] == "slow"
               for item in server.api("GET", "/accounts", token=token)["data"])


@journey
def a_stop_waits_for_nobody_for_ever(world):
    server = world.server(env={"AUTOSECRETARY_DRAIN_LIMIT": "2"})
    token, _, _ = furnish(server)
    stuck = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    stuck.sendall(b"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\n"
                  b"Content-Type: application/json\r\n"
                  + f"Authorization: Bearer {token}\r\nContent-Length: 900\r\n\r\n".encode() + b"{")
    time.sleep(0.2)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 8


@journey
def the_doctor_finds_what_is_wrong(world):
    server = world.server(engine="sqlite")
    furnish(server)
    path = server.database.removeprefix("sqlite:")
    os.chmod(path, 0o600)

    def examine():
        code, text = run(server, "doctor", "--json", "--database", server.database)
        report = json.loads(text)
        assert report["ok"] == (code == 0)
        return code, {item["check"]: item for item in report["findings"] if item["mark"] == "bad"}

    code, bad = examine()
    assert code == 0, bad
    code, text = run(server, "doctor", "--database", server.database)
    assert code == 0 and "✓ integrity" in text and "✓ migrations" in text and "✗" not in text, text
    server.stop()
    # The key is open to others.
    key = path + ".key"
    if os.path.exists(key):
        os.chmod(key, 0o644)
        code, bad = examine()
        assert code == 1 and "chmod 600" in bad["secret key"]["advice"], bad
        os.chmod(key, 0o600)
    # A job that died, and a row that points at nothing.
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("INSERT INTO jobs (id, kind, payload, state, run_at, created_at)"
                         " VALUES ('job_dead', 'message.deliver', '{}', 'dead', 0, 0)")
    database.close()
    code, text = run(server, "doctor", "--database", server.database)
    assert code == 0 and "! jobs" in text and "message.deliver (1)" in text, text
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("UPDATE memberships SET user_id = 'user_nobody'")
        database.execute("INSERT INTO memberships SELECT id, 'user_nobody', 'owner', 0 FROM accounts")
    database.close()
    code, bad = examine()
    assert code == 1 and "points at nothing" in bad["integrity"]["found"], bad
    code, text = run(server, "doctor", "--database", "sqlite:" + path + ".nowhere")
    assert code == 1 and "✗ database" in text and not os.path.exists(path + ".nowhere"), text


@journey
def the_doctor_looks_at_postgresql(world):
    if not os.environ.get("AUTOSECRETARY_TEST_POSTGRES"):
        skip("there is no PostgreSQL")
    server = world.server(engine="postgres")
    furnish(server)
    code, text = run(server, "doctor", "--database", server.database)
    assert code == 0 and "✓ database: PostgreSQL" in text and "✓ integrity" in text, text
    code, text = run(server, "doctor", "--database", "postgres://nobody@127.0.0.1:1/none")
    assert code == 1 and "✗ database" in text, text
