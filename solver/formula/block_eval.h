/* Fast evaluation of one payoff over boxes of profiles: doubles with a proven error bound.
 *
 * A plan is made once per payoff and shared by all threads: the payoff as a sum of parts that
 * depend on as few moves each as can be had, and each part as a list of steps. A runner keeps, for
 * each step, its value over the current box: one number where it depends on no free player's moves,
 * else one per lane. When the next box differs in a few moves, only the steps that depend on these
 * are computed again; and each part remembers its last results, so that a walk that comes back to
 * the same levels of the part's own moves finds them there. docs/evaluator.md has an example. */
#ifndef DT_FORMULA_BLOCK_EVAL_H
#define DT_FORMULA_BLOCK_EVAL_H

#include "formula/dag.h"
#include "formula/exact_eval.h"

typedef struct dt_plan dt_plan;
typedef struct dt_runner dt_runner;

/* A plan for node `root`; `slot` as for the exact evaluator. The graph may gain nodes (the payoff
 * is split into summands of fewer moves); summands that depend on none of the moves `own` stay in
 * parts of their own. NULL when out of memory. */
dt_plan *dt_plan_new(dt_dag *dag, const dt_slot_values *slot, uint32_t slots, uint32_t root,
                     uint64_t own);
/* A plan of one part: nothing that is shared is computed twice. */
dt_plan *dt_plan_whole(const dt_dag *dag, const dt_slot_values *slot, uint32_t slots,
                       uint32_t root);
void dt_plan_free(dt_plan *plan);
/* Steps of the plan: nodes that are computed. */
size_t dt_plan_steps(const dt_plan *plan);
/* Proven by interval arithmetic over all levels of all moves: no division by zero, no log of what
 * is not positive and the like, and no overflow, at any profile. Not proven is not disproven. */
bool dt_plan_is_total(const dt_plan *plan);
/* The moves (a bit each) among `others` that a walk over many boxes, in which the moves `free` vary
 * by lane, should turn fastest, so that the parts' memories serve best. */
uint64_t dt_plan_inner_moves(const dt_plan *plan, uint64_t free, uint64_t others);

dt_runner *dt_runner_new(const dt_plan *plan);
void dt_runner_free(dt_runner *runner);

/* The moves over a box: `level[slot]` for moves of fixed players; for moves of free players
 * `lane_level[slot]` has one level per lane (NULL for the others). `shape` names the box's shape:
 * two boxes with the same non-zero shape have the same lanes and the same lane levels. */
typedef struct dt_lane_moves {
    size_t lanes;
    uint64_t shape;
    const uint16_t *level;
    const uint16_t *const *lane_level;
} dt_lane_moves;

/* Values and bounds over the lanes. DT_OK or DT_ERR_MEMORY. */
dt_status dt_runner_run(dt_runner *runner, const dt_lane_moves *moves, double *value,
                        double *bound);

#endif
