/* Times the exact proof of a linear program's optimum: dense systems of whole numbers.
 *
 *     bench_proof N [--runs 5]
 *
 * The program is max c x, A x = b, x free, with A, b and c random in 0 … 999: its basis, all
 * columns, is optimal and known, so nothing but the proof is timed; the solution's fractions are as
 * long as they get. One line, tab-separated: N, the verdict, and seconds: median, least, most.
 * SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lp/proof.h"

enum { MOST_RUNS = 99 };

typedef struct program {
    size_t n;
    long *a;     /* n × n */
    fmpq *b, *c; /* n */
} program;

static size_t column(void *self, size_t j, size_t *row, fmpq *value) {
    const program *p = self;
    for (size_t i = 0; i < p->n; i++) {
        row[i] = i;
        fmpq_set_si(value + i, p->a[i * p->n + j], 1);
    }
    return p->n;
}

static void cost(void *self, size_t j, fmpq_t out) {
    fmpq_set(out, ((const program *)self)->c + j);
}

static dt_lp_range row_range(void *self, size_t i) {
    const fmpq *b = ((const program *)self)->b + i;
    return (dt_lp_range){b, b};
}

static dt_lp_range column_range(void *self, size_t j) {
    (void)self;
    (void)j;
    return (dt_lp_range){NULL, NULL};
}

/* splitmix64 (Steele, Lea and Flood 2014) */
static long draw(uint64_t index) {
    uint64_t z = (index + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (long)((z ^ (z >> 31)) % 1000);
}

static void make(program *p, size_t n) {
    *p = (program){.n = n, .a = malloc(n * n * sizeof *p->a)};
    p->b = _fmpq_vec_init((slong)n);
    p->c = _fmpq_vec_init((slong)n);
    for (size_t i = 0; i < n && p->a; i++) {
        fmpq_set_si(p->b + i, draw(n * n + i), 1);
        fmpq_set_si(p->c + i, draw(n * n + n + i), 1);
        for (size_t j = 0; j < n; j++)
            p->a[i * n + j] = draw(i * n + j);
    }
}

static int ascending(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    size_t n = argc > 1 ? (size_t)atoi(argv[1]) : 0;
    int runs = argc > 3 && strcmp(argv[2], "--runs") == 0 ? atoi(argv[3]) : 5;
    if (n < 1 || runs < 1 || runs > MOST_RUNS) {
        fputs("usage: bench_proof N [--runs 5]\n", stderr);
        return 2;
    }
    program p;
    make(&p, n);
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = n,
                       .columns = n,
                       .entries = n,
                       .self = &p,
                       .column = column,
                       .cost = cost,
                       .row_range = row_range,
                       .column_range = column_range};
    dt_lp_place *rows = malloc(n * sizeof *rows), *columns = malloc(n * sizeof *columns);
    double seconds[MOST_RUNS];
    const char *verdict = "";
    for (int k = 0; k < runs; k++) {
        for (size_t i = 0; i < n; i++) {
            rows[i] = DT_LP_UPPER;
            columns[i] = DT_LP_BASIC;
        }
        dt_lp_proof proof;
        double started = omp_get_wtime();
        if (dt_lp_prove(&data, rows, columns, 0, NULL, &proof) != DT_OK)
            return 1;
        seconds[k] = omp_get_wtime() - started;
        verdict = dt_lp_verdict_text(proof.verdict);
        dt_lp_proof_clear(&proof);
    }
    qsort(seconds, (size_t)runs, sizeof *seconds, ascending);
    printf("%zu\t%s\t%.4g\t%.4g\t%.4g\n", n, verdict, seconds[runs / 2], seconds[0],
           seconds[runs - 1]);
    free(rows);
    free(columns);
    return 0;
}
