/* The LP layer and the exact proof of an optimum. SPDX: GPL-3.0-or-later */
#include "harness.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include <flint/fmpq_mat.h>
#include <flint/fmpq_vec.h>

#include "lp/lp.h"
#include "lp/proof.h"

enum { MOST = 16 };

/* A dense LP in small integers over a common divisor: rows <= right, x >= 0, maximise. */
typedef struct dense {
    size_t rows, columns;
    long a[MOST][MOST], b[MOST], c[MOST], divisor;
    fmpq bound[MOST], zero;
} dense;

static void dense_open(dense *d) {
    for (size_t i = 0; i < MOST; i++) {
        fmpq_init(d->bound + i);
        if (i < d->rows)
            fmpq_set_si(d->bound + i, d->b[i], (ulong)d->divisor);
    }
    fmpq_init(&d->zero);
}

static void dense_close(dense *d) {
    for (size_t i = 0; i < MOST; i++)
        fmpq_clear(d->bound + i);
    fmpq_clear(&d->zero);
}

static size_t dense_column(void *self, size_t j, size_t *row, fmpq *value) {
    dense *d = self;
    for (size_t i = 0; i < d->rows; i++) {
        row[i] = i;
        fmpq_set_si(value + i, d->a[i][j], (ulong)d->divisor);
    }
    return d->rows;
}

static void dense_cost(void *self, size_t j, fmpq_t cost) {
    fmpq_set_si(cost, ((dense *)self)->c[j], 1);
}

static dt_lp_range dense_row_range(void *self, size_t i) {
    return (dt_lp_range){NULL, ((dense *)self)->bound + i};
}

static dt_lp_range dense_column_range(void *self, size_t j) {
    (void)j;
    return (dt_lp_range){&((dense *)self)->zero, NULL};
}

static dt_lp_data dense_data(dense *d) {
    return (dt_lp_data){.sense = DT_LP_MAX,
                        .rows = d->rows,
                        .columns = d->columns,
                        .entries = d->rows,
                        .self = d,
                        .column = dense_column,
                        .cost = dense_cost,
                        .row_range = dense_row_range,
                        .column_range = dense_column_range};
}

/* The same in doubles, all of it scaled by `scale`. */
static dt_lp *dense_lp(const dense *d, double scale) {
    dt_lp *lp = NULL;
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
    size_t all[MOST];
    double row[MOST], divisor = (double)d->divisor / scale;
    for (size_t j = 0; j < d->columns; j++) {
        all[j] = j;
        CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, INFINITY, (double)d->c[j], 0, NULL, NULL), DT_OK);
    }
    for (size_t i = 0; i < d->rows; i++) {
        for (size_t j = 0; j < d->columns; j++)
            row[j] = (double)d->a[i][j] / divisor;
        CU_ASSERT_EQUAL(
            dt_lp_add_row(lp, -INFINITY, (double)d->b[i] / divisor, d->columns, all, row), DT_OK);
    }
    return lp;
}

static void read_basis(const dt_lp *lp, dt_lp_place *rows, dt_lp_place *columns) {
    for (size_t i = 0; i < dt_lp_rows(lp); i++)
        rows[i] = dt_lp_row_place(lp, i);
    for (size_t j = 0; j < dt_lp_columns(lp); j++)
        columns[j] = dt_lp_column_place(lp, j);
}

static int fmpq_is(const fmpq_t q, long p, ulong r) {
    fmpq_t want;
    fmpq_init(want);
    fmpq_set_si(want, p, r);
    int same = fmpq_equal(q, want);
    fmpq_clear(want);
    return same;
}

/* Chvatal 1983, chapter 1: max 5x + 4y + 3z has optimum 13 at (2, 0, 1). */
static const dense chvatal = {.rows = 3,
                              .columns = 3,
                              .divisor = 1,
                              .b = {5, 11, 8},
                              .a = {{2, 3, 1}, {4, 1, 2}, {3, 4, 2}},
                              .c = {5, 4, 3}};

