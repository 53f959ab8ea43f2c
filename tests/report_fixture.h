/* Games and results built by hand, for the suites of the reporters. */
#ifndef DT_TESTS_REPORT_FIXTURE_H
#define DT_TESTS_REPORT_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "deterra/report.h"
#include "harness.h"

/* --- games by hand ------------------------------------------------------------------------- */

static const char *const CHOICES[] = {"cooperate", "defect"};
static const dt_move CHOICE = {"choice", 2, CHOICES, NULL};
static const uint16_t CHOICE_LEVELS[] = {0, 1};
static const dt_player PAIR[] = {{"A", 1, &CHOICE, 2, CHOICE_LEVELS},
                                 {"B", 1, &CHOICE, 2, CHOICE_LEVELS}};
static const dt_game DILEMMA = {.players = 2, .player = PAIR, .profiles = 4};

/* The example of DESIGN.md, with a move of one level that tables leave out. */
static const char *const EC[] = {"none", "licence", "embargo"}, *const SB[] = {"off", "on"},
                         *const ONE[] = {"fixed"};
static const dt_move CN_MOVES[] = {{"export_control", 3, EC, NULL}, {"quota", 1, ONE, NULL}};
static const dt_move US_MOVE = {"subsidy", 2, SB, NULL};
static const uint16_t CN_LEVELS[] = {0, 0, 1, 0, 2, 0};
static const dt_player DESIGN_PLAYERS[] = {{"CN", 2, CN_MOVES, 3, CN_LEVELS},
                                           {"US", 1, &US_MOVE, 2, CHOICE_LEVELS}};
static const dt_game DESIGN = {.players = 2, .player = DESIGN_PLAYERS, .profiles = 6};

/* Four players with the same four moves of three levels. */
static const char *const L_EC[] = {"none", "partial", "full"},
                         *const L_SB[] = {"none", "half", "price_floor"},
                         *const L_CT[] = {"none", "some", "full"},
                         *const L_PL[] = {"withhold", "strings", "license"};
static const dt_move FOUR[] = {{"export_control", 3, L_EC, NULL},
                               {"subsidy", 3, L_SB, NULL},
                               {"capacity_transfer", 3, L_CT, NULL},
                               {"patent_licensing", 3, L_PL, NULL}};
static uint16_t four_levels[81 * 4];
static dt_player contest_players[4];
static dt_game contest;

static inline void make_contest(void) {
    static const char *const names[] = {"US", "CN", "JP", "VN"};
    for (uint16_t s = 0; s < 81; s++)
        for (uint16_t m = 0, rest = s; m < 4; m++, rest = (uint16_t)(rest / 3))
            four_levels[s * 4 + 3 - m] = (uint16_t)(rest % 3);
    for (size_t p = 0; p < 4; p++)
        contest_players[p] = (dt_player){names[p], 4, FOUR, 81, four_levels};
    contest = (dt_game){.players = 4, .player = contest_players, .profiles = 43046721};
}

/* "-4", "21/2" as a number. */
static inline dt_number exactly(const char *text) {
    const char *slash = strchr(text, '/');
    return (dt_number){strtod(text, NULL) / (slash ? strtod(slash + 1, NULL) : 1), 0, text};
}

static inline dt_number ball(double value) {
    return (dt_number){value, 1e-30, NULL};
}

/* --- results by hand ----------------------------------------------------------------------- */

static const uint32_t DD[] = {1, 1}, CC[] = {0, 0}, CD[] = {0, 1}, DC[] = {1, 0};

/* Pure equilibria of a two-player game: `count` of them, payoffs as texts, two each. */
static inline dt_result *add_pure(dt_result_list *list, size_t count,
                                  const uint32_t *const *profile, const char *const *payoff) {
    static dt_item item[4];
    static dt_number number[8];
    dt_result *r = dt_result_add(list, "pure-nash", DT_SHAPE_EQUILIBRIA);
    for (size_t i = 0; i < count; i++) {
        number[2 * i] = exactly(payoff[2 * i]);
        number[2 * i + 1] = exactly(payoff[2 * i + 1]);
        item[i] = (dt_item){.profile = profile[i],
                            .payoff = &number[2 * i],
                            .strict = DT_TRUE,
                            .pareto_efficient = i % 2 ? DT_TRUE : DT_FALSE,
                            .certificate = DT_CERT_EXACT};
    }
    r->items = count;
    r->item = item;
    r->complete = DT_TRUE;
    r->certificate = DT_CERT_EXACT;
    r->searched = 4;
    return r;
}

