#!/usr/bin/env python3
"""The rare-earth chain game in NumPy: a reference the solver is tested against.

It shares nothing with the solver or with configs/rare_earth/*.cfg: the equations and the numbers
are written out here a second time, in doubles, so that a slip in one of the two shows.

    rare_earth.py coarse   [--set NAME=VALUE]... [--json FILE]
    rare_earth.py baseline [--set NAME=VALUE]... [--json FILE]
        all pure Nash equilibria in profile order, with payoffs (M$ a year, relative to no move) and
        the smallest loss of a unilateral deviation.
    rare_earth.py point [fine] L1 ... L16 [--set NAME=VALUE]...
        each player's payoff at one profile, split into its terms. A level is a label or its number
        from 0, in the order US, CN, JP, VN and, within each, export_control, subsidy,
        capacity_transfer, patent_licensing. There are three levels a move, five in fine.
    rare_earth.py replies (coarse | baseline | fine) L1 ... L16 [--set NAME=VALUE]...
        what each player would gain at that profile by changing one move, and by its best reply;
        and so whether the profile is an equilibrium.
    rare_earth.py vary (coarse | baseline) [--only PREFIX]... [--steps N] [--refine] [--set ...]...
        moves one parameter at a time through its range (the default, and N equal steps, 10 unless
        told) and prints where the set of equilibria changes; --refine bisects each change it met.
    rare_earth.py stays (coarse | baseline | fine) L1 ... L16 [--only PREFIX]... [--set NAME=VALUE]...
        for each parameter the interval around its default in which that profile stays an
        equilibrium (others may come beside it), and which deviation ends it.
    rare_earth.py identities
        checks the identities of the price system and the game's sanity list.

NAME is a parameter as in `harm`, `contain.US` or `share.JP.CN`. Profiles are ordered with the last
player and the last move fastest. Memory: about 100 MB. Time: coarse 0.1 s, baseline about 5 s; vary
and stays take minutes. benchmarks/numpy_rare_earth.py times the search made here.
"""

import argparse
import collections
import itertools
import json
import sys

import numpy as np

PLAYERS = ("US", "CN", "JP", "VN")
MARKETS = ("US", "JP", "CN")
IMPORTERS = ("US", "JP")
SOURCES = ("CN", "US", "JP", "VN", "RW")
MOVES = ("export_control", "subsidy", "capacity_transfer", "patent_licensing")

LABELS = {
    "US": (("none", "partial", "full"), ("none", "half", "price_floor"),
           ("none", "some", "full"), ("none", "some", "full")),
    "CN": (("none", "licence", "embargo"), ("none", "half", "full"),
           ("keep", "allow", "promote"), ("withhold", "strings", "license")),
    "JP": (("none", "partial", "full"), ("none", "half", "full"),
           ("none", "some", "full"), ("as_now", "raise", "refuse")),
    "VN": (("none", "licence", "ban"), ("none", "half", "full"),
           ("none", "some", "open"), ("none", "some", "full")),
}

LABELS_OF_FINE = {player: tuple((a, "quarter", b, "three_quarters", c) for a, b, c in moves)
                  for player, moves in LABELS.items()}

# The number of levels of each move, players and moves in the order above; the value of each level
# number; and the labels.
Variant = collections.namedtuple("Variant", "name counts values labels")

THREE, FIVE = (0.0, 0.5, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0)
VARIANTS = {v.name: v for v in (
    Variant("coarse", (3, 3, 1, 1,   3, 1, 3, 1,   1, 3, 1, 3,   3, 1, 3, 1), THREE, LABELS),
    Variant("baseline", (3,) * 16, THREE, LABELS),
    Variant("fine", (5,) * 16, FIVE, LABELS_OF_FINE),
)}

