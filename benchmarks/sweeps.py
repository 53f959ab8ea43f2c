#!/usr/bin/python3
"""Sweeps: points a second, what the store costs, memory, and the speed-up of threads and ranks.

    benchmarks/sweeps.py [--runs 5] [--quick] [--limit SECONDS]
"""
import argparse
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile

from timing import interleave, memory, number, ratio, run, seconds, table

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build", "release")

SMALL = """
parameters = { a = { value = 1.5; range = (0, 4); }; b = { value = 2; range = (0, 5); }; };
players = (
  { name = "A"; moves = ( { name = "x"; levels = ["l", "m", "h"]; } ); },
  { name = "B"; moves = ( { name = "y"; levels = ["l", "m", "h"]; } ); } );
payoffs = { kind = "formula"; A = "a * A.x - A.x * B.y + b * (A.x == B.y)";
  B = "b * B.y - A.x * B.y * a"; };
solve = { concepts = ( "pure-nash" ); };
sweep = { design = "sobol"; points = %d; over = ( "a", "b" ); };
"""
COARSE = """@include "%s"
sweep = { design = "sobol"; points = %d; concepts = ( "pure-nash" );
  over = ( "resolve", "audience", "price0", "contain.US", "stake.US" ); };
"""


def write(folder, name, text):
    path = os.path.join(folder, name + ".cfg")
    with open(path, "w") as out:
        out.write(text)
    return path


def coarse(folder, points):
    """rare_earth/coarse.cfg, with a sweep, beside the files that it includes."""
    source = os.path.join(ROOT, "configs", "rare_earth")
    for name in os.listdir(source):
        shutil.copy(os.path.join(source, name), folder)
    return write(folder, "sweep_coarse", COARSE % ("coarse.cfg", points))


def sweep(config, store, threads=1, ranks=0):
    """A sweep that begins anew; its store is left for the next run to replace."""
    # a core for each thread, as mpirun has it for each rank; kernels do not always spread them
    places = ",".join("{%d}" % core for core in sorted(os.sched_getaffinity(0)))
    program = ["/usr/bin/env", "OMP_PROC_BIND=true", "OMP_PLACES=" + places,
               os.path.join(BUILD, "deterra")]
    if ranks:
        program = ["mpirun", "-n", str(ranks), os.path.join(BUILD, "deterra-mpi")]
    return [*program, "sweep", config, "-o", store, "--force", "--quiet", "--threads",
            str(threads)]


def shards_at_once(config, store):
    """Two processes with half of the points each and nothing in common, on a core of their own:
    what the machine gives to two at a time."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    each = [f"OMP_PLACES='{{{core}}}' {BUILD}/deterra sweep {config} -o {store}.{k} --force "
            f"--quiet --threads 1 --shard {k}/2 & " for k, core in enumerate(cores, 1)]
    return ["bash", "-c", "export OMP_PROC_BIND=true; " + "".join(each) + "wait -n && wait -n"]


def stored_points(store):
    with sqlite3.connect(store) as db:
        return db.execute("SELECT count(*) FROM points").fetchone()[0]


def rates(name, config, points, folder, options):
    """A row for threads 1, 2, … and for ranks: points a second, and against one thread."""
    store = os.path.join(folder, "sweep.sqlite")
    cores = os.cpu_count()
    counts = sorted({1, 2, cores}) if cores > 1 else [1]
    contenders = {f"{n} thread{'s' if n > 1 else ''}": sweep(config, store, n) for n in counts}
    if cores > 1:
        contenders["2 shards at once"] = shards_at_once(config, store)
    if shutil.which("mpirun") and os.path.exists(os.path.join(BUILD, "deterra-mpi")):
        contenders |= {f"{n} rank{'s' if n > 1 else ''}": sweep(config, store, 1, n)
                       for n in counts}
    done = interleave(contenders, options.runs, options.limit)
    if stored_points(store) != points:
        sys.exit(f"failed: {name}: {stored_points(store)} points of {points} are stored")
    for who, runs in done.items():
        base = done["1 rank"] if "rank" in who else done["1 thread"]
        fastest = min(seconds(runs), default=None)
        yield [f"{name}, {who}", str(points),
               number(points / statistics.median(seconds(runs))) if runs else "",
               number(points / fastest) if fastest else "",
               number(ratio(seconds(base), seconds(runs))),
               memory(runs) if "thread" in who else ""]


def store_share(config, points, folder, options):
    """What share of a sweep in one thread is not the solving of its points: the rest of the wall
    clock of a session, of which the table timings has the points' own."""
    shares = []
    store = os.path.join(folder, "share.sqlite")
    with open(config) as text:
        timed = text.read().replace("over =", 'record = ( "equilibria", "timings" ); over =')
    for _ in range(options.runs):
        run(sweep(write(folder, "sweep_timed", timed), store), options.limit)
        with sqlite3.connect(store) as db:
            solving = db.execute("SELECT sum(seconds) FROM timings").fetchone()[0]
            whole = db.execute("SELECT sum(seconds) FROM sessions").fetchone()[0]
        shares.append(whole / solving - 1)
    return shares


def section(options, folder):
    os.environ |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    print("## Sweeps\n", flush=True)
    print("`deterra sweep` and `mpirun -n N deterra-mpi sweep`, whole processes, stored: a "
          "formula game of two players with three strategies each, pure-nash at Sobol points of "
          "two parameters; and rare_earth/coarse.cfg, pure-nash at Sobol points of five. Speed-ups are "
          "medians of the runs, against one thread, or one rank; each has a core of its own. Two "
          "shards at once share nothing: their speed-up is what two cores of the machine "
          "give.\n", flush=True)
    small_points = 200000 if options.quick else 500000
    coarse_points = 300 if options.quick else 2000
    small = write(folder, "sweep_small", SMALL % small_points)
    large = coarse(folder, coarse_points)

    def rows():
        for name, config, points in (("3 × 3", small, small_points),
                                     ("coarse", large, coarse_points)):
            print(f"sweeps: {name}", file=sys.stderr, flush=True)
            yield from rates(name, config, points, folder, options)

    table(["game, workers", "points", "points/s", "points/s, fastest run", "speed-up", "MB"],
          rows())
    shares = store_share(large, coarse_points, folder, options)
    print(f"Reading, storing and everything else took "
          f"{100 * statistics.median(shares):.1f} % (least {100 * min(shares):.1f} %) of the time "
          "that solving took, on coarse.cfg in one thread.\n", flush=True)
    million = write(folder, "sweep_million", SMALL % 1000000)
    if not options.quick:
        print("sweeps: a million points", file=sys.stderr, flush=True)
        done = run(sweep(million, os.path.join(folder, "million.sqlite"), os.cpu_count()),
                   options.limit)
        if done:
            print(f"A million points of the small game took {number(done.seconds)} s with "
                  f"{os.cpu_count()} threads and {memory([done])} MB of memory at its peak; the "
                  f"store has {os.path.getsize(os.path.join(folder, 'million.sqlite')) >> 20} "
                  "MB.\n", flush=True)
        else:
            print(f"A million points of the small game take more than {options.limit} s.\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="fewer points, no million")
    parser.add_argument("--limit", type=int, default=900)
    with tempfile.TemporaryDirectory(prefix="deterra-bench-") as folder:
        section(parser.parse_args(), folder)


if __name__ == "__main__":
    main()
