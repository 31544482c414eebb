#!/usr/bin/env bash
# A private, throw-away PostgreSQL for tests: own folder, unix socket only, no system service.
#   tools/test-postgres.sh start DIR   makes it in DIR (short path) and prints its URL
#   tools/test-postgres.sh stop DIR    stops it and removes DIR
#   tools/test-postgres.sh bindir      prints where the server's programs are
set -euo pipefail
unset PGDATA PGPORT PGHOST PGUSER

fail() { printf '%s\n' "$@" >&2; exit 1; }

bindir() {
    local folder
    for folder in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -Vr) \
        "$(pg_config --bindir 2>/dev/null || true)"; do
        if [ -x "$folder/initdb" ]; then echo "$folder"; return; fi
    done
    fail "No PostgreSQL server programs (initdb) were found; Debian's package is postgresql."
}

# PostgreSQL refuses to run as root.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start() {
    local dir=$1 bin
    bin=$(bindir)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    [ ${#dir} -lt 80 ] || fail "The path $dir is too long for a unix socket; use mktemp -d /tmp/as-pg.XXXX."
    [ ! -e "$dir/data" ] || fail "$dir holds a database already."
    chmod 700 "$dir"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$dir"; fi
    as_server "$bin/initdb" --pgdata "$dir/data" --username postgres --auth trust \
        --encoding UTF8 --locale C.UTF-8 >"$dir/initdb.log" 2>&1 ||
        { cat "$dir/initdb.log" >&2; fail "initdb failed."; }
    # fsync stays on: the tests are about the database that people run.
    as_server tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 400
# Nothing looks at the tables by itself: a plan depends on what the test did, not on the moment.
autovacuum = off
CONF
    as_server "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/server.log" --wait --timeout 60 \
        start </dev/null >"$dir/start.log" 2>&1 ||
        { cat "$dir/start.log" "$dir/server.log" >&2; fail "PostgreSQL did not start."; }
    echo "postgres://postgres@/postgres?host=$dir"
}

stop() {
    local dir=$1 pid
    # Only what start made is ever removed.
    [ -e "$dir/initdb.log" ] || { [ ! -e "$dir" ] || rmdir "$dir" 2>/dev/null || true; return 0; }
    if [ -s "$dir/data/postmaster.pid" ]; then
        pid=$(head -n 1 "$dir/data/postmaster.pid")
        as_server "$(bindir)/pg_ctl" --pgdata "$dir/data" --mode fast --wait --timeout 30 stop \
            >/dev/null 2>&1 ||
            as_server "$(bindir)/pg_ctl" --pgdata "$dir/data" --mode immediate --wait stop \
                >/dev/null 2>&1 ||
            ! kill -0 "$pid" 2>/dev/null || fail "PostgreSQL with process id $pid did not stop."
    fi
    rm -rf "$dir"
}

case "${1:-}" in
bindir) bindir ;;
start | stop)
    [ -n "${2:-}" ] || fail "usage: tools/test-postgres.sh $1 DIR"
    "$1" "$2"
    ;;
*) fail "usage: tools/test-postgres.sh start DIR | stop DIR | bindir" ;;
esac
