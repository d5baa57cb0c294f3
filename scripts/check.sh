#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The one command before a push: format, scripts, layers, rule files, build and the fast tests.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install_packages.sh test
scripts/format.sh
scripts/lint_scripts.sh
python3 scripts/check_layers.py
python3 scripts/check_docs.py
cmake --preset dev >/dev/null
ninja -C build-dev -j "${JOBS:-$(nproc)}"
ctest --preset dev -j 2
