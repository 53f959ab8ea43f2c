/* Exact linear systems, and the proof of optima: hard bases, scales, stops. SPDX: GPL-3.0-or-later
 */
#include "harness.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>

#include "lp/dixon.h"
#include "lp/proof.h"

static uint64_t state = 88172645463325252u;

/* xorshift64 (Marsaglia 2003) */
static long draw(long low, long high) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (long)(state % (uint64_t)(high - low + 1));
}

/* --- systems ------------------------------------------------------------------------------- */

static void fill(fmpq_mat_t m, long most, long denominator) {
    for (slong i = 0; i < fmpq_mat_nrows(m); i++)
        for (slong j = 0; j < fmpq_mat_ncols(m); j++)
            fmpq_set_si(fmpq_mat_entry(m, i, j), draw(-most, most), (ulong)draw(1, denominator));
}

/* Solved, the solution satisfies the system, and it is FLINT's. */
static void systems_against_flint(void) {
    int solved = 0, singular = 0;
    for (int round = 0; round < 300; round++) {
        slong n = draw(1, round % 20 ? 12 : 60);
        fmpq_mat_t a, turned, right, z, want, back;
        fmpq_mat_init(a, n, n);
        fmpq_mat_init(turned, n, n);
        fmpq_mat_init(right, n, 1);
        fmpq_mat_init(z, n, 1);
        fmpq_mat_init(want, n, 1);
        fmpq_mat_init(back, n, 1);
        fill(a, round % 3 ? 999 : 1, round % 4 ? 1 : 6); /* small entries: zero pivots, singular */
        fill(right, 50, round % 5 ? 1 : 30);
        fmpq_mat_transpose(turned, a);
        dt_dixon d;
        dt_dixon_result made = dt_dixon_init(&d, a, NULL);
        int regular = fmpq_mat_solve_fraction_free(want, a, right);
        CU_ASSERT_EQUAL(made, regular ? DT_DIXON_SOLVED : DT_DIXON_UNFIT);
        for (int t = 0; t < 2 && made == DT_DIXON_SOLVED; t++) {
            CU_ASSERT_EQUAL(dt_dixon_solve(&d, t, z, right, NULL), DT_DIXON_SOLVED);
            fmpq_mat_mul(back, t ? turned : a, z);
            CU_ASSERT(fmpq_mat_equal(back, right));
            CU_ASSERT(t || fmpq_mat_equal(z, want));
            solved++;
        }
        singular += !regular;
        dt_dixon_clear(&d);
        fmpq_mat_clear(a);
        fmpq_mat_clear(turned);
        fmpq_mat_clear(right);
        fmpq_mat_clear(z);
        fmpq_mat_clear(want);
        fmpq_mat_clear(back);
    }
    CU_ASSERT(solved > 400 && singular > 10);
}

/* Numbers that do not fit are left to others; a stop is heeded. */
static void systems_that_do_not_fit(void) {
    enum { N = 20 };
    fmpq_mat_t a, right, z;
    fmpq_mat_init(a, N, N);
    fmpq_mat_init(right, N, 1);
    fmpq_mat_init(z, N, 1);
    fill(a, 99, 1);
    fill(right, 99, 1);
    dt_dixon d;
    volatile sig_atomic_t stop = 1;
    CU_ASSERT_EQUAL(dt_dixon_init(&d, a, &stop), DT_DIXON_STOPPED);
    dt_dixon_clear(&d);
    CU_ASSERT_EQUAL(dt_dixon_init(&d, a, NULL), DT_DIXON_SOLVED);
    CU_ASSERT_EQUAL(dt_dixon_solve(&d, false, z, right, &stop), DT_DIXON_STOPPED);
    fmpz_one(fmpq_mat_entry_num(right, 3, 0));
    fmpz_mul_2exp(fmpq_mat_entry_num(right, 3, 0), fmpq_mat_entry_num(right, 3, 0), 100);
    CU_ASSERT_EQUAL(dt_dixon_solve(&d, false, z, right, NULL), DT_DIXON_UNFIT);
    dt_dixon_clear(&d);
    fmpq_set_si(fmpq_mat_entry(a, 5, 5), 1L << 31, 1);
    CU_ASSERT_EQUAL(dt_dixon_init(&d, a, NULL), DT_DIXON_UNFIT);
    dt_dixon_clear(&d);
    for (slong j = 0; j < N; j++) /* singular */
        fmpq_set(fmpq_mat_entry(a, 5, j), fmpq_mat_entry(a, 6, j));
    CU_ASSERT_EQUAL(dt_dixon_init(&d, a, NULL), DT_DIXON_UNFIT);
    dt_dixon_clear(&d);
    fmpq_mat_clear(a);
    fmpq_mat_clear(right);
    fmpq_mat_clear(z);
}

