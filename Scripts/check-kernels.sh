#!/usr/bin/env bash
# Runs every C kernel that this CPU supports through the scan contract: with address and undefined-behaviour sanitizers,
# and as a release build compiles it. Needs the toolchain's clang only.
#
# usage: Scripts/check-kernels.sh [WORD]...      with words, only kernels whose algorithm/name contains one
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
find_clang

mapfile -t files < <(kernel_files)
# The reference is the judge and slow already: it is compiled without checks.
compile "$build/kernels/reference" -O2 -g -- "$harness/reference.c"

compile "$build/kernels/sanitized" "${sanitizer_flags[@]}" -- \
  "${files[@]}" "$harness/harness.c" "$harness/conformance.c" "$harness/fuzz_scan.c"
objects=()
for file in "${files[@]}" harness.c conformance.c; do
  objects+=("$build/kernels/sanitized/$(basename "$file" .c).o")
done
"$clang" -fuse-ld=lld -fsanitize=address,undefined "${objects[@]}" \
  "$build/kernels/reference/reference.o" -o "$build/kernels/conformance-sanitized"

compile "$build/kernels/release" "${release_flags[@]}" -- \
  "${files[@]}" "$harness/harness.c" "$harness/conformance.c"
objects=()
for file in "${files[@]}" harness.c conformance.c; do
  objects+=("$build/kernels/release/$(basename "$file" .c).o")
done
"$clang" -fuse-ld=lld "${objects[@]}" "$build/kernels/reference/reference.o" -o "$build/kernels/conformance"

status=0
for program in conformance-sanitized conformance; do
  say "$program:"
  log=$build/kernels/$program.log
  "$build/kernels/$program" "$@" >"$log" 2>&1 || status=1
  sed 's/^/  /' "$log"
  while IFS= read -r line; do
    not_run "kernel ${line#NOT RUN: }" "listed by $program" >/dev/null
  done < <(grep '^NOT RUN' "$log" || true)
done
exit "$status"
