/* The concept `inverse` with change=parameters: what is linear and what is not, random linear games
 * against a program written apart, Farkas weights, irrational coefficients, every error message.
 * SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "brute.h"
#include "deterra/game.h"
#include "inverse_run.h"
#include "lp/lp.h"

/* R chooses C (0) or D (1), K likewise; at (C, C) R is to stay. K's payoff is 0. */
#define HEAD                                                                                       \
    "parameters = { p = { value = 1; range = (0, 10); unit = \"points\"; };\n"                     \
    " q = { value = 2; range = (0, 10); }; far = { value = 20; range = (0, 10); };\n"              \
    " zero = { value = 0; range = (-3, 3); }; free = 1; n = 2;\n"                                  \
    " t = { range = (0, 9); A = 1; B = 2; }; };\n"                                                 \
    "sets = { ab = [\"A\", \"B\"]; };\n"                                                           \
    "players = ( { name = \"R\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); },\n"     \
    " { name = \"K\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); } );\n"

static inverse_run run_formula(const char *formula, const char *settings) {
    char config[2048], spec[256];
    snprintf(config, sizeof config,
             HEAD "payoffs = { kind = \"formula\";\n define = ( \"fam[j in ab] = t[j] * R.c\" );\n"
                  " R = \"%s\";\n K = \"-K.c\"; };\n",
             formula);
    snprintf(spec, sizeof spec, "inverse:profile=\"R.c=C,K.c=C\",change=parameters%s", settings);
    return inverse_solve_text(config, spec);
}

/* Closed forms: R gains `formula` at D against the same at C. */
static void linear(void) {
    static const struct {
        const char *formula, *settings, *name, *value, *price;
    } CASES[] = {
        /* a subsidy p for staying must make up for 4 */
        {"4 * R.c + p * (1 - R.c)", ",parameters=p", "sum_of_changes", "3", "1"},
        {"4 * R.c + p * (1 - R.c)", ",parameters=p,margin=1/2", "sum_of_changes", "7/2", "1"},
        /* the stronger lever moves alone; both move under the largest change */
        {"4 * R.c - p * R.c - 2 * q * R.c + q * R.c", ",parameters=\"p,q\"", "sum_of_changes", "1",
         "1"},
        {"9 * R.c - p * R.c - 2 * q * R.c", ",parameters=\"p,q\"", "sum_of_changes", "2", "1/2"},
        {"9 * R.c - p * R.c - 2 * q * R.c", ",parameters=\" p , q \",norm=max", "largest_change",
         "4/3", "1/3"},
        /* by width of range 10 both: the same lever; by value q is twice as heavy to p */
        {"9 * R.c - p * R.c - 2 * q * R.c", ",parameters=\"p,q\",scale=range", "sum_of_changes",
         "1/5", "1/20"},
        {"9 * R.c - 3 * p * R.c - q * R.c", ",parameters=\"p,q\",scale=value", "sum_of_changes",
         "4/3", "1/3"},
        /* downwards */
        {"(p + q) * R.c", ",parameters=q,ranges=ignore", "sum_of_changes", "3", "1"},
        /* beyond its range it may only come back */
        {"(far - 15) * R.c", ",parameters=far", "sum_of_changes", "5", "1"},
        {"(25 - far) * R.c", ",parameters=far,ranges=ignore", "sum_of_changes", "5", "1"},
        /* without a range there is no bound */
        {"(100 - free) * R.c", ",parameters=free", "sum_of_changes", "99", "1"},
        /* entries of tables, and families */
        {"9 * R.c - sum(j in ab: fam[j])", ",parameters=t.B", "sum_of_changes", "6", "1"},
        {"9 * R.c - sum(j in ab: fam[j])", ",parameters=\"t.A,t[B]\",norm=max", "largest_change",
         "3", "1/2"},
        /* all that have a range */
        {"6 * R.c - p * R.c", "", "sum_of_changes", "5", "1"},
        /* what is not linear but the same before and after plays no part */
        {"p ^ 3 + max(p, q) + log(1 + p * q) + 4 * R.c - p * R.c", ",parameters=\"p,q\"",
         "sum_of_changes", "3", "1"},
        {"p ^ p / q - p * q * K.c + 4 * R.c - p * R.c", ",parameters=\"p,q\"", "sum_of_changes",
         "3", "1"},
        /* what is not linear but switched off at the profile and after deviations */
        {"K.c * p * p + 4 * R.c - p * R.c", ",parameters=p", "sum_of_changes", "3", "1"},
        {"(K.c > 0 ? p * p : 4 - p) * R.c", ",parameters=p", "sum_of_changes", "3", "1"},
        {"max(p * K.c, 4 * R.c) - p * R.c", ",parameters=p", "sum_of_changes", "3", "1"},
        /* squares that cancel */
        {"((p + 1) ^ 2 - p ^ 2 - 9) * (0 - R.c)", ",parameters=p", "sum_of_changes", "3", "1/2"},
        {"(9 - (p + 1) ^ 2 + p ^ 2) * R.c", ",parameters=p", "sum_of_changes", "3", "1/2"},
        {"(q * p - p * q + 4 - p) * R.c", ",parameters=\"p,q\"", "sum_of_changes", "3", "1"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        inverse_run r = run_formula(CASES[i].formula, CASES[i].settings);
        if (!r.result || !inverse_is(r.result, CASES[i].name, CASES[i].value) ||
            !inverse_is(r.result, "price_of_margin", CASES[i].price)) {
            CU_FAIL("another answer");
            fprintf(stderr, "%s %s: %s\n", CASES[i].formula, CASES[i].settings, inverse_error(&r));
        } else {
            bool irrational = strstr(CASES[i].formula, "log") != NULL; /* are the payoffs */
            CU_ASSERT_EQUAL(r.result->certificate, irrational ? DT_CERT_BALL : DT_CERT_EXACT);
            CU_ASSERT_EQUAL(inverse_value(r.result, "equilibrium_after").truth, DT_TRUE);
        }
        inverse_close(&r);
    }
}

/* What is changed, from what, to what. */
static void rows(void) {
    inverse_run r = run_formula("9 * R.c - p * R.c - 2 * q * R.c", ",parameters=\"p,q\",norm=max");
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.result);
    const dt_named_table *t = inverse_table(r.result, "changes");
    CU_ASSERT_EQUAL_FATAL(t->rows, 2);
    CU_ASSERT_STRING_EQUAL(t->cell[0].text, "p");
    CU_ASSERT_STRING_EQUAL(t->cell[1].number.exact, "1");
    CU_ASSERT_STRING_EQUAL(t->cell[2].number.exact, "7/3");
    CU_ASSERT_STRING_EQUAL(t->cell[3].number.exact, "4/3");
    CU_ASSERT_STRING_EQUAL(t->cell[4].text, "points");
    CU_ASSERT_EQUAL(t->cell[9].kind, DT_ENTRY_NONE);
    t = inverse_table(r.result, "binding");
    CU_ASSERT_EQUAL_FATAL(t->rows, 1);
    CU_ASSERT_EQUAL(t->cell[0].player, 0);
    CU_ASSERT_EQUAL(t->cell[1].mixture.weight[0].strategy, 1);
    CU_ASSERT_STRING_EQUAL(t->cell[2].number.exact, "4");
    CU_ASSERT_STRING_EQUAL(t->cell[3].number.exact, "1/3");
    inverse_close(&r);
}

