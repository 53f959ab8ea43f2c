/* Fuzz harness of formulas (libFuzzer): the bytes are a payoff formula in a small fixed scenario
 * built in memory. What builds is evaluated exactly and in blocks, at every profile, and the
 * block's bound must hold the exact payoff. With DETERRA_FUZZ_STANDALONE a main runs it over the
 * files named on the command line, so that the seeds are tests without clang too.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined … tests/fuzz/fuzz_formula.c
 *     ./fuzz_formula -max_len=256 -timeout=20 -rss_limit_mb=2048 DIRECTORY
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "deterra/game.h"
#include "standalone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PRECISION = 128 };

static void *take(dt_scenario *s, size_t count, size_t size) {
    void *memory = dt_arena_array(s->arena, count, size);
    if (!memory)
        abort();
    return memory;
}

static void set_level(dt_level_spec *level, const char *label, slong p, ulong q) {
    *level = (dt_level_spec){.label = label};
    fmpq_init(&level->value);
    fmpq_set_si(&level->value, p, q);
}

static dt_move_spec *add_moves(dt_scenario *s, size_t player, size_t moves) {
    s->player[player].moves = moves;
    s->player[player].move = take(s, moves, sizeof(dt_move_spec));
    return s->player[player].move;
}

static dt_level_spec *set_move(dt_scenario *s, dt_move_spec *move, const char *name,
                               size_t levels) {
    *move = (dt_move_spec){.name = name, .levels = levels};
    move->level = take(s, levels, sizeof(dt_level_spec));
    return move->level;
}

static void set_leaf(dt_parameter *p, const char *name, slong value, ulong below) {
    *p = (dt_parameter){.name = name};
    fmpq_init(&p->value);
    fmpq_init(&p->low);
    fmpq_init(&p->high);
    fmpq_set_si(&p->value, value, below);
}

/* A: m (0, 1/10, 2), n (-1, 3/10); B: k (1/5, 0), u (only 7). p = 4, t[x] = 1/3, t[y] = 2. */
static dt_scenario *scenario_of(const char *formula) {
    dt_scenario *s = dt_scenario_new();
    if (!s)
        abort();
    s->title = "";
    s->players = 2;
    s->player = take(s, 2, sizeof *s->player);
    s->player[0].name = "A";
    s->player[1].name = "B";
    dt_move_spec *move = add_moves(s, 0, 2);
    dt_level_spec *level = set_move(s, &move[0], "m", 3);
    set_level(&level[0], "a", 0, 1);
    set_level(&level[1], "b", 1, 10);
    set_level(&level[2], "c", 2, 1);
    level = set_move(s, &move[1], "n", 2);
    set_level(&level[0], "a", -1, 1);
    set_level(&level[1], "b", 3, 10);
    move = add_moves(s, 1, 2);
    level = set_move(s, &move[0], "k", 2);
    set_level(&level[0], "a", 1, 5);
    set_level(&level[1], "b", 0, 1);
    level = set_move(s, &move[1], "u", 1);
    set_level(&level[0], "a", 7, 1);
    s->parameters = 2;
    s->parameter = take(s, 2, sizeof *s->parameter);
    set_leaf(&s->parameter[0], "p", 4, 1);
    set_leaf(&s->parameter[1], "t", 0, 1);
    s->parameter[1].children = 2;
    s->parameter[1].child = take(s, 2, sizeof *s->parameter);
    set_leaf(&s->parameter[1].child[0], "x", 1, 3);
    set_leaf(&s->parameter[1].child[1], "y", 2, 1);
    s->sets = 1;
    s->set = take(s, 1, sizeof *s->set);
    s->set[0] = (dt_set_spec){.name = "s", .elements = 2};
    s->set[0].element = take(s, 2, sizeof *s->set[0].element);
    s->set[0].element_place = take(s, 2, sizeof *s->set[0].element_place);
    s->set[0].element[0] = "x";
    s->set[0].element[1] = "y";
    s->payoff.kind = "formula";
    s->payoff.definitions = 2;
    s->payoff.definition = take(s, 2, sizeof *s->payoff.definition);
    s->payoff.definition[0].text = dt_text_from("d = sqrt(A.m) + p");
    s->payoff.definition[1].text = dt_text_from("f[i in s] = i == x ? A.n : B.k^0.7");
    s->payoff.formulas = 2;
    s->payoff.formula = take(s, 2, sizeof *s->payoff.formula);
    s->payoff.formula[0] = (dt_formula_spec){.player = "A", .text = dt_text_from(formula)};
    s->payoff.formula[1] = (dt_formula_spec){.player = "B", .text = dt_text_from("0")};
    return s;
}

/* The double and its bound, against the exact payoff's ball; a payoff that does not exist, or that
 * no double holds, needs a bound that is not finite. */
static void check(const dt_game *game, dt_workspace *w, const uint32_t *profile, double value,
                  double bound) {
    dt_exact x;
    dt_exact_init(&x);
    dt_status status = dt_game_exact(game, w, 0, profile, &x, NULL);
    dt_exact_context *c = dt_game_context(game, w);
    if (status == DT_ERR_INPUT && isfinite(value) && isfinite(bound))
        abort();
    if (status == DT_OK && isfinite(bound) && !dt_exact_is_undecided(c, &x)) {
        arb_t ball, gap, limit;
        arb_init(ball);
        arb_init(gap);
        arb_init(limit);
        dt_exact_enclose(c, ball, &x, PRECISION);
        arb_set_d(gap, value);
        arb_sub(gap, gap, ball, 4 * PRECISION);
        arb_abs(gap, gap);
        arb_set_d(limit, bound);
        if (!isfinite(value) || arb_gt(gap, limit))
            abort();
        arb_clear(ball);
        arb_clear(gap);
        arb_clear(limit);
    }
    dt_exact_clear(&x);
}

static void check_game(const dt_game *game) {
    dt_workspace *w = dt_workspace_new(game);
    if (!w)
        abort();
    double value[12], bound[12];
    uint32_t profile[2], one[2] = {1, 1}, first[2] = {0, 0};
    uint32_t all[2] = {game->player[0].strategies, game->player[1].strategies};
    for (uint64_t i = 0; i < game->profiles; i++) { /* one by one: the incremental path */
        dt_profile_decode(game, i * 5 % game->profiles, profile);
        if (dt_game_block(game, w, 0, &(dt_box){profile, one}, value, bound) == DT_OK)
            check(game, w, profile, value[0], bound[0]);
    }
    if (dt_game_block(game, w, 0, &(dt_box){first, all}, value, bound) == DT_OK)
        for (uint64_t i = 0; i < game->profiles; i++) { /* all at once */
            dt_profile_decode(game, i, profile);
            check(game, w, profile, value[i], bound[i]);
        }
    dt_workspace_free(game, w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (memchr(data, '\0', size))
        return 0; /* no config can hold it */
    char *formula = malloc(size + 1);
    if (!formula)
        return 0;
    memcpy(formula, data, size);
    formula[size] = '\0';
    dt_scenario *scenario = scenario_of(formula);
    dt_diag *diag = dt_diag_new();
    dt_game *game = NULL;
    dt_status status = dt_game_build(scenario, diag, &game);
    if ((status == DT_OK) != (game != NULL) || (status == DT_OK) == (dt_diag_errors(diag) > 0))
        abort();
    if (game)
        check_game(game);
    dt_game_free(game);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
    free(formula);
    return 0;
}
