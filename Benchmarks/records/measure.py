#!/usr/bin/env python3
"""Times `table` and `site` over many files: results that differ in their start, and profiles with other names.

usage: measure.py HASHWATT RESULT PROFILES [--count N] [--rounds N]

The copies are made in a temporary folder; the median, the least and the greatest wall time are printed, and
the most memory.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time


def copies_of_result(source, folder, count):
    text = source.read_text()
    start = json.loads(text)["started_unix_s"]
    wanted = f'"started_unix_s": {start!r}'
    if text.count(wanted) != 1:
        raise SystemExit(f"{source}: {wanted} is not there exactly once")
    for index in range(count):
        changed = text.replace(wanted, f'"started_unix_s": {start + index!r}')
        (folder / f"{index:05}.json").write_text(changed)


def copies_of_profiles(sources, folder, count):
    texts = [path.read_text() for path in sorted(sources.glob("*/*.json")) if path.parent.name != "schema"]
    for index in range(count):
        text = texts[index % len(texts)]
        name = json.loads(text)["hardware_id"]
        changed = text.replace(f'"hardware_id": "{name}"', f'"hardware_id": "{name}-{index}"')
        (folder / f"{index:05}.json").write_text(changed)


def timed(command, rounds):
    """Wall time, and the most memory that one of the rounds held."""
    seconds = []
    kilobytes = 0
    for _ in range(rounds):
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.monotonic() - start)
        kilobytes = max(kilobytes, usage.ru_maxrss)
        if status != 0:
            raise SystemExit(f"{' '.join(command)}: failed")
    spread = f"({min(seconds):.2f} to {max(seconds):.2f})"
    return f"{statistics.median(seconds):.2f} s {spread}, {kilobytes / 1024:.0f} MiB"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hashwatt", type=pathlib.Path)
    parser.add_argument("result", type=pathlib.Path)
    parser.add_argument("profiles", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = str(options.hashwatt.resolve())
    with tempfile.TemporaryDirectory() as temporary:
        base = pathlib.Path(temporary)
        for name, make, source in [
            ("results", copies_of_result, options.result),
            ("profiles", copies_of_profiles, options.profiles),
        ]:
            folder = base / name
            folder.mkdir()
            make(source, folder, options.count)
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            print(f"{options.count} {name}, {size:.0f} MB")
            print(f"  table: {timed([program, 'table', str(folder)], options.rounds)}")
            site = str(base / f"site-{name}")
            print(f"  site:  {timed([program, 'site', str(folder), '--output', site], options.rounds)}")


if __name__ == "__main__":
    main()