/* R needs 15 of p, so the largest change is 15; K needs 2q + r = 3, where a unit of q counts 10: of
 * all within 15 each the least sum takes r alone. */
static void least_sum_of_least_largest(void) {
    inverse_run r = inverse_solve_text(
        "parameters = { p = 1; q = 0.1; r = 1; };\n"
        "players = ( { name = \"R\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); },\n"
        " { name = \"K\"; moves = ( { name = \"c\"; levels = [\"C\", \"D\"]; } ); } );\n"
        "payoffs = { kind = \"formula\"; R = \"(16 - p) * R.c\"; K = \"(4.2 - 2 * q - r) * K.c\"; "
        "};\n",
        "inverse:profile=\"R.c=C,K.c=C\",parameters=\"p,q,r\",scale=value,norm=max");
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.result);
    CU_ASSERT(inverse_is(r.result, "largest_change", "15"));
    const dt_named_table *t = inverse_table(r.result, "changes");
    CU_ASSERT_EQUAL_FATAL(t->rows, 2);
    CU_ASSERT_STRING_EQUAL(t->cell[0].text, "p");
    CU_ASSERT_STRING_EQUAL(t->cell[3].number.exact, "15");
    CU_ASSERT_STRING_EQUAL(t->cell[5].text, "r");
    CU_ASSERT_STRING_EQUAL(t->cell[8].number.exact, "3");
    inverse_close(&r);
}

