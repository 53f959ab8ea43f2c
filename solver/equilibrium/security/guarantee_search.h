/* The search for a guarantee: shared by guarantee*.c and pricing.c. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_GUARANTEE_SEARCH_H
#define DT_EQUILIBRIUM_GUARANTEE_SEARCH_H

#include "equilibrium/security/guarantee.h"
#include "equilibrium/security/payoff_matrix.h"
#include "equilibrium/shared/smallest.h"
#include "game/mixture.h"
#include "lp/lp.h"

/* The LP is that of value_lp.h with the matrix's rows and columns as far as lp_count says; payoffs
 * go in as (u - centre) / scale. */
typedef struct dt_search {
    const dt_game *game;
    const dt_control *control;
    dt_diag *diag;
    dt_payoff_matrix matrix;
    dt_lp *lp;
    size_t lp_count[2]; /* columns, rows */
    double centre, scale;
    double low, high;  /* of the matrix's payoffs */
    double *weight[2]; /* the LP's solution: x over columns, y over rows; each sums to 1 about */
    double v;          /* in payoff units */
    dt_workspace **workspace; /* players: for descents over each */
} dt_search;

/* Joint strategies added after a visit. */
enum { DT_SEARCH_MOST = 128 };

/* What a progress bar says. */
#define DT_SEARCH_WHAT "profiles searched for guarantees"

/* The mixed strategy of a side, as a play against the other side: that side looks for what is
 * smallest, so the team's answers (to a play of the rows) are taken with a minus sign. Weights of 0
 * are left out. */
typedef struct dt_search_play {
    dt_mixture_play play;
    uint32_t *profile;
    double *weight;
    fmpq *exact; /* support: NULL where there are doubles only */
} dt_search_play;
/* `exact` (may be NULL) are the rationals that the weights stand for; else those of the LP are
 * taken, without what is next to nothing. To be cleared also after errors. */
dt_status dt_search_play_init(const dt_search *s, int side, const fmpq *exact,
                              dt_search_play *play);
void dt_search_play_clear(dt_search_play *play);

/* All joint strategies of a side are in. */
bool dt_search_complete(const dt_search *s, int side);

/* Offers to `found` answers of `side` to the LP's solution that pay it more than `slack` (in units
 * of scale) beyond the LP's value: by changing one member's strategy at a time from some starts, or
 * the best of all. */
dt_status dt_search_descend(dt_search *s, int side, double slack, dt_smallest *found);
dt_status dt_search_all(dt_search *s, int side, double slack, dt_smallest *found);

/* Reads the LP's final basis. */
void dt_search_basis(const dt_search *s, dt_lp_place *rows, dt_lp_place *columns);

/* Fills the guarantee's strategy from weights over the matrix's columns. */
dt_status dt_search_strategy(const dt_search *s, const fmpq *x, dt_guarantee *out);

/* Tries to prove the LP's optimum exactly and then over all rows and columns. *proved tells;
 * answers of each side that break it are left in broken[side] (to be added, then to try again). */
dt_status dt_search_prove(dt_search *s, dt_guarantee *out, bool *proved, dt_smallest *broken);

/* The rigorous enclosure. Answers that the LP does not allow for are left in broken[side]. */
dt_status dt_search_enclose(dt_search *s, dt_guarantee *out, dt_smallest *broken);

#endif
