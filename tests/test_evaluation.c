/* How often a pass over all rows is said to compute each step, against a walk that counts. */
#include "deterra/evaluation.h"

#include "formula/passes.h"
#include "formula_game.h"
#include "formulas.h"
#include "game/walk.h"
#include "harness.h"

static uint64_t state = 1;

static uint32_t below(uint32_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* A part's runner, without the running: what it remembers, and what it computes. */
typedef struct count {
    uint64_t fixed;
    uint64_t computed, touched[4096]; /* times; by step */
    uint16_t last[DT_MAX_MOVES];
    uint16_t memory[DT_PART_MEMORY][DT_MAX_MOVES];
    size_t remembered;
} count;

static bool agree(const uint16_t *a, const uint16_t *b, uint64_t moves) {
    for (; moves; moves &= moves - 1)
        if (a[__builtin_ctzll(moves)] != b[__builtin_ctzll(moves)])
            return false;
    return true;
}

static void see_row(count *c, const dt_part_plan *part, const uint16_t *level) {
    size_t known = c->remembered < DT_PART_MEMORY ? c->remembered : DT_PART_MEMORY;
    for (size_t m = 0; m < known; m++)
        if (agree(c->memory[m], level, c->fixed))
            return;
    for (size_t i = 0; i < part->steps; i++)
        c->touched[i] += !c->computed || !agree(c->last, level, part->step[i].moves & c->fixed);
    memcpy(c->last, level, sizeof c->last);
    memcpy(c->memory[c->remembered++ % DT_PART_MEMORY], level, sizeof c->last);
    c->computed++;
}

/* Walks over the rows of a player as solvers do. */
static void compare_part(const dt_game *game, size_t player, size_t k) {
    const dt_formulas *f = game->self;
    const dt_plan *plan = f->payoff[player].plan;
    const dt_part_plan *part = &plan->part[k];
    uint64_t own = dt_formulas_own_moves(f, player);
    CU_ASSERT_FATAL(part->steps <= 4096);
    count *c = calloc(1, sizeof *c);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    c->fixed = part->moves & ~own;
    dt_restriction all;
    dt_walk walk;
    CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&all, game), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_walk_init(&walk, game, &all, UINT64_C(1) << player, player, false),
                          DT_OK);
    for (uint64_t s = 0; s < walk.stations; s++) {
        dt_position at;
        dt_walk_enter(&at, &walk, s);
        do {
            uint16_t level[DT_MAX_MOVES] = {0};
            dt_formulas_levels(f, at.profile, level);
            see_row(c, part, level);
        } while (dt_walk_next(&at));
    }
    dt_pass pass;
    int loop;
    dt_pass_init(&pass, plan, own);
    CU_ASSERT_EQUAL(dt_pass_rows(&pass), (double)walk.rows);
    CU_ASSERT_EQUAL(dt_pass_times(&pass, part, part->moves, &loop), (double)c->computed);
    for (size_t i = 0; i < part->steps; i++) {
        uint64_t moves = part->step[i].moves;
        CU_ASSERT_EQUAL(dt_pass_times(&pass, part, moves, &loop), (double)c->touched[i]);
        CU_ASSERT_EQUAL(loop < 0, (moves & ~own) == 0);
        CU_ASSERT(loop < 0 || moves >> pass.loop[loop] & 1);
    }
    dt_walk_clear(&walk);
    dt_restriction_clear(&all);
    free(c);
}

static void compare_all(const dt_game *game) {
    const dt_formulas *f = game->self;
    for (size_t i = 0; i < game->players; i++)
        for (size_t k = 0; k < f->payoff[i].plan->parts; k++)
            compare_part(game, i, k);
}

static void rare_earth(void) {
    dt_diag *diag = dt_diag_new();
    dt_scenario *scenario = NULL;
    dt_game *game = NULL;
    CU_ASSERT_EQUAL_FATAL(
        dt_config_read(DETERRA_ROOT "/configs/rare_earth/coarse.cfg", NULL, diag, &scenario),
        DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_game_build(scenario, diag, &game), DT_OK);
    compare_all(game);
    dt_game_free(game);
    dt_scenario_free(scenario);
    dt_diag_free(diag);
}

enum { ROOM = 1 << 14 };

