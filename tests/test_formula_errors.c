/* Formulas that are wrong: each message with its line, column and caret width, all errors of a run
 * together, and limits that are errors in time, not crashes or stalls. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "formula_game.h"
#include "harness.h"

/* Where A's formula starts: the cast's lines, `payoffs`, `define`, then A = " on its own line. */
enum {
    FORMULA_LINE = CAST_LINES + 3,
    FORMULA_COLUMN = 6,
    DEFINE_LINE = CAST_LINES + 2,
    DEFINE_COLUMN = 13 /* of the first character in the first definition's string */
};

static void show(const formula_game *g, const char *what) {
    fprintf(stderr, "\n    %s\n", what);
    dt_diag_write(g->diag, stderr, false);
}

static void entry_is(const formula_game *g, size_t i, size_t line, size_t column, size_t width,
                     const char *message, const char *what) {
    const dt_diag_entry *e = dt_diag_get(g->diag, i);
    bool good = e && e->line == line && e->column == column && e->caret_width == width &&
                e->severity == DT_ERROR && strcmp(e->message, message) == 0 && e->excerpt;
    if (!good) {
        show(g, what);
        fprintf(stderr, "    wanted %zu:%zu width %zu: %s\n", line, column, width, message);
        if (e)
            fprintf(stderr, "    found  %zu:%zu width %zu\n", e->line, e->column, e->caret_width);
    }
    CU_ASSERT(good);
}

/* A's formula gives this one error, `at` characters into the formula (from 0). */
static void wrong_with(const char *definitions, const char *formula, size_t at, size_t width,
                       const char *message) {
    formula_game g = cast_game(definitions, formula);
    CU_ASSERT_PTR_NULL(g.game);
    if (dt_diag_count(g.diag) != 1)
        show(&g, formula);
    CU_ASSERT_EQUAL(dt_diag_count(g.diag), 1);
    entry_is(&g, 0, FORMULA_LINE, FORMULA_COLUMN + at, width, message, formula);
    free_game(&g);
}

static void wrong(const char *formula, size_t at, size_t width, const char *message) {
    wrong_with("", formula, at, width, message);
}

/* The definitions give this one error, `at` characters into the first one's string. */
static void wrong_definition(const char *definitions, size_t at, size_t width,
                             const char *message) {
    formula_game g = cast_game(definitions, "1");
    CU_ASSERT_PTR_NULL(g.game);
    CU_ASSERT_EQUAL(dt_diag_count(g.diag), 1);
    entry_is(&g, 0, DEFINE_LINE, DEFINE_COLUMN + at, width, message, definitions);
    free_game(&g);
}

static void tokens(void) {
    wrong("1 + $", 4, 1, "a formula cannot hold this character");
    wrong("1 + é * 2", 4, 1, "a formula cannot hold this character");
    wrong("5 % 2", 2, 1, "a formula cannot hold this character");
    wrong("1 & 0", 2, 1, "logic is written && and ||");
    wrong("1 | 0", 2, 1, "logic is written && and ||");
    wrong("A. m", 0, 2, "a move is written player.move in one piece, without blanks");
    wrong("A .m", 2, 1, "a formula cannot hold this character");
    wrong("0x10", 0, 4,
          "a number runs into a name: put an operator between them (hexadecimal numbers and "
          "suffixes are not used in formulas)");
    wrong("2 * 10L", 4, 3,
          "a number runs into a name: put an operator between them (hexadecimal numbers and "
          "suffixes are not used in formulas)");
    wrong("1e400", 0, 5, "this number is beyond a double's range");
    wrong("1 + 1e-400", 4, 6, "this number is beyond a double's range");
}

static void the_colon_after_a_move(void) {
    wrong("A.m ? A.n: 3", 9, 1,
          "a level's label is expected right after player.move:, and the ':' of ?: needs a blank "
          "before it");
    wrong("1 ? A.n:p : 3", 4, 5,
          "`A.n` has no level `p` (if this ':' belongs to '?:', put a blank before it)");
}

