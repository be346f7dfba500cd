#!/usr/bin/env python3
"""What reading the meters costs: `Benchmarks/metering/measure.py BUILD-FOLDER [PAIRS]`.

Runs hashwatt on a simulated machine, once with the counter (guard thread at 1 Hz) and once with --meter none, in
pairs of alternating order. Two numbers come out:

  cpu   CPU time of the meters' threads over the wall time of the run, from /proc/PID/task/*/schedstat: exact, and
        not disturbed by what else runs;
  rate  median over the pairs of the throughput's difference: includes every indirect cost, and all noise.

The raw numbers are printed as JSON lines before the summary.
"""
import json, os, statistics, subprocess, sys, tempfile, time

build = os.path.abspath(sys.argv[1])
pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
window = 4.0


def schedule(pid):
    """CPU nanoseconds of each thread."""
    times = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                times[task] = int(file.read().split()[0])
        except OSError:
            pass
    return times


def run(machine, meter):
    with tempfile.TemporaryDirectory() as folder:
        words = [f"{build}/hashwatt", "run", "--algorithm", "sha256d", "--threads", "1", "--kernel", "portable",
                 "--warmup", "0.5", "--window", str(window), "--repeats", "1", "--idle", "0", "--sysroot", machine,
                 "--meter", meter, "--format", "json"]
        process = subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(2.5)
        first, began = schedule(process.pid), time.monotonic()
        time.sleep(2.5)
        last, ended = schedule(process.pid), time.monotonic()
        document = json.loads(process.communicate()[0])
    # The worker is the busiest thread, the main thread the one that is named after the process.
    used = {task: last[task] - first[task] for task in last if task in first}
    worker = max(used, key=used.get)
    meters = sum(spent for task, spent in used.items() if task not in (worker, str(process.pid)))
    rates = [sample["rate_per_s"] for sample in document["samples"] if sample["kind"] == "load"]
    guard = [check["message"] for check in document["checks"] if check["name"] == "meter-guard"]
    return {"meter": meter, "rate_hps": rates[0], "threads_cpu": meters * 1e-9 / (ended - began), "where": guard}


with tempfile.TemporaryDirectory() as machine:
    simulation = subprocess.Popen([f"{build}/simulated-machine", "one-package", machine, "1"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    simulation.stdout.readline()
    differences, cpu = [], []
    for pair in range(pairs):
        order = ["powercap", "none"] if pair % 2 == 0 else ["none", "powercap"]
        results = {meter: run(machine, meter) for meter in order}
        for meter in order:
            print(json.dumps(results[meter]))
        differences.append(results["powercap"]["rate_hps"] / results["none"]["rate_hps"] - 1)
        cpu.append(results["powercap"]["threads_cpu"])
    simulation.stdin.close()
    simulation.wait()

print(f"cpu: the guard thread takes {statistics.median(cpu) * 100:.4f} % of one CPU (median of {pairs})")
spread = (max(differences) - min(differences)) * 50
print(f"rate: with the guard {statistics.median(differences) * 100:+.3f} % (median of {pairs} pairs, half range {spread:.3f} %)")