/* --- optima -------------------------------------------------------------------------------- */

/* max c x, A x <= b, x >= 0, in rationals. */
typedef struct program {
    size_t rows, columns;
    fmpq *a, *b, *c;
    fmpq zero;
} program;

static program program_new(size_t rows, size_t columns) {
    program p = {.rows = rows, .columns = columns};
    p.a = _fmpq_vec_init((slong)(rows * columns));
    p.b = _fmpq_vec_init((slong)rows);
    p.c = _fmpq_vec_init((slong)columns);
    fmpq_init(&p.zero);
    return p;
}

static void program_free(program *p) {
    _fmpq_vec_clear(p->a, (slong)(p->rows * p->columns));
    _fmpq_vec_clear(p->b, (slong)p->rows);
    _fmpq_vec_clear(p->c, (slong)p->columns);
    fmpq_clear(&p->zero);
}

static size_t column(void *self, size_t j, size_t *row, fmpq *value) {
    const program *p = self;
    for (size_t i = 0; i < p->rows; i++) {
        row[i] = i;
        fmpq_set(value + i, p->a + i * p->columns + j);
    }
    return p->rows;
}

static void cost(void *self, size_t j, fmpq_t out) {
    fmpq_set(out, ((const program *)self)->c + j);
}

static dt_lp_range row_range(void *self, size_t i) {
    return (dt_lp_range){NULL, ((const program *)self)->b + i};
}

static dt_lp_range column_range(void *self, size_t j) {
    (void)j;
    return (dt_lp_range){&((program *)self)->zero, NULL};
}

static dt_status prove(program *p, dt_lp_place *rows, dt_lp_place *columns, double budget,
                       const volatile sig_atomic_t *stop, dt_lp_proof *proof) {
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = p->rows,
                       .columns = p->columns,
                       .entries = p->rows,
                       .self = p,
                       .column = column,
                       .cost = cost,
                       .row_range = row_range,
                       .column_range = column_range};
    return dt_lp_prove(&data, rows, columns, budget, stop, proof);
}

/* The same in doubles, solved. */
static dt_lp *solve(const program *p, dt_lp_outcome *outcome) {
    dt_lp *lp = NULL;
    size_t all[64];
    double value[64];
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
    for (size_t j = 0; j < p->columns; j++) {
        all[j] = j;
        dt_lp_add_column(lp, 0, INFINITY, fmpq_get_d(p->c + j), 0, NULL, NULL);
    }
    for (size_t i = 0; i < p->rows; i++) {
        for (size_t j = 0; j < p->columns; j++)
            value[j] = fmpq_get_d(p->a + i * p->columns + j);
        dt_lp_add_row(lp, -INFINITY, fmpq_get_d(p->b + i), p->columns, all, value);
    }
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, outcome), DT_OK);
    return lp;
}

static void read_basis(const dt_lp *lp, dt_lp_place *rows, dt_lp_place *columns) {
    for (size_t i = 0; i < dt_lp_rows(lp); i++)
        rows[i] = dt_lp_row_place(lp, i);
    for (size_t j = 0; j < dt_lp_columns(lp); j++)
        columns[j] = dt_lp_column_place(lp, j);
}

static void power_of_ten(fmpq_t q, long power) {
    fmpq_set_si(q, 10, 1);
    fmpq_pow_si(q, q, power);
}

/* Rows and costs from 1e-9 to 1e9, each its own: the proof's value is that of the plain program
 * times the cost's scale, exactly. Sizes on both sides of where systems are solved by words. */