static void refused(void) {
    static const struct {
        const char *formula, *settings, *message;
        size_t column; /* of the place in the formula, from 1 */
    } CASES[] = {
        {"R.c * max(p, 2)", ",parameters=p", "linear in `p`: here it stands in a maximum", 7},
        {"3 * (R.c * min(2, p, 5))", ",parameters=p", "`p`: here it stands in a minimum", 12},
        {"R.c * p * q", ",parameters=\"p,q\"", "linear in `p` and `q`: here they are multiplied",
         1},
        {"p * p * R.c", ",parameters=p", "linear in `p`: here it is squared", 1},
        {"R.c * p ^ 3", ",parameters=p", "linear in `p`: here it is squared", 7},
        {"2 ^ p * R.c", ",parameters=p", "linear in `p`: here it stands in a power", 1},
        {"p ^ 0.5 * R.c", ",parameters=p", "linear in `p`: here", 1},
        {"R.c / p", ",parameters=p", "linear in `p`: here it stands in a quotient", 1},
        {"R.c * (q / (1 + p))", ",parameters=\"p,q\"",
         "linear in `p` and `q`: here they stand in a quotient", 8},
        {"R.c * abs(p - 3)", ",parameters=p", "`p`: here its absolute value is taken", 7},
        {"R.c * sqrt(p)", ",parameters=p", "`p`: here its root is taken", 7},
        {"R.c * exp(p)", ",parameters=p", "`p`: here its exponential is taken", 7},
        {"R.c * log(p)", ",parameters=p", "`p`: here its logarithm is taken", 7},
        {"R.c * (p > 2)", ",parameters=p", "`p`: here it is compared", 8},
        {"R.c * (p == q)", ",parameters=\"p,q\"", "`q`: here they are compared", 8},
        {"R.c * (p ? 1 : 2)", ",parameters=p", "`p`: here it decides a choice", 8},
        {"R.c * (p && 1)", ",parameters=p", "`p`: here it stands in a condition", 8},
        {"R.c * clamp(p, 0, 1)", ",parameters=p", "`p`: here it stands in a minimum", 7},
        {"R.c * max(j in ab: t[j])", ",parameters=t.A", "`t.A`: here it stands in a maximum", 7},
        {"R.c * t[A] * t[B] * p", "", "linear in `p`, `t.A` and others: here they are multiplied",
         1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        inverse_run r = run_formula(CASES[i].formula, CASES[i].settings);
        CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
        const dt_diag_entry *e = inverse_fault(&r);
        if (!e || !strstr(e->message, CASES[i].message) ||
            !strstr(e->message, "inverse: the incentives of `R` are not linear in ") ||
            e->column != 6 + CASES[i].column) {
            CU_FAIL("another message");
            fprintf(stderr, "%s: %s, column %zu\n", CASES[i].formula, e ? e->message : "none",
                    e ? e->column : 0);
        }
        inverse_close(&r);
    }
    inverse_run r = run_formula("R.c * p * q", "");
    CU_ASSERT(inverse_says(&r, "not linear in all of them together: name some"));
    inverse_close(&r);
}

static void errors(void) {
    static const char *const WRONG[][2] = {
        {",parameters=pp", "unknown parameter `pp`; did you mean `p`?"},
        {",parameters=t", "`t` is a table; name one of its entries, such as `t.A`"},
        {",parameters=p.A", "`p` is a single number, not a table"},
        {",parameters=\"p,\"", "does not name a parameter"},
        {",parameters=\"p,q,p\"", "inverse: `p` is named twice"},
        {",parameters=free,scale=range", "inverse: scale=range needs a range, and `free` has none"},
        {",parameters=zero,scale=value", "inverse: scale=value divides by the value, and `zero`"},
        {",parameters=p,scale=log", "`scale` of inverse takes one of none|range|value"},
        {",parameters=p,ranges=some", "`ranges` of inverse takes one of keep|ignore"},
        {",parameters=p,by=any", "inverse: `by` is for change=payoffs"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        inverse_run r = run_formula("R.c * p", WRONG[i][0]);
        CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
        if (!inverse_says(&r, WRONG[i][1])) {
            CU_FAIL("another message");
            fprintf(stderr, "%s: %s\n", WRONG[i][0], inverse_error(&r));
        }
        inverse_close(&r);
    }
    inverse_run r = run_formula("R.c * sum(j in ab where t[j] < 2: 1)", ",parameters=t.A");
    CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
    CU_ASSERT(inverse_says(&r, "by indices and parameters that do not move"));
    inverse_close(&r);
    r = inverse_solve_text(
        "parameters = { p = 1; };\nplayers = ( { name = \"R\"; moves = ( { name = \"c\"; levels = "
        "[\"C\", \"D\"]; } ); feasible = [\"R.c <= p\"]; } );\npayoffs = { kind = \"formula\"; R = "
        "\"R.c - p * R.c * 0.5\"; };\n",
        "inverse:profile=R.c=C,parameters=p");
    CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
    CU_ASSERT(inverse_says(&r, "what is feasible must not rest on a parameter that moves"));
    inverse_close(&r);
    r = inverse_solve_text(
        "parameters = { p = 1; };\nplayers = ( { name = \"R\"; moves = ( { name = \"c\"; levels = "
        "[\"C\", \"D\"]; } ); } );\npayoffs = { kind = \"formula\"; R = \"R.c - p\"; };\n",
        "inverse:profile=R.c=C,change=parameters");
    CU_ASSERT(inverse_says(&r, "inverse: no parameter has a range; name those that may move"));
    inverse_close(&r);
    /* linear where it exists; at the answer, p = 0, it does not, and that is said */
    r = run_formula("log(p) + R.c * p", ",parameters=p");
    CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
    CU_ASSERT(inverse_says(&r, "the payoff of `R` does not exist: log of a number"));
    inverse_close(&r);
}

/* --- what the compiled formulas say against the formulas at many values --- */

/* A random expression over p, q, the moves and numbers. */
static void expression(brute_random *random, int depth, char *out, size_t size) {
    static const char *const LEAF[] = {"p", "q", "R.c", "K.c", "2", "0.5", "3", "R.c:D", "n"};
    char a[400], b[400];
    if (depth == 0) {
        snprintf(out, size, "%s", LEAF[brute_draw(random, 0, 8)]);
        return;
    }
    expression(random, depth - 1 - (int)brute_draw(random, 0, depth > 1), a, sizeof a);
    expression(random, depth - 1 - (int)brute_draw(random, 0, depth > 1), b, sizeof b);
    switch (brute_draw(random, 0, 11)) {
    case 0:
    case 1:
    case 2: snprintf(out, size, "(%.180s + %.180s)", a, b); break;
    case 3:
    case 4: snprintf(out, size, "(%.180s - %.180s)", a, b); break;
    case 5:
    case 6:
    case 7: snprintf(out, size, "(%.180s * %.180s)", a, b); break;
    case 8: snprintf(out, size, "max(%.180s, %.180s)", a, b); break;
    case 9: snprintf(out, size, "(%.180s / 3)", a); break;
    case 10: snprintf(out, size, "(K.c ? %.180s : %.180s)", a, b); break;
    default: snprintf(out, size, "(%.180s)^2", a); break;
    }
}

/* The gain of D over C for R against K's C, at values of p and q. */
static bool gain_at(const dt_scenario *s, const dt_parameter *p, const dt_parameter *q, slong vp,
                    slong vq, fmpq_t gain) {
    fmpq value[2];
    fmpq_init(&value[0]);
    fmpq_init(&value[1]);
    fmpq_set_si(&value[0], vp, 3);
    fmpq_set_si(&value[1], vq, 3);
    dt_substitute with[2] = {{p, &value[0]}, {q, &value[1]}};
    dt_game *game = NULL;
    bool exists = dt_game_build_with(s, with, 2, NULL, &game) == DT_OK;
    dt_workspace *w = exists ? dt_workspace_new(game) : NULL;
    dt_exact u[2];
    for (uint32_t c = 0; c < 2; c++) {
        dt_exact_init(&u[c]);
        exists = exists && dt_game_exact(game, w, 0, (uint32_t[]){c, 0}, &u[c], NULL) == DT_OK &&
                 dt_exact_is_rational(&u[c]);
    }
    if (exists)
        fmpq_sub(gain, u[1].rational, u[0].rational);
    dt_exact_clear(&u[0]);
    dt_exact_clear(&u[1]);
    if (game)
        dt_workspace_free(game, w);
    dt_game_free(game);
    fmpq_clear(&value[0]);
    fmpq_clear(&value[1]);
    return exists;
}

static void sound(void) {
    brute_random random = {99};
    size_t affine = 0, refused_count = 0, confirmed = 0;
    fmpq_t gain, value, term;
    fmpq_init(gain);
    fmpq_init(value);
    fmpq_init(term);
    for (int round = 0; round < 1000; round++) {
        char formula[400], other[400], config[2048];
        expression(&random, (int)brute_draw(&random, 1, 4), formula, sizeof formula);
        expression(&random, 2, other, sizeof other);
        snprintf(config, sizeof config,
                 HEAD "payoffs = { kind = \"formula\"; R = \"(%s) * R.c + %s\"; K = \"0\"; };\n",
                 formula, other);
        inverse_run r = {.diag = dt_diag_new(), .list = dt_result_list_new()};
        CU_ASSERT_EQUAL_FATAL(
            dt_config_read_text("t.cfg", config, strlen(config), NULL, r.diag, &r.scenario), DT_OK);
        const dt_parameter *p = dt_scenario_parameter(r.scenario, "p", DT_NOWHERE, r.diag);
        const dt_parameter *q = dt_scenario_parameter(r.scenario, "q", DT_NOWHERE, r.diag);
        dt_substitute open[2] = {{p, NULL}, {q, NULL}};
        CU_ASSERT_EQUAL_FATAL(dt_game_build_with(r.scenario, open, 2, r.diag, &r.game), DT_OK);
        dt_workspace *w = dt_workspace_new(r.game);
        dt_exact constant, slope[2];
        dt_exact_init(&constant);
        dt_exact_init(&slope[0]);
        dt_exact_init(&slope[1]);
        dt_payoff_fault fault = {.place = DT_NOWHERE};
        dt_status status = r.game->model->incentive(r.game->self, w, 0, (uint32_t[]){0, 0}, 1,
                                                    &constant, slope, &fault);
        bool curved = false;
        fmpq_t corner[3];
        for (int k = 0; k < 3; k++)
            fmpq_init(corner[k]);
        bool known = gain_at(r.scenario, p, q, 0, 0, corner[0]) &&
                     gain_at(r.scenario, p, q, 3, 0, corner[1]) &&
                     gain_at(r.scenario, p, q, 0, 3, corner[2]);
        for (int k = 0; k < 12 && known; k++) {
            slong vp = brute_draw(&random, -30, 30), vq = brute_draw(&random, -30, 30);
            if (!gain_at(r.scenario, p, q, vp, vq, gain))
                continue;
            /* the plane through three corners */
            fmpq_set(value, corner[0]);
            fmpq_sub(term, corner[1], corner[0]);
            fmpq_mul_si(term, term, vp);
            fmpq_div_fmpz(term, term, (fmpz[]){3});
            fmpq_add(value, value, term);
            fmpq_sub(term, corner[2], corner[0]);
            fmpq_mul_si(term, term, vq);
            fmpq_div_fmpz(term, term, (fmpz[]){3});
            fmpq_add(value, value, term);
            curved = curved || !fmpq_equal(value, gain);
        }
        if (status == DT_OK) {
            affine++;
            CU_ASSERT(!curved);
            CU_ASSERT(known && fmpq_equal(constant.rational, corner[0]));
            fmpq_sub(term, corner[1], corner[0]);
            CU_ASSERT(fmpq_equal(slope[0].rational, term));
            fmpq_sub(term, corner[2], corner[0]);
            CU_ASSERT(fmpq_equal(slope[1].rational, term));
        } else {
            CU_ASSERT_EQUAL(status, DT_ERR_INPUT);
            refused_count++;
            confirmed += curved;
        }
        for (int k = 0; k < 3; k++)
            fmpq_clear(corner[k]);
        dt_exact_clear(&constant);
        dt_exact_clear(&slope[0]);
        dt_exact_clear(&slope[1]);
        dt_workspace_free(r.game, w);
        inverse_close(&r);
    }
    /* Not all of one kind; and it is seldom that what is linear is refused: a maximum whose order
     * no value changes. */
    CU_ASSERT(affine > 100);
    CU_ASSERT(refused_count > 100);
    CU_ASSERT(confirmed * 10 >= refused_count * 8);
    fmpq_clear(gain);
    fmpq_clear(value);
    fmpq_clear(term);
}

/* --- random linear games --- */

enum { STRATEGIES = 3, PARAMETERS = 3, ROWS = 2 * (STRATEGIES - 1) };

/* u_i(s, t) = c0 + sum c_k p_k over both players' 3 × 3 profiles. */
typedef struct linear_game {
    long c[2][STRATEGIES][STRATEGIES][PARAMETERS + 1];
    long value[PARAMETERS], low[PARAMETERS], high[PARAMETERS];
    long margin; /* in halves */
    uint32_t at[2];
} linear_game;

static linear_game draw_game(brute_random *random) {
    linear_game g;
    for (int i = 0; i < 2; i++)
        for (int s = 0; s < STRATEGIES; s++)
            for (int t = 0; t < STRATEGIES; t++)
                for (int k = 0; k <= PARAMETERS; k++)
                    g.c[i][s][t][k] = brute_draw(random, k ? -2 : -9, k ? 2 : 9);
    for (int k = 0; k < PARAMETERS; k++) {
        g.value[k] = brute_draw(random, -3, 3);
        g.low[k] = g.value[k] - brute_draw(random, 0, 6);
        g.high[k] = g.value[k] + brute_draw(random, 0, 6);
    }
    g.margin = brute_draw(random, 0, 3);
    g.at[0] = (uint32_t)brute_draw(random, 0, 2);
    g.at[1] = (uint32_t)brute_draw(random, 0, 2);
    return g;
}

static char *config_of(const linear_game *g) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "parameters = {");
    for (int k = 0; k < PARAMETERS; k++)
        fprintf(out, " p%d = { value = %ld; range = (%ld, %ld); };", k, g->value[k], g->low[k],
                g->high[k]);
    fprintf(out, " };\nplayers = (");
    for (int i = 0; i < 2; i++)
        fprintf(out,
                "%s { name = \"P%d\"; moves = ( { name = \"m\"; levels = [\"a\", \"b\", "
                "\"c\"]; } ); }",
                i ? "," : "", i);
    fprintf(out, " );\npayoffs = { kind = \"formula\";\n");
    for (int i = 0; i < 2; i++) {
        fprintf(out, " P%d = \"0\"", i);
        for (int s = 0; s < STRATEGIES; s++)
            for (int t = 0; t < STRATEGIES; t++)
                fprintf(out, "\n  \" + P0.m:%c * P1.m:%c * (%ld + %ld*p0 + %ld * p1 + %ld * p2)\"",
                        'a' + s, 'a' + t, g->c[i][s][t][0], g->c[i][s][t][1], g->c[i][s][t][2],
                        g->c[i][s][t][3]);
        fprintf(out, ";\n");
    }
    fprintf(out, "};\n");
    fclose(out);
    return text;
}