static void textbook(void) {
    dense d = chvatal;
    dense_open(&d);
    dt_lp *lp = dense_lp(&d, 1);
    dt_lp_outcome outcome;
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_value(lp), 13, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_primal(lp, 0), 2, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_dual(lp, 0), 1, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_activity(lp, 1), 10, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_reduced_cost(lp, 1), -3, 1e-9);

    dt_lp_place rows[MOST], columns[MOST];
    read_basis(lp, rows, columns);
    dt_lp_data data = dense_data(&d);
    dt_lp_proof proof;
    CU_ASSERT_EQUAL(dt_lp_prove(&data, rows, columns, 0, NULL, &proof), DT_OK);
    CU_ASSERT_EQUAL(proof.verdict, DT_LP_PROVED);
    CU_ASSERT_EQUAL(proof.pivots, 0);
    CU_ASSERT(fmpq_is(proof.value, 13, 1) && fmpq_is(proof.x, 2, 1) && fmpq_is(proof.x + 2, 1, 1));
    CU_ASSERT(fmpq_is(proof.y, 1, 1) && fmpq_is(proof.y + 1, 0, 1) && fmpq_is(proof.y + 2, 1, 1));
    dt_lp_proof_clear(&proof);

    /* A warm restart after a new row and a new cost: x <= 1, then max -x + 4y + 3z. */
    CU_ASSERT_EQUAL(dt_lp_add_row(lp, -INFINITY, 1, 1, (size_t[]){0}, (double[]){1}), DT_OK);
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_DUAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    CU_ASSERT(dt_lp_value(lp) < 13 && dt_lp_primal(lp, 0) < 1 + 1e-9);
    CU_ASSERT_EQUAL(dt_lp_delete_rows(lp, 1, (size_t[]){3}), DT_OK);
    CU_ASSERT_EQUAL(dt_lp_rows(lp), 3);
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_value(lp), 13, 1e-9);
    dt_lp_free(lp);
    dense_close(&d);
}

/* Any starting basis, however wrong, is pivoted to the optimum. */
static void repair(void) {
    dense d = chvatal;
    dense_open(&d);
    dt_lp_data data = dense_data(&d);
    int proved = 0;
    for (unsigned mask = 0; mask < 64; mask++) { /* which of 3 rows and 3 columns are basic */
        dt_lp_place rows[3], columns[3];
        for (size_t i = 0; i < 3; i++) {
            rows[i] = mask >> i & 1 ? DT_LP_BASIC : DT_LP_UPPER;
            columns[i] = mask >> (3 + i) & 1 ? DT_LP_BASIC : DT_LP_LOWER;
        }
        dt_lp_proof proof;
        CU_ASSERT_EQUAL(dt_lp_prove(&data, rows, columns, 0, NULL, &proof), DT_OK);
        if (proof.verdict == DT_LP_PROVED) {
            proved++;
            CU_ASSERT(__builtin_popcount(mask) == 3 && fmpq_is(proof.value, 13, 1));
        } else {
            CU_ASSERT_EQUAL(proof.verdict, DT_LP_BAD_BASIS);
        }
        dt_lp_proof_clear(&proof);
    }
    CU_ASSERT_EQUAL(proved, 19); /* of the 20, columns 1 and 3 with rows 1 and 2 are singular */
    dense_close(&d);
}

/* The optimum over all vertices: every choice of `columns` tight ones among rows and signs. */
static int brute_force(const dense *d, fmpq_t best) {
    size_t n = d->columns, m = d->rows;
    int found = 0;
    fmpq_mat_t a, b, x;
    fmpq_mat_init(a, (slong)n, (slong)n);
    fmpq_mat_init(b, (slong)n, 1);
    fmpq_mat_init(x, (slong)n, 1);
    fmpq_t sum, entry;
    fmpq_init(sum);
    fmpq_init(entry);
    for (unsigned set = 0; set < 1u << (n + m); set++) {
        if (__builtin_popcount(set) != (int)n)
            continue;
        slong at = 0;
        for (size_t t = 0; t < n + m; t++) {
            if (!(set >> t & 1))
                continue;
            for (size_t j = 0; j < n; j++)
                fmpq_set_si(fmpq_mat_entry(a, at, (slong)j), t < m ? d->a[t][j] : t - m == j, 1);
            fmpq_set_si(fmpq_mat_entry(b, at, 0), t < m ? d->b[t] : 0, 1);
            at++;
        }
        if (!fmpq_mat_solve_fraction_free(x, a, b))
            continue;
        int feasible = 1;
        for (size_t t = 0; t < n + m && feasible; t++) {
            fmpq_zero(sum);
            for (size_t j = 0; j < n; j++) {
                fmpq_set_si(entry, t < m ? d->a[t][j] : t - m == j, 1);
                fmpq_addmul(sum, entry, fmpq_mat_entry(x, (slong)j, 0));
            }
            fmpq_set_si(entry, t < m ? d->b[t] : 0, 1);
            feasible = t < m ? fmpq_cmp(sum, entry) <= 0 : fmpq_cmp(sum, entry) >= 0;
        }
        if (!feasible)
            continue;
        fmpq_zero(sum);
        for (size_t j = 0; j < n; j++) {
            fmpq_set_si(entry, d->c[j], 1);
            fmpq_addmul(sum, entry, fmpq_mat_entry(x, (slong)j, 0));
        }
        if (!found || fmpq_cmp(sum, best) > 0)
            fmpq_set(best, sum);
        found = 1;
    }
    fmpq_clear(sum);
    fmpq_clear(entry);
    fmpq_mat_clear(a);
    fmpq_mat_clear(b);
    fmpq_mat_clear(x);
    return found;
}

