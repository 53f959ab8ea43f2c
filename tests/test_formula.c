/* Formulas that are right: the grammar and the meaning in docs/language.md, line by line, through
 * the public path from config text to payoffs. Values are worked out by hand. */
#include <math.h>
#include <unistd.h>

#include "formula_game.h"
#include "harness.h"

enum { LOW = 0, MIDDLE = 5, HIGH = 11 }; /* (m, n, k) = (0, 0, -1), (1, 0, 3), (2, 1/2, 3) */

/* The payoff of A at a profile is the rational `wanted`, and the block's bound contains it. */
static void payoff_is(const formula_game *g, uint64_t index, const char *wanted, const char *what) {
    uint32_t profile[DT_MAX_PLAYERS], one[DT_MAX_PLAYERS];
    dt_profile_decode(g->game, index, profile);
    for (size_t i = 0; i < g->game->players; i++)
        one[i] = 1;
    dt_exact x;
    fmpq_t q;
    arf_t mid, end;
    fmpq_init(q);
    dt_exact_init(&x);
    arf_init(mid);
    arf_init(end);
    CU_ASSERT_EQUAL(fmpq_set_str(q, wanted, 10), 0);
    dt_status status = dt_game_exact(g->game, g->workspace, 0, profile, &x, g->diag);
    bool good = status == DT_OK && dt_exact_is_rational(&x) && fmpq_equal(x.rational, q);
    if (!good) {
        char *found = fmpq_get_str(NULL, 10, x.rational);
        fprintf(stderr, "\n    %s at %llu: wanted %s, found %s%s\n", what,
                (unsigned long long)index, wanted, found, x.terms ? " and more" : "");
        flint_free(found);
        dt_diag_write(g->diag, stderr, false);
    }
    CU_ASSERT(good);
    double value, bound;
    CU_ASSERT_EQUAL(
        dt_game_block(g->game, g->workspace, 0, &(dt_box){profile, one}, &value, &bound), DT_OK);
    if (isfinite(bound)) {
        fmpq_t gap;
        fmpq_init(gap);
        arf_set_d(mid, value);
        arf_get_fmpq(gap, mid);
        fmpq_sub(gap, gap, q);
        fmpq_abs(gap, gap);
        arf_set_d(end, bound);
        arf_get_fmpq(q, end);
        CU_ASSERT(fmpq_cmp(gap, q) <= 0);
        fmpq_clear(gap);
    }
    arf_clear(mid);
    arf_clear(end);
    fmpq_clear(q);
    dt_exact_clear(&x);
}

static void gives_with(const char *definitions, const char *formula, uint64_t index,
                       const char *wanted) {
    formula_game g = cast_game(definitions, formula);
    if (!g.game) {
        fprintf(stderr, "\n    %s\n", formula);
        dt_diag_write(g.diag, stderr, false);
        CU_FAIL("not accepted");
    } else {
        payoff_is(&g, index, wanted, formula);
    }
    free_game(&g);
}

static void gives(const char *formula, const char *wanted) {
    gives_with("", formula, HIGH, wanted);
}

static void numbers(void) {
    gives("12", "12");
    gives("0.1", "1/10");
    gives(".5", "1/2");
    gives("5.", "5");
    gives("1e3", "1000");
    gives("1E-2", "1/100");
    gives("2.5e+1", "25");
    gives("1.e2", "100");
    gives("0.30000000000000000000000000000000000001",
          "30000000000000000000000000000000000001/100000000000000000000000000000000000000");
    gives("007", "7");
    gives("0e999", "0");
}

