#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds build/package/saker_VERSION_ARCH.deb and, beside it, the SBOM, from the release build. Needs no root.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "${SAKER_PACKAGE_PREBUILT:-}" = 1 ] || scripts/build.sh
version=$(sed -n 's/^project(saker VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
architecture=$(dpkg --print-architecture)
out=build/package
root=$out/root
rm -rf "$out"
mkdir -p "$root"/{DEBIAN,usr/bin,etc/falco,lib/systemd/system} "$root"/usr/share/{man/man8,doc/saker} \
  "$root"/usr/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d}

# The program, without the debugger's part.
objcopy --strip-debug --strip-unneeded build/saker "$root/usr/bin/saker"
chmod 755 "$root/usr/bin/saker"
ln -s saker "$root/usr/bin/falco"

# Configuration as Falco's users have it.
install -m 644 packaging/falco.yaml "$root/etc/falco/falco.yaml"
cat rules/default/*.yaml >"$root/etc/falco/falco_rules.yaml"
install -m 644 packaging/falco_rules.local.yaml "$root/etc/falco/falco_rules.local.yaml"
find "$root/etc" -type f -printf '/etc/%P\n' | sort >"$root/DEBIAN/conffiles"

install -m 644 packaging/debian/saker.service "$root/lib/systemd/system/saker.service"
build/saker man | gzip -9n >"$root/usr/share/man/man8/saker.8.gz"
ln -s saker.8.gz "$root/usr/share/man/man8/falco.8.gz"
build/saker completion bash >"$root/usr/share/bash-completion/completions/saker"
ln -s saker "$root/usr/share/bash-completion/completions/falco"
build/saker completion zsh >"$root/usr/share/zsh/vendor-completions/_saker"
build/saker completion fish >"$root/usr/share/fish/vendor_completions.d/saker.fish"

install -m 644 packaging/debian/copyright README.md docs/switching.md docs/compat.md "$root/usr/share/doc/saker/"
printf 'saker (%s) unstable; urgency=medium\n\n  * See the history of the sources.\n\n -- the Saker authors <saker@localhost>  %s\n' \
  "$version" "$(date -uR -d "@$(git log -1 --format=%ct 2>/dev/null || date +%s)")" |
  gzip -9n >"$root/usr/share/doc/saker/changelog.gz"
python3 scripts/sbom.py build/saker "$version" >"$out/saker.cdx.json"
install -m 644 "$out/saker.cdx.json" "$root/usr/share/doc/saker/saker.cdx.json"

# What it is linked with, as Debian packages with the versions they need.
mkdir -p "$out/deps/debian"
printf 'Source: saker\n\nPackage: saker\nArchitecture: any\n' >"$out/deps/debian/control"
depends=$(cd "$out/deps" && dpkg-shlibdeps -O -e../root/usr/bin/saker 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" -e "s/@SIZE@/$size/" \
  packaging/debian/control.in >"$root/DEBIAN/control"
install -m 755 packaging/debian/postinst packaging/debian/prerm packaging/debian/postrm "$root/DEBIAN/"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -type d -exec chmod 755 {} +
deb=$out/saker_${version}_${architecture}.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$deb" >/dev/null
rm -rf "$out/deps"
echo "$deb ($(du -h "$deb" | cut -f1))"
