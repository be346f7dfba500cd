#!/usr/bin/env bash
# Prints what a measuring run found as a table: Benchmarks/gpu/table.sh RESULT.json...
# One row for each kind of window, shape, group size and number of hashes in work: how many windows, the lowest and the
# highest rate, and of windows long enough for it the power by the board's energy counter.
set -euo pipefail

awk '
function text(name,   s) { if (!match($0, "\"" name "\": \"[^\"]*\"")) return ""; s = substr($0, RSTART, RLENGTH); sub(/^[^:]*: "/, "", s); sub(/"$/, "", s); return s }
function number(name,   s) { if (!match($0, "\"" name "\": [-0-9.e+]+")) return ""; s = substr($0, RSTART, RLENGTH); sub(/^[^:]*: /, "", s); return s + 0 }
/"route":/ { route = text("route"); device = text("name") }
/"kind": "probe"/ {
  rate = number("operations_per_s"); unit = "G/s"
  if (rate == "") { rate = number("bytes_per_s"); unit = "GB/s" }
  probes = probes sprintf("| %s | %s | %.0f %s |\n", route, text("probe"), rate / 1e9, unit)
}
/"rate_per_s":/ {
  kind = text("kind"); if (kind == "tuning") kind = "shape"
  key = sprintf("| %s | %s | %s | %s | %d | %d |", route, kind, text("algorithm"), text("shape"), number("group"), number("slots"))
  rate = number("rate_per_s") / 1e6
  if (!(key in count)) order[++keys] = key
  count[key]++
  if (count[key] == 1 || rate < low[key]) low[key] = rate
  if (rate > high[key]) high[key] = rate
  if (number("counter_s") > 0) { joules[key] += number("counter_j"); seconds[key] += number("counter_s"); clock[key] = number("sm_mhz") }
}
END {
  print "| route | probe | rate |\n|---|---|---|"; printf "%s\n", probes
  print "| route | kind | algorithm | shape | group | slots | windows | MH/s | W | MHz |\n|---|---|---|---|---|---|---|---|---|---|"
  for (i = 1; i <= keys; i++) {
    k = order[i]; form = (high[k] < 100) ? "%.3f" : "%.0f"; rate = sprintf(form, low[k]); watts = ""; clocks = ""
    if (count[k] > 1) rate = rate " to " sprintf(form, high[k])
    if (seconds[k] > 0) { watts = sprintf("%.0f", joules[k] / seconds[k]); clocks = sprintf("%.0f", clock[k]) }
    printf("%s %d | %s | %s | %s |\n", k, count[k], rate, watts, clocks)
  }
}' "$@"
