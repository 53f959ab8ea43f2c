#!/usr/bin/env bash
# Runs every example of README.md and docs/, and compares what it prints with what the page shows.
#
# usage: tests/docs_examples.sh [--update] [--skip TEXT]… PROGRAM SOURCE
#
# PROGRAM is the deterra binary, SOURCE the folder that holds README.md. A page's fenced blocks say
# by their first line what they are:
#   cfg NAME         a config, saved under NAME in the page's own folder
#   nfg NAME         the same, a strategic-form game
#   py NAME, R NAME  a script, saved likewise, that a command must run
#   console          commands, lines that begin with "$ deterra", each followed by its output; a
#                    command that ends in \ goes on in the next line, after "> ". Readers of results
#                    may stand there, too: sqlite3, python3 and Rscript; each is skipped where it is
#                    not installed (Rscript also without its package RSQLite)
#   console exit=N   the same, where each command ends with exit status N
#   sh, text         for the reader only
# Output is standard output, then standard error without the lines that tell times. It is compared
# byte by byte, but a line that is only … stands for any number of lines. Commands see the page's
# own configs and the tree's configs/. A config that no command names is given to `deterra check`.
#
# --update rewrites the outputs that differ; those with a line … are left to the author.
# --skip leaves out commands that hold TEXT, and may be given again: a sanitized program is slow in a
# large game.
set -u
LC_ALL=C
export LC_ALL NO_COLOR=1

update=false skip=()
while [[ ${1-} == --* ]]; do
    case $1 in
    --update) update=true ;;
    --skip)
        skip+=("${2-}")
        shift
        ;;
    *) break ;;
    esac
    shift
done
if [ $# -ne 2 ] || [ ! -x "$1" ] || [ ! -f "$2/README.md" ]; then
    echo "usage: $0 [--update] [--skip TEXT]… PROGRAM SOURCE" >&2
    exit 2
fi
program=$1
root=$(realpath "$2")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
cp "$program" "$work/bin/deterra" # a build that goes on beside the test does not disturb it

pages=0 configs=0 commands=0 skipped=0 failures=0

fail() { # page, line, message
    echo "$1:$2: $3"
    failures=$((failures + 1))
}

# Does the output in file $2 match the page's text in file $1? Stretches between lines … must come
# one after the other.
matches() {
    awk -v actual="$2" '
        function equal_at(at, from, count,    i) {
            for (i = 0; i < count; i++)
                if (shown[from + i] != got[at + i])
                    return 0
            return 1
        }
        { shown[++n] = $0 }
        END {
            while ((getline line < actual) > 0)
                got[++m] = line
            at = 1
            gap = 0
            for (i = 1; i <= n; i += count) {
                if (shown[i] == "…") {
                    gap = count = 1
                    continue
                }
                for (count = 0; i + count <= n && shown[i + count] != "…"; count++)
                    ;
                last = i + count > n
                if (gap && last)
                    at = m - count + 1 > at ? m - count + 1 : at
                for (; gap && !last && at + count - 1 <= m && !equal_at(at, i, count); at++)
                    ;
                if (at + count - 1 > m || !equal_at(at, i, count))
                    exit 1
                at += count
                gap = 0
            }
            exit !(gap || at == m + 1)
        }' "$1"
}

# Runs a command in the page's folder; its output goes to $work/actual, its exit status to $status.
run() { # folder, command
    (cd "$1" && PATH="$work/bin:$PATH" bash -c "$2") </dev/null >"$work/actual" 2>"$work/stderr"
    status=$?
    sed -E -e '/^deterra: .* in [0-9.]+ s\)?$/d' -e '/^deterra: .* expected with [0-9]+ threads? \(/d' \
        -e '/^deterra: [0-9]+ points? in .*points\/s\)$/d' -e '/^deterra sweep: [0-9]+ of [0-9]+ points /d' \
        "$work/stderr" >>"$work/actual"
}

is_left_out() { # command
    local text
    for text in ${skip[@]+"${skip[@]}"}; do
        [[ $1 == *"$text"* ]] && return
    done
    [[ $1 != deterra\ * ]] && ! installed "$1"
}

# Is there what the command needs?
installed() { # command
    case $1 in
    Rscript\ *) Rscript -e 'library(RSQLite)' ;;
    *) command -v "${1%% *}" ;;
    esac >/dev/null 2>&1
}

