/* A two-player game in integers: what vertex enumeration works on. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_BIMATRIX_H
#define DT_EQUILIBRIUM_BIMATRIX_H

#include <flint/fmpq.h>

#include "deterra/concept.h"
#include "game/restriction.h"

/* Player p's payoff when he plays i and the other plays j is
 * low[p] + (entry[p][i * size[1 - p] + j] - 1) * unit[p]; i and j count the strategies left. */
typedef struct dt_bimatrix {
    size_t size[2];
    fmpz *entry[2]; /* size[p] × size[1 - p]; the least is 1, and no unit above 1 divides all others
                       less 1 */
    fmpq low[2], unit[2];
} dt_bimatrix;

/* Reads the payoffs that `left` leaves of a game of two players. DT_ERR_INPUT with a diagnostic at
 * `place` where one is not rational. Time: two exact payoffs a profile left. */
dt_status dt_bimatrix_read(const dt_game *game, const dt_restriction *left,
                           const dt_control *control, dt_place place, dt_diag *diag,
                           dt_bimatrix *out);
/* How many strategies of each player differ from all before them in either's payoffs. */
dt_status dt_bimatrix_distinct(const dt_bimatrix *b, size_t count[2]);
void dt_bimatrix_clear(dt_bimatrix *b);

#endif