static void precedence(void) {
    gives("1 + 2 * 3", "7");
    gives("(1 + 2) * 3", "9");
    gives("10 - 4 - 3", "3");
    gives("10 - (4 - 3)", "9");
    gives("24 / 4 / 2", "3");
    gives("24 / 4 * 2", "12");
    gives("7 / 2", "7/2");
    gives("-2^2", "-4");
    gives("(-2)^2", "4");
    gives("2^3^2", "512");
    gives("(2^3)^2", "64");
    gives("2^-3", "1/8");
    gives("2^-1^2", "1/2"); /* 2^(-(1^2)) */
    gives("-2^-2", "-1/4");
    gives("2 * -3", "-6");
    gives("2 - -3", "5");
    gives("- - 2", "2");
    gives("+-+2", "-2");
    gives("-2 * 3 + 1", "-5");
    gives("2 * 3^2", "18");
    gives("4^1/2", "2");
    gives("4^(1/2)", "2");
    gives("-A.m^2", "-4");
    gives("1 < 2 == 1", "1"); /* (1 < 2) == 1 */
    gives("2 == 2 && 3 < 4", "1");
    gives("1 + 1 == 2", "1");
    gives("1 == 1 < 2", "1"); /* 1 == (1 < 2) */
    gives("3 == 1 < 2", "0");
    gives("0 && 0 || 1", "1");
    gives("1 || 0 && 0", "1"); /* 1 || (0 && 0) */
    gives("(1 || 0) && 0", "0");
    gives("1 + 2 < 2 * 2", "1");
    gives("!0 + 1", "2");  /* (!0) + 1 */
    gives("!1 == 0", "1"); /* (!1) == 0 */
    gives("!2 == 2", "0"); /* (!2) == 2, not !(2 == 2) … which is 0 too */
    gives("!2 == 0", "1"); /* … and !(2 == 0) is 1: both readings agree here */
    gives("!0 == 2", "0"); /* (!0) == 2 is 0, !(0 == 2) would be 1 */
    gives("!0^2", "1");    /* !(0^2) */
    gives("1 - 2 ? 3 : 4", "3");
    gives("0 || 0 ? 3 : 4", "4");
}

static void conditionals(void) {
    gives("1 ? 2 : 3", "2");
    gives("0 ? 2 : 3", "3");
    gives("-0.5 ? 2 : 3", "2"); /* true is what is not 0 */
    gives("0 ? 1 : 0 ? 2 : 3", "3");
    gives("1 ? 2 : 0 ? 4 : 5", "2"); /* 1 ? 2 : (0 ? 4 : 5); the other way it would be 5 */
    gives("1 ? 0 ? 7 : 8 : 9", "8");
    gives("A.m > 1 ? A.n : B.k", "1/2");
    gives("A.m > 5 ? 1/0 : 6", "6");
    gives("A.m == 2 || 1/0", "1");
    gives("A.m == 1 && 1/0", "0");
    gives("A.m ? B.k :half", "3"); /* a blank before, none after */
    gives("(A.m)?(B.k):half", "3");
}

static void logic_and_comparisons(void) {
    gives("3 && 2", "1");
    gives("3 || 0", "1");
    gives("!3", "0");
    gives("!0", "1");
    gives("!!5", "1");
    gives("2 <= 2", "1");
    gives("2 < 2", "0");
    gives("2 >= 3", "0");
    gives("3 > 2", "1");
    gives("2 != 3", "1");
    gives("2 != 2", "0");
    gives("0.1 + 0.2 == 0.3", "1"); /* decimals are exact */
    gives("A.n * 0.2 == 0.1", "1");
    gives("(A.m >= 2) + (A.n > 0) + (B.k < 0)", "2");
    gives("0 && 0.5", "0");
    gives("0.5 && A.m", "1"); /* 1, not A.m */
    gives("0 || A.m", "1");
}

static void functions(void) {
    gives("abs(-3)", "3");
    gives("abs(B.k - 5)", "2");
    gives("min(3, 1, 2)", "1");
    gives("max(3, 1, 2)", "3");
    gives("min(4)", "4");
    gives("sqrt(9/4)", "3/2");
    gives("pow(2, 10)", "1024");
    gives("pow(-2, 3)", "-8");
    gives("exp(0) + log(1)", "1");
    gives("clamp(5, 0, 2)", "2");
    gives("clamp(-5, 0, 2)", "0");
    gives("clamp(1, 0, 2)", "1");
    gives("sqrt(sqrt(16))", "2");
    gives("0^0", "1");
    gives("(A.m - 2)^0", "1");
    gives("(A.m - 2)^0.7", "0");
    gives("(2 * A.m)^0.5", "2");
    gives("(2 * A.m)^1.5", "8");
    gives("(2 * A.m)^-0.5", "1/2");
    gives("(2 * A.m)^-1.5", "1/8");
    gives("(0 - A.m)^-3", "-1/8");
    gives("A.m^70", "1180591620717411303424");
    gives("A.m^-70", "1/1180591620717411303424");
    gives("A.m^A.m^A.m", "16");
    gives("(B.k + 5)^(A.m / 6)", "2"); /* 8^(1/3) */
}

