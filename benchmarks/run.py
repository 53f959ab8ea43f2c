#!/usr/bin/python3
"""Builds deterra and prints its benchmarks as Markdown: medians of several runs, and ratios to
peers that ran in between. What each table says stands under it.

    benchmarks/run.py [--runs 5] [--quick] [--long] > benchmarks/RESULTS.md
"""
import argparse
import csv
import glob
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import mixed
import security
import sweeps
from timing import SLOW, interleave, memory, number, ratio, run, seconds, spread, table

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CONFIGS = os.path.join(ROOT, "configs", "rare_earth")
DETERRA = os.path.join(ROOT, "build", "release", "deterra")


def say(text):
    print(text, file=sys.stderr, flush=True)


def thread_counts():
    cores = os.cpu_count()
    return [n for n in (1, 2, 4, 8, 16, 32, 64) if n < cores] + [cores]


def solve(config, *arguments):
    return [DETERRA, "solve", "--quiet", "--format", "csv", config, *arguments]


def numpy(script, *arguments):
    """Runs with the python3 of Debian's python3-numpy. glibc keeps what NumPy frees for the next
    array instead of giving it back, which saves the peer about a fifth of its time."""
    return ["/usr/bin/env", f"MALLOC_TOP_PAD_={64 << 20}", "/usr/bin/python3",
            os.path.join(HERE, script), *arguments]


def fields(text):
    """The tab-separated lines of the NumPy scripts: {first word: rest of the line}."""
    return {line.split("\t")[0]: line.split("\t")[1:] for line in text.splitlines()}


# ---- table games ---------------------------------------------------------------------------------


# The columns of bench_tables that are shown as they are.
TABLE_COLUMNS = {"GB": "GB", "equilibria": "equilibria", "read_s": "read, s",
                 "search_s": "search, s", "search_x": "search / read", "naive_s": "naive, s",
                 "naive_x": "naive / read", "solve_s": "solve, s"}


def bench_tables(k, options, *arguments):
    """{column: text} of the program, or None beyond the limit of time."""
    found = glob.glob(os.path.join(ROOT, "build", "release", "**", "bench_tables"), recursive=True)
    if not found:
        sys.exit("bench_tables was not built")
    command = [found[0], str(k), "--header", "--runs", str(options.runs), *arguments]
    done = run(command, options.limit)
    if not done:
        return None
    header, line = (text.split("\t") for text in done.out.splitlines()[:2])
    return dict(zip(header, line))


def numpy_table(k, ours, options):
    """Median seconds of NumPy on the same table. Both must find as many equilibria."""
    done = run(numpy("numpy_table.py", str(k), "--runs", str(options.runs), "--seed", ours["seed"]),
               options.limit)
    if not done:
        return None
    told = fields(done.out)
    if told["equilibria"][0] != ours["equilibria"]:
        sys.exit(f"k = {k}: {ours['equilibria']} equilibria, NumPy has {told['equilibria'][0]}")
    return float(told["seconds"][0])


def write_nfg(path, k):
    """A random game of four players in Gambit's format, the first player's strategy the fastest."""
    draw = random.Random(1).random
    with open(path, "w") as out:
        out.write('NFG 1 R "random" { "1" "2" "3" "4" } { %d %d %d %d }\n\n' % (k, k, k, k))
        for _ in range(k**4):
            out.write("%.6f %.6f %.6f %.6f\n" % (draw(), draw(), draw(), draw()))


def gambit(k, options, folder):
    """Seconds of gambit-enumpure, reading the game from a file included; "" where unknown."""
    if not shutil.which("gambit-enumpure") or k > 27:
        return ""
    path = os.path.join(folder, f"table{k}.nfg")
    write_nfg(path, k)
    limit = min(60, options.limit)
    done = interleave({"gambit": ["gambit-enumpure", "-q", path]}, options.runs, limit)["gambit"]
    return spread(seconds(done), limit)


