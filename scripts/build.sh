#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the product into build/: saker, and falco, a link to it. Tests are not built here; once
# `make test` has configured them they stay configured, so that both commands share one build.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh build
if [ ! -f build/build.ninja ]; then
  cmake --preset release -DSAKER_BUILD_TESTS=OFF
fi
targets=(saker)
if ninja -C build -t query saker_demo >/dev/null 2>&1; then
  targets+=(saker_demo)
fi
ninja -C build -j "${JOBS:-$(nproc)}" "${targets[@]}"
ln -sfn saker build/falco
