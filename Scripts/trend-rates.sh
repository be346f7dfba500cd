#!/usr/bin/env bash
# How often the change points of `trend` are false, and what they find, in simulated series.
#
# usage: Scripts/trend-rates.sh [RUNS]     RUNS: simulated series of each kind, 2,000 unless given
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

sources=()
for name in ChangePoints SplitMix64 Descriptive; do
  sources+=("Sources/Statistics/$name.swift")
done
mkdir -p "$build"
# The very functions of the program, compiled without the rest of it.
swiftc -O -swift-version 6 -package-name hashwatt -module-name trends "${sources[@]}" Sources/Text/DecimalText.swift \
  Benchmarks/trend/main.swift -o "$build/trend-rates"
"$build/trend-rates" "$@"
