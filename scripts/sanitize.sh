#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds and runs the tests under a sanitizer, and ends with 1 on a finding: sanitize.sh [asan|tsan|valgrind]...
#   asan      AddressSanitizer, LeakSanitizer and UBSan: unit, conformance, differential, replay and fuzz corpora tests, and
#             the product itself in its command-line tests
#   tsan      ThreadSanitizer: the tests with threads (label threaded), and the product with several workers
#   valgrind  memcheck over the release build: a sample of state, captures and replay
# Without an argument: all three. JOBS and TEST_JOBS limit parallelism; SANITIZE_TESTS is a regular expression of tests
# (asan, tsan). What is suppressed stands with its reason in tests/support/valgrind.supp; nothing else is.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=${JOBS:-$(nproc)}
test_jobs=${TEST_JOBS:-2}
tests=${SANITIZE_TESTS:-.}

# The programs behind the tests that ctest names with these options.
targets_of() {
  ctest --test-dir "$1" -N "${@:2}" | sed -n 's/^ *Test *#[0-9]*: //p' | grep -E '^(unit|conformance|differential|replay|integration|fuzz)\.' |
    grep -v '^replay\.validate_shipped_rules$' | tr . _ | sed 's/^/test_/'
}

run_preset() {
  local preset=$1 dir=build-$1
  shift
  scripts/install_packages.sh test
  cmake --preset "$preset" -DSAKER_BUILD_TESTS=ON >/dev/null
  local targets
  mapfile -t targets < <(targets_of "$dir" "$@")
  ninja -C "$dir" -j "$jobs" saker "${targets[@]}"
  ctest --test-dir "$dir" --output-on-failure --no-tests=error -j "$test_jobs" "$@"
}

asan() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
  run_preset asan -R "$tests" -LE 'live|integration|slow|lint'
  [ "$tests" != . ] || run_preset asan -R '^integration\.cli\.(config|flags|replay|operation|reload)$'
}

# The product with a capture, several workers and an output, whose alerts are those of one worker.
tsan_product() {
  local work one four
  work=$(mktemp -d)
  for workers in 1 4; do
    build-tsan/saker -c app/default_config.yaml -r rules/default -o engine.kind=replay \
      -o engine.replay.capture_file="$PWD/tests/replay/demo/demo.scap" -o engine.replay.workers=$workers \
      -o json_output=true -o stdout_output.enabled=false -o file_output.enabled=true \
      -o file_output.filename="$work/$workers" 2>"$work/log.$workers" || {
      cat "$work/log.$workers"
      return 1
    }
  done
  one=$(sha256sum <"$work/1")
  four=$(sha256sum <"$work/4")
  rm -rf "$work"
  [ "$one" = "$four" ] && echo "workers: same alerts"
}

tsan() {
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
  run_preset tsan -R "$tests" -L threaded
  [ "$tests" != . ] || tsan_product
}

valgrind_one() {
  echo "== $*"
  valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --suppressions=tests/support/valgrind.supp "$@" >/dev/null
}

valgrind_sample() {
  command -v valgrind >/dev/null || {
    echo "sanitize.sh: valgrind is not installed (apt-get install valgrind)" >&2
    return 1
  }
  scripts/install_packages.sh test
  cmake --preset release -DSAKER_BUILD_TESTS=ON >/dev/null
  local programs=(test_unit_state_bounds test_unit_state_files test_unit_state_clone test_unit_compat_scap_scap_source test_unit_compat_scap_snapshot_reader test_fuzz_event
    test_fuzz_scap test_fuzz_engine test_fuzz_alert test_fuzz_runtime)
  ninja -C build -j "$jobs" saker "${programs[@]}"
  local tests_dir=build/tests
  for name in bounds files clone; do
    valgrind_one "$tests_dir/unit/engine/state/test_unit_state_$name"
  done
  valgrind_one "$tests_dir/unit/compat/scap/test_unit_compat_scap_scap_source"
  valgrind_one "$tests_dir/unit/compat/scap/test_unit_compat_scap_snapshot_reader"
  for name in event scap engine alert runtime; do
    valgrind_one "$tests_dir/fuzz/test_fuzz_$name" "tests/fuzz/corpus/$name"
  done
  valgrind_one build/saker -c app/default_config.yaml -r rules/default -o engine.kind=replay \
    -o engine.replay.capture_file="$PWD/tests/replay/demo/demo.scap"
}

for what in "${@:-asan tsan valgrind}"; do
  for one in $what; do
    case $one in
      asan | tsan) "$one" ;;
      valgrind) valgrind_sample ;;
      *) echo "sanitize.sh: unknown sanitizer '$one' (asan, tsan, valgrind)" >&2; exit 2 ;;
    esac
    echo "sanitize.sh: $one: nothing found"
  done
done
