/* All extreme equilibria of a bimatrix game by enumeration of vertices. SPDX: GPL-3.0-or-later
 *
 * P = {x >= 0 : B'x <= 1} is the best-reply polytope of the player with fewer strategies (payoffs
 * are positive): a vertex but the origin is a mixed strategy, up to its scale, with all best
 * replies to it. All vertices are visited by a breadth-first search over lexicographically feasible
 * bases, level by level: the graph of the perturbed polytope is connected, and every vertex of P
 * has such a basis, so a set of bases that holds the origin's and all neighbours of its own is all
 * of them (Avis and Fukuda 1992; von Stengel 2002). At each vertex the complementary face of the
 * other player's polytope is looked up (dt_face_vertices): its vertices are the extreme equilibria
 * with this strategy (Mangasarian 1964; Avis, Rosenberg, Savani and von Stengel 2010). */
#ifndef DT_EQUILIBRIUM_SEARCH_H
#define DT_EQUILIBRIUM_SEARCH_H

#include "equilibrium/mixed/bimatrix.h"
#include "equilibrium/mixed/pairs.h"

/* What an equilibrium takes besides its strategies: to be told and put into subsets. */
enum { DT_MIXED_PAIR_BYTES = 256 };

typedef struct dt_mixed_search {
    const dt_bimatrix *game;
    const dt_control *control; /* or NULL */
    bool exact_only;           /* no estimates: slow, for tests */
    uint64_t most_bytes;       /* of the visited set, the bases in hand and the equilibria */
    /* what was found */
    dt_pairs pairs;         /* sorted: the same for any number of threads */
    uint64_t bases;         /* visited */
    uint64_t by_integers;   /* of them not decided by estimates alone */
    _Atomic bool too_large; /* most_bytes did not do; the status is DT_ERR_INPUT */
} dt_mixed_search;

/* Fills the lower half of `search`; to be cleared also after errors. Time grows exponentially with
 * the smaller side: about 2.2^n / 2 bases for n × n random games, a few microseconds each; memory
 * about 20 bytes a basis. */
dt_status dt_mixed_search_run(dt_mixed_search *search);
/* About how many bases a random game of m and n strategies has: fitted to games of integers from 0
 * to 999, within a factor of 4 for 6 to 20 strategies a side. */
double dt_expected_bases(size_t m, size_t n);
void dt_mixed_search_clear(dt_mixed_search *search);

#endif