static void scales(void) {
    fmpq_t scale, whole, want;
    fmpq_init(scale);
    fmpq_init(whole);
    fmpq_init(want);
    for (int round = 0; round < 30; round++) {
        size_t n = round % 3 ? 8 : 40;
        program p = program_new(n, n);
        for (size_t k = 0; k < n * n; k++)
            fmpq_set_si(p.a + k, draw(0, 9), 1);
        for (size_t i = 0; i < n; i++) {
            fmpq_set_si(p.b + i, draw(1, 99), 1);
            fmpq_set_si(p.c + i, draw(1, 99), 1);
            fmpq_add_si(p.a + i * n + i, p.a + i * n + i, 1);
        }
        dt_lp_place rows[64], columns[64];
        dt_lp_outcome outcome;
        dt_lp_proof proof;
        for (int scaled = 0; scaled < 2; scaled++) {
            long costs = round % 2 ? 9 : -9;
            for (size_t i = 0; i < n && scaled; i++) {
                power_of_ten(scale, draw(-9, 9));
                for (size_t j = 0; j < n; j++)
                    fmpq_mul(p.a + i * n + j, p.a + i * n + j, scale);
                fmpq_mul(p.b + i, p.b + i, scale);
                power_of_ten(scale, costs);
                fmpq_mul(p.c + i, p.c + i, scale);
            }
            dt_lp *lp = solve(&p, &outcome);
            CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
            read_basis(lp, rows, columns);
            CU_ASSERT_EQUAL(prove(&p, rows, columns, 0, NULL, &proof), DT_OK);
            CU_ASSERT_EQUAL(proof.verdict, DT_LP_PROVED);
            power_of_ten(scale, costs);
            if (scaled)
                fmpq_mul(want, want, scale);
            else
                fmpq_set(want, proof.value);
            CU_ASSERT(fmpq_equal(want, proof.value));
            dt_lp_proof_clear(&proof);
            dt_lp_free(lp);
        }
        program_free(&p);
    }
    fmpq_clear(scale);
    fmpq_clear(whole);
    fmpq_clear(want);
}

/* What has no optimum is never proved to have one: x <= -1 is infeasible, max x with -x <= 1
 * unbounded; whatever the basis to start from. */
static void no_optimum(void) {
    for (int unbounded = 0; unbounded < 2; unbounded++) {
        program p = program_new(1, 1);
        fmpq_set_si(p.a, unbounded ? -1 : 1, 1);
        fmpq_set_si(p.b, unbounded ? 1 : -1, 1);
        fmpq_one(p.c);
        dt_lp_outcome outcome;
        dt_lp *lp = solve(&p, &outcome);
        CU_ASSERT_EQUAL(outcome, unbounded ? DT_LP_UNBOUNDED : DT_LP_INFEASIBLE);
        for (int basis = 0; basis < 2; basis++) {
            dt_lp_place row = basis ? DT_LP_BASIC : DT_LP_UPPER;
            dt_lp_place only = basis ? DT_LP_LOWER : DT_LP_BASIC;
            dt_lp_proof proof;
            CU_ASSERT_EQUAL(prove(&p, &row, &only, 0, NULL, &proof), DT_OK);
            CU_ASSERT_EQUAL(proof.verdict, unbounded ? DT_LP_DUAL_WRONG : DT_LP_PRIMAL_WRONG);
            dt_lp_proof_clear(&proof);
        }
        dt_lp_free(lp);
        program_free(&p);
    }
}

/* The assignment polytope's program is as degenerate as they come (n rows more than needed): the
 * value is the best assignment, found here by trying all. */
