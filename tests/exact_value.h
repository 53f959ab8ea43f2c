/* What the suites of exact numbers share: expressions in postfix. */
#ifndef DT_TESTS_EXACT_VALUE_H
#define DT_TESTS_EXACT_VALUE_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "deterra/exact.h"

enum { DEPTH = 16 };

/* Applies an operator to the top of the stack; the number of operands it took. */
static inline dt_exact_fault apply(dt_exact_context *c, char op, dt_exact *stack, int *depth) {
    dt_exact *y = &stack[*depth - 1], *x = *depth > 1 ? &stack[*depth - 2] : y;
    dt_exact half;
    dt_exact_fault fault;
    switch (op) {
    case 'e': return dt_exact_exp(c, y, y);
    case 'l': return dt_exact_log(c, y, y);
    case 's': /* square root, as a power */
        dt_exact_init(&half);
        fmpq_set_si(half.rational, 1, 2);
        fault = dt_exact_pow(c, y, y, &half);
        dt_exact_clear(&half);
        return fault;
    default: break;
    }
    --*depth;
    switch (op) {
    case '+': return dt_exact_add(x, x, y);
    case '-': return dt_exact_sub(x, x, y);
    case '*': return dt_exact_mul(c, x, x, y);
    case '/': return dt_exact_div(c, x, x, y);
    case '^': return dt_exact_pow(c, x, x, y);
    default: CU_FAIL_FATAL("unknown operator"); return DT_EXACT_MEMORY;
    }
}

/* z = the value of an expression in postfix: rationals, + - * / ^, e(xp), l(og), s(qrt). */
static inline dt_exact_fault value(dt_exact_context *c, dt_exact *z, const char *postfix) {
    dt_exact stack[DEPTH];
    for (int i = 0; i < DEPTH; i++)
        dt_exact_init(&stack[i]);
    int depth = 0;
    dt_exact_fault fault = DT_EXACT_OK;
    char copy[512], *rest = copy;
    snprintf(copy, sizeof copy, "%s", postfix);
    for (char *token; fault == DT_EXACT_OK && (token = strtok_r(rest, " ", &rest));) {
        bool number = strchr("0123456789", token[0]) || (token[0] == '-' && token[1]);
        if (number) {
            fmpq_t q;
            fmpq_init(q);
            CU_ASSERT_EQUAL(fmpq_set_str(q, token, 10), 0);
            dt_exact_set_fmpq(&stack[depth++], q);
            fmpq_clear(q);
        } else {
            fault = apply(c, token[0], stack, &depth);
        }
    }
    if (fault == DT_EXACT_OK) {
        CU_ASSERT_EQUAL(depth, 1);
        CU_ASSERT_EQUAL(dt_exact_set(z, &stack[0]), DT_OK);
    }
    for (int i = 0; i < DEPTH; i++)
        dt_exact_clear(&stack[i]);
    return fault;
}

static inline void note(bool good, const char *what, const char *detail) {
    if (!good)
        fprintf(stderr, "\n    failed: %s %s\n", what, detail);
    CU_ASSERT(good);
}

#endif
