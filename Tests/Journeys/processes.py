"""What the journeys of several processes are made of: nodes, writers, readers, receivers."""

import http.client
import http.server
import json
import os
import random
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from harness import skip
from server import ROOT, Server

TOOL = ROOT / "tools" / "test-postgres.sh"


class Node(Server):
    """One more process on a database that is there already."""

    def __init__(self, name, database):
        self._given = database
        super().__init__(name, engine="sqlite")

    def _make_database(self):
        return self._given


def add_node(world, database):
    """Starts a node; it stops before the server that owns the database."""
    node = Node(f"{world.name}-node{len(world._servers) + 1}", database)
    world._servers.insert(0, node)
    return node.start()


class PrivatePostgres:
    """A PostgreSQL of this journey's own, which may be broken."""

    def __init__(self):
        if not os.environ.get("AUTOSECRETARY_TEST_POSTGRES"):
            skip("there is no PostgreSQL")
        self.folder = tempfile.mkdtemp(prefix="as-pg.", dir="/tmp")
        done = subprocess.run([TOOL, "start", self.folder], capture_output=True, text=True,
                              timeout=90, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        self.url = done.stdout.strip()
        self.bin = subprocess.run([TOOL, "bindir"], capture_output=True, text=True,
                                  check=True, cwd=ROOT).stdout.strip()

    def control(self, *arguments):
        command = [f"{self.bin}/pg_ctl", "--pgdata", f"{self.folder}/data",
                   "--log", f"{self.folder}/server.log", "--wait", *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)

    def remove(self):
        subprocess.run([TOOL, "stop", self.folder], check=False, capture_output=True, cwd=ROOT)


class Office:
    """A business with one inbox of channel `api`."""

    def __init__(self, server, config=None):
        server.create_user("ada@office.test", "Ada", "admin", "a long password")
        self.token = server.create_token("ada@office.test")
        self.account = server.api("POST", "/accounts", token=self.token, expect=201, json={
            "name": "Mane", "slug": "mane", "time_zone": "America/New_York"})["id"]
        self.inbox = server.api(
            "POST", f"/accounts/{self.account}/inboxes", token=self.token, expect=201,
            json={"name": "API", "channel": "api", "config": config or {}})["id"]

    def pages(self, server, path):
        """All rows of a list."""
        cursor = ""
        while cursor is not None:
            page = server.api("GET", f"{path}{'&' if '?' in path else '?'}limit=200"
                              + (f"&cursor={cursor}" if cursor else ""), token=self.token).body
            yield from page["data"]
            cursor = page["next_cursor"]

    def stored(self, server):
        """Ids of all incoming messages by their source."""
        found = {}
        for conversation in self.pages(server, f"/accounts/{self.account}/conversations"):
            for message in self.pages(server, f"/conversations/{conversation['id']}/messages"):
                assert message["source_id"] not in found, f"{message['source_id']} is doubled"
                found[message["source_id"]] = message["id"]
        return found

    def events(self, server):
        """The ids of all events, in order."""
        found, cursor = [], "0"
        while True:
            page = server.api("GET", f"/events?after={cursor}&limit=200", token=self.token,
                              headers={"Accept": "application/json"}).body
            if not page["data"]:
                return found
            found += [event["id"] for event in page["data"]]
            cursor = page["next_cursor"]


class Writer(threading.Thread):
    """Posts inbound messages until each is acknowledged, at one node and, if that is away, at
    the next."""

    def __init__(self, number, servers, office, count, pause=0.02):
        super().__init__(daemon=True)
        self.number, self.servers, self.office = number, servers, office
        self.count, self.pause = count, pause
        self.chance = random.Random(number)
        self.acknowledged, self.refused, self.strange = {}, 0, []

    def run(self):
        for index in range(self.count):
            source = f"w{self.number}-{index}"
            time.sleep(self.chance.uniform(0, self.pause))
            turn = self.number
            while not self.post(self.servers[turn % len(self.servers)], source):
                turn += 1
                time.sleep(0.05)

    def post(self, server, source):
        body = json.dumps({"source_id": source, "text": f"Message {source}",
                           "from": {"address": f"client-{self.number}"}})
        try:
            line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            line.request("POST", f"/api/v1/inboxes/{self.office.inbox}/inbound", body,
                         {"authorization": f"Bearer {self.office.token}",
                          "content-type": "application/json"})
            answer = line.getresponse()
            text = answer.read()
            line.close()
        except (OSError, http.client.HTTPException):
            return False
        if answer.status == 503:
            self.refused += 1
            if not answer.headers["retry-after"] or "problem+json" not in answer.headers["content-type"]:
                self.strange.append((503, dict(answer.headers)))
            return False
        if answer.status != 202:
            self.strange.append((answer.status, text))
            return answer.status < 500
        self.acknowledged[source] = json.loads(text)["message_id"]
        return True


class Reader(threading.Thread):
    """Follows the event stream from the beginning, hanging up now and then and resuming."""

    def __init__(self, servers, office, seed):
        super().__init__(daemon=True)
        self.servers, self.office, self.chance = servers, office, random.Random(seed)
        self.seen, self.cursors, self.connections, self.ends = [], [0], 0, False

    def run(self):
        while not self.ends:
            server = self.servers[self.connections % len(self.servers)]
            self.connections += 1
            try:
                self.follow(server, self.chance.randint(1, 120))
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)

    def follow(self, server, most):
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=2)
        headers = {"authorization": f"Bearer {self.office.token}"}
        if self.cursors[-1]:
            headers["last-event-id"] = str(self.cursors[-1])
        line.request("GET", "/api/v1/events?after=0", headers=headers)
        stream = line.getresponse()
        assert stream.status in (200, 503), stream.status
        got, cursor = 0, None
        try:
            while not self.ends and got < most:
                text = stream.readline().decode()
                if not text:
                    return
                if text.startswith("id: "):
                    cursor = int(text[4:])
                elif text.startswith("data: ") and cursor is not None:
                    self.seen.append(json.loads(text[6:])["id"])
                    self.cursors.append(cursor)
                    got, cursor = got + 1, None
        finally:
            line.close()

    def expect(self, wanted):
        """Every event once and in order."""
        deadline = time.monotonic() + 20
        while len(self.seen) < len(wanted) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.ends = True
        self.join(timeout=10)
        assert self.cursors == sorted(set(self.cursors)), "not in order, or twice"
        assert self.seen == wanted, f"{len(self.seen)} events seen of {len(wanted)}"
        assert self.connections > 3, "there were no reconnects"


class Receiver(http.server.ThreadingHTTPServer):
    """The program that gets outgoing messages: counts them by their idempotency key."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, failing=0.0):
        self.calls, self.lock = [], threading.Lock()
        self.chance, self.failing = random.Random(1), failing
        super().__init__(("127.0.0.1", 0), _Hook)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/hook"

    def counts(self):
        with self.lock:
            found = {}
            for key in self.calls:
                found[key] = found.get(key, 0) + 1
            return found


class _Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        with self.server.lock:
            fails = self.server.chance.random() < self.server.failing
            pause = self.server.chance.uniform(0, 0.03)
            if not fails:
                self.server.calls.append(self.headers["idempotency-key"])
        time.sleep(pause)
        self.send_response(500 if fails else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def finish(threads, seconds=60):
    for thread in threads:
        thread.join(timeout=seconds)
        assert not thread.is_alive(), "a writer did not finish"
