/* A basis' dictionary in doubles with proven error bounds: it decides nearly all pivots of a search
 * and says where it cannot. SPDX: GPL-3.0-or-later
 *
 * With G = M[C, S] for the nonbasic slacks C and the basic strategies S, and R = fl(G^-1), the
 * residual rho = |I - R G| (infinity norm, roundings included) bounds G^-1 X - R X by
 * rho / (1 - rho) |R X| column by column (Higham 2002, section 14.1; Rump 1983), and from it all
 * entries of the dictionary. Times det G, entries and the differences that ratio tests ask for are
 * whole numbers, so one whose bound is below 1/|det G| is zero: ties are proven, too. */
#ifndef DT_EQUILIBRIUM_ESTIMATE_H
#define DT_EQUILIBRIUM_ESTIMATE_H

#include <flint/fmpz.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

/* A payoff matrix in doubles, row by row, each entry within an ulp. */
typedef struct dt_rounded {
    size_t rows, columns;
    double *entry;
    double most; /* the largest */
} dt_rounded;

/* `usable` is false where numbers are too large for bounds in doubles. */
dt_status dt_rounded_init(dt_rounded *r, const fmpz *matrix, size_t rows, size_t columns,
                          bool *usable);
void dt_rounded_clear(dt_rounded *r);

typedef struct dt_estimate {
    const dt_rounded *m;               /* of the polytope {z >= 0 : M z <= 1}, rows × columns */
    size_t stride;                     /* of a row of `entry`, a multiple of 8 */
    size_t order;                      /* basic strategies */
    uint32_t *basic;                   /* rows: the variable of a row: first the basic strategies */
    uint32_t *nonbasic;                /* columns: first the nonbasic slacks */
    uint32_t *place;                   /* of a variable: its row, or rows + its column */
    double *entry;                     /* rows × stride; the right-hand side is column `columns` */
    double *upper_error, *lower_error; /* stride: of the rows below `order`, of the others */
    double det;                        /* not below |det G|; infinite where not known */
    double *inverse, *work;            /* scratch: squares of the larger side */
    double *lowest, *candidates, *best;
    uint32_t *rest; /* rows or columns that are not yet pivots */
} dt_estimate;

dt_status dt_estimate_init(dt_estimate *e, const dt_rounded *m);
void dt_estimate_clear(dt_estimate *e);

/* Goes to the basis of a key. false: nothing is known there. Time: order² × order multiplications
 * for the inverse, (rows - order) × order × columns for the rest. */
bool dt_estimate_at(dt_estimate *e, const uint64_t *key);
/* The leaving row of each column, or UINT32_MAX where undecided. */
void dt_estimate_leaving(dt_estimate *e, uint32_t *row);
/* Adds to `tight` the basic variables whose value is 0. false: undecided. */
bool dt_estimate_tight(const dt_estimate *e, uint64_t *tight);
/* Is it proven that no y >= 0 on e's nonbasic slacks makes all basic strategies best replies in the
 * payoffs `a` (columns × rows of M)? Only at a basis whose strategies are all played and where all
 * basic slacks are positive. */
bool dt_estimate_no_reply(dt_estimate *e, const dt_rounded *a);

#endif
