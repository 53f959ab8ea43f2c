/* Rewriting a payoff so that each quantity occurs once, as far as may be. */
#include "formula/collect.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_FACTORS = 24, MOST_SUMMANDS = 96, DEEPEST = 256 };

/* Of an exponent's numerator and denominator. */
#define LARGEST 1000000

/* node^(n/d), in lowest terms, d > 0 */
typedef struct factor {
    uint32_t node;
    int64_t n, d;
} factor;

/* coefficient × some powers, by ascending nodes. */
typedef struct product {
    fmpq_t coefficient;
    factor factor[MOST_FACTORS];
    size_t factors;
} product;

typedef struct sum {
    product *summand;
    size_t count;
} sum;

/* What is known of a node of the old graph. */
typedef struct old_node {
    bool needed;
    bool whole;   /* not only a summand of other sums */
    uint32_t now; /* what it became */
} old_node;

typedef struct rewriting {
    dt_dag *dag;
    old_node *old;
    bool failed;
} rewriting;

static uint32_t make(rewriting *w, dt_op op, uint32_t a, uint32_t b, uint32_t c) {
    if (w->failed)
        return 0;
    uint32_t node = dt_dag_make(w->dag, op, a, b, c, w->dag->node[a].place);
    w->failed = node > DT_NODE_LAST;
    return w->failed ? 0 : node;
}

static uint32_t constant(rewriting *w, const fmpq_t value) {
    uint32_t node = dt_dag_const(w->dag, value);
    w->failed = w->failed || node > DT_NODE_LAST;
    return w->failed ? 0 : node;
}

/* --- products --- */

