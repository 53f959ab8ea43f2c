/* One operation on changes: hulls before, after, and of the difference. */
#ifndef DT_FORMULA_DIFFERENCE_KERNELS_H
#define DT_FORMULA_DIFFERENCE_KERNELS_H

#include "formula/dag.h"
#include "formula/lanes.h"

enum { DT_WIDE = 8 }; /* changes at a time */

/* A step's hulls. A vector has six runs of `wide` numbers: low and high before, low and high after,
 * low and high of the difference. A scalar, which no change touches, has its low and high only. */
typedef struct dt_trace {
    double *v;
    bool scalar;
} dt_trace;

/* Is it a constant, but perhaps for the rounding of one? */
bool dt_trace_is_constant(dt_trace a);

/* z = op(a, b, c) over n lanes. `exact` promises that the operation rounds nothing. */
void dt_difference_kernel(dt_op op, bool exact, size_t wide, size_t n, dt_trace z, dt_trace a,
                          dt_trace b, dt_trace c);

#endif
