#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lets the product watch this machine while processes and containers come and go, and prints its memory every
# half minute and the ledger at the end. Needs root; containers need podman with runc.
# Usage: scripts/soak.sh [MINUTES] [RULES.yaml...]     (20 minutes, the shipped rules)
set -euo pipefail
minutes=${1:-20}
[ $# -eq 0 ] || shift
root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -eq 0 ]; then
  set -- "$root/rules/default/saker_rules.yaml"
fi
folder=$(mktemp -d /tmp/saker-soak-XXXXXX)
config=$folder/saker.yaml
cat >"$config" <<'YAML'
rules_files: []
engine: {kind: modern_ebpf}
stdout_output: {enabled: true}
syslog_output: {enabled: false}
log_stderr: true
log_syslog: false
watch_config_files: false
webserver: {enabled: false}
YAML
rules=()
for file in "$@"; do
  rules+=(-r "$file")
done

podman_here() {
  podman --root "$folder/storage" --runroot "$folder/run" --runtime runc "$@"
}

make_image() {
  command -v podman >/dev/null && command -v runc >/dev/null || return 1
  mkdir -p "$folder/rootfs/proc" "$folder/rootfs/sys" "$folder/rootfs/dev" "$folder/rootfs/etc" \
    "$folder/rootfs/tmp" "$folder/rootfs/usr" "$folder/rootfs/run"
  for link in bin sbin lib lib64; do
    ln -s "usr/$link" "$folder/rootfs/$link"
  done
  tar -C "$folder/rootfs" -cf "$folder/rootfs.tar" . &&
    podman_here import "$folder/rootfs.tar" saker-soak:test >/dev/null 2>&1
}

churn_processes() {
  while [ ! -e "$folder/stop" ]; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      sh -c 'for i in 1 2 3; do cat /etc/hostname | wc -c; done' >/dev/null
      (cd / && ls >/dev/null; :)
    done
    echo x >>"$folder/processes"
    sleep 0.2
  done
}

churn_containers() {
  while [ ! -e "$folder/stop" ]; do
    if podman_here run --rm --network=none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
      -v /usr:/usr:ro saker-soak:test /bin/sh -c 'for i in 1 2 3 4 5; do cat /proc/self/comm; done' \
      >/dev/null 2>&1; then
      echo x >>"$folder/containers"
    fi
    sleep 1
  done
}

"${SAKER_BIN:-$root/build/saker}" -U -c "$config" "${rules[@]}" >"$folder/alerts" 2>"$folder/log" &
saker=$!
: >"$folder/containers"
: >"$folder/processes"
churn_processes &
processes=$!
containers=
if make_image; then
  churn_containers &
  containers=$!
fi

printf '%s, commit %s, Linux %s, %s CPUs, load %s\n\n' "$(date -u +%F)" \
  "$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)" "$(uname -r)" "$(nproc)" \
  "$(cut -d' ' -f1 /proc/loadavg)"
printf '| minute | VmRSS kB | threads of saker | alerts |\n|---|---|---|---|\n'
begin=$SECONDS
quarter_kb=0
most_kb=0
last_kb=0
half=0
while [ "$half" -le $((minutes * 2)) ] && kill -0 "$saker" 2>/dev/null; do
  last_kb=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$saker/status")
  if [ "$half" -eq $((minutes / 2)) ]; then
    quarter_kb=$last_kb
  fi
  if [ "$half" -ge $((minutes / 2)) ] && [ "${last_kb:-0}" -gt "$most_kb" ]; then
    most_kb=$last_kb
  fi
  printf '| %s | %s | %s | %s |\n' "$((half / 2)).$((half % 2 * 5))" "$last_kb" \
    "$(sed -n 's/^Threads:[^0-9]*//p' "/proc/$saker/status")" "$(wc -l <"$folder/alerts")"
  [ "$half" -eq $((minutes * 2)) ] || sleep 30
  half=$((half + 1))
done
touch "$folder/stop"
wait "$processes" || :
[ -z "$containers" ] || wait "$containers" || :
cpu=$(awk '{print ($14 + $15) / 100}' "/proc/$saker/stat" 2>/dev/null || echo 0)
elapsed=$((SECONDS - begin))
kill -INT "$saker"
status=0
wait "$saker" || status=$?

# Number after the word $2 in the log's line that begins with $1.
number() {
  sed -n "s/.*$1.*$2 \([0-9][0-9]*\).*/\1/p" "$folder/log" | tail -n 1
}
seen=$(number 'Kernel events:' seen)
submitted=$(number 'Kernel events:' 'submitted')
filtered=$(number 'Kernel events:' filtered)
lost=$(number 'Kernel events:' lost)
processed=$(number 'Submitted events:' processed)
malformed=$(number 'Submitted events:' malformed)
unread=$(number 'Submitted events:' unread)
exact=NO
if [ -n "$seen" ] && [ "$seen" -eq $((submitted + filtered + lost)) ] &&
  [ "$submitted" -eq $((processed + malformed + unread)) ]; then
  exact=yes
fi
printf '\n| figure | value |\n|---|---|\n'
printf '| %s | %s |\n' \
  'seconds' "$elapsed" \
  'rounds of processes (about 110 each)' "$(wc -l <"$folder/processes")" \
  'containers' "$(wc -l <"$folder/containers")" \
  'CPU of saker, s' "$cpu" \
  'CPU of saker, % of one core' "$(awk -v c="$cpu" -v e="$elapsed" 'BEGIN {printf "%.2f", 100 * c / e}')" \
  'VmRSS after a quarter of the time, at most after that, at the end, kB' "$quarter_kb, $most_kb, $last_kb" \
  'hits a second' "$((${seen:-0} / elapsed))" \
  'hits = submitted + filtered + lost' "$seen = $submitted + $filtered + $lost" \
  'submitted = processed + malformed + unread' "$submitted = $processed + $malformed + $unread" \
  'ledger exact' "$exact" \
  'exit status of saker' "$status"
[ "$exact" = yes ] || cat "$folder/log"
podman_here rmi --force saker-soak:test >/dev/null 2>&1 || :
umount "$folder/storage/overlay" 2>/dev/null || :
rm -rf "$folder"