static void syntax(void) {
    wrong("", 0, 1, "a number, a name or `(` expected, but the formula ends here");
    wrong("1 +", 3, 1, "a number, a name or `(` expected, but the formula ends here");
    wrong("1 + * 2", 4, 1, "a number, a name or `(` expected instead of `*`");
    wrong("(1 + 2", 6, 1, "`)` expected, but the formula ends here");
    wrong("1 + 2)", 5, 1, "an operator expected instead of `)`");
    wrong("1 2", 2, 1, "an operator expected instead of `2`");
    wrong("p half", 2, 4, "an operator expected instead of `half`");
    wrong("p = 3", 2, 1, "an operator (equality is written ==) expected instead of `=`");
    wrong("p : 3", 2, 1,
          "an operator (a `:` belongs to `?:` or to sum, min, max) expected instead of `:`");
    wrong("1 ? 2", 5, 1, "`:` of `?:` expected, but the formula ends here");
    wrong("max(1, 2", 8, 1, "`)` or `,` expected, but the formula ends here");
    wrong("share[A", 7, 1, "`]` expected, but the formula ends here");
    wrong("share[1]", 6, 1, "an element or an index variable expected instead of `1`");
    wrong("sum(i in s w[i])", 11, 1, "`:` and what to sum expected instead of `w`");
    wrong("1 == 1 == 1", 7, 2,
          "comparisons do not chain: write a < b && b < c, or use parentheses");
    wrong("1 < 2 < 3", 6, 1, "comparisons do not chain: write a < b && b < c, or use parentheses");
    wrong("1 <= 2 > 3", 7, 1, "comparisons do not chain: write a < b && b < c, or use parentheses");
    wrong("1 != 2 == 3", 7, 2,
          "comparisons do not chain: write a < b && b < c, or use parentheses");
}

static void names(void) {
    wrong("1 + nosuchthing", 4, 11, "unknown name `nosuchthing`");
    wrong("1 + halff", 4, 5, "unknown name `halff`; did you mean `half`?");
    wrong_with("\"damage = 1\"", "damaeg", 0, 6, "unknown name `damaeg`; did you mean `damage`?");
    wrong("C.m", 0, 3, "no such player or index variable: `C`");
    wrong("Brazil.m", 0, 8, "no such player or index variable: `Brazil`");
    wrong("A.mm", 0, 4, "`A` has no move `mm`; did you mean `m`?");
    wrong("A.subsidy", 0, 9, "`A` has no move `subsidy`");
    wrong("A.m:always", 0, 10,
          "`A.m` has no level `always` (if this ':' belongs to '?:', put a blank before it)");
    wrong("A.m:Mid", 0, 7, "`A.m` has no level `Mid`; did you mean `mid`?");
    wrong("foo(1)", 0, 6, "unknown function `foo`; did you mean `log`?");
    wrong("sqroot(1)", 0, 9, "unknown function `sqroot`; did you mean `sqrt`?");
    wrong("sin(1)", 0, 6, "unknown function `sin`; did you mean `min`?");
    wrong("abs(1, 2)", 0, 9, "`abs` takes 1 argument, but 2 are given");
    wrong("pow(1)", 0, 6, "`pow` takes 2 arguments, but 1 is given");
    wrong("clamp(1, 2)", 0, 11, "`clamp` takes 3 arguments, but 2 are given");
    wrong("sum(1, 2)", 0, 9, "sum runs over a set: sum(j in set: …)");
    wrong("sqrt + 1", 0, 4, "this word is reserved: a function needs its arguments in parentheses");
    wrong("x + 1", 0, 1,
          "an element or index variable has no value of its own: compare it with == or !=, or use "
          "it as an index");
    wrong("A + 1", 0, 1,
          "an element or index variable has no value of its own: compare it with == or !=, or use "
          "it as an index");
    wrong("sum(i in s: i)", 12, 1,
          "an element or index variable has no value of its own: compare it with == or !=, or use "
          "it as an index");
    wrong("s + 1", 0, 1, "a set has no value: sum, min or max run over it");
    wrong("sum(i in t: 1)", 4, 6, "no such set: `t`");
    wrong("sum(i in boht: 1)", 4, 9, "no such set: `boht`; did you mean `both`?");
    wrong("sum(i in p: 1)", 4, 6, "no such set: `p`");
}

static void tables_and_indices(void) {
    wrong("share[A][z]", 0, 11, "the table has no entry `share[A][z]`");
    wrong("1 + share[B][y]", 4, 11, "the table has no entry `share[B][y]`");
    wrong("sum(i in xy: share[B][i])", 13, 11, "the table has no entry `share[B][y]`");
    wrong("share[A]", 0, 8, "`share` takes 2 indices, but 1 is given");
    wrong("share", 0, 5, "`share` takes 2 indices, but 0 are given");
    wrong("p[x]", 0, 4, "`p` takes 0 indices, but 1 is given");
    wrong("w[x][y]", 0, 7, "`w` takes 1 index, but 2 are given");
    wrong("w[zz]", 2, 2, "no such element or index variable: `zz`; did you mean `z`?");
    wrong_with("\"f[i in xy] = 1\"", "f", 0, 1, "`f` takes 1 index, but 0 are given");
    wrong_with("\"f[i in xy] = 1\"", "f[x][y]", 0, 7, "`f` takes 1 index, but 2 are given");
    wrong_with("\"f[i in xy] = 1\"", "f[z]", 0, 4,
               "`f` is defined over the set `xy`, which does not hold `z`");
    wrong_with("\"f = 1\"", "f[x]", 0, 4, "`f` takes 0 indices, but 1 is given");
}

