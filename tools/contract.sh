#!/usr/bin/env bash
# Compares a running server with Web/openapi.yaml by drawing requests from it:
#   tools/contract.sh BINARY PYTHON
# No 5xx, no answer that the document does not name, no body of another shape.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "$1") python=$(realpath -s "$2")
folder=$(mktemp -d "${TMPDIR:-/tmp}/as-contract.XXXX")
server=""
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap finish EXIT
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
database=sqlite:$folder/contract.db
"$binary" serve --port "$port" --database "$database" --demo \
    --test-clock 2026-11-23T09:00:00Z >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 300); do
    if curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$folder/log"; exit 1; }
    sleep 0.2
done
token=$("$binary" token create --database "$database" --user helen@frontoffice.example \
    --name contract --scope admin)
"$python" tools/contract.py "http://127.0.0.1:$port" "$token"
