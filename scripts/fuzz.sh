#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets with clang 14 (ASan, UBSan) and runs them one after another, starting from their corpora.
#
#   scripts/fuzz.sh [-m MINUTES] [NAME …]    runs all targets (or those named), MINUTES each (default 1, or
#                                            FUZZ_SECONDS); stops at a target that finds something
#   scripts/fuzz.sh --merge [NAME …]         adds to tests/fuzz/corpus what runs have found and the corpus does
#                                            not cover: inputs of at most FUZZ_MERGE_BYTES (default 2048)
#
# FUZZ_TIMEOUT is how long one input may take, in seconds of the clock (default 10): a busy machine needs more.
# What runs collect is kept in build-fuzz/corpus/NAME, findings in build-fuzz/findings, logs beside them.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${FUZZ_SECONDS:-60}
merge=0
while [ $# -gt 0 ]; do
  case $1 in
    -m) seconds=$(($2 * 60)); shift 2 ;;
    --merge) merge=1; shift ;;
    *) break ;;
  esac
done
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  mapfile -t names < <(sed -n 's/^saker_fuzzer(NAME \([a-z_]*\) .*/\1/p' tests/fuzz/CMakeLists.txt)
fi

if [ "${FUZZ_NO_BUILD:-0}" = 0 ]; then
  scripts/install_packages.sh fuzz
  cmake --preset fuzz
  ninja -C build-fuzz -j "${JOBS:-$(nproc)}" "${names[@]/#/fuzz_}"
fi
mkdir -p build-fuzz/findings

for name in "${names[@]}"; do
  program=build-fuzz/tests/fuzz/fuzz_$name
  seeds=tests/fuzz/corpus/$name
  found=build-fuzz/corpus/$name
  mkdir -p "$found"
  if [ "$merge" = 1 ]; then
    small=build-fuzz/small/$name
    rm -rf "$small" && mkdir -p "$small"
    find "$found" -type f -size -"$((${FUZZ_MERGE_BYTES:-2048} + 1))"c -exec cp -t "$small" {} +
    "$program" -set_cover_merge=1 -rss_limit_mb=4096 -timeout=25 "$seeds" "$small" 2>&1 | tail -1
    continue
  fi
  options=(-max_total_time="$seconds" -rss_limit_mb=2560 -malloc_limit_mb=1024 -timeout="${FUZZ_TIMEOUT:-10}" -print_final_stats=1
    -artifact_prefix="build-fuzz/findings/$name-")
  [ ! -f "tests/fuzz/dictionaries/$name.dict" ] || options+=(-dict="tests/fuzz/dictionaries/$name.dict")
  case $name in
    event | scap | engine | rules) options+=(-max_len=8192) ;;
    *) options+=(-max_len=4096) ;;
  esac
  case $name in
    # Each input has thousands of features; weighing inputs by them takes more time than running them.
    alert | event | engine) options+=(-entropic=0) ;;
  esac
  echo "== $name, $seconds s"
  "$program" "${options[@]}" "$found" "$seeds" > "build-fuzz/findings/$name.log" 2>&1 || {
    tail -40 "build-fuzz/findings/$name.log"
    exit 1
  }
  grep -E 'DONE|number_of_executed_units|average_exec_per_sec|peak_rss_mb' "build-fuzz/findings/$name.log"
done