static unsigned long long state = 88172645463325252ull;
static long draw(long low, long high) { /* xorshift64 (Marsaglia 2003) */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (long)(state % (unsigned long long)(high - low + 1));
}

static void random_against_vertices(void) {
    int seen[4] = {0};
    for (int round = 0; round < 300; round++) {
        dense d = {.rows = 5, .columns = 3, .divisor = 1};
        for (size_t i = 0; i < d.rows; i++) {
            for (size_t j = 0; j < d.columns; j++)
                d.a[i][j] = draw(-2, 3);
            d.b[i] = draw(-2, 6);
        }
        for (size_t j = 0; j < d.columns; j++)
            d.c[j] = draw(-2, 3);
        dense_open(&d);
        dt_lp *lp = dense_lp(&d, 1);
        dt_lp_outcome outcome;
        CU_ASSERT_EQUAL(dt_lp_solve(lp, round % 2 ? DT_LP_DUAL : DT_LP_PRIMAL, NULL, &outcome),
                        DT_OK);
        seen[outcome]++;
        fmpq_t best;
        fmpq_init(best);
        int feasible = brute_force(&d, best);
        CU_ASSERT_EQUAL(feasible, outcome != DT_LP_INFEASIBLE);
        if (outcome == DT_LP_OPTIMAL) {
            dt_lp_place rows[MOST], columns[MOST];
            read_basis(lp, rows, columns);
            dt_lp_data data = dense_data(&d);
            dt_lp_proof proof;
            CU_ASSERT_EQUAL(dt_lp_prove(&data, rows, columns, 0, NULL, &proof), DT_OK);
            CU_ASSERT_EQUAL(proof.verdict, DT_LP_PROVED);
            CU_ASSERT(fmpq_equal(proof.value, best));
            dt_lp_proof_clear(&proof);
        }
        fmpq_clear(best);
        dt_lp_free(lp);
        dense_close(&d);
    }
    CU_ASSERT(seen[DT_LP_OPTIMAL] > 50 && seen[DT_LP_INFEASIBLE] > 20);
    CU_ASSERT(seen[DT_LP_UNBOUNDED] > 10 && seen[DT_LP_FAILED] == 0);
}

/* Beale 1955: the classic degenerate LP on which careless pivoting cycles; optimum 1/20 at
 * x = (1/25, 0, 1, 0) for max 3/4 x1 - 150 x2 + 1/50 x3 - 6 x4. Here times 100. */
static void degenerate(void) {
    dense d = {.rows = 3,
               .columns = 4,
               .divisor = 100,
               .b = {0, 0, 100},
               .a = {{25, -6000, -4, 900}, {50, -9000, -2, 300}, {0, 0, 100, 0}},
               .c = {75, -15000, 2, -600}};
    dense_open(&d);
    dt_lp_data data = dense_data(&d);
    dt_lp_place rows[3] = {DT_LP_BASIC, DT_LP_BASIC, DT_LP_BASIC};
    dt_lp_place columns[4] = {DT_LP_LOWER, DT_LP_LOWER, DT_LP_LOWER, DT_LP_LOWER};
    dt_lp_proof proof;
    CU_ASSERT_EQUAL(dt_lp_prove(&data, rows, columns, 0, NULL, &proof), DT_OK);
    CU_ASSERT_EQUAL(proof.verdict, DT_LP_PROVED);
    CU_ASSERT(fmpq_is(proof.value, 5, 1));
    dt_lp_proof_clear(&proof);
    dense_close(&d);
}

