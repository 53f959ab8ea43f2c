/* Times the search of all pure equilibria of an explicit table against a plain read of its bytes.
 *
 *     bench_tables K [--players 4] [--kind random|binary|equal] [--seed 1] [--runs 7] [--threads N]
 *                  [--concept pure-nash|pure-nash:pareto=yes|epsilon-nash] [--header]
 *
 * The table is made through the C API, K strategies a player. In each run, one after the other: a
 * plain parallel read (a sum of all payoffs), a naive scan, the search for candidates, and the
 * concept as a user calls it: with the search, every equilibrium certified and its payoffs written
 * as fractions. epsilon-nash is asked with a regret of 0: it finds what pure-nash finds, whose
 * small games are also searched for Pareto dominance, and large ones with pareto=yes. One line,
 * tab-separated: medians in seconds, and medians of the ratios to the read of the same run. SPDX:
 * GPL-3.0-or-later */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "deterra/deterra.h"
#include "equilibrium/pure/near.h"

enum { MOST_RUNS = 99 };

typedef struct options {
    uint32_t strategies;
    size_t players;
    const char *kind, *concept;
    int runs, threads;
    uint64_t seed;
    bool header;
} options;

static void usage(void) {
    fputs("usage: bench_tables K [--players 4] [--kind random|binary|equal] [--runs 7] "
          "[--seed 1] [--threads N] [--concept pure-nash|pure-nash:pareto=yes|epsilon-nash] "
          "[--header]\n",
          stderr);
    exit(2);
}

static options parse(int argc, char **argv) {
    options o = {.players = 4,
                 .kind = "random",
                 .concept = "pure-nash",
                 .runs = 7,
                 .threads = omp_get_max_threads(),
                 .seed = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (argv[i][0] != '-')
            o.strategies = (uint32_t)atoi(argv[i]);
        else if (strcmp(argv[i], "--header") == 0)
            o.header = true;
        else if (i++, strcmp(argv[i - 1], "--players") == 0)
            o.players = (size_t)atoi(value);
        else if (strcmp(argv[i - 1], "--kind") == 0)
            o.kind = value;
        else if (strcmp(argv[i - 1], "--runs") == 0)
            o.runs = atoi(value);
        else if (strcmp(argv[i - 1], "--threads") == 0)
            o.threads = atoi(value);
        else if (strcmp(argv[i - 1], "--concept") == 0)
        o.concept = value;
        else if (strcmp(argv[i - 1], "--seed") == 0) o.seed = strtoull(value, NULL, 10);
        else usage();
    }
    bool kind = strcmp(o.kind, "random") == 0 || strcmp(o.kind, "binary") == 0 ||
                strcmp(o.kind, "equal") == 0;
    if (o.strategies == 0 || o.runs < 1 || o.runs > MOST_RUNS || o.threads < 1 || !kind)
        usage();
    return o;
}

static void check(dt_status status, const dt_diag *diag) {
    if (status == DT_OK)
        return;
    dt_diag_write(diag, stderr, false);
    fprintf(stderr, "bench_tables: %s\n", dt_status_text(status));
    exit(1);
}

