/* Expressions as a shared graph: equal subexpressions are one node, constants are folded. Nodes are
 * numbered so that operands come before what uses them. */
#ifndef DT_FORMULA_DAG_H
#define DT_FORMULA_DAG_H

#include <stdbool.h>

#include "deterra/diag.h"
#include "deterra/exact.h"

typedef enum dt_op {
    DT_OP_CONST, /* a: number of the constant */
    DT_OP_OPEN,  /* a: number of an open parameter; never in a graph that blocks are computed of */
    DT_OP_MOVE,  /* a: number of the move; the value of its level */
    DT_OP_LEVEL, /* a: number of the move, b: level; 1 at that level, else 0 */
    DT_OP_ADD,
    DT_OP_SUB,
    DT_OP_MUL,
    DT_OP_DIV,
    DT_OP_POW,
    DT_OP_MIN,
    DT_OP_MAX,
    DT_OP_NEG,
    DT_OP_ABS,
    DT_OP_SQRT,
    DT_OP_EXP,
    DT_OP_LOG,
    DT_OP_NOT,
    DT_OP_LT,
    DT_OP_LE,
    DT_OP_EQ,
    DT_OP_AND,
    DT_OP_OR,
    DT_OP_COND, /* a ? b : c */
} dt_op;

enum { DT_MAX_NODES = 1000000, DT_MAX_MOVES = 64, DT_DIV_NEGATIVE_POWER = 1 };

typedef struct dt_node {
    dt_op op;
    uint32_t a, b, c; /* operands; c of a quotient: DT_DIV_NEGATIVE_POWER where it was a power */
    uint64_t moves;   /* the set of moves it depends on, a bit each */
    bool total;       /* has a value at every profile, whatever the others are worth */
    dt_place place;   /* where it was first written */
} dt_node;

typedef struct dt_dag {
    dt_node *node;
    size_t nodes, room;
    fmpq *constant;
    size_t constants, constants_room;
    uint32_t *slot; /* hash table of node numbers + 1 */
    size_t slots;
    dt_exact_context *context; /* for folding */
} dt_dag;

/* Results beside a node's number. */
#define DT_NODE_MEMORY UINT32_MAX
#define DT_NODE_LIMIT  (UINT32_MAX - 1)
#define DT_NODE_LAST   (UINT32_MAX - 8)

dt_status dt_dag_init(dt_dag *dag);
void dt_dag_clear(dt_dag *dag);
/* How many operands an operator has: 0 to 3. */
int dt_op_operands(dt_op op);

/* Each gives a node's number, or DT_NODE_MEMORY, or DT_NODE_LIMIT beyond DT_MAX_NODES. */
uint32_t dt_dag_const(dt_dag *dag, const fmpq_t value);
uint32_t dt_dag_si(dt_dag *dag, slong value);
uint32_t dt_dag_open(dt_dag *dag, uint32_t parameter, dt_place place);
uint32_t dt_dag_move(dt_dag *dag, uint32_t move, dt_place place);
uint32_t dt_dag_level(dt_dag *dag, uint32_t move, uint32_t level, dt_place place);
/* Simplified where that changes no value and hides no fault: x + 0, 1 × x, x^2 = x × x, x^1.7 =
 * x × x^0.7 (so that powers of one base share their root), 0 × x for total x, … */
uint32_t dt_dag_make(dt_dag *dag, dt_op op, uint32_t a, uint32_t b, uint32_t c, dt_place place);

/* x^exponent as one power, not taken apart. */
uint32_t dt_dag_power(dt_dag *dag, uint32_t x, const fmpq_t exponent, dt_place place);

bool dt_dag_is_const(const dt_dag *dag, uint32_t node);
const fmpq *dt_dag_const_value(const dt_dag *dag, uint32_t node);

/* One operation on exact numbers; comparisons and min, max that 4096 bits cannot decide become
 * DT_ATOM_POSITIVE numbers. Not for CONST, MOVE, LEVEL; COND, AND and OR see all their operands. */
dt_exact_fault dt_op_exact(dt_exact_context *context, dt_op op, dt_exact *z, const dt_exact *x,
                           const dt_exact *y, const dt_exact *w);

#endif
