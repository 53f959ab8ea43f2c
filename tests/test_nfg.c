/* Strategic-form files: both variants, every complaint, and exact round trips. */
#include <stdlib.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "deterra/deterra.h"
#include "harness.h"
#include "nfg/labels.h"

#define DATA DETERRA_ROOT "/tests/data/nfg/"
#define HEAD "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n" /* one line */

/* --- reading --- */

static void show(const dt_diag *diag) {
    if (dt_diag_count(diag))
        dt_diag_write(diag, stderr, false);
}

/* A scenario and its game; the diagnostics hold warnings only. */
typedef struct reading {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_game *game;
} reading;

static reading build(reading r, dt_status status) {
    if (status == DT_OK)
        status = dt_game_build(r.scenario, r.diag, &r.game);
    if (status != DT_OK)
        show(r.diag);
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
    return r;
}

static reading read_bytes(const char *text, size_t length) {
    reading r = {.diag = dt_diag_new()};
    dt_status status = dt_nfg_read_text("t.nfg", text, length, r.diag, &r.scenario);
    return build(r, status);
}

static reading read_file(const char *path) {
    reading r = {.diag = dt_diag_new()};
    dt_status status = dt_nfg_read(path, r.diag, &r.scenario);
    return build(r, status);
}

static void close_reading(reading *r) {
    dt_game_free(r->game);
    dt_scenario_free(r->scenario);
    dt_diag_free(r->diag);
}

/* The payoffs of all players at the profile of that index, as "1/2 -3". */
static void payoffs_are(const dt_game *game, uint64_t index, const char *wanted) {
    dt_workspace *w = dt_workspace_new(game);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    uint32_t profile[DT_MAX_PLAYERS];
    dt_profile_decode(game, index, profile);
    char found[512] = "";
    dt_exact x;
    dt_exact_init(&x);
    for (size_t i = 0; i < game->players; i++) {
        CU_ASSERT_EQUAL(dt_game_exact(game, w, i, profile, &x, NULL), DT_OK);
        char *text = fmpq_get_str(NULL, 10, x.rational);
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%s", i ? " " : "", text);
        flint_free(text);
    }
    dt_exact_clear(&x);
    dt_workspace_free(game, w);
    if (strcmp(found, wanted) != 0)
        fprintf(stderr, "\nprofile %llu: wanted %s, found %s\n", (unsigned long long)index, wanted,
                found);
    CU_ASSERT_STRING_EQUAL(found, wanted);
}

static void label_is(const reading *r, size_t player, uint32_t strategy, const char *wanted) {
    CU_ASSERT_STRING_EQUAL(dt_strategy_label(r->game, player, strategy, 0), wanted);
}

/* The first player is the fastest in the file, the last one in a game. */
static void payoff_variant(void) {
    reading r = read_file(DATA "escort.nfg");
    CU_ASSERT_EQUAL(dt_diag_count(r.diag), 0);
    CU_ASSERT_STRING_EQUAL(r.scenario->title, "Convoy and raider");
    CU_ASSERT_STRING_EQUAL(r.scenario->note,
                           "A raider waits on one of two routes. The numbers are invented; "
                           "\"stay\" forgoes the\ncargo of this year.");
    CU_ASSERT_EQUAL(strlen(r.scenario->sha256), 64);
    CU_ASSERT_EQUAL(r.game->players, 2);
    CU_ASSERT_EQUAL(r.game->profiles, 6);
    CU_ASSERT_STRING_EQUAL(r.game->player[0].name, "Convoy");
    CU_ASSERT_STRING_EQUAL(r.game->player[0].move[0].name, "strategy");
    label_is(&r, 0, 2, "stay");
    label_is(&r, 1, 1, "south");
    payoffs_are(r.game, 0, "-5/2 4"); /* north, north */
    payoffs_are(r.game, 1, "3 -1");   /* north, south */
    payoffs_are(r.game, 4, "0 1/3");  /* stay, north */
    CU_ASSERT_EQUAL(r.scenario->concepts, 2);
    CU_ASSERT_STRING_EQUAL(r.scenario->concept_request[0].name, "pure-nash");
    close_reading(&r);
}

/* Counts for labels, three players, and every way to write a number. */
static void counts_and_numbers(void) {
    reading r = read_file(DATA "three.nfg");
    CU_ASSERT_EQUAL(r.game->profiles, 12);
    CU_ASSERT_PTR_NULL(r.scenario->note);
    label_is(&r, 1, 2, "3");
    static const char *const wanted[] = {
        "1 1 1",    "10 1/5 3",      "0 2 1",  "7 7 7", /* A 1; B 1, 1, 2, 2; C 1, 2, 1, 2 */
        "-1 1/2 4", "6 5 4",         "2 0 1",  "10 1/5 3",
        "3 3 3",    "1/2 -1/3 22/7", "5 -2 0", "-6 -5 -4"};
    payoffs_are(r.game, 0, wanted[0]);
    payoffs_are(r.game, 1, wanted[1]);
    payoffs_are(r.game, 2, wanted[2]);
    payoffs_are(r.game, 4, wanted[4]);
    payoffs_are(r.game, 5, wanted[5]);
    payoffs_are(r.game, 6, wanted[6]);
    payoffs_are(r.game, 8, wanted[8]);
    payoffs_are(r.game, 9, "0 0 0");
    payoffs_are(r.game, 11, wanted[11]);
    close_reading(&r);
    static const char one[] = "NFG 1 R \"\" { \"A\" } { 9 } 0.1 1e3 1.5E+2 -.25 7. +4 -12/8 "
                              "123456789012345678901234567890 0.000000000000000000001";
    r = read_bytes(one, strlen(one));
    static const char *const numbers[] = {"1/10",
                                          "1000",
                                          "150",
                                          "-1/4",
                                          "7",
                                          "4",
                                          "-3/2",
                                          "123456789012345678901234567890",
                                          "1/1000000000000000000000"};
    for (uint64_t i = 0; i < 9; i++)
        payoffs_are(r.game, i, numbers[i]);
    close_reading(&r);
}

