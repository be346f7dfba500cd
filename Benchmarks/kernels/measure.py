#!/usr/bin/env python3
"""Times all kernels of this machine, beside another program if one is named, in alternating rounds.

Usage: Benchmarks/kernels/measure.py [--rounds N] [--milliseconds N] [--threads N] [--output FILE]
                                     [--cpu-time] [--peer LABEL=COMMAND]... [--peer-word ALGORITHM=WORD]...

With --cpu-time our rates are per second of CPU time, for a machine that is busy with other things; a peer must then be
told to measure so too. A peer's command may hold {algorithm} and {threads}; its rate is the last number before "H/s" that it prints. Each round
runs every kernel once and then every peer once, one after the other. Builds bench.c with the toolchain's clang and the
flags of a release build. Appends raw lines to FILE and prints medians, spreads, the bound by operation counts, and the
ratio to each peer.
"""

import argparse
import collections
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
ALGORITHMS = ["sha256d", "scrypt-1024-1-1", "keccak256"]
UNITS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9}


def clang():
    if os.environ.get("CLANG"):
        return os.environ["CLANG"]
    swift = shutil.which("swift")
    if swift is None:
        sys.exit("measure: no Swift toolchain on PATH; set CLANG to a clang")
    return str(pathlib.Path(swift).resolve().parent / "clang")


FOLDER = PROJECT / ".build" / "kernels" / "bench"
KERNELS = PROJECT / "Sources" / "CKernels"
FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-O2", "-g", "-fno-omit-frame-pointer", "-fPIC"]
FLAGS += [f"-I{KERNELS / name}" for name in ("include", "common", "")]


def build():
    """The program of all kernels, and the objects that it is made of."""
    folder, kernels, flags = FOLDER, KERNELS, FLAGS
    folder.mkdir(parents=True, exist_ok=True)
    objects = []
    headers = max(path.stat().st_mtime for path in kernels.rglob("*.h"))
    for source in sorted(kernels.rglob("*.c")) + [HERE / "bench.c"]:
        target = folder / (source.stem + ".o")
        newest = max(headers, source.stat().st_mtime)
        if not target.exists() or target.stat().st_mtime < newest:
            subprocess.run([clang(), *flags, "-c", str(source), "-o", str(target)], check=True)
        objects.append(str(target))
    program = folder / "bench"
    subprocess.run([clang(), *objects, "-lpthread", "-o", str(program)], check=True)
    return str(program), objects


def lines(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def peer_rate(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True, errors="replace")
    found = re.findall(r"([0-9]+(?:\.[0-9]+)?) ([kMG]?)H/s", done.stdout.replace("\r", "\n"))
    if not found:
        sys.exit(f"measure: no rate in the output of: {command}")
    return float(found[-1][0]) * UNITS[found[-1][1]]


def spread(values):
    return 100 * (max(values) - min(values)) / statistics.median(values)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--milliseconds", type=int, default=500)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cpu-time", action="store_true")
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--algorithm", action="append", choices=ALGORITHMS)
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--peer-word", action="append", default=[])
    arguments = parser.parse_args()
    words = dict(word.split("=", 1) for word in arguments.peer_word)
    peers = dict(peer.split("=", 1) for peer in arguments.peer)

    program, _ = build()
    raw = []
    bounds = {}
    for line in lines([program, "roofline"]):
        raw.append(line)
        fields = line.split(",")
        if fields[0] == "bound":
            bounds[fields[1], fields[2]] = float(fields[3])
    rates = collections.defaultdict(list)
    cycles = collections.defaultdict(list)
    for algorithm in arguments.algorithm or ALGORITHMS:
        for number in range(arguments.rounds):
            command = [program, algorithm, "1", str(arguments.milliseconds), str(arguments.threads)]
            for line in lines(command):
                _, name, kernel, threads, hashes, wall, cpu, clock = line.split(",")
                raw.append(f"{number},{name},{kernel},{threads},{hashes},{wall},{cpu},{clock}")
                taken = int(cpu) / int(threads) if arguments.cpu_time else int(wall)
                rates[name, kernel].append(int(hashes) / taken * 1e9)
                cycles[name, kernel].append(int(cpu) * int(clock) / 1e6 / int(hashes))
            for label, template in peers.items():
                word = words.get(algorithm, algorithm)
                rate = peer_rate(template.format(algorithm=word, threads=arguments.threads))
                raw.append(f"{number},{algorithm},peer:{label},{arguments.threads},{rate:.0f} H/s")
                rates[algorithm, "peer:" + label].append(rate)
    if arguments.output:
        arguments.output.write_text("\n".join(raw) + "\n")

    for algorithm in arguments.algorithm or ALGORITHMS:
        print(f"\n{algorithm}, threads {arguments.threads}, rounds {arguments.rounds}")
        header = f"| {'kernel':<20} | {'kH/s':>10} | {'spread %':>8} | {'cycles':>9} | {'bound':>8} | {'of bound':>8} |"
        print(header + "".join(f" x {label} |" for label in peers))
        print("|" + "|".join("-" * (len(part)) for part in header.split("|")[1:-1]) + "|" + "".join("-" * (len(label) + 4) + "|" for label in peers))
        for (name, kernel), values in rates.items():
            if name != algorithm:
                continue
            median = statistics.median(values)
            row = f"| {kernel:<20} | {median / 1e3:>10.2f} | {spread(values):>8.1f} |"
            if (name, kernel) in cycles:
                used = statistics.median(cycles[name, kernel])
                bound = bounds.get((name, kernel))
                row += f" {used:>9.1f} |"
                row += f" {bound:>8.1f} | {100 * bound / used:>6.1f} % |" if bound else f" {'-':>8} | {'-':>8} |"
            else:
                row += f" {'-':>9} | {'-':>8} | {'-':>8} |"
            for label in peers:
                other = statistics.median(rates[algorithm, "peer:" + label])
                row += f" {median / other:>{len(label) + 2}.2f} |"
            print(row)


if __name__ == "__main__":
    main()
