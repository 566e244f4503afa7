#!/usr/bin/env bash
# Configures and builds one preset, with progress.  scripts/build.sh PRESET [TARGET …]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?usage: scripts/build.sh PRESET [TARGET …]}
shift
export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache}
if [ ! -f "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
  echo "==> configuring $preset"
  cmake --preset "$preset" >"/tmp/tongqu-configure-$preset.$$" 2>&1 || { cat "/tmp/tongqu-configure-$preset.$$"; exit 1; }
  rm -f "/tmp/tongqu-configure-$preset.$$"
fi
echo "==> building $preset ${*:-everything}"
NINJA_STATUS='    [%f/%t, %es] ' cmake --build --preset "$preset" ${1:+--target "$@"}
