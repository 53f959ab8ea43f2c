/* The config room: syntax, numbers, strings, every section, options; files are in test_reader. */
#include "config_checks.h"
#include "harness.h"

#define LANGUAGE                                                                                   \
    "title = \"Export control and subsidy\";\n"                                                    \
    "parameters = {\n"                                                                             \
    "  gain  = 4.0;  // short form\n"                                                              \
    "  pain  = { value = 6.0; range = (1, 9.5); unit = \"M$/yr\"; source = \"F20\"; };\n"          \
    "  share = { unit = \"1\"; source = \"F1\"; US = { CN = 0.78; RW = 0.22; }; };\n"              \
    "};\n"                                                                                         \
    "sets = { sources = [\"CN\", \"RW\"]; importers = [\"US\"]; };\n"                              \
    "players = (\n"                                                                                \
    "  { name = \"CN\"; moves = ( { name = \"export_control\";\n"                                  \
    "      levels = [\"none\", \"licence\", \"embargo\"]; values = (0, 0.3, 1); } ); },\n"         \
    "  { name = \"US\"; moves = ( { name = \"subsidy\"; levels = [\"off\", \"on\"]; } );\n"        \
    "    feasible = [ \"US.subsidy <= gain\" ]; }\n"                                               \
    ");\n"                                                                                         \
    "payoffs = {\n"                                                                                \
    "  kind   = \"formula\";\n"                                                                    \
    "  define = ( \"hurt[j in importers] = pain * CN.export_control * j.subsidy\",\n"              \
    "             { name = \"damage\"; value = \"sum(j in importers: hurt[j])\";\n"                \
    "               unit = \"M$/yr\"; note = \"felt downstream\"; } );\n"                          \
    "  US     = \"gain * US.subsidy - damage\";\n"                                                 \
    "  CN     = \"-1.5 * CN.export_control - gain * US.subsidy\";\n"                               \
    "};\n"                                                                                         \
    "solve  = { concepts = ( \"pure-nash\", { concept = \"epsilon-nash\"; regret = 0.5; },\n"      \
    "  \"correlated\" ); };\n"

static bool equals(const fmpq *value, const char *wanted) {
    fmpq_t other;
    fmpq_init(other);
    bool equal = fmpq_set_str(other, wanted, 10) == 0 && fmpq_equal(value, other);
    fmpq_clear(other);
    return equal;
}

static void language_example(void) {
    dt_scenario *s = accepts(LANGUAGE);
    CU_ASSERT_STRING_EQUAL(s->title, "Export control and subsidy");
    CU_ASSERT_EQUAL_FATAL(s->parameters, 3);
    CU_ASSERT(equals(&s->parameter[0].value, "4"));
    CU_ASSERT(equals(&s->parameter[1].high, "19/2"));
    CU_ASSERT_STRING_EQUAL(s->parameter[1].source, "F20");
    const dt_parameter *us = &s->parameter[2].child[0];
    CU_ASSERT_STRING_EQUAL(us->name, "US");
    CU_ASSERT_EQUAL_FATAL(us->children, 2);
    CU_ASSERT(equals(&us->child[1].value, "11/50"));
    CU_ASSERT_STRING_EQUAL(us->child[1].source, "F1");
    CU_ASSERT_EQUAL_FATAL(s->players, 2);
    const dt_move_spec *control = &s->player[0].move[0];
    CU_ASSERT_STRING_EQUAL(control->level[1].label, "licence");
    CU_ASSERT(equals(&control->level[1].value, "3/10"));
    CU_ASSERT(equals(&s->player[1].move[0].level[1].value, "1"));
    CU_ASSERT_STRING_EQUAL(s->player[1].feasible[0].data, "US.subsidy <= gain");
    CU_ASSERT_EQUAL_FATAL(s->payoff.definitions, 2);
    CU_ASSERT(!s->payoff.definition[0].has_body && s->payoff.definition[1].has_body);
    CU_ASSERT_STRING_EQUAL(s->payoff.definition[1].note, "felt downstream");
    CU_ASSERT_EQUAL_FATAL(s->payoff.formulas, 2); /* in the order of the players */
    CU_ASSERT_STRING_EQUAL(s->payoff.formula[0].player, "CN");
    CU_ASSERT_EQUAL_FATAL(s->concepts, 3);
    CU_ASSERT_STRING_EQUAL(s->concept_request[1].setting[0].key, "regret");
    CU_ASSERT(s->concept_request[1].setting[0].is_number);
    CU_ASSERT_STRING_EQUAL(s->concept_request[1].setting[0].text, "0.5");
    CU_ASSERT(equals(&s->concept_request[1].setting[0].number, "1/2"));
    CU_ASSERT_EQUAL(strlen(s->sha256), 64);
    dt_scenario_free(s);
}

