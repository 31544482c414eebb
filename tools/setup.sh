#!/usr/bin/env bash
# Installs what is missing to build and run (`run`), also to test (`test`), or also to measure
# (`bench`). Takes no time when nothing is missing. No service is started, enabled or changed.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-run}
case $mode in run | test | bench) ;; *) echo "usage: tools/setup.sh [run|test|bench]" >&2; exit 2 ;; esac
log=var/setup.log
mkdir -p var

fail() { printf '%s\n' "$@" >&2; exit 2; }
has() { command -v "$1" >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# A Python that can make a virtual environment: the system's, else another one on the path.
find_python() {
    local python
    for python in /usr/bin/python3 python3 python3.13 python3.12 python3.11 python3.10; do
        if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' \
            >/dev/null 2>&1; then echo "$python"; return; fi
    done
    return 1
}

# Names the packages whose content is not there yet.
missing_packages() {
    has pkg-config || echo pkg-config
    pkg-config --exists sqlite3 2>/dev/null || echo libsqlite3-dev
    pkg-config --exists libical 2>/dev/null || echo libical-dev
    pkg-config --exists libpq 2>/dev/null || echo libpq-dev
    [ -e /usr/include/phonenumbers/phonenumberutil.h ] || echo libphonenumber-dev
    [ -e /usr/share/zoneinfo/Europe/Berlin ] || echo tzdata
    [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls ] || echo ca-certificates
    [ "$mode" != run ] || return 0
    [ "$mode" != bench ] || has wrk || echo wrk
    tools/test-postgres.sh bindir >/dev/null 2>&1 || echo postgresql
    has node || echo nodejs
    has "${AUTOSECRETARY_TEST_CHROMIUM:-chromium}" || echo chromium
    has curl || echo curl
    find_python >/dev/null || echo python3-venv
    if has dpkg-query; then
        installed fonts-liberation || echo fonts-liberation
        installed fonts-noto-color-emoji || echo fonts-noto-color-emoji
        installed libatomic1 || echo libatomic1
    fi
}

# Debian starts what it installs, and a new PostgreSQL gets a cluster. Neither is wanted here; a
# PostgreSQL that was there before is left as it is.
new_postgres=""
policy=/usr/sbin/policy-rc.d
mark="written by autosecretary's tools/setup.sh, to be removed by it"
keep_services_still() {
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    if [ -n "$new_postgres" ] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" |
            as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
}
let_services_go() {
    if grep -qs "$mark" "$policy"; then as_root rm -f "$policy"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" >>"$log" 2>&1
}
install_packages() {
    echo "Installing $* …"
    trap let_services_go EXIT
    keep_services_still
    if ! apt install --no-install-recommends "$@"; then
        # Another update may hold the lists; apt has no time-out for that lock.
        apt update || { sleep 20; apt update; } || true
        apt install --no-install-recommends "$@" ||
            { tail -n 15 "$log" >&2; fail "apt-get could not install $*; $log tells why."; }
    fi
    let_services_go
    [ -z "$new_postgres" ] || ! has systemctl ||
        as_root systemctl disable postgresql.service >>"$log" 2>&1 || true
}

mapfile -t missing < <(missing_packages)
if [ ${#missing[@]} -gt 0 ]; then
    { has apt-get && has dpkg; } || fail \
        "Autosecretary's set-up installs packages on Debian only, and something is missing here." \
        "Install what your system calls: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || has sudo || fail \
        "Packages are missing and there is no sudo. As root: apt-get install ${missing[*]}"
    if [[ " ${missing[*]} " == *" postgresql "* ]] && ! installed postgresql-common; then
        new_postgres=yes
    fi
    install_packages "${missing[@]}"
fi

has swift || fail "Swift 6.2 or later is needed and no swift is on the path: see https://swift.org/install."
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
awk -v v="${version:-0.0}" 'BEGIN { split(v, n, "."); exit !(n[1] > 6 || n[1] == 6 && n[2] >= 2) }' ||
    fail "Swift 6.2 or later is needed; this is ${version:-of unknown version}: see https://swift.org/install."

[ "$mode" != run ] || exit 0
node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ||
    fail "Node 18 or later is needed for the JavaScript tests; this is $(node --version)."
# make_venv FOLDER REQUIREMENTS WHAT: anew when the requirements are others.
make_venv() {
    local venv=$1 requirements=$2
    if cmp -s "$requirements" "$venv/requirements.txt" && "$venv/bin/python" -c ''; then return; fi
    echo "Installing $3 into $venv …"
    rm -rf "$venv"
    "$(find_python)" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        -r "$requirements" >>"$log" 2>&1 ||
        { tail -n 15 "$log" >&2; fail "pip could not install $3; $log tells why."; }
    cp "$requirements" "$venv/requirements.txt"
}
make_venv var/test-venv tools/test-requirements.txt "the browser driver"
make_venv var/calendar-venv tools/test-requirements-calendars.txt "calendar programs"
