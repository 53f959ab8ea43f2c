/* What a player can guarantee against all others together: max over mixed strategies x of the
 * least of sum x_s u(s, r) over the others' profiles r (von Neumann 1928), by an LP with generated
 * rows, and its proof. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_GUARANTEE_H
#define DT_EQUILIBRIUM_GUARANTEE_H

#include "deterra/concept.h"

typedef struct dt_guarantee {
    uint32_t strategies;
    fmpq *weight; /* strategies: an optimal strategy, sums to 1 */
    bool exact;   /* the value is rational and proven: `value`; else `ball` encloses it */
    fmpq_t value;
    arb_t ball;
} dt_guarantee;

/* Finds and proves the guarantee of `player`. A game whose deciding payoffs are rational gets the
 * exact value: the final LP's basis is solved in rationals and every row of the game is checked
 * against it. Otherwise, or where the exact step is too long, `ball` is a rigorous enclosure: its
 * lower end is what `weight` itself secures over all rows, its upper end what the others can hold
 * the player to with a mixture taken from the LP's dual.
 * To be cleared also after errors. Deterministic for any number of threads.
 * Time: a visit of all rows to start, one or a few more to generate and one to prove; memory: the
 * rows generated, some hundreds. */
dt_status dt_guarantee_find(const dt_game *game, size_t player, const dt_control *control,
                            dt_diag *diag, dt_guarantee *out);
void dt_guarantee_clear(dt_guarantee *guarantee);

/* The guarantee as an entry of a result. */
dt_status dt_guarantee_report(const dt_guarantee *guarantee, size_t player, dt_result_list *list,
                              dt_security *out);

/* Finds and reports the guarantees of players first … end - 1 into a result of security levels. */
dt_status dt_guarantee_results(const dt_solve_call *call, size_t first, size_t end,
                               dt_result *result);

#endif
