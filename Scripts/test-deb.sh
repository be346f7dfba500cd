#!/usr/bin/env bash
# Makes the package, lets lintian judge it, installs it in a fresh Debian and runs it there.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

not_run() { say "$*" >>"${HASHWATT_NOT_RUN_LIST:-/dev/stderr}"; }

Scripts/deb.sh
package=$(ls "$build"/deb/*.deb)
if command -v lintian >/dev/null 2>&1; then
  lintian --allow-root --fail-on error "$package"
else
  not_run "the package judged by lintian: lintian is not installed"
fi

fresh=$(mktemp -d)
trap 'rm -rf --one-file-system "$fresh"' EXIT

# Every page formats without a warning.
dpkg-deb --extract "$package" "$fresh/files"
if command -v man >/dev/null 2>&1; then
  for page in "$fresh"/files/usr/share/man/man1/*.1.gz; do
    warnings=$(MANWIDTH=80 man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)
    [ -z "$warnings" ] || die "$(basename "$page"): $warnings"
  done
else
  not_run "manual pages formatted: man is not installed"
fi
rm -rf "$fresh/files"

# A root with nothing of ours; the mounts are in a name space of their own and go with the process.
inside() {
  # shellcheck disable=SC2016
  unshare --mount sh -c 'mount -t proc proc "$0/proc" && root=$0 && exec chroot "$root" "$@"' "$fresh/debian" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive HOME=/tmp "$@"
}
suite=$(. /etc/os-release && say "${VERSION_CODENAME-}")
if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null 2>&1 || ! unshare --mount true 2>/dev/null; then
  not_run "the package installed in a fresh root: needs root, debootstrap and unshare"
elif ! timeout 900 debootstrap --variant=minbase "$suite" "$fresh/debian" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$build/debootstrap.log" 2>&1; then
  not_run "the package installed in a fresh root: debootstrap could not get $suite (see .build/debootstrap.log)"
else
  cp "$package" "$fresh/debian/tmp/hashwatt.deb"
  inside apt-get -q -y install --no-install-recommends /tmp/hashwatt.deb
  inside hashwatt --version
  inside hashwatt kernels | sed -n 1,3p
  inside hashwatt run --algorithm sha256d --kernel portable --threads 1 --warmup 0 --window 0.3 --repeats 2 --idle 0 \
    --results /tmp/results --profiles /tmp/profiles
  inside sh -c 'hashwatt verify /tmp/results/*.json'
  inside test -e /usr/share/doc/hashwatt/examples/hashwatt-regression.service
  inside apt-get -q -y remove hashwatt
  if inside test -e /usr/bin/hashwatt; then die "the package leaves its program behind"; fi
fi
