#!/usr/bin/env python3
"""Times commands over many results with an index beside them and without.

usage: index.py HASHWATT RESULT [--rows N] [--rounds N]

Copies of the result that differ in their start are made in a temporary folder, until they have so many rows. The
median, the least and the greatest wall time are printed, and the processors' time.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def timed(command, rounds):
    seconds = []
    used = []
    for _ in range(rounds):
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.monotonic() - start)
        used.append(usage.ru_utime + usage.ru_stime)
        if status != 0:
            raise SystemExit(f"{' '.join(command)}: failed")
    spread = f"({min(seconds):.3f} to {max(seconds):.3f})"
    return f"{statistics.median(seconds):.3f} s {spread}, {statistics.median(used):.3f} s of processors"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hashwatt", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    program = str(options.hashwatt.resolve())
    rows = len(output([program, "table", str(options.result), "--format", "csv"]).splitlines()) - 1
    count = -(-options.rows // rows)
    text = options.result.read_text()
    start = json.loads(text)["started_unix_s"]
    wanted = f'"started_unix_s": {start!r}'
    if text.count(wanted) != 1:
        raise SystemExit(f"{options.result}: {wanted} is not there exactly once")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "results"
        folder.mkdir()
        for index in range(count):
            (folder / f"{index:06}.json").write_text(text.replace(wanted, f'"started_unix_s": {start + index!r}'))
        # What is younger is not remembered.
        time.sleep(2.5)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"{count} results of {rows} rows each, {count * rows} rows, {size:.0f} MB")
        table = [program, "table", str(folder), "--format", "csv"]
        without = output(table + ["--no-index"])
        print(f"table without an index:        {timed(table + ['--no-index'], min(3, options.rounds))}")
        print(f"table that makes the index:    {timed(table, 1)}")
        size = (folder / ".hashwatt-index.sqlite").stat().st_size / 1e6
        print(f"table from the index, csv:     {timed(table, options.rounds)}; the index has {size:.1f} MB")
        if output(table) != without:
            raise SystemExit("the index gives another table")
        best = [program, "table", str(folder), "--algorithm", "sha256d", "--grade", "R3"]
        print(f"table from the index, no row:  {timed(best, options.rounds)}")
        print(f"trend without an index:        {timed([program, 'trend', str(folder), '--no-index'], 1)}")
        print(f"trend from the index:          {timed([program, 'trend', str(folder)], min(3, options.rounds))}")


if __name__ == "__main__":
    main()
