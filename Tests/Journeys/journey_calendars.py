"""Other people's calendar programs against the staff's calendars: a compatibility checker side by
side with another server, and a program that keeps calendars in step."""

import json
import os
import socket
import subprocess
import time
from contextlib import contextmanager

from harness import journey
from server import ROOT, free_port

TOOLS = ROOT / "var" / "calendar-venv" / "bin"
EMAIL = "ann@mane.test"
# What a calendar of staff is not: there is one for each person, named by the business, and its
# colour and place in a list are the program's own. The rest follows from these.
BY_DESIGN = {
    "create-calendar", "delete-calendar", "delete-calendar.free-namespace",
    "create-calendar.with-supported-component-types", "calendar-color", "calendar-color.name",
    "calendar-order", "synchronous-write.create-calendar", "synchronous-write.delete-calendar",
    "synchronous-write.proppatch", "url.encode-at.literal.collection", "url.encode-at.identity",
    "save",
}


class Office:
    """A business with Ann, who opens her calendar by e-mail and token."""

    def __init__(self, server):
        self.server = server
        server.create_user("admin@office.test", "Ada", "admin", "a good long passphrase 1")
        self.admin = server.create_token("admin@office.test", scopes=["admin"])
        account = self.api("POST", "/accounts", {
            "name": "Mane", "slug": "mane", "time_zone": "America/New_York"})["id"]
        self.base = f"/accounts/{account}"
        self.api("PUT", self.base + "/schedule", {"weekly": [
            {"weekday": day, "start": "09:00", "end": "17:00"} for day in range(1, 6)]})
        user = self.api("POST", self.base + "/members", {
            "email": EMAIL, "name": "Ann", "role": "staff"})["id"]
        self.token = self.api("POST", f"/users/{user}/tokens", {
            "name": "phone", "scopes": ["write"]})["token"]
        self.ann = self.api("POST", self.base + "/staff", {"name": "Ann", "user_id": user})["id"]
        self.service = self.api("POST", self.base + "/services", {
            "name": "Cut", "duration_minutes": 30, "horizon": {"days": 3000}})["id"]

    def api(self, method, path, json=None):
        return self.server.api(method, path, json=json, token=self.admin)

    def book(self, start, **more):
        return self.api("POST", self.base + "/appointments", {
            "service_id": self.service, "start": start, "staff_id": self.ann,
            "contact": {"name": "Dana"}} | more)

    def busy(self):
        return self.api("GET", self.base + "/busy?limit=200")["data"]


def run(*command, env=None, seconds=240, good=(0,)):
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]], env=env, capture_output=True, text=True,
        timeout=seconds, stdin=subprocess.DEVNULL)
    assert done.returncode in good, f"{command[0]} ended with {done.returncode}: {done.stderr}"
    return done.stdout


def check(url, user, password, calendar=None):
    """What a server cannot do, as the checker found it."""
    named = ["--caldav-calendar", calendar] if calendar else []
    text = run("caldav-server-tester", "--caldav-url", url, "--caldav-user", user,
               "--caldav-pass", password, *named, "--format", "json")
    features = json.loads(text[text.index("{"):])["features"]
    assert len(features) > 10, features
    return {name for name, found in features.items()
            if found.get("support", "full") not in ("full", "unknown")}


