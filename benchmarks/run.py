#!/usr/bin/python3
"""Times deterra as a user starts it and prints a table: whole processes, medians of several runs,
each with its peak memory. With --numpy the NumPy reference of the rare-earth game runs in between,
and the table gains the ratio of the two in the same run.

    scripts/build release && benchmarks/run.py [--runs 5] [--numpy] > benchmarks/RESULTS.md
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DETERRA = os.path.join(ROOT, "build", "release", "deterra")
REFERENCE = os.path.join(ROOT, "tests", "reference", "rare_earth.py")

CASES = [
    ("coarse, pure-nash", "coarse.cfg", ["--concept", "pure-nash"]),
    ("coarse, dominance", "coarse.cfg", ["--concept", "dominance"]),
    ("coarse, maximin", "coarse.cfg", ["--concept", "maximin"]),
    ("coarse, correlated (10 optima)", "coarse.cfg", ["--concept", "correlated"]),
    ("baseline, pure-nash, 1 thread", "baseline.cfg", ["--concept", "pure-nash", "--threads", "1"]),
    ("baseline, pure-nash, 2 threads", "baseline.cfg", ["--concept", "pure-nash", "--threads", "2"]),
    ("baseline, dominance, 2 threads", "baseline.cfg", ["--concept", "dominance", "--threads", "2"]),
    ("baseline, maximin, 2 threads", "baseline.cfg", ["--concept", "maximin", "--threads", "2"]),
]


def run(command):
    """Wall seconds and peak memory in MB of one process that must succeed."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("failed: " + " ".join(command))
    return seconds, usage.ru_maxrss / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each case (default 5)")
    parser.add_argument("--numpy", action="store_true", help="also time the NumPy reference")
    options = parser.parse_args()

    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if "model name" in line), "?")
    print("# Benchmarks\n")
    print("Made by `benchmarks/run.py %s` on %d cores of %s: whole processes, the median of %d runs"
          % (" ".join(sys.argv[1:]), os.cpu_count(), model, options.runs))
    print("(least to most in brackets). Compare ratios within one run; seconds depend on the machine.\n")
    print("| case | seconds | MB | NumPy, s | NumPy / deterra |")
    print("|:--|--:|--:|--:|--:|")
    for name, config, arguments in CASES:
        command = [DETERRA, "solve", "--quiet", os.path.join(ROOT, "configs", "rare_earth", config)]
        numpy = ["/usr/bin/python3", REFERENCE, config.split(".")[0]]
        compare = options.numpy and "pure-nash" in name
        times, other, memory = [], [], 0
        for k in range(options.runs):
            seconds, megabytes = run(command + arguments)
            times.append(seconds)
            memory = max(memory, megabytes)
            if compare and (k == 0 or other[0] < 30):  # one run of a slow reference is enough
                other.append(run(numpy)[0])
        median = statistics.median(times)
        peer = statistics.median(other) if other else None
        print("| %s | %.3g (%.3g–%.3g) | %.0f | %s | %s |" % (
            name, median, min(times), max(times), memory,
            "%.3g" % peer if peer else "", "%.3g" % (peer / median) if peer else ""))
        sys.stdout.flush()


main()
