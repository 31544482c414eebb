"""Nothing acknowledged is lost under `kill -9`, and sending again doubles nothing."""

import http.client
import json
import random
import threading
import time

from harness import journey

WRITERS = 8
MESSAGES_EACH = 250
KILLS = 3


class Writer(threading.Thread):
    """A program that delivers its messages one by one, and tries each until it is acknowledged."""

    def __init__(self, number, server, inbox, token):
        super().__init__(daemon=True)
        self.number, self.server, self.inbox, self.token = number, server, inbox, token
        self.acknowledged = {}
        self.changed = []
        self.tries = 0
        self.connection = None

    def run(self):
        for index in range(MESSAGES_EACH):
            source = f"w{self.number}-{index}"
            while not self.post(source):
                time.sleep(0.02)
            # Every tenth is sent once more: the answer must be the same.
            if index % 10 == 0:
                while not self.post(source):
                    time.sleep(0.02)

    def post(self, source):
        self.tries += 1
        body = json.dumps({"source_id": source, "text": f"Message {source}",
                           "from": {"address": f"client-{self.number}"}})
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=15)
            self.connection.request(
                "POST", f"/api/v1/inboxes/{self.inbox}/inbound", body,
                {"authorization": f"Bearer {self.token}", "content-type": "application/json"})
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return False
        if answer.status != 202:
            # A database that is just coming back may refuse; what is not acknowledged is resent.
            assert answer.status in (503, 500), f"{answer.status} {text}"
            return False
        message = json.loads(text)["message_id"]
        if self.acknowledged.setdefault(source, message) != message:
            self.changed.append(source)
        return True


def survive_kills(world, engine):
    server = world.server(engine=engine)
    server.create_user("ada@office.test", "Ada", "admin", "a long password")
    token = server.create_token("ada@office.test")
    account = server.api("POST", "/accounts", token=token, expect=201, json={
        "name": "Mane", "slug": "mane", "time_zone": "America/New_York"})["id"]
    inbox = server.api("POST", f"/accounts/{account}/inboxes", token=token, expect=201, json={
        "name": "API", "channel": "api", "config": {}})["id"]

    writers = [Writer(number, server, inbox, token) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    chance = random.Random(7)
    total = WRITERS * MESSAGES_EACH
    for kill in range(KILLS):
        goal = total * (kill + 1) / (KILLS + 1) * chance.uniform(0.7, 1.0)
        while sum(len(w.acknowledged) for w in writers) < goal and any(w.is_alive() for w in writers):
            time.sleep(0.005)
        server.kill()
        server.start()
    for writer in writers:
        writer.join(timeout=120)
        assert not writer.is_alive(), "a writer did not finish"

    stored = {}
    conversations = server.api(
        "GET", f"/accounts/{account}/conversations?limit=200", token=token, expect=200)["data"]
    assert len(conversations) == WRITERS, f"{len(conversations)} conversations"
    for conversation in conversations:
        cursor = ""
        while cursor is not None:
            page = server.api(
                "GET", f"/conversations/{conversation['id']}/messages?limit=200"
                + (f"&cursor={cursor}" if cursor else ""), token=token, expect=200).body
            for message in page["data"]:
                assert message["source_id"] not in stored, f"{message['source_id']} is doubled"
                stored[message["source_id"]] = message["id"]
            cursor = page["next_cursor"]
    for writer in writers:
        assert not writer.changed, f"another answer for {writer.changed[:3]}"
        for source, message in writer.acknowledged.items():
            assert stored.get(source) == message, f"{source} was acknowledged and is lost"
    assert len(stored) == total
    # The kills were felt: otherwise this would prove nothing.
    assert sum(w.tries for w in writers) > total + total // 10


@journey(seconds=300)
def nothing_acknowledged_is_lost_on_sqlite(world):
    survive_kills(world, "sqlite")


@journey(seconds=300)
def nothing_acknowledged_is_lost_on_postgresql(world):
    survive_kills(world, "postgres")
