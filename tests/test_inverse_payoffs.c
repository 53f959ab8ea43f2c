/* The concept `inverse` with change=payoffs: closed forms, random games against brute force and
 * against linear programs written apart, margins, irrational payoffs, every error message.
 * SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "brute.h"
#include "deterra/certify.h"
#include "inverse_run.h"
#include "lp/lp.h"
#include "lp_games.h"

#define TWO_PLAYERS                                                                                \
    "players = ( { name = \"R\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); },\n"     \
    " { name = \"K\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); } );\n"
#define DILEMMA                                                                                    \
    TWO_PLAYERS "payoffs = { kind = \"table\"; values = ( (3, 3), (0, 5), (5, 0), (1, 1) ); };\n"

/* Axelrod's dilemma: temptation T = 5, reward R = 3: to cooperate each needs T - R = 2. */
static void dilemma(void) {
    static const struct {
        const char *settings, *name, *value, *price;
        size_t changes;
    } CASES[] = {
        {"", "sum_of_changes", "4", "2", 2},
        {",by=reward", "sum_of_changes", "4", "2", 2},
        {",by=threat", "sum_of_changes", "4", "2", 2},
        {",norm=max", "largest_change", "1", "1/2", 4},
        {",norm=max,by=reward", "largest_change", "2", "1", 2},
        {",norm=max,by=threat", "largest_change", "2", "1", 2},
        {",margin=1/3", "sum_of_changes", "14/3", "2", 2},
        {",margin=1/3,norm=max", "largest_change", "7/6", "1/2", 4},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char spec[200];
        snprintf(spec, sizeof spec, "inverse:profile=\"R.c=C,K.c=C\"%s", CASES[i].settings);
        inverse_run r = inverse_solve_text(DILEMMA, spec);
        CU_ASSERT_EQUAL_FATAL(r.status, DT_OK);
        CU_ASSERT(inverse_is(r.result, CASES[i].name, CASES[i].value));
        CU_ASSERT(inverse_is(r.result, "price_of_margin", CASES[i].price));
        CU_ASSERT_EQUAL(inverse_value(r.result, "equilibrium_after").truth, DT_TRUE);
        CU_ASSERT_EQUAL(r.result->certificate, DT_CERT_EXACT);
        CU_ASSERT_EQUAL(inverse_table(r.result, "changes")->rows, CASES[i].changes);
        CU_ASSERT_EQUAL(inverse_table(r.result, "binding")->rows, 2);
        inverse_close(&r);
    }
}

/* An equilibrium needs no change; with a margin larger than what its deviations lose it does. */
static void already(void) {
    inverse_run r = inverse_solve_text(DILEMMA, "inverse:profile=\"R.c=D,K.c=D\",margin=1");
    CU_ASSERT(inverse_is(r.result, "sum_of_changes", "0"));
    CU_ASSERT_EQUAL(inverse_table(r.result, "changes")->rows, 0);
    CU_ASSERT_EQUAL(inverse_table(r.result, "binding")->rows, 2);
    inverse_close(&r);
    r = inverse_solve_text(DILEMMA, "inverse:profile=\"R.c=D,K.c=D\",margin=1.5");
    CU_ASSERT(inverse_is(r.result, "sum_of_changes", "1"));
    inverse_close(&r);
    /* a profile of which some moves are not named */
    r = inverse_solve_text(DILEMMA, "inverse:profile=\"K.c=D\"");
    CU_ASSERT_PTR_NOT_NULL(strstr(r.result->note[0], "first feasible level"));
    inverse_close(&r);
}

/* --- random games --- */

typedef struct random_case {
    brute table;
    dt_game *game;
    uint64_t profile;
    fmpq_t margin;
    const char *norm, *by;
} random_case;