static void empty_min(void) {
    wrong("min(i in s where i != i: 1)", 0, 27, "min and max need at least one element");
    wrong("1 + max(i in s where 0: 1)", 4, 22, "min and max need at least one element");
    wrong("sum(i in s where A.m : 1)", 17, 3, "`where` must be decided by indices and parameters");
}

static void index_variables(void) {
    wrong("sum(p in s: 1)", 4, 6,
          "an index variable needs a name that means nothing else, unlike `p`");
    wrong("sum(x in s: 1)", 4, 6,
          "an index variable needs a name that means nothing else, unlike `x`");
    wrong("sum(A in s: 1)", 4, 6,
          "an index variable needs a name that means nothing else, unlike `A`");
    wrong("sum(s in s: 1)", 4, 6,
          "an index variable needs a name that means nothing else, unlike `s`");
    wrong("sum(exp in s: 1)", 4, 8,
          "an index variable needs a name that means nothing else, unlike `exp`");
    wrong("sum(i in s: sum(i in xy: 1))", 16, 7,
          "an index variable needs a name that means nothing else, unlike `i`");
    wrong("sum(i in s, i in xy: 1)", 12, 7,
          "an index variable needs a name that means nothing else, unlike `i`");
    wrong_definition("\"f[p in s] = 1\"", 2, 6,
                     "an index variable needs a name that means nothing else, unlike `p`");
    wrong_definition("\"f[i in s][i in s] = 1\"", 10, 6,
                     "an index variable needs a name that means nothing else, unlike `i`");
    wrong_definition("\"f[f in s] = 1\"", 2, 6,
                     "an index variable needs a name that means nothing else, unlike `f`");
    wrong_definition("\"f[i in t] = 1\"", 2, 6, "no such set: `t`");
}

/* The branch that is looked at is checked even where numbers would rule it out: only conditions on
 * indices hide what does not exist. */
static void numbers_hide_nothing(void) {
    wrong("0 ? nosuchthing : 1", 4, 11, "unknown name `nosuchthing`");
    wrong("A.m ? nosuchthing : 1", 6, 11, "unknown name `nosuchthing`");
    wrong("p > 5 && nosuchthing", 9, 11, "unknown name `nosuchthing`");
    wrong("p < 5 || nosuchthing", 9, 11, "unknown name `nosuchthing`");
    wrong("0 * nosuchthing", 4, 11, "unknown name `nosuchthing`");
    wrong("sum(i in s: i == x ? 1 : nosuchthing)", 25, 11, "unknown name `nosuchthing`");
}

static void heads(void) {
    wrong_definition("\"f == 1\"", 2, 2, "`=` and a formula expected instead of `==`");
    wrong_definition("\"f[i] = 1\"", 3, 1, "`in` and a set expected instead of `]`");
    wrong_definition("\"f[i in s = 1\"", 9, 1, "`]` expected instead of `=`");
    wrong_definition("\"f = \"", 4, 1,
                     "a number, a name or `(` expected, but the formula ends here");
}

static void cycles(void) {
    wrong_definition("\"a = a + 1\"", 0, 1, "definitions in a cycle: a -> a");
    wrong_definition("\"a = b\", \"b = c * 2\", \"c = 1 - a\"", 0, 1,
                     "definitions in a cycle: a -> b -> c -> a");
    wrong_definition("\"f[i in xy] = i == x ? f[y] : f[x]\"", 0, 1,
                     "definitions in a cycle: f[x] -> f[y] -> f[x]");
    /* the cycle, not the way to it */
    formula_game g = cast_game("\"a = b\", \"b = c\", \"c = b\"", "a");
    CU_ASSERT_PTR_NULL(g.game);
    CU_ASSERT_EQUAL(dt_diag_count(g.diag), 1);
    entry_is(&g, 0, DEFINE_LINE, DEFINE_COLUMN + 9, 1, "definitions in a cycle: b -> c -> b",
             "a way to a cycle");
    free_game(&g);
}

