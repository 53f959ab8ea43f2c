/* One point of a sweep: its game built and solved, and its rows. SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_POINT_H
#define DT_SWEEP_POINT_H

#include "deterra/sweep.h"
#include "sweep/columns.h"

/* What all points of a sweep share: the game at the scenario's own values, whose players and moves
 * they all have, and the names of what is solved for. */
typedef struct dt_frame {
    const dt_sweep *sweep;
    dt_game *game;
    dt_game *open; /* the game with the sweep's parameters open; NULL where it must be built anew
                      at each point, since they decide what is feasible or what sums run over */
    struct dt_observables *records; /* formulas with the parameters open; NULL as above, or none */
    const dt_text **record_text;    /* sweep->keep.formulas */
    const char **concept_label;     /* sweep->concepts: "epsilon-nash:regret=0.5" */
    size_t moves;                   /* of several levels, of all players */
    dt_columns columns;             /* of the rows */
} dt_frame;

/* Builds the game and compiles the records once, to find what is wrong with them: DT_ERR_INPUT. To
 * be cleared also after errors. */
dt_status dt_frame_init(dt_frame *frame, const dt_sweep *sweep, dt_diag *diag);
void dt_frame_clear(dt_frame *frame);
/* The formulas of the records with these values of the sweep's parameters (axes; NULL: the
 * scenario's). Errors go to diag. */
dt_status dt_frame_records(const dt_frame *frame, const dt_game *game,
                           const dt_substitute *substitute, dt_diag *diag,
                           struct dt_observables **out);

/* Solves the point of these parameter values (axes) and appends its rows to `batch`, that of
 * DT_SHEET_POINTS last. A point that cannot be solved is such a row too, with its message, and
 * *failed is true. DT_ERR_INTERRUPTED and DT_ERR_MEMORY leave no row. Any number of threads may
 * call it, each with a batch of its own. */
dt_status dt_point_solve(const dt_frame *frame, uint64_t index, const fmpq *value,
                         const dt_control *control, dt_batch *batch, bool *failed);

#endif