static inline void add_dilemma(dt_result_list *list) {
    add_pure(list, 1, (const uint32_t *const[]){DD}, (const char *const[]){"-2", "-2"});
}

static inline void add_design(dt_result_list *list) {
    add_pure(list, 1, (const uint32_t *const[]){CD}, (const char *const[]){"-4", "4"});
    list->result[0]->item[0].pareto_efficient = DT_TRUE;

    static dt_weight weight[4];
    static dt_mixture mixture[2];
    static dt_number payoff[2];
    static dt_item item;
    weight[0] = (dt_weight){0, exactly("1/2")};
    weight[1] = (dt_weight){2, exactly("1/2")};
    weight[2] = (dt_weight){1, exactly("1")};
    mixture[0] = (dt_mixture){2, weight};
    mixture[1] = (dt_mixture){1, &weight[2]};
    payoff[0] = exactly("1/3");
    payoff[1] = exactly("4");
    item = (dt_item){.mixture = mixture,
                     .payoff = payoff,
                     .strict = DT_UNKNOWN,
                     .pareto_efficient = DT_UNKNOWN,
                     .certificate = DT_CERT_EXACT};
    dt_result *r = dt_result_add(list, "mixed-nash", DT_SHAPE_EQUILIBRIA);
    r->items = 1;
    r->item = &item;
    r->complete = DT_TRUE;

    static dt_atom atom[2];
    static dt_number expected[2];
    atom[0] = (dt_atom){CC, exactly("1/2")};
    atom[1] = (dt_atom){CD, exactly("1/2")};
    expected[0] = exactly("21/4");
    expected[1] = exactly("21/4");
    r = dt_result_add(list, "correlated", DT_SHAPE_DISTRIBUTION);
    r->objective = "welfare";
    r->sense = "max";
    r->value = exactly("21/2");
    r->atoms = 2;
    r->atom = atom;
    r->payoff = expected;
    r->certificate = DT_CERT_EXACT;

    static dt_security security[2];
    security[0] = (dt_security){0, exactly("-4"), {1, &weight[3]}};
    security[1] = (dt_security){1, exactly("10/3"), {2, weight}};
    weight[3] = (dt_weight){0, exactly("1")};
    security[1].strategy = (dt_mixture){1, &weight[2]};
    r = dt_result_add(list, "maximin", DT_SHAPE_SECURITY);
    r->securities = 2;
    r->security = security;
    r->certificate = DT_CERT_EXACT;

    static dt_elimination elimination[2];
    static uint32_t remaining[2] = {1, 1}, first[] = {0}, second[] = {1};
    static const uint32_t *remaining_strategy[2] = {first, second};
    elimination[0] = (dt_elimination){1, 1, 0, {1, &weight[2]}};
    elimination[1] = (dt_elimination){2, 0, 1, {2, weight}};
    r = dt_result_add(list, "dominance", DT_SHAPE_ELIMINATION);
    r->eliminations = 2;
    r->elimination = elimination;
    r->remaining = remaining;
    r->remaining_strategy = remaining_strategy;
    r->certificate = DT_CERT_EXACT;
}

