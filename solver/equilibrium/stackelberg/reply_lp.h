/* The linear program of one reply (Conitzer and Sandholm 2006): the most that the leader gets by a
 * commitment to which that reply is best. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_REPLY_LP_H
#define DT_EQUILIBRIUM_REPLY_LP_H

#include "equilibrium/stackelberg/payoffs.h"
#include "lp/proof.h"

/*   DT_REPLY_BEST      max v:  sum_i x_i a[i, k] >= v            for the replies k that v is of
 *                              sum_i x_i (b[i, j] - b[i, k]) >= 0 for all other replies k
 *   DT_REPLY_INTERIOR  max v:  sum_i x_i (b[i, j] - b[i, k]) >= v for all other replies k
 * over x >= 0 with sum x = 1, where a is the leader's payoff, b the follower's. v is of j alone, or
 * of all twins of j where the follower takes the worst of them for the leader. "Other" replies are
 * those that are no twins of j: these bring the follower nothing else. The second program is
 * positive where some x makes j and its twins strictly better than all others, which holds exactly
 * if the commitments to which j is best fill a part of the simplex of full dimension. */
typedef enum dt_reply_kind { DT_REPLY_BEST, DT_REPLY_INTERIOR } dt_reply_kind;

typedef struct dt_reply_lp {
    const dt_commitment *c;
    uint32_t reply;
    dt_reply_kind kind;
    bool worst_twin; /* v is of all twins */
    size_t rows;     /* of replies; LP row 0 is the sum, LP row 1 + r that of other[r] */
    uint32_t *other; /* rows */
} dt_reply_lp;

dt_status dt_reply_lp_init(dt_reply_lp *lp, const dt_commitment *c, uint32_t reply,
                           dt_reply_kind kind, bool worst_twin);
void dt_reply_lp_clear(dt_reply_lp *lp);

/* What GLPK says. */
typedef struct dt_reply_answer {
    dt_lp_outcome outcome;
    double value;  /* in payoffs */
    double *x;     /* m: at least 0 */
    double *price; /* rows: at least 0, in units in which bound = max over i of sum price × row */
    dt_lp_place *row_place, *column_place; /* rows + 1, m + 1 */
} dt_reply_answer;

/* A program of its own for the calling thread. DT_OK whatever the outcome. */
dt_status dt_reply_lp_solve(const dt_reply_lp *lp, const volatile sig_atomic_t *stop,
                            dt_reply_answer *answer);
void dt_reply_answer_clear(dt_reply_answer *answer);

/* A rigorous upper bound on the program's value from the prices, by doubles and their errors; NaN
 * or infinity where they say nothing. Any prices will do. O(m × rows). */
double dt_reply_lp_bound(const dt_reply_lp *lp, const double *price);

/* Solves the answer's basis exactly. `lean` is 0 for the payoffs as they are; where they have a
 * slack, -1 makes every payoff and incentive as small as it may be (the value is a lower bound, and
 * x meets the true program strictly), 1 as large (an upper bound). On DT_LP_PROVED, value is in
 * payoffs and x sums to 1. */
dt_status dt_reply_lp_prove(const dt_reply_lp *lp, dt_reply_answer *answer, int lean,
                            const volatile sig_atomic_t *stop, dt_lp_verdict *verdict, fmpq_t value,
                            fmpq *x);

#endif
