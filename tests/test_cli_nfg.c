/* Strategic-form files through the program: solved, checked, explained, exported, refused. */
#include "cli_run.h"

#define DATA   DETERRA_ROOT "/tests/data/nfg/"
#define ESCORT DATA "escort.nfg"
#define HEAD   "NFG 1 R \"t\" { \"A\" \"B\" } { 2 2 }\n"
#define STAG   HEAD "4 4 3 0 0 3 2 2\n"

static void solves(void) {
    static const char *const formats[] = {"text", "csv", "json", "latex", "markdown"};
    for (size_t i = 0; i < 5; i++)
        cli_works(DETERRA("solve", ESCORT, "--concept", "maximin", "-f", formats[i]), "south");
    cli_run run = DETERRA("solve", ESCORT); /* what one asks of a file that asks for nothing */
    cli_status(&run, 0);
    cli_says(run.out, "pure-nash: no equilibrium");
    cli_says(run.out, "dominance: ");
    cli_says(run.err, "dominance in ");
    cli_done(&run);
    run = DETERRA("solve", DATA "outcomes.nfg", "-q", "-f", "json", "--concept", "pure-nash");
    cli_status(&run, 0);
    cli_says(run.out, "\"payoffs_exact\":\t{\n\t\t\t\t\t\t\"Upstream\":\t\"5/2\"");
    cli_says(run.out, "\"moves\":\t[\"strategy\"]");
    CU_ASSERT_STRING_EQUAL(run.err, "");
    cli_done(&run);
    cli_run one = DETERRA("solve", DATA "three.nfg", "--threads", "1", "-f", "csv");
    cli_run two = DETERRA("solve", DATA "three.nfg", "--threads", "2", "-f", "csv");
    cli_status(&one, 0);
    CU_ASSERT_STRING_EQUAL(one.out, two.out);
    cli_done(&one);
    cli_done(&two);
    cli_works(DETERRA("solve", DATA "labels.nfg", "-f", "latex"), "U.S.\\_1");
}

static void checks_and_explains(void) {
    cli_works(DETERRA("check", ESCORT), "table, all rational");
    cli_works(DETERRA("check", ESCORT), "north = 0, south = 1, stay = 2");
    cli_works(DETERRA("check", ESCORT, "--parameters", "--show-plan"), "profiles");
    cli_works(DETERRA("explain", ESCORT, "--profile", "Convoy.strategy=stay,Raider.strategy=north"),
              "strategy: stay → south");
    cli_works(DETERRA("explain", DATA "labels.nfg", "--profile",
                      "U.S._2.strategy=end\\, U.S._1.strategy=x, y=z, Player 1.strategy=4"),
              "end\\");
    cli_fails(DETERRA("explain", ESCORT, "--profile", "Convoy.strategy=nroth"), 3,
              "did you mean `north`?");
    cli_fails(DETERRA("explain", ESCORT, "--profile", "Convoy=north"), 3,
              "expected player.move=label");
    cli_fails(
        DETERRA("explain", ESCORT, "--profile", "Convoy.strategy=north,Convoy.strategy=south"), 3,
        "named twice");
}

/* By name, or by what it begins with. */
static void recognised(void) {
    cli_setup input = {.input = STAG};
    cli_works(cli_with(input, "solve", "-", (char *)NULL), "2 equilibria");
    cli_file("T.NFG", STAG);
    cli_works(DETERRA("solve", "T.NFG"), "2 equilibria");
    cli_file("game.txt", "\xEF\xBB\xBF\n " STAG);
    cli_works(DETERRA("solve", "game.txt"), "2 equilibria");
    cli_file("t.nfg", "title = \"a config\";\n");
    cli_fails(DETERRA("solve", "t.nfg"), 3,
              "t.nfg:1:1: error: expected `NFG 1 R`, the beginning of a strategic game, found "
              "`title`");
    cli_file("t.nfg", "");
    cli_fails(DETERRA("check", "t.nfg"), 3, "t.nfg:1:1: error: expected `NFG 1 R`");
    cli_fails(cli_with((cli_setup){.input = "NFG 1 R \"t"}, "solve", "-", (char *)NULL), 3,
              "-:1:9: error: this text is never closed");
    cli_fails(cli_with((cli_setup){.input = "NFG = 1;"}, "solve", "-", (char *)NULL), 3,
              "unknown setting `NFG`");
    cli_fails(DETERRA("check", "missing.nfg"), 3,
              "cannot read `missing.nfg`: No such file or directory");
    cli_fails(DETERRA("check", "/dev/zero"), 3, "`/dev/zero` is too large");
    CU_ASSERT_EQUAL(mkdir("folder.nfg", 0700), 0);
    cli_fails(DETERRA("check", "folder.nfg"), 3, "it is a directory");
}