@contextmanager
def radicale(folder):
    """The server that ours is compared with."""
    port = free_port()
    (folder / "users").write_text("u:p\n")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\n"
        f"htpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\n"
        f"[storage]\nfilesystem_folder = {folder}/data\n[logging]\nlevel = error\n")
    process = subprocess.Popen(
        [str(TOOLS / "radicale"), "--config", str(folder / "config")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def no_worse_than_radicale(world, engine):
    server = world.server(engine=engine)
    office = Office(server)
    folder = server.folder / "radicale"
    folder.mkdir()
    with radicale(folder) as url:
        theirs = check(url, "u", "p")
    ours = check(server.url + "/dav/", EMAIL, office.token, "Ann – Mane")
    assert ours - theirs <= BY_DESIGN, f"we cannot, and they can: {sorted(ours - theirs - BY_DESIGN)}"


@journey(seconds=420)
def a_compatibility_checker_finds_no_more_than_with_radicale(world):
    no_worse_than_radicale(world, "sqlite")


@journey(seconds=420)
def a_compatibility_checker_finds_the_same_on_postgres(world):
    no_worse_than_radicale(world, "postgres")


class Program:
    """vdirsyncer, which keeps a folder of events in step with a calendar, and khal, which shows it."""

    def __init__(self, server, office, feed=None):
        self.folder = server.folder / "program"
        self.folder.mkdir()
        there = f'type = "http"\nurl = "{feed}"' if feed else (
            f'type = "caldav"\nurl = "{server.url}/dav/"\nusername = "{EMAIL}"\n'
            f'password = "{office.token}"')
        collections = "null" if feed else f'["{office.ann}"]'
        here = f"{self.folder}/calendars" + (f"/{office.ann}" if feed else "")
        (self.folder / "config").write_text(f'''
[general]
status_path = "{self.folder}/status"
[pair ann]
a = "here"
b = "there"
collections = {collections}
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{here}"
fileext = ".ics"
[storage there]
{there}
''')
        (self.folder / "khal").write_text(f'''
[calendars]
[[ann]]
path = {self.folder}/calendars/{office.ann}
[sqlite]
path = {self.folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = America/New_York
local_timezone = America/New_York
[default]
default_calendar = ann
''')
        self.calendar = self.folder / "calendars" / office.ann
        self.calendar.mkdir(parents=True)
        self.env = os.environ | {"HOME": str(self.folder), "TZ": "America/New_York"}
        self.vdirsyncer("discover", "--no-list")

    def vdirsyncer(self, *words, good=(0,)):
        return run("vdirsyncer", "-c", str(self.folder / "config"), *words, env=self.env, good=good)

    def sync(self, good=(0,)):
        self.vdirsyncer("sync", good=good)

    def events(self, start, end):
        text = run("khal", "-c", str(self.folder / "khal"), "list", "--notstarted", "--format",
                   "{start} {title}", "--day-format", "", start, end, env=self.env)
        return [line for line in text.splitlines() if line.strip()]

    def file(self, uid):
        return next(path for path in self.calendar.glob("*.ics") if uid in path.read_text())


WEEKLY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:weekly
DTSTAMP:20260301T000000Z
DTSTART;TZID=America/New_York:20270311T100000
DTEND;TZID=America/New_York:20270311T110000
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE;TZID=America/New_York:20270401T100000
SUMMARY:Course
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID;TZID=America/New_York:20270325T100000
DTSTAMP:20260301T000000Z
DTSTART;TZID=America/New_York:20270326T120000
DTEND;TZID=America/New_York:20270326T130000
SUMMARY:Course moved
END:VEVENT
END:VCALENDAR
"""


def kept_in_step(world, engine):
    # New York's clock changes on 14 March 2027.
    server = world.server(engine=engine, test_clock="2027-03-08T13:00:00Z")
    office = Office(server)
    booked = office.book("2027-03-11T20:00:00Z", recurrence={"rrule": "FREQ=WEEKLY;COUNT=3"})
    program = Program(server, office)
    (program.calendar / "weekly.ics").write_text(WEEKLY.replace("\n", "\r\n"))
    program.sync()
    assert program.events("2027-03-08", "2027-04-15") == [
        "2027-03-11 10:00 Course", "2027-03-11 15:00 Cut – Dana",
        "2027-03-18 10:00 Course", "2027-03-18 15:00 Cut – Dana",
        "2027-03-25 15:00 Cut – Dana", "2027-03-26 12:00 Course moved",
        "2027-04-08 10:00 Course"], program.events("2027-03-08", "2027-04-15")
    starts = sorted(one["start"] for one in office.busy())
    assert starts == ["2027-03-11T15:00:00Z", "2027-03-18T14:00:00Z", "2027-03-26T16:00:00Z",
                      "2027-04-08T14:00:00Z"], starts

    # A booking is moved in the program, another cancelled here.
    path = program.file(booked["id"])
    path.write_text(path.read_text().replace("20270311T2000", "20270312T2000")
                    .replace("20270311T2030", "20270312T2030"))
    others = [one for one in office.api(
        "GET", office.base + "/appointments?limit=10")["data"] if one["id"] != booked["id"]]
    server.api("POST", f"/appointments/{others[0]['id']}/cancel", json={}, token=office.admin)
    program.sync()
    moved = office.api("GET", f"/appointments/{booked['id']}")
    assert moved["start"] == "2027-03-12T20:00:00Z", moved.body
    program.sync()
    assert len(list(program.calendar.glob("*.ics"))) == 3
    # A move into the night is refused, and nothing changes.
    path = program.file(booked["id"])
    path.write_text(path.read_text().replace("T2000", "T0700").replace("T2030", "T0730"))
    program.sync(good=(1,))
    assert office.api("GET", f"/appointments/{booked['id']}")["start"] == "2027-03-12T20:00:00Z"
    # Deleted there is cancelled here; the course goes with its times.
    for uid in (booked["id"], "UID:weekly"):
        program.file(uid).unlink()
    program.sync()
    assert office.api("GET", f"/appointments/{booked['id']}")["status"] == "canceled"
    assert office.busy() == []


@journey(seconds=360)
def a_calendar_program_stays_in_step(world):
    kept_in_step(world, "sqlite")


@journey(seconds=360)
def a_calendar_program_stays_in_step_on_postgres(world):
    kept_in_step(world, "postgres")


@journey(seconds=240)
def a_feed_is_read_by_a_calendar_program(world):
    server = world.server(test_clock="2027-03-08T13:00:00Z")
    office = Office(server)
    office.book("2027-03-11T20:00:00Z", recurrence={"rrule": "FREQ=WEEKLY;COUNT=3"})
    feed = office.api("POST", office.base + "/calendar_feeds", {})
    program = Program(server, office, feed=server.url + feed["path"])
    program.sync()
    shown = program.events("2027-03-08", "2027-04-15")
    assert shown == ["2027-03-11 15:00 Cut – Dana", "2027-03-18 15:00 Cut – Dana",
                     "2027-03-25 15:00 Cut – Dana"], shown
