/* Runs pure-nash and epsilon-nash and compares every part of the answer with exhaustion.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_PURE_CHECKS_H
#define DT_TESTS_PURE_CHECKS_H

#include <stdio.h>
#include <string.h>

#include "brute.h"
#include "deterra/deterra.h"
#include "harness.h"

static inline dt_game *game_of(const brute *b) {
    dt_game *game = NULL;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_table(b->players, b->strategies, b->payoff, &game), DT_OK);
    return game;
}

/* One concept's run. */
typedef struct pure_run {
    dt_diag *diag;
    dt_result_list *list;
    dt_status status;
    const dt_result *result;
    dt_setting setting;
} pure_run;

/* `text` NULL: without that setting. */
static inline pure_run run_setting(const dt_game *game, const char *name, const char *key,
                                   const char *text, const dt_control *control) {
    pure_run run = {.diag = dt_diag_new(), .list = dt_result_list_new()};
    run.setting = (dt_setting){.key = key, .text = text};
    fmpq_init(&run.setting.number);
    run.setting.is_number = text && dt_number_parse(text, &run.setting.number);
    dt_concept_request request = {.name = name, .settings = text != NULL, .setting = &run.setting};
    dt_solve_call call = {game, &request, control, run.diag, run.list};
    run.status = dt_solve(&call);
    run.result = run.list->count ? run.list->result[0] : NULL;
    return run;
}

static inline pure_run run_concept(const dt_game *game, const char *name, const char *regret,
                                   const dt_control *control) {
    return run_setting(game, name, "regret", regret, control);
}

static inline void close_run(pure_run *run) {
    fmpq_clear(&run->setting.number);
    dt_result_list_free(run->list);
    dt_diag_free(run->diag);
}

static inline void check_number(dt_number number, const fmpq_t q) {
    char *text = fmpq_get_str(NULL, 10, q);
    CU_ASSERT_PTR_NOT_NULL_FATAL(number.exact);
    CU_ASSERT_STRING_EQUAL(number.exact, text);
    CU_ASSERT(number.radius == 0);
    CU_ASSERT(brute_is_nearest(q, number.value));
    flint_free(text);
}

/* Strict, weak, or neither: with a slack a profile may be no Nash equilibrium at all. */
static inline dt_truth strict_or_weak(const brute *b, uint64_t profile) {
    fmpq_t zero;
    fmpq_init(zero);
    bool nash = brute_is_equilibrium(b, profile, zero);
    fmpq_clear(zero);
    return !nash ? DT_UNKNOWN : brute_is_strict(b, profile) ? DT_TRUE : DT_FALSE;
}

static inline void check_items(const brute *b, const pure_run *run, const fmpq_t slack,
                               bool efficiency) {
    CU_ASSERT_EQUAL_FATAL(run->status, DT_OK);
    CU_ASSERT_EQUAL(dt_diag_count(run->diag), 0);
    const dt_result *r = run->result;
    CU_ASSERT_EQUAL(r->complete, DT_TRUE);
    CU_ASSERT_EQUAL(r->searched, b->profiles);
    size_t found = 0;
    fmpq_t regret;
    fmpq_init(regret);
    for (uint64_t k = 0; k < b->profiles; k++) {
        if (!brute_is_equilibrium(b, k, slack))
            continue;
        CU_ASSERT_FATAL(found < r->items);
        const dt_item *item = &r->item[found++];
        CU_ASSERT_PTR_NULL(item->mixture);
        for (size_t i = 0; i < b->players; i++) {
            CU_ASSERT_EQUAL(item->profile[i], brute_strategy(b, k, i));
            check_number(item->payoff[i], brute_payoff(b, k, i));
            brute_regret(b, k, i, regret);
            if (!fmpq_is_zero(slack))
                check_number(item->regret[i], regret);
        }
        bool nash = true; /* strict or weak are words for Nash equilibria only */
        for (size_t i = 0; i < b->players; i++) {
            brute_regret(b, k, i, regret);
            nash = nash && fmpq_is_zero(regret);
        }
        CU_ASSERT_EQUAL(item->strict, !nash                   ? DT_UNKNOWN
                                      : brute_is_strict(b, k) ? DT_TRUE
                                                              : DT_FALSE);
        CU_ASSERT_EQUAL(item->certificate, DT_CERT_EXACT);
        if (efficiency)
            CU_ASSERT_EQUAL(item->pareto_efficient, brute_is_efficient(b, k) ? DT_TRUE : DT_FALSE);
    }
    CU_ASSERT_EQUAL(found, r->items);
    fmpq_clear(regret);
}

static inline void check_pure(const brute *b, const dt_game *game, int threads) {
    dt_control control = {.threads = threads};
    fmpq_t zero;
    fmpq_init(zero);
    pure_run run = run_concept(game, "pure-nash", NULL, &control);
    check_items(b, &run, zero, true);
    close_run(&run);
    fmpq_clear(zero);
}

static inline void check_epsilon(const brute *b, const dt_game *game, int threads,
                                 const char *slack) {
    dt_control control = {.threads = threads};
    pure_run run = run_concept(game, "epsilon-nash", slack, &control);
    check_items(b, &run, &run.setting.number, false);
    close_run(&run);
}

/* A config from memory, built. */
typedef struct pure_config {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_game *game;
} pure_config;

static inline pure_config open_text(const char *text) {
    pure_config c = {.diag = dt_diag_new()};
    dt_status status = dt_config_read_text("t.cfg", text, strlen(text), NULL, c.diag, &c.scenario);
    if (status == DT_OK)
        status = dt_game_build(c.scenario, c.diag, &c.game);
    if (status != DT_OK) {
        fputs(text, stderr);
        dt_diag_write(c.diag, stderr, false);
    }
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
    CU_ASSERT_EQUAL(dt_diag_count(c.diag), 0);
    return c;
}

static inline void close_config(pure_config *c) {
    dt_game_free(c->game);
    dt_scenario_free(c->scenario);
    dt_diag_free(c->diag);
}

/* The players of a config, each with one move `m` of values 0, 1, 2, … */
static inline void write_players(FILE *out, size_t players, const uint32_t *strategies) {
    fputs("players = (\n", out);
    for (size_t i = 0; i < players; i++) {
        fprintf(out, "  { name = \"%c\"; moves = ( { name = \"m\"; levels = (", (char)('A' + i));
        for (uint32_t s = 0; s < strategies[i]; s++)
            fprintf(out, "%s\"l%u\"", s ? ", " : "", s);
        fprintf(out, "); } ); }%s\n", i + 1 < players ? "," : "");
    }
    fputs(");\n", out);
}

/* A table game as a config, its payoffs in groups a profile or in one flat list; to be freed. */
static inline char *table_text(const brute *b, bool flat) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    write_players(out, b->players, b->strategies);
    fputs("payoffs = { kind = \"table\"; values = (", out);
    for (uint64_t k = 0; k < b->profiles; k++) {
        fprintf(out, "%s%s", k ? ", " : "", flat ? "" : "(");
        for (size_t i = 0; i < b->players; i++) {
            char *number = fmpq_get_str(NULL, 10, brute_payoff(b, k, i));
            fprintf(out, "%s\"%s\"", i ? ", " : "", number);
            flint_free(number);
        }
        fputs(flat ? "" : ")", out);
    }
    fputs("); };\n", out);
    fclose(out);
    return text;
}

#endif
