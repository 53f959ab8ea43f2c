/* Bad input through the program: a message with file, line and column, exit 3, nothing written. */
#include "cli_run.h"

#define ONE(name)      "{ name = \"" name "\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); }"
#define TWO            "players = ( " ONE("A") ",\n            " ONE("B") " );\n" /* lines 1 and 2 */
#define TABLE          "payoffs = { kind = \"table\"; values = (1, 1, 2, 2, 3, 3, 4, 4); };\n"
#define SOLVE          "solve = { concepts = [\"pure-nash\"]; };\n"
#define FORMULAS(a, b) "payoffs = { kind = \"formula\";\n  A = \"" a "\";\n  B = \"" b "\"; };\n"

/* The file t.cfg must be refused by solve and by check, with "t.cfg:" and these words. */
static void refused(const char *text, const char *where, const char *words) {
    static const char *const commands[] = {"solve", "check"};
    cli_file("t.cfg", text);
    for (size_t i = 0; i < 2; i++) {
        cli_run run = DETERRA(commands[i], "t.cfg", "-q");
        if (run.status != 3)
            fprintf(stderr, "\n%s %s\n", commands[i], words);
        cli_status(&run, 3);
        char start[256];
        snprintf(start, sizeof start, "t.cfg:%s", where);
        cli_says(run.err, start);
        cli_says(run.err, words);
        CU_ASSERT_EQUAL(run.length, 0);
        cli_done(&run);
    }
}

/* Refused only when payoffs are computed; the message names the profile. */
static void no_payoff(const char *text, const char *where, const char *words, const char *profile) {
    cli_file("t.cfg", text);
    cli_run run = DETERRA("solve", "t.cfg", "-q", "-o", "never");
    cli_status(&run, 3);
    char start[256];
    snprintf(start, sizeof start, "t.cfg:%s", where);
    cli_says(run.err, start);
    cli_says(run.err, words);
    cli_says(run.err, profile);
    CU_ASSERT_EQUAL(run.length, 0);
    CU_ASSERT_EQUAL(access("never", F_OK), -1);
    cli_done(&run);
}

static void syntax(void) {
    refused("players = (\n  { name = \"A\"; moves = ;\n", "2:25: ", "expected a value, found `;`");
    refused(TWO "payoffs { }", "3:9: ", "syntax error");
    refused(TWO "title = \"open;\n" TABLE, "4:26: ", "never closed");
    refused(TWO TABLE "}", "4:1: ", "syntax error");
    refused("\xEF\xBB\xBF" TWO TABLE ")", "4:1: ", "syntax error");
}

static void unknown_things(void) {
    refused(TWO TABLE "titel = \"x\";\n", "4:1: ", "unknown setting `titel`");
    refused(TWO TABLE "titel = \"x\";\n", "4:1: ", "did you mean `title`?");
    refused(TWO TABLE "solve = { concept = [\"pure-nash\"]; };\n",
            "4:11: ", "did you mean `concepts`");
    refused(TWO TABLE "solve = { concepts = [\"pure-nsah\"]; };\n",
            "4:23: ", "unknown concept `pure-nsah`; did you mean `pure-nash`?");
    refused(TWO TABLE "solve = { concepts = ( { concept = \"epsilon-nash\"; } ); };\n",
            "4:36: ", "needs `regret`");
    refused(TWO "payoffs = { kind = \"tabel\"; values = (1); };",
            "3:20: ", "\"formula\" or \"table\"");
    refused(TWO FORMULAS("C.m", "0"), "4:8: ", "no such player or index variable: `C`");
    refused(TWO FORMULAS("1 + A.n", "0"), "4:12: ", "`A` has no move `n`");
    refused(TWO FORMULAS("1 + A.m:z", "0"), "4:12: ", "`z`");
    refused(TWO FORMULAS("1 + gian", "0") "parameters = { gain = 1; };\n",
            "4:12: ", "did you mean `gain`?");
    refused(TWO "payoffs = { kind = \"formula\"; A = \"1\"; };\n", "3:1: ", "`B`");
    refused(TWO "payoffs = { kind = \"formula\"; A = \"1\"; B = \"1\"; D = \"1\"; };\n",
            "3:49: ", "`D`");
}

