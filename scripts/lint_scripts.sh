#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Checks every shell script with shellcheck and parses the Python ones.
set -euo pipefail
cd "$(dirname "$0")/.."

shellcheck .ci/run scripts/*.sh
for file in scripts/*.py; do
  python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1])' "$file"
done
