#!/usr/bin/env bash
# Builds the measuring program, which needs nothing but the C library: Benchmarks/gpu/build.sh PROGRAM
source "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/kernels-common.sh"

program=${1:?usage: Benchmarks/gpu/build.sh PROGRAM}
find_clang
mkdir -p "$(dirname "$program")"
"$clang" -std=c17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wstrict-prototypes -Werror \
  -ISources/CGPUShims/include -ISources/CGPUKernels/include -ISources/CGPUSession/include -ISources/CKernels/include \
  -ISources/CKernels/common -I"$harness" -IBenchmarks/gpu \
  Benchmarks/gpu/*.c Sources/CGPUShims/*.c Sources/CGPUKernels/*.c Sources/CGPUSession/*.c \
  Sources/CKernels/common/hw_sha256.c Sources/CKernels/common/hw_scan.c "$harness/reference.c" \
  -o "$program" -ldl -lpthread
