#!/usr/bin/env python3
"""Runs the browser journeys: run.py [--list] [--summary FILE] [WORD…]

Without words all journeys of journey_*.py beside this file; with words those whose file or
function name holds one of them. Each file runs in a process of its own, so that a hang or crash
costs one journey and not the run. The summary is JSON: passed, failed, skipped, failures.
"""

import argparse
import faulthandler
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

import harness  # noqa: E402


def load(file):
    """The journeys of a file, in the order they are written."""
    harness.registered.clear()
    spec = importlib.util.spec_from_file_location(file.stem, file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return list(harness.registered)


def chosen(file, words):
    return [function for function in load(file)
            if not words or any(word in f"{file.stem} {function.__name__}" for word in words)]


def child(file, results, names):
    """Runs the named journeys of one file; writes a JSON line for each as it ends."""
    functions = [function for function in load(file) if function.__name__ in names]
    with open(results, "a") as lines:
        def write(**line):
            lines.write(json.dumps(line) + "\n")
            lines.flush()

        def started(function):
            # Prints where it hangs and ends the process; the parent clears up.
            faulthandler.dump_traceback_later(function.seconds, exit=True)
            write(name=function.__name__, outcome="started")
            started.at = time.monotonic()

        def finished(function, outcome, text):
            faulthandler.cancel_dump_traceback_later()
            seconds = time.monotonic() - started.at
            print(f"  {outcome:8}{function.__name__.replace('_', ' ')} ({seconds:.1f} s)")
            if text:
                print("\n".join("    " + line for line in text.rstrip().splitlines()))
            sys.stdout.flush()
            write(name=function.__name__, outcome=outcome, text=text)

        wrong = harness.run_all(functions, started, finished)
        if wrong:
            print("  failed  shutting down:", *wrong, sep="\n    ")
            write(name="shutting down", outcome="failed", text="\n".join(wrong))


def run_file(file, names, folder):
    """Runs a file's journeys, starting again after one that took its process down with it."""
    results, outcomes, remaining = folder / f"{file.stem}.jsonl", {}, list(names)
    results.unlink(missing_ok=True)
    while remaining:
        code = run_child([str(file), str(results), *remaining])
        lines = results.read_text().splitlines() if results.exists() else []
        for line in map(json.loads, lines):
            outcomes[line["name"]] = line
        for name, line in outcomes.items():
            if line["outcome"] == "started":
                line |= outcome_of_crash(code)
                print(f"  failed  {name.replace('_', ' ')}: {line['text']}")
        if not any(name in outcomes for name in remaining):
            outcomes[remaining[0]] = {"name": remaining[0]} | outcome_of_crash(code)
        remaining = [name for name in remaining if name not in outcomes]
    return list(outcomes.values())


def run_child(arguments):
    """Runs journeys in a process of their own and leaves neither processes nor files of it."""
    with tempfile.TemporaryDirectory(prefix="as-journeys.", ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [sys.executable, __file__, "--child", *arguments],
            env=os.environ | {"TMPDIR": folder}, start_new_session=True)
        try:
            return process.wait()
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            end_users_of(folder)


def end_users_of(folder):
    """Ends what was started with a path in the folder: a browser outlives its driver a little."""
    for _ in range(50):
        users = [int(entry.parent.name) for entry in Path("/proc").glob("[0-9]*/cmdline")
                 if folder.encode() in read_or_nothing(entry)]
        if not users:
            return
        for pid in users:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.1)


def read_or_nothing(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def outcome_of_crash(code):
    return {"outcome": "failed", "text": f"took too long or crashed (exit code {code})"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--summary", type=Path, default=harness.LOGS.parent / "journeys.json")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where journey_*.py are")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()

    harness.LOGS.mkdir(parents=True, exist_ok=True)
    summary = {"passed": 0, "failed": 0, "skipped": 0, "failures": []}
    for file in sorted(options.folder.glob("journey_*.py")):
        names = [function.__name__ for function in chosen(file, options.words)]
        if not names:
            continue
        print(file.stem, flush=True)
        if options.list:
            print("\n".join("  " + name for name in names))
            continue
        for result in run_file(file, names, harness.LOGS):
            summary[result["outcome"]] += 1
            if result["outcome"] == "failed":
                summary["failures"].append({"file": file.name, **result})
    if options.list:
        return 0
    options.summary.parent.mkdir(parents=True, exist_ok=True)
    options.summary.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
    print("journeys: {passed} passed, {failed} failed, {skipped} skipped".format(**summary))
    return 1 if summary["failed"] or not summary["passed"] + summary["skipped"] else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
    else:
        sys.exit(main())