/* Every error of a file in one run: of its settings and of its formulas. */
static void all_errors(void) {
    refused(TWO FORMULAS("C.m", "nothing + 1"), "4:8: ", "t.cfg:5:8: ");
    refused(TWO "titel = 1;\ntitel2 = 2;\n" TABLE, "3:1: ", "t.cfg:4:1: ");
    refused(TWO FORMULAS("A.m + 1)", "B.q + ("), "4:15: ", "t.cfg:5:");
    refused(TWO FORMULAS("C.m", "0") "solve = { concepts = [\"nash\"]; };\n",
            "4:8: ", "t.cfg:6:23: ");
    refused(TWO FORMULAS("C.m", "nothing + 1") "titel = 1;\n", "6:1: ", "t.cfg:5:8: ");
}

static void duplicates(void) {
    refused("players = ( " ONE("A") ",\n  " ONE("A") " );\n" TABLE, "2:12: ", "`A`");
    refused("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\"]; },\n"
            "  { name = \"m\"; levels = [\"x\"]; } ); } );\n"
            "payoffs = { kind = \"table\"; values = (1); };\n",
            "2:12: ", "`m`");
    refused("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\",\n"
            "  \"y\", \"x\"]; } ); } );\npayoffs = { kind = \"table\"; values = (1, 2, 3); };\n",
            "2:8: ", "`x`");
    refused("title = \"a\";\ntitle = \"b\";\n" TWO TABLE, "2:1: ", "title");
    refused("parameters = { A = 1; };\n" TWO TABLE, "", "");
}

static void strategies(void) {
    refused("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } );\n"
            "  feasible = [\"A.m > 1\"]; } );\npayoffs = { kind = \"table\"; values = (1); };\n",
            "1:22: ", "`feasible` leaves `A` without any strategy");
    refused("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = []; } ); } );\n"
            "payoffs = { kind = \"table\"; values = (1); };\n",
            "1:46: ", "move `m` has no `levels`");
    refused("players = ( { name = \"A\"; moves = ( ); } );\n"
            "payoffs = { kind = \"table\"; values = (1); };\n",
            "1:22: ", "player `A` has no `moves`");
    refused("players = ( );\n" TABLE, "1:1: ", "at least one player");
    refused("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } );\n"
            "  feasible = [\"1 / A.m\"]; } );\npayoffs = { kind = \"table\"; values = (1); };\n",
            "2:16: ", "division by zero");
    refused("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; values "
            "= (1);"
            " } ); } );\npayoffs = { kind = \"table\"; values = (1); };\n",
            "1:72: ", "1 value for 2 levels");
}

static void cycles(void) {
    refused(TWO "payoffs = { kind = \"formula\"; define = (\"a = b + 1\", \"b = c\",\n"
                "  \"c = 2 * a\"); A = \"a\"; B = \"0\"; };\n",
            "3:42: ", "definitions in a cycle: a -> b -> c -> a");
    refused(
        TWO
        "payoffs = { kind = \"formula\"; define = (\"self = self\"); A = \"self\"; B = \"0\"; };\n",
        "3:42: ", "definitions in a cycle: self -> self");
}

static void tables(void) {
    refused(TWO "payoffs = { kind = \"table\"; values = (1, 2, 3); };\n",
            "3:29: ", "need 8 numbers, but there are 3");
    refused(TWO "payoffs = { kind = \"table\"; values = ((1, 2), (3, 4), (5, 6), (7, 8, 9)); };\n",
            "3:63: ", "3 payoffs for 2 players");
    refused(TWO "payoffs = { kind = \"table\"; values = (1,2,3,4,5,6,7,\"x\"); };\n",
            "3:53: ", "`x` is not a number");
    refused(TWO "payoffs = { kind = \"table\"; };\n", "3:1: ", "values");
}

