"""Load for tools/bench.py: wrk for rates, plain sockets for times of single messages."""

import asyncio
import json
import re
import subprocess
import time


def wrk(url, *, clients=8, seconds=5, headers=None, script=None):
    """Requests a second; fails when any of them was not a 2xx."""
    command = ["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", url]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    # A second that does not count: caches fill, connections open.
    subprocess.run(["1s" if part.startswith("-d") else part for part in command[:3]]
                   + ["-d1s", *command[4:]], check=True, capture_output=True)
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if wrong:
        raise AssertionError(f"{url}: {wrong[1]} answers were refusals\n{text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


class Line:
    """A kept HTTP/1.1 connection."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port):
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, method, path, headers, body=b""):
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await self.writer.drain()

    async def until(self, mark):
        return await self.reader.readuntil(mark)

    async def answer(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: (\d+)", head)
        body = await self.reader.readexactly(int(length[1])) if length else b""
        return int(head.split(" ", 2)[1]), body

    def close(self):
        self.writer.close()


async def latencies(office, *, rate, seconds):
    """Seconds from sending a message until an open stream shows it, one for each message."""
    headers = {"Authorization": f"Bearer {office.token}", "Content-Type": "application/json"}
    stream = await Line.open(office.server.port)
    await stream.send("GET", "/api/v1/events", headers | {"Accept": "text/event-stream"})
    await stream.until(b": connected")
    seen, sent, found = {}, {}, []

    async def read():
        while True:
            frame = await stream.until(b"\n\n")
            now = time.perf_counter()
            data = re.search(rb"^data: (.*)$", frame, re.M)
            if data and b"message.received" in frame:
                seen[json.loads(data[1])["subject"]] = now

    reading = asyncio.create_task(read())
    lines = [await Line.open(office.server.port) for _ in range(16)]
    queue = asyncio.Queue()

    async def post(line):
        while True:
            number = await queue.get()
            body = json.dumps({
                "source_id": f"timed-{number}", "text": "Good morning, do you have a time?",
                "from": {"address": f"visitor-{number % 60}"}}).encode()
            started = time.perf_counter()
            await line.send("POST", f"/api/v1/inboxes/{office.inbox}/inbound", headers, body)
            status, answer = await line.answer()
            assert status == 202, answer
            sent[json.loads(answer)["message_id"]] = started
            queue.task_done()

    posting = [asyncio.create_task(post(line)) for line in lines]
    begin = time.perf_counter()
    for number in range(rate * seconds):
        wait = begin + number / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        queue.put_nowait(number)
    await queue.join()
    await asyncio.sleep(0.5)
    for task in [reading, *posting]:
        task.cancel()
    found = [seen[message] - started for message, started in sent.items()]
    # The first second warms caches up.
    return found[rate:]
