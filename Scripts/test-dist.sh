#!/usr/bin/env bash
# Makes the tarball, unpacks it elsewhere and runs it where there is neither Swift nor any package of ours.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

Scripts/dist.sh
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
tar --extract --file "$build"/dist/*.tar.gz --directory "$elsewhere"
folder=$(cd "$elsewhere"/hashwatt-* && pwd)

say "libraries from outside the folder:"
env -i PATH=/usr/bin:/bin ldd "$folder/hashwatt" | tee "$elsewhere/ldd"
if grep -E 'not found|swift|Foundation' "$elsewhere/ldd"; then die "the program needs Swift or a missing library"; fi
for library in libhwloc libpci libcrypto libz libsqlite3; do
  grep -q "$library.* => $folder/lib/" "$elsewhere/ldd" || die "$library does not come from the tarball"
done

try() {
  say "hashwatt $*"
  "${runner[@]}" "$@" >"$elsewhere/output" || die "'hashwatt $*' ended with $?"
  [ -s "$elsewhere/output" ] || die "'hashwatt $*' printed nothing"
}

runner=(env -i PATH=/usr/bin:/bin "$folder/hashwatt")
try --version
try detect
try kernels

# The proof: a root with the C library, the tarball and nothing else but /proc, which the loader finds $ORIGIN through.
# The mount is in a name space of its own and goes with the process.
in_bare_root() {
  # shellcheck disable=SC2016
  unshare --mount sh -c 'mount -t proc proc "$0/proc" && root=$0 && exec chroot "$root" "$@"' "$@"
}
if [ "$(id -u)" -eq 0 ] && in_bare_root / true 2>/dev/null; then
  bare=$elsewhere/bare
  mkdir -p "$bare/opt" "$bare/proc" "$bare/sys" "$bare/tmp"
  awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' "$elsewhere/ldd" | grep -v "^$folder" | while read -r library; do
    install -D "$(readlink -f "$library")" "$bare$library"
  done
  mv "$folder" "$bare/opt/hashwatt"
  runner=(in_bare_root "$bare" /opt/hashwatt/hashwatt)
  try --version
  try kernels
else
  say "dist in a bare root: needs root for chroot and unshare" >>"${HASHWATT_NOT_RUN_LIST:-/dev/null}"
fi