/* Named values and tables: every kind of entry. */
static inline dt_result *add_named(dt_result_list *list) {
    static dt_weight half[2], sure;
    half[0] = (dt_weight){0, exactly("1/2")};
    half[1] = (dt_weight){2, exactly("1/2")};
    sure = (dt_weight){1, exactly("1")};
    dt_result *r = dt_result_add(list, "example", DT_SHAPE_NAMED);
    r->heading = "what there is";
    r->certificate = DT_CERT_EXACT;
    CU_ASSERT_EQUAL(dt_result_value(list, r, "leader", dt_entry_player(0)), DT_OK);
    CU_ASSERT_EQUAL(dt_result_value(list, r, "leader_payoff", dt_entry_number(exactly("10/3"))),
                    DT_OK);
    CU_ASSERT_EQUAL(
        dt_result_value(list, r, "commitment", dt_entry_strategy(0, (dt_mixture){2, half})), DT_OK);
    CU_ASSERT_EQUAL(dt_result_value(list, r, "attained", dt_entry_truth(DT_FALSE)), DT_OK);
    const char *column[] = {"reply", "cases", "payoff", "note", "play"};
    dt_named_table *table = dt_result_table(list, r, "replies", "Each reply", 5, column);
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    for (int i = 0; i < 3; i++) {
        dt_entry *row = dt_result_row(list, table);
        CU_ASSERT_PTR_NOT_NULL_FATAL(row);
        row[0] = dt_entry_strategy(1, (dt_mixture){1, &sure});
        row[1] = dt_entry_count(UINT64_C(7) * (unsigned)i);
        row[2] = dt_entry_number(i ? ball(0.25) : exactly("-4"));
        row[3] = dt_entry_text(i ? "a, b" : "");
        if (i < 2)
            row[4] = dt_entry_profile(i ? CD : CC);
    }
    return r;
}

/* An equilibrium of the four-player game with balls for payoffs, split by term. */
static inline dt_result *add_contest(dt_result_list *list, size_t count) {
    static const uint32_t profile[2][4] = {{2 * 27 + 2 * 9 + 2, 2, 2 * 27 + 2 * 9 + 1, 0},
                                           {0, 80, 40, 13}};
    static const double value[] = {657.8856139854468, -1666.684283206265, 379.47975958579303, 0};
    static dt_term us[4], cn[3], jp[2];
    static dt_split split[4];
    static dt_number payoff[4];
    static dt_item item[30];
    us[0] = (dt_term){"contain[US]*damage", "M$/yr", ball(1000.25)};
    us[1] = (dt_term){"-lose[US]*US.export_control", "M$/yr", exactly("-350")};
    us[2] = (dt_term){"profit[US]", "M$/yr", ball(7.6356139854468)};
    us[3] = (dt_term){"store", "M$/yr", exactly("0")};
    cn[0] = (dt_term){"-damage", "M$/yr", ball(-1666.684283206265)};
    cn[1] = (dt_term){"rent", "M$/yr", exactly("0")};
    cn[2] = (dt_term){"back", NULL, exactly("0")};
    jp[0] = (dt_term){"fees", "M$/yr", ball(379.47975958579303)};
    split[0] = (dt_split){4, us};
    split[1] = (dt_split){3, cn};
    split[2] = (dt_split){1, jp};
    split[3] = (dt_split){0, NULL};
    for (size_t p = 0; p < 4; p++)
        payoff[p] = p < 3 ? ball(value[p]) : exactly("0");
    for (size_t i = 0; i < count; i++)
        item[i] = (dt_item){.profile = profile[i % 2],
                            .payoff = payoff,
                            .split = i < 1 ? split : NULL,
                            .strict = DT_TRUE,
                            .pareto_efficient = i ? DT_UNKNOWN : DT_FALSE,
                            .certificate = DT_CERT_BALL};
    dt_result *r = dt_result_add(list, "pure-nash", DT_SHAPE_EQUILIBRIA);
    r->items = count;
    r->item = item;
    r->complete = DT_TRUE;
    r->searched = contest.profiles;
    return r;
}

/* The report in a format; the caller frees. */
static inline char *report(const char *format, const char *title, const dt_game *game,
                           const dt_result_list *list) {
    dt_report_input input = {.title = title, .game = game, .results = list};
    char *text = NULL;
    size_t length = 0;
    CU_ASSERT_EQUAL_FATAL(dt_reporter_find(format)->results(&input, &text, &length), DT_OK);
    CU_ASSERT_EQUAL(strlen(text), length);
    return text;
}

#endif
