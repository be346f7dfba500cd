#!/usr/bin/env bash
# Proves and measures every GPU shape of this machine's first card on all routes, in under five minutes.
#
# usage: Benchmarks/gpu/measure.sh OUT
#   MEASURE  the program, when it was built elsewhere (Benchmarks/gpu/build.sh); otherwise it is built here
#   IMAGES   a folder of PTX (Benchmarks/gpu/ptx.sh), when it was made elsewhere; otherwise it is made if clang 16 is here
#   BUDGET   seconds for the main route: 110
source "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/common.sh"

out=$(mkdir -p "${1:?usage: Benchmarks/gpu/measure.sh OUT}" && cd "$1" && pwd)
budget=${BUDGET-110}
if [ -z "${MEASURE-}" ]; then
  Benchmarks/gpu/build.sh "$build/gpu/measure"
  MEASURE=$build/gpu/measure
fi
if [ -z "${IMAGES-}" ] && command -v clang-16 >/dev/null 2>&1; then
  Benchmarks/gpu/ptx.sh "$build/gpu/images"
  IMAGES=$build/gpu/images
fi

facts() {
  nvidia-smi -q || say "no nvidia-smi"
  say "--- libraries"
  ldconfig -p | grep -E 'libOpenCL|libnvidia-opencl|libcuda\.|libnvrtc|libnvidia-ml' || true
  find / \( -path /proc -o -path /sys \) -prune -o -name 'libnvrtc.so*' -print 2>/dev/null || true
  say "--- ICD files"
  grep -H . /etc/OpenCL/vendors/* 2>/dev/null || say none
}
facts >"$out/facts.txt" 2>&1

# NVRTC looks for its builtins on the library path.
nvrtc=${HASHWATT_NVRTC_LIBRARY-$(sed -nE 's/^(\/.*\/libnvrtc\.so\.1[0-9])$/\1/p' "$out/facts.txt" | sed -n 1p)}
if [ -n "$nvrtc" ]; then
  export HASHWATT_NVRTC_LIBRARY=$nvrtc
  LD_LIBRARY_PATH=$(dirname "$nvrtc")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
fi

# The OpenCL loader, or the vendor's library without it.
opencl=opencl
"$MEASURE" opencl "$out" --prove-only --no-probes --algorithm none >"$out/opencl.check.txt" 2>&1 || opencl='opencl-vendor'

routes=("$opencl" nvrtc)
images=()
if [ -n "${IMAGES-}" ]; then
  routes+=(ptx)
  images=(--images "$IMAGES")
fi

# route_arguments ROUTE: what only one route takes.
route_arguments() { [ "$1" != ptx ] || printf '%s\n' "${images[@]}"; }

say "== proofs, all routes at once"
mkdir -p "$out/proofs"
pids=()
for route in "${routes[@]}"; do
  mapfile -t extra < <(route_arguments "$route")
  timeout 110 "$MEASURE" "$route" "$out/proofs" --prove-only --no-probes "${extra[@]}" >"$out/proofs/$route.txt" 2>&1 &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || true; done
for route in "${routes[@]}"; do
  sed -n 1p "$out/proofs/$route.txt"
  grep -E 'FAILED|cannot|no image|WRONG|passed|not available' "$out/proofs/$route.txt" | head -n 12 || true
done

main=nvrtc
[ -z "${IMAGES-}" ] || main=ptx
say "== measured: $main"
mapfile -t extra < <(route_arguments "$main")
timeout $((budget + 60)) "$MEASURE" "$main" "$out" --measure-only --window 3 --budget "$budget" "${extra[@]}" || say "exit $?"
for route in "${routes[@]}"; do
  [ "$route" != "$main" ] || continue
  say "== measured: $route, shapes only"
  timeout 70 "$MEASURE" "$route" "$out" --measure-only --shapes-only --no-probes || say "exit $?"
done
