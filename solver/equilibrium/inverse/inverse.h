/* The smallest change that makes a pure profile an equilibrium: what the files of this room share.
 *
 * A deviation of player i to strategy s gains g(i, s) = u_i(s, a_-i) - u_i(a) at the profile a. The
 * profile is an equilibrium by a margin m when g(i, s) + m <= 0 for all of them; what is positive
 * of that is the deviation's *excess*. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_INVERSE_H
#define DT_EQUILIBRIUM_INVERSE_H

#include "deterra/certify.h"
#include "deterra/concept.h"

typedef struct dt_inverse {
    const dt_solve_call *call;
    const dt_game *game;
    uint32_t profile[DT_MAX_PLAYERS];
    bool most; /* the largest change is to be small, else the sum of all */
    fmpq_t margin;
    uint64_t deviations; /* of all players */
    uint64_t seen;       /* of these, for progress */
    dt_result *result;
} dt_inverse;

/* Payoffs may change: the player's own at the profile (a reward), those after deviations (a
 * threat), or both. In closed form: time and memory linear in the deviations. */
typedef enum dt_inverse_by { DT_BY_ANY, DT_BY_REWARD, DT_BY_THREAT } dt_inverse_by;
dt_status dt_inverse_payoffs(dt_inverse *q, dt_inverse_by by);

/* Parameters may change, within ranges: a linear program with a row for each deviation and two
 * columns for each parameter. */
dt_status dt_inverse_parameters(dt_inverse *q);

/* One deviation was looked at: progress, and DT_ERR_INTERRUPTED where the caller asks to stop. */
dt_status dt_inverse_step(dt_inverse *q);

/* A named value, a number. DT_ERR_INPUT with a message where it is beyond a double's range. */
dt_status dt_inverse_value(dt_inverse *q, const char *name, dt_number number);
dt_status dt_inverse_fmpq(dt_inverse *q, const fmpq_t x, dt_number *out);
dt_status dt_inverse_exact(dt_inverse *q, dt_exact_context *context, const dt_exact *x,
                           dt_number *out);

/* The table of deviations that bind, or that cannot be deterred: player, deviation, gain before,
 * and a last column, `price` or `weight`. NULL when out of memory. */
dt_named_table *dt_inverse_deviations(dt_inverse *q, const char *name, const char *title,
                                      const char *last);
dt_status dt_inverse_deviation(dt_inverse *q, dt_named_table *table, size_t player,
                               uint32_t strategy, dt_number gain, dt_number last);

/* What the check of the changed game says: its part of the answer, and the certificate where what
 * was computed is `proven`. */
dt_status dt_inverse_conclude(dt_inverse *q, const dt_verdict *verdict, dt_certificate proven);

#endif
