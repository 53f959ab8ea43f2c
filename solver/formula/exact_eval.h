/* Exact evaluation of a graph at one profile; what the last profile shares is kept. */
#ifndef DT_FORMULA_EXACT_EVAL_H
#define DT_FORMULA_EXACT_EVAL_H

#include "formula/dag.h"

/* The values of a move's levels. */
typedef struct dt_slot_values {
    uint32_t levels;
    const fmpq *value;
} dt_slot_values;

typedef struct dt_exact_evaluator dt_exact_evaluator;

/* `slot` holds the values of every move number of the graph; both must outlive the evaluator. NULL
 * when out of memory. */
dt_exact_evaluator *dt_exact_evaluator_new(const dt_dag *dag, const dt_slot_values *slot,
                                           uint32_t slots);
void dt_exact_evaluator_free(dt_exact_evaluator *e);
dt_exact_context *dt_exact_evaluator_context(dt_exact_evaluator *e);
/* The level of every move; only nodes that depend on a changed move will be computed again. */
void dt_exact_evaluator_at(dt_exact_evaluator *e, const uint16_t *level);
/* The value of a node, owned by the evaluator until the next call of _at; or the fault and the node
 * where it arose. A fault in a branch of ?:, && or || that is not taken is none. */
dt_exact_fault dt_exact_evaluate(dt_exact_evaluator *e, uint32_t node, const dt_exact **value,
                                 uint32_t *at);
/* The value of a node if the last calls came by it and found one, else NULL. */
const dt_exact *dt_exact_evaluator_known(const dt_exact_evaluator *e, uint32_t node);

#endif