# name: value, or (value, low, high) where the parameter has a range.
PARAMETERS = {
    "price0": (21.4, 10, 60),
    "base.US": (11, 10, 20), "base.JP": (28, 21, 34), "base.CN": (220, 150, 260),
    "share.US.CN": .741, "share.US.US": .05, "share.US.JP": .0855, "share.US.VN": 0,
    "share.US.RW": .1235,
    "share.JP.CN": (.61, .5, .8), "share.JP.US": .01, "share.JP.JP": .28, "share.JP.VN": 0,
    "share.JP.RW": .10,
    "share.CN.CN": .96, "share.CN.US": 0, "share.CN.JP": .02, "share.CN.VN": 0, "share.CN.RW": .02,
    "eta": (2, 1.2, 5), "eps": (.3, .1, .8),
    "stake.US": (3, 1, 50), "stake.JP": (3, 1, 50), "stake.CN": 1,
    "prem": (2, .5, 5), "delay": (.4, .1, .8), "idle": (.1, 0, .5),
    "prov.JP": (.5, 0, 1), "prov.US": 0,
    "cover0.US": (.10, 0, .6), "cover0.JP": (.08, 0, .25),
    "stock.US": (.10, 0, .25), "stock.JP": (.25, 0, .5),
    "carry": (.1, .05, .2), "funds": (1.2, 1, 1.5),
    "aidmax.US": (.5, .2, .5), "aidmax.CN": (.1, 0, .2), "aidmax.JP": (.2, 0, .4), "aidmax.VN": 0,
    "high": (.15, .05, .3), "raise": (.30, .05, .3), "refuse": (1, .3, 3),
    "hold": (100, 20, 500), "compulsory": (.2, 0, 1), "suit": (40, 5, 100),
    "reach.US": (.06, 0, .2), "reach.JP": (.06, 0, .2), "reach.CN": (.01, 0, .03),
    "send.CN": (.5, 0, 1), "send.US": (.2, 0, 1), "send.JP": (.3, 0, 1),
    "lure": (.5, 0, 1), "pull": (.2, 0, 1),
    "ore.CN": (.02, 0, .1), "ore.JP": (.01, 0, .1), "ore.RW": (.01, 0, .1), "ore.US": 0, "ore.VN": 0,
    "cntech.US": (.15, 0, .33), "cntech.JP": (.10, 0, .33), "cntech.VN": (.20, 0, .33),
    "cntech.RW": (.10, 0, .33), "cntech.CN": 0,
    "ustech.JP": (.05, 0, .2), "ustech.VN": (.10, 0, .2), "ustech.RW": (.05, 0, .2),
    "ustech.US": 0, "ustech.CN": 0,
    "margin.CN": (.15, .05, .4), "margin.US": (.15, .05, .4), "margin.JP": (.20, .05, .4),
    "margin.VN": (.30, .05, .4),
    "rho": (.5, 0, 1), "fee": (.05, 0, .15), "keep": .30, "backshare": (.4, 0, 1),
    "harm": (1500, 200, 20000), "wUS": .6, "wJP": .2, "wBoth": .2,
    "contain.US": (.5, 0, 1), "contain.JP": (.1, 0, 1),
    "lose.US": (350, 50, 2000), "lose.JP": (200, 50, 2000),
    "dread.US": (1000, 100, 5000), "dread.JP": (600, 100, 5000),
    "position": (1000, 0, 10000), "resolve": (.5, 0, 2), "audience": (300, 0, 1000),
    "favour.JP": (200, 0, 1000), "favour.VN": (20, 0, 200), "access": (300, 0, 2000),
    "plant.US": (60, 10, 300), "plant.JP": (60, 10, 300),
    "offer": (5, 1, 20), "spill": (10, 1, 50), "adm": (5, 1, 20),
    "env": (15, 0, 60), "incent": (15, 1, 60), "toll": (.3, 0, 1), "custom": (30, 0, 100),
    "strings": (5, 1, 20),
}

NEAR = 1e-6      # regret in M$ a year below which a profile that is no equilibrium is still shown
ROUND = 1e-9     # regret that is taken for rounding


def values_of_parameters(settings):
    par = {k: float(v[0] if isinstance(v, tuple) else v) for k, v in PARAMETERS.items()}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in par:
            sys.exit(f"unknown parameter '{name}'")
        par[name] = float(text)
    return par