/* What the changes add up to, and how large the largest is; the table gets them. */
static void apply(random_case *c, const dt_result *result, fmpq_t sum, fmpq_t most) {
    const dt_named_table *t = inverse_table(result, "changes");
    fmpq_t change, from;
    fmpq_init(change);
    fmpq_init(from);
    for (size_t row = 0; row < t->rows; row++) {
        const dt_entry *e = &t->cell[row * t->columns];
        uint64_t at = 0;
        for (size_t i = 0; i < c->table.players; i++)
            at += e[2].profile[i] * brute_stride(&c->table, i);
        fmpq *payoff = brute_payoff(&c->table, at, e[0].player);
        inverse_read(from, e[3].number);
        CU_ASSERT(fmpq_equal(from, payoff));
        inverse_read(change, e[5].number);
        CU_ASSERT_EQUAL(fmpq_sgn(change), at == c->profile ? 1 : -1);
        CU_ASSERT_STRING_EQUAL(e[1].text, at == c->profile ? "reward" : "threat");
        fmpq_add(payoff, payoff, change);
        inverse_read(from, e[4].number);
        CU_ASSERT(fmpq_equal(from, payoff));
        fmpq_abs(change, change);
        fmpq_add(sum, sum, change);
        if (fmpq_cmp(change, most) > 0)
            fmpq_set(most, change);
    }
    fmpq_clear(change);
    fmpq_clear(from);
}

/* The least norm by a linear program over all payoffs of the table, each free to rise and to fall
 * as `by` has it: an independent formulation in doubles. */
static double by_lp(const random_case *c) {
    const brute *b = &c->table;
    bool most = strcmp(c->norm, "max") == 0;
    size_t entries = b->profiles * b->players;
    dt_lp *lp;
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MIN, &lp), DT_OK);
    for (size_t k = 0; k < entries; k++) {
        bool own = k / b->players == c->profile;
        bool free_to_move = strcmp(c->by, "any") == 0 || (strcmp(c->by, "reward") == 0) == own;
        double end = free_to_move ? INFINITY : 0;
        dt_lp_add_column(lp, 0, end, most ? 0 : 1, 0, NULL, NULL); /* rises */
        dt_lp_add_column(lp, 0, end, most ? 0 : 1, 0, NULL, NULL); /* falls */
    }
    dt_lp_add_column(lp, 0, INFINITY, most ? 1 : 0, 0, NULL, NULL);
    for (size_t k = 0; k < 2 * entries && most; k++)
        dt_lp_add_row(lp, 0, INFINITY, 2, (size_t[]){2 * entries, k}, (double[]){1, -1});
    for (size_t i = 0; i < b->players; i++)
        for (uint32_t s = 0; s < b->strategies[i]; s++) {
            uint64_t other = brute_deviate(b, c->profile, i, s);
            if (other == c->profile)
                continue;
            size_t mine = c->profile * b->players + i, his = other * b->players + i;
            double need =
                fmpq_get_d(&b->payoff[his]) - fmpq_get_d(&b->payoff[mine]) + fmpq_get_d(c->margin);
            dt_lp_add_row(lp, need, INFINITY, 4,
                          (size_t[]){2 * mine, 2 * mine + 1, 2 * his, 2 * his + 1},
                          (double[]){1, -1, -1, 1});
        }
    dt_lp_outcome outcome;
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_DUAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    double value = dt_lp_value(lp);
    dt_lp_free(lp);
    return value;
}

/* The closed form from the largest gains, written apart. */
static void by_regret(const random_case *c, fmpq_t value) {
    const brute *b = &c->table;
    fmpq_t gain, worst;
    fmpq_init(gain);
    fmpq_init(worst);
    fmpq_zero(value);
    bool most = strcmp(c->norm, "max") == 0, threat = strcmp(c->by, "threat") == 0;
    for (size_t i = 0; i < b->players; i++) {
        fmpq_zero(worst);
        for (uint32_t s = 0; s < b->strategies[i]; s++) {
            uint64_t other = brute_deviate(b, c->profile, i, s);
            if (other == c->profile)
                continue;
            fmpq_sub(gain, brute_payoff(b, other, i), brute_payoff(b, c->profile, i));
            fmpq_add(gain, gain, c->margin);
            if (fmpq_cmp(gain, worst) > 0)
                fmpq_set(worst, gain);
            if (threat && !most && fmpq_sgn(gain) > 0)
                fmpq_add(value, value, gain);
        }
        if (most && fmpq_cmp(worst, value) > 0)
            fmpq_set(value, worst);
        else if (!most && !threat)
            fmpq_add(value, value, worst);
    }
    if (most && strcmp(c->by, "any") == 0)
        fmpq_div_2exp(value, value, 1);
    fmpq_clear(gain);
    fmpq_clear(worst);
}

