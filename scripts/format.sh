#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-format 14 over our sources: format.sh reports what differs, format.sh --fix rewrites it.
set -euo pipefail
cd "$(dirname "$0")/.."

tool=${CLANG_FORMAT:-clang-format-14}
if ! command -v "$tool" >/dev/null; then
  echo "format.sh: $tool is missing (scripts/install_packages.sh test)" >&2
  exit 77
fi
# Tables (*.inc, *.def) are aligned by hand.
mapfile -d '' files < <(find app bpf compat containers engine kit outputs rules tests \
  -type f \( -name '*.h' -o -name '*.cc' -o -name '*.c' \) -print0 | sort -z)
case ${1:-} in
  --fix) "$tool" -i "${files[@]}" ;;
  "") "$tool" --dry-run --Werror "${files[@]}" ;;
  *) echo "usage: format.sh [--fix]" >&2; exit 2 ;;
esac
