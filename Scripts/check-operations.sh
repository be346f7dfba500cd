#!/usr/bin/env bash
# Checks the operation counts that the kernels' roofline uses (hw_operations.c) against the instructions that one pass of
# each kernel executes, compiled as for release. scrypt's table has 32 rows here instead of 1024, so that stepping
# through it takes seconds; its written counts follow. Loads are not compared: spills and constants cannot be told apart.
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
if [ "$(uname -m)" != x86_64 ]; then
  not_run "operation counts" "it steps through x86-64 code; check-kernels-arm64.sh does this for arm64"
  exit 0
fi
find_clang

mapfile -t files < <(kernel_files)
folder=$build/kernels/counting
compile "$folder" "${release_flags[@]}" -DHW_SCRYPT_ROWS=32 -- \
  "${files[@]}" "$harness/harness.c" "$harness/count_operations.c"
"$clang" -fuse-ld=lld -no-pie "$folder"/*.o -o "$build/kernels/count-operations"

status=0
"$build/kernels/count-operations" >"$build/kernels/operations.txt" || status=$?
if [ "$status" -eq 3 ]; then
  not_run "operation counts" "a process may not trace its children here (ptrace)"
  exit 0
fi
[ "$status" -eq 0 ] || die "a kernel failed while it was stepped through"
"$tools/llvm-objdump" -d --no-show-raw-insn "$build/kernels/count-operations" >"$build/kernels/disassembly.txt"

# Where a kernel's code is a straight line it is counted there too, each instruction once, whether this CPU can run it or not.
number=0
while read -r state algorithm name _; do
  number=$((number + 1))
  code=$build/kernels/straight.txt
  object=$folder/${algorithm%%-*}_${name//-/_}.o
  [ -e "$object" ] || die "$algorithm/$name is not in ${object##*/}"
  # At addresses that no other has.
  "$tools/llvm-objdump" -d --no-show-raw-insn --disassemble-symbols=hash_batch "$object" 2>/dev/null |
    awk -v number=$number '$1 ~ /^[0-9a-f]+:$/ { $1 = sprintf("%x%012x:", number, NR); print }' >"$code"
  if [ ! -s "$code" ] || grep -qE '^[0-9a-f]+: (j|loop|call)' "$code"; then
    [ "$state" = kernel ] || not_run "operation counts of $algorithm/$name" "this CPU cannot run it, and its code has loops" >&2
    continue
  fi
  "$build/kernels/count-operations" "$algorithm" "$name" | sed '/^kernel/s/ [0-9]* [0-9]*$/:code&/'
  awk '{ sub(/:$/, "", $1); print "at", $1, 1 }' "$code"
  cat "$code" >>"$build/kernels/disassembly.txt"
done < <(grep -E '^(absent|kernel) ' "$build/kernels/operations.txt") >"$build/kernels/straight.operations"
[ -s "$build/kernels/straight.operations" ] || die "no kernel's hash_batch is a straight line, as those with SHA instructions are"
cat "$build/kernels/straight.operations" >>"$build/kernels/operations.txt"
awk -v TOLERANCE=0.02 -f Scripts/count-operations.awk "$build/kernels/disassembly.txt" "$build/kernels/operations.txt"
