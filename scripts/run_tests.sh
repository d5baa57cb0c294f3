#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds with tests and runs them: run_tests.sh [asan|tsan]. Without an argument it runs every test
# that this machine allows on the release build, and ends with the list of what was skipped and why.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:-release}
case $preset in
  release) dir=build ;;
  asan | tsan) dir=build-$preset ;;
  *) echo "run_tests.sh: unknown preset '$preset' (release, asan, tsan)" >&2; exit 2 ;;
esac

scripts/install_packages.sh test
# Configuring costs under a second and picks up new folders and options.
cmake --preset "$preset" -DSAKER_BUILD_TESTS=ON
ninja -C "$dir" -j "${JOBS:-$(nproc)}"
if [ "$preset" = release ]; then
  ln -sfn saker build/falco
fi

rm -f "$dir/skipped_tests.txt"
status=0
ctest --preset "$preset" -j "${TEST_JOBS:-2}" | tee "$dir/ctest.log" || status=$?

echo
if [ -s "$dir/skipped_tests.txt" ]; then
  echo "Skipped here, and why:"
  sort -u "$dir/skipped_tests.txt" | sed 's/^/  /'
else
  echo "Nothing was skipped."
fi
# CTest's own summary again, so that it also stands at the end of a long log.
echo
sed -n '/tests passed/,$p' "$dir/ctest.log"
exit "$status"
