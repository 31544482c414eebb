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
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "BENCHMARKS.md"
sys.path.insert(0, str(ROOT / "Tests" / "Journeys"))
os.environ.setdefault("AUTOSECRETARY_BIN", str(ROOT / ".build" / "release" / "autosecretary"))
FLOORS = os.environ["AUTOSECRETARY_BIN"] + "-bench"

from server import Server, binary, free_port  # noqa: E402

from bench_growth import growth  # noqa: E402
from bench_load import hold, latencies, memory, seconds_until_ready, wrk  # noqa: E402

PASSWORD = "a long enough password"
MESSAGE = "Good morning, do you have a time on Friday?"


@dataclass
class Figure:
    name: str
    wanted: str
    measured: str
    limit: str
    ratio: str
    met: bool


class Office:
    """A release server with one business, an inbox and conversations."""

    def __init__(self, engine, conversations=50):
        self.server = Server(f"bench-{engine}", engine=engine, env={
            "AUTOSECRETARY_LOG_LEVEL": "warning"})
        try:
            self.server.start()
            self._fill(conversations)
        except BaseException:
            self.remove()
            raise

    def _fill(self, conversations):
        self.server.create_user("boss@office.test", "Boss", "admin", PASSWORD)
        self.token = self.server.create_token("boss@office.test", scopes=("admin",))
        self.account = self.api("POST", "/accounts", {
            "name": "Mane Street", "slug": "mane", "time_zone": "Europe/London"})["id"]
        self.inbox = self.api("POST", f"/accounts/{self.account}/inboxes",
                              {"name": "API", "channel": "api"})["id"]
        for number in range(conversations):
            self.api("POST", f"/inboxes/{self.inbox}/inbound", {
                "source_id": f"first-{number}", "text": MESSAGE,
                "from": {"address": f"visitor-{number}", "name": f"Visitor {number}"}})

    def api(self, method, path, body=None):
        return self.server.api(method, path, body, token=self.token)

    @property
    def bearer(self):
        return {"Authorization": f"Bearer {self.token}"}

    def session(self):
        """The office session's cookie, by the sign-in page."""
        reply = self.server.request("POST", "/sign-in", body=(
            f"email=boss%40office.test&password={PASSWORD.replace(' ', '+')}").encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"}, expect=303)
        return re.search(r"autosecretary_office=[^;]+", reply.headers["set-cookie"])[0]

    def copy_database(self):
        """A database like this one, which nobody serves: (its URL, what removes it)."""
        self.server.stop()
        if self.server.engine == "sqlite":
            copy = self.server.folder / "copy.db"
            copy.write_bytes((self.server.folder / "journey.db").read_bytes())
            url, remove = f"sqlite:{copy}", copy.unlink
        else:
            name = self.server.database_name + "_copy"
            self.server._psql(f'CREATE DATABASE "{name}" TEMPLATE "{self.server.database_name}"')
            url = self.server.database.replace(self.server.database_name, name)
            def remove():
                self.server._psql(f'DROP DATABASE "{name}" WITH (FORCE)')
        self.server.start()
        return url, remove

    def remove(self):
        try:
            self.server.remove()
        except AssertionError as error:
            print(error, file=sys.stderr)


def commits(database, *, clients, seconds, job=False):
    """What `Store` does without HTTP: {rate, p50, p99}, the times in milliseconds."""
    command = [FLOORS, "commits", "--database", database,
               "--clients", str(clients), "--seconds", str(seconds)]
    return json.loads(subprocess.run(
        command + ([] if job else ["--without-job"]), check=True, capture_output=True,
        text=True, cwd=ROOT).stdout)


class Raw:
    """The server that knows next to nothing."""

    def __init__(self, *options):
        self.port = free_port()
        self.process, self.seconds = seconds_until_ready(
            [FLOORS, "raw", "--port", str(self.port), *options],
            self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def middle(samples):
    return statistics.median(samples)


def by_turns(rounds, **acts):
    """Runs the acts in turns, so that what disturbs the machine meets all; their medians."""
    taken = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            taken[name].append(act())
    return {name: middle(samples) for name, samples in taken.items()}


def figure_latency(engine, quick):
    """Message in → committed → on an open stream, at 200 a second."""
    seconds = 4 if quick else 8

    def percentiles(samples):
        return samples[len(samples) // 2] * 1000, samples[int(len(samples) * 0.99)] * 1000

    office = Office(engine)
    try:
        copy, remove = office.copy_database()
        ours, relay, commit = [], [], []
        for number in range(1 if quick else 3):
            ours.append(percentiles(asyncio.run(latencies(
                office.server.port, f"/api/v1/inboxes/{office.inbox}/inbound",
                f"/api/v1/events?round={number}", office.bearer, rate=200, seconds=seconds,
                mark=f"{engine}-{number}"))))
            with Raw() as raw:
                relay.append(percentiles(asyncio.run(latencies(
                    raw.port, "/in", "/stream", {}, rate=200, seconds=seconds))))
            alone = commits(copy, clients=1, seconds=2)
            commit.append((alone["p50"], alone["p99"]))
        remove()
    finally:
        office.remove()
    rows = []
    for index, name, wanted in ((0, "p50", 5), (1, "p99", 25)):
        mine, through, stored = (middle([pair[index] for pair in samples])
                                 for samples in (ours, relay, commit))
        rows.append(Figure(
            f"Message in → committed → on an open stream, 200/s, {name} ({engine})",
            f"≤ {wanted} ms", f"{mine:.1f} ms",
            f"{through:.1f} ms relayed without storing + {stored:.1f} ms one commit",
            f"{mine / (through + stored):.1f}×", mine <= wanted))
    return rows


INBOUND = """
local threads = 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function init(args) run = args[1]; number = 0 end
function request()
  number = number + 1
  local body = string.format(
    '{"source_id":"%%s-%%d-%%d","text":"%s","from":{"address":"visitor-%%d"}}',
    run, id, number, (number * 2 + id) %% 256)
  return wrk.format("POST", "/api/v1/inboxes/%s/inbound",
    {["Content-Type"] = "application/json", ["Authorization"] = "Bearer %s"}, body)
end
"""


def figure_inbound(engine, quick):
    """Sustained messages over HTTP beside commits of the same rows without it."""
    seconds = 3 if quick else 6
    office = Office(engine, conversations=256)
    try:
        script = office.server.folder / "inbound.lua"
        script.write_text(INBOUND % (MESSAGE, office.inbox, office.token))
        copy, remove = office.copy_database()
        rates = by_turns(
            1 if quick else 3,
            http=lambda: wrk(office.server.url + "/", clients=32, seconds=seconds, script=script),
            floor=lambda: commits(copy, clients=32, seconds=seconds)["rate"],
            with_job=lambda: commits(copy, clients=32, seconds=seconds, job=True)["rate"])
        remove()
    finally:
        office.remove()
    wanted = 0.4 if engine == "sqlite" else 0.5
    rows = []
    for name, floor, what in (
            ("Messages in over HTTP, 32 clients", "with_job", "message, event, job, conversation"),
            ("… beside only the rows that it writes here", "floor", "without a job")):
        ratio = rates["http"] / rates[floor]
        rows.append(Figure(
            f"{name} ({engine})", f"≥ {wanted:.0%}", f"{rates['http']:.0f}/s",
            f"{rates[floor]:.0f} commits/s: {what}", f"{ratio:.0%}", ratio >= wanted))
    return rows


def figure_pages(engine, quick):
    """A list and a page beside the same bytes from memory."""
    seconds = 3 if quick else 4
    office = Office(engine)
    server = office.server
    try:
        path = f"/api/v1/accounts/{office.account}/conversations?limit=50"
        answer = office.api("GET", f"/accounts/{office.account}/conversations?limit=50").body
        cookie = {"Cookie": office.session()}
        page = server.request("GET", "/desk", headers=cookie, expect=200).body
        rows = len(re.findall(r'class="queue-item[" ]', page))
        assert len(answer["data"]) == rows == 50, (len(answer["data"]), rows)
        (server.folder / "answer.json").write_text(json.dumps(answer))
        (server.folder / "page.html").write_text(page)
        with Raw("--json", server.folder / "answer.json", "--page",
                 server.folder / "page.html") as raw:
            memory_url = f"http://127.0.0.1:{raw.port}"
            rates = by_turns(
                1 if quick else 3,
                json=lambda: wrk(server.url + path, seconds=seconds, headers=office.bearer),
                raw_json=lambda: wrk(memory_url + "/json", seconds=seconds),
                page=lambda: wrk(server.url + "/desk", seconds=seconds, headers=cookie),
                raw_page=lambda: wrk(memory_url + "/bytes", seconds=seconds))
    finally:
        office.remove()
    figures = []
    for kind, name, wanted in (("json", "List of 50 conversations as JSON", 0.4),
                               ("page", f"Desk page of {rows} rows", 0.3)):
        ratio = rates[kind] / rates["raw_" + kind]
        figures.append(Figure(
            f"{name} ({engine})", f"≥ {wanted:.0%}", f"{rates[kind]:.0f}/s",
            f"{rates['raw_' + kind]:.0f}/s from memory", f"{ratio:.0%}", ratio >= wanted))
    return figures


def figure_idle(engine, quick):
    """Memory, open desks and the time to start."""
    office = Office(engine)
    server = office.server
    desks = 500 if quick else 2000
    try:
        server.stop()
        ours, bare = [], []
        for _ in range(3 if quick else 7):
            port = free_port()
            process, taken = seconds_until_ready(
                [binary(), "serve", "--host", "127.0.0.1", "--port", str(port),
                 "--database", server.database], port, cwd=ROOT, env=server.env)
            process.terminate()
            process.wait()
            ours.append(taken)
            with Raw() as raw:
                bare.append(raw.seconds)
        server.start()
        time.sleep(2)
        pid = server.process.pid
        idle, open_desks = asyncio.run(hold(
            server.port, "/api/v1/events", office.bearer, desks, lambda: memory(pid)))
        with Raw() as raw:
            time.sleep(2)
            raw_idle, raw_open = asyncio.run(hold(
                raw.port, "/stream", {}, desks, lambda: memory(raw.process.pid)))
    finally:
        office.remove()
    start, raw_start = middle(ours) * 1000, middle(bare) * 1000
    idle, raw_idle, open_desks, raw_open = (
        size / 1024 for size in (idle, raw_idle, open_desks, raw_open))
    each, raw_each = (open_desks - idle) / desks, (raw_open - raw_idle) / desks
    return [
        Figure(f"Start to ready on an existing database ({engine})", "≤ 300 ms",
               f"{start:.0f} ms", f"{raw_start:.0f} ms, a bare server",
               f"{start / raw_start:.1f}×", start <= 300),
        Figure(f"Memory when idle ({engine})", "≤ 80 MB", f"{idle / 1024:.0f} MB",
               f"{raw_idle / 1024:.0f} MB, a bare server", f"{idle / raw_idle:.1f}×",
               idle <= 80 * 1024),
        Figure(f"{desks:,} open desks ({engine})", "≤ 40 KB each", f"{each:.1f} KB each",
               f"{raw_each:.1f} KB, bare streams", f"{each / raw_each:.1f}×", each <= 40)]


FIGURES = [figure_latency, figure_inbound, figure_pages, figure_idle]


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} × {model[1] if model else platform.machine()}, "
            f"{gigabytes:.0f} GB, {platform.system()} {platform.release().split('-')[0]}")


def flush_times():
    """What one durable write of 4 KB costs on this disk: p50 and p99 in microseconds."""
    with tempfile.NamedTemporaryFile() as file:
        taken = []
        for _ in range(500):
            file.write(b"x" * 4096)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - started) * 1e6)
    taken.sort()
    return taken[250], taken[495]


