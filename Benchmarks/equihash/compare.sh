#!/usr/bin/env bash
# Alternates the Equihash solvers with another program on one core, by CPU time; several rounds.
#
# usage: Benchmarks/equihash/compare.sh ROUNDS ATTEMPTS [COMMAND]
#
# COMMAND runs the other solver once for ATTEMPTS attempts, such as "./equix41 -r 20" of tromp's.
set -euo pipefail

rounds=$1
attempts=$2
other=${3-}
project=$(cd "$(dirname "$0")/../.." && pwd)
kernels=$project/Sources/CKernels
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
clang=${CLANG-$(dirname "$(readlink -f "$(command -v swift)")")/clang}
mapfile -t files < <(find "$kernels/equihash" -name '*.c')
"$clang" -std=c17 -O2 -D_GNU_SOURCE -I"$kernels/include" -I"$kernels/common" -I"$kernels/equihash" "${files[@]}" \
  "$kernels"/common/hw_{sha256,scan,cpu}.c "$project/Benchmarks/equihash/compare.c" -o "$folder/compare"
cpu=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')
for round in $(seq "$rounds"); do
  for kernel in portable avx2 avx512; do
    taskset -c "$cpu" "$folder/compare" "$kernel" "$attempts" $((round * 1000)) | sed "s/^/round $round /" || true
  done
  if [ -n "$other" ]; then
    # shellcheck disable=SC2086
    { TIMEFORMAT="%U %S"; time taskset -c "$cpu" $other >"$folder/other" 2>&1; } 2>"$folder/time"
    awk -v round="$round" -v attempts="$attempts" -v found="$(grep -o '[0-9]* total solutions' "$folder/other" | tr -dc 0-9)" '
      { cpu = $1 + $2; printf "round %d other attempts %d solutions %s cpu_s %.3f attempt_s %.4f sol_per_cpu_s %.3f\n",
        round, attempts, found, cpu, cpu / attempts, found / cpu }' "$folder/time"
  fi
done