static void payoffs_that_do_not_exist(void) {
    no_payoff(TWO FORMULAS("1 / (A.m + B.m - 2)", "0") SOLVE, "4:8: ", "division by zero",
              "A.m=y, B.m=y");
    no_payoff(TWO FORMULAS("0", "log(A.m - 1/2)") SOLVE, "5:8: ", "log", "A.m=x, B.m=x");
    no_payoff(TWO FORMULAS("0", "sqrt(1 - 2 * A.m)") SOLVE, "5:8: ", "sqrt of a negative number",
              "A.m=y, B.m=x");
    no_payoff(TWO FORMULAS("exp(1000 * B.m)", "0") SOLVE, "4:8: ", "range", "A.m=x, B.m=y");
    no_payoff(TWO FORMULAS("(1e300 + B.m)^A.m * 1e300 ", "0") SOLVE, "4:", "range", "A.m=y, B.m=x");
    no_payoff(TWO FORMULAS("0^(0 - B.m)", "0") SOLVE, "4:8: ", "0 to a negative power",
              "A.m=x, B.m=y");
    no_payoff(TWO FORMULAS("(0 - 1)^(B.m / 2)", "0") SOLVE, "4:8: ", "a negative number to a power",
              "A.m=x, B.m=y");
    no_payoff(TWO FORMULAS("exp(exp(exp(9 * A.m)))", "0") SOLVE, "4:", "range", "A.m=y, B.m=x");
    /* about 23, though as a rational it has millions of digits: an answer, or words with a place */
    cli_file("t.cfg",
             "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"];"
             " values = (\"1.000003\", \"1.0000017\"); } ); } );\n"
             "payoffs = { kind = \"formula\"; A = \"(A.m^1024)^1024\"; };\n" SOLVE);
    cli_run run = DETERRA("solve", "t.cfg", "-q");
    CU_ASSERT(run.status == 0 || run.status == 3);
    if (run.status == 3)
        cli_says(run.err, "t.cfg:2:");
    cli_done(&run);
    /* in a branch that is not taken nothing is wrong */
    cli_file("t.cfg", TWO FORMULAS("A.m == 0 ? 5 : 1 / A.m", "B.m:x && A.m == 0 ? 0 : 1") SOLVE);
    cli_works(DETERRA("solve", "t.cfg"), "5");
}

/* `count` players of two strategies each, and payoffs "0". */
static void write_many(const char *path, int players, int levels, const char *tail) {
    FILE *out = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs("players = (\n", out);
    for (int i = 0; i < players; i++) {
        fprintf(out, "%s{ name = \"p%d\"; moves = ( { name = \"m\"; levels = (", i ? ",\n" : "", i);
        for (int l = 0; l < levels; l++)
            fprintf(out, "%s\"l%d\"", l ? ", " : "", l);
        fputs("); } ); }", out);
    }
    fputs(" );\npayoffs = { kind = \"formula\";\n", out);
    for (int i = 0; i < players; i++)
        fprintf(out, "p%d = \"0\";\n", i);
    fprintf(out, "};\n%s", tail);
    fclose(out);
}

static void sizes(void) {
    write_many("t.cfg", 63, 2, SOLVE); /* 2^63 */
    cli_fails(DETERRA("check", "t.cfg"), 3, "2^63 profiles or more");
    cli_fails(DETERRA("solve", "t.cfg"), 3, "t.cfg:");
    write_many("t.cfg", 62, 2, SOLVE);
    cli_works(DETERRA("check", "t.cfg"), "4.61");
    write_many("t.cfg", 65, 1, SOLVE);
    cli_fails(DETERRA("solve", "t.cfg"), 3, "more than 64 players");
    write_many("t.cfg", 64, 1, SOLVE);
    cli_works(DETERRA("solve", "t.cfg"), "1 equilibrium");
    write_many("t.cfg", 5000, 1, SOLVE);
    cli_fails(DETERRA("solve", "t.cfg"), 3, "t.cfg:");
    write_many("t.cfg", 1, 65535, SOLVE);
    cli_works(DETERRA("check", "t.cfg"), "65535");
    write_many("t.cfg", 1, 65536, SOLVE);
    cli_fails(DETERRA("check", "t.cfg"), 3, "t.cfg:");
}

