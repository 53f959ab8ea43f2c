/* Pure equilibria of formula games: against the same game as a table, and irrational payoffs whose
 * order is known because they are increasing functions of rational ones. */
#include "brute.h"
#include "formula_trees.h"
#include "pure_checks.h"

static void random_formulas(void) {
    brute_random r = {1955};
    for (int k = 0; k < 250; k++) {
        brute b;
        char *text = draw_config(&r, &b, "", "");
        pure_config c = open_text(text);
        check_pure(&b, c.game, 1 + k % 4);
        check_epsilon(&b, c.game, 1, "1/10");
        check_epsilon(&b, c.game, 2, "1");
        close_config(&c);
        free(text);
        brute_free(&b);
    }
}

/* The equilibria of c must be those of the rational game `b` with the same order of payoffs. */
static void same_order(const brute *b, const dt_game *game, const char *regret, const char *slack,
                       bool efficiency) {
    fmpq_t allowed;
    fmpq_init(allowed);
    fmpq_set_str(allowed, slack, 10);
    dt_control control = {.threads = 2};
    pure_run run = run_concept(game, regret ? "epsilon-nash" : "pure-nash", regret, &control);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(dt_diag_count(run.diag), 0);
    CU_ASSERT_EQUAL(run.result->complete, DT_TRUE);
    size_t found = 0;
    for (uint64_t k = 0; k < b->profiles; k++) {
        if (!brute_is_equilibrium(b, k, allowed))
            continue;
        CU_ASSERT_FATAL(found < run.result->items);
        const dt_item *item = &run.result->item[found++];
        for (size_t i = 0; i < b->players; i++)
            CU_ASSERT_EQUAL(item->profile[i], brute_strategy(b, k, i));
        CU_ASSERT_EQUAL(item->strict, strict_or_weak(b, k));
        CU_ASSERT(item->certificate == DT_CERT_BALL || item->certificate == DT_CERT_EXACT);
        bool irrational = false;
        for (size_t i = 0; i < b->players; i++)
            irrational = irrational || !item->payoff[i].exact;
        CU_ASSERT(!irrational || item->certificate == DT_CERT_BALL);
        if (efficiency)
            CU_ASSERT_EQUAL(item->pareto_efficient, brute_is_efficient(b, k) ? DT_TRUE : DT_FALSE);
    }
    CU_ASSERT_EQUAL(found, run.result->items);
    close_run(&run);
    fmpq_clear(allowed);
}

/* Increasing functions of a rational: the order, the ties and the efficient profiles stay. */
static void irrational_formulas(void) {
    static const struct {
        const char *before, *after;
        const char *regret, *slack; /* a regret of the irrational game, and of the rational one */
    } wraps[] = {
        {"sqrt(2) * (", ")", NULL, NULL},
        {"sqrt(2) + 1e-17 * (", ")", NULL, NULL}, /* apart by less than an ulp */
        {"sqrt(3) * 1000000 + (", ") * 1e-18", "1e-18", "1"},
        {"exp(((", ") / 10) / (1 + abs(B.m * 0)))", NULL, NULL},
        {"(sqrt(5) - sqrt(3)) * (", ") + sqrt(5) - exp(1)", NULL, NULL},
        {"exp(1) * (", ") - exp(1)", NULL, NULL},
        {"log(2) * (", ") / 1e12", NULL, NULL},
    };
    brute_random r = {1648};
    for (int k = 0; k < 210; k++) {
        size_t w = (size_t)k % (sizeof wraps / sizeof *wraps);
        brute b;
        char *text = draw_config(&r, &b, wraps[w].before, wraps[w].after);
        pure_config c = open_text(text);
        CU_ASSERT_EQUAL(dt_game_verify(c.game, NULL, c.diag), DT_OK);
        same_order(&b, c.game, NULL, "0", true);
        if (wraps[w].regret) {
            fmpq_t q;
            fmpq_init(q);
            fmpq_set_str(q, "1/1000000000000000000", 10);
            char *regret = fmpq_get_str(NULL, 10, q);
            same_order(&b, c.game, regret, wraps[w].slack, false);
            flint_free(regret);
            fmpq_clear(q);
        }
        close_config(&c);
        free(text);
        brute_free(&b);
    }
}

/* --- particular games --- */