static void exact_number(const char *literal, const char *wanted) {
    char text[4096];
    snprintf(text, sizeof text, "parameters = { p = %s; };\n" GAME, literal);
    dt_scenario *s = accepts(text);
    CU_ASSERT(equals(&s->parameter[0].value, wanted));
    dt_scenario_free(s);
}

static void wrong_number(const char *literal, const char *message) {
    char text[4096], wanted[4096];
    snprintf(text, sizeof text, "parameters = {\n  p = %s; };\n" GAME, literal);
    snprintf(wanted, sizeof wanted, "t.cfg:2:7: %s", message);
    complains(text, wanted);
}

static void numbers(void) {
    exact_number("0.1", "1/10");
    exact_number("3000000000", "3000000000");
    exact_number("-3000000000L", "-3000000000");
    exact_number("9223372036854775807", "9223372036854775807");
    exact_number("-9223372036854775808", "-9223372036854775808");
    exact_number("\"1/3\"", "1/3");
    exact_number("\"-2.5e-1\"", "-1/4");
    exact_number("\"99999999999999999999\"", "99999999999999999999");
    exact_number("1e20", "100000000000000000000");
    exact_number(".5", "1/2");
    exact_number("5.", "5");
    exact_number("+1E+2", "100");
    exact_number("0.12345678901234567890123", "12345678901234567890123/100000000000000000000000");
    char digits[320];
    memset(digits, '0', sizeof digits);
    digits[0] = '1';
    digits[309] = '\0';
    exact_number("1e308", digits);
    wrong_number("1e309", "`1e309` is beyond the range of a double");
    wrong_number("1e-400", "`1e-400` is beyond the range of a double");
    wrong_number("9223372036854775808", "the integer `9223372036854775808` does not fit in 64 "
                                        "bits: write it with a point, or in quotes");
    wrong_number("99999999999999999999L", "the integer `99999999999999999999L` does not fit in 64 "
                                          "bits: write it with a point, or in quotes");
    wrong_number("0x1F", "`0x1F` is hexadecimal: write it as a decimal");
    wrong_number("0x1FL", "`0x1FL` is hexadecimal: write it as a decimal");
    wrong_number(".", "`.` is not a number: expected a decimal such as 0.25, or \"p/q\"");
    wrong_number("\"1/0\"", "`1/0` is not a number: expected a decimal such as 0.25, or \"p/q\"");
    wrong_number("\"\"", "`` is not a number: expected a decimal such as 0.25, or \"p/q\"");
    wrong_number("true", "expected a number, found true or false");
    wrong_number("[1]", "expected a number, or a group { }, found an array [ ]");
}