static int64_t gcd(int64_t a, int64_t b) {
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static bool in_lowest_terms(factor *f) {
    int64_t common = gcd(f->n, f->d);
    if (common > 1) {
        f->n /= common;
        f->d /= common;
    }
    return llabs(f->n) <= LARGEST && f->d <= LARGEST;
}

static void remove_factor(product *p, size_t at) {
    p->factors--;
    memmove(p->factor + at, p->factor + at + 1, (p->factors - at) * sizeof *p->factor);
}

static bool find_factor(const product *p, factor f, size_t *at) {
    for (*at = 0; *at < p->factors; ++*at)
        if (p->factor[*at].node == f.node && p->factor[*at].n == f.n && p->factor[*at].d == f.d)
            return true;
    return false;
}

static bool same_factors(const product *p, const product *q) {
    bool same = p->factors == q->factors;
    size_t at;
    for (size_t i = 0; i < p->factors && same; i++)
        same = find_factor(q, p->factor[i], &at);
    return same;
}

/* Multiplies by a power; x^a x^b = x^(a + b), as payoffs exist: x is not 0 where an exponent is
 * negative, and not negative where one is no integer. False where it does not fit. */
static bool multiply_power(product *p, factor f) {
    size_t at = 0;
    while (at < p->factors && p->factor[at].node < f.node)
        at++;
    if (at < p->factors && p->factor[at].node == f.node) {
        factor *own = &p->factor[at];
        own->n = own->n * f.d + f.n * own->d; /* below 2^62: see LARGEST */
        own->d *= f.d;
        bool good = in_lowest_terms(own);
        if (own->n == 0)
            remove_factor(p, at);
        return good;
    }
    if (p->factors == MOST_FACTORS)
        return false;
    memmove(p->factor + at + 1, p->factor + at, (p->factors - at) * sizeof *p->factor);
    p->factor[at] = f;
    p->factors++;
    return true;
}

/* The constant exponent of a root or power that exists for x >= 0 only. */
static bool root_exponent(const dt_dag *dag, const dt_node *n, factor *f) {
    if (n->op == DT_OP_SQRT) {
        *f = (factor){n->a, 1, 2};
        return true;
    }
    if (n->op != DT_OP_POW || !dt_dag_is_const(dag, n->b))
        return false;
    const fmpq *c = dt_dag_const_value(dag, n->b);
    if (fmpz_is_one(fmpq_denref(c)) || fmpz_cmpabs(fmpq_numref(c), (fmpz[]){LARGEST}) > 0 ||
        fmpz_cmp_si(fmpq_denref(c), LARGEST) > 0)
        return false;
    *f = (factor){n->a, fmpz_get_si(fmpq_numref(c)), fmpz_get_si(fmpq_denref(c))};
    return true;
}

/* Multiplies p by a power of a node, taken apart as a product of powers; false where that has too
 * many factors. */
static bool multiply(const rewriting *w, product *p, factor f, int depth) {
    const dt_node *n = &w->dag->node[f.node];
    bool whole = f.d == 1;
    factor inner;
    if (depth > DEEPEST)
        return false;
    if (n->op == DT_OP_CONST && whole && llabs(f.n) <= 64 &&
        !fmpq_is_zero(dt_dag_const_value(w->dag, f.node))) {
        fmpq_t power;
        fmpq_init(power);
        fmpq_pow_si(power, dt_dag_const_value(w->dag, f.node), f.n);
        fmpq_mul(p->coefficient, p->coefficient, power);
        fmpq_clear(power);
        return true;
    }
    if (n->op == DT_OP_NEG && whole) {
        if (f.n % 2)
            fmpq_neg(p->coefficient, p->coefficient);
        return multiply(w, p, (factor){n->a, f.n, 1}, depth + 1);
    }
    if (n->op == DT_OP_MUL && whole)
        return multiply(w, p, (factor){n->a, f.n, 1}, depth + 1) &&
               multiply(w, p, (factor){n->b, f.n, 1}, depth + 1);
    bool one_over = n->op == DT_OP_DIV && dt_dag_is_const(w->dag, n->a) &&
                    fmpq_is_one(dt_dag_const_value(w->dag, n->a));
    if (n->op == DT_OP_DIV && (whole || one_over))
        return (one_over || multiply(w, p, (factor){n->a, f.n, 1}, depth + 1)) &&
               multiply(w, p, (factor){n->b, -f.n, f.d}, depth + 1);
    if (root_exponent(w->dag, n, &inner)) {
        inner.n *= f.n;
        inner.d *= f.d;
        if (in_lowest_terms(&inner))
            return multiply(w, p, inner, depth + 1);
    }
    return multiply_power(p, f);
}

static int moves_of(const rewriting *w, uint32_t node) {
    return __builtin_popcountll(w->dag->node[node].moves);
}

/* x^n for n >= 1 */
static uint32_t whole_power(rewriting *w, uint32_t x, int64_t n) {
    if (n == 1)
        return x;
    uint32_t half = whole_power(w, x, n / 2), square = make(w, DT_OP_MUL, half, half, 0);
    return n % 2 ? make(w, DT_OP_MUL, square, x, 0) : square;
}

/* A factor's power, or what it is the reciprocal of. */
static uint32_t build_power(rewriting *w, factor f) {
    if (f.d == 1 && llabs(f.n) <= 64)
        return whole_power(w, f.node, llabs(f.n));
    fmpq_t exponent;
    fmpq_init(exponent);
    fmpq_set_si(exponent, (slong)f.n, (ulong)f.d);
    uint32_t node =
        w->failed ? 0 : dt_dag_power(w->dag, f.node, exponent, w->dag->node[f.node].place);
    fmpq_clear(exponent);
    w->failed = w->failed || node > DT_NODE_LAST;
    return w->failed ? 0 : node;
}

static bool is_reciprocal(factor f) {
    return f.d == 1 && f.n < 0 && f.n >= -64;
}

static uint32_t times(rewriting *w, uint32_t node, uint32_t other) {
    return node == UINT32_MAX ? other : make(w, DT_OP_MUL, node, other, 0);
}

/* The factors' product without the coefficient, those of few moves first; 1 for none. */
static uint32_t build_factors(rewriting *w, const product *p) {
    factor order[MOST_FACTORS];
    memcpy(order, p->factor, p->factors * sizeof *order);
    for (size_t i = 1; i < p->factors; i++)
        for (size_t j = i; j > 0 && moves_of(w, order[j].node) < moves_of(w, order[j - 1].node);
             j--) {
            factor swap = order[j];
            order[j] = order[j - 1];
            order[j - 1] = swap;
        }
    uint32_t above = UINT32_MAX, below = UINT32_MAX;
    for (size_t i = 0; i < p->factors && !w->failed; i++) {
        uint32_t power = build_power(w, order[i]);
        if (is_reciprocal(order[i]))
            below = times(w, below, power);
        else
            above = times(w, above, power);
    }
    if (above == UINT32_MAX && !w->failed) {
        above = dt_dag_si(w->dag, 1);
        w->failed = above > DT_NODE_LAST;
    }
    if (below != UINT32_MAX)
        above = make(w, DT_OP_DIV, above, below, 0);
    return w->failed ? 0 : above;
}

static uint32_t build_product(rewriting *w, const product *p) {
    uint32_t node = build_factors(w, p);
    return fmpq_is_one(p->coefficient) ? node
                                       : make(w, DT_OP_MUL, constant(w, p->coefficient), node, 0);
}

/* --- sums --- */

static void sum_clear(sum *s) {
    for (size_t i = 0; s->summand && i < MOST_SUMMANDS; i++)
        fmpq_clear(s->summand[i].coefficient);
    free(s->summand);
    s->summand = NULL;
}

static bool sum_init(sum *s) {
    *s = (sum){.summand = calloc(MOST_SUMMANDS, sizeof *s->summand)};
    for (size_t i = 0; s->summand && i < MOST_SUMMANDS; i++)
        fmpq_init(s->summand[i].coefficient);
    return s->summand != NULL;
}

/* A sum with a constant among its summands: worth multiplying out, as in c (x - x0). */
static bool has_constant(const rewriting *w, uint32_t node) {
    const dt_node *n = &w->dag->node[node];
    return (n->op == DT_OP_ADD || n->op == DT_OP_SUB) &&
           (dt_dag_is_const(w->dag, n->a) || dt_dag_is_const(w->dag, n->b));
}

/* Adds by × node, taken apart as a sum; false where it has too many summands or factors. */
static bool add_summands(const rewriting *w, sum *s, uint32_t node, const product *by, int depth) {
    const dt_node *n = &w->dag->node[node];
    if (n->op == DT_OP_ADD || n->op == DT_OP_SUB) {
        if (depth > DEEPEST || !add_summands(w, s, n->a, by, depth + 1))
            return false;
        product other;
        fmpq_init(other.coefficient);
        fmpq_set(other.coefficient, by->coefficient);
        if (n->op == DT_OP_SUB)
            fmpq_neg(other.coefficient, other.coefficient);
        memcpy(other.factor, by->factor, sizeof other.factor);
        other.factors = by->factors;
        bool good = add_summands(w, s, n->b, &other, depth + 1);
        fmpq_clear(other.coefficient);
        return good;
    }
    product p = {.factors = by->factors};
    fmpq_init(p.coefficient);
    fmpq_set(p.coefficient, by->coefficient);
    memcpy(p.factor, by->factor, sizeof p.factor);
    bool good = multiply(w, &p, (factor){node, 1, 1}, 0), spread = false;
    for (size_t i = 0; i < p.factors && good && !spread; i++) {
        uint32_t inner = p.factor[i].node;
        spread = p.factor[i].n == 1 && p.factor[i].d == 1 && has_constant(w, inner);
        if (spread) {
            remove_factor(&p, i);
            good = add_summands(w, s, inner, &p, depth + 1);
        }
    }
    if (good && !spread) {
        good = s->count < MOST_SUMMANDS;
        if (good) {
            product *to = &s->summand[s->count++];
            fmpq_swap(to->coefficient, p.coefficient);
            memcpy(to->factor, p.factor, sizeof to->factor);
            to->factors = p.factors;
        }
    }
    fmpq_clear(p.coefficient);
    return good;
}

static void drop_summand(sum *s, size_t i) {
    s->count--;
    product *p = &s->summand[i], *last = &s->summand[s->count];
    fmpq_swap(p->coefficient, last->coefficient);
    memcpy(p->factor, last->factor, sizeof p->factor);
    p->factors = last->factors;
}

/* Summands of the same factors become one. */
static void merge_equal(sum *s) {
    for (size_t i = 0; i < s->count; i++)
        for (size_t j = s->count; j-- > i + 1;) {
            const product *p = &s->summand[i], *q = &s->summand[j];
            if (!same_factors(p, q))
                continue;
            fmpq_add(s->summand[i].coefficient, p->coefficient, q->coefficient);
            drop_summand(s, j);
        }
}

/* The only min (or max) among the factors. */
static bool find_op(const rewriting *w, const product *p, dt_op op, size_t *at) {
    size_t found = 0;
    for (size_t i = 0; i < p->factors; i++)
        if (w->dag->node[p->factor[i].node].op == op && p->factor[i].n == 1 &&
            p->factor[i].d == 1) {
            *at = i;
            found++;
        }
    return found == 1;
}

/* c max(a, b) + d min(a, b) = d (a + b) + (c - d) max(a, b), with the same other factors. */
static bool merge_extremes(rewriting *w, sum *s) {
    for (size_t i = 0; i < s->count; i++)
        for (size_t j = 0; j < s->count; j++) {
            size_t k = 0, l = 0;
            product *high = &s->summand[i], *low = &s->summand[j];
            if (!find_op(w, high, DT_OP_MAX, &k) || !find_op(w, low, DT_OP_MIN, &l) ||
                high->factors != low->factors)
                continue;
            dt_node x = w->dag->node[high->factor[k].node], y = w->dag->node[low->factor[l].node];
            product rest = {.factors = low->factors};
            memcpy(rest.factor, low->factor, sizeof rest.factor);
            product other = {.factors = high->factors};
            memcpy(other.factor, high->factor, sizeof other.factor);
            remove_factor(&rest, l);
            remove_factor(&other, k);
            if (x.a != y.a || x.b != y.b || !same_factors(&rest, &other))
                continue;
            fmpq_init(rest.coefficient);
            fmpq_set(rest.coefficient, low->coefficient);
            fmpq_sub(high->coefficient, high->coefficient, low->coefficient);
            drop_summand(s, j);
            bool good = add_summands(w, s, x.a, &rest, 0) && add_summands(w, s, x.b, &rest, 0);
            fmpq_clear(rest.coefficient);
            return good;
        }
    return false;
}

/* The factor that is worth collecting most: of most moves, in several summands. */
static bool choose_factor(const rewriting *w, const sum *s, factor *chosen) {
    int most = 0;
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->summand[i].factors; k++) {
            factor f = s->summand[i].factor[k];
            size_t at, found = 0;
            for (size_t j = 0; j < s->count; j++)
                found += find_factor(&s->summand[j], f, &at);
            if (found > 1 && moves_of(w, f.node) > most) {
                most = moves_of(w, f.node);
                *chosen = f;
            }
        }
    return most > 0;
}

