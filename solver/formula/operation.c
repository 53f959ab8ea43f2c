/* One operation of the formula language on exact numbers. */
#include "formula/dag.h"

static dt_exact_fault set_si(dt_exact *z, slong value) {
    dt_exact_set_si(z, value);
    return DT_EXACT_OK;
}

static dt_exact_fault copy(dt_exact *z, const dt_exact *x) {
    return dt_exact_set(z, x) == DT_OK ? DT_EXACT_OK : DT_EXACT_MEMORY;
}

static dt_exact_fault negate(dt_exact *z, const dt_exact *x) {
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    dt_exact_fault fault = dt_exact_scale(z, x, minus);
    fmpq_clear(minus);
    return fault;
}

static dt_exact_fault not_of(dt_exact *z, const dt_exact *t) {
    dt_exact one;
    dt_exact_init(&one);
    set_si(&one, 1);
    dt_exact_fault fault = dt_exact_sub(z, &one, t);
    dt_exact_clear(&one);
    return fault;
}

/* 1 if x > 0 else 0; `at_zero` is the value at 0. Undecided, x >= 0 is not (-x > 0), another number
 * than x > 0. */
static dt_exact_fault positive(dt_exact_context *c, dt_exact *z, const dt_exact *x, slong at_zero) {
    switch (dt_exact_sign(c, x)) {
    case DT_NEGATIVE: return set_si(z, 0);
    case DT_ZERO: return set_si(z, at_zero);
    case DT_POSITIVE: return set_si(z, 1);
    case DT_UNDECIDED: break;
    }
    if (!at_zero)
        return dt_exact_undecided_positive(c, z, x);
    dt_exact minus;
    dt_exact_init(&minus);
    dt_exact_fault fault = negate(&minus, x);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_undecided_positive(c, &minus, &minus);
    if (fault == DT_EXACT_OK)
        fault = not_of(z, &minus);
    dt_exact_clear(&minus);
    return fault;
}

/* y + t × (x - y), for a t in [0, 1] that is 1 where x is wanted */
static dt_exact_fault blend(dt_exact_context *c, dt_exact *z, const dt_exact *t, const dt_exact *x,
                            const dt_exact *y) {
    if (!t->terms)
        return copy(z, fmpq_is_zero(t->rational) ? y : x);
    dt_exact d;
    dt_exact_init(&d);
    dt_exact_fault fault = dt_exact_sub(&d, x, y);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_mul(c, &d, &d, t);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_add(z, y, &d);
    dt_exact_clear(&d);
    return fault;
}

/* z = 1 where x < y (or x <= y), else 0. */
static dt_exact_fault less(dt_exact_context *c, dt_exact *z, const dt_exact *x, const dt_exact *y,
                           slong at_equal) {
    dt_exact d;
    dt_exact_init(&d);
    dt_exact_fault fault = dt_exact_sub(&d, y, x);
    if (fault == DT_EXACT_OK)
        fault = positive(c, z, &d, at_equal);
    dt_exact_clear(&d);
    return fault;
}

/* The truth of x: 1 where x is not 0; undecided, it is the number "x^2 > 0". */
static dt_exact_fault truth(dt_exact_context *c, dt_exact *z, const dt_exact *x) {
    dt_sign sign = dt_exact_sign(c, x);
    if (sign != DT_UNDECIDED)
        return set_si(z, sign != DT_ZERO);
    dt_exact square;
    dt_exact_init(&square);
    dt_exact_fault fault = dt_exact_mul(c, &square, x, x);
    if (fault == DT_EXACT_OK)
        fault = dt_exact_undecided_positive(c, z, &square);
    dt_exact_clear(&square);
    return fault;
}

