/* Exact evaluation of a graph at one profile. */
#include "formula/exact_eval.h"

#include <stdlib.h>
#include <string.h>

typedef struct cell {
    dt_exact value;
    dt_exact_fault fault;
    uint32_t at; /* where the fault arose */
    bool ready, needed;
} cell;

struct dt_exact_evaluator {
    const dt_dag *dag;
    const dt_slot_values *slot;
    uint32_t slots;
    dt_exact_context *context;
    uint16_t level[DT_MAX_MOVES];
    cell *cell; /* one a node */
    bool started;
};

dt_exact_evaluator *dt_exact_evaluator_new(const dt_dag *dag, const dt_slot_values *slot,
                                           uint32_t slots) {
    dt_exact_evaluator *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->dag = dag;
    e->slot = slot;
    e->slots = slots;
    e->context = dt_exact_context_new();
    e->cell = malloc((dag->nodes + 1) * sizeof *e->cell);
    if (!e->context || !e->cell) {
        dt_exact_context_free(e->context);
        free(e->cell);
        free(e);
        return NULL;
    }
    for (size_t i = 0; i < dag->nodes; i++) {
        e->cell[i] = (cell){.ready = false};
        dt_exact_init(&e->cell[i].value);
    }
    return e;
}

void dt_exact_evaluator_free(dt_exact_evaluator *e) {
    if (!e)
        return;
    for (size_t i = 0; i < e->dag->nodes; i++)
        dt_exact_clear(&e->cell[i].value);
    free(e->cell);
    dt_exact_context_free(e->context);
    free(e);
}

const dt_exact *dt_exact_evaluator_known(const dt_exact_evaluator *e, uint32_t node) {
    const cell *c = &e->cell[node];
    return c->ready && c->fault == DT_EXACT_OK ? &c->value : NULL;
}

dt_exact_context *dt_exact_evaluator_context(dt_exact_evaluator *e) {
    return e->context;
}

void dt_exact_evaluator_at(dt_exact_evaluator *e, const uint16_t *level) {
    uint64_t changed = 0;
    for (uint32_t i = 0; i < e->slots; i++)
        if (!e->started || e->level[i] != level[i]) {
            changed |= UINT64_C(1) << i;
            e->level[i] = level[i];
        }
    e->started = true;
    if (!changed)
        return;
    for (size_t i = 0; i < e->dag->nodes; i++)
        if (e->dag->node[i].moves & changed)
            e->cell[i].ready = false;
}

/* Takes over the value or the fault of an operand. */
static void follow(cell *to, const cell *from, bool as_truth) {
    to->fault = from->fault;
    to->at = from->at;
    if (from->fault != DT_EXACT_OK)
        return;
    if (as_truth && dt_exact_is_rational(&from->value))
        dt_exact_set_si(&to->value, !fmpq_is_zero(from->value.rational));
    else if (dt_exact_set(&to->value, &from->value) != DT_OK)
        to->fault = DT_EXACT_MEMORY;
}

/* ?:, && and || look at what they need: true where the condition alone settled the node. */
static bool settle_lazily(dt_exact_evaluator *e, const dt_node *n, cell *to) {
    if (n->op != DT_OP_COND && n->op != DT_OP_AND && n->op != DT_OP_OR)
        return false;
    const cell *condition = &e->cell[n->a];
    if (condition->fault != DT_EXACT_OK) {
        follow(to, condition, false);
        return true;
    }
    dt_sign sign = dt_exact_sign(e->context, &condition->value);
    if (sign == DT_UNDECIDED)
        return false;
    bool truth = sign != DT_ZERO;
    if (n->op == DT_OP_COND) {
        follow(to, &e->cell[truth ? n->b : n->c], false);
        return true;
    }
    if (truth == (n->op == DT_OP_OR)) {
        dt_exact_set_si(&to->value, truth);
        return true;
    }
    const cell *right = &e->cell[n->b];
    if (right->fault != DT_EXACT_OK || dt_exact_is_rational(&right->value)) {
        follow(to, right, true);
        return true;
    }
    return false;
}

static void compute(dt_exact_evaluator *e, uint32_t i) {
    const dt_node *n = &e->dag->node[i];
    cell *to = &e->cell[i];
    to->fault = DT_EXACT_OK;
    to->at = i;
    to->ready = true;
    switch (n->op) {
    case DT_OP_CONST: dt_exact_set_fmpq(&to->value, &e->dag->constant[n->a]); return;
    case DT_OP_MOVE: dt_exact_set_fmpq(&to->value, &e->slot[n->a].value[e->level[n->a]]); return;
    case DT_OP_LEVEL: dt_exact_set_si(&to->value, e->level[n->a] == n->b); return;
    case DT_OP_OPEN: to->fault = dt_exact_open(e->context, &to->value, n->a); return;
    default: break;
    }
    if (settle_lazily(e, n, to))
        return;
    int operands = dt_op_operands(n->op);
    uint32_t operand[3] = {n->a, n->b, n->c};
    for (int k = 0; k < operands; k++)
        if (e->cell[operand[k]].fault != DT_EXACT_OK) {
            follow(to, &e->cell[operand[k]], false);
            return;
        }
    uint32_t third = operands > 2 ? n->c : 0;
    to->fault = dt_op_exact(e->context, n->op, &to->value, &e->cell[n->a].value,
                            &e->cell[n->b].value, &e->cell[third].value);
    if (to->fault == DT_EXACT_DIVISION_BY_ZERO && n->c == DT_DIV_NEGATIVE_POWER)
        to->fault = DT_EXACT_ZERO_TO_NEGATIVE;
}

dt_exact_fault dt_exact_evaluate(dt_exact_evaluator *e, uint32_t node, const dt_exact **value,
                                 uint32_t *at) {
    e->cell[node].needed = true;
    for (uint32_t i = node + 1; i-- > 0;) {
        cell *c = &e->cell[i];
        if (!c->needed || c->ready)
            continue;
        const dt_node *n = &e->dag->node[i];
        int operands = dt_op_operands(n->op);
        if (operands > 0)
            e->cell[n->a].needed = true;
        if (operands > 1)
            e->cell[n->b].needed = true;
        if (operands > 2)
            e->cell[n->c].needed = true;
    }
    for (uint32_t i = 0; i <= node; i++) {
        cell *c = &e->cell[i];
        if (c->needed && !c->ready)
            compute(e, i);
        c->needed = false;
    }
    *value = &e->cell[node].value;
    *at = e->cell[node].at;
    return e->cell[node].fault;
}