#define TWO_BY_TWO                                                                                 \
    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); },"       \
    " { name = \"B\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); } );\n"
#define PAYOFFS(a, b) "payoffs = { kind = \"formula\"; A = \"" a "\"; B = \"" b "\"; };\n"

/* sqrt(2) sqrt(3) and sqrt(6) are equal, which balls cannot see: all four profiles are kept. */
static void undecided(void) {
    pure_config c = open_text(TWO_BY_TWO PAYOFFS("A.m == 1 ? sqrt(2) * sqrt(3) : sqrt(6)", "B.m"));
    pure_run run = run_concept(c.game, "pure-nash", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 2); /* B plays y, as 1 > 0 */
    for (size_t k = 0; k < 2; k++) {
        const dt_item *item = &run.result->item[k];
        CU_ASSERT_EQUAL(item->profile[0], k);
        CU_ASSERT_EQUAL(item->profile[1], 1);
        CU_ASSERT_EQUAL(item->certificate, DT_CERT_NUMERIC);
        CU_ASSERT_EQUAL(item->strict, DT_UNKNOWN);
        CU_ASSERT_EQUAL(item->pareto_efficient, DT_UNKNOWN);
        CU_ASSERT_PTR_NULL(item->payoff[0].exact);
        CU_ASSERT_DOUBLE_EQUAL(item->payoff[0].value, sqrt(6), 1e-15);
        CU_ASSERT(item->payoff[0].radius < 1e-15);
    }
    CU_ASSERT_EQUAL(run.result->notes, 1);
    CU_ASSERT_EQUAL(dt_diag_errors(run.diag), 0);
    CU_ASSERT_EQUAL_FATAL(dt_diag_count(run.diag), 1);
    CU_ASSERT_EQUAL(dt_diag_get(run.diag, 0)->severity, DT_WARNING);
    CU_ASSERT_PTR_NOT_NULL(strstr(dt_diag_get(run.diag, 0)->message, "2 profiles"));
    close_run(&run);
    close_config(&c);
}

static void verdict_at(const char *a, uint32_t at, const char *slack, dt_truth is, dt_truth strict,
                       dt_certificate certificate) {
    char text[1024];
    snprintf(text, sizeof text, TWO_BY_TWO PAYOFFS("%s", "0"), a);
    pure_config c = open_text(text);
    dt_workspace *w = dt_workspace_new(c.game);
    dt_verdict v;
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_str(q, slack, 10);
    CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, c.game), DT_OK);
    uint32_t profile[2] = {at, 0};
    CU_ASSERT_EQUAL(dt_certify_profile(c.game, w, profile, q, NULL, c.diag, &v), DT_OK);
    CU_ASSERT_EQUAL(v.equilibrium, is);
    if (is != DT_FALSE) {
        CU_ASSERT_EQUAL(v.strict, strict);
        CU_ASSERT_EQUAL(v.certificate, certificate);
    }
    fmpq_clear(q);
    dt_verdict_clear(&v, c.game);
    dt_workspace_free(c.game, w);
    close_config(&c);
}

/* B's payoff is 0 throughout, so no profile here is strict. */
static void verdicts(void) {
    const dt_truth yes = DT_TRUE, no = DT_FALSE, perhaps = DT_UNKNOWN;
    verdict_at("sqrt(2) * A.m", 1, "0", yes, no, DT_CERT_BALL);
    verdict_at("sqrt(2) * A.m", 0, "0", no, no, DT_CERT_NONE);
    verdict_at("sqrt(2) * A.m", 0, "3/2", yes, no, DT_CERT_BALL);
    verdict_at("sqrt(2) * A.m", 0, "7/5", no, no, DT_CERT_NONE);
    verdict_at("sqrt(2) * (A.m - A.m)", 0, "0", yes, no, DT_CERT_EXACT);
    verdict_at("sqrt(2) + 0 * A.m", 0, "0", yes, no, DT_CERT_BALL);
    verdict_at("sqrt(4) + A.m", 1, "0", yes, no, DT_CERT_EXACT);
    verdict_at("A.m:x * (sqrt(2) * sqrt(3) - sqrt(6))", 0, "0", perhaps, no, DT_CERT_NUMERIC);
    verdict_at("A.m:x * (sqrt(2) * sqrt(3) - sqrt(6))", 1, "0", perhaps, no, DT_CERT_NUMERIC);
    verdict_at("A.m:x * (sqrt(2) * sqrt(3) - sqrt(6) + 1e-300)", 0, "0", yes, no, DT_CERT_BALL);
    verdict_at("A.m:x * (sqrt(2) * sqrt(3) - sqrt(6) + 1e-300)", 1, "0", no, no, DT_CERT_NONE);
    /* a gain of exactly the slack is allowed; one a trillionth of a trillionth more is not */
    verdict_at("A.m / 3", 0, "1/3", yes, no, DT_CERT_EXACT);
    verdict_at("A.m / 3", 0, "333333333333333333333333/1000000000000000000000000", no, no,
               DT_CERT_NONE);
}