/* Operators on truth values: products of 0-or-1 numbers. */
static dt_exact_fault logic(dt_exact_context *c, dt_op op, dt_exact *z, const dt_exact *x,
                            const dt_exact *y, const dt_exact *w) {
    dt_exact t, u;
    dt_exact_init(&t);
    dt_exact_init(&u);
    dt_exact_fault fault;
    if (op == DT_OP_EQ) {
        fault = dt_exact_sub(&t, x, y);
        if (fault == DT_EXACT_OK)
            fault = truth(c, &u, &t);
        if (fault == DT_EXACT_OK)
            fault = not_of(z, &u);
    } else {
        fault = truth(c, &t, x);
        if (fault == DT_EXACT_OK && op == DT_OP_NOT)
            fault = not_of(z, &t);
        if (fault == DT_EXACT_OK && op == DT_OP_COND)
            fault = blend(c, z, &t, y, w);
        if (fault == DT_EXACT_OK && (op == DT_OP_AND || op == DT_OP_OR)) {
            fault = truth(c, &u, y);
            dt_exact known;
            dt_exact_init(&known);
            set_si(&known, op == DT_OP_OR);
            if (fault == DT_EXACT_OK) /* and: t ? u : 0; or: t ? 1 : u */
                fault = op == DT_OP_AND ? blend(c, z, &t, &u, &known) : blend(c, z, &t, &known, &u);
            dt_exact_clear(&known);
        }
    }
    dt_exact_clear(&t);
    dt_exact_clear(&u);
    return fault;
}

static dt_exact_fault choose(dt_exact_context *c, dt_op op, dt_exact *z, const dt_exact *x,
                             const dt_exact *y) {
    dt_exact t;
    dt_exact_init(&t);
    dt_exact_fault fault = op == DT_OP_MIN ? less(c, &t, x, y, 1) : less(c, &t, y, x, 1);
    if (fault == DT_EXACT_OK)
        fault = blend(c, z, &t, x, y);
    dt_exact_clear(&t);
    return fault;
}

static dt_exact_fault absolute(dt_exact_context *c, dt_exact *z, const dt_exact *x) {
    dt_exact minus;
    dt_exact_init(&minus);
    dt_exact_fault fault = negate(&minus, x);
    if (fault == DT_EXACT_OK)
        fault = choose(c, DT_OP_MAX, z, x, &minus);
    dt_exact_clear(&minus);
    return fault;
}

static dt_exact_fault square_root(dt_exact_context *c, dt_exact *z, const dt_exact *x) {
    dt_sign sign = dt_exact_sign(c, x);
    if (sign == DT_NEGATIVE)
        return DT_EXACT_SQRT_NEGATIVE;
    if (sign == DT_UNDECIDED && !dt_exact_is_open(c, x))
        return DT_EXACT_SIGN_UNDECIDED;
    dt_exact half;
    dt_exact_init(&half);
    fmpq_set_si(half.rational, 1, 2);
    dt_exact_fault fault = dt_exact_pow(c, z, x, &half);
    dt_exact_clear(&half);
    return fault;
}

dt_exact_fault dt_op_exact(dt_exact_context *c, dt_op op, dt_exact *z, const dt_exact *x,
                           const dt_exact *y, const dt_exact *w) {
    switch (op) {
    case DT_OP_ADD: return dt_exact_add(z, x, y);
    case DT_OP_SUB: return dt_exact_sub(z, x, y);
    case DT_OP_MUL: return dt_exact_mul(c, z, x, y);
    case DT_OP_DIV: return dt_exact_div(c, z, x, y);
    case DT_OP_POW: return dt_exact_pow(c, z, x, y);
    case DT_OP_NEG: return negate(z, x);
    case DT_OP_MIN:
    case DT_OP_MAX: return choose(c, op, z, x, y);
    case DT_OP_ABS: return absolute(c, z, x);
    case DT_OP_SQRT: return square_root(c, z, x);
    case DT_OP_EXP: return dt_exact_exp(c, z, x);
    case DT_OP_LOG: return dt_exact_log(c, z, x);
    case DT_OP_LT: return less(c, z, x, y, 0);
    case DT_OP_LE: return less(c, z, x, y, 1);
    case DT_OP_NOT:
    case DT_OP_EQ:
    case DT_OP_AND:
    case DT_OP_OR:
    case DT_OP_COND: return logic(c, op, z, x, y, w);
    case DT_OP_CONST:
    case DT_OP_OPEN:
    case DT_OP_MOVE:
    case DT_OP_LEVEL: break;
    }
    return DT_EXACT_OK;
}