def payoff_terms(par, values):
    """The signed terms of each player's payoff.

    values[player][k] is the value, from 0 to 1, of the player's k-th move: a number or an array;
    arrays broadcast. Returns {player: {term: value}}; a term has the axes it depends on, no others.
    """
    g = par.__getitem__
    x = {i: dict(zip(MOVES, map(np.asarray, values[i]))) for i in PLAYERS}
    us, cn, jp, vn = (x[i] for i in PLAYERS)
    ec, sb, ct, pl = MOVES
    first = lambda v: 1 - abs(2 * v - 1)            # 1 at the middle level, 0 at either end
    second = lambda v: np.maximum(0, 2 * v - 1)     # 0 up to the middle level, 1 at the last
    lic, emb = first(cn[ec]), second(cn[ec])
    rai, ref = first(jp[pl]), second(jp[pl])

    # Shocks
    act, cover, bite, wedge = {}, {}, {}, {}
    for j in IMPORTERS:
        act[j] = np.minimum(1.0, x[j][ec] + g("prov." + j) * x[j][pl])
        cover[j] = g("cover0." + j) + g("stock." + j) * x[j][sb]
        bite[j] = emb + lic * g("delay") * (g("idle") + (1 - g("idle")) * act[j])
        wedge[j] = g("prem") * bite[j] * (1 - cover[j])
    royalty = g("high") * (g("raise") * rai + g("refuse") * ref)
    host = vn[ct] * (1 + g("lure") * vn[sb] + g("pull") * vn[ec])
    moved = host * g("send.CN") * cn[ct]
    allied = host * (g("send.US") * us[ct] + g("send.JP") * jp[ct])

    own = {s: 0.0 if s == "VN" else 1.0 for s in SOURCES}
    take = {s: own[s] + (1 - own[s]) * vn[pl] for s in SOURCES}
    cost = {s: 1 + g("ore." + s) * vn[ec]
               - take[s] * (g("cntech." + s) * cn[pl] + g("ustech." + s) * us[pl]) for s in SOURCES}
    aid = {s: g("aidmax." + s) * x[s][sb] if s in PLAYERS else 0.0 for s in SOURCES}

    # Prices and flows
    eta, eps, price0 = g("eta"), g("eps"), g("price0")
    P, F, q, qf, w, p = {}, {}, {}, {}, {}, {}
    for j in MARKETS:
        base = g("base." + j)
        sum_p = sum_f = 0.0
        f = {}
        for s in SOURCES:
            abroad = 1.0 if s == "CN" and j in IMPORTERS else 0.0
            w[j, s] = g(f"share.{j}.{s}") + g("reach." + j) * (
                (s == "VN") * (moved + allied) - (s == "CN") * moved)
            f[s] = cost[s] * (1 - aid[s]) * (1 + abroad * royalty)
            p[j, s] = f[s] * (1 + abroad * wedge[j]) if abroad else f[s]
            sum_p = sum_p + w[j, s] * p[j, s] ** (1 - eta)
            sum_f = sum_f + w[j, s] * f[s] ** (1 - eta)
        P[j], F[j] = sum_p ** (1 / (1 - eta)), sum_f ** (1 / (1 - eta))
        P_power, F_power = P[j] ** (eta - eps), F[j] ** (eta - eps)
        for s in SOURCES:
            q[j, s] = base * w[j, s] * p[j, s] ** -eta * P_power
            qf[j, s] = base * w[j, s] * f[s] ** -eta * F_power

    # Pieces
    def loss(X, j):
        bill = g("base." + j) * price0 * (X ** (1 - eps) - 1) / (1 - eps)
        return g("stake." + j) * np.maximum(bill, 0) + np.minimum(bill, 0)

    share = lambda j, s: g(f"share.{j}.{s}")
    pain = {j: loss(P[j], j) - loss(F[j], j) for j in IMPORTERS}
    vol = {s: sum(q[j, s] for j in MARKETS) for s in SOURCES}
    vol0 = {s: sum(g("base." + j) * share(j, s) for j in MARKETS) for s in SOURCES}
    profit = {s: g("margin." + s) * price0 * (vol[s] - vol0[s]) for s in PLAYERS}
    outlay = {s: g("funds") * price0 * aid[s] * cost[s] * vol[s] for s in PLAYERS}
    store = {j: g("carry") * price0 * g("stock." + j) * g("base." + j) * x[j][sb] for j in IMPORTERS}
    dep = {j: qf[j, "CN"] / sum(qf[j, s] for s in SOURCES) for j in IMPORTERS}
    dep0 = {j: share(j, "CN") for j in IMPORTERS}
    world = (sum(q[j, "CN"] for j in IMPORTERS)
             / sum(q[j, s] for j in IMPORTERS for s in SOURCES))
    world0 = (sum(g("base." + j) * share(j, "CN") for j in IMPORTERS)
              / sum(g("base." + j) * share(j, s) for j in IMPORTERS for s in SOURCES))
    fob = price0 * cost["CN"] * (1 - aid["CN"])
    rent = g("rho") * fob * (1 + royalty) * sum(wedge[j] * q[j, "CN"] for j in IMPORTERS)
    fees = fob * g("high") * g("raise") * rai * sum(q[j, "CN"] for j in IMPORTERS)
    damage = g("harm") * (g("wUS") * us[ec] + g("wJP") * jp[ec] + g("wBoth") * us[ec] * jp[ec])
    edge = g("hold") * (1 - g("compulsory")) * jp[pl]
    techfee = (cn[pl] * (g("fee") + g("keep") * g("margin.CN")) * price0
               * (vol["US"] + vol["JP"] + take["VN"] * vol["VN"]))
    back = (g("backshare") * price0 * g("margin.VN") * moved
            * sum(g("base." + j) * g("reach." + j) for j in MARKETS))

    terms = {
        "US": {
            "loss": -loss(P["US"], "US"), "profit": profit["US"], "outlay": -outlay["US"],
            "store": -store["US"],
            "security": -g("dread.US") * (dep["US"] ** 2 - dep0["US"] ** 2),
            "containment": g("contain.US") * damage, "lost sales": -g("lose.US") * us[ec],
            "plants": -g("plant.US") * host * us[ct], "offer": -g("offer") * us[ct],
            "spill": -g("spill") * us[pl],
        },
        "CN": {
            "loss": -loss(P["CN"], "CN"), "profit": profit["CN"], "back": back,
            "outlay": -outlay["CN"], "rent": rent, "control admin": -g("adm") * (lic + emb),
            "audience": -g("audience") * (bite["US"] + bite["JP"]) / 2, "damage": -damage,
            "edge": -edge, "standing": -g("position") * (world0 - world),
            "resolve": g("resolve") * (act["US"] * pain["US"] + act["JP"] * pain["JP"]),
            "techfee": techfee, "licensing admin": -g("adm") * cn[pl], "offer": -g("offer") * cn[ct],
        },
        "JP": {
            "loss": -loss(P["JP"], "JP"), "profit": profit["JP"], "outlay": -outlay["JP"],
            "store": -store["JP"], "fees": fees, "edge": edge, "suit": -g("suit") * jp[pl] ** 2,
            "security": -g("dread.JP") * (dep["JP"] ** 2 - dep0["JP"] ** 2),
            "containment": g("contain.JP") * damage, "lost sales": -g("lose.JP") * jp[ec],
            "favour": g("favour.JP") * us[ec] * jp[ec],
            "access": g("access") * us[sb] * (dep0["JP"] - dep["JP"]),
            "plants": -g("plant.JP") * host * jp[ct], "offer": -g("offer") * jp[ct],
        },
        "VN": {
            "profit": profit["VN"], "back": -back, "environment": -g("env") * (moved + allied),
            "offer": -g("offer") * vn[ct], "incentives": -g("incent") * vn[sb] * (moved + allied),
            "incentive admin": -g("adm") * vn[sb],
            "toll": g("toll") * price0 * g("ore.CN") * vn[ec] * vol["CN"],
            "customs": -g("custom") * vn[ec], "strings": -g("strings") * vn[pl],
            "favour": g("favour.VN") * us[ct] * vn[ct],
        },
    }
    payoff_terms.market = {"P": P, "F": F, "q": q, "p": p, "w": w, "dep": dep, "world": world}
    return terms


