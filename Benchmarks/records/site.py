#!/usr/bin/env python3
"""Builds a leaderboard of many made-up profiles, and measures it: time, sizes, what is written again, loading in Chromium.

usage: site.py HASHWATT PROFILES [--count N] [--rounds N]

The profiles are those of the folder over and over, with a number behind name and identifier and with rates that differ by
some parts in a thousand, so that no two share a place.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Browser"))


def scaled(claim, factor):
    """A claim with another rate, its joules with it."""
    if "rate_per_s" in claim:
        claim["rate_per_s"] *= factor
    if "joules_per_work" in claim:
        claim["joules_per_work"] /= factor


def profiles(source, folder, count):
    texts = [path.read_text() for path in sorted(source.glob("*/*.json"))
             if path.parent.name not in ("schema", "chains")]
    for number in range(count):
        profile = json.loads(texts[number % len(texts)])
        profile["hardware_id"] += f"-{number}"
        profile["name"] += f" no. {number}"
        for claim in profile.get("published", []):
            scaled(claim, 1 + (number // len(texts)) * 1e-5)
        (folder / f"{number:06}.json").write_text(json.dumps(profile))


def timed(command):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)}: failed")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def told(times):
    walls = [wall for wall, _, _ in times]
    return (f"{statistics.median(walls):.2f} s ({min(walls):.2f} to {max(walls):.2f}), "
            f"{statistics.median(used for _, used, _ in times):.2f} s of processors, "
            f"{max(memory for _, _, memory in times):.0f} MiB")


def pages(site):
    return {str(path.relative_to(site)): path.stat() for path in site.rglob("*") if path.is_file()}


def loads(site, names, rounds):
    import check_pages

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("loading in a browser: not measured, Chromium is not installed")
        return
    with tempfile.TemporaryDirectory() as profile:
        browser = check_pages.Browser(chromium, profile)
        browser.open(site / names[0], 1280, 900, "light")
        for name in names:
            times = []
            for _ in range(rounds):
                start = time.monotonic()
                browser.open(site / name, 1280, 900, "light")
                browser.value("document.body.getBoundingClientRect().height")
                times.append(time.monotonic() - start)
            print(f"loading {name}: {statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})")
        search = """(() => { const box = document.getElementById('search'); const begin = performance.now();
            box.value = 'no. 77'; box.dispatchEvent(new Event('input'));
            document.body.getBoundingClientRect(); return performance.now() - begin; })()"""
        found = "document.getElementById('count').textContent"
        if "search.html" in names:
            browser.open(site / "search.html", 1280, 900, "light")
            milliseconds = [browser.value(search) for _ in range(rounds)]
            print(f"searching search.html: {statistics.median(milliseconds):.0f} ms, {browser.value(found)}")
        browser.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hashwatt", type=pathlib.Path)
    parser.add_argument("profiles", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    program = str(options.hashwatt.resolve())
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary) / "profiles"
        site = pathlib.Path(temporary) / "site"
        folder.mkdir()
        profiles(options.profiles, folder, options.count)
        time.sleep(2.5)
        build = [program, "site", str(folder), "--output", str(site)]
        table = [program, "table", str(folder), "--format", "csv"]
        rows = len(subprocess.run(table, check=True, stdout=subprocess.PIPE).stdout.splitlines()) - 1
        print(f"{options.count} profiles, {rows} rows of a table")
        print(f"table, all rows as text: {told([timed([program, 'table', str(folder)]) for _ in range(options.rounds)])}")
        first = []
        for _ in range(options.rounds):
            shutil.rmtree(site, ignore_errors=True)
            first.append(timed(build))
        print(f"site, the first time: {told(first)}")
        before = pages(site)
        print(f"site, nothing changed: {told([timed(build) for _ in range(options.rounds)])}")
        same = pages(site)
        print(f"  written again: {sum(same[name].st_ino != before[name].st_ino for name in same)} of {len(same)} files")

        changed = next(path for path in sorted(folder.iterdir())[options.count // 2:] if "published" in path.read_text())
        profile = json.loads(changed.read_text())
        for claim in profile["published"]:
            scaled(claim, 1 + 1e-7)
        changed.write_text(json.dumps(profile))
        print(f"site, a profile changed: {told([timed(build)])}")
        after = pages(site)
        print(f"  written again: {sum(after[name].st_ino != same[name].st_ino for name in after)} of {len(after)} files")

        sizes = {name: status.st_size for name, status in after.items() if name.endswith(".html")}
        devices = [size for name, size in sizes.items() if name.startswith("devices/")]
        tables = {name: size for name, size in sizes.items() if name.startswith("table-")}
        print(f"index.html: {sizes['index.html'] / 1e3:.0f} kB")
        names = ["index.html"]
        if tables:
            largest = max(tables, key=tables.get)
            names += [largest, "devices.html", "search.html"]
            print(f"{len(tables)} pages of tables, the largest {tables[largest] / 1e3:.0f} kB")
            lists = sum(name.startswith("devices") and "/" not in name for name in sizes)
            print(f"{lists} pages of names, devices.html {sizes['devices.html'] / 1e3:.0f} kB; search.html: {sizes['search.html'] / 1e3:.0f} kB")
        print(f"{len(devices)} pages of devices, {statistics.median(devices) / 1e3:.1f} kB, the largest {max(devices) / 1e3:.1f} kB")
        loads(site, names, max(5, options.rounds))


if __name__ == "__main__":
    main()
