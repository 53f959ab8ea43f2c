/* Enclosures as they are printed: see ball_number.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/shared/ball_number.h"

#include "base/arena.h"

dt_number dt_number_from_ball(const arb_t ball) {
    if (arb_is_zero(ball) || arb_is_one(ball)) /* a sure thing, or an impossible one */
        return (dt_number){arb_is_one(ball), 0, arb_is_one(ball) ? "1" : "0"};
    double value = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    arb_t rest;
    arb_init(rest);
    arb_set_d(rest, value);
    arb_sub(rest, ball, rest, 256);
    mag_t size;
    mag_init(size);
    arb_get_mag(size, rest);
    double radius = mag_get_d(size); /* mag_get_d rounds up */
    mag_clear(size);
    arb_clear(rest);
    return dt_number_from_double(value, radius);
}

dt_status dt_number_from_weight(dt_result_list *list, const fmpq_t weight, bool fraction,
                                dt_number *out) {
    if (fraction || fmpz_is_one(fmpq_denref(weight)))
        return dt_number_from_fmpq(list, weight, out);
    arb_t ball;
    arb_init(ball);
    arb_set_fmpq(ball, weight, 256);
    *out = dt_number_from_ball(ball);
    arb_clear(ball);
    return DT_OK;
}

dt_status dt_mixture_from_weights(dt_result_list *list, size_t strategies, const fmpq *weight,
                                  bool fraction, dt_mixture *out) {
    *out = (dt_mixture){0};
    size_t support = 0;
    for (size_t s = 0; s < strategies; s++)
        support += !fmpq_is_zero(weight + s);
    out->weight = dt_arena_array(list->arena, support, sizeof *out->weight);
    if (!out->weight)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (size_t s = 0; s < strategies && status == DT_OK; s++) {
        if (fmpq_is_zero(weight + s))
            continue;
        out->weight[out->count].strategy = (uint32_t)s;
        status =
            dt_number_from_weight(list, weight + s, fraction, &out->weight[out->count].probability);
        out->count++;
    }
    return status;
}
