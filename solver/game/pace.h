/* How fast payoff rows are computed. */
#ifndef DT_GAME_PACE_H
#define DT_GAME_PACE_H

#include "deterra/concept.h"

/* Visits rows of each player over his own strategies, as solvers do, with the control's threads for
 * about `seconds` in all. *pace is then the seconds that a payoff takes, all threads together, in
 * the mean over the players. What dt_rows_visit returns. */
dt_status dt_rows_pace(const dt_game *game, const dt_control *control, double seconds,
                       dt_diag *diag, double *pace);

#endif
