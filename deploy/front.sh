#!/bin/sh
# Run nginx in its container with deploy/nginx.conf, in which only lines marked CHANGE are fitted: to
# CLINIC_NAME, to CLINIC_EMERGENCY, and to the page at CLINIC_NETWORK.11. With CLINIC_REPLICAS=yes
# deploy/replicas.conf takes the place of that page: CLINIC_NETWORK.11 to .13.
set -eu
here=$(dirname "$0")
fitted=${FITTED:-/run/clinic-search.conf}

refuse() {
    echo "$1 is \"$2\", but must be $3. Correct it in deploy/.env." >&2
    exit 2
}
case $CLINIC_NAME in '' | *[!a-z0-9.-]*) refuse CLINIC_NAME "$CLINIC_NAME" "a name such as search.clinic.example" ;; esac
case $CLINIC_EMERGENCY in '' | *[!0-9A-Za-z\ ]*) refuse CLINIC_EMERGENCY "$CLINIC_EMERGENCY" "numbers such as 999 or 112" ;; esac
case $CLINIC_NETWORK in '' | *[!0-9.]*) refuse CLINIC_NETWORK "$CLINIC_NETWORK" "the beginning of an address such as 172.30.18" ;; esac

pages=
if [ "${CLINIC_REPLICAS:-}" = yes ]; then
    pages='/^upstream clinic_search {/,/^}/d'
    sed "s/10\.0\.0\./$CLINIC_NETWORK./" "$here/replicas.conf" >"$fitted"
else
    : >"$fitted"
fi
sed -e "$pages" \
    -e "s/127\.0\.0\.1:8501/$CLINIC_NETWORK.11:8501/" \
    -e "s/search\.clinic\.example/$CLINIC_NAME/" \
    -e "s/999 or 112/$CLINIC_EMERGENCY/" "$here/nginx.conf" >>"$fitted"
exec nginx -g 'daemon off;'
