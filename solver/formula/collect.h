/* Rewriting a payoff so that interval arithmetic loses less: each quantity should occur once. */
#ifndef DT_FORMULA_COLLECT_H
#define DT_FORMULA_COLLECT_H

#include "formula/dag.h"

/* Gives in *out a node that equals `root` at every profile at which root has a value: like factors
 * of sums are collected (x a + x b = x (a + b)), powers of one base joined (x^0.3 / x = x^-0.7),
 * and c max(a, b) + d min(a, b) becomes d (a + b) + (c - d) max(a, b). Faults may be lost: use it
 * where root is known to have a value everywhere. DT_OK or DT_ERR_MEMORY. */
dt_status dt_collect(dt_dag *dag, uint32_t root, uint32_t *out);

#endif
