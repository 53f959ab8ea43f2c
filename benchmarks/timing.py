"""Runs commands, takes their times, and prints tables in Markdown. Used by run.py."""
import collections
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SLOW = 30  # seconds; a command whose first run takes longer is run once

Run = collections.namedtuple("Run", "seconds megabytes out")


def run(command, limit):
    """One process that must succeed, or None where it did not end within `limit` seconds."""
    with tempfile.TemporaryFile("w+") as out:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
        late = threading.Event()
        timer = threading.Timer(limit, lambda: (late.set(), process.kill()))
        timer.start()
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if late.is_set():
            return None
        if process.returncode != 0:
            sys.exit(f"failed: {' '.join(command)}\n{errors}")
        out.seek(0)
        return Run(seconds, usage.ru_maxrss / 1000, out.read())


def interleave(contenders, runs, limit):
    """{name: [Run, …]}: all commands once, then all again, so that what disturbs the machine
    disturbs all of them. A command that reached the limit has an empty list."""
    done = {name: [] for name in contenders}
    for k in range(runs):
        for name, command in contenders.items():
            if k == 0 or (done[name] and done[name][0].seconds < SLOW):
                one = run(command, limit)
                done[name] += [one] if one else []
    return done


def seconds(runs):
    return [one.seconds for one in runs]


def ratio(numerators, denominators):
    """The median of the ratios run by run; None where a side is missing."""
    pairs = [a / b for a, b in zip(numerators, denominators)]
    return statistics.median(pairs) if pairs else None


def number(value):
    """Three digits, in plain notation where that is short; nothing for None."""
    if value is None:
        return ""
    value = float(f"{float(value):.3g}")
    return f"{value:.0f}" if 100 <= value < 1e6 else f"{value:.3g}"


def spread(values, limit):
    """The median, and least to most in brackets."""
    if not values:
        return f"> {limit}"
    if len(values) == 1:
        return f"{number(values[0])} (one run)"
    return f"{number(statistics.median(values))} ({number(min(values))}–{number(max(values))})"


def memory(runs):
    """Peak MB. Linux counts the parent's at the fork too, so less than that cannot be seen."""
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    peak = max((one.megabytes for one in runs), default=None)
    return "" if peak is None else f"{peak:.0f}" if peak > floor else f"< {floor:.0f}"


def table(header, rows):
    """Prints each row when it is there, so that a long run can be watched."""
    print("| " + " | ".join(header) + " |")
    print("|:--" + "|--:" * (len(header) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()
