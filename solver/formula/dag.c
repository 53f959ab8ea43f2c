/* The shared graph: hash-consing, folding, and the few simplifications that are always sound. */
#include "formula/dag.h"

#include <stdlib.h>
#include <string.h>

dt_status dt_dag_init(dt_dag *dag) {
    *dag = (dt_dag){0};
    dag->context = dt_exact_context_new();
    return dag->context ? DT_OK : DT_ERR_MEMORY;
}

void dt_dag_clear(dt_dag *dag) {
    for (size_t i = 0; i < dag->constants; i++)
        fmpq_clear(&dag->constant[i]);
    free(dag->constant);
    free(dag->node);
    free(dag->slot);
    dt_exact_context_free(dag->context);
    *dag = (dt_dag){0};
}

int dt_op_operands(dt_op op) {
    if (op <= DT_OP_LEVEL)
        return 0;
    if (op == DT_OP_COND)
        return 3;
    return op >= DT_OP_NEG && op <= DT_OP_NOT ? 1 : 2;
}

static uint64_t hash_node(const dt_dag *dag, const dt_node *n) {
    uint64_t h = (uint64_t)n->op * 0x9E3779B97F4A7C15u;
    if (n->op == DT_OP_CONST) {
        const fmpq *q = &dag->constant[n->a];
        h ^= fmpz_get_ui(fmpq_numref(q)) * 31 + fmpz_get_ui(fmpq_denref(q)) +
             (uint64_t)(fmpq_sgn(q) < 0);
    } else {
        h = (h ^ n->a) * 0xFF51AFD7ED558CCDu;
        h = (h ^ n->b) * 0xC4CEB9FE1A85EC53u;
        h ^= n->c;
    }
    h *= 0xFF51AFD7ED558CCDu;
    return h ^ (h >> 32);
}

static bool same_node(const dt_dag *dag, const dt_node *m, const dt_node *n) {
    if (m->op != n->op)
        return false;
    if (m->op == DT_OP_CONST)
        return fmpq_equal(&dag->constant[m->a], &dag->constant[n->a]);
    return m->a == n->a && m->b == n->b && m->c == n->c;
}

static bool grow_slots(dt_dag *dag) {
    size_t slots = dag->slots ? 2 * dag->slots : 32;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < dag->nodes; i++) {
        size_t at = hash_node(dag, &dag->node[i]) & (slots - 1);
        while (slot[at])
            at = (at + 1) & (slots - 1);
        slot[at] = (uint32_t)i + 1;
    }
    free(dag->slot);
    dag->slot = slot;
    dag->slots = slots;
    return true;
}

/* The number of a node equal to `fresh`, which is added when there is none. */
static uint32_t intern(dt_dag *dag, const dt_node *fresh) {
    if (2 * (dag->nodes + 1) > dag->slots && !grow_slots(dag))
        return DT_NODE_MEMORY;
    size_t at = hash_node(dag, fresh) & (dag->slots - 1);
    for (; dag->slot[at]; at = (at + 1) & (dag->slots - 1))
        if (same_node(dag, &dag->node[dag->slot[at] - 1], fresh))
            return dag->slot[at] - 1;
    if (dag->nodes >= DT_MAX_NODES)
        return DT_NODE_LIMIT;
    if (dag->nodes == dag->room) {
        size_t room = dag->room ? 2 * dag->room : 16;
        dt_node *grown = realloc(dag->node, room * sizeof *grown);
        if (!grown)
            return DT_NODE_MEMORY;
        dag->node = grown;
        dag->room = room;
    }
    dag->node[dag->nodes] = *fresh;
    dag->slot[at] = (uint32_t)++dag->nodes;
    return (uint32_t)dag->nodes - 1;
}

uint32_t dt_dag_const(dt_dag *dag, const fmpq_t value) {
    if (dag->constants == dag->constants_room) {
        size_t room = dag->constants_room ? 2 * dag->constants_room : 8;
        fmpq *grown = realloc(dag->constant, room * sizeof *grown);
        if (!grown)
            return DT_NODE_MEMORY;
        dag->constant = grown;
        dag->constants_room = room;
    }
    uint32_t number = (uint32_t)dag->constants;
    fmpq_init(&dag->constant[number]);
    fmpq_set(&dag->constant[number], value);
    dag->constants++;
    size_t before = dag->nodes;
    uint32_t node = intern(dag, &(dt_node){.op = DT_OP_CONST, .a = number, .total = true});
    if (dag->nodes == before) /* it was known: give the copy back */
        fmpq_clear(&dag->constant[--dag->constants]);
    return node;
}

uint32_t dt_dag_si(dt_dag *dag, slong value) {
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_si(q, value, 1);
    uint32_t node = dt_dag_const(dag, q);
    fmpq_clear(q);
    return node;
}

