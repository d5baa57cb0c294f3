#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages that are missing: install_packages.sh [build|test|bench|fuzz|peers]...  (default: build)
# Does nothing, and needs no rights, when everything is there.
set -euo pipefail

build=(build-essential cmake ninja-build pkg-config ccache clang-14 llvm-14 bpftool
  libbpf-dev libelf-dev zlib1g-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libspdlog-dev
  libexpected-dev libre2-dev libpcre2-dev librdkafka-dev libcurl4-openssl-dev libsqlite3-dev
  libcpp-httplib-dev libssl-dev)
# What the tests and lints need on top of it.
test=(openssl libgtest-dev libgmock-dev clang-format-14 shellcheck python3 python3-yaml python3-jsonschema)
bench=(libbenchmark-dev)
fuzz=(libclang-rt-14-dev)
# Servers that tests of outputs start themselves; without them these tests are skipped.
peers=(nginx-light rsyslog)

wanted=()
for group in "${@:-build}"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${build[@]}" "${test[@]}") ;;
    bench) wanted+=("${build[@]}" "${bench[@]}") ;;
    fuzz) wanted+=("${build[@]}" "${fuzz[@]}") ;;
    peers) wanted+=("${peers[@]}") ;;
    *) echo "install_packages.sh: unknown group '$group' (build, test, bench, fuzz, peers)" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  echo "This is not a Debian system; install the equivalents of: ${wanted[*]}" >&2
  exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii *//p')
missing=()
for package in "${wanted[@]}"; do
  grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Missing packages, and neither root nor sudo to install them. As root, run:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing missing Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