static void outcome_variant(void) {
    reading r = read_file(DATA "outcomes.nfg");
    CU_ASSERT_EQUAL(dt_diag_count(r.diag), 0);
    CU_ASSERT_EQUAL(r.game->profiles, 6);
    payoffs_are(r.game, 0, "2 3");    /* treat, treat: the first */
    payoffs_are(r.game, 3, "5/2 -1"); /* dump, treat: the second */
    payoffs_are(r.game, 1, "0 0");    /* treat, buy: the null outcome */
    payoffs_are(r.game, 4, "-4 -4");
    payoffs_are(r.game, 2, "2 3");
    payoffs_are(r.game, 5, "5/2 -1");
    close_reading(&r);
    static const char null[] = HEAD "{ } 0 0 0 0"; /* nothing but the null outcome */
    r = read_bytes(null, strlen(null));
    payoffs_are(r.game, 3, "0 0");
    close_reading(&r);
}

/* Nothing between the tokens, Windows lines, a byte order mark. */
static void spacing(void) {
    static const char *const texts[] = {
        "NFG 1 R\"t\"{\"A\"\"B\"}{{\"x\"\"y\"}{\"z\"}}\"\"{{\"\"1,2}{\"\"3 4,}}1 2",
        "\xEF\xBB\xBF\r\n NFG\t1\vR\f\"t\"\r\n{ \"A\"\r\n\"B\" }\r\n{ { \"x\" \"y\" } { \"z\" } "
        "}\r\n1\r\n2 3 4\r\n\r\n"};
    for (size_t i = 0; i < 2; i++) {
        reading r = read_bytes(texts[i], strlen(texts[i]));
        payoffs_are(r.game, 0, "1 2");
        payoffs_are(r.game, 1, "3 4");
        label_is(&r, 0, 1, "y");
        close_reading(&r);
    }
}

/* What has no name of its own is told apart. */
static void labels(void) {
    reading r = read_file(DATA "labels.nfg");
    CU_ASSERT_STRING_EQUAL(r.scenario->title, "A backslash \\ and \"quotes\"");
    CU_ASSERT_STRING_EQUAL(r.game->player[0].name, "Player 1");
    CU_ASSERT_STRING_EQUAL(r.game->player[1].name, "U.S._1");
    CU_ASSERT_STRING_EQUAL(r.game->player[2].name, "U.S._2");
    static const char *const wanted[] = {"a_2", "a_3", "a_1", "4"};
    for (uint32_t s = 0; s < 4; s++)
        label_is(&r, 0, s, wanted[s]);
    label_is(&r, 2, 0, "C:\\dir");
    label_is(&r, 2, 1, "end\\");
    CU_ASSERT_EQUAL(dt_diag_count(r.diag), 2); /* warnings */
    CU_ASSERT_EQUAL(dt_diag_errors(r.diag), 0);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(r.diag, 0)->message,
                           "the player `U.S.` stands here again: each of that name gets a number, "
                           "and this one is `U.S._2`");
    CU_ASSERT_STRING_EQUAL(dt_diag_get(r.diag, 1)->message,
                           "the strategy `a` stands here again: each of that name gets a number, "
                           "and this one is `a_3`");
    bool all;
    uint32_t profile[3];
    CU_ASSERT_EQUAL(dt_profile_parse(r.game,
                                     "U.S._1.strategy=x, y=z, Player 1.strategy = a_1 ,"
                                     "U.S._2.strategy=end\\",
                                     r.diag, profile, &all),
                    DT_OK);
    CU_ASSERT(all);
    CU_ASSERT_EQUAL(profile[0], 2);
    CU_ASSERT_EQUAL(profile[2], 1);
    close_reading(&r);
    /* an empty label whose number is taken, and many of one name */
    dt_arena *arena = dt_arena_new();
    const char *list[] = {"2", "", "", "x", "x", "x_2", "x"};
    size_t repeated;
    CU_ASSERT_EQUAL(dt_labels_distinct(arena, list, 7, "", &repeated), DT_OK);
    static const char *const apart[] = {"2", "2_1", "3", "x_1", "x_3", "x_2", "x_4"};
    for (size_t i = 0; i < 7; i++)
        CU_ASSERT_STRING_EQUAL(list[i], apart[i]);
    CU_ASSERT_EQUAL(repeated, 4);
    dt_arena_free(arena);
}

/* --- complaints --- */

static void complains_bytes(const char *text, size_t length, const char *wanted) {
    dt_diag *diag = dt_diag_new();
    dt_scenario *s;
    CU_ASSERT_EQUAL(dt_nfg_read_text("t.nfg", text, length, diag, &s), DT_ERR_INPUT);
    CU_ASSERT_PTR_NULL(s);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 1);
    const dt_diag_entry *e = dt_diag_get(diag, 0);
    char found[1024] = "nothing";
    if (e && e->file)
        snprintf(found, sizeof found, "%zu:%zu: %s", e->line, e->column, e->message);
    else if (e)
        snprintf(found, sizeof found, "%s", e->message);
    if (strcmp(found, wanted) != 0)
        fprintf(stderr, "\nwanted: %s\nfound:  %s\n", wanted, found);
    CU_ASSERT_STRING_EQUAL(found, wanted);
    dt_scenario_free(s);
    dt_diag_free(diag);
}