static void moves_and_levels(void) {
    gives("A.m + 10 * A.n + 100 * B.k", "307");
    gives_with("", "A.m + 10 * A.n + 100 * B.k", LOW, "-100");
    gives_with("", "A.m + 10 * A.n + 100 * B.k", MIDDLE, "301");
    gives("A.m:hi + 10 * A.m:mid + 100 * A.m:lo", "1");
    gives_with("", "A.m:hi + 10 * A.m:mid + 100 * A.m:lo", MIDDLE, "10");
    gives_with("", "A.m:hi + 10 * A.m:mid + 100 * A.m:lo", LOW, "100");
    gives("A.n:on ? 1 : 2", "1");
    gives("A.n:on?1:2", "1");
    gives("B.one", "7"); /* a single level is a constant */
    gives("B.one:only", "1");
    gives("A.m\t+\n1", "3"); /* blanks of all kinds between tokens */
}

static void parameters_and_tables(void) {
    gives("p * half", "3/2");
    gives("share[A][x] + share[A][y] + share[B][x]", "57/4");
    gives("share [ A ] [ x ]", "1/4");
    gives("w[z]", "5");
    gives("sum(i in s: w[i])", "8");
    gives("sum(i in xy: share[A][i] * w[i])", "33/4");
}

static void sums(void) {
    gives("sum(i in s: 1)", "3");
    gives("min(i in s: w[i])", "1");
    gives("max(i in s: w[i])", "5");
    gives("sum(i in s, j in s: w[i] * w[j])", "64");
    gives("sum(i in s, j in s where i != j: w[i] * w[j])", "34"); /* 64 - 1 - 4 - 25 */
    gives("sum(i in s where i == z: w[i])", "5");
    gives("sum(i in s where w[i] > 1: w[i])", "7");
    gives("sum(i in s where i == x && i == y: w[i])", "0"); /* empty */
    gives("sum(i in s: sum(j in xy: w[i] * w[j]))", "24");
    gives("max(i in s, j in xy where i != j: w[i] - w[j])", "4");
    gives("min(i in s: max(j in s: w[i] * w[j]))", "5");
    gives("sum(i in s: w[i]) * 2", "16");
    gives("sum(i in s: w[i] + 1)", "11"); /* the body reaches to the ) */
    gives("sum(i in s: i == x ? 100 : w[i])", "107");
    gives("1 + max(i in players: 2) + sum(i in players: 1)", "5");
    gives("sum(j in both: j == A ? j.m : j.k)", "5");
    gives("sum(j in players where j == A: j.m)", "2");
    gives("sum(j in players where j != B: j.n:on)", "1");
}

/* What stands in a branch that indices rule out may name what does not exist. */
static void decided_branches(void) {
    gives("sum(i in players: i == A ? i.m : 0)", "2"); /* B has no m */
    gives("sum(i in players: i != A ? 0 : i.m)", "2");
    gives("sum(i in players: i == A && i.m > 1)", "1");
    gives("sum(i in players: i != A || i.m > 1)", "2");
    gives("sum(i in s: i == z ? 0 : share[A][i])", "17/4"); /* no share[A][z] */
    gives("sum(i in s: !(i == z) ? share[A][i] : 0)", "17/4");
    gives("sum(i in s: i == z || i == y ? 0 : share[A][i])", "1/4");
    gives("A == B ? nosuch : 1", "1");
    gives("A != B ? 1 : nosuch[what][ever] + No.body", "1");
    gives("A == A && 1", "1");
}

static void families(void) {
    gives_with("\"f[i in s] = 2 * w[i]\"", "f[x] + 10 * f[z]", HIGH, "102");
    gives_with("\"f[i in s][j in xy] = w[i] + 10 * w[j]\"", "f[z][y]", HIGH, "25");
    gives_with("\"f[i in s][j in s] = w[i] + 10 * w[j]\"", "f[y][z] - f[z][y]", HIGH, "27");
    gives_with("\"f[i in players] = i == A ? i.m : i.k\"", "f[A] + 10 * f[B]", HIGH, "32");
    gives_with("\"f[i in s] = sum(j in s where j != i: w[j])\"", "f[x] * f[y] * f[z]", HIGH,
               "126"); /* 7 × 6 × 3 */
    gives_with("{ name = \"f[i in s]\"; value = \"w[i]\"; unit = \"M$\"; note = \"n\"; }",
               "sum(i in s: f[i])", HIGH, "8");
}