/* A payoff that exists exactly though doubles fail: 0.3 - 0.1 * 3 is 0, in doubles below it. The
 * profile must be found as an equilibrium, and as better for all than another one. */
static void fast_evaluation_fails(void) {
    static const char players[] =
        "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); },"
        " { name = \"B\"; moves = ( { name = \"m\"; levels = [\"p\", \"q\", \"r\"];"
        " values = (3, 2, 1); } ); } );\n";
    char text[1024];
    /* (x, p) and (y, q) are equilibria; (x, p) is better for both. B's payoff at p is -sqrt(0). */
    snprintf(
        text, sizeof text, "%s%s", players,
        PAYOFFS("A.m:x * B.m:p * 2 + A.m:y * (B.m:q + B.m:r)",
                "1 - sqrt(0.3 - 0.1 * B.m) - A.m:y * B.m:p - A.m:x * (B.m < 3) - A.m:y * B.m:r"));
    pure_config c = open_text(text);
    CU_ASSERT_EQUAL(dt_game_verify(c.game, NULL, c.diag), DT_OK);
    pure_run run = run_concept(c.game, "pure-nash", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 2);
    CU_ASSERT_EQUAL(run.result->item[0].profile[0], 0);
    CU_ASSERT_EQUAL(run.result->item[0].profile[1], 0);
    CU_ASSERT_STRING_EQUAL(run.result->item[0].payoff[1].exact, "1");
    CU_ASSERT_EQUAL(run.result->item[0].pareto_efficient, DT_TRUE);
    CU_ASSERT_EQUAL(run.result->item[1].profile[0], 1);
    CU_ASSERT_EQUAL(run.result->item[1].profile[1], 1);
    CU_ASSERT_EQUAL(run.result->item[1].pareto_efficient, DT_FALSE);
    close_run(&run);
    close_config(&c);
}

/* Several moves and `feasible`: strategies are numbered anew, the last move fastest. */
static void feasible_moves(void) {
    pure_config c = open_text(
        "players = ( { name = \"A\"; feasible = [\"A.m + A.n <= 2\"]; moves = ("
        " { name = \"m\"; levels = [\"a\", \"b\", \"c\"]; },"
        " { name = \"n\"; levels = [\"a\", \"b\", \"c\"]; } ); },"
        " { name = \"B\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); } );\n" PAYOFFS(
            "3 * A.m + 2 * A.n - 4 * A.m * B.m", "A.n - 2 * B.m * A.n + B.m"));
    CU_ASSERT_EQUAL_FATAL(c.game->player[0].strategies, 6);
    static const long m[6] = {0, 0, 0, 1, 1, 2}, n[6] = {0, 1, 2, 0, 1, 0};
    uint32_t strategies[2] = {6, 2};
    brute b = brute_new(2, strategies);
    for (uint64_t k = 0; k < b.profiles; k++) {
        long am = m[k / 2], an = n[k / 2], bm = (long)(k % 2);
        fmpq_set_si(brute_payoff(&b, k, 0), 3 * am + 2 * an - 4 * am * bm, 1);
        fmpq_set_si(brute_payoff(&b, k, 1), an - 2 * bm * an + bm, 1);
    }
    check_pure(&b, c.game, 1);
    check_epsilon(&b, c.game, 1, "1");
    brute_free(&b);
    close_config(&c);
}

/* 69 343 957 profiles, more than one slab of the scan holds, in which every strategy is a best
 * reply to something. A follows B, B follows C, C follows D, D follows E, and E follows A but one
 * step ahead, except where A stands at 7, at 35 or at the end: only there do all five agree. */