static void complains(const char *text, const char *wanted) {
    complains_bytes(text, strlen(text), wanted);
}

static void bad_prologue(void) {
    complains("", "1:1: expected `NFG 1 R`, the beginning of a strategic game, found the end of "
                  "the file");
    complains("hello", "1:1: expected `NFG 1 R`, the beginning of a strategic game, found `hello`");
    complains("EFG 2 R \"t\" { \"A\" }", "1:1: this is an extensive game (EFG): save it in Gambit "
                                         "as a strategic game (.nfg)");
    complains("NFG 2 R", "1:5: expected 1, the version of the format, found `2`");
    complains("NFG\n\n", "1:4: expected 1, the version of the format, found the end of the file");
    complains("NFG 1 X", "1:7: expected `R` or `D`, the kind of numbers, found `X`");
    complains("NFG 1 R t", "1:9: expected the title of the game in quotation marks, found `t`");
    complains("NFG 1 R \"t", "1:9: this text is never closed: its second quotation mark is "
                             "missing");
    complains("NFG 1 R \"t\\\"", "1:9: this text is never closed: its second quotation mark is "
                                 "missing");
    complains("NFG 1 R \"t\"\n\"A\"",
              "2:1: expected `{`, which opens the list of players, found the text \"A\"");
    complains("NFG 1 R \"t\" { A }",
              "1:15: expected a player's name in quotation marks, or `}`, found `A`");
    complains("NFG 1 R \"t\" { \"A\"", "1:18: expected a player's name in quotation marks, or `}`, "
                                       "found the end of the file");
    complains("NFG 1 R \"t\" { } { } ", "1:15: a game has at least one player: expected a player's "
                                        "name in quotation marks before `}`");
    complains("NFG 1 R \"t\" { \"A\nB\" } { 1 } 1",
              "1:15: a player has a name with a control character or a line break");
    complains("NFG 1 R \"t\" { \"A\" } { { \"\033[2J\" } } 1",
              "1:25: a strategy has a name with a control character or a line break");
    char many[1024] = "NFG 1 R \"t\" {";
    for (int i = 0; i < 65; i++)
        strcat(many, " \"A\"");
    complains(many, "1:271: more than 64 players");
}

static void bad_strategies(void) {
#define TWO "NFG 1 R \"t\" { \"A\" \"B\" } "
    complains(TWO, "1:24: expected `{`, which opens the strategies, found the end of the file");
    complains(TWO "2 2", "1:25: expected `{`, which opens the strategies, found `2`");
    complains(TWO "{ x", "1:27: expected the number of strategies of `A`, found `x`");
    complains(TWO "{ \"x\"", "1:27: expected the number of strategies of `A`, or `{` and their "
                             "labels, found the text \"x\"");
    complains(TWO "{ 2 2.5 }", "1:29: expected the number of strategies of `B`, found `2.5`");
    complains(TWO "{ 2 -1 }", "1:29: expected the number of strategies of `B`, found `-1`");
    complains(TWO "{ 2 { \"x\" } }", "1:29: expected the number of strategies of `B`, found `{`");
    complains(TWO "{ 2 0 }", "1:29: player `B` has no strategies: at least 1 is needed");
    complains(TWO "{ 2 }", "1:29: the strategies of `B` are missing: there are 2 players");
    complains(TWO "{ 2 2 2 }", "1:31: expected `}` after the strategies of 2 players, found `2`");
    complains(TWO "{ 2 1000000 }", "1:29: a player has at most 65535 strategies; `B` has 1000000");
    complains(TWO "{ 99999999999999999999 1 }",
              "1:27: a player has at most 65535 strategies; `A` has 99999999999999999999");
    complains(TWO "{ { \"a\" } { } }", "1:37: player `B` has no strategies");
    complains(TWO "{ { \"a\" } 2 }", "1:35: expected `{` and the strategies of `B`, found `2`");
    complains(TWO "{ { \"a\" 1 } }",
              "1:33: expected a strategy of `A` in quotation marks, or `}`, found `1`");
    complains(TWO "{ { \"a\" } { \"b\" } { \"c\" } }",
              "1:43: expected `}` after the strategies of 2 players, found `{`");
    complains(TWO "{ { \"a\" } { \"b\"", "1:40: expected a strategy of `B` in quotation marks, or "
                                         "`}`, found the end of the file");
    complains(TWO "{{{{{{{{{{{{{{{{",
              "1:27: expected a strategy of `A` in quotation marks, or `}`, found `{`");
    complains("NFG 1 R \"t\" { \"A\" \"B\" \"C\" \"D\" }\n{ 65535 65535 65535 65535 } 1",
              "2:1: the game has 2^63 profiles or more");
    complains("NFG 1 R \"t\" { \"A\" \"B\" \"C\" } { 65535 65535 65535 }\n1 2",
              "2:4: too few payoffs: 281462092005375 profiles of 3 players need 844386276016125, "
              "and there are 2");
}