/* One run reports the errors of all formulas, each once. */
static void all_at_once(void) {
    formula_game g = cast_game("\"a = nosuchthing\", \"b = 1 +\", \"c = a + b\", \"d = w[q]\"",
                               "c + 1 / otherthing + C.m");
    CU_ASSERT_PTR_NULL(g.game);
    CU_ASSERT_EQUAL(dt_diag_count(g.diag), 5);
    entry_is(&g, 0, DEFINE_LINE, DEFINE_COLUMN + 4, 11, "unknown name `nosuchthing`", "first");
    entry_is(&g, 1, DEFINE_LINE, DEFINE_COLUMN + 26, 1,
             "a number, a name or `(` expected, but the formula ends here", "second");
    entry_is(&g, 2, DEFINE_LINE, DEFINE_COLUMN + 49, 1, "no such element or index variable: `q`",
             "third");
    entry_is(&g, 3, FORMULA_LINE, FORMULA_COLUMN + 8, 10, "unknown name `otherthing`", "fourth");
    entry_is(&g, 4, FORMULA_LINE, FORMULA_COLUMN + 21, 3, "no such player or index variable: `C`",
             "fifth");
    free_game(&g);
}

/* A caret covers the whole of what is wrong, its last parenthesis too. */
static void faults_point_at_their_part(void) {
    static const struct {
        const char *formula;
        size_t at, width;
        const char *why;
    } fault[] = {
        {"2 + 1/(A.m)", 4, 7, "division by zero"},
        {"2 + log(A.m) * 3", 4, 8, "log of a number that is not positive"},
        {"2 * (A.m - 1)^0.5", 4, 13, "sqrt of a negative number"},
        {"1 + (A.m)^(0 - 1/2)", 4, 15, "0 to a negative power"},
        {"3 + (A.m - 1)^0.7 ", 4, 13, "a negative number to a power that is not an integer"},
    };
    for (size_t i = 0; i < sizeof fault / sizeof *fault; i++) {
        formula_game g = cast_game("", fault[i].formula);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        uint32_t profile[2] = {0, 0};
        dt_exact x;
        dt_exact_init(&x);
        CU_ASSERT_EQUAL(dt_game_exact(g.game, g.workspace, 0, profile, &x, g.diag), DT_ERR_INPUT);
        char message[256];
        snprintf(message, sizeof message,
                 "the payoff of `A` does not exist: %s, at A.m=lo, A.n=off, B.k=a", fault[i].why);
        entry_is(&g, 0, FORMULA_LINE, FORMULA_COLUMN + fault[i].at, fault[i].width, message,
                 fault[i].formula);
        dt_exact_clear(&x);
        free_game(&g);
    }
}

static char *nested(const char *open, size_t times) {
    char *text = malloc(times * strlen(open) + times + 16), *p = text;
    for (size_t i = 0; i < times; i++)
        p = stpcpy(p, open);
    p = stpcpy(p, "A.m");
    bool closes = strchr(open, '(') != NULL;
    for (size_t i = 0; closes && i < times; i++)
        *p++ = ')';
    *p = '\0';
    return text;
}

static void too_deep(void) {
    static const char *const open[] = {"(",  "-",        "!",    "abs(",         "1+(",
                                       "2^", "1 ? 1 : ", "1 ? ", "sum(i in s: ", "max(1, "};
    static const size_t times[] = {257, 10000, 5000};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
            char *text = nested(open[i], times[k]);
            formula_game g = cast_game("", text);
            CU_ASSERT_PTR_NULL(g.game);
            CU_ASSERT_EQUAL(dt_diag_count(g.diag), 1);
            const dt_diag_entry *e = dt_diag_get(g.diag, 0);
            bool told = e && (strcmp(e->message, "the formula is nested deeper than 256") == 0 ||
                              strstr(e->message, "string")); /* longer than 64 kB */
            if (!told)
                show(&g, open[i]);
            CU_ASSERT(told);
            free_game(&g);
            free(text);
        }
}

/* Runs `job` in a child for at most `seconds`: 0 when it came back, else what ended it. */
static int in_child(int (*job)(const char *), const char *config, unsigned seconds) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(seconds);
        if (!freopen("/dev/null", "w", stderr)) /* a sanitizer's report of a crash is long */
            _exit(99);
        _exit(job(config));
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

/* 0 when the config is built or refused with one error that speaks of a limit. */
static int build_or_refuse(const char *config) {
    formula_game g = build_game(config);
    const dt_diag_entry *e = dt_diag_get(g.diag, 0);
    int bad = !g.game && !(e && strstr(e->message, "1000000"));
    if (bad)
        dt_diag_write(g.diag, stderr, false);
    free_game(&g);
    return bad;
}

