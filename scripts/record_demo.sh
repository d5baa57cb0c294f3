#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records the demonstration into tests/replay/demo/demo.scap (root, BTF). The programs are placed under a neutral path in
# a private mount namespace, so that the capture tells nothing about this checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" != --inside ]; then
  mkdir -p tests/replay/demo
  exec unshare --mount --uts "$0" --inside
fi

root=$PWD
hostname demo
mount -t tmpfs tmpfs /opt
mkdir -p /opt/saker
cp build/saker_demo /opt/saker/
cp build/tests/replay/saker_record /opt/saker/
cd /
# The root control groups (of one hierarchy, or of each controller's), so that no name of a service or session is recorded.
for procs in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do
  if [ -w "$procs" ] && [[ $(stat -f -c %T "$(dirname "$procs")") == cgroup* ]]; then
    echo $$ >"$procs" || true
  fi
done
exec /opt/saker/saker_record "$root/tests/replay/demo/demo.scap" /opt/saker/saker_demo
