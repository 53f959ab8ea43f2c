/* Is a pessimistic value attained by a commitment? See attained.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/stackelberg/attained.h"

#include <math.h>
#include <stdlib.h>

#include "lp/proof.h"

/* The program over x in the cone (m columns), s_k for the replies that are not forced, and t:
 *   max t + sum s_k / size,  0 <= t <= 1, 0 <= s_k <= size
 *   sum x >= t
 *   sum x_i (a[i, k] - value) >= 0              for twins and forced replies k
 *   sum x_i (b[i, j] - b[i, k]) >= s_k, or >= 0 where k is forced
 * where `size` is about that of the incentives, so that the columns are alike. t is 1 where the
 * polytope is not empty, s_k is `size` where reply k is worse than j somewhere in it. */
typedef struct cone {
    const dt_commitment *c;
    uint32_t reply;
    bool *forced;   /* n */
    size_t frees;   /* replies that are neither twins nor forced */
    uint32_t *free; /* frees */
    size_t pays;    /* rows about the leader */
    uint32_t *pay;  /* pays */
    size_t binds;   /* rows about forced replies */
    uint32_t *bind;
    fmpz_t numerator, denominator; /* of the value, in the leader's units */
    fmpq zero, one, size, weight;  /* weight = 1 / size */
} cone;

static bool is_twin(const cone *o, uint32_t k) {
    return o->c->twin[k] == o->c->twin[o->reply];
}

static void sort_replies(cone *o) {
    o->frees = o->pays = o->binds = 0;
    for (uint32_t k = 0; k < o->c->n; k++) {
        if (is_twin(o, k) || o->forced[k])
            o->pay[o->pays++] = k;
        if (o->forced[k])
            o->bind[o->binds++] = k;
        else if (!is_twin(o, k))
            o->free[o->frees++] = k;
    }
}

/* Rows: 0, then those about the leader, then the free ones, then the bound ones. */
static size_t rows(const cone *o) {
    return 1 + o->pays + o->frees + o->binds;
}

static size_t columns(const cone *o) {
    return o->c->m + o->frees + 1;
}

/* The coefficient of x_i in row r, a whole number. */
static void entry(const cone *o, size_t r, size_t i, fmpz_t out) {
    const dt_commitment *c = o->c;
    if (r == 0) {
        fmpz_one(out);
    } else if (r <= o->pays) {
        fmpz_mul(out, c->leader.entry + i * c->n + o->pay[r - 1], o->denominator);
        fmpz_sub(out, out, o->numerator);
    } else {
        r -= 1 + o->pays;
        uint32_t k = r < o->frees ? o->free[r] : o->bind[r - o->frees];
        fmpz_sub(out, c->follower.entry + i * c->n + o->reply, c->follower.entry + i * c->n + k);
    }
}

static size_t exact_column(void *self, size_t j, size_t *row, fmpq *value) {
    const cone *o = self;
    if (j >= o->c->m) {
        size_t k = j - o->c->m;
        row[0] = k < o->frees ? 1 + o->pays + k : 0;
        fmpq_set_si(value, -1, 1);
        return 1;
    }
    size_t all = rows(o);
    for (size_t r = 0; r < all; r++) {
        row[r] = r;
        fmpz_one(fmpq_denref(value + r));
        entry(o, r, j, fmpq_numref(value + r));
    }
    return all;
}

static void exact_cost(void *self, size_t j, fmpq_t cost) {
    const cone *o = self;
    if (j < o->c->m)
        fmpq_zero(cost);
    else
        fmpq_set(cost, j + 1 < columns(o) ? &o->weight : &o->one);
}

static dt_lp_range row_range(void *self, size_t i) {
    (void)i;
    return (dt_lp_range){&((cone *)self)->zero, NULL};
}

static dt_lp_range column_range(void *self, size_t j) {
    cone *o = self;
    if (j < o->c->m)
        return (dt_lp_range){&o->zero, NULL};
    return (dt_lp_range){&o->zero, j + 1 < columns(o) ? &o->size : &o->one};
}

/* The power of two above the size of a player's payoffs, in his units. */
static void in_units(const dt_side *side, fmpq_t out) {
    int power;
    frexp(side->scale, &power);
    fmpq_set_fmpz(out, side->unit);
    if (power >= 0)
        fmpq_mul_2exp(out, out, (flint_bitcnt_t)power);
    else
        fmpq_div_2exp(out, out, (flint_bitcnt_t)-power);
}

