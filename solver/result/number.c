/* Numbers as results print them: the nearest double, and the fraction or a radius. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/result.h"

/* The double nearest to q, ties to even. The precision rises until both ends of q's ball round to
 * the same double. That ends: a tie is dyadic, so its ball is exact once it holds all its bits, and
 * any other q lies off the ties by a positive distance. */
static double nearest_double(const fmpq_t q) {
    arb_t ball;
    arf_t low, high;
    arb_init(ball);
    arf_init(low);
    arf_init(high);
    double value = 0;
    for (slong precision = 128;; precision *= 2) {
        arb_set_fmpq(ball, q, precision);
        arb_get_lbound_arf(low, ball, precision);
        arb_get_ubound_arf(high, ball, precision);
        value = arf_get_d(low, ARF_RND_NEAR);
        if (value == arf_get_d(high, ARF_RND_NEAR))
            break;
    }
    arf_clear(high);
    arf_clear(low);
    arb_clear(ball);
    return value + 0.0; /* never -0 */
}

dt_status dt_number_from_fmpq(dt_result_list *list, const fmpq_t q, dt_number *out) {
    double value = nearest_double(q);
    if (!isfinite(value))
        return DT_ERR_INPUT;
    char *digits = fmpq_get_str(NULL, 10, q);
    const char *exact = digits ? dt_arena_copy(list->arena, digits, strlen(digits)) : NULL;
    if (digits)
        flint_free(digits);
    *out = (dt_number){value, 0, exact};
    return exact ? DT_OK : DT_ERR_MEMORY;
}

dt_status dt_number_from_exact(dt_result_list *list, dt_exact_context *context, const dt_exact *x,
                               dt_number *out) {
    if (dt_exact_is_rational(x))
        return dt_number_from_fmpq(list, x->rational, out);
    double radius = 0;
    double value = dt_exact_double(context, x, &radius);
    *out = dt_number_from_double(value, radius);
    return isfinite(value) && isfinite(radius) ? DT_OK : DT_ERR_INPUT;
}

dt_number dt_number_from_double(double value, double radius) {
    return (dt_number){value + 0.0, dt_radius_up(radius), NULL}; /* + 0.0: -0 becomes 0 */
}
