#!/usr/bin/env bash
# Disassembles the objects of the release build and proves that each kernel holds the instructions of its own instruction
# set and of no wider one, and that the rest of the program holds none of them. x86-64 only.
#
# usage: Scripts/check-instructions.sh [FOLDER]      the release build's folder; .build/release unless told
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
if [ "$(uname -m)" != x86_64 ]; then
  not_run "instruction check" "it knows x86-64 only; arm64 is checked by check-kernels-arm64.sh"
  exit 0
fi
find_clang
folder=${1-$build/release}
[ -d "$folder/CKernels.build" ] || die "no release build in $folder; run: swift build -c release"

passed=0
failed=0
# rule OBJECT PATTERN yes|no WHAT
rule() {
  local found=no
  grep -qE "$2" <<<"$text" && found=yes
  if [ "$found" = "$3" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    say "FAILED: $1: $4"
    [ "$3" = yes ] || grep -m 3 -E "$2" <<<"$text" | sed 's/^/    /'
  fi
}

# What the instruction sets look like: 512-bit registers; EVEX-only things (masks, upper registers, rotates, three-input
# logic); 256-bit registers; any VEX or EVEX instruction; the SHA instructions.
zmm='%zmm'
evex='%k[0-7]|%[xy]mm(1[6-9]|2[0-9]|3[01])|[[:space:]]v(prol|pror|pternlog)'
ymm='%ymm'
vex='[[:space:]]v[a-z0-9]+[[:space:]].*%[xyz]mm|[[:space:]]vzeroupper'
sha='[[:space:]]sha256'

kernels_seen=0
while IFS= read -r object; do
  text=$("$tools/llvm-objdump" -d --no-show-raw-insn "$object")
  name=${object#"$folder"/}
  case $name in
    CKernels.build/*avx512*)
      rule "$name" "$zmm" yes "an AVX-512 kernel without 512-bit registers"
      rule "$name" "$sha" no "SHA instructions in an AVX-512 kernel"
      kernels_seen=$((kernels_seen + 1))
      ;;
    CKernels.build/*shani_avx2* | CKernels.build/*shani_vex*)
      rule "$name" "$sha" yes "a SHA-NI kernel without SHA instructions"
      rule "$name" "$ymm|$zmm|$evex" no "wide registers beside SHA instructions, which are slow then"
      kernels_seen=$((kernels_seen + 1))
      ;;
    CKernels.build/*avx2*)
      rule "$name" "$ymm" yes "an AVX2 kernel without 256-bit registers"
      rule "$name" "$zmm|$evex" no "AVX-512 instructions in an AVX2 kernel"
      rule "$name" "$sha" no "SHA instructions in an AVX2 kernel"
      kernels_seen=$((kernels_seen + 1))
      ;;
    CKernels.build/*shani*)
      rule "$name" "$sha" yes "a SHA-NI kernel without SHA instructions"
      rule "$name" "$vex|$evex" no "AVX instructions in a SHA-NI kernel"
      kernels_seen=$((kernels_seen + 1))
      ;;
    *) rule "$name" "$vex|$evex|$zmm|$sha" no "instructions beyond the baseline outside the kernels for them" ;;
  esac
done < <(find -L "$folder" -name '*.o' -path '*.build/*' ! -path '*Tests.build*' | sort)
[ "$kernels_seen" -gt 0 ] || die "no kernel objects in $folder/CKernels.build"
say "instructions: $passed passed, $failed failed ($kernels_seen objects of wider kernels)"
[ "$failed" -eq 0 ]