static void includes(void) {
    refused(TWO TABLE "@include \"none.cfg\"\n", "4:1: ", "none.cfg");
    refused(TWO TABLE "  @include \"t.cfg\"\n", "4:3: ", "t.cfg");
    cli_file("a.inc", "# one\n@include \"b.inc\"\n");
    cli_file("b.inc", "@include \"a.inc\"\n");
    cli_file("t.cfg", TWO TABLE "@include \"a.inc\"\n");
    cli_fails(DETERRA("check", "t.cfg"), 3, "b.inc:1:1: ");
    cli_file("b.inc", "titel = 1;\n"); /* the place is the included file's */
    cli_fails(DETERRA("check", "t.cfg"), 3, "b.inc:1:1: error: unknown setting `titel`");
    refused(TWO TABLE "@include \".\"\n", "4:1: ", "directory");
    refused(TWO TABLE "@include t.cfg\n", "4:", "include");
    CU_ASSERT_EQUAL(mkfifo("pipe.inc", 0600), 0);
    refused(TWO TABLE "@include \"pipe.inc\"\n", "4:1: ", "pipe.inc");
    unlink("pipe.inc");
    char name[32], text[64];
    for (int i = 0; i < 20; i++) { /* twenty deep */
        snprintf(name, sizeof name, "d%d.inc", i);
        snprintf(text, sizeof text, i < 19 ? "@include \"d%d.inc\"\n" : "# end\n", i + 1);
        cli_file(name, text);
    }
    cli_file("t.cfg", TWO TABLE "@include \"d0.inc\"\n");
    cli_fails(DETERRA("check", "t.cfg"), 3,
              "d15.inc:1:1: error: includes are nested more than 16 deep");
    cli_file("t.cfg", TWO TABLE "@include \"d5.inc\"\n");
    cli_works(DETERRA("check", "t.cfg"), "profiles");
}