/* The gains' constants and slopes, row by row: player 0's deviations, then player 1's. */
static void gains_of(const linear_game *g, long row[ROWS][PARAMETERS + 1]) {
    int r = 0;
    for (int i = 0; i < 2; i++)
        for (uint32_t s = 0; s < STRATEGIES; s++) {
            if (s == g->at[i])
                continue;
            uint32_t a = i ? g->at[0] : s, b = i ? s : g->at[1];
            for (int k = 0; k <= PARAMETERS; k++)
                row[r][k] = g->c[i][a][b][k] - g->c[i][g->at[0]][g->at[1]][k];
            r++;
        }
}

/* The least norm in doubles, over the new values themselves, no change larger than `cap`; NAN where
 * there is none. */
static double reference(const linear_game *g, bool most, double margin, double cap) {
    long row[ROWS][PARAMETERS + 1];
    gains_of(g, row);
    dt_lp *lp;
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MIN, &lp), DT_OK);
    for (int k = 0; k < PARAMETERS; k++) /* new values */
        dt_lp_add_column(lp, (double)g->low[k], (double)g->high[k], 0, 0, NULL, NULL);
    for (int k = 0; k < PARAMETERS; k++) /* distances; one for all where the largest counts */
        dt_lp_add_column(lp, 0, cap, !most || k == 0, 0, NULL, NULL);
    for (size_t k = 0; k < PARAMETERS; k++) {
        size_t d = PARAMETERS + (most ? 0 : k);
        dt_lp_add_row(lp, -(double)g->value[k], INFINITY, 2, (size_t[]){d, k}, (double[]){1, -1});
        dt_lp_add_row(lp, (double)g->value[k], INFINITY, 2, (size_t[]){d, k}, (double[]){1, 1});
    }
    for (int r = 0; r < ROWS; r++)
        dt_lp_add_row(lp, -INFINITY, -(double)row[r][0] - margin, PARAMETERS, (size_t[]){0, 1, 2},
                      (double[]){(double)row[r][1], (double)row[r][2], (double)row[r][3]});
    dt_lp_outcome outcome;
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    double value = outcome == DT_LP_OPTIMAL ? dt_lp_value(lp) : NAN;
    dt_lp_free(lp);
    return value;
}

