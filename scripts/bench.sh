#!/usr/bin/env bash
# Measures the gateway against an nginx proxy and against bare database inserts, in one run on one machine.
#   scripts/bench.sh [--quick|--full] [--suite gm|intl] [--only PART] …    (--help for all)
# docs/benchmarks.md says what is measured, how, and what came out.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
need_packages build bench
scripts/build.sh release tongqu bench_sign_orders bench_paced_load bench_bare_inserts bench_privacy_scan bench_find_spans bench_proof
TONGQU_BIN="$PWD/build/release/tongqu" exec node tests/bench/bench.mjs "$@"
