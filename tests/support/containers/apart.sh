#!/bin/sh
# Run a command in a network and mounts of its own, so that what Podman sets up there (bridges, rules of
# the firewall, forwarding) never reaches this machine's. Needs root.
set -eu
exec unshare --mount --net --propagation private sh -c '
    ip link set lo up
    mount -t tmpfs tmpfs /run
    if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi   # crun refuses both kinds
    exec "$@"' sh "$@"