static void syntax(void) {
    complains("a = 1;\na b", "t.cfg:2:3: syntax error: expected `=` after `a`, found `b`");
    complains("a = 1;\n\n  a = 2;\n",
              "t.cfg:3:3: duplicate setting `a`: it is set already at t.cfg:1");
    complains("a = { b = 1; b = 2; };",
              "t.cfg:1:14: duplicate setting `b`: it is set already at t.cfg:1");
    complains("a = 1;\ra = 2;", "t.cfg:1:8: duplicate setting `a`: it is set already at t.cfg:1");
    complains("x = [1, 0.5];", "t.cfg:1:9: an array [ ] holds values of one type: 1, 1L and 1.0 "
                               "differ; a list ( ) may mix 1, 0.5 and \"1/3\"");
    complains("x = [[1]];",
              "t.cfg:1:6: syntax error: an array [ ] holds plain values; use a list ( ) here");
    complains("x = (1, );", "t.cfg:1:9: syntax error: expected a value after the comma, found `)`");
    complains("x = (1 2);", "t.cfg:1:8: syntax error: expected `,` or `)`, found `2`");
    complains("x = [1 2];", "t.cfg:1:8: syntax error: expected `,` or `]`, found `2`");
    complains("x = yes;",
              "t.cfg:1:5: syntax error: expected a value (text needs quotes), found `yes`");
    complains("x = ;", "t.cfg:1:5: syntax error: expected a value, found `;`");
    complains("x =", "t.cfg:1:4: syntax error: expected a value, found the end");
    complains("x = 1 2", "t.cfg:1:7: syntax error: expected `;` after the value, found `2`");
    complains("x = 1;;", "t.cfg:1:7: syntax error: expected a setting's name, found `;`");
    complains("_x = 1;", "t.cfg:1:1: syntax error: expected a setting's name, found `_`");
    complains("\xC3\xA9 = 1;",
              "t.cfg:1:1: syntax error: expected a setting's name, found `\xC3\xA9`");
    complains("x = {\n y = 1;\n", "t.cfg:1:5: syntax error: this `{` is never closed");
    complains("x = { 3 };", "t.cfg:1:7: syntax error: expected a setting's name or `}`, found `3`");
    complains("x = 1; }", "t.cfg:1:8: syntax error: expected a setting's name, found `}`");
    complains("x = \"abc", "t.cfg:1:5: syntax error: this string is never closed");
    complains("x = 1;\n/* abc", "t.cfg:2:1: syntax error: this comment is never closed");
    complains("x = 1; @include \"y\"",
              "t.cfg:1:8: syntax error: @include \"file\" must stand alone on its line");
}

static void empty(void) {
    dt_diag *diag;
    CU_ASSERT_PTR_NULL(read_text("", NULL, &diag));
    CU_ASSERT_EQUAL(dt_diag_count(diag), 2);
    same(diag, 0, "t.cfg:1:1: a config needs `players`");
    same(diag, 1, "t.cfg:1:1: a config needs `payoffs`");
    dt_diag_free(diag);
}

/* Several errors, in the order of the file, in one run. */
static void all_errors_at_once(void) {
    dt_diag *diag;
    CU_ASSERT_PTR_NULL(
        read_text("titel = \"x\";\n"
                  "parameters = { gain = true; sum = 1; out = { value = 3; "
                  "range = (1, 2); }; };\n"
                  "players = (\n"
                  "  { name = \"US\"; moves = ( { name = \"m\"; levles = [\"x\"]; } ); },\n"
                  "  { name = \"CN\"; moves = (); } );\n"
                  "payoffs = { kind = \"formula\"; UK = \"1\"; CN = 2; };\n",
                  NULL, &diag));
    static const char *const WANTED[] = {
        "t.cfg:1:1: unknown setting `titel` in a config; did you mean `title`?",
        "t.cfg:2:23: expected a number, found true or false",
        "t.cfg:2:29: `sum` cannot name a parameter: it is a word of the formula language",
        "t.cfg:2:38: `out` = 3 is outside its range 1 to 2",
        "t.cfg:4:37: move `m` has no `levels`",
        "t.cfg:4:42: unknown setting `levles` in a move; did you mean `levels`?",
        "t.cfg:5:12: player `CN` has no `moves`",
        "t.cfg:6:1: payoffs have no formula for player `US`",
        "t.cfg:6:31: unknown setting `UK` in payoffs (no player has that name); did you mean `US`?",
        "t.cfg:6:46: expected a string, found a number",
    };
    size_t count = sizeof WANTED / sizeof *WANTED;
    CU_ASSERT_EQUAL(dt_diag_count(diag), count);
    for (size_t i = 0; i < count; i++)
        same(diag, i, WANTED[i]);
    CU_ASSERT_EQUAL(dt_diag_errors(diag), count - 1);
    dt_diag_free(diag);
}