/* gain + margin of a row at new values, in rationals */
static void excess_at(const linear_game *g, const long *row, const fmpq *to, fmpq_t out) {
    fmpq_t term;
    fmpq_init(term);
    fmpq_set_si(out, 2 * row[0] + g->margin, 2);
    for (int k = 0; k < PARAMETERS; k++) {
        fmpq_mul_si(term, to + k, row[1 + k]);
        fmpq_add(out, out, term);
    }
    fmpq_clear(term);
}

static void check_solution(const linear_game *g, const dt_result *result, bool most) {
    fmpq to[PARAMETERS];
    fmpq_t change, sum, largest, norm;
    fmpq_init(change);
    fmpq_init(sum);
    fmpq_init(largest);
    fmpq_init(norm);
    for (int k = 0; k < PARAMETERS; k++) {
        fmpq_init(&to[k]);
        fmpq_set_si(&to[k], g->value[k], 1);
    }
    const dt_named_table *t = inverse_table(result, "changes");
    for (size_t r = 0; r < t->rows; r++) {
        const dt_entry *e = &t->cell[r * t->columns];
        int k = e[0].text[1] - '0';
        inverse_read(change, e[3].number);
        fmpq_add(&to[k], &to[k], change);
        CU_ASSERT(fmpq_cmp_si(&to[k], g->low[k]) >= 0 && fmpq_cmp_si(&to[k], g->high[k]) <= 0);
        fmpq_abs(change, change);
        fmpq_add(sum, sum, change);
        if (fmpq_cmp(change, largest) > 0)
            fmpq_set(largest, change);
    }
    inverse_read(norm, inverse_value(result, most ? "largest_change" : "sum_of_changes").number);
    CU_ASSERT(fmpq_equal(norm, most ? largest : sum));
    if (most) { /* of these, a solution with the least sum */
        double cap = fmpq_get_d(norm) + 1e-9;
        CU_ASSERT_DOUBLE_EQUAL(fmpq_get_d(sum), reference(g, false, (double)g->margin / 2, cap),
                               1e-7);
    }
    long row[ROWS][PARAMETERS + 1];
    gains_of(g, row);
    for (int r = 0; r < ROWS; r++) {
        excess_at(g, row[r], to, change);
        CU_ASSERT(fmpq_sgn(change) <= 0);
    }
    CU_ASSERT_EQUAL(inverse_value(result, "equilibrium_after").truth, DT_TRUE);
    for (int k = 0; k < PARAMETERS; k++)
        fmpq_clear(&to[k]);
    fmpq_clear(change);
    fmpq_clear(sum);
    fmpq_clear(largest);
    fmpq_clear(norm);
}

