#!/usr/bin/env bash
# Checks the hot functions of the linked release build against the limits of size, spills and copies that stand beside each
# kernel: what decides on a fast core whether its caches of instructions hold the code, without a clock. arm64's are checked
# by check-kernels-arm64.sh.
#
# usage: Scripts/check-limits.sh [PROGRAM]      .build/release/hashwatt unless told
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
find_clang
program=${1-$build/release/hashwatt}
[ -e "$program" ] || die "no program $program; run: swift build -c release"
architecture=$(uname -m)
extensions=()
[ "$architecture" != aarch64 ] || extensions=('--mattr=+sha2,+sha3')
python3 Scripts/kernel-limits.py "$program" "$tools/llvm-objdump" "$kernels" "$architecture" ${extensions[@]+"${extensions[@]}"}
