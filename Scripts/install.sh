#!/usr/bin/env bash
# Installs the program with its manual pages, completions and examples; `make install` and the package use it.
#
# usage: Scripts/install.sh PROGRAM PREFIX     DESTDIR, when set, goes in front
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

program=${1:?usage: Scripts/install.sh PROGRAM PREFIX}
prefix=${2:?usage: Scripts/install.sh PROGRAM PREFIX}
[ -x "$program" ] || die "$program is not there; run make build first"
case $prefix in /*) ;; *) die "PREFIX=$prefix is no absolute path" ;; esac
root=${DESTDIR-}$prefix

install -D -m 755 "$program" "$root/bin/hashwatt"
install -d "$root/share/man/man1" "$root/share/doc/hashwatt/examples"
# The pages are made by the program itself, from the descriptions that it parses its command line by.
"$program" man >"$root/share/man/man1/hashwatt.1"
"$program" help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' | while read -r command; do
  "$program" man "$command" >"$root/share/man/man1/hashwatt-$command.1"
done
install -d "$root/share/bash-completion/completions" "$root/share/zsh/site-functions" "$root/share/fish/vendor_completions.d"
"$program" completions bash >"$root/share/bash-completion/completions/hashwatt"
"$program" completions zsh >"$root/share/zsh/site-functions/_hashwatt"
"$program" completions fish >"$root/share/fish/vendor_completions.d/hashwatt.fish"
install -m 644 Packaging/examples/* "$root/share/doc/hashwatt/examples/"
chmod 644 "$root"/share/man/man1/hashwatt*.1 "$root/share/bash-completion/completions/hashwatt" \
  "$root/share/zsh/site-functions/_hashwatt" "$root/share/fish/vendor_completions.d/hashwatt.fish"
