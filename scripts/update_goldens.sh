#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rewrites the goldens of tests/replay from what build/saker says now, and shows the difference: update_goldens.sh
# [CASE]... (default: all). Read the difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."
export TZ=UTC

alerts() { # capture, options...
  local capture=$1
  shift
  build/saker -c tests/replay/saker.yaml -r rules/default/saker_rules.yaml -o engine.kind=replay \
    -o "engine.replay.capture_file=$capture" "$@" | grep '^{' || true
}

wanted() { # name, list of cases
  local name=$1
  shift
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]]
}

for folder in tests/replay/*/; do
  name=$(basename "$folder")
  for capture in "$folder"*.scap; do
    if [ -f "$capture" ] && wanted "$name" "$@"; then
      alerts "$capture" >"$folder/expected.jsonl"
    fi
  done
done

shared=${SAKER_SHARED_DIR:-../shared}
for golden in tests/replay/counts/*.txt; do
  name=$(basename "$golden" .txt)
  if [ -f "$shared/data/$name.scap" ] && wanted "$name" "$@"; then
    alerts "$shared/data/$name.scap" -o rule_matching=all |
      python3 -c 'import collections, json, sys
counts = collections.Counter(json.loads(line)["rule"] for line in sys.stdin)
for rule in sorted(counts):
    print(counts[rule], rule)' >"$golden"
  fi
done
git --no-pager diff --stat -p -- tests/replay
