#!/usr/bin/env bash
# Starts a built server with a new demo database on a free port, asks it a few things, stops it.
#   tools/smoke.sh BINARY
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/.."
folder=$(mktemp -d /tmp/as-smoke.XXXX)
server=""
finish() {
    if [ -n "$server" ]; then kill -9 "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap finish EXIT
fail() { printf '%s\n' "$@"; tail -n 30 "$folder/server.log"; exit 1; }

port=$((20000 + RANDOM % 12000))
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
HOME=$folder "$binary" serve --host 127.0.0.1 --port "$port" \
    --database "sqlite:$folder/smoke.db" --demo >"$folder/server.log" 2>&1 &
server=$!

ask() {
    curl --silent --show-error --max-time 20 --output "$folder/answer" --write-out '%{http_code}' \
        "http://127.0.0.1:$port$1"
}
ready=""
for _ in $(seq 240); do
    kill -0 "$server" 2>/dev/null || fail "The server ended by itself."
    if [ "$(ask /readyz 2>/dev/null)" = 200 ]; then ready=yes; break; fi
    sleep 0.25
done
[ -n "$ready" ] || fail "/readyz did not answer 200 within a minute."
for path in /healthz /readyz / /demo; do
    status=$(ask "$path") || fail "GET $path got no answer."
    # /demo may send the visitor on to a page.
    case "$path $status" in *" 200" | "/demo 30"[237]) echo "GET $path: $status" ;;
    *) fail "GET $path answered $status." ;; esac
done

kill -TERM "$server"
for _ in $(seq 40); do kill -0 "$server" 2>/dev/null || break; sleep 0.25; done
if kill -0 "$server" 2>/dev/null; then fail "The server did not stop within ten seconds of SIGTERM."; fi
code=0
wait "$server" || code=$?
server=""
case $code in 0 | 143) echo "stopped" ;; *) fail "The server stopped with exit code $code." ;; esac
