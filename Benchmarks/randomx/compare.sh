#!/usr/bin/env bash
# Alternates hashwatt's librandomx-jit with a bare loop round the library, and prints hashes per second of each round.
#
# usage: Benchmarks/randomx/compare.sh PROGRAM ROUNDS [SECONDS] [LIBRARY]
set -euo pipefail

program=$(realpath "$1")
rounds=$2
seconds=${3-10}
library=${4-librandomx.so.0}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cc -std=c17 -O2 -Wall -Wextra -o "$folder/bare" "$here/bare.c" -ldl -lpthread
threads=$(nproc)

# Both prepare a dataset of their own for each round, so that neither profits from the other's pages.
for round in $(seq "$rounds"); do
  HASHWATT_RANDOMX=$library "$program" run --algorithm randomx --kernel librandomx-jit --threads "$threads" --meter none --warmup 3 \
    --window "$seconds" --repeats 1 --idle 0 --results "$folder/results-$round" --profiles "$folder/profiles" >/dev/null 2>&1 || true
  rate=$(grep -ho '"rate_per_s": *[0-9.]*' "$folder/results-$round"/*.json | sed -n 1p | tr -dc '0-9.')
  echo "round $round hashwatt $rate"
  "$folder/bare" "$threads" "$seconds" 2 "$library" | awk -v round="$round" '$1 != "prepared" { print "round " round " bare-" $1, $4 }'
done | tee "$folder/log"

awk '{ sum[$3] += $4; count[$3]++ }
  END { for (way in sum) printf "mean %s %.2f\n", way, sum[way] / count[way]
    for (way in sum) if (way != "hashwatt") printf "ratio hashwatt/%s %.4f\n", way, sum["hashwatt"] / sum[way] }' "$folder/log"
