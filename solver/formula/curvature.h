/* How other moves bend what a change does: the second order of solver/formula/difference.h.
 *
 * For a change m of a player's move and an open move k (one with several levels in the box), every
 * step carries two balls more: its *slope*, the difference that moving k from its base level makes,
 * per unit of k; and its *bend*, the difference that m makes to that slope. All hold for every
 * profile of the box. They go through the operations as derivatives and mixed derivatives do, by
 * mean value forms (Hansen and Walster 2004, ch. 7, for derivatives; here for differences between
 * levels), so that a gain can be expanded around one profile of the box: what all terms of a payoff
 * have in common cancels in the bends, where it would widen hulls of the gain itself. */
#ifndef DT_FORMULA_CURVATURE_H
#define DT_FORMULA_CURVATURE_H

#include "formula/difference_kernels.h"

enum { DT_WIDE = 8 }; /* changes at a time */

/* What an operand or result brings: its hulls, and its slopes and bends by open move. */
typedef struct dt_curve {
    dt_trace trace;
    uint64_t moves;            /* on which it depends */
    const unsigned char *rank; /* by move: how many of these come before it */
    double *by_move; /* for each of these in turn: of a vector, middle and radius of the slope, then
                        of the bend, DT_WIDE lanes each; of a scalar, those of the slope only */
} dt_curve;

/* Doubles that by_move takes. */
size_t dt_curve_room(uint64_t moves, bool scalar);
/* Fills the 64 entries of a curve's rank. */
void dt_curve_rank(uint64_t moves, unsigned char *rank);
/* The slope (and behind it the bend) by one of the curve's moves. */
double *dt_curve_by(const dt_curve *curve, int move);

/* Slopes and bends of z = op(a, b, c) by all moves of `open` that it depends on.
 * spacing[k] is the least distance between levels of move k. The traces must be there already. */
void dt_curve_step(dt_op op, uint64_t open, const double *spacing, const dt_curve *z,
                   const dt_curve *a, const dt_curve *b, const dt_curve *c);

#endif
