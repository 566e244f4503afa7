#!/usr/bin/env bash
# Installs what is missing, builds, starts the gateway and its stand-ins for partners, sends sample traffic through every
# partner, prints one row per partner, and stays up.
#
#   scripts/run.sh [--once] [--orders N]
#
#   --once       stop at the end; exit status 1 if a row failed
#   --orders N   sample work orders (default 200)
set -euo pipefail
cd "$(dirname "$0")/.."
once=no
orders=200
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=yes ;;
    --orders) orders=${2:?--orders needs a number}; shift ;;
    -h|--help) sed -n '2,9p' "$0"; exit 0 ;;
    *) echo "unknown option: $1"; sed -n '2,9p' "$0"; exit 2 ;;
  esac
  shift
done

. scripts/packages.sh
need_packages build demo
scripts/build.sh release tongqu

var=var/demo
mkdir -p "$var"
rm -rf "$var/config" "$var/state" "$var/partners"
cp -r config "$var/config"
sed -i 's#^state_dir:.*#state_dir: ../state#' "$var/config/gateway.yaml"
echo "==> keys for the demonstration in $var/secrets"
scripts/make_demo_keys.sh "$var/secrets" gm

exec node sandbox/demo.mjs --orders "$orders" --var "$var" --once "$once"