/* Weights that add up to 1, whose sum of gains + margin is at least the shortfall in every corner
 * of the ranges: nothing in them deters. */
static void check_farkas(const linear_game *g, const dt_result *result) {
    long row[ROWS][PARAMETERS + 1];
    gains_of(g, row);
    fmpq_t total[PARAMETERS + 1], weight, term, sum, shortfall;
    for (int k = 0; k <= PARAMETERS; k++)
        fmpq_init(total[k]);
    fmpq_init(weight);
    fmpq_init(term);
    fmpq_init(sum);
    fmpq_init(shortfall);
    inverse_read(shortfall, inverse_value(result, "shortfall").number);
    CU_ASSERT(fmpq_sgn(shortfall) > 0);
    const dt_named_table *t = inverse_table(result, "not_deterred");
    for (size_t r = 0; r < t->rows; r++) {
        const dt_entry *e = &t->cell[r * t->columns];
        size_t i = e[0].player;
        uint32_t s = e[1].mixture.weight[0].strategy;
        size_t at = i * (STRATEGIES - 1) + s - (s > g->at[i]);
        inverse_read(weight, e[3].number);
        CU_ASSERT(fmpq_sgn(weight) > 0);
        fmpq_add(sum, sum, weight);
        for (int k = 0; k <= PARAMETERS; k++) {
            fmpq_mul_si(term, weight, row[at][k]);
            fmpq_add(total[k], total[k], term);
        }
    }
    CU_ASSERT(fmpq_is_one(sum));
    fmpq_set_si(sum, g->margin, 2);
    fmpq_add(sum, sum, total[0]);
    for (int k = 0; k < PARAMETERS; k++) { /* the least over the range */
        fmpq_mul_si(term, total[1 + k], fmpq_sgn(total[1 + k]) > 0 ? g->low[k] : g->high[k]);
        fmpq_add(sum, sum, term);
    }
    CU_ASSERT(fmpq_equal(sum, shortfall));
    CU_ASSERT_EQUAL(inverse_value(result, "equilibrium_after").truth, DT_FALSE);
    for (int k = 0; k <= PARAMETERS; k++)
        fmpq_clear(total[k]);
    fmpq_clear(weight);
    fmpq_clear(term);
    fmpq_clear(sum);
    fmpq_clear(shortfall);
}

