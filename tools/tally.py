#!/usr/bin/env python3
"""Counts what a test step did, from what it left behind.

    tally.py KIND EXIT_CODE LOG [RESULTS]   prints "PASSED FAILED SKIPPED"

A step that ended badly without naming a failed test counts as one failed test, and so does a
step that ran no test at all.
"""

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SWIFT_CLOSING = re.compile(r"^(?:✔|✘|━) Test run with (\d+) tests? .*(passed|failed) after", re.M)
SWIFT_TEST = re.compile(
    r"^(?:✔|✘|━) Test (?!run with \d)(?!case passing )(?!.* recorded an? )"
    r".* (passed|failed) after [\d.]+ seconds", re.M)
SWIFT_SKIPPED = re.compile(r"^➜ Test (?!case passing ).* skipped", re.M)
TAP_TOTAL = re.compile(r"^# (pass|fail|cancelled|skipped|todo) (\d+)$", re.M)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_BAD = re.compile(r"(failures|errors|skipped|unexpected successes)=(\d+)")


def honest(passed, failed, skipped, code):
    """Makes a bad end, or a run of nothing, show up as a failure."""
    if failed == 0 and (code != 0 or passed + skipped == 0):
        failed = 1
    return passed, failed, skipped


def swift(code, log, results=None):
    """Swift Testing: its own log, made exact by the xunit file when the run came to its end."""
    closing = SWIFT_CLOSING.search(log)
    outcomes = SWIFT_TEST.findall(log)
    passed, failed = outcomes.count("passed"), outcomes.count("failed")
    skipped = len(SWIFT_SKIPPED.findall(log))
    if not closing:
        return passed, failed + 1, skipped
    cases = xunit_cases(results)
    if cases is not None and len(cases) == int(closing.group(1)):
        failed = sum(case.find("failure") is not None for case in cases)
        skipped = sum(case.find("skipped") is not None for case in cases)
        passed = len(cases) - failed - skipped
    return honest(passed, failed, skipped, code)


def xunit_cases(path):
    try:
        return ElementTree.parse(path).findall(".//testcase") if path else None
    except (OSError, ElementTree.ParseError):
        return None


def tap(code, log, results=None):
    """node --test --test-reporter=tap."""
    totals = {name: int(count) for name, count in TAP_TOTAL.findall(log)}
    if "pass" not in totals:
        return 0, 1, 0
    failed = totals.get("fail", 0) + totals.get("cancelled", 0)
    skipped = totals.get("skipped", 0) + totals.get("todo", 0)
    return honest(totals["pass"], failed, skipped, code)


def unittest(code, log, results=None):
    """Python's unittest."""
    ran = UNITTEST_RAN.search(log)
    if not ran:
        return 0, 1, 0
    closing = log[ran.end():]
    bad = {name: int(count) for name, count in UNITTEST_BAD.findall(closing)}
    skipped = bad.pop("skipped", 0)
    failed = sum(bad.values())
    return honest(max(0, int(ran.group(1)) - failed - skipped), failed, skipped, code)


def journeys(code, log, results=None):
    """The summary that Tests/Journeys/run.py writes."""
    try:
        summary = json.loads(Path(results).read_text())
        counts = [int(summary[key]) for key in ("passed", "failed", "skipped")]
    except (OSError, TypeError, ValueError, KeyError):
        return 0, 1, 0
    return honest(*counts, code)


def check(code, log, results=None):
    """One test that is the step itself: lint, the smoke start."""
    return (1, 0, 0) if code == 0 else (0, 1, 0)


def work(code, log, results=None):
    """Not a test, but the rest stands on it: a build."""
    return (0, 0, 0) if code == 0 else (0, 1, 0)


KINDS = {kind.__name__: kind for kind in (swift, tap, unittest, journeys, check, work)}


def main(arguments):
    kind, code, log, *results = arguments
    text = Path(log).read_text(errors="replace") if Path(log).exists() else ""
    print(*KINDS[kind](int(code), text, results[0] if results else None))


if __name__ == "__main__":
    main(sys.argv[1:])
