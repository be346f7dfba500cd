#!/usr/bin/env bash
# Proves the GPU kernels without a GPU: the shapes of processors on PoCL, a real OpenCL device; those of all devices on a simulated
# one that watches memory (Oclgrind); some of those of cards through the CUDA route with a stand-in driver; and compiles every
# shape to PTX. What is missing for one of these is listed as not
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

# By what the program is run; nothing for itself.
runner=()
# prove ROUTE SHAPE ARGUMENT...: adds what it says of its checks to the sums.
prove() {
  local log=$folder/$1-$2.log code=0
  ${runner[@]+"${runner[@]}"} "$folder/measure" "$1" "$folder/results" "${arguments[@]}" "${@:3}" >"$log" 2>&1 || code=$?
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

# Oclgrind reports what is outside of buffers, races between items and, but of scrypt, what is read and was never written. It knows
# no funnel shift, which its compiler makes of keccak256 over pairs of words. A hash of scrypt would take it seconds: there it has
# 4 rows, and what it finds is not compared.
simulated='
sha256d||
keccak256|lanes,w8,w8-d,w4,w4-d|
scrypt-1024-1-1||-DHW_N=4
'
if oclgrind=$(command -v oclgrind); then
  library=$(dirname "$(dirname "$(readlink -f "$oclgrind")")")/lib/oclgrind/liboclgrind-rt.so
  log=$folder/oclgrind.log
  while IFS='|' read -r algorithm some definitions; do
    [ -n "$algorithm" ] || continue
    [ -z "${1-}" ] || [ "$1" = "$algorithm" ] || continue
    runner=("$oclgrind" --data-races --log "$log")
    what=(--brief --all-shapes --algorithm "$algorithm")
    [ -z "$some" ] || what+=(--shape "$some")
    # Its test for what was never written knows no division by 3 (freeze), and takes exchanged words for unwritten ones.
    if [ -z "$definitions" ]; then
      runner+=(--uninitialized)
    else
      runner+=(--build-options "$definitions") what+=(--unchecked)
    fi
    : >"$log"
    HASHWATT_OPENCL_LIBRARY=$library prove opencl "oclgrind-$algorithm" "${what[@]}"
    if [ -s "$log" ]; then
      say "$algorithm: Oclgrind reports"
      head -n 40 "$log"
      failed=$((failed + 1)) status=1
    fi
  done <<<"$simulated"
  runner=()
else
  not_run "GPU kernels on Oclgrind, which watches memory" "needs the package oclgrind"
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

# The probes of a rate do what is counted, and no compiler less: on a card and on a processor without and with AVX-512.
# target, options, probe, instruction, how many at least (PROBE_STEPS of probes.cl, and two additions in a sum of three)
probes='
amdgcn-amd-amdhsa|-mcpu=gfx1030|probe_shift|v_alignbit_b32|256
amdgcn-amd-amdhsa|-mcpu=gfx1030|probe_logic|v_bfi_b32|256
amdgcn-amd-amdhsa|-mcpu=gfx1030|probe_add|v_add3_u32|256
x86_64-linux-gnu|-march=haswell -DHW_WIDTH=8|probe_add|vpaddd|512
x86_64-linux-gnu|-march=haswell -DHW_WIDTH=8|probe_multiply|vpmulld|256
x86_64-linux-gnu|-march=skylake-avx512 -mprefer-vector-width=512 -DHW_WIDTH=16|probe_add|vpaddd|512
x86_64-linux-gnu|-march=skylake-avx512 -mprefer-vector-width=512 -DHW_WIDTH=16|probe_multiply|vpmulld|256
'
if command -v clang-16 >/dev/null 2>&1; then
  cat Sources/CGPUKernels/hw_gpu.h Sources/CGPUKernels/probes.cl >"$folder/probes.cl"
  while IFS='|' read -r target options probe instruction least; do
    [ -n "$target" ] || continue
    # The options are words.
    # shellcheck disable=SC2086
    clang-16 -x cl -cl-std=CL1.2 -Xclang -finclude-default-header -target "$target" $options -nogpulib -O3 -S \
      -o "$folder/probes.s" "$folder/probes.cl"
    count=$(awk -v probe="$probe:" -v instruction="$instruction" \
      '$1 == probe { inside = 1 } /s_endpgm|retq/ { inside = 0 } inside && $1 == instruction { n++ } END { print n + 0 }' \
      "$folder/probes.s")
    if [ "$count" -ge "$least" ]; then
      passed=$((passed + 1))
    else
      say "$probe for $target $options has $count $instruction, and $least are counted"
      failed=$((failed + 1)) status=1
    fi
  done <<<"$probes"
else
  not_run "what compilers make of the probes of a device's rates" "needs the package clang-16"
fi

if command -v clang-16 >/dev/null 2>&1 && [ -e /usr/lib/clc/nvptx64--nvidiacl.bc ]; then
  if Benchmarks/gpu/ptx.sh "$folder/images"; then passed=$((passed + 1)); else failed=$((failed + 1)) status=1; fi
else
  not_run "GPU kernels as PTX" "needs the packages clang-16 and libclc-16"
fi
say "$passed passed, $failed failed"
exit "$status"
