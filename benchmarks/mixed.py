#!/usr/bin/python3
"""All equilibria of two-player games: deterra's mixed-nash against lrsnash, in the same run. Both
lists are compared, each probability as a fraction.

    benchmarks/mixed.py [--runs 3] [--quick] [--limit SECONDS]
"""
import argparse
import json
import os
import random
import shutil
import sys
from fractions import Fraction

from timing import interleave, memory, number, ratio, seconds, spread, table

HERE = os.path.dirname(os.path.abspath(__file__))


def matrices(size, entry):
    return [[[entry() for _ in range(size)] for _ in range(size)] for _ in range(2)]


def random_game(size, top, seed=1):
    draw = random.Random(seed)
    return matrices(size, lambda: draw.randint(0, top))


def coordination(size):
    return [[[int(i == j) for j in range(size)] for i in range(size)] for _ in range(2)]


def doubled(size):
    """Every strategy twice, payoffs from 0 to 999."""
    half = random_game(size // 2, 999)
    return [[[m[i // 2][j // 2] for j in range(size)] for i in range(size)] for m in half]


def graded(size):
    """One player has groups of strategies that differ little, the other many ties."""
    draw = random.Random(7)
    return [[[draw.randint(0, 9) * 100 + i // 4 * 10 for _ in range(size)] for i in range(size)],
            [[(i ^ j) % 4 for j in range(size)] for i in range(size)]]


def cases(quick):
    for size in (12, 14, 16) if quick else (12, 14, 16, 18, 20):
        yield f"random, 0–999, {size} × {size}", random_game(size, 999)
    for size, top in ((12, 1), (14, 2)) if quick else ((12, 1), (14, 1), (14, 2), (16, 3), (16, 9)):
        yield f"random, 0–{top}, {size} × {size}", random_game(size, top)
    yield "coordination, 12 × 12", coordination(12)
    yield "every strategy twice, 16 × 16", doubled(16)
    yield "graded payoffs, 12 × 12", graded(12)


def write(base, game):
    size = len(game[0])
    with open(base + ".lrs", "w") as out:
        out.write(f"{size} {size}\n\n")
        for matrix in game:
            out.write("\n".join(" ".join(map(str, row)) for row in matrix) + "\n\n")
    levels = ", ".join(f'"{i}"' for i in range(size))
    values = ", ".join(f"({game[0][i][j]}, {game[1][i][j]})"
                       for i in range(size) for j in range(size))
    with open(base + ".cfg", "w") as out:
        for k, name in enumerate("AB"):
            out.write(f'{"players = (" if k == 0 else ","} {{ name = "{name}"; moves = '
                      f'( {{ name = "m"; levels = [{levels}]; }} ); }}')
        out.write(f' );\npayoffs = {{ kind = "table"; values = ({values}); }};\n')


def of_lrsnash(text, size):
    """Lines "2 y v" and then "1 x u": each y with that x. Comments begin with *."""
    found, waiting = set(), []
    for line in text.splitlines():
        words = line.split()
        if len(words) != size + 2 or words[0] not in "12":
            continue
        strategy = tuple(map(Fraction, words[1:-1]))
        if words[0] == "2":
            waiting.append(strategy)
        else:
            found |= {(strategy, y) for y in waiting}
            waiting = []
    return found


def of_deterra(text, size):
    found = set()
    for item in json.loads(text)["results"][0]["equilibria"]:
        pair = []
        for name in "AB":
            strategy = [Fraction(0)] * size
            for played in item["strategies"][name]:
                strategy[int(played["moves"]["m"])] = Fraction(played["probability_exact"])
            pair.append(tuple(strategy))
        found.add(tuple(pair))
    return found


def section(options, folder, deterra):
    print("## All equilibria of two players\n")
    if not shutil.which("lrsnash"):
        print("`lrsnash` (Debian package lrslib) was not on the PATH: times of deterra alone.\n")
    print(f"Whole processes, deterra with {os.cpu_count()} threads and with one, lrsnash with its "
          "one.\n")

    def rows():
        for name, game in cases(options.quick):
            print(f"mixed: {name}", file=sys.stderr, flush=True)
            base = os.path.join(folder, "mixed")
            write(base, game)
            ours = [deterra, "solve", "--quiet", "--format", "json", base + ".cfg", "--concept",
                    "mixed-nash"]
            contenders = {"deterra": ours, "one": ours + ["--threads", "1"]}
            if shutil.which("lrsnash"):
                contenders["lrs"] = ["lrsnash", base + ".lrs"]
            done = interleave(contenders, options.runs, options.limit)
            lrs = done.get("lrs", [])
            found = of_deterra(done["deterra"][0].out, len(game[0]))
            if lrs and of_lrsnash(lrs[0].out, len(game[0])) != found:
                sys.exit(f"failed: {name}: deterra and lrsnash found different equilibria")
            yield [name, str(len(found)), spread(seconds(done["deterra"]), options.limit),
                   spread(seconds(done["one"]), options.limit),
                   spread(seconds(lrs), options.limit) if "lrs" in done else "",
                   number(ratio(seconds(lrs), seconds(done["deterra"]))),
                   memory(done["deterra"])]

    table(["game", "extreme equilibria", "deterra, s", "one thread, s", "lrsnash, s",
           "lrsnash / deterra", "MB"], rows())
    print("The same equilibria, fraction by fraction, wherever both ended.\n")


def main():
    import tempfile
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--limit", type=int, default=900)
    with tempfile.TemporaryDirectory(prefix="deterra-bench-") as folder:
        section(parser.parse_args(), folder,
                os.path.join(os.path.dirname(HERE), "build", "release", "deterra"))


if __name__ == "__main__":
    main()
