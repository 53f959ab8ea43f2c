/* The classic games of configs/classics, each against its known answer. */
#include <string.h>

#include "deterra/deterra.h"
#include "harness.h"

typedef struct classic {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_game *game;
    dt_result_list *results;
} classic;

/* Solves a config for all that it asks for. */
static classic solve(const char *name, const char *set) {
    char path[512];
    snprintf(path, sizeof path, "%s/configs/classics/%s.cfg", DETERRA_ROOT, name);
    classic c = {.diag = dt_diag_new(), .results = dt_result_list_new()};
    dt_config_options options = {.sets = set != NULL, .set = &set};
    CU_ASSERT_EQUAL_FATAL(dt_config_read(path, &options, c.diag, &c.scenario), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_game_build(c.scenario, c.diag, &c.game), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_game_verify(c.game, NULL, c.diag), DT_OK);
    for (size_t i = 0; i < c.scenario->concepts; i++) {
        dt_solve_call call = {c.game, &c.scenario->concept_request[i], NULL, c.diag, c.results};
        CU_ASSERT_EQUAL_FATAL(dt_solve(&call), DT_OK);
    }
    dt_diag_write(c.diag, stderr, false);
    CU_ASSERT_EQUAL(dt_diag_count(c.diag), 0);
    return c;
}

static void finish(classic *c) {
    dt_result_list_free(c->results);
    dt_game_free(c->game);
    dt_scenario_free(c->scenario);
    dt_diag_free(c->diag);
}

/* The result of a concept; of correlated the one with that objective and sense. */
static const dt_result *find(const classic *c, const char *name, const char *objective,
                             const char *sense) {
    for (size_t i = 0; i < c->results->count; i++) {
        const dt_result *r = c->results->result[i];
        if (strcmp(r->concept_name, name) == 0 &&
            (!objective || (strcmp(r->objective, objective) == 0 && strcmp(r->sense, sense) == 0)))
            return r;
    }
    CU_FAIL_FATAL("the config does not ask for this concept");
    return NULL;
}

static void is(dt_number number, const char *fraction) {
    CU_ASSERT_PTR_NOT_NULL_FATAL(number.exact);
    CU_ASSERT_STRING_EQUAL(number.exact, fraction);
}

/* Item k stands at `profile` ("Row.choice=dare, …") and pays `payoffs` ("2 7"). */
static void equilibrium(const classic *c, const dt_result *r, size_t k, const char *profile,
                        const char *payoffs, dt_truth strict, dt_truth efficient) {
    char text[256];
    CU_ASSERT_FATAL(k < r->items);
    const dt_item *item = &r->item[k];
    CU_ASSERT_STRING_EQUAL(dt_profile_text(c->game, item->profile, text, sizeof text), profile);
    text[0] = '\0';
    for (size_t i = 0; i < c->game->players; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "", item->payoff[i].exact);
    }
    CU_ASSERT_STRING_EQUAL(text, payoffs);
    CU_ASSERT_EQUAL(item->strict, strict);
    CU_ASSERT_EQUAL(item->pareto_efficient, efficient);
    CU_ASSERT_EQUAL(item->certificate, DT_CERT_EXACT);
}

static void complete(const dt_result *r, size_t items) {
    CU_ASSERT_EQUAL(r->complete, DT_TRUE);
    CU_ASSERT_EQUAL_FATAL(r->items, items);
}

/* Every player secures `value` by the pure strategy whose first move has that label. */
static void secures(const classic *c, const dt_result *r, const char *value, const char *label) {
    CU_ASSERT_EQUAL_FATAL(r->securities, c->game->players);
    for (size_t i = 0; i < r->securities; i++) {
        is(r->security[i].value, value);
        CU_ASSERT_EQUAL_FATAL(r->security[i].strategy.count, 1);
        is(r->security[i].strategy.weight[0].probability, "1");
        CU_ASSERT_STRING_EQUAL(
            dt_strategy_label(c->game, i, r->security[i].strategy.weight[0].strategy, 0), label);
    }
}

