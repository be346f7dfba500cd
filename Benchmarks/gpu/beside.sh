#!/usr/bin/env bash
# Prints our rates beside hashcat's of the same turns: Benchmarks/gpu/beside.sh FOLDER
# FOLDER holds turnN-ALGORITHM.json, and hashcat.txt with one line of hashcat for each of its turns, all of one call of compare.sh.
set -euo pipefail

python3 - "${1:?usage: Benchmarks/gpu/beside.sh FOLDER}" <<'PYTHON'
import json, pathlib, re, sys

folder = pathlib.Path(sys.argv[1])
units = {"H/s": 1.0, "kH/s": 1e3, "MH/s": 1e6, "GH/s": 1e9}
theirs = {}
for line in (folder / "hashcat.txt").read_text().splitlines():
    found = re.match(r"hashcat-(\d)-([\w-]+): Speed.*?:\s*([\d.]+) ([kMG]?H/s)", line)
    if not found:
        sys.exit(f"beside: hashcat.txt: not a line of its speed: {line}")
    turn, mode, rate, unit = found.groups()
    theirs[turn, mode] = float(rate) * units[unit]
print("| algorithm | turn | ours, MH/s | W | hashcat mode | its MH/s | ratio |\n|---|---|---|---|---|---|---|")
for algorithm, mode in [("sha256d", "1400"), ("keccak256", "17800"), ("scrypt", "8900")]:
    for turn in "12":
        record = json.loads((folder / f"turn{turn}-{algorithm}.json").read_text())["records"][-1]
        ours, watts = record["rate_per_s"], record["counter_j"] / record["counter_s"]
        other = theirs[turn, mode]
        digits = 3 if ours < 1e8 else 0
        print(f"| {record['algorithm']} | {turn} | {ours / 1e6:.{digits}f} | {watts:.0f} | {mode} "
              f"| {other / 1e6:.{digits}f} | {ours / other:.3f} |")
PYTHON
