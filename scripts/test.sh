#!/usr/bin/env bash
# Installs what is missing, builds, and runs all tests.
#
#   scripts/test.sh [--quick]
#
#   --quick   release build only: no sanitizers
#
# Environment: TONGQU_TEST_DATA (third-party cases; default ../shared/data), TONGQU_KILLS (default 20).
set -euo pipefail
cd "$(dirname "$0")/.."
quick=no
case "${1:-}" in
  --quick) quick=yes ;;
  -h|--help) sed -n '2,8p' "$0"; exit 0 ;;
  "") ;;
  *) echo "unknown option: $1"; sed -n '2,8p' "$0"; exit 2 ;;
esac
. scripts/packages.sh
need_packages build demo test

started=$SECONDS
passed=0
note() { echo; echo "==> $* (at $((SECONDS - started)) s)"; }

run_ctest() { # preset extra…
  local preset=$1
  shift
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j 2 "$@" || { echo "tests of $preset failed"; exit 1; }
  count_gtest "$preset"
}
# The number of cases, not of programs, is what was tested.
count_gtest() {
  local preset=$1 program
  for program in "build/$preset"/test_*; do
    [ -x "$program" ] && [ -f "$program" ] && passed=$((passed + $("$program" --gtest_list_tests 2>/dev/null | grep -c '^  ' || true)))
  done
}
run_node() { # preset slowness files…
  local preset=$1 slowness=$2 log good bad
  shift 2
  log=build/$preset/node.log
  # A file that hangs is a failure, not a run without end.
  TONGQU_BIN="$PWD/build/$preset/tongqu" TONGQU_SLOWNESS=$slowness timeout --kill-after=10 40m node --test --test-concurrency=2 --test-reporter=tap "$@" >"$log" 2>&1 || true
  grep -E '^(ok|not ok) ' "$log" | sed 's/^/    /' || true
  good=$(sed -n 's/^# pass //p' "$log")
  bad=$(sed -n 's/^# fail //p' "$log")
  passed=$((passed + ${good:-0}))
  if [ "${bad:-1}" != 0 ] || [ "${good:-0}" = 0 ]; then
    tail -n 12 "$log"
    echo "what failed (all of it: $log):"
    failed_blocks "$log"
    echo "integration tests failed"
    exit 1
  fi
}
# A failed test's own lines come last: that is what one sees of a long run.
failed_blocks() {
  awk '/^not ok /{inside=1; lines=0} inside && lines++<60{print} /^  \.\.\.$/{inside=0}' "$1"
}

note "house rules: arrows, form, generated pages"
scripts/check_arrows.py
git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 --dry-run -Werror
note "release: build"
scripts/build.sh release
note "release: unit and component tests"
run_ctest release
note "release: shipped configuration and its cases"
build/release/tongqu check -c config --no-secrets
build/release/tongqu test -c config
note "release: generated pages are those of the code"
for page in settings errors editor-schema; do
  file=docs/reference/$page.md
  [ $page = editor-schema ] && file=docs/reference/editor-schema.json
  build/release/tongqu reference $page | diff -u "$file" - || { echo "run: build/release/tongqu reference $page > $file"; exit 1; }
done
git ls-files 'config/mappings/*.map' | xargs build/release/tongqu mapping format --check
note "release: integration and chaos"
# A partner's own tools, with exactly the versions of the lock file.
[ -d tests/integration/node/node_modules ] || npm ci --prefix tests/integration/node --ignore-scripts --no-audit --no-fund --silent
run_node release 1 tests/integration/*.test.mjs tests/chaos/*.test.mjs
note "scripts/run.sh --once"
scripts/run.sh --once --orders 100
if [ "$quick" = no ]; then
  note "static checks (clang-tidy)"
  scripts/tidy.sh
  note "asan+ubsan: build and tests"
  scripts/build.sh asan
  run_ctest asan
  note "tsan: build and integration tests"
  scripts/build.sh tsan tongqu test_component_net test_component_store test_unit_delivery
  run_ctest tsan -R '^(component/net|component/store|unit/delivery)$'
  run_node tsan 6 tests/integration/exchange.test.mjs tests/integration/dedup.test.mjs
fi
note "done"
echo "$passed passed, 0 failed"
