/* One thread's search for joint deviations: shared by joint.c and judge.c.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_JUDGE_H
#define DT_EQUILIBRIUM_JUDGE_H

#include "equilibrium/coalitions/joint.h"

/* The search of one coalition from one profile. Credible deviations are searched for from within
 * one another, each smaller coalition in a frame of its own. */
typedef struct dt_frame {
    uint64_t coalition;
    size_t members;
    size_t member[DT_MAX_PLAYERS];
    size_t over;                     /* the member with the most strategies: rows run over his */
    uint64_t rows;                   /* joint strategies of the other members */
    uint32_t before[DT_MAX_PLAYERS]; /* the profile deviated from */
    uint32_t at[DT_MAX_PLAYERS];     /* the row that is looked at */
    /* by player: the payoff before, in doubles, and exactly as far as it was needed */
    double value[DT_MAX_PLAYERS], bound[DT_MAX_PLAYERS];
    bool ready[DT_MAX_PLAYERS];
    dt_exact exact[DT_MAX_PLAYERS];
    uint32_t room; /* lanes of a row */
    double *row_value, *row_bound;
    uint8_t *state; /* lanes */
} dt_frame;

typedef struct dt_judge {
    const dt_game *game;
    dt_workspace *workspace;
    dt_joint_kind kind;
    const dt_control *control;
    dt_frame *frame[DT_MAX_PLAYERS + 1]; /* by depth; NULL: not needed so far */
    dt_exact other;
} dt_judge;

dt_status dt_judge_init(dt_judge *judge, const dt_game *game, dt_joint_kind kind,
                        const dt_control *control);
void dt_judge_clear(dt_judge *judge);

/* Prepares the frame of that depth for a coalition and a profile. */
dt_status dt_judge_enter(dt_judge *judge, size_t depth, uint64_t coalition, const uint32_t *before);
/* Looks at row `row` of that frame. *found is true with the first lane that is a deviation, unknown
 * where there is none but some lane could not be decided. */
dt_status dt_judge_row(dt_judge *judge, size_t depth, uint64_t row, dt_truth *found,
                       uint32_t *lane);
/* Is the coalition of the frame better off, by the judge's kind, at `after`? */
dt_status dt_judge_profile(dt_judge *judge, size_t depth, const uint32_t *after, dt_truth *better);

#endif
