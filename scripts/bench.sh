#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the bench preset and runs every benchmark program in it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh bench test
cmake --preset bench
ninja -C build-bench -j "${JOBS:-$(nproc)}"
found=0
while IFS= read -r -d '' program; do
  found=1
  echo "== ${program#build-bench/}"
  "$program"
done < <(find build-bench/tests/bench -maxdepth 2 -type f -name 'bench_*' -perm -u+x -print0 2>/dev/null | sort -z)
if [ "$found" -eq 0 ]; then
  echo "bench.sh: no programs in build-bench/tests/bench" >&2
  exit 1
fi
