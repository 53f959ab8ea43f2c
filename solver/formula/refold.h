/* A graph with open parameters, folded anew with values for them. */
#ifndef DT_FORMULA_REFOLD_H
#define DT_FORMULA_REFOLD_H

#include "formula/dag.h"

/* Puts value[k] for open parameter k everywhere in `from`; `to`, which is empty, becomes the graph
 * that compiling with these values would give, but for the numbers of its nodes. map[from->nodes]
 * receives the node in `to` of each. Linear in the nodes. */
dt_status dt_dag_refold(const dt_dag *from, const fmpq *value, dt_dag *to, uint32_t *map);

#endif