static void bad_payoffs(void) {
    complains(HEAD, "1:32: too few payoffs: 4 profiles of 2 players need 8, and there are 0");
    complains(HEAD "1 2 3\n", "2:6: too few payoffs: 4 profiles of 2 players need 8, and there "
                              "are 3");
    complains(HEAD "1 2 3 4 5 6 7 8 9", "2:17: expected the end of the file after 8 payoffs (4 "
                                        "profiles of 2 players), found `9`");
    complains(HEAD "1 2 3 }", "2:7: expected payoff 4 of 8 (4 profiles of 2 players), found `}`");
    complains(HEAD "1, 2", "2:2: expected payoff 2 of 8 (4 profiles of 2 players), found `,`");
    complains(HEAD "1 2 3 4 5 6 7 8 }",
              "2:17: expected the end of the file after the last profile, found `}`");
    complains(HEAD "\"c\" \"d\" 1", "2:5: expected payoffs, or `{` and the list of outcomes, found "
                                    "the text \"d\"");
    complains(HEAD "\"c", "2:1: this text is never closed: its second quotation mark is missing");
    complains(HEAD "1 2 3 4 5 6 7 1/0", "2:15: `1/0` is a division by zero");
    complains(HEAD "1 2 3 4 5 6 7 -3/000", "2:15: `-3/000` is a division by zero");
    complains(HEAD "1 2 3 4 5 6 7 1e400", "2:15: `1e400` is beyond the range of a double");
    complains(HEAD "1 2 3 4 5 6 7 1e99999999999999999999",
              "2:15: `1e99999999999999999999` is beyond the range of a double");
    static const char *const none[] = {"nan",   "inf", "-inf", "NaN",  "1L",    "0x1",
                                       "1.5/2", "1e",  "--1",  "1/-2", "1/2/3", "1;2",
                                       "e5",    "/2",  "1/",   "-",    ".",     "one"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char text[128], wanted[192];
        snprintf(text, sizeof text, HEAD "1 2 3 %s 5 6 7 8", none[i]);
        snprintf(wanted, sizeof wanted,
                 "2:7: `%s` is not a payoff: an integer, a decimal or a fraction such as 1/3",
                 none[i]);
        complains(text, wanted);
    }
    dt_diag *diag = dt_diag_new(); /* all that are wrong, at once */
    dt_scenario *s;
    static const char several[] = HEAD "1 a 3 4\n5 b 1/0 8";
    CU_ASSERT_EQUAL(dt_nfg_read_text("t.nfg", several, strlen(several), diag, &s), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 3);
    CU_ASSERT_EQUAL(dt_diag_get(diag, 2)->line, 3);
    dt_diag_free(diag);
}

static void bad_outcomes(void) {
    complains(HEAD "{ ", "2:2: expected `{` and an outcome, or `}` after the last one, found the "
                         "end of the file");
    complains(HEAD "{ { 1 2 } }",
              "2:5: expected the name of outcome 1 in quotation marks, found `1`");
    complains(HEAD "{ { \"\" 1 } }", "2:10: outcome 1 has 1 payoff for 2 players");
    complains(HEAD "{ { \"\" 1 { } }", "2:10: expected the payoff of `B` in outcome 1, found `{`");
    complains(HEAD "{ { \"\" 1,, 2 } }",
              "2:10: expected the payoff of `B` in outcome 1, found `,`");
    complains(HEAD "{ { \"\" 1 2 3 } }",
              "2:12: expected `}` after the 2 payoffs of outcome 1, found `3`");
    complains(HEAD "{ { \"\" 1 x } }", "2:10: `x` is not a payoff: an integer, a decimal or a "
                                       "fraction such as 1/3");
    complains(HEAD "{ { \"\" 1 2 } 1",
              "2:14: expected `{` and an outcome, or `}` after the last one, found `1`");
    complains(HEAD "{ { \"\" 1 2 } } 1 1 1", "2:21: too few outcome numbers: 4 profiles of 2 "
                                             "players need 4, and there are 3");
    complains(HEAD "{ { \"\" 1 2 } } 1 1 1 1 0",
              "2:24: expected the end of the file after 4 outcome numbers (4 profiles of 2 "
              "players), found `0`");
    complains(HEAD "{ { \"\" 1 2 } } 1 2 1 1", "2:18: there is no outcome 2: the file lists 1");
    complains(HEAD "{ { \"\" 1 2 } } 1 99999999999999999999 1 1",
              "2:18: there is no outcome 99999999999999999999: the file lists 1");
    complains(HEAD "{ { \"\" 1 2 } } 1 1.0 1 1", "2:18: `1.0` is not an outcome number");
    complains(HEAD "{ { \"\" 1 2 } } 1 -1 1 1", "2:18: `-1` is not an outcome number");
    complains(HEAD "{ { \"\" 1 2 } } 1 \"1\" 1 1",
              "2:18: expected outcome number 2 of 4 (4 profiles of 2 players), found the text "
              "\"1\"");
}