static char *repeated(const char *head, const char *piece, size_t count, const char *tail) {
    size_t a = strlen(head), b = strlen(piece), c = strlen(tail);
    char *text = malloc(a + count * b + c + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memcpy(text, head, a);
    for (size_t i = 0; i < count; i++)
        memcpy(text + a + i * b, piece, b);
    memcpy(text + a + count * b, tail, c + 1);
    return text;
}

static void deep_or_large(void) {
    char *open = repeated("", "(", 10000, "A.m"), *shut = repeated("", ")", 10000, "");
    size_t room = 30000;
    char *text = malloc(room);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    snprintf(text, room, TWO FORMULAS("%s%s", "0") SOLVE, open, shut);
    refused(text, "4:264: ", "deep");
    free(shut);
    snprintf(text, room, TWO FORMULAS("%s", "0") SOLVE, open);
    refused(text, "4:264: ", "deep");
    free(open);
    open = repeated("", "-", 10000, "A.m");
    snprintf(text, room, TWO FORMULAS("%s", "0") SOLVE, open);
    refused(text, "4:", "deep");
    free(open);
    open = repeated("", "2^", 10000, "A.m");
    snprintf(text, room, TWO FORMULAS("%s", "0") SOLVE, open);
    refused(text, "4:", "deep");
    free(open);
    open = repeated("", "1?", 9000, "A.m");
    snprintf(text, room, TWO FORMULAS("%s", "0") SOLVE, open);
    refused(text, "4:", "");
    free(open);
    free(text);
    text = repeated("a = ", "(", 10000, ";\n");
    refused(text, "1:", "deep");
    free(text);
    text = repeated("title = \"", "x", 70000, "\";\n" TWO TABLE);
    refused(text, "1:9: ", "64 kB");
    free(text);
    text =
        repeated(TWO TABLE, "# 100 MB of comments, each line sixty-four bytes long and no more.\n",
                 1600000, "");
    cli_file("t.cfg", text);
    free(text);
    cli_fails(DETERRA("check", "t.cfg"), 3, "64 MB");
    text = repeated(TWO TABLE, "# 60 MB of comments are fine, and are read in no time at all.\n",
                    900000, "");
    cli_file("t.cfg", text);
    free(text);
    cli_works(DETERRA("check", "t.cfg"), "profiles");
    unlink("t.cfg");
}

static void odd_files(void) {
    cli_fails(DETERRA("check", "missing.cfg"), 3, "cannot read `missing.cfg`");
    cli_fails(DETERRA("check", "."), 3, "directory");
    cli_fails(DETERRA("check", ""), 3, "cannot read");
    cli_fails(DETERRA("check", "/dev/zero"), 3, "64 MB");
    refused("", "1:1: ", "a config needs `players`");
    refused("\n\n", "1:1: ", "a config needs `payoffs`");
    cli_file_bytes("t.cfg", TWO "\0" TABLE, sizeof TWO "\0" TABLE - 1);
    cli_fails(DETERRA("check", "t.cfg"), 3, "t.cfg:3:1: error: a NUL byte");
    char bytes[4096];
    unsigned seed = 7;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)((seed = seed * 1103515245u + 12345u) >> 16);
    cli_file_bytes("t.cfg", bytes, sizeof bytes);
    cli_fails(DETERRA("check", "t.cfg"), 3, "t.cfg:1:");
    if (geteuid() != 0) {
        cli_file("t.cfg", TWO TABLE);
        CU_ASSERT_EQUAL(chmod("t.cfg", 0), 0);
        cli_fails(DETERRA("check", "t.cfg"), 3, "Permission denied");
        unlink("t.cfg");
    }
    /* Windows line ends, and labels of any script and with what CSV, TeX and Markdown care about */
    cli_file("t.cfg",
             "title = \"100 % & \\\\ {x}_$ | <b>\";\r\nplayers = ( { name = \"A\"; moves = ( "
             "{ name = \"m\"; levels = (\"\xE7\xA6\x81\xE8\xBF\x90\", \"a, \\\"b\\\" | c\", "
             "\"50 %_#$&{}~^\\\\\"); } ); } );\r\npayoffs = { kind = \"table\"; values = (1, "
             "1, 1); };\r\n" SOLVE);
    cli_works(DETERRA("solve", "t.cfg"), "\xE7\xA6\x81\xE8\xBF\x90");
    cli_works(DETERRA("solve", "t.cfg", "-f", "csv"), "a, \"\"b\"\" | c\"");
    cli_works(DETERRA("solve", "t.cfg", "-f", "latex"), "50 \\%");
    cli_works(DETERRA("solve", "t.cfg", "-f", "markdown"), "\\|");
    cli_works(DETERRA("solve", "t.cfg", "-f", "json"), "a, \\\"b\\\" | c");
    refused("players = ( { name = \"\xE4\xB8\xAD\xE5\x9B\xBD\"; moves = ( { name = \"m\"; levels = "
            "[\"x\"]; } ); } );\npayoffs = { kind = \"table\"; values = (1); };\n",
            "1:22: ", "name");
}

static bool is_utf8(const char *text) {
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        int more = *p < 0x80   ? 0
                   : *p < 0xC2 ? -1
                   : *p < 0xE0 ? 1
                   : *p < 0xF0 ? 2
                   : *p < 0xF5 ? 3
                               : -1;
        if (more < 0)
            return false;
        for (p++; more > 0; more--, p++)
            if ((*p & 0xC0) != 0x80)
                return false;
    }
    return true;
}