def payoffs(par, values):
    """One array per player, all of one shape. The terms with few axes are added first, so that few
    additions run over the whole shape."""
    splits = payoff_terms(par, values).values()
    return np.broadcast_arrays(*(sum(sorted(split.values(), key=np.size)) for split in splits))


def on_axes(game, ranges):
    """The values of the 16 moves as broadcastable arrays with one axis a move."""
    grid = np.ix_(*([game.values[level] for level in levels] for levels in ranges))
    return {i: grid[4 * k:4 * k + 4] for k, i in enumerate(PLAYERS)}


def payoffs_of_replies(par, game, levels, k):
    """The payoffs of player k over its four moves, the others at `levels`."""
    ranges = [[v] for v in levels]
    own = slice(4 * k, 4 * k + 4)
    ranges[own] = [range(n) for n in game.counts[own]]
    return payoffs(par, on_axes(game, ranges))[k].reshape(game.counts[own])


# A block of profiles has one axis for each move of US, CN and JP and one for the strategies of VN:
# long enough for NumPy's inner loops, and the quantities keep the few axes they depend on.
AXES = {"US": (0, 1, 2, 3), "CN": (4, 5, 6, 7), "JP": (8, 9, 10, 11), "VN": (12,)}

# The axes that run inside a block; the others are looped over. All export controls are inside:
# most quantities do not depend on them. A temporary of baseline then holds 59049 numbers.
INSIDE = (0, 4, 8, 9, 10, 11, 12)


