/* The payoffs of a leader and one follower as whole numbers of a unit. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_COMMITMENT_PAYOFFS_H
#define DT_EQUILIBRIUM_COMMITMENT_PAYOFFS_H

#include <flint/fmpq.h>

#include "deterra/concept.h"

/* The number at [i * n + j] is what a player gets where the leader plays i and the follower j. It
 * is entry / unit within slack / unit: a common denominator and no slack where all payoffs are
 * rational, else a power of two and what balls and rounding leave open. */
typedef struct dt_side {
    fmpz *entry; /* m × n */
    fmpz_t unit, slack;
    double *value;        /* m × n: entry, rounded */
    double centre, scale; /* (value - centre) / scale is at most 1 in size */
} dt_side;

typedef struct dt_commitment {
    uint32_t m, n;
    dt_side leader, follower;
    /* n: the first reply that is worth the same to the follower whatever the leader does. */
    uint32_t *twin;
    bool rational;
    double budget; /* of each exact proof, as dt_lp_prove has it; 0: the default */
} dt_commitment;

/* Reads all payoffs, exactly. O(m n) exact payoffs, and comparisons of the replies that look alike.
 * To be cleared also after errors. */
dt_status dt_commitment_init(dt_commitment *c, const dt_solve_call *call, size_t leader,
                             size_t follower);
void dt_commitment_clear(dt_commitment *c);

/* sum over i of x_i × entry [i, j] as a payoff, without the slack. */
void dt_commitment_expect(const dt_commitment *c, const dt_side *side, const fmpq *x, uint32_t j,
                          fmpq_t out);

#endif
