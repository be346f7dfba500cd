#!/usr/bin/env bash
# Makes .build/deb/hashwatt_VERSION_ARCH.deb from the program that `make dist` builds, on its libraries of Debian.
#
# usage: Scripts/deb.sh          builds what make dist builds, unless it was built from this very source already
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

Scripts/install-dependencies.sh deb
built=$build/dist-build/release/hashwatt
# The tarball's build serves: only the place where its libraries are looked for is taken out.
if [ ! -x "$built" ] || [ -n "$(find Package.swift Sources -newer "$built" -print -quit)" ]; then
  Scripts/dist.sh
fi

out=$build/deb
rm -rf "${out:?}"
root=$out/root
install -D -m 755 "$built" "$out/hashwatt"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$out/hashwatt"
chrpath --delete "$out/hashwatt" >/dev/null

DESTDIR=$root Scripts/install.sh "$out/hashwatt" /usr
# Debian's own places.
install -d "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_hashwatt" "$root/usr/share/zsh/vendor-completions/"
rmdir "$root/usr/share/zsh/site-functions"
gzip -9 --no-name "$root"/usr/share/man/man1/*.1

version=$(sed -n 's/.*currentVersion = "\(.*\)"/\1/p' Sources/Model/Result/ToolIdentity+Version.swift)
architecture=$(dpkg --print-architecture)
epoch=$(git log -1 --format=%ct 2>/dev/null || say 0)
maintainer=$(git log -1 --format='%an <%ae>' 2>/dev/null || say 'hashwatt <hashwatt@hashwatt.invalid>')
documents=$root/usr/share/doc/hashwatt
{
  say "hashwatt ($version) unstable; urgency=medium"
  say
  say "  * See CHANGELOG.md beside this file."
  say
  say " -- $maintainer  $(date --utc --date="@$epoch" --rfc-email)"
} | gzip -9 --no-name >"$documents/changelog.gz"
gzip -9 --no-name --stdout CHANGELOG.md >"$documents/CHANGELOG.md.gz"
{
  say "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
  say "Upstream-Name: hashwatt"
  say
  say "Files: *"
  say "Copyright: 2026 the authors of hashwatt"
  say "License: Apache-2.0"
  say
  say "License: Apache-2.0"
  say " On Debian systems the text of the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0."
} >"$documents/copyright"

# What the program is linked with decides what the package depends on.
mkdir -p "$out/debian"
printf 'Source: hashwatt\n\nPackage: hashwatt\nArchitecture: any\n' >"$out/debian/control"
depends=$(cd "$out" && dpkg-shlibdeps -O "$out/hashwatt" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || die "dpkg-shlibdeps found no libraries"
mkdir -p "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: hashwatt
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k -s --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends
Recommends: gnuplot-nox, librandomx0, pci.ids
Section: utils
Priority: optional
Description: measures hash rate and energy of hashing hardware
 hashwatt measures how many hashes a Linux machine computes for a second and
 for a joule, keeps every sample, proves that the hashing happened, and says
 how far its own numbers can be trusted. It ranks, compares and reports
 results, and evaluates the purchase of hashing hardware.
CONTROL
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -print0 | xargs -0 touch --no-dereference --date="@$epoch"
find "$root" -type d -exec chmod 755 {} +
package=$out/hashwatt_${version}_$architecture.deb
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
say "${package#"$project"/}: $(du -h "$package" | cut -f1), depends on $depends"
