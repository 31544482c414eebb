# Finds Swift functions and initialisers of more than `limit` lines, by counting braces outside
# strings and comments. Approximate: good enough to keep functions short.
FNR == 1 { finish_file() }
{
    code = $0
    if (in_text) {
        if (code ~ /"""/) { sub(/^.*"""/, "", code); in_text = 0 } else next
    }
    gsub(/\\"/, "", code)
    gsub(/"""[^"]*"""/, "", code)
    if (code ~ /"""/) { sub(/""".*$/, "", code); in_text = 1 }
    gsub(/"[^"]*"/, "", code)
    sub(/\/\/.*$/, "", code)

    if (!inside && code ~ /(^|[ \t])(func[ \t]+[^ \t]|init[?!]?[(<]|deinit[ \t{])/ && code !~ /\.init\(/) {
        inside = 1; opened = 0; start = FNR; base = depth; name = $0
    }
    opens = gsub(/{/, "", code)
    closes = gsub(/}/, "", code)
    depth += opens - closes
    if (!inside) next
    if (opens > 0) opened = 1
    if (opened && depth <= base) {
        if (FNR - start + 1 > limit) {
            sub(/^[ \t]+/, "", name)
            printf "%s:%d: %d lines: %s\n", FILENAME, start, FNR - start + 1, substr(name, 1, 60)
        }
        inside = 0
    } else if (!opened && depth < base) {
        inside = 0          # a requirement of a protocol has no body
    }
}
function finish_file() { inside = 0; depth = 0; in_text = 0 }
