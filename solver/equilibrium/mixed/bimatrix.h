/* A two-player game in integers: what vertex enumeration works on. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_BIMATRIX_H
#define DT_EQUILIBRIUM_BIMATRIX_H

#include "deterra/concept.h"
#include "game/restriction.h"

/* Player p's payoff when he plays i and the other plays j is
 * (entry[p][i * size[1 - p] + j] - shift[p]) / scale[p]; i and j count the strategies left. */
typedef struct dt_bimatrix {
    size_t size[2];
    fmpz *entry[2]; /* size[p] × size[1 - p], all at least 1 */
    fmpz shift[2], scale[2];
} dt_bimatrix;

/* Reads the payoffs that `left` leaves of a game of two players. DT_ERR_INPUT with a diagnostic at
 * `place` where one is not rational. Time: two exact payoffs a profile left. */
dt_status dt_bimatrix_read(const dt_game *game, const dt_restriction *left,
                           const dt_control *control, dt_place place, dt_diag *diag,
                           dt_bimatrix *out);
void dt_bimatrix_clear(dt_bimatrix *b);

#endif
