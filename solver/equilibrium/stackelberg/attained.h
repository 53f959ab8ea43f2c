/* Is a pessimistic value attained by a commitment? SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_ATTAINED_H
#define DT_EQUILIBRIUM_ATTAINED_H

#include "equilibrium/stackelberg/payoffs.h"

/* Looks for a commitment x to which `reply` is best and after which every best reply pays the
 * leader at least `value`. The commitments to which `reply` is best and whose twins pay `value` are
 * a polytope P. On it some other replies are as good as `reply` everywhere: these are forced, and
 * must pay `value` too, which cuts P down; then again, until none is new. Where P is not empty at
 * the end, a point of its relative interior has no best replies but those that pay. Each step is
 * one linear program, proved exactly, over the cone of P: each reply that is not forced adds 1 to
 * the objective (after Freund, Roundy and Todd 1985). At most n steps. Payoffs must be rational.
 * *found tells; x has m entries and is set where it is true. *decided is false where a program
 * could not be proved. */
dt_status dt_commitment_attained(const dt_commitment *c, uint32_t reply, const fmpq_t value,
                                 const volatile sig_atomic_t *stop, bool *decided, bool *found,
                                 fmpq *x);

#endif
