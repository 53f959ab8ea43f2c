/* Times optimal correlated equilibria of random integer games, and writes the same problem as one
 * linear program for glpsol and clp.
 *
 *     bench_correlated K [--players 4] [--range 100] [--seed 1] [--runs 3] [--threads N]
 *                      [--concept correlated|coarse-correlated] [--objective welfare]
 *                      [--sense max|min] [--mps FILE] [--header]
 *
 * K strategies a player, payoffs are integers from 0 to range - 1. Solving is what a user gets:
 * dominance, column generation, exact proof, fractions. With --mps the LP over all profiles is
 * written (fixed MPS, to be minimised) and nothing is solved; only for objectives that are sums of
 * payoffs: welfare, P1, P1-P2. SPDX: GPL-3.0-or-later */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/deterra.h"

enum { MOST_RUNS = 99 };

typedef struct options {
    uint32_t strategies;
    size_t players;
    const char *concept, *objective, *sense, *mps;
    int runs, threads;
    uint64_t seed, range;
    bool header;
} options;

static void usage(void) {
    fputs("usage: bench_correlated K [--players 4] [--range 100] [--seed 1] [--runs 3] "
          "[--threads N] [--concept correlated|coarse-correlated] [--objective welfare] "
          "[--sense max|min] [--mps FILE] [--header]\n",
          stderr);
    exit(2);
}

static options parse(int argc, char **argv) {
    options o = {.players = 4,
                 .concept = "correlated",
                 .objective = "welfare",
                 .sense = "max",
                 .runs = 3,
                 .threads = omp_get_max_threads(),
                 .seed = 1,
                 .range = 100};
    for (int i = 1; i < argc; i++) {
        const char *key = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (key[0] != '-') {
            o.strategies = (uint32_t)atoi(key);
            continue;
        }
        if (strcmp(key, "--header") == 0) {
            o.header = true;
            continue;
        }
        i++;
        if (strcmp(key, "--players") == 0)
            o.players = (size_t)atoi(value);
        else if (strcmp(key, "--range") == 0)
            o.range = strtoull(value, NULL, 10);
        else if (strcmp(key, "--runs") == 0)
            o.runs = atoi(value);
        else if (strcmp(key, "--threads") == 0)
            o.threads = atoi(value);
        else if (strcmp(key, "--seed") == 0)
            o.seed = strtoull(value, NULL, 10);
        else if (strcmp(key, "--concept") == 0)
        o.concept = value;
        else if (strcmp(key, "--objective") == 0) o.objective = value;
        else if (strcmp(key, "--sense") == 0) o.sense = value;
        else if (strcmp(key, "--mps") == 0) o.mps = value;
        else usage();
    }
    if (o.strategies == 0 || o.players == 0 || o.players > DT_MAX_PLAYERS || o.range == 0 ||
        o.runs < 1 || o.runs > MOST_RUNS || o.threads < 1)
        usage();
    return o;
}

static void check(dt_status status, const dt_diag *diag) {
    if (status == DT_OK)
        return;
    dt_diag_write(diag, stderr, false);
    fprintf(stderr, "bench_correlated: %s\n", dt_status_text(status));
    exit(1);
}

