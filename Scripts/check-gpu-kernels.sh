#!/usr/bin/env bash
# Proves the GPU kernels without a GPU: the shapes of processors on PoCL, a real OpenCL device; some of those of cards through
# the CUDA route with a stand-in driver; and compiles every shape to PTX. What is missing for one of these is listed as not
# run.
#
# usage: Scripts/check-gpu-kernels.sh [ALGORITHM] [--all-shapes]
#   --all-shapes  those of cards on PoCL too, which takes minutes for each to compile
source "$(dirname "${BASH_SOURCE[0]}")/kernels-common.sh"
find_clang

folder=$build/gpu
mkdir -p "$folder/results"
Benchmarks/gpu/build.sh "$folder/measure"
arguments=(--prove-only --no-probes)
shapes=()
if [ "${1-}" = --all-shapes ] || [ "${2-}" = --all-shapes ]; then shapes=(--all-shapes); fi
if [ "${1-}" = --all-shapes ]; then set --; fi
[ -z "${1-}" ] || arguments+=(--algorithm "$1")
status=0
passed=0
failed=0

# prove ROUTE SHAPE ARGUMENT...: adds what it says of its checks to the sums.
prove() {
  local log=$folder/$1-$2.log code=0
  "$folder/measure" "$1" "$folder/results" "${arguments[@]}" "${@:3}" >"$log" 2>&1 || code=$?
  sed 's/, [0-9.]* s$//; s/\([0-9]\) passed, \([0-9]*\) failed/\1 good, \2 bad/' "$log"
  passed=$((passed + $(sed -nE 's/^ *([0-9]+) passed, .*/\1/p' "$log" | tail -n 1)))
  failed=$((failed + $(sed -nE 's/.* ([0-9]+) failed, .*/\1/p' "$log" | tail -n 1)))
  [ "$code" -eq 0 ] || status=1
}

# Kernels are compiled once and kept with everything else that is built.
export POCL_CACHE_DIR=$folder/pocl
mkdir -p "$POCL_CACHE_DIR"
if "$folder/measure" opencl "$folder/results" --prove-only --no-probes --algorithm none >/dev/null 2>&1; then
  prove opencl all ${shapes[@]+"${shapes[@]}"}
else
  not_run "GPU kernels on PoCL" "needs the packages pocl-opencl-icd and ocl-icd-libopencl1"
fi

# The driver's stand-in is compiled with one shape's kernels: algorithm, shape, definitions.
stand_ins='
sha256d|plain|
sha256d|late-mul2|-DHW_LATE -DHW_MULTIPLY=2
keccak256|pairs|-DHW_SHAPE_KECCAK -DHW_PAIRS
scrypt-1024-1-1|1-gap1|-DHW_SHAPE_SCRYPT
'
if [ -e "$tools/clang++" ] && printf '#include <string.h>\n' | "$tools/clang++" -x c++ -fsyntax-only - 2>/dev/null; then
  while IFS='|' read -r algorithm shape definitions; do
    [ -n "$algorithm" ] || continue
    [ -z "${1-}" ] || [ "$1" = "$algorithm" ] || continue
    library=$folder/stand-in-$algorithm-$shape.so
    # The definitions are words.
    # shellcheck disable=SC2086
    "$tools/clang++" -std=c++17 -O2 -fPIC -shared -x c++ $definitions -I"$project/Sources/CGPUKernels" \
      "$project/Tests/GPUHarness/standin_cuda.cpp" -o "$library"
    HASHWATT_CUDA_LIBRARY=$library HASHWATT_NVRTC_LIBRARY=$library \
      prove nvrtc "$algorithm-$shape" --algorithm "$algorithm" --shape "$shape"
  done <<<"$stand_ins"
else
  not_run "the CUDA route with a stand-in driver" "needs a C++ compiler beside swift"
fi

if command -v clang-16 >/dev/null 2>&1 && [ -e /usr/lib/clc/nvptx64--nvidiacl.bc ]; then
  if Benchmarks/gpu/ptx.sh "$folder/images"; then passed=$((passed + 1)); else failed=$((failed + 1)) status=1; fi
else
  not_run "GPU kernels as PTX" "needs the packages clang-16 and libclc-16"
fi
say "$passed passed, $failed failed"
exit "$status"