static char *repeat(const char *head, const char *piece, size_t count, const char *tail) {
    size_t a = strlen(head), b = strlen(piece), c = strlen(tail);
    char *text = malloc(a + b * count + c + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memcpy(text, head, a);
    for (size_t i = 0; i < count; i++)
        memcpy(text + a + b * i, piece, b);
    memcpy(text + a + b * count, tail, c + 1);
    return text;
}

static void complains_and_frees(char *text, const char *wanted) {
    complains(text, wanted);
    free(text);
}

static void bad_files(void) {
    static const char nul[] = HEAD "1 2\0 3";
    complains_bytes(nul, sizeof nul - 1, "2:4: a NUL byte: this is not a text file");
    complains(HEAD "1 \xFF 3\n\xFF\n", "2:3: this byte is not UTF-8 text: save the file as UTF-8");
    complains("NFG 1 R \"Caf\xE9\"", "1:13: this byte is not UTF-8 text: save the file as UTF-8");
    complains_and_frees(repeat("NFG 1 R \"", "x", 70000, "\""), "1:9: a text of more than 64 kB");
    complains_and_frees(repeat("NFG 1 R \"t\" { \"", "x", 70000, "\" } { 1 } 1"),
                        "1:15: a text of more than 64 kB");
    complains_and_frees(repeat("NFG 1 R \"t\" { \"A\" } { 1 } 0.", "3", 70000, ""),
                        "1:27: a number of more than 64 kB");
    complains_and_frees(repeat("NFG 1 R \"t\" { \"A\" } ", "{", 1000000, ""),
                        "1:23: expected a strategy of `A` in quotation marks, or `}`, found `{`");
    complains_and_frees(repeat("NFG 1 R \"t\" { \"A\" } { { ", "\"x\" ", 1000000, "} } 1"),
                        "1:25: a player has at most 65535 strategies; `A` has 1000000");
    dt_diag *diag = dt_diag_new();
    dt_scenario *s;
    CU_ASSERT_EQUAL(dt_nfg_read("/nonexistent/t.nfg", diag, &s), DT_ERR_INPUT);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(diag, 0)->message,
                           "cannot read `/nonexistent/t.nfg`: No such file or directory");
    CU_ASSERT_EQUAL(dt_nfg_read("/", diag, &s), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_nfg_read_text("t.nfg", "", (size_t)2 << 30, diag, &s), DT_ERR_INPUT);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(diag, 2)->message,
                           "`t.nfg` is too large: a game's file holds at most 1 GB");
    CU_ASSERT_PTR_NULL(s);
    dt_diag_free(diag);
}

/* Two megabytes of text that mean gigabytes of payoffs. */
static void too_much_memory(void) {
#ifndef __SANITIZE_ADDRESS__ /* it cannot live with a limit */
    struct rlimit before, less;
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_AS, &before), 0);
    less = before;
    less.rlim_cur = (rlim_t)2 << 30;
    CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_AS, &less), 0);
    char *players = repeat("NFG 1 R \"t\" {", " \"\"", 64, " } {");
    char *strategies = repeat(players, " 2", 20, "");
    char *rest = repeat(strategies, " 1", 44, " }\n{ }\n");
    complains_and_frees(repeat(rest, " 0", 1 << 20, ""),
                        "3:2: the payoffs of 1048576 profiles of 64 players take 2.68 GB, and "
                        "there are 2.15 GB");
    free(rest);
    free(strategies);
    free(players);
    setrlimit(RLIMIT_AS, &before);
#endif
}

/* --- writing --- */

static char *write_game(const dt_game *game, dt_nfg_settings settings) {
    char *text;
    size_t length;
    dt_diag *diag = dt_diag_new();
    dt_status status = dt_nfg_write(game, &settings, diag, &text, &length);
    if (status != DT_OK)
        show(diag);
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
    CU_ASSERT_EQUAL(strlen(text), length);
    dt_diag_free(diag);
    return text;
}

/* The same players, labels and payoffs, the last to the last digit. */
static void same_game(const dt_game *a, const dt_game *b, bool labels_too) {
    CU_ASSERT_EQUAL_FATAL(a->players, b->players);
    CU_ASSERT_EQUAL_FATAL(a->profiles, b->profiles);
    dt_workspace *v = dt_workspace_new(a), *w = dt_workspace_new(b);
    dt_exact x, y;
    dt_exact_init(&x);
    dt_exact_init(&y);
    uint32_t profile[DT_MAX_PLAYERS];
    for (size_t i = 0; i < a->players; i++) {
        CU_ASSERT_STRING_EQUAL(a->player[i].name, b->player[i].name);
        CU_ASSERT_EQUAL(a->player[i].strategies, b->player[i].strategies);
        for (uint32_t s = 0; labels_too && s < a->player[i].strategies; s++)
            CU_ASSERT_STRING_EQUAL(dt_strategy_label(a, i, s, 0), dt_strategy_label(b, i, s, 0));
    }
    bool same = true;
    for (uint64_t k = 0; k < a->profiles; k++) {
        dt_profile_decode(a, k, profile);
        for (size_t i = 0; i < a->players; i++)
            same = same && dt_game_exact(a, v, i, profile, &x, NULL) == DT_OK &&
                   dt_game_exact(b, w, i, profile, &y, NULL) == DT_OK && dt_exact_is_rational(&y) &&
                   fmpq_equal(x.rational, y.rational);
    }
    CU_ASSERT(same);
    dt_exact_clear(&x);
    dt_exact_clear(&y);
    dt_workspace_free(a, v);
    dt_workspace_free(b, w);
}

/* Write, read, write: the same game and the same bytes. */
static void round_trip(const dt_game *game, const char *title, const char *comment,
                       bool labels_too) {
    char *text = write_game(game, (dt_nfg_settings){title, comment, -1, NULL});
    reading r = read_bytes(text, strlen(text));
    CU_ASSERT_EQUAL(dt_diag_count(r.diag), 0);
    CU_ASSERT_STRING_EQUAL(r.scenario->title, title);
    CU_ASSERT_STRING_EQUAL(r.scenario->note, comment);
    same_game(game, r.game, labels_too);
    char *again =
        write_game(r.game, (dt_nfg_settings){r.scenario->title, r.scenario->note, -1, NULL});
    CU_ASSERT_STRING_EQUAL(text, again);
    free(again);
    free(text);
    close_reading(&r);
}