/* splitmix64 (Steele, Lea, Flood 2014): the k-th number is a pure function of seed and k. */
static uint64_t draw(uint64_t seed, uint64_t k) {
    uint64_t z = seed * UINT64_C(0xD1342543DE82EF95) + (k + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static long payoff(const options *o, uint64_t profile, size_t player) {
    return (long)(draw(o->seed, profile * o->players + player) % o->range);
}

/* Does the objective hold the player, and with which sign? "welfare", "P1", "P1-P2". */
static long weight(const options *o, size_t player) {
    char name[32];
    snprintf(name, sizeof name, "P%zu", player + 1);
    if (strcmp(o->objective, "welfare") == 0)
        return 1;
    const char *at = strstr(o->objective, name);
    return !at ? 0 : at > o->objective && at[-1] == '-' ? -1 : 1;
}

static void write_mps(const options *o, uint64_t profiles) {
    FILE *f = fopen(o->mps, "w");
    if (!f) {
        perror(o->mps);
        exit(1);
    }
    bool coarse = strcmp(o->concept, "coarse-correlated") == 0;
    size_t k = o->strategies, per = coarse ? k : k * k;
    fprintf(f, "NAME          CE\nROWS\n N  COST\n E  SUM\n");
    for (size_t r = 0; r < o->players * per; r++)
        if (coarse || r % per / k != r % per % k)
            fprintf(f, " G  R%zu\n", r);
    fprintf(f, "COLUMNS\n");
    long sign = strcmp(o->sense, "max") == 0 ? -1 : 1;
    for (uint64_t s = 0; s < profiles; s++) {
        long cost = 0;
        for (size_t p = 0; p < o->players; p++)
            cost += sign * weight(o, p) * payoff(o, s, p);
        char name[24], row[24];
        snprintf(name, sizeof name, "X%llu", (unsigned long long)s);
        fprintf(f, "    %-8s  %-8s  %12d\n    %-8s  %-8s  %12ld\n", name, "SUM", 1, name, "COST",
                cost);
        uint64_t stride = profiles;
        for (size_t p = 0; p < o->players; p++) {
            stride /= k;
            size_t a = (size_t)(s / stride % k);
            for (size_t b = 0; b < k; b++) {
                long gain = payoff(o, s, p) - payoff(o, s + b * stride - a * stride, p);
                if (b == a || gain == 0)
                    continue;
                snprintf(row, sizeof row, "R%zu", p * per + (coarse ? 0 : a * k) + b);
                fprintf(f, "    %-8s  %-8s  %12ld\n", name, row, gain);
            }
        }
    }
    fprintf(f, "RHS\n    RHS       SUM                  1\nENDATA\n");
    fclose(f);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    options o = parse(argc, argv);
    dt_diag *diag = dt_diag_new();
    uint32_t strategies[DT_MAX_PLAYERS];
    uint64_t profiles = 1;
    for (size_t i = 0; i < o.players; i++) {
        strategies[i] = o.strategies;
        profiles *= o.strategies;
    }
    if (o.mps) {
        write_mps(&o, profiles);
        dt_diag_free(diag);
        return 0;
    }
    dt_payoff_table *table;
    dt_game *game;
    check(dt_payoff_table_new(o.players, strategies, diag, &table), diag);
    for (size_t p = 0; p < o.players; p++)
        for (uint64_t s = 0; s < profiles; s++)
            dt_payoff_table_of(table, p)[s] = (double)payoff(&o, s, p);
    check(dt_game_from_doubles(table, NULL, diag, &game), diag);
    dt_setting setting[] = {{.key = "objective", .text = o.objective},
                            {.key = "sense", .text = o.sense}};
    dt_concept_request request = {.name = o.concept, .settings = 2, .setting = setting};
    dt_control control = {.threads = o.threads};
    double seconds[MOST_RUNS];
    if (o.header)
        puts("concept\tplayers\tstrategies\tseed\tobjective\tsense\tthreads\truns\tseconds\tleast\t"
             "most\tsupport\tvalue\texact\tcertificate");
    for (int run = 0; run < o.runs; run++) {
        dt_result_list *list = dt_result_list_new();
        dt_solve_call call = {game, &request, &control, diag, list};
        double started = omp_get_wtime();
        check(list ? dt_solve(&call) : DT_ERR_MEMORY, diag);
        seconds[run] = omp_get_wtime() - started;
        if (run + 1 == o.runs) {
            const dt_result *r = list->result[0];
            qsort(seconds, (size_t)o.runs, sizeof *seconds, compare);
            printf("%s\t%zu\t%u\t%llu\t%s\t%s\t%d\t%d\t%.3g\t%.3g\t%.3g\t%zu\t%.10g\t%.60s\t%s\n",
                   o.concept, o.players, o.strategies, (unsigned long long)o.seed, o.objective,
                   o.sense, o.threads, o.runs, seconds[o.runs / 2], seconds[0], seconds[o.runs - 1],
                   r->atoms, r->value.value, r->value.exact ? r->value.exact : "",
                   dt_certificate_name(r->certificate));
        }
        for (size_t n = 0; n < list->result[0]->notes; n++)
            fprintf(stderr, "note: %s\n", list->result[0]->note[n]);
        dt_result_list_free(list);
    }
    dt_game_free(game);
    dt_diag_free(diag);
    return 0;
}