static void parameters(void) {
    dt_scenario *s =
        accepts("parameters = { t = { range = (0, 9); unit = \"kt\"; note = \"n\"; a = 1; b = { c "
                "= { value = "
                "\"1/2\"; unit = \"M$\"; range = [0, 1]; }; d = \"0.25\"; }; }; };\n" GAME);
    const dt_parameter *b = &s->parameter[0].child[1];
    CU_ASSERT_STRING_EQUAL(s->parameter[0].child[0].unit, "kt");
    CU_ASSERT_STRING_EQUAL(b->child[0].unit, "M$");
    CU_ASSERT_STRING_EQUAL(b->child[0].note, "n");
    CU_ASSERT(equals(&b->child[0].high, "1"));
    CU_ASSERT(equals(&b->child[1].high, "9"));
    CU_ASSERT(equals(&b->child[1].value, "1/4"));
    CU_ASSERT_PTR_NULL(b->child[1].source);
    dt_scenario_free(s);
    complains("parameters = 3;\n" GAME,
              "t.cfg:1:14: expected a group of parameters, found a number");
    complains("parameters = { p = { unit = \"x\"; }; };\n" GAME,
              "t.cfg:1:16: `p` has neither a `value` nor entries");
    complains("parameters = { p = { value = 1; ragne = (1, 2); }; };\n" GAME,
              "t.cfg:1:33: unknown setting `ragne` in a parameter; did you mean `range`?");
    complains("parameters = { p = { value = 1; range = (2, 1); }; };\n" GAME,
              "t.cfg:1:33: the range is reversed: 2 is above 1");
    complains("parameters = { p = { value = 1; range = (1, 2, 3); }; };\n" GAME,
              "t.cfg:1:33: a range is two numbers, (low, high)");
    complains("parameters = { p = { value = { a = 1; }; }; };\n" GAME,
              "t.cfg:1:30: expected a number, found a group { }");
    complains("parameters = { a = {b={c={d={e={f={g={h={i={j=1;};};};};};};};};}; };\n" GAME,
              "t.cfg:1:42: a table has at most 8 indices");
    complains("parameters = { a-b = 1; };\n" GAME,
              "t.cfg:1:16: `a-b` cannot name a parameter: a name is letters, digits and _, and "
              "begins with no digit");
}

static void sets(void) {
    complains("sets = { s = \"x\"; };\n" GAME,
              "t.cfg:1:14: expected a list of element names, found a string");
    complains("sets = { s = (1); };\n" GAME, "t.cfg:1:15: expected a string, found a number");
    complains("parameters = { gain = 1; };\nsets = { s = [\"A\", \"gain\"]; };\n" GAME,
              "t.cfg:2:20: `gain` cannot be an element of set `s`: it already names a parameter "
              "(line 1)");
    dt_scenario_free(accepts("sets = { s = [\"A\", \"b\"]; t = (\"b\"); none = []; };\n" GAME));
}

#define ONE_PLAYER(inside) "players = ( { name = \"A\"; " inside " } );\n"
#define PAYOFF             "payoffs = { kind = \"formula\"; A = \"1\"; };\n"

