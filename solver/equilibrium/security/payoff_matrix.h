/* A part of the matrix game of a team against all others: the joint strategies that a linear
 * program holds, and the team's payoffs there. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_PAYOFF_MATRIX_H
#define DT_EQUILIBRIUM_PAYOFF_MATRIX_H

#include "deterra/game.h"
#include "game/team.h"

/* The joint strategies of one side that are in. */
typedef struct dt_matrix_side {
    uint64_t team;
    uint64_t strategies; /* all there are */
    size_t count, room;
    uint64_t *index;   /* count: joint strategies (game/team.h), in the order of their coming */
    uint64_t *sorted;  /* count: the same, ascending */
    uint32_t *profile; /* count × players: entries of the team's members */
} dt_matrix_side;

enum { DT_MATRIX_COLUMNS, DT_MATRIX_ROWS };

/* Columns are the team's joint strategies, rows the others'. Entries are the sum of the team
 * members' payoffs, as doubles near them. */
typedef struct dt_payoff_matrix {
    const dt_game *game;
    dt_matrix_side side[2];
    double **value;  /* rows: columns each, finite */
    fmpq **rational; /* rows: as many columns as known[row] says */
    size_t *known;
    dt_workspace *workspace, *row_workspace;
} dt_payoff_matrix;

/* To be cleared also after errors. */
dt_status dt_payoff_matrix_init(dt_payoff_matrix *m, const dt_game *game, uint64_t team);
void dt_payoff_matrix_clear(dt_payoff_matrix *m);
bool dt_matrix_side_has(const dt_matrix_side *side, uint64_t index);
/* Its place among those that are in; `count` where it is not. O(count). */
size_t dt_matrix_side_find(const dt_matrix_side *side, uint64_t index);
/* Adds those of the joint strategies that are not in; *added (may be NULL) says how many. A new
 * row takes some rows of payoffs over one member of the team, as does, for each row, a new column.
 */
dt_status dt_payoff_matrix_add(dt_payoff_matrix *m, int side, const uint64_t *index, size_t count,
                               size_t *added);
/* The exact entry. */
dt_status dt_payoff_matrix_exact(dt_payoff_matrix *m, size_t row, size_t column, dt_exact *payoff);
/* Makes all entries known as rationals; *all is false where one is not rational. */
dt_status dt_payoff_matrix_rationals(dt_payoff_matrix *m, const volatile sig_atomic_t *stop,
                                     bool *all);

#endif
