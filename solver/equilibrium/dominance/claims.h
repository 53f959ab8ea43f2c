/* Claims that a mixture of a player's strategies pays more than another, whatever the others play.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_DOMINANCE_CLAIMS_H
#define DT_EQUILIBRIUM_DOMINANCE_CLAIMS_H

#include "equilibrium/dominance/dominance_round.h"

/* That the mixture dominates `place`. `broken` is made by the caller, who says how many rows he
 * wants to see. */
typedef struct dt_claim {
    uint32_t place;
    size_t supports;
    const uint32_t *support; /* supports: places */
    const double *rounded;   /* supports: weights, to the nearest double */
    const fmpq *weight;      /* supports; NULL: one support, of weight 1 */
    dt_smallest broken;      /* rows where it does not hold, by gain; some at least, if any */
    bool undecided;          /* could not be decided somewhere */
    bool settled;            /* holds, or is broken, or undecided: used within */
} dt_claim;

/* The gain in a row, from the payoffs of all the player's strategies, as far as doubles tell. */
dt_sign dt_claim_judge(const dt_part_round *part, const dt_claim *claim, const double *value,
                       const double *bound, double *gain);
/* The same exactly, the others playing `profile`. */
dt_status dt_claim_exactly(const dt_part_round *part, const dt_claim *claim,
                           dt_workspace *workspace, const uint32_t *profile, dt_sign *sign);

/* Decides claims over all rows of the game left. The answers, rows included, do not depend on the
 * number of threads. Cost: by boxes where the model has bounds over them (claim_boxes.c), for a
 * claim usually some dozens or hundreds of them; else one visit of all rows for all claims. */
dt_status dt_claims_decide(const dt_part_round *part, dt_claim *claim, size_t claims);

/* Settles claims by branch and bound over boxes of the others' profiles: those that take no longer
 * than by rows. */
dt_status dt_claims_by_boxes(const dt_part_round *part, dt_claim *claim, size_t claims);

#endif
