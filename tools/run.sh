#!/usr/bin/env bash
# Sets up, builds and serves the demo office. Arguments go to `autosecretary serve`.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-8080}
# Another environment makes SwiftPM plan and partly build anew.
unset PORT
log=var/build.log

tools/setup.sh run
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "Port $port is in use already. Stop what listens there, or choose another: PORT=8090 make run" >&2
    exit 1
fi

if [ ! -x .build/release/autosecretary ]; then
    echo "Building. The first time takes about ten minutes; later starts take seconds."
fi
swift build -c release --product autosecretary >"$log" 2>&1 &
build=$!
trap 'kill "$build" 2>/dev/null || true' INT TERM
last=""
while kill -0 "$build" 2>/dev/null; do
    sleep 0.5
    step=$(grep -oE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 1 || true)
    if [ -t 1 ] && [ "$step" != "$last" ]; then printf '\r\033[K%s' "$step"; last=$step; fi
done
if [ -t 1 ] && [ -n "$last" ]; then printf '\r\033[K'; fi
if ! wait "$build"; then
    { grep -E 'error:' "$log" || tail -n 30 "$log"; } >&2
    echo "The build failed; the whole log is in $log." >&2
    exit 1
fi
trap - INT TERM

exec .build/release/autosecretary serve --host 127.0.0.1 --port "$port" \
    --database sqlite:var/autosecretary.db --demo "$@"
