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
import subprocess
import sys
from fractions import Fraction

from timing import interleave, memory, number, ratio, seconds, spread, table

HERE = os.path.dirname(os.path.abspath(__file__))


def matrices(size, entry, width=None):
    return [[[entry() for _ in range(width or size)] for _ in range(size)] for _ in range(2)]


def random_game(size, top, seed=1, width=None):
    draw = random.Random(seed)
    return matrices(size, lambda: draw.randint(0, top), width)


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


def repeated(size, times):
    """Every strategy so many times, payoffs from 0 to 9."""
    few = random_game(size // times, 9)
    return [[[m[i // times][j // times] for j in range(size)] for i in range(size)] for m in few]


def blocks(size, width):
    """Coordination on a block of strategies."""
    return [[[int(i // width == j // width) for j in range(size)] for i in range(size)]
            for _ in range(2)]


def zero_sum(size, top):
    first = random_game(size, top)[0]
    return [first, [[-value for value in row] for row in first]]


def common(size, top):
    return [random_game(size, top)[0]] * 2


def careless(size, top):
    """The second player is paid the same whatever happens."""
    return [random_game(size, top)[0], [[1] * size] * size]


def rank_one(size, seed=1, top=9):
    """Each player's payoff is a product of a number of his and one of the other's strategy."""
    draw = random.Random(seed)
    matrix = []
    for _ in range(2):
        left, right = ([draw.randint(0, top) for _ in range(size)] for _ in range(2))
        matrix.append([[x * y for y in right] for x in left])
    return matrix


def rank_one_sum(size):
    """The sum of both players' payoffs has rank 1."""
    draw = random.Random(1)
    first = [[draw.randint(0, 9) for _ in range(size)] for _ in range(size)]
    left, right = ([draw.randint(-3, 3) for _ in range(size)] for _ in range(2))
    return [first, [[left[i] * right[j] - first[i][j] for j in range(size)] for i in range(size)]]


def degenerate(quick):
    """Families with ties: few values, repeated strategies, structure."""
    for size in (12,) if quick else (10, 12, 13):
        yield f"coordination, {size} × {size}", coordination(size)
    for size in (10, 12):
        yield f"graded payoffs, {size} × {size}", graded(size)
    yield "every strategy twice, 16 × 16", doubled(16)
    yield "every strategy four times, 20 × 20", repeated(20, 4)
    for seed in range(2, 4 if quick else 6):
        yield f"random, 0–1, 12 × 12, seed {seed}", random_game(12, 1, seed)
        yield f"random, 0–2, 12 × 12, seed {seed}", random_game(12, 2, seed)
    for width in (2, 3):
        yield f"blocks of {width}, 12 × 12", blocks(12, width)
    for size, top in ((12, 1), (12, 3), (14, 2)):
        yield f"zero-sum, 0–{top}, {size} × {size}", zero_sum(size, top)
    yield "common payoffs, 0–1, 12 × 12", common(12, 1)
    yield "second player careless, 12 × 12", careless(12, 5)
    yield "sum of rank 1, 12 × 12", rank_one_sum(12)
    yield "rank 1, 20 × 20", rank_one(20, 3)
    for size in (12, 30, 60):
        yield f"all equal, {size} × {size}", matrices(size, lambda: 1)
    yield "random, 0–9, 3 × 20", random_game(3, 9, width=20)
    yield "random, 0–9, 20 × 3", random_game(20, 9, width=3)
    yield "random, 0–99, 2 × 200", random_game(2, 99, width=200)
    yield "random, 0–99, 200 × 2", random_game(200, 99, width=2)


def cases(quick):
    for size in (12, 14, 16) if quick else (12, 14, 16, 18, 20):
        yield f"random, 0–999, {size} × {size}", random_game(size, 999)
    for size, top in ((12, 1), (14, 2)) if quick else ((12, 1), (14, 1), (14, 2), (16, 3), (16, 9)):
        yield f"random, 0–{top}, {size} × {size}", random_game(size, top)
    yield from degenerate(quick)


def write(base, game):
    size = (len(game[0]), len(game[0][0]))
    with open(base + ".lrs", "w") as out:
        out.write(f"{size[0]} {size[1]}\n\n")
        for matrix in game:
            out.write("\n".join(" ".join(map(str, row)) for row in matrix) + "\n\n")
    values = ", ".join(f"({game[0][i][j]}, {game[1][i][j]})"
                       for i in range(size[0]) for j in range(size[1]))
    with open(base + ".cfg", "w") as out:
        for k, name in enumerate("AB"):
            levels = ", ".join(f'"{i}"' for i in range(size[k]))
            out.write(f'{"players = (" if k == 0 else ","} {{ name = "{name}"; moves = '
                      f'( {{ name = "m"; levels = [{levels}]; }} ); }}')
        out.write(f' );\npayoffs = {{ kind = "table"; values = ({values}); }};\n')


def of_lrsnash(text, size):
    """Lines "2 y v" and then "1 x u": each y with that x. Comments begin with *."""
    found, waiting = set(), []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0] not in ("1", "2") or len(words) != size[int(words[0]) - 1] + 2:
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
        for name, many in zip("AB", size):
            strategy = [Fraction(0)] * many
            for played in item["strategies"][name]:
                strategy[int(played["moves"]["m"])] = Fraction(played["probability_exact"])
            pair.append(tuple(strategy))
        found.add(tuple(pair))
    return found


def components(pairs):
    """How many parts the graph of these pairs has: strategies are nodes, pairs are edges."""
    parent = {}

    def root(node):
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for x, y in pairs:
        parent[root((0, x))] = root((1, y))
    return len({root(node) for node in list(parent)})


def told_components(text):
    return len(json.loads(text)["results"][0]["components"])


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
            ours = [deterra, "solve", "--quiet", base + ".cfg", "--concept", "mixed-nash"]
            contenders = {"deterra": ours, "one": ours + ["--threads", "1"]}
            if shutil.which("lrsnash"):
                contenders["lrs"] = ["lrsnash", base + ".lrs"]
            done = interleave(contenders, options.runs, options.limit)
            lrs = done.get("lrs", [])
            size = (len(game[0]), len(game[0][0]))
            told = subprocess.run(ours + ["--format", "json"], stdout=subprocess.PIPE,
                                  check=True).stdout
            found = of_deterra(told, size)
            if lrs and of_lrsnash(lrs[0].out, size) != found:
                sys.exit(f"failed: {name}: deterra and lrsnash found different equilibria")
            if components(found) != told_components(told):
                sys.exit(f"failed: {name}: the components are not those of the equilibria")
            yield [name, str(len(found)), spread(seconds(done["deterra"]), options.limit),
                   spread(seconds(done["one"]), options.limit),
                   spread(seconds(lrs), options.limit) if "lrs" in done else "",
                   number(ratio(seconds(lrs), seconds(done["deterra"]))),
                   memory(done["deterra"])]

    table(["game", "extreme equilibria", "deterra, s", "one thread, s", "lrsnash, s",
           "lrsnash / deterra", "MB"], rows())
    print("The same equilibria, fraction by fraction, wherever both ended, and as many components as "
          "their graph has. deterra's time includes maximal Nash subsets, payoffs and a table for people, "
          "which lrsnash does not make, and the loading of its libraries, which decides where both take "
          "some milliseconds.\n")


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