def tables_section(options, folder):
    with_gambit = shutil.which("gambit-enumpure") is not None
    print("## Table games\n")
    print("Four players with k strategies each, k⁴ profiles, payoffs stored as doubles.\n")

    def rows():
        for kind in ("random", "binary", "equal"):
            for k in (16, 27, 54, 81):
                say(f"table games: {kind}, k = {k}")
                # At a regret of 0 the same profiles, without asking each which others it dominates.
                how = [] if kind == "random" else ["--concept", "epsilon-nash"]
                ours = bench_tables(k, options, "--kind", kind, *how)
                if not ours:
                    yield [f"{kind}, {k}", f"> {options.limit} s"] + [""] * (10 + with_gambit)
                    continue
                alone = bench_tables(k, options, "--kind", kind, "--threads", "1", *how)
                theirs = numpy_table(k, ours, options) if kind == "random" else None
                other = gambit(k, options, folder) if kind == "random" else ""
                gain = float(alone["search_s"]) / float(ours["search_s"]) if alone else None
                yield ([f"{kind}, {k}", *(ours[column] for column in TABLE_COLUMNS), number(gain),
                        number(theirs), number(theirs / float(ours["solve_s"]) if theirs else None)]
                       + ([other] if with_gambit else []))

    table(["payoffs, k", *TABLE_COLUMNS.values(), "speed-up of search", "NumPy, s", "NumPy / solve"]
          + (["gambit-enumpure, s"] if with_gambit else []), rows())
    print("*read* is a plain parallel sum of all payoffs; *naive* is the search one would write "
          "first; *search* is deterra's search for candidates; *solve* is all that a user gets, with "
          "proofs: pure-nash of random payoffs, and epsilon-nash with regret 0 where there are many "
          "equilibria. Ratios to *read* are medians run by run; *speed-up* is one thread over all. "
          "*binary* payoffs are 0 or 1, *equal* ones all the same. At most 100 000 equilibria are "
          "listed. NumPy found as many in the same table; its time is one thread, without making "
          "the table.\n")
    print("gambit-enumpure also reads its game from a file, within its time.\n" if with_gambit else
          "gambit-enumpure was not on the PATH.\n")


# ---- the rare-earth game -------------------------------------------------------------------------


def equilibria_of_csv(text):
    """The set of equilibria, each a set of (player, moves)."""
    items = {}
    for row in csv.DictReader(text.splitlines()):
        if row["player"]:
            items.setdefault(row["item"], set()).add((row["player"], row["strategy"]))
    return {frozenset(item) for item in items.values()}


def equilibria_of_numpy(text):
    items = {}
    for line in text.splitlines():
        if line.startswith("equilibrium\t"):
            _, item, player, moves = line.split("\t")
            items.setdefault(item, set()).add((player, moves))
    return {frozenset(item) for item in items.values()}


def require_agreement(name, done):
    """All that ran to the end must have found the same equilibria."""
    found = {who: (equilibria_of_numpy if who == "NumPy" else equilibria_of_csv)(runs[0].out)
             for who, runs in done.items() if runs}
    if any(other != next(iter(found.values())) for other in found.values()):
        sys.exit(f"{name}: the equilibria differ: {found}")


def rare_earth_rows(options):
    for name in ("coarse", "baseline", "fine"):
        say(f"rare earth: {name}")
        contenders = {n: solve(os.path.join(CONFIGS, name + ".cfg"), "--concept", "pure-nash",
                               "--threads", str(n)) for n in thread_counts()}
        if name != "fine":
            contenders["NumPy"] = numpy("numpy_rare_earth.py", name)
        done = interleave(contenders, options.runs, options.limit)
        require_agreement(name, done)
        peer = done.pop("NumPy", [])
        computing = [float(fields(one.out)["seconds"][0]) for one in peer]
        for n, runs in done.items():
            ours = seconds(runs)
            yield [f"{name}, {n} thread{'s' if n > 1 else ''}", spread(ours, options.limit),
                   memory(runs), number(ratio(seconds(done[1]), ours)),
                   spread(seconds(peer), options.limit) if "NumPy" in contenders else "",
                   number(ratio(seconds(peer), ours)), number(ratio(computing, ours))]


def cost_of_fine(options):
    """What fine.cfg would take in NumPy, by a slice of it."""
    done = run(numpy("numpy_rare_earth.py", "fine-sample"), options.limit)
    if not done:
        return ""
    cost = float(fields(done.out)["ns a profile"][0])
    return (f" Of fine.cfg NumPy did a slice, {cost:.0f} ns a profile; the whole would take about "
            f"{cost * 1e-9 * 5**16 / 3600:.1f} hours.")


