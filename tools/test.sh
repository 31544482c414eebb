#!/usr/bin/env bash
# The tests, in named and timed steps. The last line is `N passed, N failed, N skipped`.
#   tools/test.sh all | fast | STEP… [only=WORD]
# Steps: tools lint phrases build swift js release smoke contract journeys. Logs are in var/test-logs/.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
# Nothing of the user's own servers reaches the tests.
for name in $(compgen -e | grep -E '^(PG[A-Z]+|AUTOSECRETARY_.*)$' | grep -v '^AUTOSECRETARY_TEST_' || true); do
    unset "$name"
done

logs=var/test-logs
python=var/test-venv/bin/python
only=""
steps=()
for argument in "$@"; do
    case $argument in
    all) steps+=(tools lint phrases build swift js release smoke contract journeys) ;;
    fast) steps+=(lint phrases build swift js); export AUTOSECRETARY_TEST_ENGINES=sqlite ;;
    only=*) only=${argument#only=} ;;
    *) steps+=("$argument") ;;
    esac
done
mkdir -p "$logs"
find "$logs" -mindepth 1 -delete

passed=0 failed=0 skipped=0
child="" postgres="" complete="" broken=""

finish() {
    trap - EXIT
    if [ -n "$child" ]; then
        kill -TERM "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    if [ -n "$postgres" ]; then tools/test-postgres.sh stop "$postgres" || failed=$((failed + 1)); fi
    # Whoever ended this before its time, it did not pass.
    [ -n "$complete" ] || failed=$((failed + 1))
    echo "total: $((SECONDS / 60)) min $((SECONDS % 60)) s"
    echo "$passed passed, $failed failed, $skipped skipped" | tee "$logs/summary.txt"
    [ "$failed" -eq 0 ] || exit 1
    exit 0
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

wanted() { [[ " ${steps[*]} " == *" $1 "* ]]; }

show_failure() {
    grep -aE '^(✘|not ok|FAIL|ERROR|.*error:|.*Fatal error)' "$1" | head -n 40 || true
    echo "--- the end of $1"
    tail -n 30 "$1"
    echo "---"
}

# step NAME KIND MINUTES RESULTS COMMAND…: runs one step and adds its tests to the totals.
step() {
    local name=$1 kind=$2 minutes=$3 results=$4 began=$SECONDS code=0 counts p f s
    shift 4
    echo "▸ $name"
    timeout --kill-after=20 "${minutes}m" "$@" >"$logs/$name.log" 2>&1 &
    child=$!
    wait "$child" || code=$?
    child=""
    [ "$code" -ne 124 ] || echo "$name was stopped after $minutes minutes." >>"$logs/$name.log"
    counts=$("$python" tools/tally.py "$kind" "$code" "$logs/$name.log" "$results") || counts="0 1 0"
    read -r p f s <<<"$counts"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    [ "$f" -eq 0 ] || show_failure "$logs/$name.log"
    if [ "$kind" = work ]; then counts=$([ "$f" -eq 0 ] && echo "done" || echo "failed"); else
        counts="$p passed, $f failed, $s skipped"; fi
    echo "  $name: $counts ($((SECONDS - began)) s)"
    [ "$f" -eq 0 ]
}

not_run() { echo "▸ $1: not run, $2"; }

start_postgres() {
    postgres=$(mktemp -d /tmp/as-pg.XXXX)
    if AUTOSECRETARY_TEST_POSTGRES=$(tools/test-postgres.sh start "$postgres"); then
        export AUTOSECRETARY_TEST_POSTGRES
    else
        failed=$((failed + 1))
    fi
}

echo "▸ setup"
tools/setup.sh test
if wanted tools; then
    step tools unittest 10 "" "$python" -m unittest discover -v -s tools/tests || true
fi
if wanted lint; then step lint check 5 "" tools/lint.sh || true; fi
if wanted phrases; then step phrases check 1 "" "$python" tools/phrases.py || true; fi
if wanted build; then step build work 40 "" swift build --build-tests || broken=yes; fi
if [ "${AUTOSECRETARY_TEST_ENGINES:-}" != sqlite ] && { wanted swift || wanted journeys; }; then
    start_postgres
fi
if wanted swift; then
    # All at once they would keep each other waiting, and tests about time would find none.
    if [ -n "$broken" ]; then not_run swift "the build failed"; else
        step swift swift 20 "$logs/swift-swift-testing.xml" \
            env SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 \
            swift test --skip-build --disable-xctest --xunit-output "$logs/swift.xml" \
            ${only:+--filter "$only"} || true
    fi
fi
if wanted js; then
    mapfile -t scripts < <(find Web Tests -name '*.test.js' -o -name '*.test.mjs' | sort)
    if [ ${#scripts[@]} -eq 0 ]; then not_run js "there are no *.test.js files"; else
        step js tap 5 "" node --test --test-reporter=tap "${scripts[@]}" || true
    fi
fi
if wanted release; then
    if [ -n "$broken" ]; then not_run release "the build failed"; else
        step release work 40 "" swift build -c release --product autosecretary || broken=yes
    fi
fi
if wanted smoke; then
    if [ -n "$broken" ]; then not_run smoke "the build failed"; else
        step smoke check 3 "" tools/smoke.sh .build/release/autosecretary || true
    fi
fi
if wanted contract; then
    if [ ! -x .build/debug/autosecretary ]; then not_run contract "the build failed"; else
        step contract check 5 "" tools/contract.sh .build/debug/autosecretary "$python" || true
    fi
fi
if wanted journeys; then
    if [ ! -x .build/debug/autosecretary ]; then not_run journeys "the build failed"; else
        step journeys journeys 25 "$logs/journeys.json" \
            "$python" Tests/Journeys/run.py --summary "$logs/journeys.json" ${only:+"$only"} || true
    fi
fi
complete=yes