static uint32_t plus(rewriting *w, uint32_t node, const product *p) {
    bool minus = fmpq_sgn(p->coefficient) < 0 && node != UINT32_MAX;
    if (minus)
        fmpq_neg(((product *)p)->coefficient, p->coefficient);
    uint32_t other = build_product(w, p);
    return node == UINT32_MAX ? other : make(w, minus ? DT_OP_SUB : DT_OP_ADD, node, other, 0);
}

/* Builds the sum, collecting factors while that can be done. Uses it up. */
static uint32_t build_sum(rewriting *w, sum *s) {
    uint32_t node = UINT32_MAX;
    factor common;
    while (!w->failed && choose_factor(w, s, &common)) {
        sum inner;
        if (!sum_init(&inner)) {
            w->failed = true;
            break;
        }
        for (size_t i = s->count; i-- > 0;) {
            size_t at;
            product *p = &s->summand[i];
            if (!find_factor(p, common, &at))
                continue;
            remove_factor(p, at);
            product *to = &inner.summand[inner.count++];
            fmpq_swap(to->coefficient, p->coefficient);
            memcpy(to->factor, p->factor, sizeof to->factor);
            to->factors = p->factors;
            drop_summand(s, i);
        }
        uint32_t power = build_power(w, common), rest = build_sum(w, &inner);
        dt_op op = is_reciprocal(common) ? DT_OP_DIV : DT_OP_MUL;
        uint32_t collected = make(w, op, rest, power, 0);
        sum_clear(&inner);
        node = node == UINT32_MAX ? collected : make(w, DT_OP_ADD, node, collected, 0);
    }
    for (size_t i = 0; i < s->count && !w->failed; i++)
        if (!fmpq_is_zero(s->summand[i].coefficient))
            node = plus(w, node, &s->summand[i]);
    if (node != UINT32_MAX || w->failed)
        return w->failed ? 0 : node;
    node = dt_dag_si(w->dag, 0);
    w->failed = node > DT_NODE_LAST;
    return w->failed ? 0 : node;
}