static void degenerate_assignments(void) {
    enum { N = 4 };
    static const int order[24][N] = {
        {0, 1, 2, 3}, {0, 1, 3, 2}, {0, 2, 1, 3}, {0, 2, 3, 1}, {0, 3, 1, 2}, {0, 3, 2, 1},
        {1, 0, 2, 3}, {1, 0, 3, 2}, {1, 2, 0, 3}, {1, 2, 3, 0}, {1, 3, 0, 2}, {1, 3, 2, 0},
        {2, 0, 1, 3}, {2, 0, 3, 1}, {2, 1, 0, 3}, {2, 1, 3, 0}, {2, 3, 0, 1}, {2, 3, 1, 0},
        {3, 0, 1, 2}, {3, 0, 2, 1}, {3, 1, 0, 2}, {3, 1, 2, 0}, {3, 2, 0, 1}, {3, 2, 1, 0}};
    for (int round = 0; round < 40; round++) {
        program p = program_new(2 * N, N * N);
        long best = 0, value[N][N];
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                value[i][j] = draw(0, round % 2 ? 3 : 50);
                fmpq_set_si(p.c + i * N + j, value[i][j], 1);
                fmpq_one(p.a + i * N * N + i * N + j);
                fmpq_one(p.a + (N + j) * N * N + i * N + j);
            }
        for (size_t i = 0; i < 2 * N; i++)
            fmpq_one(p.b + i);
        for (int k = 0; k < 24; k++) {
            long sum = 0;
            for (int i = 0; i < N; i++)
                sum += value[i][order[k][i]];
            best = sum > best ? sum : best;
        }
        dt_lp_place rows[2 * N], columns[N * N];
        for (size_t i = 0; i < 2 * N; i++) /* from the slack basis, by exact pivots alone */
            rows[i] = DT_LP_BASIC;
        for (size_t j = 0; j < N * N; j++)
            columns[j] = DT_LP_LOWER;
        dt_lp_proof proof;
        CU_ASSERT_EQUAL(prove(&p, rows, columns, 0, NULL, &proof), DT_OK);
        CU_ASSERT_EQUAL(proof.verdict, DT_LP_PROVED);
        CU_ASSERT(fmpz_equal_si(fmpq_numref(proof.value), best));
        CU_ASSERT(fmpz_is_one(fmpq_denref(proof.value)));
        dt_lp_proof_clear(&proof);
        program_free(&p);
    }
}

/* Beyond the budget the verdict says so, and residuals tell how good the doubles are. */
static void budget_and_residuals(void) {
    enum { N = 30 };
    program p = program_new(N, N);
    for (size_t k = 0; k < N * N; k++)
        fmpq_set_si(p.a + k, draw(1, 99), 1);
    for (size_t i = 0; i < N; i++) {
        fmpq_set_si(p.b + i, draw(1, 99), 1);
        fmpq_set_si(p.c + i, draw(1, 99), 1);
    }
    dt_lp_outcome outcome;
    dt_lp *lp = solve(&p, &outcome);
    dt_lp_residuals r;
    CU_ASSERT_EQUAL(dt_lp_residual(lp, &r), DT_OK);
    CU_ASSERT(r.rows < 1e-7 && r.bounds < 1e-7 && r.reduced_costs < 1e-7 && r.signs < 1e-7);
    dt_lp_place rows[N], columns[N];
    dt_lp_proof proof;
    read_basis(lp, rows, columns);
    CU_ASSERT_EQUAL(prove(&p, rows, columns, 1, NULL, &proof), DT_OK);
    CU_ASSERT_EQUAL(proof.verdict, DT_LP_TOO_LARGE);
    CU_ASSERT_STRING_EQUAL(dt_lp_verdict_text(proof.verdict),
                           "the exact step would take longer than its budget");
    dt_lp_proof_clear(&proof);
    volatile sig_atomic_t stop = 1;
    CU_ASSERT_EQUAL(prove(&p, rows, columns, 0, &stop, &proof), DT_ERR_INTERRUPTED);
    dt_lp_proof_clear(&proof);
    /* An answer that is none shows: a bound that the solution breaks. */
    CU_ASSERT_EQUAL(dt_lp_set_row_bounds(lp, 0, -INFINITY, dt_lp_activity(lp, 0) - 5), DT_OK);
    CU_ASSERT_EQUAL(dt_lp_residual(lp, &r), DT_OK);
    CU_ASSERT(r.bounds > 4.9);
    dt_lp_free(lp);
    program_free(&p);
}

int main(void) {
    static const dt_case cases[] = {
        {"exact systems against FLINT's", systems_against_flint},
        {"systems that do not fit; stops", systems_that_do_not_fit},
        {"scales from 1e-9 to 1e9", scales},
        {"infeasible and unbounded", no_optimum},
        {"degenerate: assignments", degenerate_assignments},
        {"budget and residuals", budget_and_residuals},
    };
    int status = DT_RUN_SUITE("exact LP proofs", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