static dt_setting setting(const char *key, const char *text) {
    dt_setting s = {.key = key, .text = text};
    fmpq_init(&s.number);
    s.is_number = dt_number_parse(text, &s.number);
    return s;
}

static lp_run run_case(random_case *c) {
    char profile[256] = "", margin[64];
    for (size_t i = 0; i < c->table.players; i++)
        snprintf(profile + strlen(profile), sizeof profile - strlen(profile), "%sP%zu.%s=s%u",
                 i ? "," : "", i + 1, c->game->player[i].move[0].name,
                 brute_strategy(&c->table, c->profile, i) + 1);
    fmpq_get_str(margin, 10, c->margin);
    dt_setting s[] = {setting("profile", profile), setting("norm", c->norm), setting("by", c->by),
                      setting("margin", margin)};
    lp_run run = lp_solve(&dt_concept_inverse, c->game, 1, 4, s);
    for (size_t i = 0; i < 4; i++)
        fmpq_clear(&s[i].number);
    return run;
}

static void random_games(void) {
    static const char *const BY[] = {"any", "reward", "threat"};
    brute_random random = {20260101};
    fmpq_t sum, most, value, printed, slack;
    fmpq_init(sum);
    fmpq_init(most);
    fmpq_init(value);
    fmpq_init(printed);
    fmpq_init(slack);
    for (int round = 0; round < 240; round++) {
        size_t players = (size_t)brute_draw(&random, 1, 3);
        uint32_t size[3];
        for (size_t i = 0; i < players; i++)
            size[i] = (uint32_t)brute_draw(&random, 1, 5);
        random_case c = {.table = brute_new(players, size)};
        long range = round % 3 ? 50 : 2;
        for (size_t k = 0; k < c.table.profiles * players; k++)
            fmpq_set_si(&c.table.payoff[k], brute_draw(&random, -range, range),
                        (ulong)brute_draw(&random, 1, 6));
        CU_ASSERT_EQUAL_FATAL(dt_game_from_table(players, size, c.table.payoff, &c.game), DT_OK);
        c.profile = (uint64_t)brute_draw(&random, 0, (long)c.table.profiles - 1);
        fmpq_init(c.margin);
        fmpq_set_si(c.margin, brute_draw(&random, 0, 3), 2);
        c.norm = round % 2 ? "max" : "l1";
        c.by = BY[round / 2 % 3];
        lp_run run = run_case(&c);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        inverse_read(
            printed,
            inverse_value(run.result, round % 2 ? "largest_change" : "sum_of_changes").number);
        by_regret(&c, value);
        CU_ASSERT(fmpq_equal(printed, value));
        CU_ASSERT_DOUBLE_EQUAL(by_lp(&c), fmpq_get_d(value), 1e-7);
        fmpq_zero(sum);
        fmpq_zero(most);
        apply(&c, run.result, sum, most);
        CU_ASSERT(fmpq_equal(round % 2 ? most : sum, value));
        fmpq_neg(slack, c.margin); /* brute_regret is never negative: with a margin, by hand */
        for (size_t i = 0; i < players; i++)
            for (uint32_t s = 0; s < size[i]; s++) {
                uint64_t other = brute_deviate(&c.table, c.profile, i, s);
                if (other == c.profile)
                    continue;
                fmpq_sub(printed, brute_payoff(&c.table, other, i),
                         brute_payoff(&c.table, c.profile, i));
                CU_ASSERT(fmpq_cmp(printed, slack) <= 0);
            }
        lp_close(&run);
        dt_game_free(c.game);
        brute_free(&c.table);
        fmpq_clear(c.margin);
    }
    dt_lp_thread_end();
    fmpq_clear(sum);
    fmpq_clear(most);
    fmpq_clear(value);
    fmpq_clear(printed);
    fmpq_clear(slack);
}

