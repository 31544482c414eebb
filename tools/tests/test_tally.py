"""What tools/tally.py reads out of the logs of each kind of step."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tally  # noqa: E402

SWIFT = """◇ Test run started.
◇ Suite "A suite" started.
➜ Test "is skipped" skipped: "later"
✔ Test "adds numbers" passed after 0.002 seconds.
✘ Test "fails twice" recorded an issue at T.swift:5:34: Expectation failed: 1 == 2
✘ Test "takes arguments" with 3 test cases failed after 0.002 seconds with 1 issue.
━ Test known() passed after 0.002 seconds with 1 known issue.
✔ Test crashy() passed after 0.002 seconds.
✔ Test case passing 1 argument n → 1 to "takes arguments" passed after 0.1 seconds.
✘ Test "fails twice" failed after 0.002 seconds with 2 issues.
✘ Suite "A suite" failed after 0.003 seconds with 5 issues (including 1 known issue).
"""
CLOSING = "✘ Test run with 6 tests in 1 suite failed after 0.003 seconds with 5 issues (including 1 known issue).\n"
XML = """<?xml version="1.0" encoding="UTF-8"?><testsuites>
<testsuite name="TestResults" errors="0" tests="5" failures="3" skipped="1" time="0.003">
<testcase classname="P" name="a"><failure message="1"/><failure message="2"/></testcase>
<testcase classname="P" name="b"/><testcase classname="P" name="c"/><testcase classname="P" name="d"/>
<testcase classname="P" name="e"><skipped>later</skipped></testcase>
<testcase classname="P" name="f"><failure message="1"/></testcase></testsuite></testsuites>"""
TAP = """TAP version 13
# Subtest: adds
ok 1 - adds
1..4
# tests 7
# suites 1
# pass 3
# fail 1
# cancelled 1
# skipped 1
# todo 1
# duration_ms 42.1
"""


class Swift(unittest.TestCase):
    def test_the_log_alone(self):
        self.assertEqual(tally.swift(1, SWIFT + CLOSING), (3, 2, 1))

    def test_the_xunit_file_decides_when_it_is_whole(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(XML)
            file.flush()
            self.assertEqual(tally.swift(1, CLOSING, file.name), (3, 2, 1))
            file.write("broken")
            file.flush()
            self.assertEqual(tally.swift(1, SWIFT + CLOSING, file.name), (3, 2, 1))

    def test_a_crash_is_one_more_failure(self):
        self.assertEqual(tally.swift(1, SWIFT), (3, 3, 1))
        self.assertEqual(tally.swift(0, ""), (0, 1, 0))

    def test_a_bad_end_without_a_failed_test_counts(self):
        closing = "✔ Test run with 1 test in 1 suite passed after 0.1 seconds.\n"
        test = "✔ Test `a` passed after 0.1 seconds.\n"
        self.assertEqual(tally.swift(0, test + closing), (1, 0, 0))
        self.assertEqual(tally.swift(124, test + closing), (1, 1, 0))

    def test_no_tests_is_a_failure(self):
        closing = "✔ Test run with 0 tests in 0 suites passed after 0.001 seconds.\n"
        self.assertEqual(tally.swift(0, closing), (0, 1, 0))


class Others(unittest.TestCase):
    def test_node(self):
        self.assertEqual(tally.tap(1, TAP), (3, 2, 2))
        self.assertEqual(tally.tap(1, "TAP version 13\n"), (0, 1, 0))

    def test_python(self):
        ran = "FAIL: test_a\n-----\nRan 9 tests in 1.2s\n\n"
        self.assertEqual(tally.unittest(0, ran + "OK (skipped=2)\n"), (7, 0, 2))
        self.assertEqual(tally.unittest(1, ran + "FAILED (failures=1, errors=1)\n"), (7, 2, 0))
        self.assertEqual(tally.unittest(1, "Traceback"), (0, 1, 0))

    def test_journeys(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"passed": 4, "failed": 0, "skipped": 1, "failures": []}, file)
            file.flush()
            self.assertEqual(tally.journeys(0, "", file.name), (4, 0, 1))
            self.assertEqual(tally.journeys(2, "", file.name), (4, 1, 1))
        self.assertEqual(tally.journeys(0, "", "/nonexistent.json"), (0, 1, 0))

    def test_single_steps(self):
        self.assertEqual([tally.check(0, ""), tally.check(1, "")], [(1, 0, 0), (0, 1, 0)])
        self.assertEqual([tally.work(0, ""), tally.work(1, "")], [(0, 0, 0), (0, 1, 0)])


if __name__ == "__main__":
    unittest.main()
