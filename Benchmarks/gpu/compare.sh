#!/usr/bin/env bash
# Proves the unrolled shapes, measures them side by side, then the best of each algorithm in turn with hashcat, in four
# minutes: what lies between two figures was measured in the same minute on the same card.
#
# usage: Benchmarks/gpu/compare.sh OUT
#   MEASURE, IMAGES  as for measure.sh, both needed here
#   HASHCAT          its program (6.2.6 or later) with its own folders; left out if it is empty
#   DEADLINE         seconds after which nothing more is started: 225
source "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/common.sh"

out=$(mkdir -p "${1:?usage: Benchmarks/gpu/compare.sh OUT}" && cd "$1" && pwd)
: "${MEASURE:?the program of Benchmarks/gpu/build.sh}" "${IMAGES:?the folder of Benchmarks/gpu/ptx.sh}"
deadline=${DEADLINE-225}
sha=plain,mul1,mul,late,late-mul1,late-mul2,late-mul3,late-mul
keccak=pairs,pairs-mul1,pairs-mul8
scrypt=lanes4-own-gap1,lanes4-gap1
all=$sha,$keccak,$scrypt

# left SECONDS: whether so many are left before the deadline.
left() { [ $((SECONDS + $1)) -le "$deadline" ] || { say "left out after $SECONDS s: ${2-}"; return 1; }; }

# NVIDIA's OpenCL is found also where the image lists only another platform.
mkdir -p "$out/vendors"
echo libnvidia-opencl.so.1 >"$out/vendors/nvidia.icd"
nvrtc=${HASHWATT_NVRTC_LIBRARY-$(find /usr/local/cuda*/ -name 'libnvrtc.so.1[0-9]' 2>/dev/null | sed -n 1p || true)}
if [ -n "$nvrtc" ]; then
  export HASHWATT_NVRTC_LIBRARY=$nvrtc
  LD_LIBRARY_PATH=$(dirname "$nvrtc")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
fi
nvidia-smi -q 2>/dev/null | grep -vE 'Serial|UUID|PDI|GUID' >"$out/facts.txt" || say "no nvidia-smi"

# run_route ROUTE FOLDER SECONDS ARGUMENT...: the program with what the route needs.
run_route() {
  local route=$1 folder=$out/$2 limit=$3 extra=()
  shift 3
  mkdir -p "$folder"
  [ "$route" != ptx ] || extra=(--images "$IMAGES")
  [[ $route != opencl* ]] || local -x OCL_ICD_VENDORS=$out/vendors
  timeout "$limit" "$MEASURE" "$route" "$folder" "${extra[@]}" "$@" || say "$route: exit $?"
}

# peer NAME SECONDS ARGUMENT...: one run of hashcat; prints its last rate.
peer() {
  local name=$1 limit=$2
  shift 2
  timeout "$limit" "$HASHCAT" --session "$name" --potfile-disable --force "${peer_backend[@]}" "$@" >"$out/hashcat-$name.txt" 2>&1 || true
  say "  hashcat $name: $(grep -E 'Speed\.#' "$out/hashcat-$name.txt" | tail -n 1)"
}
scrypt_hash='SCRYPT:1024:1:1:c2FsdHNhbHQ=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
peer_scrypt() { peer "$1" 22 -m 8900 --runtime 7 --status --status-timer 2 -w 4 -a 3 "${@:2}" "$scrypt_hash" '?b?b?b?b?b'; }

# Its kernels are compiled meanwhile; what it measures meanwhile is not kept.
peer_backend=(--backend-ignore-opencl)
if [ -n "${HASHCAT-}" ]; then
  timeout 20 "$HASHCAT" -I >"$out/hashcat-devices.txt" 2>&1 || true
  grep -q 'CUDA Info' "$out/hashcat-devices.txt" || {
    peer_backend=()
    export OCL_ICD_VENDORS=$out/vendors
    say "hashcat finds no CUDA: by OpenCL"
  }
  warm=()
  (peer warm-1400 45 -b -m 1400 -O >/dev/null; peer warm-17800 45 -b -m 17800 -O >/dev/null) & warm+=($!)
  peer_scrypt warm-8900 >/dev/null & warm+=($!)