static void players(void) {
    complains("players = ();\n" PAYOFF, "t.cfg:1:1: a game needs at least one player");
    complains("players = 3;\npayoffs = { kind = \"table\"; values = (1); };\n",
              "t.cfg:1:11: expected a list of players, found a number");
    complains("players = ( { moves = ( { name = \"m\"; levels = [\"x\"]; } ); } );\npayoffs = { "
              "kind = \"formula\"; };\n",
              "t.cfg:1:13: a player needs a `name`");
    complains(ONE_PLAYER("moves = ( { name = \"m\"; levels = []; } );") PAYOFF,
              "t.cfg:1:46: move `m` has no `levels`");
    complains(ONE_PLAYER("moves = ( { name = \"m\"; levels = [\"x\", \"x\"]; } );") PAYOFF,
              "t.cfg:1:66: level `x` stands twice in `m`");
    complains(ONE_PLAYER("moves = ( { name = \"m\"; levels = [\"x\"]; values = (1, 2); } );")
                  PAYOFF,
              "t.cfg:1:67: 2 values for 1 level");
    complains(ONE_PLAYER("moves = ( { levels = [\"x\"]; } );") PAYOFF,
              "t.cfg:1:37: a move needs a `name`");
    complains(ONE_PLAYER("moves = ( { name = \"m\"; levels = [\"x\"]; } ); feasible = \"1\";")
                  PAYOFF,
              "t.cfg:1:83: expected a list of expressions in quotes, found a string");
    complains(ONE_PLAYER("moves = ( { name = \"m\"; levels = [\"x\"]; }, { name = \"m\"; levels = "
                         "[\"y\"]; } );") PAYOFF,
              "t.cfg:1:79: move `m` stands twice in `A`");
    dt_scenario *s =
        accepts(ONE_PLAYER("note = \"n\"; moves = ( { name = \"m\"; note = \"k\"; levels = "
                           "(\"a b\", \"\xC3\xA9\"); values = (1, \"1/3\"); } );") PAYOFF);
    CU_ASSERT_STRING_EQUAL(s->player[0].note, "n");
    CU_ASSERT_STRING_EQUAL(s->player[0].move[0].note, "k");
    CU_ASSERT(equals(&s->player[0].move[0].level[1].value, "1/3"));
    dt_scenario_free(s);
}

static void payoffs(void) {
    complains(PLAYERS "\npayoffs = { A = \"1\"; };",
              "t.cfg:2:1: payoffs need `kind`: \"formula\" or \"table\"");
    complains(PLAYERS "\npayoffs = { kind = \"fromula\"; };",
              "t.cfg:2:20: unknown kind of payoffs `fromula`: it is \"formula\" or \"table\"");
    complains(PLAYERS "\npayoffs = { kind = \"table\"; };",
              "t.cfg:2:1: payoffs of kind \"table\" needs `values`");
    complains(PLAYERS "\npayoffs = { kind = \"table\"; values = (1, 2); define = (); };",
              "t.cfg:2:46: unknown setting `define` in payoffs of kind \"table\"");
    complains(PLAYERS "\npayoffs = { kind = \"table\"; values = ((1), (1, 2)); };",
              "t.cfg:2:44: 2 payoffs for 1 player");
    complains(PLAYERS "\npayoffs = { kind = \"table\"; values = ((1), 2); };",
              "t.cfg:2:44: expected the payoffs of a profile, one for each player, as in (3, 3), "
              "found a number");
    complains(PLAYERS "\npayoffs = { kind = \"table\"; values = (1, (2)); };",
              "t.cfg:2:42: expected a number, found a list ( )");
    complains(PLAYERS
              "\npayoffs = { kind = \"formula\"; A = \"1\"; define = ({ name = \"d\"; }); };",
              "t.cfg:2:50: a definition needs `value`");
    complains(PLAYERS "\npayoffs = { kind = \"formula\"; A = \"1\"; define = \"d = 1\"; };",
              "t.cfg:2:49: expected a list of definitions, found a string");
    complains(PLAYERS "\npayoffs = { kind = \"formula\"; A = \"1\"; define = [\"= 1\"]; };",
              "t.cfg:2:50: a definition begins with its name, as in \"pain = 2 * CN.embargo\"");
    complains(PLAYERS
              "\npayoffs = { kind = \"formula\"; A = \"1\"; define = [\"d = 1\", \" d = 2\"]; };",
              "t.cfg:2:61: `d` is already a definition (line 2)");
    dt_scenario *s =
        accepts(PLAYERS "payoffs = { kind = \"table\"; values = ([0.1], (\"1/3\")); };");
    CU_ASSERT_EQUAL_FATAL(s->payoff.values, 2);
    CU_ASSERT(equals(&s->payoff.value[0], "1/10") && equals(&s->payoff.value[1], "1/3"));
    dt_scenario_free(s);
    s = accepts(PLAYERS "payoffs = { kind = \"table\"; values = [1, 2]; };");
    CU_ASSERT_EQUAL(s->payoff.values, 2);
    dt_scenario_free(s);
}

