#!/usr/bin/env python3
"""Times 'hashwatt evaluate' over all sha256d claims, and over random futures; the least of several runs each.

usage: Benchmarks/economics/measure.py [PROGRAM]
"""
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

root = Path(__file__).resolve().parents[2]
program = sys.argv[1] if len(sys.argv) > 1 else str(root / ".build/release/hashwatt")
examples = root / "Documentation/examples"
network = ["--network", str(examples / "network-2026-05-30.json")]


def least(words, runs=7):
    times, used = [], []
    for _ in range(runs):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "evaluate", *words], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(time.perf_counter() - start)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return f"{min(times):.3f} s, {min(used):.3f} s of CPU time"


with tempfile.TemporaryDirectory() as folder:
    claims = 0
    for path in sorted((root / "profiles").glob("*/*.json")):
        if path.parent.name in ("schema", "chains"):
            continue
        profile = json.loads(path.read_text())
        mine = [c for c in profile.get("published", []) if c["algorithm"] == "sha256d"]
        if mine:
            claims += len(mine)
            shutil.copy(path, folder)
    took = least([folder, *network, "--at", "2026-05-31", "--tariff", "0.06", "--accept-low-confidence"])
    print(f"{claims} sha256d claims, ranked: {took}")
took = least([str(examples / "s21-in-a-farm.json"), *network, "--paths", "10000", "--format", "json"])
print(f"a report with 10000 random futures of 36 months: {took}")
