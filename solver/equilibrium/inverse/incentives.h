/* The gains of all deviations as affine functions of some parameters, exactly, and as a pair of
 * linear programs around them. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_INCENTIVES_H
#define DT_EQUILIBRIUM_INCENTIVES_H

#include "equilibrium/inverse/movable.h"
#include "equilibrium/inverse/shift_lp.h"

/* A move of a parameter: one column of the program. */
typedef struct dt_shift_move {
    uint32_t parameter; /* among the movable ones */
    int direction;      /* 1: upwards, -1: downwards */
} dt_shift_move;

typedef struct dt_incentives {
    dt_inverse *q;
    const dt_movables *movable;
    dt_game *open; /* the game with these parameters open */
    dt_workspace *workspace;
    dt_exact_context *context;
    size_t rows;
    size_t *player;     /* rows */
    uint32_t *strategy; /* rows */
    dt_exact *gain;     /* rows: as things are */
    dt_exact *slope;    /* rows × movable: of the gain by the parameter */
    size_t moves;
    dt_shift_move *move; /* those that have room and touch some gain */
    bool rational;       /* gains and slopes all are */
} dt_incentives;

/* Reads them. DT_ERR_INPUT with a message for each part of a formula that is not linear. Players ×
 * strategies exact evaluations. To be cleared also after errors. */
dt_status dt_incentives_read(dt_inverse *q, const dt_movables *movable, dt_incentives *out);
void dt_incentives_clear(dt_incentives *in);

/* Two programs with fractions for what is irrational: what solves `safe` deters, and what deters
 * solves `loose`; since moves are not negative, it is enough to round coefficients and needs down
 * and up. They are the same where all is rational. */
typedef struct dt_shift_pair {
    dt_shift_lp safe, loose;
    size_t rows, moves;
    fmpq *coefficient[2], *need[2]; /* safe, loose */
    fmpq *cap, *weight;             /* moves */
    bool *capped;
} dt_shift_pair;

/* By enclosures of `precision` bits. To be cleared also after errors. */
dt_status dt_incentives_enclose(dt_incentives *in, slong precision, dt_shift_pair *out);
void dt_shift_pair_clear(dt_shift_pair *pair);

#endif
