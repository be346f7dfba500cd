#!/usr/bin/env bash
# Simulates the table of Sources/Statistics/OutlierFactor+Table.swift, or with `power` what the rule finds.
#
# usage: Scripts/sister-limits.sh [RUNS] [power]     RUNS: simulated groups, 1,000,000 unless given
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

sources=()
for name in RobustScale OutlierFactor OutlierFactor+Table SplitMix64 Descriptive Distributions SpecialFunctions Intervals; do
  sources+=("Sources/Statistics/$name.swift")
done
mkdir -p "$build"
# The very functions of the program, compiled without the rest of it.
swiftc -O -swift-version 6 -package-name hashwatt -module-name sisters "${sources[@]}" Sources/Text/DecimalText.swift \
  Benchmarks/sisters/main.swift -o "$build/sister-limits"
"$build/sister-limits" "$@"
