/* Splitting a payoff into summands that depend on fewer moves each. */
#include "formula/split.h"

#include <string.h>

enum { MOST_SUMMANDS = 256, MOST_LOOKS = 1 << 20, DEEPEST = 64 };

/* The summands found so far. */
typedef struct collection {
    dt_dag *dag;
    uint64_t own;
    uint32_t node[MOST_SUMMANDS];
    size_t count;
    size_t looks; /* nodes looked at: a bound on the work */
    bool full;    /* too many: give up */
    bool memory;  /* ran out */
} collection;

static uint32_t make(collection *c, dt_op op, uint32_t a, uint32_t b) {
    uint32_t node = dt_dag_make(c->dag, op, a, b, 0, c->dag->node[a].place);
    c->memory = c->memory || node == DT_NODE_MEMORY;
    c->full = c->full || node == DT_NODE_LIMIT;
    return node;
}

static bool failed(const collection *c) {
    return c->full || c->memory;
}

/* Is it worth taking `node` apart, when it stands multiplied by something that depends on the moves
 * `factor`: is it a sum, or a multiple of one, with a summand that leaves the product fewer moves?
 */
static bool splits(collection *c, uint32_t node, uint64_t factor, int depth) {
    const dt_node *n = &c->dag->node[node];
    if (c->looks++ > MOST_LOOKS || depth > DEEPEST)
        return false;
    uint64_t all = n->moves | factor;
    switch (n->op) {
    case DT_OP_ADD:
    case DT_OP_SUB:
        return (c->dag->node[n->a].moves | factor) != all ||
               (c->dag->node[n->b].moves | factor) != all || splits(c, n->a, factor, depth + 1) ||
               splits(c, n->b, factor, depth + 1);
    case DT_OP_NEG: return splits(c, n->a, factor, depth + 1);
    case DT_OP_MUL:
        return splits(c, n->a, factor | c->dag->node[n->b].moves, depth + 1) ||
               splits(c, n->b, factor | c->dag->node[n->a].moves, depth + 1);
    case DT_OP_DIV: return splits(c, n->a, factor | c->dag->node[n->b].moves, depth + 1);
    default: return false;
    }
}

/* Adds the summands of factor × node; factor UINT32_MAX stands for 1. `minus` takes the opposite.
 */
static void collect(collection *c, uint32_t node, uint32_t factor, bool minus, int depth) {
    const dt_node n = c->dag->node[node]; /* a copy: new nodes may move the array */
    if (failed(c))
        return;
    uint64_t moves = factor == UINT32_MAX ? 0 : c->dag->node[factor].moves;
    if (depth < DEEPEST && splits(c, node, moves, depth)) {
        uint32_t inner;
        switch (n.op) {
        case DT_OP_ADD:
        case DT_OP_SUB:
            collect(c, n.a, factor, minus, depth + 1);
            collect(c, n.b, factor, minus != (n.op == DT_OP_SUB), depth + 1);
            return;
        case DT_OP_NEG: collect(c, n.a, factor, !minus, depth + 1); return;
        case DT_OP_MUL: {
            bool right = splits(c, n.b, moves | c->dag->node[n.a].moves, depth);
            uint32_t sum = right ? n.b : n.a, other = right ? n.a : n.b;
            inner = factor == UINT32_MAX ? other : make(c, DT_OP_MUL, factor, other);
            if (!failed(c))
                collect(c, sum, inner, minus, depth + 1);
            return;
        }
        case DT_OP_DIV:
            inner = factor == UINT32_MAX ? dt_dag_si(c->dag, 1) : factor;
            if (inner <= DT_NODE_LAST)
                inner = make(c, DT_OP_DIV, inner, n.b);
            c->memory = c->memory || inner == DT_NODE_MEMORY;
            if (!failed(c) && inner <= DT_NODE_LAST)
                collect(c, n.a, inner, minus, depth + 1);
            return;
        default: break;
        }
    }
    uint32_t summand = factor == UINT32_MAX ? node : make(c, DT_OP_MUL, factor, node);
    if (!failed(c) && minus)
        summand = make(c, DT_OP_NEG, summand, 0);
    if (failed(c))
        return;
    if (c->count == MOST_SUMMANDS)
        c->full = true;
    else
        c->node[c->count++] = summand;
}

static int moves_of(const dt_dag *dag, uint32_t node) {
    return __builtin_popcountll(dag->node[node].moves);
}

/* Adds summands to parts whose moves contain theirs; those with most moves come first. */
static void merge(collection *c, uint32_t *part, size_t *parts) {
    for (size_t i = 1; i < c->count; i++) /* a stable insertion sort by falling number of moves */
        for (size_t j = i; j > 0 && moves_of(c->dag, c->node[j]) > moves_of(c->dag, c->node[j - 1]);
             j--) {
            uint32_t swap = c->node[j];
            c->node[j] = c->node[j - 1];
            c->node[j - 1] = swap;
        }
    *parts = 0;
    for (size_t i = 0; i < c->count && !failed(c); i++) {
        uint64_t moves = c->dag->node[c->node[i]].moves;
        size_t best = *parts;
        for (size_t k = 0; k < *parts; k++)
            if ((moves & ~c->dag->node[part[k]].moves) == 0 &&
                ((moves & c->own) || !(c->dag->node[part[k]].moves & c->own)))
                best = k; /* the last one that contains them has fewest moves */
        if (best < *parts)
            part[best] = make(c, DT_OP_ADD, part[best], c->node[i]);
        else if (*parts == DT_MOST_PARTS)
            c->full = true;
        else
            part[(*parts)++] = c->node[i];
    }
}

dt_status dt_split(dt_dag *dag, uint32_t root, uint64_t own, uint32_t *part, size_t *parts) {
    collection c = {.dag = dag, .own = own};
    collect(&c, root, UINT32_MAX, false, 0);
    if (!failed(&c))
        merge(&c, part, parts);
    if (c.memory)
        return DT_ERR_MEMORY;
    if (c.full || *parts < 2) {
        part[0] = root;
        *parts = 1;
    }
    return DT_OK;
}
