#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures the live sensor and prints tables in Markdown: rising rates of four kinds of work until loss,
# then the run time of each BPF program. Needs root. Usage: scripts/sensor_load.sh [RULES.yaml...]
set -euo pipefail
cd "$(dirname "$0")/.."
ninja -C build saker_load
if [ $# -eq 0 ]; then
  set -- rules/default/saker_rules.yaml
fi
printf '%s, commit %s, Linux %s, %s CPUs, load %s\n\n' "$(date -u +%F)" "$(git rev-parse --short HEAD)" \
  "$(uname -r)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
exec build/saker_load "$@"