def table(figures):
    return ["| figure | wanted | measured | raw limit, same run | to the limit | |",
            "|---|---|---|---|---|---|",
            *(f"| {f.name} | {f.wanted} | {f.measured} | {f.limit} | {f.ratio} | "
              f"{'met' if f.met else '**missed**'} |" for f in figures)]


def grown_table(grown):
    return ["| call | engine | ×1 | ×10 | factor |", "|---|---|---|---|---|",
            *(f"| {call} | {engine} | {one * 1000:.1f} ms | {ten * 1000:.1f} ms | {ten / one:.1f} |"
              for call, engine, one, ten in grown)]


def write(figures, grown, quick):
    """Puts the tables between their marks; what people wrote around them stays."""
    p50, p99 = flush_times()
    when = (f"{datetime.date.today().isoformat()}, {machine()}{', quick run' if quick else ''}. "
            f"A durable write of 4 KB took {p50:.0f} µs (p50), {p99:.0f} µs (p99).")
    text = PAGE.read_text()
    for mark, lines in (("machine", [when]), ("figures", table(figures)),
                        ("growth", grown_table(grown))):
        pattern = rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)"
        assert re.search(pattern, text, re.S), f"{PAGE} lacks its mark {mark}"
        text = re.sub(pattern, lambda found: found[1] + "\n".join(lines) + found[2], text,
                      flags=re.S)
    PAGE.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--quick", action="store_true", help="shorter, less exact")
    parser.add_argument("--only", default="", help="figures whose name holds this")
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--engines", default="sqlite,postgres")
    options = parser.parse_args()
    os.environ["AUTOSECRETARY_TEST_POSTGRES"] = options.postgres
    # Two thousand open streams are as many files, here and in the servers that we start.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    figures, grown = [], []
    for figure in FIGURES:
        if options.only not in figure.__name__:
            continue
        for engine in options.engines.split(","):
            for row in figure(engine, options.quick):
                figures.append(row)
                print(f"{'met   ' if row.met else 'MISSED'} {row.name}: {row.measured}, wanted "
                      f"{row.wanted}; limit {row.limit}: {row.ratio}", flush=True)
    if options.only in "growth":
        for engine in options.engines.split(","):
            for call, one, ten in growth(Office, engine, options.quick):
                grown.append((call, engine, one, ten))
                print(f"{call:42} {engine:9} ×1 {one * 1000:7.1f} ms   ×10 {ten * 1000:7.1f} ms"
                      f"   factor {ten / one:.1f}", flush=True)
    if not options.no_write and not options.only:
        write(figures, grown, options.quick)
        print("docs/BENCHMARKS.md is written.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="as-bench.") as folder:
        os.environ["TMPDIR"] = folder
        tempfile.tempdir = folder
        main()
