/* What some players can guarantee to the sum of their payoffs against all others together: max over
 * mixed joint strategies x of the least of sum x_s u(s, r) over the others' profiles r (von Neumann
 * 1928), by an LP with generated rows and columns, and its proof. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_GUARANTEE_H
#define DT_EQUILIBRIUM_GUARANTEE_H

#include "deterra/concept.h"

typedef struct dt_guarantee {
    size_t support;
    uint64_t *strategy; /* support: joint strategies of the team (game/team.h), ascending */
    fmpq *weight;       /* support: an optimal strategy, positive, sums to 1 */
    bool exact;         /* the value is rational and proven: `value`; else `ball` encloses it */
    fmpq_t value;
    arb_t ball;
} dt_guarantee;

/* Finds and proves the guarantee of `team`, a bit for each member, one at least. A game whose
 * deciding payoffs are rational gets the exact value: the final LP's basis is solved in rationals,
 * and every row and every column of the game is checked against it. Otherwise, or where the exact
 * step is too long, `ball` is a rigorous enclosure: its lower end is what `weight` itself secures
 * over all rows, its upper end what the others can hold the team to with a mixture taken from the
 * LP's dual.
 *
 * The LP holds some joint strategies of each side (McMahan, Gordon and Blum 2003). Best answers to
 * its solution are looked for by changing one player's strategy at a time, and, when that finds
 * none, among all; a best answer needs the payoffs of the other side's support only.
 *
 * To be cleared also after errors. Deterministic for any number of threads. Time: some visits of
 * support × the other side's joint strategies; memory: the rows and columns generated, some
 * hundreds. */
dt_status dt_guarantee_find(const dt_game *game, uint64_t team, const dt_control *control,
                            dt_diag *diag, dt_guarantee *out);
void dt_guarantee_clear(dt_guarantee *guarantee);

/* The guarantee of one player as an entry of a result. */
dt_status dt_guarantee_report(const dt_guarantee *guarantee, size_t player, dt_result_list *list,
                              dt_security *out);

/* Finds and reports the guarantees of players first … end - 1 into a result of security levels. */
dt_status dt_guarantee_results(const dt_solve_call *call, size_t first, size_t end,
                               dt_result *result);

/* What a guarantee visits, about, in payoffs, and the bytes it takes. */
double dt_guarantee_work(const dt_game *game, uint64_t team);
double dt_guarantee_memory(const dt_game *game, uint64_t team);

#endif
