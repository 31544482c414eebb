"""Several processes on one PostgreSQL, and one that dies: nothing is lost, nothing comes twice."""

import threading
import time

from harness import journey
from processes import Office, PrivatePostgres, Reader, Receiver, Writer, add_node, finish

WRITERS = 32


def every_event_once(world, engine):
    first = world.server(engine=engine)
    nodes = [first] if engine == "sqlite" else [first, add_node(world, first.database)]
    office = Office(first)
    readers = [Reader([node], office, seed) for seed, node in enumerate(nodes)]
    writers = [Writer(number, nodes, office, 15) for number in range(WRITERS)]
    for thread in readers + writers:
        thread.start()
    finish(writers)
    wanted = office.events(first)
    assert len(wanted) >= WRITERS * 15
    for reader in readers:
        reader.expect(wanted)
    assert not [strange for writer in writers for strange in writer.strange]
    expect_kept(office, first, writers)


def expect_kept(office, server, writers):
    stored = office.stored(server)
    for writer in writers:
        assert len(writer.acknowledged) == writer.count
        for source, message in writer.acknowledged.items():
            assert stored.get(source) == message, f"{source} was acknowledged and is lost"


@journey(seconds=90)
def two_processes_tell_every_event_once_and_in_order(world):
    every_event_once(world, "postgres")


@journey(seconds=90)
def one_process_on_sqlite_tells_every_event_once_and_in_order(world):
    every_event_once(world, "sqlite")


@journey(seconds=90)
def a_node_dies_and_the_other_goes_on(world):
    first = world.server(engine="postgres")
    second = add_node(world, first.database)
    nodes, office = [first, second], Office(first)
    # Each begins at one of the nodes and goes on at the other, as behind a load balancer.
    readers = [Reader(nodes, office, 1), Reader([second], office, 2)]
    writers = [Writer(number, nodes, office, 30) for number in range(WRITERS)]
    for thread in readers + writers:
        thread.start()
    total = WRITERS * 30
    wait_for(lambda: acknowledged(writers) > total // 4)
    port, before = first.port, acknowledged(writers)
    first.kill()
    wait_for(lambda: acknowledged(writers) > before + total // 4)
    first.start_on(port)
    finish(writers)
    wanted = office.events(second)
    for reader in readers:
        reader.expect(wanted)
    assert not [strange for writer in writers for strange in writer.strange]
    expect_kept(office, second, writers)


def acknowledged(writers):
    return sum(len(writer.acknowledged) for writer in writers)


def wait_for(claim, seconds=40):
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


@journey(seconds=90)
def postgresql_restarts_under_load_and_nobody_restarts_us(world):
    postgres = PrivatePostgres()
    try:
        nodes = [add_node(world, postgres.url), add_node(world, postgres.url)]
        office = Office(nodes[0])
        processes = [node.process.pid for node in nodes]
        readers = [Reader([node], office, seed) for seed, node in enumerate(nodes)]
        writers = [Writer(number, nodes, office, 60, pause=0.15) for number in range(WRITERS)]
        for thread in readers + writers:
            thread.start()
        for part in (0.2, 0.5, 0.8):
            wait_for(lambda: acknowledged(writers) > WRITERS * 60 * part)
            postgres.control("restart", "-m", "immediate")
        finish(writers)
        refused = sum(writer.refused for writer in writers)
        strange = [strange for writer in writers for strange in writer.strange]
        assert not strange, f"{len(strange)} strange answers: {strange[:3]}"
        # A restart takes a second or two, and requests wait for longer than that.
        assert refused < WRITERS * 6, f"{refused} requests were refused"
        wanted = office.events(nodes[0])
        for reader in readers:
            reader.expect(wanted)
        expect_kept(office, nodes[0], writers)
        assert [node.process.pid for node in nodes] == processes

        # Away for longer than a request waits: an honest 503, and back by itself.
        postgres.control("stop", "-m", "immediate")
        wait_for(lambda: nodes[0].request("GET", "/readyz").status == 503)
        began = time.monotonic()
        answer = nodes[0].request("GET", f"/api/v1/accounts/{office.account}", token=office.token)
        assert answer.status == 503 and answer["code"] == "unavailable", answer
        assert answer.headers.get("Retry-After", answer.headers.get("retry-after"))
        assert time.monotonic() - began < 15
        postgres.control("start")
        for node in nodes:
            wait_for(lambda: node.request("GET", "/readyz").status == 200, 10)
            node.api("GET", f"/accounts/{office.account}", token=office.token)
            node.stop()
    finally:
        for node in list(world._servers):
            node.kill()
        postgres.remove()


def deliveries_survive(world, nodes, kills):
    """`kills` are what is done in turn while messages go out."""
    receiver = Receiver(failing=0.05)
    office = Office(nodes[0], {"webhook_url": receiver.url})
    conversations = [
        nodes[0].api("POST", f"/inboxes/{office.inbox}/inbound", token=office.token, json={
            "source_id": f"c{number}", "text": "Hello", "from": {"address": f"client-{number}"}},
        )["conversation_id"] for number in range(8)]
    sent = {conversation: [] for conversation in conversations}

    def talk(number, conversation):
        for index in range(30):
            key = {"Idempotency-Key": f"{number}-{index}"}
            turn = number
            while True:
                node = nodes[turn % len(nodes)]
                turn += 1
                try:
                    answer = node.api(
                        "POST", f"/conversations/{conversation}/messages", token=office.token,
                        json={"text": f"Answer {index}"}, headers=key)
                    sent[conversation].append(answer["id"])
                    break
                except (OSError, AssertionError) as error:
                    # Its answer may be lost with the process; then it is found below.
                    if "answer_lost" in str(error):
                        sent[conversation].append(None)
                        break
                    time.sleep(0.1)

    talkers = [threading.Thread(target=talk, args=pair, daemon=True)
               for pair in enumerate(conversations)]
    for talker in talkers:
        talker.start()
    for number, kill in enumerate(kills, 1):
        wait_for(lambda: len(receiver.counts()) > 240 * number / (len(kills) + 2))
        kill()
    finish(talkers)

    def messages(conversation):
        return [message for message in office.pages(
            nodes[-1], f"/conversations/{conversation}/messages")
            if message["direction"] == "outgoing"]

    wait_for(lambda: all(message["status"] == "sent" for conversation in conversations
                         for message in messages(conversation)), 60)
    counts, first = receiver.counts(), list(dict.fromkeys(receiver.calls))
    total = 0
    for conversation in conversations:
        ids = [message["id"] for message in messages(conversation)]
        total += len(ids)
        assert len(ids) == 30, f"{len(ids)} messages instead of 30"
        assert [id for id in sent[conversation] if id and id not in ids] == []
        assert [id for id in first if id in ids] == ids, "not in the order of the conversation"
    assert len(counts) == total, f"{len(counts)} of {total} arrived"
    twice = sum(count - 1 for count in counts.values())
    assert twice <= 16 * len(kills), f"{twice} came more than once"

    # What is settled stays settled.
    for node in nodes:
        if node.process:
            node.kill()
    for node in nodes:
        node.start()
    time.sleep(3)
    assert receiver.counts() == counts
    receiver.shutdown()


@journey(seconds=90)
def outgoing_messages_survive_kills_on_sqlite(world):
    server = world.server(engine="sqlite")

    def kill():
        server.kill()
        server.start_on(server.port)

    deliveries_survive(world, [server], [kill] * 4)


@journey(seconds=90)
def outgoing_messages_survive_the_loss_of_a_node(world):
    first = world.server(engine="postgres")
    second = add_node(world, first.database)
    deliveries_survive(world, [first, second], [first.kill])
