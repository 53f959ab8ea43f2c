/* A graph folded anew: see refold.h. */
#include "formula/refold.h"

static uint32_t refold_node(const dt_dag *from, const dt_node *n, const fmpq *value, dt_dag *to,
                            const uint32_t *map) {
    int operands = dt_op_operands(n->op);
    switch (n->op) {
    case DT_OP_CONST: return dt_dag_const(to, &from->constant[n->a]);
    case DT_OP_OPEN: return dt_dag_const(to, &value[n->a]);
    case DT_OP_MOVE: return dt_dag_move(to, n->a, n->place);
    case DT_OP_LEVEL: return dt_dag_level(to, n->a, n->b, n->place);
    default:
        return dt_dag_make(to, n->op, map[n->a], operands > 1 ? map[n->b] : 0,
                           operands > 2 ? map[n->c] : n->c, n->place);
    }
}

dt_status dt_dag_refold(const dt_dag *from, const fmpq *value, dt_dag *to, uint32_t *map) {
    for (size_t i = 0; i < from->nodes; i++) {
        map[i] = refold_node(from, &from->node[i], value, to, map);
        if (map[i] > DT_NODE_LAST)
            return DT_ERR_MEMORY; /* the limit of nodes was met before, with more of them */
    }
    return DT_OK;
}
