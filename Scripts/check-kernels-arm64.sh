#!/usr/bin/env bash
# Cross-compiles the C kernels for arm64 and runs them through the scan contract under qemu-user, on a CPU with all
# features and on one that lacks some; checks the limits of size and spills beside each kernel, and the written operation
# counts (hw_operations.c) against the instructions that the emulator executes, as check-operations.sh does. Needs the
# toolchain's clang, and Debian's qemu-user, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross; without them it says so and is
# not run.
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
find_clang

for tool in qemu-aarch64 aarch64-linux-gnu-gcc; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    not_run "arm64 kernels" "$tool is not installed (Debian: qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross)"
    exit 0
  fi
done
include=/usr/aarch64-linux-gnu/include
if [ ! -e "$include/stdio.h" ]; then
  not_run "arm64 kernels" "no arm64 C headers (Debian: libc6-dev-arm64-cross)"
  exit 0
fi

mapfile -t files < <(kernel_files)
folder=$build/kernels/arm64
compile "$folder" --target=aarch64-linux-gnu --sysroot=/ -isystem "$include" "${release_flags[@]}" -- \
  "${files[@]}" "$harness/harness.c" "$harness/conformance.c" "$harness/reference.c"
aarch64-linux-gnu-gcc -static "$folder"/*.o -o "$build/kernels/conformance-arm64"

status=0
# Which instructions are where: the extensions' in their own objects and nowhere else.
passed=0
failed=0
expect() {
  if [ "$1" = "$2" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    say "FAILED: $3"
  fi
}
for object in "$folder"/*.o; do
  text=$("$tools/llvm-objdump" -d --no-show-raw-insn --mattr=+sha2,+sha3 "$object")
  name=$(basename "$object" .o)
  sha2=no sha3=no
  grep -qE '\bsha256(h|h2|su0|su1)\b' <<<"$text" && sha2=yes
  grep -qE '\b(eor3|bcax|rax1|xar)\b' <<<"$text" && sha3=yes
  case $name in
    *armv8_sha2*) expect "$sha2$sha3" yesno "$name should hold SHA-256 instructions and no SHA-3 ones" ;;
    *armv8_sha3*)
      expect "$sha2$sha3" noyes "$name should hold SHA-3 instructions and no SHA-256 ones"
      # The loop that measures such a core has one of them only.
      [[ $name == hw_roofline* ]] || for instruction in eor3 bcax rax1 xar; do
        found=no
        grep -qE "\\b$instruction\\b" <<<"$text" && found=yes
        expect "$found" yes "$name should hold $instruction"
      done
      ;;
    *) expect "$sha2$sha3" nono "$name should hold no instruction of an extension" ;;
  esac
done
say "arm64 instructions: $passed passed, $failed failed"
[ "$failed" -eq 0 ] || status=1

# Size, spills and copies of the hot functions, as check-limits.sh does for the release build.
python3 Scripts/kernel-limits.py "$build/kernels/conformance-arm64" "$tools/llvm-objdump" "$kernels" aarch64 \
  --mattr=+sha2,+sha3 || status=1

say "all features:"
qemu-aarch64 -cpu max "$build/kernels/conformance-arm64" | sed 's/^/  /' || status=1
# A CPU that lacks one: its kernel must be reported as not runnable, and no other may need it.
say "without the SHA-3 instructions (Neoverse N1):"
log=$build/kernels/conformance-arm64-n1.log
qemu-aarch64 -cpu neoverse-n1 "$build/kernels/conformance-arm64" >"$log" 2>&1 || status=1
sed 's/^/  /' "$log"
if ! grep -q '^NOT RUN: keccak256/armv8-sha3: this CPU lacks armv8-sha3' "$log"; then
  say "FAILED: the SHA-3 kernel was not reported as not runnable"
  status=1
fi

# Some passes of each kernel, traced instruction by instruction. scrypt's table has 32 rows, so that the trace stays short.
compile "$folder-counting" --target=aarch64-linux-gnu --sysroot=/ -isystem "$include" "${release_flags[@]}" \
  -DHW_SCRYPT_ROWS=32 -- "${files[@]}" "$harness/harness.c" "$harness/count_operations.c"
program=$build/kernels/count-operations-arm64
aarch64-linux-gnu-gcc -static "$folder-counting"/*.o -o "$program"
"$tools/llvm-objdump" -d --no-show-raw-insn --mattr=+sha2,+sha3 "$program" >"$build/kernels/disassembly-arm64.txt"
address() { "$tools/llvm-nm" "$program" | awk -v name="$1" '$3 == name { sub(/^0+/, "", $1); print $1 }'; }
step=-singlestep
qemu-aarch64 --help | grep one-insn-per-tb >/dev/null && step=-one-insn-per-tb
operations=$build/kernels/operations-arm64.txt
: >"$operations"
while read -r _ algorithm name; do
  qemu-aarch64 -cpu max "$step" -d exec,nochain "$program" "$algorithm" "$name" 2>&1 >>"$operations" |
    awk -F/ -v begin="$(address count_begin)" -v end="$(address count_end)" '
      /^Trace/ {
        at = $2
        sub(/^0+/, "", at)
        if (at == begin) on = 1
        if (at == end) on = 0
        if (on) counts[at]++
      }
      END { for (at in counts) print "at", at, counts[at] }' >"$operations.trace"
  cat "$operations.trace" >>"$operations"
done < <(qemu-aarch64 -cpu max "$program" | grep '^have ')
awk -v TOLERANCE=0.02 -f Scripts/count-operations.awk "$build/kernels/disassembly-arm64.txt" "$operations" || status=1
exit "$status"
