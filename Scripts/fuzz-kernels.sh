#!/usr/bin/env bash
# Fuzzes the scan contract of all C kernels against an independent reference, for a bounded time. Needs the toolchain's
# clang, which carries libFuzzer. What it finds is left below .build/kernels/fuzz.
#
# usage: Scripts/fuzz-kernels.sh [SECONDS]      20 unless told
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
find_clang
seconds=${1-20}

mapfile -t files < <(kernel_files)
compile "$build/kernels/reference" -O2 -g -- "$harness/reference.c"
compile "$build/kernels/sanitized" "${sanitizer_flags[@]}" -- \
  "${files[@]}" "$harness/harness.c" "$harness/conformance.c" "$harness/fuzz_scan.c"
objects=()
for file in "${files[@]}" harness.c fuzz_scan.c; do
  objects+=("$build/kernels/sanitized/$(basename "$file" .c).o")
done
"$clang" -fuse-ld=lld -fsanitize=address,undefined,fuzzer "${objects[@]}" \
  "$build/kernels/reference/reference.o" -o "$build/kernels/fuzz-scan"

mkdir -p "$build/kernels/fuzz/corpus"
log=$build/kernels/fuzz.log
status=0
"$build/kernels/fuzz-scan" -max_len=120 -len_control=0 -max_total_time="$seconds" -timeout=60 \
  -print_final_stats=1 -artifact_prefix="$build/kernels/fuzz/" "$build/kernels/fuzz/corpus" \
  >"$log" 2>&1 || status=$?
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
if [ "$status" -ne 0 ]; then
  tail -n 40 "$log"
  say "fuzzing the scan contract: FAILED after ${runs:-an unknown number of} inputs"
  exit 1
fi
[ "${runs:-0}" -gt 0 ] || die "the fuzzer ran no input; see $log"
say "fuzzing the scan contract: $runs inputs in $seconds s, no failure"