uint32_t dt_dag_open(dt_dag *dag, uint32_t parameter, dt_place place) {
    return intern(dag, &(dt_node){.op = DT_OP_OPEN, .a = parameter, .total = true, .place = place});
}

uint32_t dt_dag_move(dt_dag *dag, uint32_t move, dt_place place) {
    return intern(dag, &(dt_node){.op = DT_OP_MOVE,
                                  .a = move,
                                  .moves = UINT64_C(1) << move,
                                  .total = true,
                                  .place = place});
}

uint32_t dt_dag_level(dt_dag *dag, uint32_t move, uint32_t level, dt_place place) {
    return intern(dag, &(dt_node){.op = DT_OP_LEVEL,
                                  .a = move,
                                  .b = level,
                                  .moves = UINT64_C(1) << move,
                                  .total = true,
                                  .place = place});
}

bool dt_dag_is_const(const dt_dag *dag, uint32_t node) {
    return dag->node[node].op == DT_OP_CONST;
}

const fmpq *dt_dag_const_value(const dt_dag *dag, uint32_t node) {
    return &dag->constant[dag->node[node].a];
}

static bool is_si(const dt_dag *dag, uint32_t node, slong value) {
    if (!dt_dag_is_const(dag, node))
        return false;
    const fmpq *q = dt_dag_const_value(dag, node);
    return fmpz_is_one(fmpq_denref(q)) && fmpz_equal_si(fmpq_numref(q), value);
}

/* The value of an operation on constants, where it is rational and has one. */
static uint32_t fold(dt_dag *dag, dt_op op, uint32_t a, uint32_t b, uint32_t c, bool *folded) {
    int operands = dt_op_operands(op);
    *folded = false;
    if (!dt_dag_is_const(dag, a) || (operands > 1 && !dt_dag_is_const(dag, b)) ||
        (operands > 2 && !dt_dag_is_const(dag, c)))
        return 0;
    uint32_t operand[3] = {a, b, c}, node = 0;
    dt_exact x[3], z;
    dt_exact_init(&z);
    for (int i = 0; i < 3; i++) {
        dt_exact_init(&x[i]);
        if (i < operands)
            fmpq_set(x[i].rational, dt_dag_const_value(dag, operand[i]));
    }
    if (dt_op_exact(dag->context, op, &z, &x[0], &x[1], &x[2]) == DT_EXACT_OK &&
        dt_exact_is_rational(&z)) {
        *folded = true;
        node = dt_dag_const(dag, z.rational);
    }
    for (int i = 0; i < 3; i++)
        dt_exact_clear(&x[i]);
    dt_exact_clear(&z);
    return node;
}

/* x^n for a whole n from 2 to 64 by squaring, as products that share their parts. */
static uint32_t whole_power(dt_dag *dag, uint32_t x, slong n, dt_place place) {
    if (n == 1)
        return x;
    uint32_t half = whole_power(dag, x, n / 2, place);
    if (half > DT_NODE_LAST)
        return half;
    uint32_t square = dt_dag_make(dag, DT_OP_MUL, half, half, 0, place);
    if (square > DT_NODE_LAST || n % 2 == 0)
        return square;
    return dt_dag_make(dag, DT_OP_MUL, square, x, 0, place);
}

enum { SHORT_POWER = 64, NEGATIVE_POWER = DT_DIV_NEGATIVE_POWER };

/* x^c for a constant c: products, quotients and one root in (0, 1). */
static uint32_t constant_power(dt_dag *dag, uint32_t x, uint32_t c, dt_place place, bool *done) {
    const fmpq *q = dt_dag_const_value(dag, c);
    *done = false;
    fmpz_t whole;
    fmpz_init(whole);
    fmpz_fdiv_q(whole, fmpq_numref(q), fmpq_denref(q));
    bool is_short = fmpz_cmpabs(whole, (fmpz[]){SHORT_POWER}) <= 0;
    slong n = is_short ? fmpz_get_si(whole) : 0;
    fmpz_clear(whole);
    bool integer = fmpz_is_one(fmpq_denref(q));
    if (!is_short || n == 0) /* x^0 is 1 only where x has a value */
        return 0;
    *done = true;
    uint32_t one = dt_dag_si(dag, 1), power = one;
    if (one > DT_NODE_LAST)
        return one;
    if (n)
        power = whole_power(dag, x, labs(n), place);
    if (power > DT_NODE_LAST)
        return power;
    if (integer)
        return n < 0 ? dt_dag_make(dag, DT_OP_DIV, one, power, NEGATIVE_POWER, place) : power;
    fmpq_t part;
    fmpq_init(part);
    fmpq_sub_si(part, q, n);
    uint32_t exponent = dt_dag_const(dag, part);
    fmpq_clear(part);
    if (exponent > DT_NODE_LAST)
        return exponent;
    uint32_t root = dt_dag_make(dag, DT_OP_POW, x, exponent, 0, place);
    if (root > DT_NODE_LAST)
        return root;
    return n < 0 ? dt_dag_make(dag, DT_OP_DIV, root, power, NEGATIVE_POWER, place)
                 : dt_dag_make(dag, DT_OP_MUL, root, power, 0, place);
}

