/* Numbers as results print them: the nearest double, and the fraction or a radius. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/result.h"

dt_status dt_number_from_fmpq(dt_result_list *list, const fmpq_t q, dt_number *out) {
    double value = dt_fmpq_double(q, NULL);
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
