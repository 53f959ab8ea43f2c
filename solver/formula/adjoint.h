/* How far the rest of a box of profiles may carry the gain of a change from that at one of them.
 *
 * Between the base profile and another one let all moves but the changed one go straight from level
 * to level. The gain then changes by the integral of its derivatives, which are the differences of
 * the payoff's derivatives after the change and before it, times the ways the moves go. Derivatives
 * are had in one sweep backwards over the payoff's steps, whatever the number of moves (Linnainmaa
 * 1976; Griewank and Walther 2008, ch. 3), in balls that hold for all profiles of the box: each
 * step's *adjoint*, the payoff's derivative by it, after the change and as a difference. What all
 * terms of a payoff have in common cancels there, where it would widen hulls of the gain itself.
 *
 * Kinks (max, min, abs) have derivatives that lie between those of both sides; jumps (comparisons,
 * undecided conditions) are values that may be anything in their hulls. */
#ifndef DT_FORMULA_ADJOINT_H
#define DT_FORMULA_ADJOINT_H

#include "deterra/game.h"
#include "formula/difference_kernels.h"
#include "formula/plan.h"

typedef struct dt_adjoint dt_adjoint;

/* For changes among the moves `own`; trace[step] will hold the hulls of the part's steps. The plan
 * and the traces must outlive it. NULL when out of memory. */
dt_adjoint *dt_adjoint_new(const dt_plan *plan, const dt_part_plan *part, const dt_trace *trace,
                           uint64_t own);
void dt_adjoint_free(dt_adjoint *adjoint);

/* Widens low and high, ends of the gains of count <= DT_WIDE changes at the profile `base`, to what
 * they may be in the box `set`, whose moves of several levels are `open`. Adds to blur[i × slots +
 * move] how much the move widened those of change i. `changed`: the moves whose sets are not those
 * of the last call. Cost: some forty operations for each step, operand and change. */
void dt_adjoint_widen(dt_adjoint *adjoint, const uint64_t *set, const uint64_t *base, uint64_t open,
                      uint64_t changed, const dt_change *change, size_t count, double *low,
                      double *high, double *const *blur);

#endif
