#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The long form of the outputs' fault tests, on a build with tests: fault_test.sh [BUILD_DIR]
#   * the product is killed (SIGKILL) at 200 random moments while 100,000 alerts flow to an Apache
#     Kafka broker that is killed now and then, then the same to an HTTP server that misbehaves
#   * each system call under the spool and the file output fails, one after the other; then, SAKER_PRODUCT_FAULT_STEP
#     (10) apart, each under the product with a file, a program and a server as outputs
# Each prints one line with its numbers. SAKER_KILL_COUNT, SAKER_KILL_ALERTS and SAKER_KILL_SEED
# choose others.
set -euo pipefail
cd "$(dirname "$0")/.."

dir=$PWD/${1:-build}
export SAKER_SOURCE_DIR=$PWD SAKER_BIN=$dir/saker TZ=UTC
export SAKER_KILL_COUNT=${SAKER_KILL_COUNT:-200} SAKER_KILL_ALERTS=${SAKER_KILL_ALERTS:-100000}
export SAKER_FAULT_STEP=${SAKER_FAULT_STEP:-1}
tests=$dir/tests/integration/outputs

ninja -C "$dir" saker test_integration_outputs_kafka_broker test_integration_outputs_product_kill \
  test_integration_outputs_fault test_integration_outputs_product_fault
status=0
"$tests/test_integration_outputs_kafka_broker" --gtest_filter='*AKilledProduct*' || status=$?
"$tests/test_integration_outputs_product_kill" --gtest_filter='*Http*' || status=$?
"$tests/test_integration_outputs_fault" || status=$?
SAKER_FAULT_STEP=${SAKER_PRODUCT_FAULT_STEP:-10} "$tests/test_integration_outputs_product_fault" || status=$?
exit "$status"