static void solve(void) {
    complains(GAME "solve = { };", "t.cfg:2:1: solve needs `concepts`");
    complains(GAME "solve = { concepts = \"x\"; };",
              "t.cfg:2:22: expected a list of concepts, found a string");
    complains(GAME "solve = { concepts = ({ regret = 1; }); };",
              "t.cfg:2:23: a concept in a group needs `concept`");
    complains(GAME "solve = { concepts = ({ concept = \"x\"; r = [1]; }); };",
              "t.cfg:2:44: expected a number or a string, found an array [ ]");
    complains(GAME "solve = { concepts = (1); };",
              "t.cfg:2:23: expected a concept: its name, or { concept = \"name\"; key = value; }, "
              "found a number");
    dt_scenario *s =
        accepts(GAME "solve = { concepts = ({ concept = \"x\"; r = \"1/2\"; o = \"US\"; "
                     "n = 3L; }); };");
    const dt_setting *setting = s->concept_request[0].setting;
    CU_ASSERT(setting[0].is_number && equals(&setting[0].number, "1/2"));
    CU_ASSERT(!setting[1].is_number);
    CU_ASSERT_STRING_EQUAL(setting[1].text, "US");
    CU_ASSERT(setting[2].is_number && equals(&setting[2].number, "3"));
    dt_scenario_free(s);
}

/* Line and column of a byte of a text. */
static void stands(const dt_text *text, size_t from, size_t line, size_t column) {
    dt_diag *diag = dt_diag_new();
    dt_diag_add(diag, DT_ERROR, dt_text_place(text, from, 1), "here");
    CU_ASSERT_EQUAL(dt_diag_get(diag, 0)->line, line);
    CU_ASSERT_EQUAL(dt_diag_get(diag, 0)->column, column);
    dt_diag_free(diag);
}

static void strings(void) {
    dt_scenario *s =
        accepts(PLAYERS "\npayoffs = { kind = \"formula\"; A = \"A.m + 1\"; define = (\n"
                        "\"a = 1\", \"b\\x20= \\\"2\\q\",\n"
                        "\"c = \" /* and */\n  \"\xC3\xA9 3\" ); };\n");
    const dt_text *plain = &s->payoff.formula[0].text, *escaped = &s->payoff.definition[1].text;
    const dt_text *joined = &s->payoff.definition[2].text;
    stands(plain, 4, 2, 40);
    CU_ASSERT_STRING_EQUAL(escaped->data, "b = \"2\\q");
    stands(escaped, 0, 3, 11);
    stands(escaped, 2, 3, 16); /* the '=' behind \x20 */
    stands(escaped, 5, 3, 20); /* the 2 behind \" */
    stands(escaped, 6, 3, 21);
    stands(escaped, escaped->length, 3, 23);
    CU_ASSERT_STRING_EQUAL(joined->data, "c = \xC3\xA9 3");
    stands(joined, 0, 4, 2);
    stands(joined, 4, 5, 4);
    stands(joined, 7, 5, 6);
    dt_scenario_free(s);
    complains("title = \"ab\\x00c\";\n" GAME, "t.cfg:1:12: a string cannot hold a NUL character");
    complains("title = \"ab\\xFF\";\n" GAME, "t.cfg:1:12: this escape does not make UTF-8 text");
    s = accepts("title = \"\\xC3\\xA9\\n\\t\\f\\r\\\\\" \"\" \"\\X41\";\n" GAME);
    CU_ASSERT_STRING_EQUAL(s->title, "\xC3\xA9\n\t\f\r\\A");
    dt_scenario_free(s);
}

