#!/usr/bin/env bash
# Makes .build/dist/hashwatt-VERSION-linux-ARCH.tar.gz: the program with the libraries that it needs beyond libc.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

require_swift
scratch=$build/dist-build
Scripts/gpu-images.sh
out=$build/dist
version=$(sed -n 's/.*currentVersion = "\(.*\)"/\1/p' Sources/Model/Result/ToolIdentity+Version.swift)
name=hashwatt-$version-linux-$(uname -m)

# DT_RPATH rather than DT_RUNPATH, because it also holds for what the libraries beside the program need. What debuggers want
# would be stripped again; the names of functions stay, for what a crash prints.
swift build "${build_flags[@]}" -c release --scratch-path "$scratch" --product hashwatt --static-swift-stdlib -debug-info-format none \
  -Xlinker -rpath -Xlinker "\$ORIGIN/lib" -Xlinker --disable-new-dtags

rm -rf "${out:?}"
mkdir -p "$out/$name/lib" "$out/$name/licenses" "$out/$name/completions"
install -m 755 "$scratch/release/hashwatt" "$out/$name/hashwatt"
strip --strip-debug "$out/$name/hashwatt"

# The C library stays the machine's own: it belongs to its kernel and its name services.
ldd "$scratch/release/hashwatt" | awk '$2 == "=>" { print $3 }' | while read -r library; do
  case $(basename "$library") in
    libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libresolv.so.* | ld-linux*) continue ;;
    libswift* | libFoundation* | lib_Foundation* | libdispatch* | libBlocksRuntime*)
      die "$(basename "$library") is not linked statically"
      ;;
  esac
  install -m 644 "$(readlink -f "$library")" "$out/$name/lib/$(basename "$library")"
  # A package may list its file with or without /usr.
  real=$(readlink -f "$library")
  package=$(dpkg-query --search "$real" "${real#/usr}" 2>/dev/null | head -n 1 | cut -d: -f1 || true)
  if [ -n "$package" ] && [ -e "/usr/share/doc/$package/copyright" ]; then
    install -m 644 "/usr/share/doc/$package/copyright" "$out/$name/licenses/$package.txt"
  fi
done
for file in /usr/share/misc/pci.ids /usr/share/hwdata/pci.ids; do
  [ -e "$file" ] || continue
  install -D -m 644 "$(readlink -f "$file")" "$out/$name/share/pci.ids"
  break
done
for shell in bash zsh fish; do
  "$scratch/release/hashwatt" completions "$shell" >"$out/$name/completions/hashwatt.$shell"
done
cp LICENSE README.md CHANGELOG.md "$out/$name/"

# The same files give the same bytes.
epoch=$(git log -1 --format=%ct 2>/dev/null || say 0)
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --directory "$out" "$name" |
  gzip --no-name >"$out/$name.tar.gz"

glibc=$(objdump -T "$out/$name/hashwatt" "$out/$name"/lib/* | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
say "${out#"$project"/}/$name.tar.gz: $(du -h "$out/$name.tar.gz" | cut -f1), needs ${glibc/_/ } or newer and nothing else"
