/* Games of random formulas, with the exact values of these worked out apart from the library.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_FORMULA_TREES_H
#define DT_TESTS_FORMULA_TREES_H

#include "brute.h"
#include "pure_checks.h"

typedef enum node_kind {
    NODE_NUMBER,
    NODE_MOVE,
    NODE_LEVEL, /* 1 at one level of a move */
    NODE_ADD,
    NODE_SUB,
    NODE_MUL,
    NODE_DIV, /* by 1 + x^2 */
    NODE_MIN,
    NODE_MAX,
    NODE_ABS,
    NODE_NEGATIVE,
    NODE_POWER, /* a small natural exponent in `at` */
    NODE_LESS,  /* a < b ? c : d */
    NODE_EQUAL, /* a == b ? c : d */
    NODE_KINDS
} node_kind;

typedef struct node {
    node_kind kind;
    size_t player;
    long at; /* level, exponent, or the number times 10 */
    int kid[4];
} node;

typedef struct forest {
    node node[256];
    int nodes;
    size_t players;
    uint32_t strategies[BRUTE_PLAYERS];
} forest;

static inline int draw_tree(forest *f, brute_random *r, int depth) {
    int me = f->nodes++;
    node n = {.kind = (node_kind)(depth > 0 ? brute_draw(r, 0, NODE_KINDS - 1)
                                            : brute_draw(r, NODE_NUMBER, NODE_LEVEL))};
    n.player = (size_t)brute_draw(r, 0, (long)f->players - 1);
    n.at = n.kind == NODE_NUMBER  ? brute_draw(r, -9, 9)
           : n.kind == NODE_LEVEL ? brute_draw(r, 0, (long)f->strategies[n.player] - 1)
                                  : brute_draw(r, 0, 3);
    int kids = n.kind <= NODE_LEVEL ? 0 : n.kind <= NODE_MAX ? 2 : n.kind <= NODE_POWER ? 1 : 4;
    for (int i = 0; i < kids; i++)
        n.kid[i] = draw_tree(f, r, depth - 1 - (kids == 4));
    f->node[me] = n;
    return me;
}

static inline void write_tree(const forest *f, int me, FILE *out) {
    static const char *const between[] = {[NODE_ADD] = " + ",
                                          [NODE_SUB] = " - ",
                                          [NODE_MUL] = " * ",
                                          [NODE_MIN] = ", ",
                                          [NODE_MAX] = ", "};
    const node *n = &f->node[me];
    switch (n->kind) {
    case NODE_NUMBER:
        fprintf(out, "(%s%ld.%ld)", n->at < 0 ? "-" : "", labs(n->at) / 10, labs(n->at) % 10);
        return;
    case NODE_MOVE: fprintf(out, "%c.m", (char)('A' + n->player)); return;
    case NODE_LEVEL: fprintf(out, "%c.m:l%ld", (char)('A' + n->player), n->at); return;
    case NODE_ABS:
    case NODE_NEGATIVE:
        fputs(n->kind == NODE_ABS ? "abs(" : "(-", out);
        write_tree(f, n->kid[0], out);
        fputc(')', out);
        return;
    case NODE_POWER:
        fputc('(', out);
        write_tree(f, n->kid[0], out);
        fprintf(out, ")^%ld", n->at);
        return;
    case NODE_DIV:
        fputc('(', out);
        write_tree(f, n->kid[0], out);
        fputs(" / (1 + (", out);
        write_tree(f, n->kid[1], out);
        fputs(")^2))", out);
        return;
    case NODE_LESS:
    case NODE_EQUAL:
        fputc('(', out);
        write_tree(f, n->kid[0], out);
        fputs(n->kind == NODE_LESS ? " < " : " == ", out);
        write_tree(f, n->kid[1], out);
        fputs(" ? ", out);
        write_tree(f, n->kid[2], out);
        fputs(" : ", out);
        write_tree(f, n->kid[3], out);
        fputc(')', out);
        return;
    default:
        fputs(n->kind == NODE_MIN ? "min" : n->kind == NODE_MAX ? "max" : "", out);
        fputc('(', out);
        write_tree(f, n->kid[0], out);
        fputs(between[n->kind], out);
        write_tree(f, n->kid[1], out);
        fputc(')', out);
    }
}

static inline void value_of(const forest *f, int me, const brute *b, uint64_t profile, fmpq_t q) {
    const node *n = &f->node[me];
    fmpq_t x, y;
    fmpq_init(x);
    fmpq_init(y);
    if (n->kind > NODE_LEVEL)
        value_of(f, n->kid[0], b, profile, x);
    if ((n->kind > NODE_LEVEL && n->kind <= NODE_MAX) || n->kind >= NODE_LESS)
        value_of(f, n->kid[1], b, profile, y);
    long strategy = brute_strategy(b, profile, n->player);
    int order = fmpq_cmp(x, y);
    switch (n->kind) {
    case NODE_NUMBER: fmpq_set_si(q, n->at, 10); break;
    case NODE_MOVE: fmpq_set_si(q, strategy, 1); break;
    case NODE_LEVEL: fmpq_set_si(q, strategy == n->at, 1); break;
    case NODE_ADD: fmpq_add(q, x, y); break;
    case NODE_SUB: fmpq_sub(q, x, y); break;
    case NODE_MUL: fmpq_mul(q, x, y); break;
    case NODE_DIV:
        fmpq_mul(y, y, y);
        fmpq_add_si(y, y, 1);
        fmpq_div(q, x, y);
        break;
    case NODE_MIN: fmpq_set(q, order < 0 ? x : y); break;
    case NODE_MAX: fmpq_set(q, order > 0 ? x : y); break;
    case NODE_ABS: fmpq_abs(q, x); break;
    case NODE_NEGATIVE: fmpq_neg(q, x); break;
    case NODE_POWER: fmpq_pow_si(q, x, n->at); break;
    case NODE_LESS: value_of(f, n->kid[order < 0 ? 2 : 3], b, profile, q); break;
    default: value_of(f, n->kid[order == 0 ? 2 : 3], b, profile, q); break;
    }
    fmpq_clear(x);
    fmpq_clear(y);
}

/* A config of random formulas, `wrap` around each ("%s" is where the formula goes), and in `b` the
 * values of the bare formulas. */
static inline char *draw_config(brute_random *r, brute *b, const char *before, const char *after) {
    forest f = {.players = (size_t)brute_draw(r, 2, 4)};
    for (size_t i = 0; i < f.players; i++)
        f.strategies[i] = (uint32_t)brute_draw(r, 1, 4);
    *b = brute_new(f.players, f.strategies);
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    write_players(out, f.players, f.strategies);
    fputs("payoffs = { kind = \"formula\";\n", out);
    for (size_t i = 0; i < f.players; i++) {
        f.nodes = 0;
        int root = draw_tree(&f, r, 4);
        fprintf(out, "  %c = \"%s", (char)('A' + i), before);
        write_tree(&f, root, out);
        fprintf(out, "%s\";\n", after);
        for (uint64_t k = 0; k < b->profiles; k++)
            value_of(&f, root, b, k, brute_payoff(b, k, i));
    }
    fputs("};\n", out);
    fclose(out);
    return text;
}

#endif
