#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs, runs and purges build/package/*.deb in a fresh Debian 12, made by debootstrap from this machine's own
# package sources. Exit status 77: not possible here, with the reason.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "SKIP: $*"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "needs root for chroot"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"
deb=$(find build/package -maxdepth 1 -name 'saker_*.deb' 2>/dev/null | head -n 1)
[ -n "$deb" ] || skip "no package: run make package"
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -v security | head -n 1)
[ -n "$mirror" ] || skip "this machine has no package source"

work=$(mktemp -d "${TMPDIR:-/tmp}/saker-package-XXXXXX")
fresh=$work/root
clean_up() {
  for mount in proc sys/kernel/btf dev; do
    ! mountpoint -q "$fresh/$mount" || umount "$fresh/$mount"
  done
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

echo "== a fresh Debian 12"
debootstrap --variant=minbase --include=ca-certificates bookworm "$fresh" "$mirror" >"$work/debootstrap.log" 2>&1 ||
  { tail -n 3 "$work/debootstrap.log"; skip "debootstrap found no packages"; }
# The same way to packages as this machine.
rm -rf "$fresh/etc/apt/sources.list" "$fresh/etc/apt/sources.list.d"
cp -a /etc/apt/sources.list* "$fresh/etc/apt/" 2>/dev/null || true
cp -a /etc/apt/apt.conf.d/. "$fresh/etc/apt/apt.conf.d/" 2>/dev/null || true
for keys in /etc/apt/trusted.gpg.d /usr/share/keyrings /etc/apt/keyrings /etc/ssl/certs; do
  [ -d "$keys" ] || continue
  mkdir -p "$fresh$keys"
  cp -aL "$keys/." "$fresh$keys/" 2>/dev/null || true
done
cp -L /etc/resolv.conf "$fresh/etc/resolv.conf" 2>/dev/null || true
cp -L /etc/hosts "$fresh/etc/hosts" 2>/dev/null || true
printf '#!/bin/sh\nexit 101\n' >"$fresh/usr/sbin/policy-rc.d"
chmod 755 "$fresh/usr/sbin/policy-rc.d"
mount -t proc proc "$fresh/proc"
run() { chroot "$fresh" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
  ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"; }
# Some of these folders need not be there.
files() { (cd "$fresh" && { find etc usr/bin usr/share/man usr/share/zsh lib/systemd var/lib var/log -not -path '*/dpkg/*' \
  -not -path '*/apt/*' 2>/dev/null || true; } | sort); }
files >"$work/before"

echo "== install"
cp "$deb" "$fresh/saker.deb"
run apt-get update -q >"$work/apt.log" 2>&1 || { tail -n 5 "$work/apt.log"; skip "apt-get update fails in the fresh system"; }
run apt-get install -y -q --no-install-recommends /saker.deb >>"$work/apt.log" 2>&1 ||
  { tail -n 20 "$work/apt.log"; echo "FAIL: apt-get install"; exit 1; }

expect() { # NAME TEXT COMMAND...: the command succeeds and prints the text
  local name=$1 text=$2 output
  shift 2
  output=$(run "$@" 2>&1) || { echo "FAIL: $name: $output"; exit 1; }
  grep -qF -- "$text" <<<"$output" || { echo "FAIL: $name: $output"; exit 1; }
  echo "ok: $name"
}
echo "== run"
expect "is intact" "" dpkg --verify saker
expect "version" "Saker version" saker version
expect "falco" "Falco version" falco --version
expect "help" "Subcommands" saker --help
expect "configuration and rules" "" saker --dry-run -o engine.kind=nodriver -o webserver.enabled=false -o syslog_output.enabled=false
expect "no notes on the configuration" "schema validation: ok" falco --dry-run -o engine.kind=nodriver -o webserver.enabled=false -o syslog_output.enabled=false
expect "validation" "Ok" falco -V /etc/falco/falco_rules.yaml
cp tests/fuzz/corpus/scap/current_lists.scap "$fresh/demo.scap"
expect "replay" "Events detected" falco -o engine.kind=replay -o engine.replay.capture_file=/demo.scap -o syslog_output.enabled=false
run sh -c 'saker doctor --json -o syslog_output.enabled=false || true' >"$work/doctor.json"
grep -q '"findings"' "$work/doctor.json" || { echo "FAIL: doctor"; exit 1; }
echo "ok: doctor"
# With the kernel's BPF, where this machine allows it, the package watches as it stands.
if [ -r /sys/kernel/btf/vmlinux ]; then
  mkdir -p "$fresh/sys/kernel/btf"
  mount --bind /sys/kernel/btf "$fresh/sys/kernel/btf"
  live=$(run timeout -s INT 8 saker -o stdout_output.enabled=true -o syslog_output.enabled=false \
    -o webserver.listen_port=18765 2>&1) || true
  if grep -q 'Events detected' <<<"$live"; then
    echo "ok: live"
  else
    echo "note: live run was not possible: $(tail -n 2 <<<"$live")"
  fi
  umount "$fresh/sys/kernel/btf"
fi

echo "== purge"
run apt-get purge -y -q saker >>"$work/apt.log" 2>&1 || { tail -n 20 "$work/apt.log"; echo "FAIL: purge"; exit 1; }
run apt-get autoremove -y -q --purge >>"$work/apt.log" 2>&1 || true
files >"$work/after"
left=$(comm -13 "$work/before" "$work/after" | grep -E 'saker|falco' || true)
[ -z "$left" ] || { echo "FAIL: left behind after purge:"; echo "$left"; exit 1; }
echo "ok: nothing is left"

echo "== a user's own configuration survives"
users_configuration='{json_output: true, stdout_output: {enabled: true}, rules_files: [/etc/falco/falco_rules.yaml]}'
mkdir -p "$fresh/etc/falco"
echo "$users_configuration" >"$fresh/etc/falco/falco.yaml"
run apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold /saker.deb >>"$work/apt.log" 2>&1 ||
  { tail -n 20 "$work/apt.log"; echo "FAIL: install over a configuration"; exit 1; }
[ "$(cat "$fresh/etc/falco/falco.yaml")" = "$users_configuration" ] || { echo "FAIL: falco.yaml was replaced"; exit 1; }
echo "ok: falco.yaml is the user's"

echo "== docs/switching.md, there: every command but systemctl, for there is no systemd here"
quiet="-o syslog_output.enabled=false -o webserver.enabled=false"
run sh -c "saker doctor -c /etc/falco/falco.yaml; true" | grep -qi "configuration" || { echo "FAIL: doctor"; exit 1; }
echo "ok: saker doctor -c /etc/falco/falco.yaml"
# shellcheck disable=SC2086
expect "falco --dry-run" "" falco --dry-run $quiet
printf -- '- rule: Mine\n  desc: x\n  condition: evt.num > 0\n  output: x\n  priority: INFO\n' >"$fresh/my_rules.yaml"
expect "saker replay" "Events detected" saker replay /demo.scap -r /my_rules.yaml
expect "saker outputs test" "stdout" saker outputs test -o stdout_output.enabled=true -o syslog_output.enabled=false
run sh -c 'saker -o engine.kind=nodriver -o webserver.enabled=true -o webserver.listen_port=18766 \
  -o webserver.listen_address=127.0.0.1 -o syslog_output.enabled=false -o log_syslog=false 2>/saker.log & echo $! >/saker.pid'
health=""
for _ in $(seq 50); do
  health=$(exec 3<>/dev/tcp/127.0.0.1/18766 && printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3 && cat <&3) 2>/dev/null || true
  [ -z "$health" ] || break
  sleep 0.2
done
kill "$(cat "$fresh/saker.pid")" || true
grep -qF '{"status": "ok"}' <<<"$health" || { echo "FAIL: healthz: $health $(cat "$fresh/saker.log")"; exit 1; }
echo "ok: /healthz"
for name in falco falco-modern-bpf; do
  grep -q "^Alias=.*$name.service" "$fresh/lib/systemd/system/saker.service" || { echo "FAIL: alias $name"; exit 1; }
done
echo "ok: the unit's other names"

echo "== docs/switching.md, back: with a package that stands for Falco's"
# A sensor that sends nothing over the network has no spool.
run sh -c 'saker spool list /var/lib/saker/spool; true' 2>&1 | grep -qi spool || { echo "FAIL: saker spool list"; exit 1; }
echo "ok: saker spool list"
expect "dpkg -L saker" "/etc/falco/falco_rules.yaml" dpkg -L saker
mkdir -p "$fresh/standin/DEBIAN" "$fresh/standin/etc/falco" "$fresh/standin/usr/bin"
printf 'Package: falco\nVersion: 99\nArchitecture: all\nMaintainer: none <none@localhost>\nDescription: stands for it\n' \
  >"$fresh/standin/DEBIAN/control"
echo /etc/falco/falco.yaml >"$fresh/standin/DEBIAN/conffiles"
echo "# another default" >"$fresh/standin/etc/falco/falco.yaml"
printf '#!/bin/sh\necho the other one\n' >"$fresh/standin/usr/bin/falco"
chmod 755 "$fresh/standin/usr/bin/falco"
run dpkg-deb --root-owner-group --build /standin /falco_99_all.deb >/dev/null
echo "- list: mine" >"$fresh/etc/falco/falco_rules.local.yaml"
run apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold /falco_99_all.deb >>"$work/apt.log" 2>&1 ||
  { tail -n 20 "$work/apt.log"; echo "FAIL: apt-get install falco"; exit 1; }
expect "falco is the other one" "the other one" falco
! run dpkg -s saker 2>/dev/null | grep -q '^Status: install ok' || { echo "FAIL: saker is still there"; exit 1; }
[ "$(cat "$fresh/etc/falco/falco.yaml")" = "$users_configuration" ] || { echo "FAIL: falco.yaml was replaced"; exit 1; }
[ "$(cat "$fresh/etc/falco/falco_rules.local.yaml")" = "- list: mine" ] || { echo "FAIL: rules are gone"; exit 1; }
echo "ok: /etc/falco is kept"
run apt-get purge -y -q saker >>"$work/apt.log" 2>&1 || true
[ "$(cat "$fresh/etc/falco/falco.yaml")" = "$users_configuration" ] || { echo "FAIL: purging saker removed Falco's file"; exit 1; }
echo "ok: purging saker later leaves Falco's files"
run apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold /saker.deb >>"$work/apt.log" 2>&1 ||
  { tail -n 20 "$work/apt.log"; echo "FAIL: there again"; exit 1; }
expect "and there again" '"saker_version"' falco --version
echo "PASS"