static void random_games(void) {
    brute_random random = {4711};
    size_t none = 0, some = 0, moved = 0;
    for (int round = 0; round < 300; round++) {
        linear_game g = draw_game(&random);
        bool most = round % 2;
        char *config = config_of(&g), spec[200];
        snprintf(spec, sizeof spec,
                 "inverse:profile=\"P0.m=%c,P1.m=%c\",change=parameters,norm=%s,margin=%ld/2",
                 (char)('a' + g.at[0]), (char)('a' + g.at[1]), most ? "max" : "l1", g.margin);
        inverse_run r = inverse_solve_text(config, spec);
        bool fixed = true;
        for (int k = 0; k < PARAMETERS; k++)
            fixed = fixed && g.low[k] == g.high[k];
        double value = reference(&g, most, (double)g.margin / 2, INFINITY);
        if (fixed) {
            CU_ASSERT_EQUAL(r.status, DT_ERR_INPUT);
        } else {
            CU_ASSERT_EQUAL_FATAL(r.status, DT_OK);
            CU_ASSERT_EQUAL(r.result->certificate, DT_CERT_EXACT);
            bool found = inverse_value(r.result, "shortfall").kind == DT_ENTRY_NONE;
            CU_ASSERT_EQUAL(found, !isnan(value));
            if (found) {
                dt_number norm =
                    inverse_value(r.result, most ? "largest_change" : "sum_of_changes").number;
                CU_ASSERT_DOUBLE_EQUAL(norm.value, value, 1e-7);
                check_solution(&g, r.result, most);
                moved += norm.value > 0;
            } else {
                check_farkas(&g, r.result);
            }
            *(found ? &some : &none) += 1;
        }
        inverse_close(&r);
        free(config);
    }
    dt_lp_thread_end();
    CU_ASSERT(none > 40 && some > 40 && moved > 30);
}

