#!/usr/bin/env python3
"""Whether the kernels' code fits the caches of instructions on this machine: two tests that need a clock.

Usage: Benchmarks/kernels/layout.py [--launches N] [--output FILE]

sections: each section of the sha256d kernels of sha256d_streams.h alone in a loop, and the whole, which may take 10 percent
more than its sections together. luck: the bench program is started N times (20 unless told); the best speeds of each kernel
over its launches must lie within 6 percent, in cycles per hash by CPU time, as code whose speed depends on its place in memory
does not. A busy machine fails both; it cannot pass them by being busy. Exits with 1 if a kernel fails.
"""

import argparse
import collections
import pathlib
import statistics
import subprocess
import sys

import measure

# The kernels of sha256d_streams.h, by their parameters: features, lanes, streams, partial words.
STREAMS = {
    "avx512-2x16": ("AVX512", 16, 2, 1),
    "avx2-2x8": ("AVX2", 8, 2, 0),
    "avx2-1x8": ("AVX2", 8, 1, 1),
}


def sections(objects, kernel):
    features, lanes, streams, partial = STREAMS[kernel]
    name = measure.FOLDER / ("sections-" + kernel)
    options = [f"-DHW_SECTIONS_FEATURES=HW_FEATURES_{features}", f"-DHW_LANES={lanes}"]
    options += [f"-DHW_STREAMS={streams}", f"-DHW_PARTIAL={partial}"]
    if features == "AVX512":
        options.append("-DHW_SECTIONS_AVX512")
    source = measure.HERE / "sections.c"
    subprocess.run([measure.clang(), *measure.FLAGS, *options, "-c", source, "-o", f"{name}.o"], check=True)
    others = [o for o in objects if pathlib.Path(o).stem != "bench"]
    subprocess.run([measure.clang(), f"{name}.o", *others, "-o", name], check=True)
    rows = [line.split() for line in measure.lines([str(name)])]
    parts = [(row[1], int(row[2]), float(row[3])) for row in rows if row[0] == "section"]
    whole = next(float(row[1]) for row in rows if row[0] == "whole")
    return parts, whole


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--launches", type=int, default=20)
    parser.add_argument("--output", type=pathlib.Path)
    arguments = parser.parse_args()
    program, objects = measure.build()
    raw, failed = [], 0

    runnable = {line.split(",")[2] for line in measure.lines([program, "sha256d", "1", "1", "1"])}
    print("| sections of sha256d | sum of sections | whole | more |\n|---|---|---|---|")
    for kernel in STREAMS:
        if kernel not in runnable:
            continue
        parts, whole = sections(objects, kernel)
        raw += [f"section,{kernel},{name},{times},{cycles}" for name, times, cycles in parts]
        raw.append(f"whole,{kernel},{whole}")
        total = sum(times * cycles for _, times, cycles in parts)
        more = 100 * (whole / total - 1)
        failed += more > 10
        print(f"| {kernel} | {total:.0f} cycles | {whole:.0f} cycles | {more:+.1f} % |")

    best = collections.defaultdict(list)
    for launch in range(arguments.launches):
        for algorithm in measure.ALGORITHMS:
            found = collections.defaultdict(list)
            milliseconds = "40" if algorithm.startswith("scrypt") else "4"
            for line in measure.lines([program, algorithm, "12", milliseconds, "1"]):
                _, name, kernel, _, hashes, _, cpu, clock = line.split(",")
                found[name, kernel].append(int(cpu) * int(clock) / 1e6 / int(hashes))
            for key, values in found.items():
                best[key].append(min(values))
                raw.append(f"launch,{launch},{key[0]},{key[1]},{min(values):.2f}")
    print(f"\n| best of each of {arguments.launches} launches | least cycles | median | spread |\n|---|---|---|---|")
    for (algorithm, kernel), values in best.items():
        spread = 100 * (max(values) / min(values) - 1)
        failed += spread > 6
        print(f"| {algorithm} {kernel} | {min(values):.1f} | {statistics.median(values):.1f} | {spread:.1f} % |")
    if arguments.output:
        arguments.output.write_text("\n".join(raw) + "\n")
    sys.exit(failed != 0)


main()
