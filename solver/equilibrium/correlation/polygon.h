/* The polygon of the expected payoffs of two players over all (coarse) correlated equilibria.
 * SPDX: GPL-3.0-or-later
 *
 * The equilibria are a polytope and payoffs are linear, so the payoffs of two players fill a convex
 * polygon. It is found from the outside in: extreme points in the four directions of the axes, then
 * the optimum in the outward normal of each edge between neighbours, until no edge can be moved
 * (the projection of a polytope; Lassez and Lassez 1992). Optima are exact, so are the corners, and
 * that there are no others is proven by the last optimum of each edge. */
#ifndef DT_EQUILIBRIUM_CORRELATION_POLYGON_H
#define DT_EQUILIBRIUM_CORRELATION_POLYGON_H

#include "equilibrium/correlation/correlation.h"

/* A point that an equilibrium attains. */
typedef struct dt_corner {
    fmpq at[2]; /* of an irrational game: near it */
    dt_correlated answer;
} dt_corner;

typedef struct dt_polygon {
    size_t axis[2];
    size_t count, room;
    dt_corner **corner; /* against the clock, the first the lowest of the leftmost; no three on a
                           line */
    bool exact;         /* rational points, compared in rationals */
    bool complete;      /* no edge was left out */
} dt_polygon;

/* To be cleared also after errors. Time: an optimum for each corner and each edge. */
dt_status dt_polygon_find(dt_correlation *c, size_t x, size_t y, dt_polygon *out);
void dt_polygon_clear(dt_polygon *polygon);

#endif
