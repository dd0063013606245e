#!/usr/bin/env bash
# Copy content and the published index to machines that only serve: deploy/copy.sh HOST...
# The project lies in /opt/clinic-search there, or in the folder that TO names. Needs ssh and rsync.
#
# Whatever is read here may change meanwhile, and this script may die at any line. So nothing that
# counts there changes until all has arrived and was found equal to what is here; then one command
# over there, $switch, puts it in place. It names the generation that was chosen at the start, not
# whatever `current` says here by then. What two generations have in common (the encoder, 90 MB) is
# neither sent nor stored twice. rsync puts new files in the place of old ones; whatever overwrites
# them (cp, scp, rsync --inplace) can kill the page that has them open.
set -euo pipefail
cd "$(dirname "$0")/.."
to=${TO:-/opt/clinic-search}
case $to in -*) to=./$to ;; esac
built=index/built
# Texts that were taken back (.history), files that are being written, rubbish of file managers.
hidden=--exclude='.*'

# These run there, in the project's folder, with a generation as argument: what was served there;
# put in place what has arrived, if it is all of the files that the input names; give its room back.
tools='
set -euf
id=$1 coming=content/.coming
read_there() { cat "index/built/$1" 2>/dev/null || :; }
named() {
    for each in "$@"; do
        case $each in *[!0-9a-f]*) continue ;; ????????????????) ;; *) continue ;; esac
        if [ -d "index/built/$each" ]; then echo "$each"; fi
    done
}
exec 9>>index/built/.lock
if command -v flock >/dev/null && ! flock -w 60 9; then
    echo "A rollback is at work there: run the same command again." >&2
    exit 1
fi
'
served=$tools'
named $(read_there current) $(read_there history) | sort -u
'
switch=$tools'
trap "rm -f index/built/.writing-current index/built/.writing-history" EXIT
put() {
    printf "%s\n" "$2" >"index/built/.writing-$1" &&
        [ "$(read_there ".writing-$1")" = "$2" ] &&
        mv -f "index/built/.writing-$1" "index/built/$1"
}
if [ "$(cat)" != "$(cd "index/built/$id" && find . -type f ! -name ".*" | LC_ALL=C sort)" ]; then
    echo "Generation $id is not whole there: run the same command again." >&2
    exit 1
fi
for name in red_flags.toml clinic.toml; do
    if [ -s "content/$name" ] && [ ! -s "$coming/$name" ]; then
        echo "content/$name is missing or empty here, and there it is not: restore it first." >&2
        exit 1
    fi
done
kept=$(named "$id" $(read_there current) $(read_there history) | awk "!seen[\$0]++" | head -n 2)
sync
rsync -acO --delete-after --exclude=".*" "$coming/" content/
put current "$id"
set +e # it is served: what follows is for later
put history "$kept" # where that fails the old one will do: it names what was served until now
sync
rm -rf "$coming"
for each in $(named $(cd index/built && find . -maxdepth 1 -type d | cut -c 3-)); do
    case " $(echo $kept $(read_there history) $(read_there candidate)) " in *" $each "*) continue ;; esac
    rm -rf "index/built/$each"
done
exit 0
'
give_back=$tools'
rm -rf "$coming"
case " $(echo $(read_there current) $(read_there history) $(read_there candidate)) " in
    *" $id "*) ;;
    *) rm -rf "index/built/$id" ;;
esac
'

quoted() {
    printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"
}

on() { # HOST SCRIPT ARGUMENT...: run a script of sh in the project's folder there
    local host=$1 script=$2
    shift 2
    ssh "$host" "cd $(quoted "$to") && exec sh -c $(quoted "$script") sh $*"
}

send() { # OPTION... FROM HOST:TO, the latter as seen from the project's folder there
    rsync --rsync-path="cd $(quoted "$to") && rsync" "$@"
}

files() {
    (cd "$built/$generation" && find . -type f ! -name '.*' | LC_ALL=C sort) 2>/dev/null
}

choose() { # the one generation that is copied, and which files it has
    generation=$(cat "$built/current" 2>/dev/null) || generation=
    listed=$(files) || listed=
    case $generation in *[!0-9a-f]* | '') listed= ;; esac
    if [ -z "$listed" ]; then
        echo "There is no index to copy: run make ingest first." >&2
        exit 1
    fi
}

gone() { # an ingest removes what is neither served nor was before; it never changes anything else
    [ "$(files)" != "$listed" ]
}

send_content() { # and send it again when an editor saved something while it was read
    local code differs
    for _ in 1 2 3; do
        code=0 differs=
        send -acO --delete "$hidden" --link-dest=.. content/ "$1:content/.coming/" &&
            differs=$(send -rlcni --delete "$hidden" content/ "$1:content/.coming/") || code=$?
        case $code:$differs in
            0:) return 0 ;;
            0:* | 24:*) ;; # 24: a file went away
            *) return 1 ;;
        esac
    done
    echo "content/ changes all the time: wait until it is saved, then run the same command." >&2
    return 1
}

copy() { # to one host; 3 when the generation went away here meanwhile
    local there each links=()
    ssh "$1" "mkdir -p $(quoted "$to/content") $(quoted "$to/$built")" &&
        there=$(on "$1" "$served" "$generation") || return 1
    for each in $there; do
        [ "$each" = "$generation" ] || links+=(--link-dest="../$each")
    done
    # -c compares what is in files: two of one size may have been written within one second.
    if send_content "$1" &&
        send -ac --delete --delete-excluded "$hidden" ${links[@]+"${links[@]}"} \
            "$built/$generation/" "$1:$built/$generation/" && ! gone &&
        echo "$listed" | on "$1" "$switch" "$generation"; then
        return 0
    fi
    on "$1" "$give_back" "$generation" # a disk that is full there shall not stay so
    gone && return 3
    return 1
}

for host in "$@"; do
    case $host in -*) set -- ;; esac
done
if [ $# = 0 ]; then
    echo "usage: [TO=$to] deploy/copy.sh HOST..." >&2
    exit 2
fi
choose
failed=0
for host in "$@"; do
    for _ in 1 2 3; do
        code=0
        copy "$host" || code=$?
        [ $code = 3 ] || break
        echo "Generation $generation went away here while it was copied: newer ones were published." >&2
        choose
    done
    if [ $code = 0 ]; then
        echo "$host has $generation."
    else
        echo "$host: not copied (above); what it served goes on being served." >&2
        failed=1
    fi
done
exit $failed