/* splitmix64 (Steele, Lea, Flood 2014): the k-th number is a pure function of seed and k. */
static uint64_t draw(uint64_t seed, uint64_t k) {
    uint64_t z = seed * UINT64_C(0xD1342543DE82EF95) + (k + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* --- what is timed --- */

typedef struct bench {
    options o;
    dt_game *game;
    const double *value[DT_MAX_PLAYERS];
    dt_diag *diag;
    dt_control control;
    size_t candidates, equilibria;
    double sink; /* keeps the compiler from leaving the read out */
} bench;

static void fill(bench *b, dt_payoff_table *table, uint64_t profiles) {
    for (size_t i = 0; i < b->o.players; i++) {
        double *value = dt_payoff_table_of(table, i);
#pragma omp parallel for num_threads(b->o.threads) schedule(static)
        for (uint64_t k = 0; k < profiles; k++) {
            uint64_t bits = draw(b->o.seed, k * b->o.players + i);
            value[k] = b->o.kind[0] == 'r'   ? (double)(bits >> 11) * 0x1p-53
                       : b->o.kind[0] == 'b' ? (double)(bits >> 63)
                                             : 1;
        }
        b->value[i] = value;
    }
}

CLONES static double sum(const double *value, uint64_t count) {
    double total[8] = {0}; /* several sums: one would wait for its own last addition */
    uint64_t k = 0;
    for (; k + 64 <= count; k += 64)
        for (int u = 0; u < 8; u++) {
            double part = 0;
#pragma omp simd reduction(+ : part)
            for (int j = 0; j < 8; j++)
                part += value[k + 8 * (uint64_t)u + (uint64_t)j];
            total[u] += part;
        }
    for (; k < count; k++)
        total[0] += value[k];
    return total[0] + total[1] + total[2] + total[3] + total[4] + total[5] + total[6] + total[7];
}

static void read_all(bench *b) {
    double total = 0;
    for (size_t i = 0; i < b->o.players; i++) {
#pragma omp parallel num_threads(b->o.threads) reduction(+ : total)
        {
            uint64_t threads = (uint64_t)omp_get_num_threads();
            uint64_t t = (uint64_t)omp_get_thread_num(), n = b->game->profiles;
            uint64_t from = n / threads * t, to = t + 1 == threads ? n : n / threads * (t + 1);
            total += sum(b->value[i] + from, to - from);
        }
    }
    b->sink += total;
}

/* One byte a profile, player by player, row by row: what one would write first. */
static void naive(bench *b) {
    uint64_t n = b->game->profiles, stride = 1;
    uint32_t rows = b->o.strategies;
    unsigned char *best = malloc(n);
    if (!best)
        exit(1);
    memset(best, 1, n);
    for (size_t i = b->o.players; i-- > 0; stride *= rows) {
        const double *value = b->value[i];
#pragma omp parallel for num_threads(b->o.threads) schedule(static)
        for (uint64_t other = 0; other < n / rows; other++) {
            uint64_t at = other / stride * stride * rows + other % stride;
            double top = value[at];
            for (uint32_t r = 1; r < rows; r++)
                top = value[at + r * stride] > top ? value[at + r * stride] : top;
            for (uint32_t r = 0; r < rows; r++)
                best[at + r * stride] &= value[at + r * stride] >= top;
        }
    }
    for (uint64_t k = 0; k < n; k++)
        b->sink += best[k];
    free(best);
}

static void search(bench *b) {
    dt_candidates c;
    check(dt_near_equilibria(b->game, 0, 100000, &b->control, b->diag, &c), b->diag);
    b->candidates = c.count;
    dt_candidates_clear(&c);
}

static void solve(bench *b) {
    dt_result_list *list = dt_result_list_new();
    dt_setting regret = {.key = "regret", .text = "0", .is_number = true};
    dt_setting pareto = {.key = "pareto", .text = "yes"};
    fmpq_init(&regret.number);
    bool slack = strcmp(b->o.concept, "epsilon-nash") == 0;
    bool efficient = strcmp(b->o.concept, "pure-nash:pareto=yes") == 0;
    dt_concept_request request = {.name = efficient ? "pure-nash" : b->o.concept,
                                  .settings = slack || efficient,
                                  .setting = efficient ? &pareto : &regret};
    dt_solve_call call = {b->game, &request, &b->control, b->diag, list};
    check(list ? dt_solve(&call) : DT_ERR_MEMORY, b->diag);
    b->equilibria = list->result[0]->items;
    dt_result_list_free(list);
}

enum { READ, NAIVE, SEARCH, SOLVE, KINDS };
static void (*const TIMED[KINDS])(bench *) = {read_all, naive, search, solve};

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *x, int n) {
    double sorted[MOST_RUNS];
    memcpy(sorted, x, (size_t)n * sizeof *x);
    qsort(sorted, (size_t)n, sizeof *sorted, compare);
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

int main(int argc, char **argv) {
    bench b = {.o = parse(argc, argv), .diag = dt_diag_new()};
    uint32_t strategies[DT_MAX_PLAYERS];
    for (size_t i = 0; i < b.o.players && i < DT_MAX_PLAYERS; i++)
        strategies[i] = b.o.strategies;
    b.control.threads = b.o.threads;
    dt_payoff_table *table;
    check(dt_payoff_table_new(b.o.players, strategies, b.diag, &table), b.diag);
    uint64_t profiles = 1;
    for (size_t i = 0; i < b.o.players; i++)
        profiles *= b.o.strategies;
    fill(&b, table, profiles);
    check(dt_game_from_doubles(table, &b.control, b.diag, &b.game), b.diag);
    double seconds[KINDS][MOST_RUNS], ratio[KINDS][MOST_RUNS];
    for (int run = -1; run < b.o.runs; run++) /* run -1 warms up */
        for (int k = 0; k < KINDS; k++) {
            double started = omp_get_wtime();
            TIMED[k](&b);
            double took = omp_get_wtime() - started;
            if (run < 0)
                continue;
            seconds[k][run] = took;
            ratio[k][run] = took / seconds[READ][run];
        }
    if (b.o.header)
        puts("kind\tconcept\tplayers\tstrategies\tGB\tthreads\tseed\truns\tcandidates\tequilibria\t"
             "read_s\t"
             "naive_s\tsearch_s\tsolve_s\tnaive_x\tsearch_x\tsolve_x");
    printf("%s\t%s\t%zu\t%u\t%.3g\t%d\t%llu\t%d\t%zu\t%zu", b.o.kind, b.o.concept, b.o.players,
           b.o.strategies, 8e-9 * (double)profiles * (double)b.o.players, b.o.threads,
           (unsigned long long)b.o.seed, b.o.runs, b.candidates, b.equilibria);
    for (int k = 0; k < KINDS; k++)
        printf("\t%.3g", median(seconds[k], b.o.runs));
    for (int k = NAIVE; k < KINDS; k++)
        printf("\t%.3g", median(ratio[k], b.o.runs));
    putchar('\n');
    if (b.sink == 42) /* never, but the compiler cannot know */
        putchar('\n');
    dt_game_free(b.game);
    dt_diag_free(b.diag);
    return 0;
}