/* Refused by all commands, with the place, and nothing is written. */
static void refused(void) {
    static const char *const commands[] = {"solve", "check", "export"};
    static const char *const bad[][2] = {
        {HEAD "1 2 3", "t.nfg:2:6: error: too few payoffs: 4 profiles of 2 players need 8, and "
                       "there are 3"},
        {HEAD "1 2 3 nan 1/0 6 7 8", "t.nfg:2:7: error: `nan` is not a payoff"},
        {HEAD "1 2 3 nan 1/0 6 7 8", "t.nfg:2:11: error: `1/0` is a division by zero"},
        {"NFG 2 R", "t.nfg:1:5: error: expected 1, the version of the format, found `2`"},
        {"NFG 1 R \"t\" { } { }", "at least one player"},
        {HEAD "1 2 \xFF", "t.nfg:2:5: error: this byte is not UTF-8 text"},
        {"{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{", "t.nfg:1:1: error: expected `NFG 1 R`"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (size_t c = 0; c < 3; c++) {
            cli_file("t.nfg", bad[i][0]);
            cli_fails(DETERRA(commands[c], "t.nfg", "-o", "never"), 3, bad[i][1]);
            CU_ASSERT_EQUAL(access("never", F_OK), -1);
        }
    cli_fails(DETERRA("solve", ESCORT, "--set", "gain=1"), 3, "--set:1:1: error: ");
    cli_fails(DETERRA("solve", ESCORT, "--concept", "pure_nash"), 2, "did you mean `pure-nash`?");
    cli_fails(DETERRA("solve", ESCORT, "--concept", "epsilon-nash"), 3, "needs `regret`");
}

static void same_bytes(const char *a, const char *b) {
    char *x = cli_slurp(a, NULL), *y = cli_slurp(b, NULL);
    CU_ASSERT_FATAL(x && y);
    CU_ASSERT_STRING_EQUAL(x, y);
    free(x);
    free(y);
}

static void exports(void) {
    static const char chicken[] = "NFG 1 R \"Chicken\" { \"Row\" \"Column\" }\n\n"
                                  "{ { \"swerve\" \"dare\" }\n{ \"swerve\" \"dare\" }\n}\n"
                                  "\"\"\n\n6 6\n7 2\n2 7\n0 0\n";
    cli_run run = DETERRA("export", CHICKEN);
    cli_status(&run, 0);
    CU_ASSERT_STRING_EQUAL(run.out, chicken);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    cli_done(&run);
    cli_works(DETERRA("export", CHICKEN, "--format", "nfg", "-o", "a.nfg"), "");
    cli_works(DETERRA("export", "a.nfg", "-o", "b.nfg"), "");
    same_bytes("a.nfg", "b.nfg");
    cli_works(DETERRA("export", ESCORT, "-o", "a.nfg"), "");
    cli_works(DETERRA("export", "a.nfg", "-o", "a.nfg"), ""); /* in its own place */
    same_bytes("a.nfg", ESCORT);                              /* which is in the form of export */
}

/* A config and the file that is exported of it have the same equilibria. */
static void same_answers(void) {
    static const char *const concepts[] = {"pure-nash", "dominance", "maximin", "correlated",
                                           "epsilon-nash:regret=1/2"};
    cli_file("t.cfg",
             "players = ( { name = \"R\"; moves = ( { name = \"strategy\"; levels = [\"t\", \"m\", "
             "\"b\"]; } ); }, { name = \"C\"; moves = ( { name = \"strategy\"; levels = [\"l\", "
             "\"r\"]; } ); } );\npayoffs = { kind = \"formula\"; R = \"R.strategy * R.strategy / 3 "
             "- 1.1 * "
             "C.strategy * R.strategy\"; C = \"(R.strategy - 0.7) * C.strategy\"; };\n");
    cli_works(DETERRA("export", "t.cfg", "-o", "t.nfg"), "");
    for (size_t i = 0; i < sizeof concepts / sizeof *concepts; i++) {
        cli_run config = DETERRA("solve", "t.cfg", "-q", "-f", "csv", "--concept", concepts[i]);
        cli_run file = DETERRA("solve", "t.nfg", "-q", "-f", "csv", "--concept", concepts[i]);
        cli_status(&config, 0);
        CU_ASSERT_STRING_EQUAL(config.out, file.out);
        cli_done(&config);
        cli_done(&file);
    }
}

static void export_usage(void) {
    cli_fails(DETERRA("export"), 2, "CONFIG|GAME.nfg|RESULTS.sqlite is missing");
    cli_fails(DETERRA("export", CHICKEN, "-f", "text"), 2,
              "deterra export: unknown format `text`: nfg (default), csv");
    cli_fails(DETERRA("export", CHICKEN, "-f", ""), 2, "unknown format ``");
    cli_fails(DETERRA("solve", CHICKEN, "-f", "nfg"), 2, "unknown format `nfg`: text, csv");
    cli_fails(DETERRA("export", CHICKEN, "--decimals", "19"), 2,
              "--decimals takes a number from 0 to 18, not `19`");
    cli_fails(DETERRA("export", CHICKEN, "--decimals", "-1"), 2, "not `-1`");
    cli_fails(DETERRA("export", CHICKEN, "--decimals", "2x"), 2, "not `2x`");
    cli_fails(DETERRA("solve", CHICKEN, "--decimals", "2"), 2, "unknown option `--decimals`");
    cli_works(DETERRA("export", "--help"), "nfg (default)");
}

/* An old file stays as it was, and nothing lies beside it. */
static void export_refuses(void) {
    cli_file("old.nfg", "old");
    cli_fails(DETERRA("export", COARSE, "-o", "old.nfg"), 3,
              "irrational, and strategic-form files hold fractions (--decimals N rounds such "
              "payoffs), at ");
    cli_file("new.nfg", "old");
    same_bytes("old.nfg", "new.nfg");
    cli_fails(DETERRA("export", BASELINE, "-o", "old.nfg"), 3,
              "too large for a strategic-form file: the game has 43046721 profiles of 4 players");
    same_bytes("old.nfg", "new.nfg");
    CU_ASSERT_EQUAL(system("ls -A | grep -q '^\\.deterra' && exit 1; exit 0"), 0);
    cli_fails(DETERRA("export", CHICKEN, "-o", "no/such/folder.nfg"), 1, "cannot write");
    cli_fails(DETERRA("export", CHICKEN, "-o", "/dev/full"), 1, "cannot write");
    cli_run run = DETERRA("export", COARSE, "--decimals", "2", "-o", "old.nfg");
    cli_status(&run, 0);
    cli_says(run.err, "payoffs are irrational and rounded to 2 decimals: equilibria may differ");
    cli_done(&run);
    cli_works(DETERRA("check", "old.nfg"), "export_control=none,subsidy=none = 0");
}

/* Ctrl-C in a long export: nothing is written. */
static void interrupted(void) {
    FILE *out = fopen("long.cfg", "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs("players = (", out);
    for (int i = 0; i < 2; i++) {
        fprintf(out, "%s{ name = \"p%d\"; moves = ( { name = \"m\"; levels = (", i ? ", " : "", i);
        for (int l = 0; l < 5000; l++)
            fprintf(out, "%s\"l%d\"", l ? ", " : "", l);
        fputs("); } ); }", out);
    }
    fputs(" ); payoffs = { kind = \"formula\"; p0 = \"p0.m / (1 + p1.m)\"; p1 = \"p1.m\"; };", out);
    fclose(out);
    cli_run run = cli_with((cli_setup){.interrupt_after = 400}, "export", "long.cfg", "-o",
                           "long.nfg", (char *)NULL);
    cli_status(&run, 130);
    cli_says(run.err, "nothing was written");
    CU_ASSERT_EQUAL(access("long.nfg", F_OK), -1);
    cli_done(&run);
}

static const dt_case cases[] = {
    {"solve", solves},
    {"check and explain", checks_and_explains},
    {"what is a game file", recognised},
    {"bad files", refused},
    {"export", exports},
    {"export: the same answers", same_answers},
    {"export: usage", export_usage},
    {"export: refusals", export_refuses},
    {"export: interrupted", interrupted},
};

int main(void) {
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("cli nfg", cases);
    cli_leave(directory);
    return status;
}