/* More margin never costs less, and each unit at least the price. */
static void margins(void) {
    brute_random random = {12};
    size_t compared = 0;
    for (int round = 0; round < 40; round++) {
        linear_game g = draw_game(&random);
        for (int k = 0; k < PARAMETERS; k++) {
            g.low[k] -= 5;
            g.high[k] += 5;
        }
        char *config = config_of(&g), spec[200];
        double last = 0, price = -1;
        for (int m = 0; m < 5; m++) {
            snprintf(spec, sizeof spec,
                     "inverse:profile=\"P0.m=%c,P1.m=%c\",change=parameters,norm=%s,margin=%d",
                     (char)('a' + g.at[0]), (char)('a' + g.at[1]), round % 2 ? "max" : "l1", m);
            inverse_run r = inverse_solve_text(config, spec);
            CU_ASSERT_EQUAL_FATAL(r.status, DT_OK);
            bool found = inverse_value(r.result, "shortfall").kind == DT_ENTRY_NONE;
            if (found) {
                double now =
                    inverse_value(r.result, round % 2 ? "largest_change" : "sum_of_changes")
                        .number.value;
                CU_ASSERT(price < 0 || now >= last + price - 1e-12);
                compared += price >= 0 && now > last;
                last = now;
                price = inverse_value(r.result, "price_of_margin").number.value;
                CU_ASSERT(price >= 0);
            }
            inverse_close(&r);
            if (!found)
                break;
        }
        free(config);
    }
    CU_ASSERT(compared > 20);
}

/* sqrt 2 as a coefficient: p sqrt(2) >= 4 takes p = 2 sqrt 2. */
static void irrational(void) {
    inverse_run r = run_formula("4 * R.c - p * R.c * n ^ 0.5", ",parameters=p");
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.result);
    dt_number change = inverse_value(r.result, "sum_of_changes").number;
    dt_number price = inverse_value(r.result, "price_of_margin").number;
    CU_ASSERT_PTR_NULL(change.exact);
    CU_ASSERT_DOUBLE_EQUAL(change.value, 2 * sqrt(2) - 1, 1e-15);
    CU_ASSERT(change.radius > 0 && change.radius < 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(price.value, sqrt(0.5), 1e-15);
    CU_ASSERT_EQUAL(r.result->certificate, DT_CERT_BALL);
    CU_ASSERT_EQUAL(inverse_value(r.result, "equilibrium_after").truth, DT_TRUE);
    inverse_close(&r);
    /* out of reach by ranges: 10 sqrt 2 < 15 */
    r = run_formula("15 * R.c - p * R.c * n ^ 0.5", ",parameters=p");
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.result);
    CU_ASSERT_DOUBLE_EQUAL(inverse_value(r.result, "shortfall").number.value, 15 - 10 * sqrt(2),
                           1e-14);
    CU_ASSERT_EQUAL(r.result->certificate, DT_CERT_BALL);
    inverse_close(&r);
    /* an irrational need that is met exactly at the end of the range: rational by structure */
    r = run_formula("10 * R.c * n ^ 0.5 - p * R.c * n ^ 0.5", ",parameters=p");
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.result);
    CU_ASSERT_EQUAL(r.result->certificate, DT_CERT_NUMERIC); /* 9 sqrt 2 against 9 sqrt 2 */
    inverse_close(&r);
}

static const dt_case cases[] = {
    {"linear formulas", linear},
    {"what changes", rows},
    {"the least sum of the least largest", least_sum_of_least_largest},
    {"formulas that are not linear", refused},
    {"error messages", errors},
    {"random formulas", sound},
    {"random linear games", random_games},
    {"margins", margins},
    {"irrational coefficients", irrational},
};

int main(void) {
    return DT_RUN_SUITE("inverse, parameters", cases);
}