static int refuse(const char *config) {
    formula_game g = build_game(config);
    const dt_diag_entry *e = dt_diag_get(g.diag, 0);
    int bad = g.game || dt_diag_count(g.diag) != 1 || !strstr(e->message, "1000000");
    if (bad)
        dt_diag_write(g.diag, stderr, false);
    free_game(&g);
    return bad;
}

/* A set `big` of so many elements; good until the next call. */
static const char *big_set(int elements, const char *definitions, const char *formula) {
    static char config[1 << 15];
    char *p = config;
    p += sprintf(p, "sets = { big = [");
    for (int i = 0; i < elements; i++)
        p += sprintf(p, "%s\"e%d\"", i ? ", " : "", i);
    sprintf(p,
            "]; };\nplayers = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; "
            "} ); } );\npayoffs = { kind = \"formula\"; define = ( %s );\nA = \"%s\"; };\n",
            definitions, formula);
    return config;
}

/* A million nodes, a million instances: told within seconds. */
static void a_million_nodes(void) {
    const char *config = big_set(110, "", "sum(i in big, j in big, k in big: A.m + 1)");
    CU_ASSERT_EQUAL(in_child(refuse, config, 100), 0);
    config = big_set(1100, "\"f[i in big][j in big] = 1\"", "A.m");
    CU_ASSERT_EQUAL(in_child(refuse, config, 100), 0);
    config = big_set(150, "\"f[i in big][j in big][k in big] = 1\"", "A.m");
    CU_ASSERT_EQUAL(in_child(refuse, config, 100), 0);
}

/* Constants make no nodes, but time: 64 million steps must be answered or refused in seconds. */
static void a_million_steps(void) {
    const char *config = big_set(400, "", "A.m + sum(i in big, j in big, k in big: 1)");
    CU_ASSERT_EQUAL(in_child(build_or_refuse, config, 100), 0);
    config = big_set(400, "", "A.m + sum(i in big, j in big, k in big where i == j && j == k: 1)");
    CU_ASSERT_EQUAL(in_child(build_or_refuse, config, 100), 0);
}

/* Builds and asks for one exact payoff: 0 when answered, or refused with a message. */
static int ask(const char *config) {
    formula_game g = build_game(config);
    int bad = !g.game && !dt_diag_errors(g.diag);
    if (g.game) {
        uint32_t profile[1] = {1};
        dt_exact x;
        dt_exact_init(&x);
        dt_status status = dt_game_exact(g.game, g.workspace, 0, profile, &x, g.diag);
        bad = status != DT_OK && !dt_diag_errors(g.diag);
        dt_exact_clear(&x);
    }
    free_game(&g);
    return bad;
}

/* 60 000 roots inside each other, through definitions: no recursion as deep as that. */
static void deep_through_definitions(void) {
    enum { LINKS = 3000, ROOTS = 20 };
    char *text = malloc(LINKS * (ROOTS * 9 + 32)), *p = text;
    p += sprintf(p, "\"d0 = A.m\"");
    for (int i = 1; i < LINKS; i++) {
        p += sprintf(p, ", \"d%d = ", i);
        for (int k = 0; k < ROOTS; k++)
            p += sprintf(p, "sqrt(1+");
        p += sprintf(p, "d%d", i - 1);
        for (int k = 0; k < ROOTS; k++)
            *p++ = ')';
        *p++ = '"';
        *p = '\0';
    }
    char *config = malloc(strlen(text) + 400);
    sprintf(config,
            "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; "
            "} ); } );\npayoffs = { kind = \"formula\"; define = ( %s );\nA = \"d%d\"; };\n",
            text, LINKS - 1);
    int ended = in_child(ask, config, 60);
    if (ended)
        fprintf(stderr, "\n    ended with %s\n", ended == 1 ? "a wrong answer" : strsignal(ended));
    CU_ASSERT_EQUAL(ended, 0);
    free(config);
    free(text);
}

static const dt_case cases[] = {
    {"tokens", tokens},
    {"the colon after a move", the_colon_after_a_move},
    {"syntax", syntax},
    {"names", names},
    {"tables and indices", tables_and_indices},
    {"empty min and max, where", empty_min},
    {"index variables", index_variables},
    {"numbers hide nothing", numbers_hide_nothing},
    {"heads", heads},
    {"cycles", cycles},
    {"all at once", all_at_once},
    {"faults point at their part", faults_point_at_their_part},
    {"too deep", too_deep},
    {"a million nodes", a_million_nodes},
    {"a million steps", a_million_steps},
    {"deep through definitions", deep_through_definitions},
};

int main(void) {
    return DT_RUN_SUITE("formula errors", cases);
}
