/* Times concepts that rest on linear programs on random integer games of two players.
 *
 *     bench_matrix K [--columns K] [--kind constant|general] [--seed 1] [--runs 5] [--threads N]
 *                  [--concept maximin|minimax|stackelberg] [--ties strong|weak] [--lp FILE]
 *                  [--nfg FILE] [--header]
 *
 * Payoffs are whole numbers from 0 to 999; of a constant-sum game they add up to 999. The game is
 * made through the C API and solved whole, with proofs. One line, tab-separated: the concept's
 * value for the first player as a fraction's double, its certificate, and seconds: the median, the
 * least, the most. With --lp the LP of the first player's security level is written in CPLEX format
 * for glpsol and clp, with --nfg the game for Gambit, and nothing is timed.
 * SPDX: GPL-3.0-or-later */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/deterra.h"

enum { MOST_RUNS = 99 };

typedef struct options {
    uint32_t strategies[2];
    const char *kind, *concept_name, *ties, *lp, *nfg;
    int runs, threads;
    uint64_t seed;
    bool header;
} options;

static void usage(void) {
    fputs("usage: bench_matrix K [--columns K] [--kind constant|general] [--seed 1] [--runs 5] "
          "[--threads N] [--concept maximin|minimax|stackelberg] [--ties strong|weak] [--lp FILE] "
          "[--nfg FILE] [--header]\n",
          stderr);
    exit(2);
}

static options parse(int argc, char **argv) {
    options o = {.kind = "constant",
                 .concept_name = "minimax",
                 .runs = 5,
                 .threads = omp_get_max_threads(),
                 .seed = 1};
    for (int i = 1; i < argc; i++) {
        const char *key = argv[i];
        if (*key != '-') {
            o.strategies[0] = (uint32_t)atoi(key);
            continue;
        }
        if (strcmp(key, "--header") == 0) {
            o.header = true;
            continue;
        }
        const char *value = i + 1 < argc ? argv[++i] : "";
        if (strcmp(key, "--columns") == 0)
            o.strategies[1] = (uint32_t)atoi(value);
        else if (strcmp(key, "--kind") == 0)
            o.kind = value;
        else if (strcmp(key, "--seed") == 0)
            o.seed = strtoull(value, NULL, 10);
        else if (strcmp(key, "--runs") == 0)
            o.runs = atoi(value);
        else if (strcmp(key, "--threads") == 0)
            o.threads = atoi(value);
        else if (strcmp(key, "--concept") == 0)
            o.concept_name = value;
        else if (strcmp(key, "--ties") == 0)
            o.ties = value;
        else if (strcmp(key, "--lp") == 0)
            o.lp = value;
        else if (strcmp(key, "--nfg") == 0)
            o.nfg = value;
        else
            usage();
    }
    if (!o.strategies[1])
        o.strategies[1] = o.strategies[0];
    bool kind = strcmp(o.kind, "constant") == 0 || strcmp(o.kind, "general") == 0;
    if (!o.strategies[0] || o.runs < 1 || o.runs > MOST_RUNS || o.threads < 1 || !kind)
        usage();
    return o;
}

static void check(dt_status status, const dt_diag *diag) {
    if (status == DT_OK)
        return;
    dt_diag_write(diag, stderr, false);
    fprintf(stderr, "bench_matrix: %s\n", dt_status_text(status));
    exit(1);
}

/* splitmix64 (Steele, Lea and Flood 2014): payoff `index` of a seed, 0 … 999. */
static double draw(uint64_t seed, uint64_t index) {
    uint64_t z = (seed << 40) + (index + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) % 1000);
}

static double payoff(const options *o, size_t player, uint64_t profile) {
    if (player == 1 && strcmp(o->kind, "constant") == 0)
        return 999 - draw(o->seed, 2 * profile);
    return draw(o->seed, 2 * profile + player);
}