/* Long labels may be cut, but never inside a character. */
static void long_labels(void) {
    static const char *const formats[] = {"text", "csv", "json", "latex", "markdown"};
    char *label = repeated("x", "\xE7\xA8\x80\xE5\x9C\x9F", 400, ""), *text = malloc(8192);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    snprintf(text, 8192,
             "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"%s\", "
             "\"y\"]; } ); } );\npayoffs = { kind = \"formula\"; A = \"1 / A.m\"; };\n" SOLVE,
             label);
    cli_file("bad.cfg", text);
    snprintf(text, 8192,
             "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"%s\", "
             "\"y\"]; } ); } );\npayoffs = { kind = \"formula\"; A = \"2 - A.m\"; };\n" SOLVE,
             label);
    cli_file("t.cfg", text);
    for (size_t f = 0; f < 5; f++) {
        static const char *const commands[] = {"solve", "check", "explain"};
        for (size_t c = 0; c < 3; c++) {
            cli_run run = DETERRA(commands[c], "t.cfg", "-q", "-f", formats[f],
                                  c == 2 ? "--profile=A.m=y" : NULL);
            cli_status(&run, 0);
            if (!is_utf8(run.out))
                fprintf(stderr, "\n%s -f %s: not UTF-8\n", commands[c], formats[f]);
            CU_ASSERT(is_utf8(run.out));
            cli_done(&run);
        }
    }
    cli_run run = DETERRA("solve", "bad.cfg", "-q");
    cli_status(&run, 3);
    CU_ASSERT(is_utf8(run.err));
    cli_done(&run);
    free(label);
    free(text);
}