static void badly_scaled(void) {
    static const double scales[] = {1e-9, 1e-6, 1e6, 1e9};
    for (size_t s = 0; s < 4; s++) {
        dense d = chvatal;
        dense_open(&d);
        dt_lp *lp = dense_lp(&d, scales[s]);
        dt_lp_outcome outcome;
        CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
        CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
        CU_ASSERT_DOUBLE_EQUAL(dt_lp_value(lp), 13, 1e-6);
        dt_lp_free(lp);
        dense_close(&d);
    }
    /* Rows of 1e-9 and 1e9 in one LP: x <= 1e-9 / 1e-9, 1e9 y <= 3e9. */
    dt_lp *lp;
    dt_lp_outcome outcome;
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
    dt_lp_add_column(lp, 0, INFINITY, 1, 0, NULL, NULL);
    dt_lp_add_column(lp, 0, INFINITY, 1, 0, NULL, NULL);
    dt_lp_add_row(lp, -INFINITY, 1e-9, 1, (size_t[]){0}, (double[]){1e-9});
    dt_lp_add_row(lp, -INFINITY, 3e9, 1, (size_t[]){1}, (double[]){1e9});
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_value(lp), 4, 1e-6);
    dt_lp_free(lp);
}

static void refusals(void) {
    dt_lp *lp;
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MIN, &lp), DT_OK);
    CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, 1, NAN, 0, NULL, NULL), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, 1, INFINITY, 0, NULL, NULL), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_column(lp, NAN, 1, 0, 0, NULL, NULL), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_column(lp, 2, 1, 0, 0, NULL, NULL), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_column(lp, INFINITY, INFINITY, 0, 0, NULL, NULL), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, 1, 1, 0, NULL, NULL), DT_OK);
    CU_ASSERT_EQUAL(dt_lp_add_row(lp, 0, 1, 1, (size_t[]){0}, (double[]){NAN}), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_row(lp, 0, 1, 1, (size_t[]){0}, (double[]){-INFINITY}), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_add_row(lp, 0, 1, 1, (size_t[]){1}, (double[]){1}), DT_ERR_USAGE);
    CU_ASSERT_EQUAL(dt_lp_set_cost(lp, 0, NAN), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_lp_set_cost(lp, 7, 1), DT_ERR_USAGE);
    dt_lp_outcome outcome;
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    volatile sig_atomic_t stop = 1;
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, &stop, &outcome), DT_ERR_INTERRUPTED);
    dt_lp_free(lp);
}

/* GLPK's own error handler ends the process; here it is an error return, again and again, and the
 * thread goes on to solve. */
static void error_inside_glpk(void) {
    for (int round = 0; round < 50; round++) {
        dt_lp *lp, *other;
        CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MIN, &lp), DT_OK);
        CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MIN, &other), DT_OK);
        dt_lp_add_column(lp, 0, 1, 1, 0, NULL, NULL);
        dt_lp_add_column(lp, 0, 1, 1, 0, NULL, NULL);
        dt_status status =
            dt_lp_add_row(lp, 0, 1, 2, (size_t[]){0, 0}, (double[]){1, 2}); /* twice the same */
        CU_ASSERT_EQUAL(status, DT_ERR_SOLVER);
        CU_ASSERT(strstr(dt_lp_message(lp), "duplicate") != NULL);
        dt_lp_outcome outcome;
        CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_ERR_SOLVER);
        CU_ASSERT_EQUAL(dt_lp_add_column(other, 0, 1, 1, 0, NULL, NULL), DT_ERR_SOLVER);
        CU_ASSERT_EQUAL(dt_lp_value(other), 0);
        dt_lp_free(lp);
        dt_lp_free(other);
    }
    textbook();
}