static uint32_t rewrite_sum(rewriting *w, uint32_t node) {
    sum s;
    product one = {.factors = 0};
    if (!sum_init(&s)) {
        w->failed = true;
        return 0;
    }
    fmpq_init(one.coefficient);
    fmpq_one(one.coefficient);
    uint32_t result = node;
    if (add_summands(w, &s, node, &one, 0)) {
        merge_equal(&s);
        while (merge_extremes(w, &s))
            merge_equal(&s);
        result = build_sum(w, &s);
    }
    fmpq_clear(one.coefficient);
    sum_clear(&s);
    return result;
}

static bool is_product(dt_op op) {
    return op == DT_OP_MUL || op == DT_OP_DIV || op == DT_OP_POW || op == DT_OP_SQRT;
}

static bool is_sum(dt_op op) {
    return op == DT_OP_ADD || op == DT_OP_SUB;
}

static uint32_t rewrite_product(rewriting *w, uint32_t node) {
    product p = {.factors = 0};
    fmpq_init(p.coefficient);
    fmpq_one(p.coefficient);
    if (multiply(w, &p, (factor){node, 1, 1}, 0))
        node = build_product(w, &p);
    fmpq_clear(p.coefficient);
    return node;
}

/* --- the graph --- */

/* Marks what the root needs, and which sums and products are more than parts of others. */
static void mark(const dt_dag *dag, uint32_t root, old_node *old) {
    old[root].needed = old[root].whole = true;
    for (uint32_t i = root + 1; i-- > 0;) {
        const dt_node *n = &dag->node[i];
        const uint32_t operand[3] = {n->a, n->b, n->c};
        for (int k = 0; k < dt_op_operands(n->op) && old[i].needed; k++) {
            old[operand[k]].needed = true;
            dt_op op = dag->node[operand[k]].op;
            bool part = (is_sum(op) && is_sum(n->op)) || (is_product(op) && is_product(n->op));
            old[operand[k]].whole |= !part;
        }
    }
}