/* A simpler equal of op(a, b, c), when there is one. */
static uint32_t simplify(dt_dag *dag, dt_op op, uint32_t a, uint32_t b, uint32_t c, dt_place place,
                         bool *done) {
    bool a_total = dag->node[a].total;
    bool b_total = dt_op_operands(op) > 1 && dag->node[b].total;
    *done = true;
    switch (op) {
    case DT_OP_ADD:
        if (is_si(dag, a, 0))
            return b;
        if (is_si(dag, b, 0))
            return a;
        break;
    case DT_OP_SUB:
        if (is_si(dag, b, 0))
            return a;
        if (is_si(dag, a, 0))
            return dt_dag_make(dag, DT_OP_NEG, b, 0, 0, place);
        if (a == b && a_total)
            return dt_dag_si(dag, 0);
        break;
    case DT_OP_MUL:
        if (is_si(dag, a, 1))
            return b;
        if (is_si(dag, b, 1))
            return a;
        if ((is_si(dag, a, 0) && b_total) || (is_si(dag, b, 0) && a_total))
            return dt_dag_si(dag, 0);
        break;
    case DT_OP_DIV:
        if (is_si(dag, b, 1))
            return a;
        break;
    case DT_OP_POW:
        if (is_si(dag, b, 1))
            return a;
        if (is_si(dag, b, 0) && a_total)
            return dt_dag_si(dag, 1);
        if (dt_dag_is_const(dag, b) && !dt_dag_is_const(dag, a)) {
            const fmpq *q = dt_dag_const_value(dag, b);
            if (fmpz_equal_si(fmpq_denref(q), 2) && fmpz_is_one(fmpq_numref(q)))
                return dt_dag_make(dag, DT_OP_SQRT, a, 0, 0, place);
            return constant_power(dag, a, b, place, done);
        }
        break;
    case DT_OP_MIN:
    case DT_OP_MAX:
        if (a == b)
            return a;
        break;
    case DT_OP_NEG:
        if (dag->node[a].op == DT_OP_NEG)
            return dag->node[a].a;
        break;
    case DT_OP_COND:
        if (dt_dag_is_const(dag, a))
            return is_si(dag, a, 0) ? c : b;
        if (b == c && a_total)
            return b;
        break;
    case DT_OP_AND:
        if (is_si(dag, a, 0))
            return a;
        break;
    case DT_OP_OR:
        if (dt_dag_is_const(dag, a) && !is_si(dag, a, 0))
            return dt_dag_si(dag, 1);
        break;
    default: break;
    }
    *done = false;
    return 0;
}

static bool can_fail(const dt_dag *dag, dt_op op, uint32_t b) {
    switch (op) {
    case DT_OP_DIV: return !dt_dag_is_const(dag, b) || is_si(dag, b, 0);
    case DT_OP_POW:
    case DT_OP_SQRT:
    case DT_OP_LOG:
    case DT_OP_EXP: return true;
    default: return false;
    }
}

uint32_t dt_dag_make(dt_dag *dag, dt_op op, uint32_t a, uint32_t b, uint32_t c, dt_place place) {
    bool done;
    uint32_t node = fold(dag, op, a, b, c, &done);
    if (!done)
        node = simplify(dag, op, a, b, c, place, &done);
    if (done)
        return node;
    bool commutes =
        op == DT_OP_ADD || op == DT_OP_MUL || op == DT_OP_MIN || op == DT_OP_MAX || op == DT_OP_EQ;
    if (commutes && a > b) {
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    int operands = dt_op_operands(op);
    dt_node fresh = {.op = op,
                     .a = a,
                     .b = operands > 1 ? b : 0,
                     .c = operands > 2 || op == DT_OP_DIV ? c : 0,
                     .place = place};
    fresh.moves = dag->node[a].moves | (operands > 1 ? dag->node[b].moves : 0) |
                  (operands > 2 ? dag->node[c].moves : 0);
    fresh.total = dag->node[a].total && (operands < 2 || dag->node[b].total) &&
                  (operands < 3 || dag->node[c].total) && !can_fail(dag, op, b);
    return intern(dag, &fresh);
}

uint32_t dt_dag_power(dt_dag *dag, uint32_t x, const fmpq_t exponent, dt_place place) {
    uint32_t c = dt_dag_const(dag, exponent);
    if (c > DT_NODE_LAST || dt_dag_is_const(dag, x))
        return c > DT_NODE_LAST ? c : dt_dag_make(dag, DT_OP_POW, x, c, 0, place);
    dt_node fresh = {.op = DT_OP_POW, .a = x, .b = c, .place = place, .moves = dag->node[x].moves};
    return intern(dag, &fresh);
}
