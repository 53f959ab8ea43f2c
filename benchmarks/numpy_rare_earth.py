#!/usr/bin/python3
"""Times the search of all pure equilibria of the rare-earth game in NumPy: the payoffs of all four
players at every profile and their best replies, block by block, in one process.

    numpy_rare_earth.py coarse | baseline   the whole game
    numpy_rare_earth.py fine-sample         a slice of fine.cfg, for the cost per profile; the whole
                                            would take hours
    numpy_rare_earth.py baseline --shapes   also other blocks, which are slower

Formulas and search are those of tests/reference/rare_earth.py. Prints tab-separated lines, first of
all "seconds", without the start of Python and NumPy. With MALLOC_TOP_PAD_=67108864 in the environment
NumPy keeps memory from one operation to the next and is faster; run.py sets it.
"""
import argparse
import os
import sys
import time

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "reference"))
import rare_earth as game_of  # noqa: E402

# A slice of fine.cfg: all of JP and VN, the export controls of US and CN. Its axes are longer, so
# fewer moves run inside a block.
SLICE = game_of.VARIANTS["fine"]._replace(name="fine-sample", counts=(5, 1, 1, 1) * 2 + (5,) * 8)
SLICE_INSIDE = (0, 4, 8, 12)

# The axes inside a block, see AXES there: the default and others that were tried.
SHAPES = {
    "export controls, JP and VN": game_of.INSIDE,
    "JP and VN": (8, 9, 10, 11, 12),
    "export control of CN, JP and VN": (4, 8, 9, 10, 11, 12),
    "export controls and subsidies of US, JP and VN": (0, 1, 4, 8, 9, 10, 11, 12),
    "CN, JP and VN": (4, 5, 6, 7, 8, 9, 10, 11, 12),
}


def timed(game, inside):
    par = game_of.values_of_parameters([])
    started = time.perf_counter()
    found = game_of.strict_enough(game_of.equilibria(par, game, inside))
    return time.perf_counter() - started, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variant", choices=("coarse", "baseline", "fine-sample"))
    parser.add_argument("--shapes", action="store_true", help="also time other blocks")
    options = parser.parse_args()
    sample = options.variant == "fine-sample"
    game = SLICE if sample else game_of.VARIANTS[options.variant]
    seconds, found = timed(game, SLICE_INSIDE if sample else game_of.INSIDE)
    profiles = int(np.prod(game.counts))
    print(f"seconds\t{seconds:.6g}")
    print(f"profiles\t{profiles}")
    print(f"ns a profile\t{1e9 * seconds / profiles:.4g}")
    for number, (levels, _, _) in enumerate(found, 1):
        for player, moves in game_of.labels_of(game, levels, all_moves=True).items():
            strategy = ";".join(f"{m}={v}" for m, v in moves.items())
            print("equilibrium", number, player, strategy, sep="\t")
    if options.shapes:
        for name, inside in SHAPES.items():
            print("shape", name, f"{timed(game, inside)[0]:.4g}", sep="\t", flush=True)


main()