def equilibria(par, game, inside=INSIDE):
    """Profiles (16 level numbers) with regret below NEAR, each as (levels, payoffs, regret).

    Goes through the game block by block and keeps, of each player, the best payoff met so far
    against every choice of the others. It rules most profiles out at once (all but one in each row
    of a player whose moves are inside the block); the few left are compared again at the end.
    """
    n_vn = int(np.prod(game.counts[12:]))
    vn = np.indices(game.counts[12:]).reshape(4, n_vn)
    shape = game.counts[:12] + (n_vn,)
    best = [np.full([1 if a in own else n for a, n in enumerate(shape)], -np.inf)
            for own in AXES.values()]
    candidates = []
    value = np.asarray(game.values)
    starts = ([0] if a in inside else range(n) for a, n in enumerate(shape))
    for start in itertools.product(*starts):
        part = [slice(None) if a in inside else slice(v, v + 1) for a, v in enumerate(start)]
        moves = np.ix_(*(value[:n][at] for n, at in zip(shape[:12], part)), [0])
        values = {i: moves[4 * k:4 * k + 4] for k, i in enumerate(PLAYERS)}
        values["VN"] = value[vn].reshape(4, *[1] * 12, n_vn)
        u = payoffs(par, values)
        kept = np.ones(u[0].shape, dtype=bool)
        for k, own in enumerate(AXES.values()):
            top = u[k].max(axis=own, keepdims=True)
            known = best[k][tuple(slice(None) if a in own else at for a, at in enumerate(part))]
            np.maximum(known, top, out=known)
            kept &= u[k] >= known - NEAR
        for at in zip(*np.nonzero(kept)):
            levels = tuple(int(a + b) for a, b in zip(start, at))
            candidates.append((levels, [float(v[at]) for v in u]))
    found = []
    for at, u in candidates:
        tops = [best[k][tuple(0 if a in own else v for a, v in enumerate(at))]
                for k, own in enumerate(AXES.values())]
        regret = max(float(top - v) for top, v in zip(tops, u))
        if regret <= NEAR:
            found.append((at[:12] + tuple(int(v) for v in vn[:, at[12]]), u, regret))
    return sorted(found)


def smallest_loss(par, game, levels):
    """The least that any player loses by any unilateral deviation, and which one it is."""
    least = (np.inf, None, None)
    for k, i in enumerate(PLAYERS):
        u = payoffs_of_replies(par, game, levels, k)
        own = tuple(levels[4 * k:4 * k + 4])
        loss = u[own] - u
        loss[own] = np.inf
        if loss.size > 1 and loss.min() < least[0]:
            where = tuple(int(v) for v in np.unravel_index(loss.argmin(), loss.shape))
            least = (float(loss.min()), i, where)
    return least


def labels_of(game, levels, all_moves=False):
    """{player: {move: label}}, unless told without the moves of one level."""
    return {i: {m: game.labels[i][k][levels[4 * a + k]] for k, m in enumerate(MOVES)
                if all_moves or game.counts[4 * a + k] > 1}
            for a, i in enumerate(PLAYERS)}


def one_line(game, levels):
    return "  ".join(f"{i}({', '.join(f'{m}={v}' for m, v in moves.items())})"
                     for i, moves in labels_of(game, levels).items())


def deviation(game, who, where, levels):
    first = 4 * PLAYERS.index(who)
    return ", ".join(f"{m}={game.labels[who][k][where[k]]}" for k, m in enumerate(MOVES)
                     if where[k] != levels[first + k])


def strict_enough(found):
    return [e for e in found if e[2] <= ROUND]


