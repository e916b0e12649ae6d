#!/bin/sh
# Start coturn with turnserver.conf and what the environment says; further arguments go to coturn.
#   FER_SITE              the site's name
#   FER_TURN_SECRET       what the app signs credentials with
#   FER_TURN_EXTERNAL_IP  optional: PUBLIC/PRIVATE, where the machine has only a private address and a router in front of it
#   FER_TURN_PEERS        optional: addresses, separated by spaces, that may be relayed to although they are private
set -eu
: "${FER_SITE:?expected the site\'s name in FER_SITE, received none; set it}"
: "${FER_TURN_SECRET:?expected a secret in FER_TURN_SECRET, received none; make one with: openssl rand -hex 32}"
umask 077
folder=${RUNTIME_DIRECTORY:-$(mktemp -d)}
conf=$folder/turnserver.conf
{
    cat "$(dirname "$0")/turnserver.conf"
    echo "pidfile=$folder/turnserver.pid"
    echo "realm=$FER_SITE"
    echo "static-auth-secret=$FER_TURN_SECRET"
    [ -z "${FER_TURN_EXTERNAL_IP:-}" ] || echo "external-ip=$FER_TURN_EXTERNAL_IP"
    for peer in ${FER_TURN_PEERS:-}; do echo "allowed-peer-ip=$peer"; done
} >"$conf"
exec turnserver -c "$conf" "$@"
