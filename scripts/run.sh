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
need_packages build
scripts/build.sh release tongqu

var=var/demo
mkdir -p "$var"
rm -rf "$var/config" "$var/state"
cp -r config "$var/config"
sed -i 's#^state_dir:.*#state_dir: ../state#' "$var/config/gateway.yaml"
echo "==> keys for the demonstration in $var/secrets"
scripts/make_demo_keys.sh "$var/secrets" gm

pids=()
stop() {
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop EXIT
trap 'exit 130' INT TERM

wait_for() { # file pattern pid
  for _ in $(seq 1 300); do
    grep -q "$2" "$1" 2>/dev/null && return 0
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  echo "did not start:"; cat "$1"; exit 1
}
launch() { # name ready-pattern command…
  local name=$1 pattern=$2
  shift 2
  "$@" >"$var/$name.log" 2>&1 &
  pids+=($!)
  wait_for "$var/$name.log" "$pattern" $!
}
echo "==> starting hotline, platform and gateway"
launch hotline 'hotline ready' node sandbox/hotline.mjs --keys "$var/secrets"
launch platform 'platform ready' node sandbox/platform.mjs --keys "$var/secrets" --reply yes
launch gateway 'ready partners=' build/release/tongqu serve -c "$var/config" --secrets "$var/secrets"
grep -h 'ready partners=' "$var/gateway.log"

status=0
TONGQU_BIN=build/release/tongqu node sandbox/demo.mjs --orders "$orders" --var "$var" || status=$?
if [ "$once" = yes ]; then exit $status; fi
cat <<TEXT

The gateway stays up. Addresses:
  partners   https://127.0.0.1:18443/exchange/v1/…   (openapi: https://127.0.0.1:18443/openapi.json)
  admin      http://127.0.0.1:18480/metrics           token: $var/secrets/admin.token
  hotline    http://127.0.0.1:18454/stats             platform  http://127.0.0.1:18455/stats
Try:
  export TONGQU_ADMIN=http://127.0.0.1:18480 TONGQU_ADMIN_TOKEN_FILE=$var/secrets/admin.token
  build/release/tongqu exchanges list
  build/release/tongqu tasks list
Ctrl-C stops everything.
TEXT
wait "${pids[0]}"