static void more_than_a_slab(void) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    uint32_t strategies[5] = {37, 37, 37, 37, 37};
    write_players(out, 5, strategies);
    fputs("payoffs = { kind = \"formula\"; A = \"-(A.m - B.m)^2\"; B = \"-(B.m - C.m)^2\";"
          " C = \"-(C.m - D.m)^2\"; D = \"A.m / 100 - (D.m - E.m)^2\";"
          " E = \"-(E.m - A.m - (A.m != 7 && A.m != 35))^2\"; };\n",
          out);
    fclose(out);
    pure_config c = open_text(text);
    pure_run run = run_setting(c.game, "pure-nash", "pareto", "yes", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 3);
    static const uint32_t at[3] = {7, 35, 36};
    for (size_t k = 0; k < 3; k++) {
        const dt_item *item = &run.result->item[k];
        for (size_t i = 0; i < 5; i++)
            CU_ASSERT_EQUAL(item->profile[i], at[k]);
        CU_ASSERT_EQUAL(item->strict, DT_TRUE);
    }
    /* all at 35 is better for D than all at 7, and as good for the others; nobody can have the 0 of
     * E and D's 0.36 together */
    CU_ASSERT_EQUAL(run.result->item[0].pareto_efficient, DT_FALSE);
    CU_ASSERT_EQUAL(run.result->item[1].pareto_efficient, DT_TRUE);
    CU_ASSERT_EQUAL(run.result->item[2].pareto_efficient, DT_TRUE);
    CU_ASSERT_EQUAL(run.result->searched, 69343957);
    close_run(&run);
    close_config(&c);
    free(text);
}

/* Bounds over boxes leave out moves of one level: those behind them must not be mixed up. */
static void a_move_of_one_level(void) {
    char levels[64 * 6] = "";
    for (int k = 0; k < 60; k++)
        snprintf(levels + strlen(levels), sizeof levels - strlen(levels), "%s\"%d\"", k ? "," : "",
                 k);
    char text[2048];
    snprintf(text, sizeof text,
             "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\"]; } ); },"
             " { name = \"B\"; moves = ( { name = \"m\"; levels = [%s]; },"
             " { name = \"n\"; levels = [%s]; } ); },"
             " { name = \"C\"; moves = ( { name = \"m\"; levels = [%s]; } ); } );\n"
             "payoffs = { kind = \"formula\"; A = \"0\"; B = \"B.m - B.n\";"
             " C = \"-(C.m - B.m / 2 - B.n)^2\"; };\n",
             levels, levels, levels);
    pure_config c = open_text(text);
    CU_ASSERT(c.game->profiles > 100000);
    pure_run run = run_concept(c.game, "pure-nash", NULL, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 2);
    for (uint32_t k = 0; k < 2; k++) {
        CU_ASSERT_EQUAL(run.result->item[k].profile[1], 59 * 60);
        CU_ASSERT_EQUAL(run.result->item[k].profile[2], 29 + k);
    }
    close_run(&run);
    close_config(&c);
}

/* More candidates than are kept: the list says that it is not complete. */
static void too_many(void) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    uint32_t strategies[17]; /* 131 072 profiles */
    for (size_t i = 0; i < 17; i++)
        strategies[i] = 2;
    write_players(out, 17, strategies);
    fputs("payoffs = { kind = \"formula\";", out);
    for (int i = 0; i < 17; i++)
        fprintf(out, " %c = \"0\";", 'A' + i);
    fputs(" };\n", out);
    fclose(out);
    pure_config c = open_text(text);
    pure_run run = run_concept(c.game, "epsilon-nash", "1", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->complete, DT_FALSE);
    CU_ASSERT_EQUAL(run.result->items, 100000);
    CU_ASSERT_EQUAL(run.result->notes, 1);
    close_run(&run);
    close_config(&c);
    free(text);
}

static const dt_case cases[] = {
    {"random formulas against tables", random_formulas},
    {"irrational payoffs of known order", irrational_formulas},
    {"an undecided tie is numeric", undecided},
    {"verdicts of the certifier", verdicts},
    {"doubles fail, exact numbers do not", fast_evaluation_fails},
    {"feasible moves", feasible_moves},
    {"more profiles than one slab", more_than_a_slab},
    {"a move of one level", a_move_of_one_level},
    {"more candidates than are kept", too_many},
};

int main(void) {
    return DT_RUN_SUITE("pure-nash of formulas", cases);
}
