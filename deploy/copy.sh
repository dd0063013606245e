#!/usr/bin/env bash
# Copy content and the published index to machines that only serve: deploy/copy.sh HOST...
# The project lies in /opt/clinic-search there, or in the folder that TO names. Needs ssh and rsync.
#
# `current` says what is served, so it is copied after all that belongs to it, and generations that
# are neither served nor were before are removed last. What two generations have in common (the
# encoder, 90 MB) is neither sent nor stored twice. rsync puts new files in the place of old ones;
# whatever overwrites them (cp, scp, rsync --inplace) can kill the page that has them open.
set -euo pipefail
cd "$(dirname "$0")/.."
to=${TO:-/opt/clinic-search}

if [ $# = 0 ]; then
    echo "usage: [TO=$to] deploy/copy.sh HOST..." >&2
    exit 2
fi
if [ ! -f index/built/current ]; then
    echo "There is no index to copy: run make ingest first." >&2
    exit 1
fi
generation=$(cat index/built/current)
before=$(sed -n 2p index/built/history)

copy() {
    # -c compares what is in files: two of one size may have been written within one second.
    ssh "$1" "mkdir -p '$to/content' '$to/index/built'" &&
    rsync -ac content/ "$1:$to/content/" &&
    rsync -ac ${before:+--link-dest="../$before"} \
        "index/built/$generation/" "$1:$to/index/built/$generation/" &&
    rsync -ac index/built/current "$1:$to/index/built/" &&
    ssh "$1" "cd '$to/index/built' && find . -maxdepth 1 -type d -name '????????????????' \
        ! -name '$generation' ! -name '$before' -exec rm -r {} +"
}

failed=0
for host in "$@"; do
    if copy "$host"; then
        echo "$host has $generation."
    else
        echo "$host: not copied (above); what it served goes on being served." >&2
        failed=1
    fi
done
exit $failed
