#!/usr/bin/env bash
# The rules of docs/STYLE.md that a machine can check: greps, each with its reason. Exceptions
# stand in tools/lint-allow.txt, with theirs.   STRICT=1: formatting warnings fail too.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
mapfile -t files < <(git ls-files --cached --others --exclude-standard | sort -u | while read -r file; do
    if [ -f "$file" ]; then echo "$file"; fi
done)
found=0

# report RULE REASON, with the places on stdin.
report() {
    local rule=$1 reason=$2 places=() place
    while IFS= read -r place; do
        awk -v rule="$rule" -v file="${place%%:*}" '$1 == rule && $2 == file { hit = 1 }
            END { exit !hit }' tools/lint-allow.txt || places+=("$place")
    done
    [ ${#places[@]} -gt 0 ] || return 0
    found=$((found + ${#places[@]}))
    printf '%s: %s\n' "$rule" "$reason"
    printf '    %s\n' "${places[@]:0:20}"
    [ ${#places[@]} -le 20 ] || echo "    … and $((${#places[@]} - 20)) more"
}
# among WHERE EXCEPT: the files whose path matches the one and not the other.
among() { printf '%s\n' "${files[@]}" | grep -E "$1" | grep -vE "${2:-^$}" || true; }
# rule RULE REASON WHERE EXCEPT PATTERN: no line of code (comments aside) matches PATTERN.
rule() {
    report "$1" "$2" < <(among "$3" "$4" | tr '\n' '\0' |
        xargs -0 -r grep -nHP "^(?!\\s*(//|--|\\*|#)).*$5" | cut -c 1-160 || true)
}
swift='^(Sources|Tests)/.*\.swift$'
sources='^Sources/.*\.swift$'
helpers='^Sources/(TestSupport|Fakes)/'

rule grdb "Only the SQLite engine knows GRDB." "$swift" '^Sources/Store/SQLite/' '\bimport GRDB\b'
rule libpq "Only the PostgreSQL engine knows libpq." "$swift" '^Sources/Store/Postgres/' '\bimport CLibpq\b'
rule http-client "Only Outbound calls out; it refuses private addresses." "$swift" '^Sources/Outbound/' '\bimport AsyncHTTPClient\b'
features=(Booking Guidance Inquiries Channels Outreach Errands Billing Workforce Reports Telephony Webhooks)
all=$(IFS='|'; echo "${features[*]}")
for feature in "${features[@]}"; do
    rule sibling "A feature does not import another feature; a place combines them." \
        "^Sources/$feature/" '' "\\bimport (?!$feature\\b)($all)\\b"
done
rule public "Nothing is public; across targets it is package." "$sources" '' '^\s*(@\w+(\(.*\))?\s+)*(public|open)\s'
rule ambient "Time, ids and randomness come from Ambient, so that tests and the virtual clock hold." \
    "$sources" "/Ambient[^/]*\.swift$|$helpers" '(\bDate\(\)|\bDate\.now\b|\bUUID\(\)|\.random\(|\.randomElement\(|\.shuffled?\(\))'
rule print "Output goes through the log; only the command line prints." "$sources" '^Sources/FrontOfficeCLI/' '(?<![.\w])(debugPrint|print)\('
rule force "Errors are handled, or a precondition says why they cannot happen." "$sources" "$helpers" '(\btry!|\bfatalError\()'
rule unsafe "The compiler checks concurrency; nothing switches it off." "$sources" '' '(@unchecked\b|nonisolated\(unsafe\))'
rule task "Structured concurrency only: a group, or a service of the one ServiceGroup." "$sources" "$helpers" '(?<![.\w])Task(\.detached)?(\(.*\))?\s*\{'
rule sql "Both engines run this text: it uses only what docs/guides/sql.md lists." \
    '(Queries\.swift|^Migrations/.*\.sql)$' '\.(sqlite|postgres)\.sql$' \
    '((?<![.\w])(?i:now)\(\)|\bBLOB\b|\bSTRICT\b|(?i:json_each|string_agg\(|\bgreatest\(|=\s*any\s*\()|\bIDENTITY\b)'
report sql "STRICT belongs to SQLite, the rest to PostgreSQL." < <(among '\.postgres\.sql$' | tr '\n' '\0' |
    xargs -0 -r grep -nHwP '^(?!\s*--).*STRICT' || true)
report todo "What is left to do has an issue: TODO(#12)." < <(among '^(Sources|Tests|Web|Migrations|tools)/' '^tools/(lint\.sh|tests/)' |
    tr '\n' '\0' | xargs -0 -r grep -InHP '\b(TODO|FIXME|XXX)\b(?!.{0,3}#\d)' | cut -c 1-160 || true)
report long-file "A file has at most 500 lines." < <(among '^(Sources/.*\.swift|Web/.*\.(js|css))$' |
    while read -r file; do awk 'END { if (NR > 500) print FILENAME ":" NR " lines" }' "$file"; done)
report long-function "A function has at most 70 lines." < <(among "$sources" | tr '\n' '\0' |
    xargs -0 -r awk -v limit=70 -f tools/lint-functions.awk)
report vendored "Code from elsewhere is installed by the set-up, not committed." < <(
    among '(\.min\.(js|css|mjs)$|(^|/)(vendor|third_party|node_modules)/)' | sed 's/$/: vendored/'
    among '^Web/.*\.(js|css)$' | while read -r file; do
        awk 'length > 1000 { print FILENAME ":" FNR ": a line of " length " characters"; exit }' "$file"
    done)
report link "A link leads somewhere." < <(among '\.md$' | while read -r file; do
    { grep -oP '\]\(\K[^)\s#]+' "$file" || true; } | while read -r target; do
        case $target in *:* | /*) continue ;; esac
        [ -e "$(dirname "$file")/$target" ] || echo "$file: $target"
    done
done)
report script "A script parses." < <(among '\.sh$|^\.githooks/|^\.ci/run$' | while read -r file; do
    bash -n "$file" 2>&1 || true
done)

mapfile -t code < <(among "$swift|^Package\.swift$")
if [ ${#code[@]} -gt 0 ] && command -v swift >/dev/null; then
    warnings=$(swift format lint --parallel "${code[@]}" 2>&1 | grep -E ': (warning|error): ' || true)
    count=$(grep -c . <<<"$warnings" || true)
    echo "swift format: $count warnings$([ "$count" -eq 0 ] || echo '; the most frequent:')"
    grep -oE '\[[A-Za-z]+\]' <<<"$warnings" | sort | uniq -c | sort -rn | head -n 8 || true
    if [ "${STRICT:-}" = 1 ]; then printf '%s\n' "$warnings"; found=$((found + count)); fi
fi
[ "$found" -eq 0 ] || { echo "lint: $found places break a rule."; exit 1; }
echo "lint: no rule is broken."