def rare_earth_section(options):
    print("## Pure equilibria of the rare-earth game\n")
    print("`deterra solve configs/rare_earth/NAME.cfg --concept pure-nash`: whole processes, from "
          "reading the config to the proven list. 6561, 43 046 721 and 152 587 890 625 profiles.\n")
    table(["config", "seconds", "MB", "speed-up", "NumPy, s", "NumPy / deterra",
           "NumPy without its start / deterra"], rare_earth_rows(options))
    print("NumPy evaluates the same formulas at every profile, in blocks, in one thread; the last "
          "column leaves out the start of Python and the import of NumPy. Ratios are medians run by "
          "run, and both printed the same equilibria." + cost_of_fine(options) + "\n")


def levels_config(folder, n):
    """fine.cfg with n levels a move, evenly from 0 to 1."""
    with open(os.path.join(CONFIGS, "fine.cfg")) as file:
        text = file.read()
    labels = ", ".join(f'"l{k}"' for k in range(n))
    values = ", ".join(f'"{k}/{n - 1}"' for k in range(n))
    text, count = re.subn(r"levels = \[[^\]]*\];\s*values = \([^)]*\);",
                          f"levels = [{labels}]; values = ({values});", text)
    assert count == 16, "fine.cfg is not written as it was"
    path = os.path.join(folder, f"levels{n}.cfg")
    with open(path, "w") as file:
        file.write(text)
    return path


def growth_section(options, folder):
    print("## Cost per profile as the game grows\n")
    print("The rare-earth game with 2, 3, … levels for each of its 16 moves, pure-nash, whole "
          f"processes, {os.cpu_count()} threads.\n")
    shutil.copy(os.path.join(CONFIGS, "economics.cfg"), folder)

    def rows():
        for n in [2, 3, 4] + ([] if options.quick else [5]) + ([7] if options.long else []):
            say(f"growth: {n} levels")
            command = solve(levels_config(folder, n), "--concept", "pure-nash")
            done = interleave({"": command}, options.runs, options.limit)[""]
            profiles = n**16
            ns = 1e9 * statistics.median(seconds(done)) / profiles if done else None
            yield [str(n), str(n**4), f"{profiles:.4g}", spread(seconds(done), options.limit),
                   number(ns)]

    table(["levels a move", "strategies a player", "profiles", "seconds", "ns a profile"], rows())
    print("Two levels are mostly the start of the program. The cost of a profile falls where many "
          "are ruled out at a time.\n")


# ---- correlated equilibria ----------------------------------------------------------------------


# Strategies a player, objective, sense, whether the peers get it as one LP.
CORRELATED = [(9, "welfare", "max", True), (9, "welfare", "min", True), (9, "P1-P2", "max", True),
              (9, "worst-off", "max", False), (16, "welfare", "max", True),
              (16, "P1-P2", "max", True), (16, "welfare", "min", True),
              (27, "welfare", "max", False)]
PEER_LIMIT = 300


def optimum(name, text):
    """The objective value that a peer prints, as it minimises the written LP."""
    pattern = r"obj =\s*(\S+)" if name == "glpsol" else r"Optimal objective\s+(\S+)"
    found = re.findall(pattern, text)
    return float(found[-1]) if found else None


def correlated_row(options, folder, case):
    k, objective, sense, with_peers = case
    program = os.path.join(ROOT, "build", "release", "benchmarks", "bench_correlated")
    ours = [program, str(k), "--objective", objective, "--sense", sense, "--seed",
            str(options.seed), "--runs", "1"]
    contenders = {"deterra": ours}
    lp = os.path.join(folder, "game.mps")
    if with_peers:
        subprocess.run([*ours, "--mps", lp], check=True)
        contenders |= {name: command for name, command in
                       {"glpsol": ["glpsol", "--mps", lp],
                        "clp": ["clp", lp, "-solve", "-quit"]}.items() if shutil.which(name)}
    limits = {"deterra": options.limit}
    done = {name: [] for name in contenders}
    for turn in range(options.runs):
        for name, command in contenders.items():
            limit = limits.get(name, min(options.limit, PEER_LIMIT))
            if turn == 0 or (done[name] and done[name][0].seconds < SLOW):
                one = run(command, limit)
                done[name] += [one] if one else []
    answer = [one.out.split("\t") for one in done["deterra"]]
    value = float(answer[0][12]) if answer else None
    for name, runs in done.items():
        found = optimum(name, runs[0].out) if runs and name != "deterra" else None
        if found is not None and abs(abs(found) - abs(value)) > 1e-4 * max(1, abs(value)):
            sys.exit(f"correlated {case}: {name} found {found}, deterra {value}")
    cells = [f"4 × {k}, {sense} {objective}", answer[0][11] if answer else "",
             answer[0][14].strip() if answer else "", spread(seconds(done["deterra"]),
                                                             options.limit), memory(done["deterra"])]
    for name in ("glpsol", "clp"):
        runs = done.get(name)
        cells += [spread(seconds(runs), min(options.limit, PEER_LIMIT))
                  if runs is not None else "",
                  number(ratio(seconds(runs or []), seconds(done["deterra"])))]
    return cells


