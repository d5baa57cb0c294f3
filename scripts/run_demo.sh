#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: watches this machine with the shipped rules for SAKER_SECONDS (default 20) or until Ctrl-C, while a
# harmless demonstration triggers some of them. Where the kernel or the rights do not allow it, replays a recording of
# that demonstration. Alerts go to standard output as JSON lines, then a summary; everything else to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${SAKER_SECONDS:-20}
rules=rules/default/saker_rules.yaml
as_root=()

say() { echo "saker: $*" >&2; }

# Prints why the kernel cannot be watched here; nothing when it can.
why_not_live() {
  if [ ! -r /sys/kernel/btf/vmlinux ]; then
    echo "this kernel has no BTF (/sys/kernel/btf/vmlinux)"
  elif [ "$(id -u)" -ne 0 ] && ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
    echo "not root, and sudo would ask for a password"
  fi
}

replay() {
  exec build/saker -c tests/replay/saker.yaml -r "$rules" \
    -o engine.kind=replay -o engine.replay.capture_file=tests/replay/demo/demo.scap
}

reason=$(why_not_live)
if [ -n "$reason" ]; then
  say "replaying a recorded demonstration, because $reason"
  replay
fi
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

say "watching this machine for $seconds s (SAKER_SECONDS) or until Ctrl-C, with $rules"
# A session of its own, so that Ctrl-C reaches the sensor only through us, once.
setsid "${as_root[@]}" build/saker -U -c app/demo/saker.yaml -r "$rules" &
sensor=$!
stop() { "${as_root[@]}" kill -INT "$sensor" 2>/dev/null || true; }
trap stop INT TERM

is_running() { jobs -rp | grep -qx "$sensor"; }

# The sensor watches once its programs are attached. Under sudo its descriptors cannot be seen; then time has to do.
is_watching() {
  [ ${#as_root[@]} -eq 0 ] || [ "$SECONDS" -ge 5 ] || return 1
  [ ${#as_root[@]} -gt 0 ] || find "/proc/$sensor/fd" -lname '*bpf*link*' 2>/dev/null | grep -q .
}

is_shown=0
deadline=$((SECONDS + 60)) # for the start
while is_running && [ "$SECONDS" -lt "$deadline" ]; do
  sleep 1 || true
  if [ "$is_shown" -eq 0 ] && is_watching; then
    is_shown=1
    deadline=$((SECONDS + seconds))
    "${as_root[@]}" build/saker_demo || say "the demonstration could not run completely"
  fi
done
stop
status=0
wait "$sensor" || status=$?
if [ "$status" -ne 0 ] && [ "$is_shown" -eq 0 ]; then
  say "the sensor did not start (see above); replaying a recorded demonstration instead"
  replay
fi
exit "$status"