/* More margin never costs less, and each unit at least the price. */
static void margins(void) {
    brute_random random = {7};
    fmpq_t last, now, price, step;
    fmpq_init(last);
    fmpq_init(now);
    fmpq_init(price);
    fmpq_init(step);
    fmpq_set_si(step, 1, 2);
    for (int round = 0; round < 30; round++) {
        uint32_t size[2] = {4, 3};
        random_case c = {.table = brute_new(2, size), .profile = 5};
        for (size_t k = 0; k < 24; k++)
            fmpq_set_si(&c.table.payoff[k], brute_draw(&random, -4, 4), 1);
        CU_ASSERT_EQUAL_FATAL(dt_game_from_table(2, size, c.table.payoff, &c.game), DT_OK);
        fmpq_init(c.margin);
        c.norm = round % 2 ? "max" : "l1";
        c.by = round % 3 ? "any" : "threat";
        const char *name = round % 2 ? "largest_change" : "sum_of_changes";
        for (int k = 0; k < 8; k++) {
            fmpq_set_si(c.margin, k, 2);
            lp_run run = run_case(&c);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            inverse_read(now, inverse_value(run.result, name).number);
            if (k) {
                fmpq_mul(price, price, step);
                fmpq_add(last, last, price);
                CU_ASSERT(fmpq_cmp(now, last) >= 0);
            }
            fmpq_set(last, now);
            inverse_read(price, inverse_value(run.result, "price_of_margin").number);
            CU_ASSERT(fmpq_sgn(price) >= 0);
            lp_close(&run);
        }
        dt_game_free(c.game);
        brute_free(&c.table);
        fmpq_clear(c.margin);
    }
    fmpq_clear(last);
    fmpq_clear(now);
    fmpq_clear(price);
    fmpq_clear(step);
}

/* One player who may have 1 or sqrt 2: to stay at 1 takes sqrt 2 - 1, or half of it. */
static void irrational(void) {
    static const char CONFIG[] =
        "players = ( { name = \"R\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; values = "
        "(1, 2); } ); } );\npayoffs = { kind = \"formula\"; R = \"R.c ^ 0.5\"; };\n";
    for (int most = 0; most < 2; most++) {
        inverse_run r = inverse_solve_text(CONFIG, most ? "inverse:profile=R.c=C,norm=max"
                                                        : "inverse:profile=R.c=C");
        CU_ASSERT_EQUAL_FATAL(r.status, DT_OK);
        dt_number v = inverse_value(r.result, most ? "largest_change" : "sum_of_changes").number;
        CU_ASSERT_PTR_NULL(v.exact);
        CU_ASSERT(v.radius > 0 && v.radius < 1e-15);
        CU_ASSERT_DOUBLE_EQUAL(v.value, (sqrt(2) - 1) / (most ? 2 : 1), 1e-15);
        CU_ASSERT_EQUAL(r.result->certificate, DT_CERT_BALL);
        CU_ASSERT_EQUAL(inverse_value(r.result, "equilibrium_after").truth, DT_TRUE);
        inverse_close(&r);
    }
}

/* Certification takes margins and changes: what it refuses decides whether the answers above mean
 * anything. */
static void certification(void) {
    inverse_run r = inverse_solve_text(DILEMMA, "inverse:profile=\"R.c=D,K.c=D\"");
    dt_workspace *w = dt_workspace_new(r.game);
    dt_verdict v;
    CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, r.game), DT_OK);
    uint32_t both[2] = {1, 1};
    fmpq_t slack;
    fmpq_init(slack);
    fmpq_set_si(slack, -1, 1); /* leaving (D, D) loses exactly 1 */
    dt_certify_profile(r.game, w, both, slack, NULL, r.diag, &v);
    CU_ASSERT_EQUAL(v.equilibrium, DT_TRUE);
    fmpq_set_si(slack, -1001, 1000);
    dt_certify_profile(r.game, w, both, slack, NULL, r.diag, &v);
    CU_ASSERT_EQUAL(v.equilibrium, DT_FALSE);
    dt_exact change;
    dt_exact_init(&change);
    dt_exact_set_si(&change, 1);
    fmpq_zero(slack);
    /* K's payoff at (D, C), index 2, is 0: with 1 more a deviation ties, with 2 it gains */
    dt_certify_changed(r.game, w, both, &(dt_payoff_change){1, 2, &change}, 1, slack, NULL, r.diag,
                       &v);
    CU_ASSERT_EQUAL(v.equilibrium, DT_TRUE);
    CU_ASSERT_EQUAL(v.strict, DT_FALSE);
    dt_exact_set_si(&change, 2);
    dt_certify_changed(r.game, w, both, &(dt_payoff_change){1, 2, &change}, 1, slack, NULL, r.diag,
                       &v);
    CU_ASSERT_EQUAL(v.equilibrium, DT_FALSE);
    dt_exact_clear(&change);
    fmpq_clear(slack);
    dt_verdict_clear(&v, r.game);
    dt_workspace_free(r.game, w);
    inverse_close(&r);
}