static void data_round_trips(void) {
    static const char *const files[] = {DATA "escort.nfg", DATA "three.nfg", DATA "outcomes.nfg",
                                        DATA "labels.nfg"};
    for (size_t i = 0; i < 4; i++) {
        reading r = read_file(files[i]);
        round_trip(r.game, r.scenario->title, r.scenario->note ? r.scenario->note : "", true);
        close_reading(&r);
    }
}

static void written_form(void) {
    slong p[] = {3, -1, 1, 1, 123, -7};
    ulong q[] = {1, 8, 3, 1000, 100000, 640};
    fmpq payoff[8];
    for (int i = 0; i < 6; i++) {
        fmpq_init(&payoff[i]);
        fmpq_set_si(&payoff[i], p[i], q[i]);
    }
    fmpq_init(&payoff[6]); /* 2^-60 and 10^30 */
    fmpq_one(&payoff[6]);
    fmpq_div_2exp(&payoff[6], &payoff[6], 60);
    fmpq_init(&payoff[7]);
    CU_ASSERT(dt_number_parse("1e30", &payoff[7]));
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_table(2, (uint32_t[]){2, 2}, payoff, &game), DT_OK);
    char *text = write_game(game, (dt_nfg_settings){"a \"b\" \\c \\", NULL, -1, NULL});
    CU_ASSERT_STRING_EQUAL(text, "NFG 1 R \"a \\\"b\\\" \\c \\\\\" { \"P1\" \"P2\" }\n\n"
                                 "{ { \"s1\" \"s2\" }\n{ \"s1\" \"s2\" }\n}\n\"\"\n\n"
                                 "3 -0.125\n0.00123 -0.0109375\n1/3 0.001\n1/1152921504606846976 "
                                 "1000000000000000000000000000000\n");
    free(text);
    round_trip(game, "\\\\ \\\" \n\t\"\\", "\\", true);
    text = write_game(game, (dt_nfg_settings){"a\r\r\n\r\nb\r", "", -1, NULL});
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "NFG 1 R \"a\n\nb\r\""));
    free(text);
    dt_game_free(game);
    for (int i = 0; i < 8; i++)
        fmpq_clear(&payoff[i]);
}

/* Random games of random rationals, also as doubles. */
static void random_games(void) {
    flint_rand_t state;
    flint_randinit(state);
    for (int round = 0; round < 60; round++) {
        size_t players = 1 + n_randint(state, 4);
        uint32_t strategies[4];
        size_t payoffs = players;
        for (size_t i = 0; i < players; i++) {
            strategies[i] = 1 + (uint32_t)n_randint(state, 5);
            payoffs *= strategies[i];
        }
        fmpq *payoff = calloc(payoffs, sizeof *payoff);
        CU_ASSERT_PTR_NOT_NULL_FATAL(payoff);
        for (size_t k = 0; k < payoffs; k++) {
            fmpq_init(&payoff[k]);
            fmpq_randbits(&payoff[k], state, 1 + (flint_bitcnt_t)n_randint(state, 200));
            if (k % 3 == 0) /* a decimal */
                fmpq_set_si(&payoff[k], (slong)n_randint(state, 2000001) - 1000000,
                            n_pow(10, n_randint(state, 7)));
        }
        dt_game *game;
        CU_ASSERT_EQUAL_FATAL(dt_game_from_table(players, strategies, payoff, &game), DT_OK);
        round_trip(game, "random", "", true);
        dt_game_free(game);
        for (size_t k = 0; k < payoffs; k++)
            fmpq_clear(&payoff[k]);
        free(payoff);
    }
    flint_randclear(state);
    dt_payoff_table *table;
    CU_ASSERT_EQUAL_FATAL(dt_payoff_table_new(1, (uint32_t[]){6}, NULL, &table), DT_OK);
    static const double values[] = {0.1, -1e300, 5e-324, 0, 1.0 / 3, 1 << 20};
    memcpy(dt_payoff_table_of(table, 0), values, sizeof values);
    dt_game *game;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_doubles(table, NULL, NULL, &game), DT_OK);
    round_trip(game, "doubles", "", true);
    dt_game_free(game);
}

/* --- games of configs --- */

static reading read_config(const char *text) {
    reading r = {.diag = dt_diag_new()};
    dt_status status = dt_config_read_text("t.cfg", text, strlen(text), NULL, r.diag, &r.scenario);
    return build(r, status);
}

