#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets with clang 14 and runs each for FUZZ_SECONDS (default 60) over its corpus.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh fuzz
cmake --preset fuzz
ninja -C build-fuzz -j "${JOBS:-$(nproc)}"
found=0
while IFS= read -r -d '' program; do
  found=1
  name=$(basename "$program")
  mkdir -p "build-fuzz/corpus/$name"
  seeds=()
  [ ! -d "tests/fuzz/corpus/${name#fuzz_}" ] || seeds=("tests/fuzz/corpus/${name#fuzz_}")
  echo "== $name"
  "$program" -max_total_time="${FUZZ_SECONDS:-60}" "build-fuzz/corpus/$name" "${seeds[@]}"
done < <(find build-fuzz/tests/fuzz -maxdepth 2 -type f -name 'fuzz_*' -perm -u+x -print0 2>/dev/null | sort -z)
if [ "$found" -eq 0 ]; then
  echo "There are no fuzz targets yet (tests/fuzz)."
fi
