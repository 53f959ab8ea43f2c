/* The search for a guarantee: shared by guarantee*.c. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_GUARANTEE_SEARCH_H
#define DT_EQUILIBRIUM_GUARANTEE_SEARCH_H

#include "equilibrium/security/guarantee.h"
#include "equilibrium/shared/pool.h"
#include "equilibrium/shared/smallest.h"
#include "lp/lp.h"

/* The LP is that of matrix_lp.h, its row r the pool's; payoffs go in as (u - centre) / scale. */
typedef struct dt_search {
    const dt_game *game;
    size_t player;
    uint32_t strategies;
    const dt_control *control;
    dt_diag *diag;
    dt_restriction all;
    dt_pool pool;
    dt_lp *lp;
    size_t lp_rows; /* rows of the pool that are in the LP */
    double centre, scale;
    double *x; /* strategies: the LP's solution, sums to 1 about */
    double *y; /* rows of the pool: its dual, at least 0 */
    size_t y_room;
    double v;       /* in payoff units */
    fmpq *rational; /* pool.count × strategies, as far as rational_rows */
    size_t rational_rows;
} dt_search;

/* Rows added after a visit; rows that are evaluated in balls. */
enum { DT_SEARCH_ROWS = 128, DT_SEARCH_CLOSE = 8192 };

/* Reads the LP's final basis. */
void dt_search_basis(const dt_search *s, dt_lp_place *rows, dt_lp_place *columns);

/* Tries to prove the LP's optimum exactly and then over all rows. *proved tells; rows found that
 * break it are left in *broken (to be added, then to try again). */
dt_status dt_search_prove(dt_search *s, dt_guarantee *out, bool *proved, dt_smallest *broken);

/* The rigorous enclosure. Rows below what the LP allows for are left in *broken. */
dt_status dt_search_enclose(dt_search *s, dt_guarantee *out, dt_smallest *broken);

#endif