/* Several moves make one label; feasible strikes strategies out; a fixed move is left out. */
static void moves_to_labels(void) {
    reading r = read_config(
        "players = ( { name = \"CN\"; moves = ( { name = \"control\"; levels = [\"none\", "
        "\"licence\"]; }, { name = \"fixed\"; levels = [\"x\"]; }, { name = \"subsidy\"; levels = "
        "[\"off\", \"on\"]; } ); feasible = [ \"CN.control + CN.subsidy < 2\" ]; },\n"
        " { name = \"US\"; moves = ( { name = \"buy\"; levels = [\"a, b\", \"c\\\"d\"]; } ); },\n"
        " { name = \"JP\"; moves = ( { name = \"u\"; levels = [\"1\"]; }, { name = \"v\"; levels = "
        "[\"2\"]; } ); } );\n"
        "payoffs = { kind = \"formula\"; CN = \"CN.control / 3 - US.buy\"; US = \"sqrt(4 * "
        "US.buy)\"; JP = \"0\"; };\n");
    char *text = write_game(r.game, (dt_nfg_settings){"t", NULL, -1, NULL});
    CU_ASSERT_STRING_EQUAL(text, "NFG 1 R \"t\" { \"CN\" \"US\" \"JP\" }\n\n"
                                 "{ { \"control=none,subsidy=off\" \"control=none,subsidy=on\" "
                                 "\"control=licence,subsidy=off\" }\n{ \"a, b\" \"c\\\"d\" }\n{ "
                                 "\"u=1,v=2\" }\n}\n\"\"\n\n"
                                 "0 0 0\n0 0 0\n1/3 0 0\n-1 2 0\n-1 2 0\n-2/3 2 0\n");
    free(text);
    round_trip(r.game, "t", "", false);
    close_reading(&r);
    r = read_config("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x,n=y\", "
                    "\"x\"]; }, { name = \"n\"; levels = [\"z\", \"y,n=z\"]; } ); } );\n"
                    "payoffs = { kind = \"table\"; values = (1, 2, 3, 4); };\n");
    text = write_game(r.game, (dt_nfg_settings){NULL, NULL, -1, NULL});
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "{ { \"m=x,n=y,n=z_1\" \"m=x,n=y,n=y,n=z\" \"m=x,n=z\" "
                                        "\"m=x,n=y,n=z_2\" }"));
    free(text);
    close_reading(&r);
}

#define ROOTS                                                                                      \
    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\", \"z\"]; } ); "  \
    "} "                                                                                           \
    ");\npayoffs = { kind = \"formula\"; A = \"%s\"; };\n"

static reading read_formula(const char *formula) {
    char text[512];
    snprintf(text, sizeof text, ROOTS, formula);
    return read_config(text);
}

static void rounds_to(const char *formula, int decimals, const char *payoffs, const char *warning) {
    reading r = read_formula(formula);
    char *text;
    size_t length;
    dt_nfg_settings settings = {"", NULL, decimals, NULL};
    CU_ASSERT_EQUAL_FATAL(dt_nfg_write(r.game, &settings, r.diag, &text, &length), DT_OK);
    const char *found = strstr(text, "\"\"\n\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found + 4, payoffs);
    CU_ASSERT_EQUAL(dt_diag_count(r.diag), 1);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(r.diag, 0)->message, warning);
    reading back = read_bytes(text, length);
    char *again = write_game(back.game, (dt_nfg_settings){"", NULL, -1, NULL});
    CU_ASSERT_STRING_EQUAL(text, again);
    free(again);
    free(text);
    close_reading(&back);
    close_reading(&r);
}

static void refuses(const reading *r, int decimals, const char *wanted) {
    char *text;
    size_t length;
    dt_diag *diag = dt_diag_new();
    dt_nfg_settings settings = {"", NULL, decimals, NULL};
    CU_ASSERT_EQUAL(dt_nfg_write(r->game, &settings, diag, &text, &length), DT_ERR_INPUT);
    CU_ASSERT_PTR_NULL(text);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 1);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(diag, 0)->message, wanted);
    dt_diag_free(diag);
}

/* To nearest; what is rational stays as it is. */
static void irrational(void) {
    reading r = read_formula("sqrt(A.m) / 3");
    refuses(&r, -1,
            "the payoff of `A` is irrational, and strategic-form files hold fractions (--decimals "
            "N rounds such payoffs), at A.m=z");
    close_reading(&r);
    rounds_to("sqrt(A.m) / 3", 4, "0\n1/3\n0.4714\n",
              "1 payoff is irrational and rounded to 4 decimals: equilibria may differ");
    rounds_to("-exp(A.m)", 0, "-1\n-3\n-7\n",
              "2 payoffs are irrational and rounded to 0 decimals: equilibria may differ");
    rounds_to("1e-9 * log(1 + A.m)", 3, "0\n0\n0\n",
              "2 payoffs are irrational and rounded to 3 decimals: equilibria may differ");
    rounds_to("exp(A.m + 40)", 18,
              "235385266837019985.407899910749034805\n639843493530054949."
              "222663403515570819\n1739274941520501047.394681303611235226\n",
              "3 payoffs are irrational and rounded to 18 decimals: equilibria may differ");
    rounds_to("sqrt(2) * sqrt(3) - sqrt(6) + A.m / 3", 2, "0\n0.33\n0.67\n",
              "3 payoffs are irrational and rounded to 2 decimals: equilibria may differ");
    char *text; /* halfway, as far as one can see: either neighbour will do */
    size_t length;
    r = read_formula("sqrt(2) * sqrt(3) - sqrt(6) + A.m / 4");
    dt_nfg_settings settings = {"", NULL, 1, NULL};
    CU_ASSERT_EQUAL(dt_nfg_write(r.game, &settings, r.diag, &text, &length), DT_OK);
    CU_ASSERT(strstr(text, "\n0.2\n") || strstr(text, "\n0.3\n"));
    free(text);
    settings.decimals = DT_NFG_DECIMALS + 1;
    CU_ASSERT_EQUAL(dt_nfg_write(r.game, &settings, r.diag, &text, &length), DT_ERR_USAGE);
    close_reading(&r);
    r = read_formula("A.m + (sqrt(2) * sqrt(3) > sqrt(6))");
    refuses(&r, 3,
            "the payoff of `A` is not known well enough to be rounded, since a comparison in its "
            "formula is undecided, at A.m=x");
    close_reading(&r);
    r = read_formula("1 / (A.m - 1)");
    refuses(&r, -1, "the payoff of `A` does not exist: division by zero, at A.m=y");
    close_reading(&r);
}