static void many_threads(void) {
    int wrong = 0;
#pragma omp parallel num_threads(4) reduction(+ : wrong)
    {
#pragma omp for schedule(dynamic)
        for (int round = 0; round < 400; round++) {
            dt_lp *lp;
            dt_lp_outcome outcome;
            if (dt_lp_new(DT_LP_MAX, &lp) != DT_OK) {
                wrong++;
                continue;
            }
            /* max x + y, x + 2y <= round + 1, x <= 1 + round / 2 */
            double r = round;
            wrong += dt_lp_add_column(lp, 0, 1 + r / 2, 1, 0, NULL, NULL) != DT_OK;
            wrong += dt_lp_add_column(lp, 0, INFINITY, 1, 0, NULL, NULL) != DT_OK;
            wrong +=
                dt_lp_add_row(lp, -INFINITY, r + 1, 2, (size_t[]){0, 1}, (double[]){1, 2}) != DT_OK;
            if (round % 7 == 0) { /* some fail, and take the thread's others with them */
                wrong +=
                    dt_lp_add_row(lp, 0, 1, 2, (size_t[]){0, 0}, (double[]){1, 2}) != DT_ERR_SOLVER;
            } else {
                wrong += dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome) != DT_OK;
                double x = fmin(1 + r / 2, r + 1);
                wrong += fabs(dt_lp_value(lp) - (x + (r + 1 - x) / 2)) > 1e-6;
            }
            dt_lp_free(lp);
        }
        dt_lp_thread_end();
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* max v, x a mixture of n strategies that pays at least v in two rows: t^2 and (n - 1 - t)^2. The
 * dual simplex of GLPK 5.0 cycles in it; the answer is half of either end's payoffs. */
static void cycling(void) {
    enum { N = 3000 };
    size_t *column = calloc(N + 1, sizeof *column);
    double *value = calloc(N + 1, sizeof *value);
    CU_ASSERT_FATAL(column && value);
    const double most = (double)(N - 1) * (N - 1), centre = (N / 2 - 1.0) * (N / 2 - 1.0);
    dt_lp *lp;
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
    int wrong = 0;
    for (size_t j = 0; j <= N; j++) {
        column[j] = j;
        value[j] = 1;
        wrong +=
            dt_lp_add_column(lp, j < N ? 0 : -INFINITY, INFINITY, j == N, 0, NULL, NULL) != DT_OK;
    }
    wrong += dt_lp_add_row(lp, 1, 1, N, column, value) != DT_OK;
    for (int r = 0; r < 2; r++) {
        for (size_t j = 0; j < N; j++) {
            double t = (double)(r ? N - 1 - j : j);
            value[j] = (t * t - centre) / most;
        }
        value[N] = -1;
        wrong += dt_lp_add_row(lp, 0, INFINITY, N + 1, column, value) != DT_OK;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    dt_lp_outcome outcome;
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_DUAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    CU_ASSERT_DOUBLE_EQUAL(dt_lp_value(lp), 0.5 - centre / most, 1e-7);
    dt_lp_free(lp);
    free(column);
    free(value);
}

/* Coefficients of which GLPK's scale factors over- or underflow. */
static void beyond_scaling(void) {
    static const double sizes[] = {1e-300, 1e-160, 1e160, 1e300};
    for (size_t i = 0; i < 4; i++) {
        dt_lp *lp;
        CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, 4, 1, 0, NULL, NULL), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, 4, 1, 0, NULL, NULL), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_row(lp, -INFINITY, 3, 2, (size_t[]){0, 1}, (double[]){1, 1}),
                        DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_row(lp, -1, INFINITY, 2, (size_t[]){0, 1},
                                      (double[]){sizes[i], sizes[i] * 2}),
                        DT_OK);
        dt_lp_outcome outcome;
        CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
        CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
        CU_ASSERT_DOUBLE_EQUAL(dt_lp_value(lp), 3, 1e-9);
        dt_lp_free(lp);
    }
}

/* Where scales mislead GLPK the last word is exact: optimal, infeasible and unbounded alike. */
static void misleading_scales(void) {
    static const dt_lp_outcome wanted[] = {DT_LP_OPTIMAL, DT_LP_INFEASIBLE, DT_LP_UNBOUNDED};
    for (int kind = 0; kind < 3; kind++) {
        dt_lp *lp;
        CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
        /* x + y = 1; 1e-16 x - 1e-18 y >= 0 or >= 1; z free in the cost or held */
        CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, INFINITY, 0, 0, NULL, NULL), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, INFINITY, 1, 0, NULL, NULL), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_column(lp, 0, kind == 2 ? INFINITY : 1, 1, 0, NULL, NULL), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_row(lp, 1, 1, 2, (size_t[]){0, 1}, (double[]){1, 1}), DT_OK);
        CU_ASSERT_EQUAL(dt_lp_add_row(lp, kind == 1 ? 1 : 0, INFINITY, 2, (size_t[]){0, 1},
                                      (double[]){1e-16, -1e-18}),
                        DT_OK);
        dt_lp_outcome outcome;
        CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
        CU_ASSERT_EQUAL(outcome, wanted[kind]);
        dt_lp_free(lp);
    }
}

int main(void) {
    static const dt_case cases[] = {
        {"textbook LP, duals, warm restart", textbook},
        {"wrong bases are repaired exactly", repair},
        {"random LPs against their vertices", random_against_vertices},
        {"degenerate (Beale)", degenerate},
        {"payoffs from 1e-9 to 1e9", badly_scaled},
        {"payoffs from 1e-300 to 1e300", beyond_scaling},
        {"misleading scales", misleading_scales},
        {"cycling", cycling},
        {"NaN, infinity, crossed bounds", refusals},
        {"an error inside GLPK returns", error_inside_glpk},
        {"many LPs on several threads", many_threads},
    };
    int status = DT_RUN_SUITE("lp", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
