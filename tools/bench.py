#!/usr/bin/env python3
"""Measures the office beside the raw limits of this machine and writes docs/BENCHMARKS.md.

bench.py --postgres URL [--quick] [--only WORD] [--no-write]     (started by tools/bench.sh)

Every figure stands beside its limit from the same run, because machines differ and are noisy.
"""

import argparse
import asyncio
import datetime
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / ".build" / "release"
sys.path.insert(0, str(ROOT / "Tests" / "Journeys"))
os.environ.setdefault("AUTOSECRETARY_BIN", str(RELEASE / "autosecretary"))

from server import Server, free_port  # noqa: E402

from bench_growth import growth  # noqa: E402
from bench_load import Line, latencies, wrk  # noqa: E402

PASSWORD = "a long enough password"


class Office:
    """A release server with one business, an inbox and conversations."""

    def __init__(self, engine, conversations=60):
        self.server = Server(f"bench-{engine}", engine=engine, env={
            "AUTOSECRETARY_LOG_LEVEL": "warning"})
        self.server.start()
        self.server.create_user("boss@office.test", "Boss", "admin", PASSWORD)
        self.token = self.server.create_token("boss@office.test", scopes=("admin",))
        self.account = self.api("POST", "/accounts", {
            "name": "Mane Street", "slug": "mane", "time_zone": "Europe/London"})["id"]
        self.inbox = self.api("POST", f"/accounts/{self.account}/inboxes",
                              {"name": "API", "channel": "api"})["id"]
        for number in range(conversations):
            self.api("POST", f"/inboxes/{self.inbox}/inbound", {
                "source_id": f"first-{number}", "text": "Good morning, do you have a time?",
                "from": {"address": f"visitor-{number}", "name": f"Visitor {number}"}})

    def api(self, method, path, body=None):
        return self.server.api(method, path, body, token=self.token)

    def memory(self):
        """Resident bytes of the server."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def session(self):
        """The office session's cookie, by the sign-in page."""
        reply = self.server.request("POST", "/sign-in", body=(
            f"email=boss%40office.test&password={PASSWORD.replace(' ', '+')}").encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"})
        cookies = reply.headers.get("set-cookie") or reply.headers.get("Set-Cookie") or ""
        return re.search(r"autosecretary_office=[^;]+", cookies)[0]


def bench(*arguments):
    return subprocess.run([RELEASE / "autosecretary-bench", *map(str, arguments)],
                          check=True, capture_output=True, text=True).stdout


def figure_latency(engine, quick):
    """Message in → committed → on an open stream, at 200 a second."""
    office = Office(engine)
    try:
        samples = asyncio.run(latencies(office, rate=200, seconds=4 if quick else 12))
    finally:
        office.server.remove()
    samples.sort()
    p50, p99 = samples[len(samples) // 2], samples[int(len(samples) * 0.99)]
    # The floor: a durable commit of the disk under it, and a round trip of the loopback.
    return [(f"Message in → on an open stream, p50 ({engine})", f"{p50 * 1000:.1f} ms",
             "≤ 5 ms", p50 <= 0.005),
            (f"… p99 ({engine})", f"{p99 * 1000:.1f} ms", "≤ 25 ms", p99 <= 0.025)]


def figure_inbound(engine, quick):
    """Sustained messages over HTTP beside commits of the same rows without it."""
    seconds = 3 if quick else 8
    office = Office(engine, conversations=256)
    server = office.server
    try:
        script = Path(server.folder) / "inbound.lua"
        script.write_text(f"""
            local thread = 0
            function setup(t) thread = thread + 1; t:set("id", thread) end
            function init() number = 0 end
            function request()
              number = number + 1
              local body = string.format('{{"source_id":"%d-%d-%d","text":"Good morning, do you ' ..
                'have a time on Friday?","from":{{"address":"visitor-%d"}}}}',
                id, number, {time.monotonic_ns() % 10**9}, (number * 2 + id) % 256)
              return wrk.format("POST", "/api/v1/inboxes/{office.inbox}/inbound",
                {{["Content-Type"] = "application/json",
                  ["Authorization"] = "Bearer {office.token}"}}, body)
            end""")
        with_http = wrk(server.url + "/", clients=32, seconds=seconds, script=script)
        database = server.database
        server.stop()
        floor = float(bench("commits", "--database", database, "--clients", 32,
                            "--seconds", seconds))
    finally:
        server.process = None
        server.remove()
    wanted = 0.4 if engine == "sqlite" else 0.5
    ratio = with_http / floor
    return [(f"Messages in over HTTP, 32 clients ({engine})",
             f"{with_http:.0f}/s = {ratio:.0%} of {floor:.0f} commits/s",
             f"≥ {wanted:.0%}", ratio >= wanted)]


def figure_pages(engine, quick):
    """A list and a page beside the same bytes from memory."""
    seconds = 3 if quick else 6
    office = Office(engine)
    server = office.server
    try:
        path = f"/api/v1/accounts/{office.account}/conversations?limit=50"
        answer = office.api("GET", f"/accounts/{office.account}/conversations?limit=50").body
        assert len(answer["data"]) == 50
        cookie = office.session()
        page = server.request("GET", "/desk", headers={"Cookie": cookie}).body
        rows = page.count("queue-item")
        (server.folder / "answer.json").write_text(json.dumps(answer))
        (server.folder / "page.html").write_text(page)
        port = free_port()
        raw = subprocess.Popen([
            RELEASE / "autosecretary-bench", "raw", "--port", str(port), "--json",
            server.folder / "answer.json", "--page", server.folder / "page.html"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            rates = {
                "json": wrk(server.url + path, seconds=seconds,
                            headers={"Authorization": f"Bearer {office.token}"}),
                "page": wrk(server.url + "/desk", seconds=seconds, headers={"Cookie": cookie}),
                "raw json": wrk(f"http://127.0.0.1:{port}/json", seconds=seconds),
                "raw page": wrk(f"http://127.0.0.1:{port}/bytes", seconds=seconds)}
        finally:
            raw.kill()
            raw.wait()
    finally:
        server.remove()
    json_ratio, page_ratio = (rates[name] / rates["raw " + name] for name in ("json", "page"))
    return [(f"List of 50 conversations ({engine})",
             f"{rates['json']:.0f}/s = {json_ratio:.0%} of {rates['raw json']:.0f}/s from memory",
             "≥ 40%", json_ratio >= 0.4),
            (f"Desk page of {rows} rows ({engine})",
             f"{rates['page']:.0f}/s = {page_ratio:.0%} of {rates['raw page']:.0f}/s from memory",
             "≥ 30%", page_ratio >= 0.3)]


def figure_idle(engine, quick):
    """Memory, open desks and the time to start."""
    office = Office(engine)
    server = office.server
    desks = 500 if quick else 2000
    try:
        server.stop()
        times = []
        for _ in range(5):
            port = free_port()
            started = time.monotonic()
            server.start(port)
            times.append(time.monotonic() - started)
            server.stop()
        server.start()
        time.sleep(2)
        idle = office.memory()
        line = asyncio.run(hold(office, desks))
        each = (line - idle) / desks
    finally:
        server.remove()
    start = statistics.median(times)
    return [(f"Start to ready on an existing database ({engine})", f"{start * 1000:.0f} ms",
             "≤ 300 ms", start <= 0.3),
            (f"Memory when idle ({engine})", f"{idle / 2**20:.0f} MB", "≤ 80 MB",
             idle <= 80 * 2**20),
            (f"{desks} open desks ({engine})", f"{each / 1024:.1f} KB each", "≤ 40 KB",
             each <= 40 * 1024)]


async def hold(office, count):
    """Opens that many streams at once; answers the server's memory with all of them open."""
    lines = []
    for _ in range(count):
        line = await Line.open(office.server.port)
        await line.send("GET", "/api/v1/events", {
            "Authorization": f"Bearer {office.token}", "Accept": "text/event-stream"})
        lines.append(line)
    await asyncio.gather(*(line.until(b": connected") for line in lines))
    await asyncio.sleep(2)
    memory = office.memory()
    for line in lines:
        line.close()
    return memory


FIGURES = [figure_latency, figure_inbound, figure_pages, figure_idle]


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} × {model[1] if model else platform.machine()}, {platform.system()}"


def write(rows, grown, quick):
    lines = [
        "# Benchmarks", "",
        "`make bench` measures these on a release build and writes this page. Each figure stands",
        "beside its limit from the same run: commits are durable (`synchronous=FULL`, `fsync` on),",
        "load and server share the machine, and ratios say more than seconds.", "",
        f"{datetime.date.today().isoformat()}, {machine()}"
        + (", quick run" if quick else ""), "",
        "| figure | measured | wanted | |", "|---|---|---|---|"]
    lines += [f"| {name} | {value} | {wanted} | {'met' if met else '**missed**'} |"
              for name, value, wanted, met in rows]
    if grown:
        lines += ["", "## Growth", "",
                  "The same calls with ten times the businesses, contacts and messages; nothing may"
                  " grow worse than logarithmically.", "",
                  "| call | engine | ×1 | ×10 | factor |", "|---|---|---|---|---|"]
        lines += [f"| {call} | {engine} | {one * 1000:.1f} ms | {ten * 1000:.1f} ms | "
                  f"{ten / one:.1f} |" for call, engine, one, ten in grown]
    (ROOT / "docs" / "BENCHMARKS.md").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--quick", action="store_true", help="shorter, less exact")
    parser.add_argument("--only", default="", help="figures whose name holds this")
    parser.add_argument("--no-write", action="store_true")
    options = parser.parse_args()
    os.environ["AUTOSECRETARY_TEST_POSTGRES"] = options.postgres
    rows, grown = [], []
    for figure in FIGURES:
        if options.only not in figure.__name__:
            continue
        for engine in ("sqlite", "postgres"):
            for row in figure(engine, options.quick):
                rows.append(row)
                print(f"{row[0]:58} {row[1]:44} {row[2]:9} {'met' if row[3] else 'MISSED'}",
                      flush=True)
    if options.only in "growth":
        for engine in ("sqlite", "postgres"):
            for call, one, ten in growth(Office, engine, options.quick):
                grown.append((call, engine, one, ten))
                print(f"{call:48} {engine:9} ×1 {one * 1000:7.1f} ms   ×10 {ten * 1000:7.1f} ms"
                      f"   factor {ten / one:.1f}", flush=True)
    if not options.no_write and not options.only:
        write(rows, grown, options.quick)
        print("docs/BENCHMARKS.md is written.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="as-bench.") as folder:
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = folder
        main()