/* A fraction too long to be read back is a decimal, and refused where that is too long as well. */
static void long_numbers(void) {
    char *text = malloc(70000);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    strcpy(text, "NFG 1 R \"t\" { \"A\" } { 2 }\n0.");
    size_t head = strlen(text);
    memset(text + head, '7', 60000); /* with its denominator 120 kB */
    strcpy(text + head + 60000, " 1");
    reading r = read_bytes(text, strlen(text));
    round_trip(r.game, "t", "", true);
    close_reading(&r);
    free(text);
    r = read_config("parameters = { p = \"123457/123456\"; };"
                    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", "
                    "\"y\"]; } ); } ); payoffs = { kind = \"formula\"; "
                    "A = \"A.m == 0 ? 1 : (p^1024)^32\"; };");
    refuses(&r, -1,
            "the payoff of `A` is a fraction of more than 64 kB, and no strategic-form file holds "
            "so long a number, at A.m=y");
    close_reading(&r);
}

static void too_many_payoffs(void) {
    reading r =
        read_config("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", "
                    "\"y\"]; } ); } ); payoffs = { kind = \"formula\"; A = \"A.m\"; };");
    dt_player many[40];
    for (size_t i = 0; i < 40; i++)
        many[i] = r.game->player[0];
    dt_game large = *r.game;
    large.player = many;
    large.players = 40;
    large.profiles = UINT64_C(1) << 40;
    reading fake = {.game = &large};
    refuses(&fake, -1,
            "too large for a strategic-form file: the game has 1099511627776 profiles of 40 "
            "players, and a file holds at most 67108864 payoffs");
    large.profiles = UINT64_C(1) << 62; /* 40 times that is beyond 64 bits */
    refuses(&fake, -1,
            "too large for a strategic-form file: the game has 4611686018427387904 profiles of 40 "
            "players, and a file holds at most 67108864 payoffs");
    close_reading(&r);
}

/* --- the same answers --- */

static char *solve_csv(const reading *r) {
    dt_result_list *results = dt_result_list_new();
    static const char *const concepts[] = {"pure-nash", "dominance", "maximin"};
    for (size_t i = 0; i < 3; i++) {
        dt_concept_request request = {.name = concepts[i]};
        dt_solve_call call = {r->game, &request, NULL, r->diag, results};
        CU_ASSERT_EQUAL(dt_solve(&call), DT_OK);
    }
    dt_report_input input = {.title = "", .game = r->game, .results = results};
    char *text;
    size_t length;
    CU_ASSERT_EQUAL_FATAL(dt_reporter_find("csv")->results(&input, &text, &length), DT_OK);
    dt_result_list_free(results);
    return text;
}

/* A config with a move called `strategy`, and the file that is written of it. */
static void same_equilibria(void) {
    reading config = read_config(
        "players = ( { name = \"R\"; moves = ( { name = \"strategy\"; levels = [\"t\", \"m\", "
        "\"b\"]; } ); }, { name = \"C\"; moves = ( { name = \"strategy\"; levels = [\"l\", \"r\"]; "
        "} ); }, { name = \"Z\"; moves = ( { name = \"strategy\"; levels = [\"u\", \"v\"]; } ); } "
        ");\npayoffs = { kind = \"table\"; values = ( (3, 1, 0), (0, 0, 0.1), (0, 0, 2), (1, 3, "
        "1), (1, 1, 1), (2, 2, 2), (\"1/3\", 0, 5), (0, -1, 0), (-1, 0, 0), (0, 4, 4), (2, 2, 2), "
        "(3, 3, 3) ); };\n");
    char *text = write_game(config.game, (dt_nfg_settings){"", NULL, -1, NULL});
    reading file = read_bytes(text, strlen(text));
    char *a = solve_csv(&config), *b = solve_csv(&file);
    CU_ASSERT_STRING_EQUAL(a, b);
    CU_ASSERT_PTR_NOT_NULL(strstr(a, "pure-nash,"));
    free(a);
    free(b);
    free(text);
    close_reading(&file);
    close_reading(&config);
}

static void begins(void) {
    static const char *const yes[] = {"NFG 1 R", "\xEF\xBB\xBFNFG 2", "\n\t NFG\nX"};
    static const char *const no[] = {"", "NFG", "NFG ", "NFG = 1;", "NFG: 1;", "NFGX 1", "title"};
    for (size_t i = 0; i < 3; i++)
        CU_ASSERT(dt_nfg_begins(yes[i], strlen(yes[i])));
    for (size_t i = 0; i < 7; i++)
        CU_ASSERT(!dt_nfg_begins(no[i], strlen(no[i])));
}

static const dt_case cases[] = {
    {"payoff variant", payoff_variant},
    {"counts and numbers", counts_and_numbers},
    {"outcome variant", outcome_variant},
    {"spacing", spacing},
    {"labels", labels},
    {"bad prologue", bad_prologue},
    {"bad strategies", bad_strategies},
    {"bad payoffs", bad_payoffs},
    {"bad outcomes", bad_outcomes},
    {"bad files", bad_files},
    {"too much memory", too_much_memory},
    {"round trips of files", data_round_trips},
    {"written form", written_form},
    {"long numbers", long_numbers},
    {"round trips of random games", random_games},
    {"moves to labels", moves_to_labels},
    {"irrational payoffs", irrational},
    {"too many payoffs", too_many_payoffs},
    {"same equilibria", same_equilibria},
    {"how a file begins", begins},
};

int main(void) {
    return DT_RUN_SUITE("nfg", cases);
}
