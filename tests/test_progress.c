/* Progress, stopping and forecasts of the searches for pure equilibria. */
#include <math.h>

#include "deterra/concept.h"
#include "equilibrium/pure/near.h"
#include "formula_game.h"
#include "game/stages.h"
#include "harness.h"

enum { ROOM = 1 << 14, MOST_KINDS = 8 };

/* What was told of each kind of work, in the order in which they began. */
typedef struct told {
    size_t kinds;
    struct {
        const char *what;
        uint64_t first, last, total;
    } kind[MOST_KINDS];
    uint64_t calls, stop_after; /* calls; 0: never */
    volatile sig_atomic_t stop;
} told;

static void on_progress(void *user, const char *what, uint64_t done, uint64_t total) {
    told *t = user;
    if (++t->calls == t->stop_after)
        t->stop = 1;
    if (!what)
        return;
    CU_ASSERT(done <= total);
    size_t k = t->kinds;
    if (k == 0 || strcmp(t->kind[k - 1].what, what) != 0 || done < t->kind[k - 1].last) {
        CU_ASSERT_FATAL(k < MOST_KINDS);
        t->kind[t->kinds++].what = what;
        t->kind[k].first = done;
    } else {
        k--;
    }
    t->kind[k].last = done;
    t->kind[k].total = total;
}

static dt_control watched_by(told *t) {
    return (dt_control){.threads = 1, .stop = &t->stop, .progress = on_progress, .user = t};
}

/* Players of two moves, whose payoff is all their moves multiplied: a gain's sign is never known
 * before all other moves are. `third`: the first has a level that is not feasible, so that boxes do
 * not apply. */
static formula_game products(int players, bool third) {
    char config[ROOM] = "players = (", product[ROOM] = "";
    for (int i = 0; i < players; i++) {
        append(config, ROOM, "%s{ name = \"p%d\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"",
               i ? ", " : "", i);
        append(config, ROOM, "%s",
               i == 0 && third ? ", \"z\"]; values = (-1, 1, 2); } ); " : "]; ");
        append(config, ROOM, "%s",
               i == 0 && third ? "feasible = [\"p0.m < 2\"]; }" : "values = (-1, 1); } ); }");
        append(product, ROOM, "%sp%d.m", i ? " * " : "", i);
    }
    append(config, ROOM, "); payoffs = { kind = \"formula\";");
    for (int i = 0; i < players; i++)
        append(config, ROOM, " p%d = \"%s%s\";", i, i % 2 ? "-" : "", product);
    append(config, ROOM, " };");
    formula_game g = build_game(config);
    if (!g.game)
        dt_diag_write(g.diag, stderr, false);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    return g;
}

static void rows_tell_profiles(void) {
    formula_game g = products(12, true);
    CU_ASSERT_EQUAL(dt_near_way(g.game), DT_WAY_ROWS);
    told t = {0};
    dt_control control = watched_by(&t);
    dt_candidates c;
    CU_ASSERT_EQUAL(dt_near_equilibria(g.game, 0, 10, &control, g.diag, &c), DT_OK);
    CU_ASSERT_EQUAL(c.count, 0);
    CU_ASSERT_EQUAL_FATAL(t.kinds, 1);
    CU_ASSERT_STRING_EQUAL(t.kind[0].what, "profiles scanned");
    CU_ASSERT_EQUAL(t.kind[0].first, 0);
    CU_ASSERT_EQUAL(t.kind[0].total, 4096);
    CU_ASSERT(t.kind[0].last > 0);
    dt_candidates_clear(&c);
    free_game(&g);
}

static void stages(void) {
    told t = {0};
    dt_control control = watched_by(&t);
    dt_stages s = {&control, "profiles of all", 1000, 0, 0};
    static const uint64_t expected[] = {0, 50, 100, 100, 550, 1000};
    for (int i = 0; i < 6; i++) {
        static dt_control part;
        if (i % 3 == 0)
            part = dt_stages_next(&s, i == 0 ? 100 : 900);
        part.progress(part.user, "profiles of a part", (uint64_t)(i % 3) * 4, 8);
        CU_ASSERT_EQUAL(t.kind[0].last, expected[i]);
    }
    CU_ASSERT_EQUAL(t.kinds, 1);
    CU_ASSERT_STRING_EQUAL(t.kind[0].what, "profiles of all");
    s.control = NULL;
    dt_control none = dt_stages_next(&s, 1);
    CU_ASSERT(none.progress == NULL && none.stop == NULL);
}

/* --- forecasts --- */