/* A strategic-form file of one row a strategy of A. */
static void column_file(const char *path, size_t strategies, size_t columns,
                        double (*payoff)(size_t strategy, size_t column)) {
    FILE *out = fopen(path, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fprintf(out, "NFG 1 R \"t\" { \"A\" \"B\" } { %zu %zu }\n", strategies, columns);
    for (size_t c = 0; c < columns; c++)
        for (size_t s = 0; s < strategies; s++)
            fprintf(out, "%.0f 0\n", payoff(s, c));
    CU_ASSERT_EQUAL(fclose(out), 0);
}

static double level(size_t strategy, size_t column) {
    (void)strategy;
    (void)column;
    return 1;
}

enum { CURVE = 4000 };

/* Each strategy but the ends is dominated, by mixtures of them alone. */
static double curved(size_t strategy, size_t column) {
    double at = column ? (double)(CURVE - 1 - strategy) : (double)strategy;
    return at * at;
}

/* Many strategies and little memory: solved where it is enough, else refused, never aborted. */
static void little_memory(void) {
#ifndef __SANITIZE_ADDRESS__ /* it needs terabytes of addresses */
    column_file("level.nfg", 8000, 1, level);
    cli_works(cli_with((cli_setup){.megabytes = 400}, "solve", "level.nfg", "-q", "--concept",
                       "dominance", "-f", "csv", (char *)NULL),
              "dominance,");
    column_file("curved.nfg", CURVE, 2, curved);
    cli_fails(cli_with((cli_setup){.megabytes = 400}, "solve", "curved.nfg", "-q", "--concept",
                       "dominance", (char *)NULL),
              3,
              "whether mixtures of the 4000 strategies of `A` dominate 3998 of them takes 256 MB");
    /* somewhere on the way from what the libraries take to enough, GMP, FLINT or malloc has no more
     */
    bool refused = false, enough = false;
    for (int megabytes = 20; megabytes < 400 && !enough; megabytes++) {
        cli_run run = cli_with((cli_setup){.megabytes = megabytes}, "solve", "curved.nfg", "-q",
                               "--threads", "1", "--concept", "pure-nash", (char *)NULL);
        if (run.status != 127) { /* the loader had too little */
            CU_ASSERT(run.status == 0 || run.status == 1 || run.status == 3);
            CU_ASSERT(run.status == 0 || run.err[0] != '\0');
            refused = refused || run.status != 0;
            enough = run.status == 0;
        }
        cli_done(&run);
    }
    CU_ASSERT(refused && enough);
#else
    (void)column_file;
    (void)level;
    (void)curved;
#endif
}

/* Payoffs at the end of the doubles: solved, or refused with a place and a reason. */
static void huge_payoffs(void) {
    cli_file("huge.nfg", "NFG 1 R \"t\" { \"A\" \"B\" } { 3 2 }\n"
                         "1.7e308 -1e308 -1.7e308 1.7e308 0 1e308\n"
                         "-1.7e308 1e308 1.7e308 -1.7e308 1 -1e308\n");
    static const char *const needs[] = {"stackelberg:leader=A", "correlated", "coarse-correlated",
                                        "payoff-polygon"};
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        cli_fails(DETERRA("solve", "huge.nfg", "-q", "--concept", needs[i]), 3,
                  "takes sums and differences of payoffs that are beyond the range of a double");
    cli_works(DETERRA("solve", "huge.nfg", "-q", "--concept", "mixed-nash"), "exact");
    cli_works(DETERRA("solve", "huge.nfg", "-q", "--concept", "maximin"), "exact");
    cli_file("wide.nfg", "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n"
                         "1e-300 1e150 1 1e-300 1e-150 1 1e150 1e-300\n");
    cli_works(DETERRA("solve", "wide.nfg", "-q", "--concept", "correlated"), "exact");
    cli_works(DETERRA("solve", "wide.nfg", "-q", "--concept", "coarse-correlated"), "exact");
    cli_file("wide.nfg", /* weights of mixtures underflow */
             "NFG 1 R \"t\" { \"A\" \"B\" } { 4 5 }\n"
             "0 1 -1e-300 1 -1e-300 1 0 1e-300 -1e-300 -1e-300 0 1 1e-300 1 1e300 1e300 1e300 "
             "1e300 1e300 1 "
             "0 0 1e300 -1e-300 -1e-300 0 -1e-300 1e-300 -1e-300 0 1e300 1e-300 1e300 -1e-300 "
             "1e300 -1e-300 1e-300 -1e-300 0 1e-300\n");
    cli_works(DETERRA("solve", "wide.nfg", "-q", "--concept", "dominance"),
              "Each elimination is certified in exact arithmetic.");
    cli_file("wide.nfg", /* GLPK finds it infeasible, unless asked in rationals */
             "NFG 1 R \"t\" { \"A\" \"B\" } { 5 3 }\n"
             "-1e-9 1e-9 1 1 1e-9 1 1 -1e9 1e9 1 1e9 -1e9 -1e-9 1e9 1e9 -1e9 -1e-9 1 1 1 1 -1e-9 "
             "-1e-9 -1e9 1 -1e9 1e-9 -1e9 -1e-9 -1e9\n");
    cli_works(
        DETERRA("solve", "wide.nfg", "-q", "--concept", "payoff-polygon:of=coarse-correlated"),
        "certified in exact arithmetic");
}

static const dt_case cases[] = {
    {"malformed libconfig", syntax},
    {"unknown setting, name, level, concept", unknown_things},
    {"all errors in one run", all_errors},
    {"duplicate player, move, level", duplicates},
    {"empty strategy sets", strategies},
    {"cyclic definitions", cycles},
    {"wrong number of payoffs", tables},
    {"payoffs that do not exist", payoffs_that_do_not_exist},
    {"profile counts and limits", sizes},
    {"@include missing or looping", includes},
    {"deep or large", deep_or_large},
    {"odd files and labels", odd_files},
    {"long labels", long_labels},
    {"little memory", little_memory},
    {"huge payoffs", huge_payoffs},
};

int main(void) {
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("bad input", cases);
    cli_leave(directory);
    return status;
}