/* Sums of roots and products of a few moves, whose levels are few or many. */
static void random_games(void) {
    for (int game = 0; game < 60; game++) {
        char config[ROOM] = "players = (";
        for (int i = 0; i < 3; i++) {
            append(config, ROOM, "%s{ name = \"%c\"; moves = (", i ? ", " : "", 'A' + i);
            for (int m = 0; m < 2; m++) {
                uint32_t levels = below(4) ? 1 + below(4) : 1 + below(12);
                append(config, ROOM, "%s{ name = \"%c\"; levels = [", m ? ", " : "", 'x' + m);
                for (uint32_t l = 0; l < levels; l++)
                    append(config, ROOM, "%s\"l%u\"", l ? ", " : "", l);
                append(config, ROOM, "]; }");
            }
            append(config, ROOM, "); }");
        }
        append(config, ROOM, "); payoffs = { kind = \"formula\";");
        for (int i = 0; i < 3; i++) {
            append(config, ROOM, " %c = \"1", 'A' + i);
            for (uint32_t s = 2 + below(4); s > 0; s--) {
                append(config, ROOM, " + %s(%u", below(2) ? "sqrt" : "", 1 + below(5));
                for (uint32_t k = 1 + below(4); k > 0; k--)
                    append(config, ROOM, " %c %c.%c", below(2) ? '+' : '*', 'A' + below(3),
                           'x' + below(2));
                append(config, ROOM, ")");
            }
            append(config, ROOM, "\";");
        }
        append(config, ROOM, " };");
        formula_game g = build_game(config);
        if (!g.game)
            dt_diag_write(g.diag, stderr, false);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        compare_all(g.game);
        free_game(&g);
    }
}

/* What the example of docs/evaluator.md says. */
static void example(void) {
    formula_game g = cast_game("\"P = sqrt(2 + A.m + B.k)\", \"Q = A.n * P\", \"K = p * half\", "
                               "\"S = A.m + B.k\"",
                               "P + Q + K * A.n + S");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_evaluation e;
    CU_ASSERT_EQUAL_FATAL(dt_game_evaluation(g.game, 0, &e), DT_OK);
    CU_ASSERT_EQUAL(e.own, 3); /* A.m and A.n; B.one has a single level */
    CU_ASSERT_EQUAL(e.loops, 1);
    CU_ASSERT_EQUAL(e.loop[0], 2);
    CU_ASSERT_EQUAL_FATAL(e.definitions, 4);
    const dt_quantity *p = &e.definition[0], *k = &e.definition[2], *s = &e.definition[3];
    CU_ASSERT_STRING_EQUAL(p->label, "P");
    CU_ASSERT(p->whole);
    CU_ASSERT_EQUAL(p->moves, 5);
    CU_ASSERT_EQUAL(p->loop, 0);
    CU_ASSERT_EQUAL(p->values, 3); /* of 6 strategies: A.n does not matter */
    CU_ASSERT_EQUAL(p->times, 2);
    CU_ASSERT(k->whole && k->loop == -1 && k->values == 1 && k->times == 1 && k->moves == 0);
    CU_ASSERT_FALSE(s->whole);
    CU_ASSERT_EQUAL(e.payoff.values, 6);
    CU_ASSERT_EQUAL(e.payoff.times, 2);
    CU_ASSERT_PTR_NULL(e.payoff.label);
    size_t slow = 0;
    for (size_t i = 0; i < e.parts; i++)
        slow += e.part[i].slow;
    CU_ASSERT(e.parts > 1);
    CU_ASSERT(slow >= 1);
    CU_ASSERT(e.box_steps > e.box_changes && e.box_changes > 0);
    dt_evaluation_clear(&e);
    free_game(&g);
}

static void tables_have_none(void) {
    fmpq value[2];
    for (int i = 0; i < 2; i++) {
        fmpq_init(&value[i]);
        fmpq_set_si(&value[i], i, 1);
    }
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_table(1, (uint32_t[]){2}, value, &game), DT_OK);
    dt_evaluation e;
    CU_ASSERT_EQUAL(dt_game_evaluation(game, 0, &e), DT_ERR_USAGE);
    dt_game_free(game);
    for (int i = 0; i < 2; i++)
        fmpq_clear(&value[i]);
}

static const dt_case cases[] = {
    {"the rare-earth game", rare_earth},
    {"random games", random_games},
    {"an example", example},
    {"tables have none", tables_have_none},
};

int main(void) {
    return DT_RUN_SUITE("evaluation", cases);
}
