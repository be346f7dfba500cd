#!/usr/bin/env bash
# Runs every C kernel that this CPU supports through the scan contract: with address and undefined-behaviour sanitizers,
# and as a release build compiles it; what it does not support, under qemu-user where that has the instructions (QEMU_X86_64
# names another one; 8.2 is the first with SHA-NI). Needs the toolchain's clang only.
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

# The Equihash solvers are no kernels of headers: they have a program of their own.
compile "$build/kernels/sanitized" "${sanitizer_flags[@]}" -- "$harness/equihash_solver_check.c"
solver=()
for file in "${files[@]}" harness.c equihash_solver_check.c; do
  solver+=("$build/kernels/sanitized/$(basename "$file" .c).o")
done
"$clang" -fuse-ld=lld -fsanitize=address,undefined "${solver[@]}" -o "$build/kernels/equihash-sanitized"

compile "$build/kernels/release" "${release_flags[@]}" -- \
  "${files[@]}" "$harness/harness.c" "$harness/conformance.c"
objects=()
for file in "${files[@]}" harness.c conformance.c; do
  objects+=("$build/kernels/release/$(basename "$file" .c).o")
done
"$clang" -fuse-ld=lld "${objects[@]}" "$build/kernels/reference/reference.o" -o "$build/kernels/conformance"

status=0
# run_program LOG COMMAND...: shows what it says.
run_program() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || status=1
  sed 's/^/  /' "$log"
}

if [ $# -eq 0 ]; then
  say "equihash-sanitized:"
  run_program "$build/kernels/equihash-sanitized.log" "$build/kernels/equihash-sanitized"
fi

for program in conformance-sanitized conformance; do
  say "$program:"
  run_program "$build/kernels/$program.log" "$build/kernels/$program" "$@"
done

# What this CPU lacks, an emulator may have: the release build's code, without the sanitizers' checks.
log=$build/kernels/conformance.log
emulator=${QEMU_X86_64-qemu-x86_64}
if [ "$(uname -m)" = x86_64 ] && grep -q '^NOT RUN' "$log" && command -v "$emulator" >/dev/null 2>&1; then
  while IFS= read -r kernel; do
    say "conformance of $kernel under $("$emulator" --version | sed -n 1p):"
    # An emulator without the instructions runs nothing, which is no failure and stays listed.
    if "$emulator" -cpu max "$build/kernels/conformance" "$kernel" >"$log.emulated" 2>&1; then
      sed -i "s|^NOT RUN: $kernel: |emulated: $kernel: |" "$log"
    elif ! grep -q '^NOT RUN' "$log.emulated"; then
      status=1
    fi
    sed 's/^/  /' "$log.emulated"
  done < <(sed -n 's/^NOT RUN: \([^:]*\): .*/\1/p' "$log")
fi
while IFS= read -r line; do
  not_run "kernel ${line#NOT RUN: }" "listed by conformance; no emulator here has it" >/dev/null
done < <(cat "$log" "$build"/kernels/equihash-sanitized.log 2>/dev/null | grep '^NOT RUN' || true)
exit "$status"
