#!/usr/bin/python3
"""Benchmarks of maximin, minimax and stackelberg: against glpsol, clp and gambit-lp where they are on
the PATH. Used by run.py, and alone: benchmarks/security.py [--runs 5]
"""
import argparse
import os
import re
import shutil
import sys
import tempfile

from timing import interleave, number, ratio, run, seconds, spread, table

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "release")
PEER_LIMIT = 60  # seconds


def say(text):
    print(text, file=sys.stderr, flush=True)


def bench(name, *arguments):
    return [os.path.join(BUILD, "benchmarks", name), *arguments]


def value_of(out):
    """The value that a program printed."""
    for pattern in (r"obj =\s*(\S+)", r"[Oo]ptimal objective\s+(\S+)"):
        found = re.findall(pattern, out)
        if found:
            return float(found[-1])
    return None


def minimax_row(k, options, folder):
    """The value of a random constant-sum game of k a side: proven here, in doubles by the peers."""
    say(f"security: {k} a side")
    lp, nfg = os.path.join(folder, f"game{k}.lp"), os.path.join(folder, f"game{k}.nfg")
    run(bench("bench_matrix", str(k), "--lp", lp, "--nfg", nfg), options.limit)
    peers = {name: command for name, command in
             {"glpsol": ["glpsol", "--lp", lp], "clp": ["clp", lp, "-solve", "-quit"],
              "gambit-lp": ["gambit-lp", nfg]}.items() if shutil.which(name)}
    ours = bench("bench_matrix", str(k), "--concept", "minimax", "--runs", "1")
    done = interleave({"deterra": ours, **peers}, options.runs, min(options.limit, PEER_LIMIT))
    answer = [one.out.split("\t") for one in done["deterra"]]
    value = float(answer[0][3])
    for name, runs in done.items():
        found = value_of(runs[0].out) if runs and name in ("glpsol", "clp") else None
        # clp maximises by minimising the negative
        if found is not None and abs(abs(found) - abs(value)) > 1e-5 * abs(value):
            sys.exit(f"{k} a side: {name} has {found}, deterra {value}")
    cells = [str(k), answer[0][4], spread(seconds(done["deterra"]), options.limit)]
    for name in ("glpsol", "clp", "gambit-lp"):
        cells += [spread(seconds(done[name]), PEER_LIMIT) if name in done else "",
                  number(ratio(seconds(done.get(name, [])), seconds(done["deterra"])))]
    return cells


def stackelberg_row(k, kind, ties, options):
    say(f"stackelberg: {k} a side, {kind}, {ties}")
    done = run(bench("bench_matrix", str(k), "--concept", "stackelberg", "--kind", kind, "--ties",
                     ties, "--runs", str(options.runs)), options.limit)
    if not done:
        return [f"{k}, {kind}, {ties}", "", f"> {options.limit}"]
    cells = done.out.split("\t")
    return [f"{k}, {kind}, {ties}", cells[4],
            f"{number(cells[5])} ({number(cells[6])}–{number(cells[7])})"]


def pure_row(name, options):
    say(f"stackelberg: {name}")
    command = [os.path.join(BUILD, "deterra"), "solve", "--quiet", "--format", "csv", "--concept",
               "stackelberg:leader=US", os.path.join(ROOT, "configs", "rare_earth", name + ".cfg")]
    done = interleave({"": command}, options.runs, options.limit)[""]
    return [f"rare-earth {name}, pure, strong", "ball", spread(seconds(done), options.limit)]


def proof_row(n, options):
    say(f"proof: {n} equations")
    done = [run(bench("bench_proof", str(n), "--runs", "1"), options.limit)
            for _ in range(options.runs)]
    times = [float(one.out.split("\t")[2]) for one in done if one]
    return [str(n), spread(times, options.limit)]


def section(options, folder):
    print("## Security levels and commitment\n")
    print(f"Random games of two players, whole payoffs from 0 to 999, {os.cpu_count()} threads.\n")
    print("Value and optimal strategies of constant-sum games (`bench_matrix K --concept minimax`), "
          "whole processes:\n")
    table(["strategies a side", "certificate", "seconds", "glpsol, s", "glpsol / deterra", "clp, s",
           "clp / deterra", "gambit-lp, s", "gambit-lp / deterra"],
          (minimax_row(k, options, folder) for k in (50, 100, 200, 400)))
    print("deterra proves both players' optimal strategies in fractions; glpsol and clp solve the "
          "first player's program in doubles, reading it from a file within their time; gambit-lp "
          f"computes in fractions. They were given {PEER_LIMIT} seconds. An empty cell: not on the "
          "PATH.\n")
    print("Commitment of the first player (`bench_matrix K --concept stackelberg`), without making "
          "the game; *constant* games have as many optimal replies as a mixture has strategies:\n")
    table(["game", "certificate", "seconds"],
          [stackelberg_row(k, kind, ties, options) for k in (25, 50, 100)
           for kind in ("general", "constant") for ties in ("strong", "weak")
           if k < 100 or kind == "general"] +
          [pure_row(name, options) for name in ("coarse", "baseline")])
    print("The rare-earth games are whole processes: for each of the leader's 9 or 81 strategies all "
          "pure equilibria of the other three.\n")
    print("The exact proof of an optimum with N basic columns (`bench_proof N`): the primal and the "
          "dual solution of N dense equations, whole numbers of three digits, in fractions of the "
          "greatest length:\n")
    table(["N", "seconds"], (proof_row(n, options) for n in (25, 100, 288, 960)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=int, default=300, help="seconds for a process")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="deterra-bench-") as folder:
        section(options, folder)


if __name__ == "__main__":
    main()
