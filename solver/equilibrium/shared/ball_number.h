/* Enclosures as they are printed. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_BALL_NUMBER_H
#define DT_EQUILIBRIUM_BALL_NUMBER_H

#include "deterra/result.h"

/* The double nearest to the ball's middle, and a radius around that double that holds the whole
 * ball, rounded up. */
dt_number dt_number_from_ball(const arb_t ball);
/* A probability: as a fraction where it is wanted, or where it is 0 or 1. */
dt_status dt_number_from_weight(dt_result_list *list, const fmpq_t weight, bool fraction,
                                dt_number *out);
/* The strategies of positive weight, lowest first. */
dt_status dt_mixture_from_weights(dt_result_list *list, size_t strategies, const fmpq *weight,
                                  bool fraction, dt_mixture *out);

#endif