static dt_status forecast_of(const formula_game *g, const char *name, dt_setting *setting,
                             const dt_control *control, dt_forecast *f) {
    dt_concept_request request = {
        .name = name, .place = DT_NOWHERE, .settings = setting != NULL, .setting = setting};
    dt_solve_call call = {g->game, &request, control, g->diag, NULL};
    *f = (dt_forecast){.seconds = NAN};
    return dt_solve_expect(&call, 0.01, f);
}

static void is_good(const dt_forecast *f, const char *words) {
    CU_ASSERT(isfinite(f->seconds) && f->seconds > 0);
    if (!strstr(f->how, words))
        fprintf(stderr, "\n    %s, not %s\n", f->how, words);
    CU_ASSERT_PTR_NOT_NULL(strstr(f->how, words));
    CU_ASSERT(strlen(f->how) + 1 < sizeof f->how);
}

static void forecasts(void) {
    dt_setting regret = {.key = "regret", .text = "1", .is_number = true, .place = DT_NOWHERE};
    fmpq_init(&regret.number);
    fmpq_set_si(&regret.number, 1, 1);
    volatile sig_atomic_t stop = 1;
    dt_control stopped = {.stop = &stop}, two = {.threads = 2};
    dt_forecast f;
    formula_game g = products(17, false);
    CU_ASSERT_EQUAL(forecast_of(&g, "pure-nash", NULL, NULL, &f), DT_OK);
    is_good(&f, " s of payoffs and ");
    is_good(&f, " probes of the search");
    CU_ASSERT_EQUAL(forecast_of(&g, "epsilon-nash", &regret, &two, &f), DT_OK);
    is_good(&f, "probes of the search");
    CU_ASSERT_EQUAL(forecast_of(&g, "maximin", NULL, &two, &f), DT_OK);
    is_good(&f, "0.01 s of payoffs");
    CU_ASSERT_EQUAL(forecast_of(&g, "pure-nash", NULL, &stopped, &f), DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(forecast_of(&g, "maximin", NULL, &stopped, &f), DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(forecast_of(&g, "epsilon-nash", NULL, NULL, &f), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(forecast_of(&g, "nash", NULL, NULL, &f), DT_ERR_INPUT);
    free_game(&g);
    g = products(12, true);
    CU_ASSERT_EQUAL(forecast_of(&g, "pure-nash", NULL, NULL, &f), DT_OK);
    is_good(&f, "0.01 s of payoffs");
    free_game(&g);
    g = cast_game("", "log(A.m - 1)"); /* not everywhere a payoff */
    CU_ASSERT_EQUAL(forecast_of(&g, "pure-nash", NULL, NULL, &f), DT_ERR_INPUT);
    free_game(&g);
    fmpq_clear(&regret.number);
}

/* A table is searched for as long as there is patience. */
static void forecast_of_a_table(void) {
    uint32_t strategies[2] = {3000, 3000};
    dt_payoff_table *table;
    CU_ASSERT_EQUAL_FATAL(dt_payoff_table_new(2, strategies, NULL, &table), DT_OK);
    for (size_t i = 0; i < 2; i++)
        for (uint64_t k = 0; k < 9000000; k++)
            dt_payoff_table_of(table, i)[k] = (double)(k * 2654435761u % 1000003);
    formula_game g = {0};
    CU_ASSERT_EQUAL_FATAL(dt_game_from_doubles(table, NULL, NULL, &g.game), DT_OK);
    dt_forecast f;
    dt_concept_request request = {.name = "pure-nash", .place = DT_NOWHERE};
    dt_solve_call call = {g.game, &request, NULL, NULL, NULL};
    CU_ASSERT_EQUAL(dt_solve_expect(&call, 100, &f), DT_OK);
    is_good(&f, "a search");
    CU_ASSERT_EQUAL(dt_solve_expect(&call, 0, &f), DT_OK);
    is_good(&f, "of the search");
    volatile sig_atomic_t stop = 1;
    call.control = &(dt_control){.stop = &stop};
    CU_ASSERT_EQUAL(dt_solve_expect(&call, 100, &f), DT_ERR_INTERRUPTED);
    const dt_concept *concept = dt_concept_find("pure-nash");
    CU_ASSERT(concept->memory(g.game) >= 9000000 / 8.0 && concept->memory(g.game) < 9000000 / 7.0);
    CU_ASSERT_EQUAL(concept->work(g.game), 18000000);
    dt_game_free(g.game);
}

static const dt_case cases[] = {
    {"rows tell profiles", rows_tell_profiles},
    {"stages", stages},
    {"forecasts", forecasts},
    {"a forecast of a table", forecast_of_a_table},
};

int main(void) {
    return DT_RUN_SUITE("progress", cases);
}
