/* One operation over many lanes, in doubles with a running error bound. */
#ifndef DT_FORMULA_KERNELS_H
#define DT_FORMULA_KERNELS_H

#include "formula/dag.h"
#include "formula/lanes.h"

/* z = op(a, b, c) over n lanes of balls. Where z.y is NULL only the values are computed: for steps
 * that are known to be without rounding, and for plans with one bound for all profiles. Otherwise a
 * value that does not exist, or that the bounds cannot hold, gets a bound that is infinite or NaN.
 * Every libm call is charged 16 ulp (glibc states 4 for its vector versions); tests/test_kernels.c
 * samples them against Arb. */
void dt_kernel(dt_op op, size_t n, const dt_lanes *z, const dt_lanes *a, const dt_lanes *b,
               const dt_lanes *c);

#endif