static void definitions_in_any_order(void) {
    gives_with("\"a = b + 1\", \"b = c * 2\", \"c = A.m\"", "a", HIGH, "5");
    gives_with("\"c = A.m\", \"b = c * 2\", \"a = b + 1\"", "a", HIGH, "5");
    /* one family member rests on another: no cycle of instances */
    gives_with("\"f[i in s] = i == x ? 1 : i == y ? 2 * f[x] : 3 * f[y]\"", "f[z]", HIGH, "6");
    gives_with("\"f[i in s] = i == z ? g[x] : 1\", \"g[i in s] = i == x ? f[y] : f[z]\"", "g[z]",
               HIGH, "1");
    gives_with("\"f[i in s] = sum(j in s where i == z && j != i: f[j]) + w[i]\"", "f[z]", HIGH,
               "8");
}

/* max and min, EQ and comparisons of equal irrationals that no ball tells apart: x <= y and x < y
 * are not the same number. √2 √3 = √6, so the first is 1, the second 0, their difference 1. */
static void undecided_comparisons_stay_apart(void) {
    static const char *const one[] = {
        "(sqrt(2) * sqrt(3) <= sqrt(6)) - (sqrt(2) * sqrt(3) < sqrt(6))",
        "(sqrt(2) * sqrt(3) >= sqrt(6)) - (sqrt(2) * sqrt(3) > sqrt(6))",
    };
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        formula_game g = cast_game("", one[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        uint32_t profile[2] = {0, 0};
        dt_exact x;
        dt_exact_init(&x);
        CU_ASSERT_EQUAL(dt_game_exact(g.game, g.workspace, 0, profile, &x, g.diag), DT_OK);
        dt_exact_context *c = dt_game_context(g.game, g.workspace);
        /* 1, or honestly not known: never the certain 0 */
        bool known = !dt_exact_is_undecided(c, &x);
        CU_ASSERT(!known || dt_exact_double(c, &x, NULL) == 1);
        arb_t ball;
        arb_init(ball);
        dt_exact_enclose(c, ball, &x, 128);
        CU_ASSERT(arb_contains_si(ball, 1));
        arb_clear(ball);
        dt_exact_clear(&x);
        free_game(&g);
    }
}

/* Simplifications hide no fault. */
static void faults_are_not_simplified_away(void) {
    static const char *const faulty[] = {
        "0 * (1 / A.m)", "(1 / A.m)^0",          "(1 / A.m) - (1 / A.m)", "(1 / A.m) * 0",
        "1 / A.m > 3",   "(1 / A.m) ? 1 : 1",    "1 / A.m && 0",          "1 / A.m || 1",
        "!log(A.m)",     "abs(log(A.m)) >= 0",   "min(1 / A.m, 3)",       "A.m^-1",
        "A.m^-0.5",      "log(A.m) == log(A.m)", "pow(A.m - 1, 0.5)",     "(A.m - 1)^1.5",
        "sqrt(A.m - 1)", "pow(log(A.m), 0)",
    };
    for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
        formula_game g = cast_game("", faulty[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        uint32_t profile[2] = {0, 0};
        dt_exact x;
        dt_exact_init(&x);
        dt_status status = dt_game_exact(g.game, g.workspace, 0, profile, &x, g.diag);
        if (status != DT_ERR_INPUT)
            fprintf(stderr, "\n    no fault: %s\n", faulty[i]);
        CU_ASSERT_EQUAL(status, DT_ERR_INPUT);
        dt_exact_clear(&x);
        free_game(&g);
    }
}

/* Labels, signs and units of a payoff's split; the parts add up to the payoff exactly. */
static void terms_are(const char *definitions, const char *formula, size_t count,
                      const char *const *label, const char *const *wanted) {
    formula_game g = cast_game(definitions, formula);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    for (uint64_t index = 0; index < g.game->profiles; index++) {
        uint32_t profile[2];
        dt_profile_decode(g.game, index, profile);
        dt_parts parts;
        dt_payoff_fault fault;
        dt_status status =
            g.game->model->terms(g.game->self, g.workspace, 0, profile, &parts, &fault);
        CU_ASSERT_EQUAL_FATAL(status, DT_OK);
        dt_exact sum, payoff;
        dt_exact_init(&sum);
        dt_exact_init(&payoff);
        CU_ASSERT_EQUAL(parts.count, count);
        for (size_t i = 0; i < parts.count; i++) {
            dt_exact_add(&sum, &sum, &parts.part[i].value);
            if (index != HIGH || i >= count)
                continue;
            if (strcmp(parts.part[i].label, label[i]) != 0)
                fprintf(stderr, "\n    label %s, wanted %s\n", parts.part[i].label, label[i]);
            CU_ASSERT_STRING_EQUAL(parts.part[i].label, label[i]);
            char *found = fmpq_get_str(NULL, 10, parts.part[i].value.rational);
            CU_ASSERT_STRING_EQUAL(found, wanted[i]);
            flint_free(found);
        }
        dt_game_exact(g.game, g.workspace, 0, profile, &payoff, g.diag);
        CU_ASSERT_EQUAL(dt_exact_compare(dt_game_context(g.game, g.workspace), &sum, &payoff),
                        DT_ZERO);
        dt_exact_clear(&sum);
        dt_exact_clear(&payoff);
        dt_parts_clear(&parts);
    }
    free_game(&g);
}

static void terms_of_payoffs(void) {
    terms_are("\"gain = 4 * A.m\", \"pain = B.k\"", "gain - 2 * pain - 3", 3,
              (const char *const[]){"gain", "2 * pain", "3"},
              (const char *const[]){"8", "-6", "-3"});
    terms_are("\"gain = 4 * A.m\", \"pain = B.k\"", "-(gain - pain) + A.n", 3,
              (const char *const[]){"gain", "pain", "A.n"},
              (const char *const[]){"-8", "3", "1/2"});
    terms_are("\"f[i in s] = w[i] * A.m\"", "f[x] + f[z]", 2, (const char *const[]){"f[x]", "f[z]"},
              (const char *const[]){"2", "10"});
    terms_are("", "A.m * (1 + B.k)", 1, (const char *const[]){"A.m * (1 + B.k)"},
              (const char *const[]){"8"});
    terms_are("\"a = sqrt(2) * A.m\"", "a + sqrt(3) * B.k - a", 3,
              (const char *const[]){"a", "sqrt(3) * B.k", "a"},
              (const char *const[]){"0", "0", "0"});
}

static void definitions_behind_a_payoff(void) {
    formula_game g = cast_game("\"a = A.m + 1\", \"b = a * 2\", \"other = B.k\", "
                               "{ name = \"c[i in xy]\"; value = \"3 * w[i] * b\"; unit = \"M$\"; "
                               "note = \"felt\"; }",
                               "c[y] + 1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    uint32_t profile[2] = {5, 1}; /* m = 2 */
    dt_parts parts;
    CU_ASSERT_EQUAL_FATAL(g.game->model->definitions(g.game->self, g.workspace, 0, profile, &parts),
                          DT_OK);
    CU_ASSERT_EQUAL(parts.count, 3); /* a, b and c[y]; neither c[x] nor other */
    double sum = 0;
    for (size_t i = 0; i < parts.count; i++) {
        const dt_part *p = &parts.part[i];
        CU_ASSERT(strcmp(p->label, "a") == 0 || strcmp(p->label, "b") == 0 ||
                  strcmp(p->label, "c[y]") == 0);
        if (strcmp(p->label, "c[y]") == 0) {
            CU_ASSERT(p->unit && strcmp(p->unit, "M$") == 0);
            CU_ASSERT(p->note && strcmp(p->note, "felt") == 0);
        }
        sum += dt_exact_double(dt_game_context(g.game, g.workspace), &p->value, NULL);
    }
    CU_ASSERT_EQUAL(sum, 3 + 6 + 36);
    dt_parts_clear(&parts);
    free_game(&g);
}

/* `open` × times, `inside`, `close` × times. */
static char *nested(const char *open, const char *inside, const char *close, size_t times) {
    char *text = malloc(times * (strlen(open) + strlen(close)) + strlen(inside) + 1), *p = text;
    for (size_t i = 0; i < times; i++)
        p = stpcpy(p, open);
    p = stpcpy(p, inside);
    for (size_t i = 0; i < times; i++)
        p = stpcpy(p, close);
    return text;
}

static void nested_gives(const char *open, const char *inside, const char *close, size_t times,
                         const char *wanted) {
    char *text = nested(open, inside, close, times);
    formula_game g = cast_game("", text);
    if (!g.game)
        dt_diag_write(g.diag, stderr, false);
    CU_ASSERT_PTR_NOT_NULL(g.game);
    if (g.game)
        payoff_is(&g, HIGH, wanted, open);
    free_game(&g);
    free(text);
}

static void depth(void) {
    nested_gives("(", "A.m", ")", 255, "2");
    nested_gives("-", "A.m", "", 255, "-2");
    nested_gives("!", "A.m", "", 255, "0");
    nested_gives("abs(", "A.m", ")", 255, "2");
    nested_gives("1+(", "A.m", ")", 120, "122");
    nested_gives("0 ? 1 : ", "A.m", "", 200, "2");
    nested_gives("1^", "A.m", "", 250, "1");
}

/* A chain of definitions, first to last and last to first: no recursion, no quadratic time. */
static void long_chains(void) {
    enum { LINKS = 3000 };
    for (int backwards = 0; backwards < 2; backwards++) {
        char *definitions = malloc(LINKS * 40), *p = definitions;
        for (int i = 0; i < LINKS; i++) {
            int k = backwards ? LINKS - 1 - i : i;
            p += k ? sprintf(p, "%s\"d%d = d%d + 1\"", i ? ", " : "", k, k - 1)
                   : sprintf(p, "%s\"d0 = A.m\"", i ? ", " : "");
        }
        alarm(100); /* a hang, not a slow machine */
        gives_with(definitions, "d2999", HIGH, "3001");
        alarm(0);
        free(definitions);
    }
}

static void long_sums(void) {
    char *text = malloc(5000 * 12), *p = text;
    for (int i = 0; i < 5000; i++)
        p += sprintf(p, "%s%d*A.m", i ? " + " : "", i % 10);
    gives(text, "45000"); /* 500 × 45 × 2 */
    free(text);
}

/* A family of 100 × 100 that is summed before it is defined: no quadratic time. */
static void large_families(void) {
    enum { ELEMENTS = 100 };
    char *config = malloc(1 << 16), *p = config;
    p += sprintf(p, "sets = { big = [");
    for (int i = 0; i < ELEMENTS; i++)
        p += sprintf(p, "%s\"e%d\"", i ? ", " : "", i);
    sprintf(p, "]; };\nplayers = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", "
               "\"y\"]; } ); } );\npayoffs = { kind = \"formula\"; define = ( \"total = sum(i in "
               "big, j in big: f[i][j])\", \"f[i in big][j in big] = i == j ? A.m : 2\" );\n"
               "A = \"total\"; };\n");
    alarm(100); /* a hang, not a slow machine: twice expanded, it takes a fraction of a second */
    formula_game g = build_game(config);
    alarm(0);
    CU_ASSERT_PTR_NOT_NULL(g.game);
    if (g.game)
        payoff_is(&g, 1, "19900", "total"); /* 100 × 1 + 2 × 100 × 99 */
    free_game(&g);
    free(config);
}

/* Equal formulas are one number: ties of payoffs are exact, whatever they hold. */
static void ties_by_structure(void) {
    gives("(29/31)^1.7 * A.m - A.m * (29/31) * (29/31)^0.7", "0");
    gives("(A.m + 1/3)^1.7 - (A.m + 1/3) * (A.m + 1/3)^0.7", "0");
    gives("sqrt(2) + sqrt(3) - (sqrt(3) + sqrt(2))", "0");
    gives("exp(A.n) * log(2) - log(2) * exp(1/2)", "0");
    gives("sqrt(A.m)^2", "2");
    gives("6 * sqrt(A.m) / (4 * sqrt(2))", "3/2");
    gives("max(sqrt(2), sqrt(3)) == sqrt(3)", "1");
    gives("sqrt(2) < sqrt(3) ? 10 : 20", "10");
    gives("(1 + 1e-30)^0.5 < 1 + 5e-31", "1"); /* by 1.25e-61 */
    gives("(1 + 1e-30)^0.5 > 1 + 4.9e-31", "1");
}

static const dt_case cases[] = {
    {"numbers", numbers},
    {"precedence", precedence},
    {"conditionals", conditionals},
    {"logic and comparisons", logic_and_comparisons},
    {"functions", functions},
    {"moves and levels", moves_and_levels},
    {"parameters and tables", parameters_and_tables},
    {"sums", sums},
    {"decided branches", decided_branches},
    {"families", families},
    {"definitions in any order", definitions_in_any_order},
    {"undecided comparisons stay apart", undecided_comparisons_stay_apart},
    {"faults are not simplified away", faults_are_not_simplified_away},
    {"terms of payoffs", terms_of_payoffs},
    {"definitions behind a payoff", definitions_behind_a_payoff},
    {"depth", depth},
    {"long chains", long_chains},
    {"long sums", long_sums},
    {"large families", large_families},
    {"ties by structure", ties_by_structure},
};

int main(void) {
    return DT_RUN_SUITE("formula", cases);
}
