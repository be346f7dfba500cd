#!/usr/bin/env bash
# Compares the time of `hashwatt detect` with that of `lspci -nn` and `lstopo` together, in alternating pairs.
#
# usage: Benchmarks/detect/run.sh [PAIRS] [PROGRAM]     raw output: one line a pair, milliseconds
set -euo pipefail

pairs=${1:-20}
program=${2:-.build/release/hashwatt}
lstopo=$(command -v lstopo-no-graphics || command -v lstopo)
command -v lspci >/dev/null

milliseconds() {
  local start=$EPOCHREALTIME end
  "$@" >/dev/null 2>&1
  end=$EPOCHREALTIME
  awk -v a="$start" -v b="$end" 'BEGIN { printf "%.1f", (b - a) * 1000 }'
}
theirs() { lspci -nn && "$lstopo" --of console; }

milliseconds "$program" detect >/dev/null
milliseconds theirs >/dev/null
echo "# detect_ms lspci_lstopo_ms difference_ms"
for ((pair = 0; pair < pairs; pair++)); do
  # The order alternates, so that drift falls on both.
  if ((pair % 2)); then
    b=$(milliseconds theirs)
    a=$(milliseconds "$program" detect)
  else
    a=$(milliseconds "$program" detect)
    b=$(milliseconds theirs)
  fi
  awk -v a="$a" -v b="$b" 'BEGIN { printf "%.1f %.1f %.1f\n", a, b, a - b }'
done | tee /dev/stderr | sort -n -k3 | awk '{ d[NR] = $3 } END { printf "# median difference %.1f ms of %d pairs\n", d[int((NR + 1) / 2)], NR }'