static void atom(const classic *c, const dt_result *r, size_t k, const char *profile,
                 const char *probability) {
    char text[256];
    CU_ASSERT_FATAL(k < r->atoms);
    CU_ASSERT_STRING_EQUAL(dt_profile_text(c->game, r->atom[k].profile, text, sizeof text),
                           profile);
    is(r->atom[k].probability, probability);
}

/* Luce and Raiffa (1957), Games and Decisions, section 5.4: to defect dominates; the equilibrium
 * is worse for both than cooperation. */
static void prisoners_dilemma(void) {
    classic c = solve("prisoners_dilemma", NULL);
    const dt_result *r = find(&c, "pure-nash", NULL, NULL);
    complete(r, 1);
    equilibrium(&c, r, 0, "Row.choice=defect, Column.choice=defect", "1 1", DT_TRUE, DT_FALSE);
    r = find(&c, "dominance", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(r->eliminations, 2);
    for (size_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(r->elimination[i].player, i);
        CU_ASSERT_EQUAL(r->elimination[i].strategy, 0);
        CU_ASSERT_EQUAL(r->elimination[i].by.weight[0].strategy, 1);
        CU_ASSERT_EQUAL(r->remaining[i], 1);
    }
    finish(&c);
}

/* Aumann (1974), Journal of Mathematical Economics 1, 67-96: the best correlated welfare is 21/2,
 * half at (6, 6) and a quarter each at (2, 7) and (7, 2). */
static void chicken(void) {
    classic c = solve("chicken", NULL);
    const dt_result *r = find(&c, "pure-nash", NULL, NULL);
    complete(r, 2);
    equilibrium(&c, r, 0, "Row.choice=swerve, Column.choice=dare", "2 7", DT_TRUE, DT_TRUE);
    equilibrium(&c, r, 1, "Row.choice=dare, Column.choice=swerve", "7 2", DT_TRUE, DT_TRUE);
    r = find(&c, "epsilon-nash", NULL, NULL);
    complete(r, 3);
    equilibrium(&c, r, 0, "Row.choice=swerve, Column.choice=swerve", "6 6", DT_UNKNOWN, DT_UNKNOWN);
    is(r->item[0].regret[0], "1");
    is(r->item[0].regret[1], "1");
    secures(&c, find(&c, "maximin", NULL, NULL), "2", "swerve");
    r = find(&c, "correlated", "welfare", "max");
    is(r->value, "21/2");
    CU_ASSERT(r->value.value == 10.5);
    is(r->payoff[0], "21/4");
    is(r->payoff[1], "21/4");
    CU_ASSERT_EQUAL(r->certificate, DT_CERT_EXACT);
    CU_ASSERT_EQUAL_FATAL(r->atoms, 3);
    atom(&c, r, 0, "Row.choice=swerve, Column.choice=swerve", "1/2");
    atom(&c, r, 1, "Row.choice=swerve, Column.choice=dare", "1/4");
    atom(&c, r, 2, "Row.choice=dare, Column.choice=swerve", "1/4");
    /* worst welfare: with x at (swerve, swerve), y at each of the middle profiles and z at
     * (dare, dare), obedience asks 2y >= x of who swerves and y >= 2z of who dares; 12x + 18y is
     * least at x = 0 and y = 2z = 2/5: 36/5 */
    is(find(&c, "correlated", "welfare", "min")->value, "36/5");
    is(find(&c, "correlated", "Row", "max")->value, "7");
    is(find(&c, "correlated", "Column", "max")->value, "7");
    is(find(&c, "correlated", "Row", "min")->value, "2");
    is(find(&c, "correlated", "Column", "min")->value, "2");
    finish(&c);
}

/* Rousseau (1755); Harsanyi and Selten (1988): two strict equilibria, one better for both. */
static void stag_hunt(void) {
    classic c = solve("stag_hunt", NULL);
    const dt_result *r = find(&c, "pure-nash", NULL, NULL);
    complete(r, 2);
    equilibrium(&c, r, 0, "Row.hunt=stag, Column.hunt=stag", "4 4", DT_TRUE, DT_TRUE);
    equilibrium(&c, r, 1, "Row.hunt=hare, Column.hunt=hare", "3 3", DT_TRUE, DT_FALSE);
    secures(&c, find(&c, "maximin", NULL, NULL), "3", "hare");
    finish(&c);
}

/* von Neumann (1928), Mathematische Annalen 100, 295-320: value 0, each side with 1/2. */
static void matching_pennies(void) {
    classic c = solve("matching_pennies", NULL);
    complete(find(&c, "pure-nash", NULL, NULL), 0);
    const dt_result *r = find(&c, "minimax", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(r->securities, 2);
    for (size_t i = 0; i < 2; i++) {
        is(r->security[i].value, "0");
        CU_ASSERT_EQUAL_FATAL(r->security[i].strategy.count, 2);
        for (size_t k = 0; k < 2; k++)
            is(r->security[i].strategy.weight[k].probability, "1/2");
    }
    finish(&c);
}

/* Diekmann (1985), Journal of Conflict Resolution 29, 605-610: exactly one volunteers; the mixed
 * equilibrium pays everyone U - K = 3, which is the least that a correlated one can. */
static void volunteers(void) {
    classic c = solve("three_player", NULL);
    const dt_result *r = find(&c, "pure-nash", NULL, NULL);
    complete(r, 3);
    equilibrium(&c, r, 0, "Anna.act=volunteer, Berta.act=abstain, Clara.act=abstain", "3 4 4",
                DT_TRUE, DT_TRUE);
    equilibrium(&c, r, 1, "Anna.act=abstain, Berta.act=volunteer, Clara.act=abstain", "4 3 4",
                DT_TRUE, DT_TRUE);
    equilibrium(&c, r, 2, "Anna.act=abstain, Berta.act=abstain, Clara.act=volunteer", "4 4 3",
                DT_TRUE, DT_TRUE);
    secures(&c, find(&c, "maximin", NULL, NULL), "3", "volunteer");
    is(find(&c, "correlated", "welfare", "max")->value, "11");
    is(find(&c, "correlated", "welfare", "min")->value, "9");
    is(find(&c, "correlated", "Anna", "max")->value, "4");
    is(find(&c, "correlated", "Clara", "min")->value, "3");
    finish(&c);
}

/* After Schelling (1966), Arms and Influence, chapter 2: see the config for the sums. */
static void deterrence(void) {
    classic c = solve("deterrence", NULL);
    const dt_result *r = find(&c, "pure-nash", NULL, NULL);
    complete(r, 1);
    equilibrium(&c, r, 0, "Challenger.demand=none, Defender.tripwire=none, Defender.policy=resist",
                "0 0", DT_FALSE, DT_TRUE);
    r = find(&c, "dominance", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(r->eliminations, 1);
    CU_ASSERT_EQUAL(r->elimination[0].player, 0);
    CU_ASSERT_STRING_EQUAL(dt_strategy_label(c.game, 0, r->elimination[0].strategy, 0), "half");
    finish(&c);
    c = solve("deterrence", "trust.North=0"); /* the threat is empty: capitulation too */
    r = find(&c, "pure-nash", NULL, NULL);
    complete(r, 2);
    equilibrium(&c, r, 1, "Challenger.demand=all, Defender.tripwire=none, Defender.policy=concede",
                "6 -9", DT_TRUE, DT_TRUE);
    finish(&c);
}

static const dt_case cases[] = {
    {"prisoner's dilemma", prisoners_dilemma},
    {"chicken", chicken},
    {"stag hunt", stag_hunt},
    {"matching pennies", matching_pennies},
    {"volunteer's dilemma", volunteers},
    {"extended deterrence", deterrence},
};

int main(void) {
    return DT_RUN_SUITE("classic games", cases);
}
