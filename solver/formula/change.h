/* What a step's trace holds lane by lane: hulls before a change, after it, and of the difference.
 */
#ifndef DT_FORMULA_CHANGE_H
#define DT_FORMULA_CHANGE_H

#include "formula/hull.h"

typedef struct change {
    hull before, after, gain;
} change;

/* Lane i of a trace whose runs are `wide` numbers long; and a trace that no change touches. */
#define DT_VECTOR_LANE(A, wide, i)                                                                 \
    ((change){{(A).v[i], (A).v[(wide) + (i)]},                                                     \
              {(A).v[2 * (wide) + (i)], (A).v[3 * (wide) + (i)]},                                  \
              {(A).v[4 * (wide) + (i)], (A).v[5 * (wide) + (i)]}})
#define DT_SCALAR_LANE(A) ((change){{(A).v[0], (A).v[1]}, {(A).v[0], (A).v[1]}, {0, 0}})

#endif
