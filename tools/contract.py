#!/usr/bin/env python3
"""Draws requests from the document with schemathesis: contract.py URL TOKEN (see contract.sh).

Half of the calls aim at objects that exist: their ids are looked up first, because random ids
only ever hear 404.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "4"))
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_schema_conformance")
# What would end the run itself, with its reason.
LEFT_OUT = {
    "get_events": "a stream does not end; EventListTests reads it",
    "post_test_clock": "the clock would run away under the others",
    "delete_users_id_sessions": "ends sessions of the one who asks",
    "patch_settings": "could ask for a second factor that this token's owner has not",
}


class Office:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + "/api/v1" + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}",
                     "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def first(self, path):
        data = self.call("GET", path)["data"]
        return data[0]["id"] if data else None


def ids(office):
    """One existing object for each kind of path."""
    account = office.first("/accounts?limit=1")
    base = f"/accounts/{account}"
    me = office.call("GET", "/me")["user_id"]
    others = [user["id"] for user in office.call("GET", "/users")["data"] if user["id"] != me]
    webhook = office.call("POST", f"{base}/webhooks", {
        "url": "https://192.0.2.1/hook", "events": ["message.received"]})["id"]
    delivery = office.call("POST", f"/webhooks/{webhook}/test")["id"]
    inbox = office.call("POST", f"{base}/inboxes", {"name": "Contract", "channel": "api"})["id"]
    came = office.call("POST", f"/inboxes/{inbox}/inbound", {
        "source_id": "c1", "from": {"address": "contract"}, "text": "Hello"})
    service = office.first(f"{base}/services?limit=1")
    return {
        "accounts": account, "users": others[0], "inboxes": inbox, "webhooks": webhook,
        "webhook_deliveries": delivery, "conversations": came["conversation_id"],
        "messages": came["message_id"], "services": service,
        "staff": office.first(f"{base}/staff?limit=1"),
        "resources": office.call("POST", f"{base}/resources", {
            "name": "Chair", "kind": "room"})["id"],
        "contacts": office.call("POST", f"{base}/contacts", {"name": "Contract"})["id"],
        "inquiries": office.call("POST", f"{base}/inquiries", {"kind": "other"})["id"],
        "knowledge": office.first(f"{base}/knowledge?limit=1"),
        "canned_responses": office.first("/canned_responses?limit=1"),
        "appointments": office.first(f"{base}/appointments?limit=1"),
    }


def configuration(url, known):
    """Operations whose path begins with a known kind use the object that exists."""
    with urllib.request.urlopen(url + "/api/openapi.yaml", timeout=20) as answer:
        text = answer.read().decode()
    lines = []
    for path in re.findall(r"^  (/api/v1/\S+):$", text, re.M):
        kind = path.split("/")[3]
        if "{id}" in path and known.get(kind):
            lines += ["[[operations]]", f'include-path = "{path}"',
                      f'parameters = {{ "path.id" = "{known[kind]}" }}', ""]
    return "\n".join(lines)


def run(url, token, folder, config, seed):
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *(["--config-file", str(config)] if config else []),
        "run", url + "/api/openapi.yaml", "--checks", ",".join(CHECKS),
        "--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(seed),
        "--continue-on-failure", "--suppress-health-check", "all", "--no-shrink",
        "--request-timeout", "5", "--workers", "2", "-H", f"Authorization: Bearer {token}", "--warnings", "off",
        "--report", "junit", "--report-junit-path", str(folder / f"{seed}.xml")]
    for name in LEFT_OUT:
        command += ["--exclude-operation-id", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    failures = re.findall(r"^_{3,} .+ _{3,}$", text, re.M)
    if done.returncode != 0:
        print(text[-12000:], done.stderr[-2000:])
    return done.returncode, len(failures)


def main():
    url, token = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "known.toml"
        config.write_text(configuration(url, ids(Office(url, token))))
        wrong = 0
        for seed, file in ((1, config), (2, None)):
            code, failures = run(url, token, folder, file, seed)
            wrong += max(failures, 1) if code else 0
    print(f"contract: {wrong} failures")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
