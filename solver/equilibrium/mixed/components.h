/* How extreme equilibria make up the set of all. SPDX: GPL-3.0-or-later
 *
 * Two strategies are joined where they make an equilibrium. The equilibria of a bimatrix game are
 * the union of the products conv(X) × conv(Y) over the maximal sets X, Y all of whose members are
 * joined, the maximal cliques of this bipartite graph: the maximal Nash subsets (Jansen 1981;
 * Winkels 1979). Its connected components are those of the set of equilibria (Avis, Rosenberg,
 * Savani and von Stengel 2010, section 4). */
#ifndef DT_EQUILIBRIUM_COMPONENTS_H
#define DT_EQUILIBRIUM_COMPONENTS_H

#include <signal.h>
#include <stdbool.h>

#include "equilibrium/mixed/pairs.h"

/* Of all subsets together: 160 MB, and as much text. */
enum { DT_MOST_SUBSET_ENTRIES = 20000000 };

typedef struct dt_subset {
    size_t component; /* from 1 */
    size_t count;
    size_t *pair; /* count: ascending */
} dt_subset;

typedef struct dt_components {
    size_t components;
    size_t *of; /* pairs: the component of each, numbered from 1 in order of their first pair */
    size_t subsets, room;
    dt_subset *subset; /* by component */
    size_t entries;    /* pairs in all subsets */
    bool too_many;     /* more than `most`, or too long lists: `subset` is not complete */
} dt_components;

/* Of sorted pairs. There may be exponentially many subsets, each takes time polynomial in the
 * component's size (Kuznetsov 1993, close by one). To be cleared also after errors. */
dt_status dt_components_find(const dt_pairs *pairs, size_t most, const volatile sig_atomic_t *stop,
                             dt_components *out);
void dt_components_clear(dt_components *c);

#endif
