#!/usr/bin/env bash
# The long versions of the tests, for a night: many kills, every byte of an audit export, every write of the store's fault
# runs, and the fuzz targets. Prints a summary; exit 1 if a step failed.
#
#   scripts/soak.sh [kill|faults|audit|store|fuzz …]      (default: all)
#
# Environment: TONGQU_KILLS (default 200), FUZZ_SECONDS (default 600, for each target), TONGQU_SEED (the first seed of kill
# and faults; default the day's date), SOAK_ROUNDS (rounds of faults, each with the next seed; default 20).
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
  -h|--help) sed -n '2,9p' "$0"; exit 0 ;;
esac
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(kill faults audit store fuzz)
for step in "${steps[@]}"; do
  case $step in kill|faults|audit|store|fuzz) ;; *) echo "unknown step: $step"; sed -n '2,9p' "$0"; exit 2 ;; esac
done
. scripts/packages.sh
need_packages build demo test

kills=${TONGQU_KILLS:-200}
fuzz_seconds=${FUZZ_SECONDS:-600}
seed=${TONGQU_SEED:-$(date +%Y%m%d)}
rounds=${SOAK_ROUNDS:-20}
logs=var/soak
mkdir -p "$logs"
started=$SECONDS
summary=()
failed=0

# Runs one step within its limit; the log stays, its last lines are shown when it fails.
step() { # name limit_s command…
  local name=$1 limit_s=$2 begun=$SECONDS status=0
  shift 2
  echo "==> $name (limit $limit_s s, log $logs/$name.log)"
  timeout --kill-after=60 "$limit_s" "$@" >"$logs/$name.log" 2>&1 || status=$?
  local verdict=passed
  if [ "$status" != 0 ]; then
    verdict="FAILED ($([ "$status" = 124 ] && echo "limit of $limit_s s" || echo "exit $status"))"
    failed=$((failed + 1))
    tail -n 40 "$logs/$name.log"
  fi
  summary+=("$(printf '%-24s %6d s  %s' "$name" $((SECONDS - begun)) "$verdict")")
  echo "    $verdict after $((SECONDS - begun)) s"
}
node_test() { node --test --test-reporter=spec "$@"; }
export -f node_test
build_fuzz() { scripts/build.sh fuzz "$@"; }
export -f build_fuzz

if [[ " ${steps[*]} " =~ " kill "|" faults "|" audit " ]]; then step build-release 3600 scripts/build.sh release tongqu; fi
for step in "${steps[@]}"; do
  case $step in
    kill)
      TONGQU_KILLS=$kills TONGQU_SEED=$seed step kill $((300 + kills * 10)) bash -c 'node_test tests/chaos/kill.test.mjs'
      step diskfull 600 bash -c 'node_test tests/chaos/diskfull.test.mjs' ;;
    faults)
      for ((round = 0; round < rounds; round += 1)); do
        TONGQU_SEED=$((seed + round)) step "faults-$((seed + round))" 600 bash -c 'node_test --test-name-pattern="all faults mixed" tests/chaos/faults.test.mjs'
      done ;;
    audit)
      TONGQU_SOAK=1 step audit 21600 bash -c 'node_test tests/integration/audit.test.mjs' ;;
    store)
      step build-store 3600 scripts/build.sh release test_component_store
      TONGQU_SOAK=1 step store 7200 build/release/test_component_store ;;
    fuzz)
      targets=$(sed -n 's/^tongqu_fuzz(\([a-z_]*\) .*/\1/p' tests/fuzz/CMakeLists.txt)
      # shellcheck disable=SC2046,SC2086
      step build-fuzz 7200 bash -c "build_fuzz $(printf 'fuzz_%s ' $targets)"
      for target in $targets; do
        # What is found new stays apart from the committed corpus.
        mkdir -p "$logs/corpus/$target"
        step "fuzz-$target" $((fuzz_seconds + 300)) "build/fuzz/fuzz_$target" -max_total_time="$fuzz_seconds" -timeout=25 -rss_limit_mb=4096 \
          -print_final_stats=1 -artifact_prefix="$logs/$target-" "$logs/corpus/$target" "tests/fuzz/corpus/$target"
      done ;;
  esac
done

echo
echo "==> summary after $((SECONDS - started)) s (seed $seed)"
printf '%s\n' "${summary[@]}"
[ "$failed" = 0 ]
