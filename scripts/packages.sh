#!/usr/bin/env bash
# Installs the Debian packages that are missing. Sourced by the other scripts:  need_packages build|test|demo|bench
set -euo pipefail

packages_build="python3-jieba clang-19 lld-19 llvm-19 libclang-rt-19-dev cmake ninja-build ccache git libboost1.81-dev libssl-dev openssl
  libpoco-dev rapidjson-dev libyaml-cpp-dev libcli11-dev libspdlog-dev prometheus-cpp-dev libicu-dev libxml2-dev libxslt1-dev libxmlsec1-dev libre2-dev
  libarchive-dev libxlsxwriter-dev libgtest-dev libgmock-dev libbenchmark-dev libsqlite3-dev libpq-dev libmariadb-dev unixodbc-dev libjemalloc-dev libgcrypt20-dev
  libssh-dev libmagic-dev libexiv2-dev libqpdf-dev libavformat-dev libseccomp-dev libjpeg-dev libpng-dev openssh-client librabbitmq-dev librdkafka-dev pkg-config nodejs python3 curl"
packages_test="xmlstarlet xmlsec1 libsoap-lite-perl libhttp-daemon-perl python3-openpyxl clang-format-19 clang-tidy-19 sqlite3 jq procps man-db postgresql mariadb-server odbc-postgresql
  amqp-tools libxml2-utils nginx-light libimage-exiftool-perl ffmpeg qpdf clamav-daemon c-icap libc-icap-mod-virus-scan"
# Where Node comes from elsewhere it brings npm along, and the package would replace it.
command -v npm >/dev/null || packages_test+=" npm"
# Real servers and tools of the demonstration's stand-ins.
packages_demo="rabbitmq-server openssh-server sqlite3 kcat"
packages_bench="nginx-light wrk sqlite3"

need_packages() {
  local wanted="" missing="" name
  for group in "$@"; do
    local list="packages_$group"
    wanted+=" ${!list}"
  done
  for name in $wanted; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=" $name"
  done
  [ -n "$missing" ] || return 0
  echo "==> installing:$missing"
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
