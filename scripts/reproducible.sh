#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the product twice from the committed sources, in folders of different names, with different locales, time
# zones and numbers of jobs and without a compiler cache, and compares the bytes of what is shipped: the stripped program
# and the sensor's BPF object. Takes two whole builds; ends with 1 when they differ.
#
#   scripts/reproducible.sh [DIR]     DIR (default a temporary folder) keeps both builds
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh build
if [ $# -gt 0 ]; then
  mkdir -p "$1"
  work=$(cd "$1" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
jobs=${JOBS:-$(nproc)}

build() {
  local dir=$1 count=$2
  mkdir -p "$dir"
  git archive HEAD | tar -x -C "$dir"
  (cd "$dir" && CCACHE_DISABLE=1 cmake --preset release -DSAKER_BUILD_TESTS=OFF >cmake.log &&
    CCACHE_DISABLE=1 ninja -C build -j "$count" saker >ninja.log) || {
    tail -20 "$dir"/*.log >&2
    exit 1
  }
  objcopy --strip-debug --strip-unneeded "$dir/build/saker" "$dir/saker.stripped"
}

[ -f "$work/one/saker.stripped" ] || LC_ALL=C TZ=UTC build "$work/one" "$jobs"
[ -f "$work/a_folder_of_another_length/two/saker.stripped" ] ||
  (umask 077 && LC_ALL=C.UTF-8 TZ=Asia/Tokyo build "$work/a_folder_of_another_length/two" $((jobs + 1)))

status=0
for file in saker.stripped build/bpf/sensor.bpf.o; do
  first=$(sha256sum <"$work/one/$file")
  second=$(sha256sum <"$work/a_folder_of_another_length/two/$file")
  if [ "$first" = "$second" ]; then
    echo "$file: same bytes, sha256 ${first%% *}"
  else
    echo "$file: differs, ${first%% *} and ${second%% *}"
    status=1
  fi
done
exit "$status"
