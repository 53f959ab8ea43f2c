/* Splitting a payoff into summands that depend on fewer moves each. */
#ifndef DT_FORMULA_SPLIT_H
#define DT_FORMULA_SPLIT_H

#include "formula/dag.h"

enum { DT_MOST_PARTS = 32 };

/* Finds nodes part[0] … part[*parts - 1] (at most DT_MOST_PARTS) that add up to `root` wherever it
 * has a value, each depending on fewer moves where that can be had: sums are taken apart, and
 * products and quotients distributed over them. New nodes are added to the graph; no part's moves
 * contain another's, but where one depends on none of the moves `own` and the other does. *parts is
 * 1, and part[0] the root, where nothing is gained. DT_OK or DT_ERR_MEMORY. */
dt_status dt_split(dt_dag *dag, uint32_t root, uint64_t own, uint32_t *part, size_t *parts);

#endif