static void options(void) {
    static const char *const SETS[] = {"pain = 7/2", "share[US][CN]=0.5"};
    static const char *const CONCEPTS[] = {"pure-nash", "epsilon-nash: regret = 1/2, of=US"};
    dt_config_options o = {2, SETS, 2, CONCEPTS, NULL};
    dt_diag *diag;
    dt_scenario *s = read_text(LANGUAGE, &o, &diag), *plain = accepts(LANGUAGE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT(equals(&s->parameter[1].value, "7/2"));
    CU_ASSERT(equals(&s->parameter[2].child[0].child[0].value, "1/2"));
    CU_ASSERT_EQUAL_FATAL(s->concepts, 2);
    CU_ASSERT_STRING_EQUAL(s->concept_request[1].name, "epsilon-nash");
    CU_ASSERT_EQUAL_FATAL(s->concept_request[1].settings, 2);
    CU_ASSERT(s->concept_request[1].setting[0].is_number);
    CU_ASSERT_STRING_EQUAL(s->concept_request[1].setting[1].text, "US");
    CU_ASSERT_STRING_NOT_EQUAL(s->sha256, plain->sha256);
    dt_scenario_free(plain);
    dt_scenario_free(s);
    dt_diag_free(diag);
    static const char *const HIGH[] = {"pain=12"};
    s = read_text(LANGUAGE, &(dt_config_options){1, HIGH, 0, NULL, NULL}, &diag);
    CU_ASSERT_PTR_NOT_NULL(s);
    same(diag, 0, "--set:1:1: `pain` = 12 is outside its range 1 to 9.5");
    dt_scenario_free(s);
    dt_diag_free(diag);
    static const char *const WRONG[][2] = {
        {"pian=1", "--set:1:1: unknown parameter `pian`; did you mean `pain`?"},
        {"pain", "--set:1:1: expected name=value, as in --set gain=4.5"},
        {"=1", "--set:1:1: expected name=value, as in --set gain=4.5"},
        {"pain=", "--set:1:1: expected name=value, as in --set gain=4.5"},
        {"pain=x", "--set:1:6: `x` is not a number: expected a decimal such as 0.25, or p/q"},
        {"pain=1e999", "--set:1:6: `1e999` is beyond the range of a double"},
        {"share.US=1",
         "--set:1:1: `share.US` is a table; name one of its entries, such as `share.US.CN`"},
        {"share.US.C=1", "--set:1:10: no entry `C` in table `US`; did you mean `CN`?"},
        {"pain=\xFF", "--set: the value is not UTF-8 text"},
    };
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        complains_with(LANGUAGE, &(dt_config_options){1, &WRONG[i][0], 0, NULL, NULL}, WRONG[i][1]);
    static const char *const WRONG_CONCEPT[][2] = {
        {"", "--concept:1:1: expected a concept's name, as in --concept pure-nash"},
        {"x:", "--concept:1:3: expected key=value, as in --concept epsilon-nash:regret=0.5; "
               "a value that holds commas stands in double quotes"},
        {"x:a=\"1,2", "--concept:1:5: the closing quote is missing"},
        {"x:a=\"1\"2,b=1", "--concept:1:5: nothing may follow the closing quote"},
        {"x:a=1,b", "--concept:1:7: expected key=value, as in --concept epsilon-nash:regret=0.5; "
                    "a value that holds commas stands in double quotes"},
        {"x:a=1,a=2", "--concept:1:7: `a` is given twice"},
    };
    for (size_t i = 0; i < sizeof WRONG_CONCEPT / sizeof *WRONG_CONCEPT; i++)
        complains_with(LANGUAGE, &(dt_config_options){0, NULL, 1, &WRONG_CONCEPT[i][0], NULL},
                       WRONG_CONCEPT[i][1]);
}

static const dt_case cases[] = {
    {"the example of the language", language_example},
    {"numbers", numbers},
    {"syntax errors", syntax},
    {"an empty file", empty},
    {"all errors at once", all_errors_at_once},
    {"parameters", parameters},
    {"sets", sets},
    {"players", players},
    {"payoffs", payoffs},
    {"solve", solve},
    {"strings and their places", strings},
    {"--set and --concept", options},
};

int main(void) {
    return DT_RUN_SUITE("config", cases);
}