static FILE *create(const char *path) {
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

/* max v, sum_i x_i u(i, j) - v >= 0 for each column j, sum x = 1 */
static void write_lp(const options *o) {
    FILE *out = create(o->lp);
    fputs("Maximize\n obj: v\nSubject To\n", out);
    for (uint32_t j = 0; j < o->strategies[1]; j++) {
        fprintf(out, " c%u:", j);
        for (uint32_t i = 0; i < o->strategies[0]; i++)
            fprintf(out, "%s + %.0f x%u", i % 10 ? "" : "\n",
                    payoff(o, 0, (uint64_t)i * o->strategies[1] + j), i);
        fputs(" - v >= 0\n", out);
    }
    fputs(" sum:", out);
    for (uint32_t i = 0; i < o->strategies[0]; i++)
        fprintf(out, "%s + x%u", i % 10 ? "" : "\n", i);
    fputs(" = 1\nBounds\n v free\nEnd\n", out);
    fclose(out);
}

/* Gambit's format: the first player's strategy is the fastest. */
static void write_nfg(const options *o) {
    FILE *out = create(o->nfg);
    fprintf(out, "NFG 1 R \"random\" { \"1\" \"2\" } { %u %u }\n\n", o->strategies[0],
            o->strategies[1]);
    for (uint32_t j = 0; j < o->strategies[1]; j++)
        for (uint32_t i = 0; i < o->strategies[0]; i++) {
            uint64_t profile = (uint64_t)i * o->strategies[1] + j;
            fprintf(out, "%.0f %.0f\n", payoff(o, 0, profile), payoff(o, 1, profile));
        }
    fclose(out);
}

static dt_game *make(const options *o, dt_diag *diag) {
    dt_payoff_table *table = NULL;
    check(dt_payoff_table_new(2, o->strategies, diag, &table), diag);
    uint64_t profiles = (uint64_t)o->strategies[0] * o->strategies[1];
    for (size_t p = 0; p < 2; p++)
        for (uint64_t k = 0; k < profiles; k++)
            dt_payoff_table_of(table, p)[k] = payoff(o, p, k);
    dt_game *game = NULL;
    check(dt_game_from_doubles(table, NULL, diag, &game), diag);
    return game;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The concept's number for the first player. */
static double value_of(const dt_result *r) {
    if (r->securities)
        return r->security[0].value.value;
    return r->items          ? r->item[0].payoff[0].value
           : r->named_values ? r->named_value[0].entry.number.value
                             : 0;
}

int main(int argc, char **argv) {
    options o = parse(argc, argv);
    if (o.lp)
        write_lp(&o);
    if (o.nfg)
        write_nfg(&o);
    if (o.lp || o.nfg)
        return 0;
    dt_diag *diag = dt_diag_new();
    dt_game *game = make(&o, diag);
    dt_setting setting[] = {{.key = "leader", .text = game->player[0].name},
                            {.key = "ties", .text = o.ties ? o.ties : "strong"}};
    bool leads = strcmp(o.concept_name, "stackelberg") == 0;
    dt_concept_request request = {
        .name = o.concept_name, .settings = leads ? 2 : 0, .setting = setting};
    dt_control control = {.threads = o.threads};
    double seconds[MOST_RUNS], value = 0;
    const char *certificate = "";
    for (int k = 0; k < o.runs; k++) {
        dt_result_list *list = dt_result_list_new();
        dt_solve_call call = {
            .game = game, .request = &request, .control = &control, .diag = diag, .results = list};
        double started = omp_get_wtime();
        check(dt_solve(&call), diag);
        seconds[k] = omp_get_wtime() - started;
        const dt_result *r = list->result[0];
        value = value_of(r);
        certificate = dt_certificate_name(r->items ? r->item[0].certificate : r->certificate);
        dt_result_list_free(list);
    }
    qsort(seconds, (size_t)o.runs, sizeof *seconds, ascending);
    if (o.header)
        printf("concept\trows\tcolumns\tvalue\tcertificate\tseconds\tleast\tmost\n");
    printf("%s\t%u\t%u\t%.17g\t%s\t%.4g\t%.4g\t%.4g\n", o.concept_name, o.strategies[0],
           o.strategies[1], value, certificate, seconds[o.runs / 2], seconds[0],
           seconds[o.runs - 1]);
    dt_game_free(game);
    dt_diag_free(diag);
    return 0;
}