/* Operands come before what uses them: they have been rewritten already. */
static uint32_t rewrite(rewriting *w, uint32_t node) {
    dt_node n = w->dag->node[node]; /* a copy: new nodes may move the array */
    int operands = dt_op_operands(n.op);
    uint32_t result = node;
    if (operands == 0)
        return node;
    uint32_t a = w->old[n.a].now, b = operands > 1 ? w->old[n.b].now : 0;
    uint32_t c = operands > 2 ? w->old[n.c].now : n.c;
    if (a != n.a || (operands > 1 && b != n.b) || (operands > 2 && c != n.c))
        result = make(w, n.op, a, b, c);
    dt_op op = w->failed ? DT_OP_CONST : w->dag->node[result].op;
    if (w->old[node].whole && is_sum(op))
        return rewrite_sum(w, result);
    return w->old[node].whole && is_product(op) ? rewrite_product(w, result) : result;
}

dt_status dt_collect(dt_dag *dag, uint32_t root, uint32_t *out) {
    rewriting w = {.dag = dag, .old = calloc((size_t)root + 1, sizeof *w.old)};
    if (!w.old)
        return DT_ERR_MEMORY;
    mark(dag, root, w.old);
    for (uint32_t i = 0; i <= root && !w.failed; i++)
        if (w.old[i].needed)
            w.old[i].now = rewrite(&w, i);
    *out = w.failed ? root : w.old[root].now;
    free(w.old);
    return DT_OK;
}