/* The same in doubles: rows about the leader by his scale, the others by `size`. */
static dt_status build(const cone *o, dt_lp **out) {
    size_t m = o->c->m, all = columns(o);
    size_t *column = malloc(all * sizeof *column);
    double *value = malloc(all * sizeof *value);
    dt_status status = column && value ? dt_lp_new(DT_LP_MAX, out) : DT_ERR_MEMORY;
    for (size_t j = 0; j < all && status == DT_OK; j++)
        status = dt_lp_add_column(*out, 0, j < m ? INFINITY : 1, j < m ? 0 : 1, 0, NULL, NULL);
    fmpz_t whole;
    fmpq_t q, scale;
    fmpz_init(whole);
    fmpq_init(q);
    fmpq_init(scale);
    for (size_t r = 0; r < rows(o) && status == DT_OK; r++) {
        if (r == 0) {
            fmpq_one(scale);
        } else if (r <= o->pays) { /* of the order of the leader's payoffs */
            in_units(&o->c->leader, scale);
            fmpq_mul_fmpz(scale, scale, o->denominator);
        } else {
            fmpq_set(scale, &o->size);
        }
        size_t used = 0;
        for (size_t i = 0; i < m; i++) {
            entry(o, r, i, whole);
            fmpq_set_fmpz(q, whole);
            fmpq_div(q, q, scale);
            column[used] = i;
            value[used++] = dt_fmpq_double(q, NULL);
        }
        size_t k = r - 1 - o->pays; /* of a free reply; wraps for the rows before */
        if (r == 0 || (r > o->pays && k < o->frees)) {
            column[used] = r == 0 ? all - 1 : m + k;
            value[used++] = -1;
        }
        status = dt_lp_add_row(*out, 0, INFINITY, used, column, value);
    }
    fmpz_clear(whole);
    fmpq_clear(q);
    fmpq_clear(scale);
    free(column);
    free(value);
    return status;
}

/* Solves and proves the program. */
static dt_status prove(cone *o, const volatile sig_atomic_t *stop, dt_lp_proof *proof) {
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = rows(o),
                       .columns = columns(o),
                       .entries = rows(o),
                       .self = o,
                       .column = exact_column,
                       .cost = exact_cost,
                       .row_range = row_range,
                       .column_range = column_range};
    dt_lp_place *row_place = malloc(data.rows * sizeof *row_place);
    dt_lp_place *column_place = malloc(data.columns * sizeof *column_place);
    *proof = (dt_lp_proof){.verdict = DT_LP_BAD_BASIS};
    fmpq_init(proof->value);
    dt_lp *lp = NULL;
    dt_status status = row_place && column_place ? build(o, &lp) : DT_ERR_MEMORY;
    dt_lp_outcome outcome;
    if (status == DT_OK)
        status = dt_lp_solve(lp, DT_LP_PRIMAL, stop, &outcome);
    for (size_t r = 0; r < data.rows && status == DT_OK; r++)
        row_place[r] = dt_lp_row_place(lp, r);
    for (size_t j = 0; j < data.columns && status == DT_OK; j++)
        column_place[j] = dt_lp_column_place(lp, j);
    if (status == DT_OK)
        status = dt_lp_prove(&data, row_place, column_place, o->c->budget, stop, proof);
    dt_lp_free(lp);
    free(row_place);
    free(column_place);
    return status;
}

/* x over its sum. */
static void normalise(const cone *o, const fmpq *from, fmpq *x) {
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t i = 0; i < o->c->m; i++)
        fmpq_add(sum, sum, from + i);
    for (size_t i = 0; i < o->c->m; i++)
        fmpq_div(x + i, from + i, sum);
    fmpq_clear(sum);
}

static dt_status search(cone *o, const volatile sig_atomic_t *stop, bool *decided, bool *found,
                        fmpq *x) {
    for (;;) {
        sort_replies(o);
        dt_lp_proof proof;
        dt_status status = prove(o, stop, &proof);
        bool proved = status == DT_OK && proof.verdict == DT_LP_PROVED, more = false;
        if (status == DT_OK && !proved)
            *decided = false;
        if (proved && !fmpq_is_zero(proof.x + columns(o) - 1)) { /* not empty */
            for (size_t k = 0; k < o->frees; k++)
                if (fmpq_is_zero(proof.x + o->c->m + k))
                    more = o->forced[o->free[k]] = true;
            *found = !more;
            if (*found)
                normalise(o, proof.x, x);
        }
        dt_lp_proof_clear(&proof);
        if (!more)
            return status;
    }
}

dt_status dt_commitment_attained(const dt_commitment *c, uint32_t reply, const fmpq_t value,
                                 const volatile sig_atomic_t *stop, bool *decided, bool *found,
                                 fmpq *x) {
    cone o = {.c = c, .reply = reply};
    *decided = true;
    *found = false;
    fmpz_init(o.numerator);
    fmpz_init(o.denominator);
    fmpq_init(&o.zero);
    fmpq_init(&o.one);
    fmpq_init(&o.size);
    fmpq_init(&o.weight);
    fmpq_one(&o.one);
    fmpq_mul_fmpz(&o.weight, value, c->leader.unit);
    fmpz_set(o.numerator, fmpq_numref(&o.weight));
    fmpz_set(o.denominator, fmpq_denref(&o.weight));
    in_units(&c->follower, &o.size);
    fmpq_inv(&o.weight, &o.size);
    o.forced = calloc(c->n, sizeof *o.forced);
    o.free = malloc(c->n * sizeof *o.free);
    o.pay = malloc(c->n * sizeof *o.pay);
    o.bind = malloc(c->n * sizeof *o.bind);
    dt_status status =
        o.forced && o.free && o.pay && o.bind ? search(&o, stop, decided, found, x) : DT_ERR_MEMORY;
    free(o.forced);
    free(o.free);
    free(o.pay);
    free(o.bind);
    fmpz_clear(o.numerator);
    fmpz_clear(o.denominator);
    fmpq_clear(&o.zero);
    fmpq_clear(&o.one);
    fmpq_clear(&o.size);
    fmpq_clear(&o.weight);
    return status;
}
