/* Vectors of lanes, as the kernels see them. */
#ifndef DT_FORMULA_LANES_H
#define DT_FORMULA_LANES_H

#include <stdbool.h>
#include <stddef.h>

/* A vector of balls: |x[i] - true| <= y[i]. A scalar has one entry. y is NULL for a result whose
 * error is not kept. */
typedef struct dt_lanes {
    double *x, *y;
    bool scalar;
} dt_lanes;

#endif