def solve(game, settings, json_file):
    par = values_of_parameters(settings)
    found = equilibria(par, game)
    exact = strict_enough(found)
    number = int(np.prod(game.counts))
    print(f"{game.name}: {number} profiles, {len(exact)} pure Nash equilibria")
    for levels, u, _ in exact:
        loss, who, where = smallest_loss(par, game, levels)
        print("\n" + one_line(game, levels))
        print("  levels   " + " ".join(map(str, levels)))
        for i, value in zip(PLAYERS, u):
            print(f"  {i}  {value:.12g}")
        print(f"  least loss of a deviation {loss:.6g}: {who} to "
              + deviation(game, who, where, levels))
    for levels, u, regret in found:
        if regret > ROUND:
            print(f"\nnear, regret {regret:.3g}: {one_line(game, levels)}")
    if json_file:
        command = " ".join(["python3 tests/reference/rare_earth.py", game.name]
                           + [f"--set {s}" for s in settings] + [f"--json {json_file}"])
        with open(json_file, "w") as out:
            json.dump({"comment": "made by: " + command,
                       "equilibria": [{"profile": labels_of(game, levels, all_moves=True),
                                       "payoffs": dict(zip(PLAYERS, map(float, u)))}
                                      for levels, u, _ in exact]}, out, indent=2)
            out.write("\n")


