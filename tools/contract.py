#!/usr/bin/env python3
"""Compares a server with its document: contract.py URL TOKEN (see contract.sh).

First a day at an office of its own (contract_walk.py) and the same without permission, then
requests that schemathesis draws from the document.
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import requests
import yaml

from contract_office import METHODS, Office
from contract_walk import Day

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "1"))
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_headers_conformance,response_schema_conformance,negative_data_rejection,"
          "unsupported_method")
# What is not drawn, with its reason.
LEFT_OUT = {
    "get_events": "without Accept a stream, which does not end",
    "widget_stream": "a stream",
    "post_test_clock": "the clock would run away under the others",
    "patch_settings": "could ask for a second factor that this token's owner has not",
    "patch_settings_files": "no room for files under the others",
    "patch_files_id": "schemathesis draws no bodies of its media type",
}


def configuration(day):
    """One object for each operation, so that what one deletes the others still have."""
    # A refusal may be about something else than the field that is wrong.
    refusals = [400, 401, 403, 404, 409, 412, 413, 415, 422, 429]
    lines = ["[checks.negative_data_rejection]", f"expected-statuses = {refusals}",
             # Not looked at: the server answers 404 to them, as to unknown paths.
             "[phases.coverage]", "unexpected-methods = []"]
    for path, item in day.office.document["paths"].items():
        for method, operation in item.items():
            if "operationId" not in operation or "{" not in path:
                continue
            given = {}
            if path.startswith("/widget"):
                given["inbox"] = day.chat
            elif "{user_id}" in path:
                given = {"id": day.account, "user_id": day.make("user_id")}
            elif path == "/api/v1/accounts/{id}" and method == "patch":
                given["id"] = day.make("accounts")
            elif path.startswith("/api/v1/accounts"):
                given["id"] = day.account
            elif path == "/calendars/{name}":
                given["name"] = day.calendar
            elif path.split("/")[3] != "jobs":
                given["id"] = day.make(path.split("/")[3])
            # A TOML string may be written as a JSON string.
            lines += ["[[operations]]", f"include-operation-id = {json.dumps(operation['operationId'])}"]
            if path.startswith("/widget"):
                lines.append(f'headers = {{ Authorization = "Bearer {day.visitor}" }}')
            if operation["operationId"] == "post_accounts_id_files":
                # Takes any header and body; tus refuses in words of its own.
                lines.append(
                    f"checks.negative_data_rejection.expected-statuses = {[201, *refusals]}")
            lines.append("parameters = { " + ", ".join(
                f'"path.{name}" = {json.dumps(value)}' for name, value in given.items()) + " }")
    return "\n".join(lines) + "\n"


def draw(url, token, folder):
    """Runs schemathesis; answers how many operations failed."""
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", "known.toml", "run",
        "openapi.json", "--url", url, "--checks", CHECKS, "--phases", "coverage,fuzzing",
        "--max-examples", str(EXAMPLES), "--seed", "1", "--continue-on-failure",
        "--suppress-health-check", "all", "--no-shrink", "--no-color", "--warnings", "off",
        "--request-timeout", "20", "--workers", "2", "-H", f"Authorization: Bearer {token}"]
    for name in LEFT_OUT:
        command += ["--exclude-operation-id", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)
    if done.returncode == 0:
        return 0
    print(done.stdout[-12000:], done.stderr[-2000:])
    return len(re.findall(r"^_{3,} .+ _{3,}$", done.stdout, re.M)) or 1


def main():
    url, token = sys.argv[1:3]
    document = yaml.safe_load(requests.get(url + "/api/openapi.yaml", timeout=20).text)
    office = Office(url, token, copy.deepcopy(document))
    day = Day(office)
    day.walk()
    office.knock()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "openapi.json").write_text(json.dumps(document, default=str))
        (folder / "known.toml").write_text(configuration(day))
        print(*office.wrong, sep="\n")
        wrong = len(office.wrong) + draw(url, token, folder)
    count = sum(method in METHODS for item in document["paths"].values() for method in item)
    print(f"contract: {wrong} violations in {count} operations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
