#!/usr/bin/env bash
# Measures the shapes of processors on PoCL, then the best of each algorithm in turn with hashcat on the same PoCL: hashes for
# each second of processor time. Start-up is out of both, because every figure is the difference of a long and a short run. Takes
# about five minutes, and wants a machine on which nothing else runs.
#
# usage: Benchmarks/gpu/pocl.sh OUT
#   MEASURE  the program of Benchmarks/gpu/build.sh, when it was built elsewhere; otherwise it is built here
#   HASHCAT  its program (6.2.6 or later) with its own folders; without it only ours is measured
#   ROUNDS   how often each pair is measured: 3
#   SHORT, LONG  seconds of the two runs: 2 and 8
source "$(dirname "${BASH_SOURCE[0]}")/../../Scripts/common.sh"

out=$(mkdir -p "${1:?usage: Benchmarks/gpu/pocl.sh OUT}" && cd "$1" && pwd)
rounds=${ROUNDS-3} short=${SHORT-2} long=${LONG-8}
if [ -z "${MEASURE-}" ]; then
  Benchmarks/gpu/build.sh "$build/gpu/measure"
  MEASURE=$build/gpu/measure
fi
export POCL_CACHE_DIR=${POCL_CACHE_DIR-$build/gpu/pocl}
mkdir -p "$POCL_CACHE_DIR"
{ date -u +%FT%TZ; uname -r; grep -m 1 'model name' /proc/cpuinfo; cat /proc/loadavg; } >"$out/facts.txt"

algorithms=(sha256d keccak256 scrypt-1024-1-1)
declare -A modes=([sha256d]=1400 [keccak256]=17800 [scrypt-1024-1-1]=8900)
# Hashes that no candidate has.
zeros=0000000000000000000000000000000000000000000000000000000000000000
declare -A wanted=([sha256d]=$zeros [keccak256]=$zeros
  [scrypt-1024-1-1]='SCRYPT:1024:1:1:c2FsdHNhbHQ=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')

# timed LOG COMMAND...: runs it and prints the seconds of processor time that it took.
timed() {
  local log=$1 TIMEFORMAT='%U %S'
  shift
  { time "$@" >"$log" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
}

# ours ALGORITHM SHAPE SECONDS: hashes and processor seconds.
ours() {
  local folder=$out/run seconds
  mkdir -p "$folder"
  seconds=$(timed "$folder/ours.txt" "$MEASURE" opencl "$folder" --measure-only --no-probes --compare 1 --groups 64 \
    --window "$3" --algorithm "$1" --shape "$2")
  say "$(sed -nE 's/.*"kind": "compare".*"hashes": ([0-9]+),.*/\1/p' "$folder/opencl.json") $seconds"
}

# theirs ALGORITHM SECONDS: the same of hashcat.
theirs() {
  local log=$out/run/hashcat.txt seconds
  # Its exit code says that it was stopped by its time.
  seconds=$(timed "$log" "$HASHCAT" --session pocl --potfile-disable --force -D 1 -m "${modes[$1]}" -O -w 3 -a 3 \
    --runtime "$2" --status --status-timer 1 "${wanted[$1]}" '?b?b?b?b?b' || true)
  say "$(sed -nE 's/^Progress\.*: ([0-9]+)\/.*/\1/p' "$log" | tail -n 1) $seconds"
}

say "== shapes"
mkdir -p "$out/shapes"
"$MEASURE" opencl "$out/shapes" --measure-only --no-probes --compare 2 --groups 64 --window 0.5 >"$out/shapes.txt"
# best ALGORITHM: its shape with the highest rate.
best() {
  sed -nE 's/.*"kind": "compare", "algorithm": "'"$1"'", "shape": "([^"]*)",.*"rate_per_s": ([0-9.e+]+),.*/\2 \1/p' \
    "$out/shapes/opencl.json" | sort -g | tail -n 1 | cut -d ' ' -f 2
}

if [ -n "${HASHCAT-}" ]; then
  say "== hashcat compiles its kernels"
  mkdir -p "$out/run"
  for algorithm in "${algorithms[@]}"; do theirs "$algorithm" 1 >/dev/null; done
fi
: >"$out/rounds.txt"
for round in $(seq "$rounds"); do
  for algorithm in "${algorithms[@]}"; do
    shape=$(best "$algorithm")
    line="$algorithm $shape $round $(ours "$algorithm" "$shape" "$short") $(ours "$algorithm" "$shape" "$long")"
    if [ -n "${HASHCAT-}" ]; then line+=" $(theirs "$algorithm" "$short") $(theirs "$algorithm" "$long")"; fi
    say "$line" >>"$out/rounds.txt"
    say "round $round: $algorithm after $SECONDS s"
  done
done
rm -rf "$out/run"
cat /proc/loadavg >>"$out/facts.txt"

# What is measured: hashes and processor seconds of the short and of the long run, ours and then hashcat's.
awk '
BEGIN { print "| algorithm | shape | round | ours, MH/s of CPU time | hashcat, MH/s of CPU time | ratio |\n|---|---|---|---|---|---|" }
{
  mine = ($6 - $4) / ($7 - $5) / 1e6; peer = ""; ratio = ""
  if (NF == 11) { other = ($10 - $8) / ($11 - $9) / 1e6; peer = sprintf("%.4g", other); ratio = sprintf("%.3f", mine / other) }
  printf("| %s | %s | %d | %.4g | %s | %s |\n", $1, $2, $3, mine, peer, ratio)
}' "$out/rounds.txt" | tee "$out/table.md"