# One command of a console block with the lines $shown; leaves the lines for the page in $shown.
example() { # page, folder, line, exit status, command
    commands=$((commands + 1))
    if [[ ! $5 =~ ^(deterra|sqlite3|python3|Rscript)\  ]]; then
        fail "$1" "$3" "an example must begin with deterra, sqlite3, python3 or Rscript: $5"
        return
    fi
    if is_left_out "$5"; then
        skipped=$((skipped + 1))
        return
    fi
    run "$2" "$5"
    if [ "$status" != "$4" ]; then
        fail "$1" "$3" "exit status $status, not $4: $5"
        sed 's/^/    /' "$work/actual"
        return
    fi
    : >"$work/shown"
    [ ${#shown[@]} -eq 0 ] || printf '%s\n' "${shown[@]}" >"$work/shown"
    matches "$work/shown" "$work/actual" && return
    if $update && ! grep -qx '…' "$work/shown"; then
        echo "$1:$3: updated: $5"
        mapfile -t shown <"$work/actual"
        return
    fi
    fail "$1" "$3" "the output differs: $5"
    diff -u --label "$1:$3" --label "now" "$work/shown" "$work/actual" | sed 's/^/    /'
}

# A console block: lines from $1 up to $2 (not included) of the array `lines`.
console() { # from, to, page, folder, info
    local i=$1 command line expected=0 shown=()
    [[ $5 =~ exit=([0-9]+) ]] && expected=${BASH_REMATCH[1]}
    while [ "$i" -lt "$2" ]; do
        line=$((i + 1))
        if [[ ${lines[i]} != '$ '* ]]; then
            fail "$3" "$line" 'a console block begins with "$ deterra …"'
            return
        fi
        command=${lines[i]#'$ '}
        kept+=("${lines[i]}")
        i=$((i + 1))
        while [[ $command == *\\ && $i -lt $2 ]]; do
            command="${command%\\}${lines[i]#'> '}"
            kept+=("${lines[i]}")
            i=$((i + 1))
        done
        shown=()
        while [[ $i -lt $2 && ${lines[i]} != '$ '* ]]; do
            shown+=("${lines[i]}")
            i=$((i + 1))
        done
        used+=" $command"
        example "$3" "$4" "$line" "$expected" "$command"
        [ ${#shown[@]} -eq 0 ] || kept+=("${shown[@]}")
    done
}

# A script: saved, and remembered likewise.
script() { # from, to, page, folder, info
    local name=${5#* }
    if [[ ! $5 =~ ^(py\ [A-Za-z0-9_]+\.py|R\ [A-Za-z0-9_]+\.R)$ ]]; then
        fail "$3" "$1" 'a script needs a file name: ```py my_table.py, ```R my_table.R'
        return
    fi
    printf '%s\n' "${lines[@]:$1:$(($2 - $1))}" >"$4/$name"
    saved+=("$name")
}

# A config or a game: saved, and remembered for the check that something uses it.
config() { # from, to, page, folder, info
    local name=${5#* }
    if [[ ! $5 =~ ^(cfg\ [A-Za-z0-9_]+\.cfg|nfg\ [A-Za-z0-9_]+\.nfg)$ ]]; then
        fail "$3" "$1" 'a config needs a file name: ```cfg my_game.cfg, a game too: ```nfg my_game.nfg'
        return
    fi
    configs=$((configs + 1))
    printf '%s\n' "${lines[@]:$1:$(($2 - $1))}" >"$4/$name"
    saved+=("$name")
    used+=" $(grep '^ *@include' "$4/$name")"
}

check_page() {
    local page=$1 folder="$work/page$pages" lines kept=() saved=() used="" i=0 end info name
    mkdir "$folder"
    ln -s "$root/configs" "$folder/configs"
    mapfile -t lines <"$root/$page"
    while [ "$i" -lt ${#lines[@]} ]; do
        kept+=("${lines[i]}")
        if [[ ${lines[i]} != '```'* ]]; then
            i=$((i + 1))
            continue
        fi
        info=${lines[i]#'```'}
        i=$((i + 1))
        end=$i
        while [[ $end -lt ${#lines[@]} && ${lines[end]} != '```' ]]; do
            end=$((end + 1))
        done
        if [ "$end" = ${#lines[@]} ]; then
            fail "$page" "$i" "this block is never closed"
            kept=("${lines[@]}")
            break
        fi
        if [[ $info == console* ]]; then
            console "$i" "$end" "$page" "$folder" "$info"
        else
            [ "$end" = "$i" ] || kept+=("${lines[@]:$i:$((end - i))}")
            case $info in
            cfg* | nfg*) config "$i" "$end" "$page" "$folder" "$info" ;;
            py* | R*) script "$i" "$end" "$page" "$folder" "$info" ;;
            sh | text) ;;
            *) fail "$page" "$i" "a block is cfg NAME, nfg NAME, py NAME, R NAME, console, sh or text, not \"$info\"" ;;
            esac
            if [ "$info" = sh ] && printf '%s\n' "${lines[@]:$i:$((end - i))}" | grep -Eq '^(\$ )?deterra '; then
                fail "$page" "$i" "commands of deterra belong in a console block, with their output"
            fi
        fi
        kept+=('```')
        i=$((end + 1))
    done
    for name in ${saved[@]+"${saved[@]}"}; do
        [[ $used == *"$name"* ]] && continue
        if [[ $name == *.py || $name == *.R ]]; then
            fail "$page" 1 "no command runs $name"
            continue
        fi
        run "$folder" "deterra check -q $name"
        if [ $status -ne 0 ]; then
            fail "$page" 1 "$name is not a good config:"
            sed 's/^/    /' "$work/actual"
        fi
    done
    if $update && ! printf '%s\n' "${kept[@]}" | cmp -s - "$root/$page"; then
        printf '%s\n' "${kept[@]}" >"$root/$page"
    fi
}

while read -r page; do
    check_page "$page"
    pages=$((pages + 1))
done < <(cd "$root" && { echo README.md; find docs -name '*.md' | sort; })

echo "$pages pages, $configs configs, $commands commands ($skipped skipped), $failures failures"
[ $failures -eq 0 ] && [ $commands -gt 0 ]
