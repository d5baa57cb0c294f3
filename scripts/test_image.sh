#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the image of packaging/Dockerfile's last stage from build/package/*.deb, on a base made by debootstrap in the
# place of debian:12-slim, and runs it by podman with the rights that the Dockerfile names. Exit status 77: not
# possible here, with the reason.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "SKIP: $*"; exit 77; }
[ "$(id -u)" -eq 0 ] || skip "needs root"
for tool in debootstrap podman runc; do
  command -v "$tool" >/dev/null || skip "$tool is not installed"
done
deb=$(find build/package -maxdepth 1 -name 'saker_*.deb' 2>/dev/null | head -n 1)
[ -n "$deb" ] || skip "no package: run make package"
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -v security | head -n 1)
[ -n "$mirror" ] || skip "this machine has no package source"

work=$(mktemp -d "${TMPDIR:-/tmp}/saker-image-XXXXXX")
podman=(podman --root "$work/storage" --runroot "$work/run" --storage-driver vfs --runtime runc --cgroup-manager cgroupfs)
pod() { "${podman[@]}" "$@"; }
clean_up() {
  pod rm --all --force >/dev/null 2>&1 || true
  pod unshare true >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

echo "== a base: Debian 12 with what the package depends on"
depends=$(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/ //g')
debootstrap --variant=minbase --include="ca-certificates,$depends" bookworm "$work/root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
  { tail -n 3 "$work/debootstrap.log"; skip "debootstrap found no packages"; }
tar -C "$work/root" -c . | pod import - saker-base >"$work/import.log" 2>&1 || { cat "$work/import.log"; skip "podman cannot import an image here"; }

echo "== the image"
# The last stage as it is, with the package beside it instead of the stage that builds it, and without a network: what
# it depends on is in the base.
mkdir "$work/context"
cp "$deb" "$work/context/saker.deb"
sed -n '/^FROM \${BASE}$/,$p' packaging/Dockerfile |
  sed 's|^FROM .*|FROM localhost/saker-base|; s|^COPY --from=build .* |COPY saker.deb |; s|apt-get update && ||' \
    >"$work/context/Dockerfile"
grep -q '^ENTRYPOINT' "$work/context/Dockerfile" || { echo "FAIL: no last stage in packaging/Dockerfile"; exit 1; }
pod build --network=none --isolation oci -t saker "$work/context" >"$work/build.log" 2>&1 ||
  pod build --network=host --isolation chroot -t saker "$work/context" >>"$work/build.log" 2>&1 ||
  { tail -n 15 "$work/build.log"; echo "FAIL: podman build"; exit 1; }

expect() { # NAME TEXT ARGUMENTS...: a container with these arguments prints the text
  local name=$1 text=$2 output
  shift 2
  output=$(pod run --rm --network=none --read-only --cap-drop=ALL saker "$@" 2>&1) || { echo "FAIL: $name: $output"; exit 1; }
  grep -qF -- "$text" <<<"$output" || { echo "FAIL: $name: $output"; exit 1; }
  echo "ok: $name"
}
expect "version" "Falco version" --version
expect "rules" "Ok" -V /etc/falco/falco_rules.yaml
expect "configuration, without a single capability" "schema validation: ok" --dry-run -o engine.kind=nodriver
if [ -r /sys/kernel/btf/vmlinux ]; then
  live=$(timeout -s INT 60 "${podman[@]}" run --rm --network=none --pid=host --cap-drop=ALL --cap-add=BPF \
    --cap-add=PERFMON --cap-add=SYS_PTRACE --cap-add=SYS_RESOURCE --cap-add=DAC_READ_SEARCH --security-opt seccomp=unconfined --read-only \
    --tmpfs /var/lib/saker -v /sys/kernel/btf:/sys/kernel/btf:ro -v /sys/kernel/tracing:/sys/kernel/tracing:ro saker \
    -o syslog_output.enabled=false -o webserver.enabled=false -M 5 2>&1) || true
  if grep -q 'Events detected' <<<"$live"; then
    echo "ok: live, with the capabilities that the Dockerfile names"
  else
    echo "note: a live run was not possible: $(tail -n 3 <<<"$live")"
  fi
fi
echo "PASS"
