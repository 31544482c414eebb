#!/usr/bin/env bash
# Compares a running server with Web/openapi.yaml: tools/contract.sh BINARY PYTHON
# No 5xx, no answer that the document does not name, no body of another shape, no bad request taken.
# PYTHON has tools/test-requirements.txt installed. The last line says how it went.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 2 ] || { echo "usage: tools/contract.sh BINARY PYTHON" >&2; exit 2; }
binary=$(realpath "$1") python=$(realpath -s "$2")
folder=$(mktemp -d "${TMPDIR:-/tmp}/as-contract.XXXX")
server=""
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

port=$("$python" -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
database=sqlite:$folder/contract.db
"$binary" serve --port "$port" --database "$database" --demo \
    --test-clock 2026-11-23T09:00:00Z >"$folder/log" 2>&1 &
server=$!
ready=""
for _ in $(seq 300); do
    kill -0 "$server" 2>/dev/null || break
    if curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; then ready=yes; break; fi
    sleep 0.2
done
if [ -z "$ready" ]; then
    tail -n 20 "$folder/log"
    echo "contract: the server did not start"
    exit 1
fi
token=$("$binary" token create --database "$database" --user helen@frontoffice.example \
    --name contract --scope admin)
code=0
PYTHONDONTWRITEBYTECODE=1 "$python" tools/contract.py "http://127.0.0.1:$port" "$token" || code=$?
kill -0 "$server" 2>/dev/null || { echo "contract: the server has died"; code=1; }
exit "$code"
