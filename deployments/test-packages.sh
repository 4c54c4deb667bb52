#!/bin/sh
# Makes sure that the programs are there which the tests start and pip cannot install: a browser, Postgres, Redis, nginx, and
# Prometheus' promtool, which tries the alarms. Run by `make test`. Does nothing when they are there; else installs Debian's
# packages where it may, or says which.
set -eu

missing=
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v promtool >/dev/null 2>&1 || missing="$missing prometheus"
PATH=$PATH:/usr/sbin command -v nginx >/dev/null 2>&1 || missing="$missing nginx-light"
# Debian keeps Postgres' programs off the PATH, one folder a version.
set -- /usr/lib/postgresql/*/bin/initdb
[ -x "$1" ] || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    as_root=no
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "test: these are needed and missing:$missing (on Debian or Ubuntu: sudo apt-get install$missing)" >&2
    exit 2
fi
echo "test: installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # words are meant to be split
$as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
