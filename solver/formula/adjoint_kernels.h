/* Partial derivatives of one operation, and how they pull adjoints back: see adjoint.h. */
#ifndef DT_FORMULA_ADJOINT_KERNELS_H
#define DT_FORMULA_ADJOINT_KERNELS_H

#include "formula/difference_kernels.h"

/* Balls lane by lane: DT_WIDE middles, then as many radii. */
typedef double dt_balls[2 * DT_WIDE];

/* What a vector step carries back: the adjoint after the change, and its difference to that before
 * it. A scalar step carries the difference only. */
typedef struct dt_adjoints {
    dt_balls after, gain;
} dt_adjoints;

/* The derivative of an operation by an operand: before and after the change, and the difference. */
typedef struct dt_partial {
    dt_balls before, after, gain;
} dt_partial;

/* Where an operation jumps, or its derivative is not to be had, its value itself is taken for a
 * free one: how wide its hulls before the change and of the difference are. Else zeros. */
typedef struct dt_jump {
    double before[DT_WIDE], gain[DT_WIDE];
} dt_jump;

/* A factor's derivative is the other factor; a quotient's is a product of 1/b and perhaps -z. */
void dt_partial_itself(dt_trace a, dt_partial *by);
void dt_partial_reciprocal(dt_trace a, dt_partial *by);
/* Of any other vector z = op(a, b), by operands 0, 1, 2. `steady`: b depends on no move. Gives true
 * where some lane jumps. */
bool dt_partials(dt_op op, bool steady, dt_trace z, dt_trace a, dt_trace b, dt_partial *by,
                 dt_jump *jump);

/* The ball of a scalar. */
void dt_scalar_ball(dt_trace a, double *m, double *r);
/* Of a scalar: middles and radii of the derivatives; the width of the value's hull where it jumps,
 * else 0. */
typedef struct dt_scalar_partials {
    double m[3], r[3], jump;
} dt_scalar_partials;
void dt_scalar_partials_of(dt_op op, bool steady, dt_trace z, dt_trace a, dt_trace b,
                           dt_scalar_partials *by);

void dt_negate(dt_adjoints *adjoints);
/* to += from × by, of vectors; and where `to` belongs to a scalar. */
void dt_pull(const dt_adjoints *from, const dt_partial *by, dt_adjoints *to);
void dt_pull_to_scalar(const dt_adjoints *from, const dt_partial *by, double *to);
/* The same for a derivative m ± r that no change touches; the last between scalars. */
void dt_pull_constant(const dt_adjoints *from, double m, double r, dt_adjoints *to);
void dt_pull_scalar(const double *from, double m, double r, double *to);

/* How far a jump may carry the gain, lane by lane. */
void dt_add_jump(const dt_adjoints *from, const dt_jump *jump, double *reach);
void dt_add_scalar_jump(const double *from, double jump, double *reach);

#endif