def parse_levels(game, texts):
    if len(texts) != 16:
        sys.exit(f"a profile has 16 levels, not {len(texts)}")
    levels = []
    for k, text in enumerate(texts):
        labels = game.labels[PLAYERS[k // 4]][k % 4]
        if text in labels:
            levels.append(labels.index(text))
        elif text.isdigit() and int(text) < len(labels):
            levels.append(int(text))
        else:
            sys.exit(f"{PLAYERS[k // 4]}.{MOVES[k % 4]} has no level '{text}': {', '.join(labels)}")
    return levels


def point(texts, settings):
    game = VARIANTS[texts.pop(0)] if texts[0] in VARIANTS else VARIANTS["baseline"]
    values = [game.values[level] for level in parse_levels(game, texts)]
    par = values_of_parameters(settings)
    terms = payoff_terms(par, {i: values[4 * k:4 * k + 4] for k, i in enumerate(PLAYERS)})
    for i in PLAYERS:
        print(f"{i}  {float(sum(terms[i].values())):.12g}")
        for name, value in terms[i].items():
            if value != 0:
                print(f"      {float(value):+18.9f}  {name}")


def replies(game, texts, settings):
    """What each player gains by changing one move alone, or by its best strategy."""
    levels = parse_levels(game, texts)
    par = values_of_parameters(settings)
    regret = 0.0
    for k, i in enumerate(PLAYERS):
        u = payoffs_of_replies(par, game, levels, k)
        own = tuple(levels[4 * k:4 * k + 4])
        gain = u - u[own]
        print(f"{i}  {float(u[own]):.12g}")
        for a, move in enumerate(MOVES):
            for level in range(game.counts[4 * k + a]):
                if level != own[a]:
                    alone = own[:a] + (level,) + own[a + 1:]
                    print(f"      {gain[alone]:+14.6f}  {move}={game.labels[i][a][level]}")
        best = np.unravel_index(gain.argmax(), gain.shape)
        text = ", ".join(f"{m}={game.labels[i][a][best[a]]}" for a, m in enumerate(MOVES)
                         if game.counts[4 * k + a] > 1)
        print(f"      {gain.max():+14.6f}  best reply: {text}")
        regret = max(regret, float(gain.max()))
    print("an equilibrium" if regret <= ROUND else f"no equilibrium: regret {regret:.6g}")


def with_share(name, at):
    """The settings that move one parameter. The shares of a market add to 1: the allied chain gives."""
    both = [f"share.JP.JP={0.89 - at!r}"] if name == "share.JP.CN" else []
    return [f"{name}={at!r}"] + both


def vary(game, prefixes, steps, refine, settings):
    solution = lambda extra: tuple(e[0] for e in strict_enough(
        equilibria(values_of_parameters(settings + extra), game)))
    names = {solution([]): "A"}

    def letter_at(name, at):
        number = len(names)
        letter = chr(ord("A") + number) if number < 26 else f"A{number}"
        return names.setdefault(solution(with_share(name, at)), letter)

    def between(name, a, left, b, right, width):
        """Points that bracket, to `width`, every change of letter met on the way from a to b."""
        if left == right or b - a <= width:
            return []
        middle = (a + b) / 2
        letter = letter_at(name, middle)
        return (between(name, a, left, middle, letter, width) + [(middle, letter)]
                + between(name, middle, letter, b, right, width))

    print(f"{game.name}, {steps} steps a range{', changes bisected' if refine else ''}; "
          "a letter is a set of equilibria, A the one at the default values")
    unmoved = []
    for name, entry in PARAMETERS.items():
        if not isinstance(entry, tuple):
            continue
        if prefixes and not any(name == p or name.startswith(p + ".") for p in prefixes):
            continue
        value, low, high = entry
        grid = sorted({low + (high - low) * k / steps for k in range(steps + 1)} | {float(value)})
        points = [(at, "A" if at == value else letter_at(name, at)) for at in grid]
        if refine:
            width = (high - low) * 1e-4
            for (a, left), (b, right) in list(zip(points, points[1:])):
                points += between(name, a, left, b, right, width)
            points.sort()
        runs = []
        for at, letter in points:
            if runs and runs[-1][0] == letter:
                runs[-1][2] = at
            else:
                runs.append([letter, at, at])
        if len(runs) == 1 and runs[0][0] == "A":
            unmoved.append(name)
        else:
            print(f"{name:12s} {value:8g}   "
                  + "   ".join(f"{letter}: {a:.5g}..{b:.5g}" for letter, a, b in runs), flush=True)
    print("\nno change at any point tried: " + (", ".join(unmoved) or "none"))
    for found, letter in names.items():
        print(f"\n{letter}  {len(found)} equilibria")
        for levels in found:
            print("   " + one_line(game, levels))


def stays(game, texts, prefixes, settings):
    levels = parse_levels(game, texts)

    def holds(name, at):
        par = values_of_parameters(settings + with_share(name, at))
        return smallest_loss(par, game, levels)[0] >= -ROUND

    print("the interval around the default in which the profile stays an equilibrium, and who leaves")
    everywhere = []
    for name, entry in PARAMETERS.items():
        if not isinstance(entry, tuple):
            continue
        if prefixes and not any(name == p or name.startswith(p + ".") for p in prefixes):
            continue
        value, low, high = map(float, entry)
        if not holds(name, value):
            sys.exit("the profile is no equilibrium at the defaults")
        ends = []
        for limit in (low, high):
            inside, outside = value, None
            for k in range(1, 201):
                at = value + (limit - value) * k / 200
                if not holds(name, at):
                    outside = at
                    break
                inside = at
            if outside is None:
                ends.append((limit, ""))
                continue
            while abs(outside - inside) > 1e-6 * (high - low):
                middle = (inside + outside) / 2
                inside, outside = (middle, outside) if holds(name, middle) else (inside, middle)
            par = values_of_parameters(settings + with_share(name, outside))
            _, who, where = smallest_loss(par, game, levels)
            ends.append((inside, f"{who} to {deviation(game, who, where, levels)}"))
        if ends[0][1] or ends[1][1]:
            print(f"{name:12s} {value:8g} in {low:g}..{high:g}   {ends[0][0]:.6g} .. {ends[1][0]:.6g}"
                  + (f"   below: {ends[0][1]}" if ends[0][1] else "")
                  + (f"   above: {ends[1][1]}" if ends[1][1] else ""))
        else:
            everywhere.append(name)
    print("\nin the whole range: " + (", ".join(everywhere) or "none"))


def identities():
    par = values_of_parameters([])
    zero = [0] * 16

    def at(levels, settings=()):
        values = [THREE[level] for level in levels]
        terms = payoff_terms(values_of_parameters(list(settings)),
                             {i: values[4 * k:4 * k + 4] for k, i in enumerate(PLAYERS)})
        market = payoff_terms.market
        return {i: float(sum(t.values())) for i, t in terms.items()}, market

    def check(what, holds):
        print(("holds   " if holds else "FAILS   ") + what)
        return holds

    def profile(**moves):
        levels = list(zero)
        for name, value in moves.items():
            player, move = name.split("_", 1)
            levels[4 * PLAYERS.index(player) + MOVES.index(move)] = value
        return levels

    good = True
    u, m0 = at(zero)
    good &= check(f"no move: every payoff is 0 (largest {max(map(abs, u.values())):.3g})",
                  max(map(abs, u.values())) < 1e-10)
    good &= check("no move: every p, P and F is 1",
                  all(abs(v - 1) < 1e-14 for part in "pPF" for v in m0[part].values()))
    good &= check("no move: q = base * share",
                  all(abs(v - par["base." + j] * par[f"share.{j}.{s}"]) < 1e-12
                      for (j, s), v in m0["q"].items()))
    random = np.random.default_rng(1)
    worst = 0.0
    for _ in range(500):
        _, m = at(list(random.integers(0, 3, 16)))
        for j in MARKETS:
            spent = sum(m["p"][j, s] * m["q"][j, s] for s in SOURCES)
            told = par["base." + j] * m["P"][j] ** (1 - par["eps"])
            worst = max(worst, abs(spent / told - 1))
    good &= check(f"sum over s of p*q = base * P^(1-eps), 500 profiles (largest {worst:.3g})",
                  worst < 1e-13)
    _, embargo = at(profile(CN_export_control=2))
    good &= check("an embargo raises P[US] and P[JP], not P[CN]",
                  all(embargo["P"][j] > 1 for j in IMPORTERS) and embargo["P"]["CN"] == 1)
    for j in IMPORTERS:
        # the store alone: subsidies also lower the home chain's cost, so they are switched off here
        off = [f"aidmax.{j}=0"]
        levels = [at(profile(**{"CN_export_control": 2, f"{j}_subsidy": k}), off)[1]["P"][j]
                  for k in range(3)]
        good &= check(f"an embargo raises P[{j}] less with more stock: "
                      + ", ".join(f"{v:.6f}" for v in levels), levels[0] > levels[1] > levels[2])
    _, subsidy = at(profile(US_subsidy=2))
    good &= check("a US subsidy lowers China's share in the US and among importers",
                  subsidy["dep"]["US"] < m0["dep"]["US"] and subsidy["world"] < m0["world"])
    no_reach = [f"reach.{j}=0" for j in MARKETS]
    worst = 0.0
    for us, cn, jp, vn in itertools.product(range(3), repeat=4):
        _, m = at(profile(US_capacity_transfer=us, CN_capacity_transfer=cn, JP_capacity_transfer=jp,
                          VN_capacity_transfer=vn), no_reach)
        worst = max([worst] + [abs(v - 1) for v in m["P"].values()])
    good &= check("with reach = 0, capacity moves alone leave every P at 1", worst < 1e-14)
    return good


def main():
    top = argparse.ArgumentParser(description=__doc__,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = top.add_subparsers(dest="command", required=True)
    for variant in ("coarse", "baseline"):
        one = sub.add_parser(variant)
        one.add_argument("--json")
        one.add_argument("--set", action="append", default=[])
    one = sub.add_parser("point")
    one.add_argument("levels", nargs="+", metavar="[fine] L")
    one.add_argument("--set", action="append", default=[])
    one = sub.add_parser("replies")
    one.add_argument("variant", choices=VARIANTS)
    one.add_argument("levels", nargs="+")
    one.add_argument("--set", action="append", default=[])
    one = sub.add_parser("stays")
    one.add_argument("variant", choices=VARIANTS)
    one.add_argument("levels", nargs="+")
    one.add_argument("--only", action="append", default=[])
    one.add_argument("--set", action="append", default=[])
    one = sub.add_parser("vary")
    one.add_argument("variant", choices=("coarse", "baseline"))
    one.add_argument("--only", action="append", default=[])
    one.add_argument("--steps", type=int, default=10)
    one.add_argument("--refine", action="store_true")
    one.add_argument("--set", action="append", default=[])
    sub.add_parser("identities")
    args = top.parse_args()
    game = VARIANTS.get(getattr(args, "variant", args.command))
    if args.command in ("coarse", "baseline"):
        solve(game, args.set, args.json)
    elif args.command == "point":
        point(args.levels, args.set)
    elif args.command == "vary":
        vary(game, args.only, args.steps, args.refine, args.set)
    elif args.command == "stays":
        stays(game, args.levels, args.only, args.set)
    elif args.command == "replies":
        replies(game, args.levels, args.set)
    elif not identities():
        sys.exit(1)


if __name__ == "__main__":
    main()
