/* Games in characteristic function form: what each coalition is worth, and how the worth of all may
 * be divided. Payoffs are transferable: a coalition's worth is one number that its members may
 * share as they like.
 *
 *     dt_coalition_game game;
 *     dt_coalition_game_init(&game, 3);
 *     fmpq_set_si(game.worth + 0b011, 1, 1);   the coalition of players 0 and 1 is worth 1
 *     …
 *     dt_division division;
 *     dt_coalition_divide(&game, NULL, NULL, &division);
 *     dt_division_clear(&division);
 *     dt_coalition_game_clear(&game);
 *
 * All is exact, in fractions. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_COALITION_H
#define DETERRA_COALITION_H

#include <arb.h>
#include <flint/fmpq.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "deterra/diag.h"
#include "deterra/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { DT_MOST_COALITION_PLAYERS = 12 };

/* Coalition c holds player i where bit i of c is set; worth[0] is not looked at: it is 0. */
typedef struct dt_coalition_game {
    size_t players; /* 1 to DT_MOST_COALITION_PLAYERS */
    fmpq *worth;    /* 2^players */
} dt_coalition_game;

/* All coalitions are worth 0. DT_ERR_USAGE for no players or too many. */
dt_status dt_coalition_game_init(dt_coalition_game *game, size_t players);
void dt_coalition_game_clear(dt_coalition_game *game);

/* The Shapley value (Shapley 1953): to each player the mean, over all orders in which the players
 * may arrive, of what he adds to those who are there. value[players] is initialised by the caller.
 * O(players × 2^players) operations on fractions. Its denominator may be as long as those of all
 * worths together: then balls (value[players] initialised) say as much. */
void dt_coalition_shapley(const dt_coalition_game *game, fmpq *value);
void dt_coalition_shapley_ball(const dt_coalition_game *game, slong precision, arb_ptr value);

/* Does the division give each coalition at least its worth, and all together theirs? */
bool dt_coalition_in_core(const dt_coalition_game *game, const fmpq *division);

typedef struct dt_division {
    size_t players;
    /* The nucleolus (Schmeidler 1969): of the divisions x of the worth of all that give nobody less
     * than he is worth alone, the one whose excesses v(S) - x(S), ordered from the largest, are
     * lexicographically least. Where no division does that (`rational` is false), the prenucleolus:
     * the same over all divisions of the worth of all. */
    fmpq *nucleolus; /* players */
    fmpq *prenucleolus;
    bool rational;
    /* The least core (Maschler, Peleg and Shapley 1979): the least e such that some x with x(N) =
     * v(N) has v(S) - x(S) <= e for every coalition S but the empty one and N. The core is not
     * empty exactly where e <= 0, and then holds the nucleolus. With one player there is no such S:
     * `has_excess` is false. */
    bool has_excess;
    fmpq_t excess;
    /* A balanced collection that proves it (Bondareva 1963, Shapley 1967): weights of coalitions
     * that add up to 1 at every player, 0 at those that are not in it; the sum of weight × worth
     * exceeds v(N) by e × the sum of weights. */
    fmpq *balance;   /* 2^players */
    size_t programs; /* linear programs solved */
} dt_division;

/* Nucleolus and least core by at most players - 1 linear programs (twice that where the
 * prenucleolus gives somebody less than he is worth alone), each proven in fractions. A program has
 * players + 1 rows and a column for each coalition, about; the coalitions with positive weight in
 * its dual solution have the same excess in all optimal divisions and are fixed, those whose share
 * is fixed by linear dependence are dropped (Potters, Reijnierse and Ansing 1996, Derks and Kuipers
 * 1997). `stop` and `diag` may be NULL. DT_ERR_MEMORY, DT_ERR_INTERRUPTED; DT_ERR_SOLVER with a
 * message where a program could not be solved or proven. To be cleared also after errors. */
dt_status dt_coalition_divide(const dt_coalition_game *game, const volatile sig_atomic_t *stop,
                              dt_diag *diag, dt_division *out);
void dt_division_clear(dt_division *division);

#ifdef __cplusplus
}
#endif
#endif