fi

# The OpenCL loader, or the vendor's library without it.
opencl=opencl
OCL_ICD_VENDORS=$out/vendors "$MEASURE" opencl "$out" --prove-only --no-probes --algorithm none >"$out/opencl-check.txt" 2>&1 || opencl="opencl-vendor"

say "== proofs"
pids=()
for route in ptx nvrtc "$opencl"; do
  run_route "$route" "proofs" 60 --prove-only --no-probes --shape "$all" >"$out/proofs-$route.txt" 2>&1 & pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || true; done
for route in ptx nvrtc "$opencl"; do
  sed -n 1p "$out/proofs-$route.txt"
  grep -E 'FAILED|cannot|no image|WRONG|passed|not available|exit' "$out/proofs-$route.txt" | head -n 12 || true
done
[ -z "${HASHCAT-}" ] || for pid in "${warm[@]}"; do wait "$pid" || true; done
say "after $SECONDS s"

say "== side by side: ptx"
run_route ptx shapes 75 --measure-only --compare 2 --groups 256,512 --window 0.5 --shape "$sha,$keccak"
say "== side by side: nvrtc"
run_route nvrtc shapes 30 --measure-only --no-probes --compare 1 --groups 512 --window 0.4 --shape "$sha"
# best ALGORITHM: shape and group with the highest mean, from what was just measured.
best() {
  sed -nE 's/.*"kind": "compare", "algorithm": "'"$1"'", "shape": "([^"]*)", "group": ([0-9]+),.*"rate_per_s": ([0-9.e+]+),.*/\1 \2 \3/p' "$out/shapes/ptx.json" |
    awk '{n[$1" "$2]++; s[$1" "$2]+=$3} END {for (k in n) if (s[k]/n[k] > m) {m = s[k]/n[k]; b = k} print b}'
}
read -r best_sha sha_group < <(best sha256d) || die "nothing was measured of sha256d"
read -r best_keccak keccak_group < <(best keccak256) || die "nothing was measured of keccak256"
say "best: sha256d $best_sha at $sha_group, keccak256 $best_keccak at $keccak_group; after $SECONDS s"

ours() {
  run_route ptx "turn$1-sha256d" 20 --measure-only --no-probes --compare 1 --window 5 --algorithm sha256d --shape "$best_sha" --groups "$sha_group"
  run_route ptx "turn$1-keccak256" 20 --measure-only --no-probes --compare 1 --window 5 --algorithm keccak256 --shape "$best_keccak" --groups "$keccak_group"
  run_route ptx "turn$1-scrypt" 20 --measure-only --no-probes --compare 1 --window 5 --shape lanes4-own-gap1 --groups 128
}
for turn in 1 2; do
  say "== turn $turn, after $SECONDS s"
  left 22 "turn $turn" || break
  ours "$turn" | grep compare || true
  [ -n "${HASHCAT-}" ] || continue
  workload=()
  [ "$turn" = 1 ] || workload=(-w 4)
  left 15 1400 && peer "$turn-1400" 30 -b -m 1400 -O "${workload[@]}"
  left 15 17800 && peer "$turn-17800" 30 -b -m 17800 -O "${workload[@]}"
  left 18 8900 && peer_scrypt "$turn-8900"
  [ "$turn" = 1 ] && left 18 "8900 tmto 1" && peer_scrypt "$turn-8900-tmto1" --scrypt-tmto 1
done

if left 14 "$opencl"; then
  say "== side by side: $opencl"
  run_route "$opencl" shapes 30 --measure-only --no-probes --compare 1 --groups 512 --window 0.4 --shape "plain,mul,late,$best_sha,pairs"
fi
say "ended after $SECONDS s"
