"""Load for tools/bench.py: wrk for rates, plain sockets for times of single messages."""

import asyncio
import json
import re
import socket
import subprocess
import time
from pathlib import Path

_runs = iter(range(1, 10**6))


def wrk(url, *, clients=8, seconds=5, headers=None, script=None):
    """Requests a second; fails when any of them was not a 2xx.

    A script is told a number that no run before had (`args[1]`), so that it makes new messages.
    """
    def run(length):
        command = ["wrk", "-t2", f"-c{clients}", f"-d{length}s"]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        if script:
            command += ["-s", str(script)]
        command += [url, "--", f"{next(_runs)}"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # A second that does not count: caches fill, connections open.
    run(1)
    text = run(seconds)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", text)
    if wrong or (broken and any(int(count) for count in broken.groups())):
        raise AssertionError(f"{url}: not all answers were good\n{text}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def memory(pid):
    """Resident bytes of a process."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def seconds_until_ready(command, port, **options):
    """Starts a server; answers it and the time until /readyz said 200."""
    ask = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    started = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        **options)
    while time.monotonic() - started < 30:
        if process.poll() is not None:
            raise AssertionError(f"{command} ended with {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
                line.sendall(ask)
                if b" 200 " in line.recv(64):
                    return process, time.monotonic() - started
        except OSError:
            pass
        time.sleep(0.002)
    process.kill()
    raise AssertionError(f"{command} did not get ready")


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


async def latencies(port, into, stream_path, headers, *, rate, seconds, mark="timed"):
    """Seconds from sending a message until an open stream shows it, one for each message."""
    headers = headers | {"Content-Type": "application/json"}
    stream = await Line.open(port)
    await stream.send("GET", stream_path, headers | {"Accept": "text/event-stream"})
    await stream.until(b": connected")
    seen, sent = {}, {}

    async def read():
        while True:
            frame = await stream.until(b"\n\n")
            now = time.perf_counter()
            # Streams come in chunks; a frame begins behind the line with the chunk's length.
            data = re.search(rb"^data: (.*)$", frame, re.M)
            if data and b"message.received" in frame:
                seen[json.loads(data[1])["subject"]] = now

    queue = asyncio.Queue()

    async def post(line):
        while True:
            number = await queue.get()
            body = json.dumps({
                "source_id": f"{mark}-{number}", "text": "Good morning, do you have a time?",
                "from": {"address": f"visitor-{number % 50}"}}).encode()
            started = time.perf_counter()
            await line.send("POST", into, headers, body)
            status, answer = await line.answer()
            assert status == 202, answer
            sent[json.loads(answer)["message_id"]] = started
            queue.task_done()

    lines = [await Line.open(port) for _ in range(16)]
    tasks = [asyncio.create_task(read()), *(asyncio.create_task(post(line)) for line in lines)]

    async def pace():
        begin = time.perf_counter()
        for number in range(rate * seconds):
            wait = begin + number / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            queue.put_nowait(number)
        await queue.join()
        await asyncio.sleep(0.5)

    pacing = asyncio.create_task(pace())
    # Whatever fails first ends it: a failed reader would else be waited for in vain.
    done, _ = await asyncio.wait([pacing, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in [pacing, *tasks]:
        task.cancel()
    for task in done:
        task.result()
    for line in [stream, *lines]:
        line.close()
    found = [seen[message] - started for message, started in sent.items()]
    # The first second warms caches up.
    return sorted(found[rate:])


async def hold(port, path, headers, count, measure):
    """Opens that many streams at once; answers `measure()` before and with all of them open."""
    before = measure()
    lines = []
    for _ in range(count):
        line = await Line.open(port)
        await line.send("GET", path, headers | {"Accept": "text/event-stream"})
        await line.until(b": connected")
        lines.append(line)
    await asyncio.sleep(2)
    during = measure()
    for line in lines:
        line.close()
    return before, during