static void errors(void) {
    static const char *const WRONG[][2] = {
        {"inverse", "inverse needs `profile`"},
        {"inverse:profile=R.c=E", "inverse, profile: `R.c` has no level `E`; there are C, D"},
        {"inverse:profile=Q.c=C", "inverse, profile: no such player `Q`"},
        {"inverse:profile=R.d=C", "inverse, profile: the player has no move `d`"},
        {"inverse:profile=C", "inverse, profile: expected player.move=label instead of `C`"},
        {"inverse:profile=R.c=C,norm=l2", "`norm` of inverse takes one of l1|max, not `l2`"},
        {"inverse:profile=R.c=C,change=all", "`change` of inverse takes one of"},
        {"inverse:profile=R.c=C,by=force", "`by` of inverse takes one of any|reward|threat"},
        {"inverse:profile=R.c=C,margin=x", "`margin` of inverse takes a number"},
        {"inverse:profile=R.c=C,margin=-1", "margin of inverse must not be negative"},
        {"inverse:profile=R.c=C,change=payoffs,parameters=p",
         "inverse: `parameters` is for change=parameters"},
        {"inverse:profile=R.c=C,ranges=ignore", "inverse: `ranges` is for change=parameters"},
        {"inverse:profile=R.c=C,scale=value", "inverse: `scale` is for change=parameters"},
        {"inverse:profile=R.c=C,change=parameters,by=any", "inverse: `by` is for change=payoffs"},
        {"inverse:profile=R.c=C,change=parameters",
         "inverse: change=parameters is for payoffs that are formulas"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        inverse_run r = inverse_solve_text(DILEMMA, WRONG[i][0]);
        CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
        if (!inverse_says(&r, WRONG[i][1])) {
            CU_FAIL("another message");
            fprintf(stderr, "%s: %s\n", WRONG[i][0], inverse_error(&r));
        }
        inverse_close(&r);
    }
}

/* Stopped before the first deviation. */
static void stopped(void) {
    inverse_run r = inverse_solve_text(DILEMMA, "inverse:profile=R.c=C");
    volatile sig_atomic_t stop = 1;
    dt_control control = {.threads = 1, .stop = &stop};
    dt_status status = dt_solve(&(dt_solve_call){.game = r.game,
                                                 .request = r.scenario->concept_request,
                                                 .control = &control,
                                                 .diag = r.diag,
                                                 .results = r.list});
    CU_ASSERT_EQUAL(status, DT_ERR_INTERRUPTED);
    inverse_close(&r);
}

/* A payoff near the largest double: the answer is beyond it, and said to be. */
static void too_large(void) {
    inverse_run r = inverse_solve_text(
        "players = ( { name = \"R\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); } "
        ");\npayoffs = { kind = \"table\"; values = ( \"-1e308\", \"1e308\" ); };\n",
        "inverse:profile=R.c=C");
    CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
    CU_ASSERT_STRING_EQUAL(inverse_error(&r),
                           "inverse: a number of the answer is beyond the range of a double");
    inverse_close(&r);
}

static const dt_case cases[] = {
    {"the prisoner's dilemma", dilemma},
    {"what is an equilibrium already", already},
    {"random games", random_games},
    {"margins", margins},
    {"irrational payoffs", irrational},
    {"certification of changes and margins", certification},
    {"error messages", errors},
    {"stopped", stopped},
    {"too large", too_large},
};

int main(void) {
    return DT_RUN_SUITE("inverse, payoffs", cases);
}
