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
while read -r _ algorithm name; do
  not_run "operation counts of $algorithm/$name" "this CPU cannot run it"
done < <(grep '^absent ' "$build/kernels/operations.txt" || true)
"$tools/llvm-objdump" -d --no-show-raw-insn "$build/kernels/count-operations" >"$build/kernels/disassembly.txt"
awk -v TOLERANCE=0.02 -f Scripts/count-operations.awk "$build/kernels/disassembly.txt" "$build/kernels/operations.txt"