def correlated_section(options, folder):
    print("## Correlated equilibria\n")
    print("`bench_correlated K`: random games of four players with K strategies each, payoffs are "
          f"integers from 0 to 99; {os.cpu_count()} threads, whole processes. *support* is the "
          "number of profiles in the optimal distribution.\n")

    def rows():
        for case in CORRELATED:
            if options.quick and case[0] == 16 and case[2] == "min":
                continue
            say(f"correlated: {case}")
            yield correlated_row(options, folder, case)

    table(["game, objective", "support", "certificate", "seconds", "MB", "glpsol, s",
           "glpsol / deterra", "clp, s", "clp / deterra"], rows())
    print("glpsol (GLPK) and clp (COIN-OR) read the same problem as one LP from an MPS file and "
          "solve it in doubles, in one thread; their times hold the reading. They were given at "
          f"most {min(options.limit, PEER_LIMIT)} seconds. Where they came to an end, they found "
          "the value that deterra proved. An empty cell was not tried: as one LP the game of "
          "4 × 27 has 5.6e7 nonzeros.\n")


# ---- other concepts ------------------------------------------------------------------------------


def concepts_section(options):
    print("## Other concepts\n")
    print(f"Whole processes, {os.cpu_count()} threads.\n")

    def rows():
        for name, concepts in (("coarse", ("dominance", "maximin", "correlated")),
                               ("baseline", ("dominance", "maximin"))):
            for concept in concepts:
                say(f"concepts: {name}, {concept}")
                command = solve(os.path.join(CONFIGS, name + ".cfg"), "--concept", concept)
                done = interleave({"": command}, options.runs, options.limit)[""]
                yield [f"{name}, {concept}", spread(seconds(done), options.limit), memory(done)]

    table(["config, concept", "seconds", "MB"], rows())
    print("*correlated* finds ten optima.\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, help="runs of each case (default 5, with --quick 3)")
    parser.add_argument("--quick", action="store_true", help="leave out what takes over a minute")
    parser.add_argument("--long", action="store_true", help="also seven levels a move")
    parser.add_argument("--seed", type=int, default=2, help="of the random games of correlated")
    parser.add_argument("--only", help="one section: tables, rare-earth, growth, correlated, concepts, sweeps")
    parser.add_argument("--limit", type=int,
                        help="seconds for a process (default 900, with --quick 60)")
    options = parser.parse_args()
    options.runs = options.runs or (3 if options.quick else 5)
    options.limit = options.limit or (60 if options.quick else 900)
    subprocess.run([os.path.join(ROOT, "scripts", "build"), "release"], check=True,
                   stdout=sys.stderr)

    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if "model name" in line), "?")
    print("# Benchmarks\n")
    command = " ".join(["benchmarks/run.py"] + sys.argv[1:])
    print(f"Made by `{command}` on {os.cpu_count()} cores of {model}: medians of {options.runs} "
          "runs, least to most in brackets; one run where a run "
          f"takes over {SLOW} seconds. Compare ratios; seconds depend on the machine.\n")
    with tempfile.TemporaryDirectory(prefix="deterra-bench-") as folder:
        sections = {"tables": lambda: tables_section(options, folder),
                    "rare-earth": lambda: rare_earth_section(options),
                    "growth": lambda: growth_section(options, folder),
                    "mixed": lambda: mixed.section(options, folder, DETERRA),
                    "correlated": lambda: correlated_section(options, folder),
                    "security": lambda: security.section(options, folder),
                    "concepts": lambda: concepts_section(options),
                    "sweeps": lambda: sweeps.section(options, folder)}
        if options.only and options.only not in sections:
            parser.error(f"--only takes one of {', '.join(sections)}")
        for name, section in sections.items():
            if options.only in (None, name):
                section()


if __name__ == "__main__":
    main()
