#!/usr/bin/env bash
# Measures what docs/BENCHMARKS.md tells and writes it anew: tools/bench.sh [--quick] [--only WORD]
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh bench
swift build -c release --product autosecretary
swift build -c release --product autosecretary-bench
postgres=$(mktemp -d "${TMPDIR:-/tmp}/as-bench.XXXX")
trap 'tools/test-postgres.sh stop "$postgres" >/dev/null 2>&1 || true; rm -rf "$postgres"' EXIT
url=$(tools/test-postgres.sh start "$postgres")
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
var/test-venv/bin/python tools/bench.py --postgres "$url" "$@"
