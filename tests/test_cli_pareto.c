/* deterra solve --pareto, and the setting `pareto` of pure-nash: what is decided, what is said. */
#include "cli_run.h"

/* 117 649 profiles. All gain by more of their own move; where all hold back, all are better off. */
#define LEVELS  "levels = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"];"
#define ONE(n)  "{ name = \"" n "\"; moves = ( { name = \"m\"; " LEVELS " } ); }"
#define ALL     "(A.m + B.m + C.m + D.m + E.m + F.m)"
#define MINE(n) n " = \"" n ".m - " ALL " / 2\";\n"
#define GAME                                                                                       \
    "players = ( " ONE("A") ",\n" ONE("B") ",\n" ONE("C") ",\n" ONE("D") ",\n" ONE("E") ",\n" ONE( \
        "F") " );\n"                                                                               \
             "payoffs = { kind = \"formula\";\n" MINE("A") MINE("B") MINE("C") MINE("D") MINE("E") \
                 MINE("F") "};\n"
#define SOLVE(c) "solve = { concepts = ( " c " ); };\n"

static const char NOTE[] = "Pareto efficiency was not decided: --pareto asks for it.";

static void decided(cli_run run, const char *wanted, bool noted) {
    cli_says(run.out, wanted);
    CU_ASSERT_EQUAL(strstr(run.out, NOTE) != NULL, noted);
    cli_status(&run, 0);
    cli_done(&run);
}

static void json(void) {
    static const char unknown[] = "\"pareto_efficient\":\tnull",
                      no[] = "\"pareto_efficient\":\tfalse";
    cli_file("g.cfg", GAME SOLVE("\"pure-nash\""));
    decided(DETERRA("solve", "g.cfg", "-f", "json"), unknown, true);
    decided(DETERRA("solve", "g.cfg", "-f", "json", "--pareto"), no, false);
    decided(DETERRA("solve", "g.cfg", "-f", "json", "--concept", "pure-nash:pareto=yes"), no,
            false);
    decided(DETERRA("solve", "g.cfg", "-f", "json", "--concept", "pure-nash:pareto=no"), unknown,
            false);
    cli_file("g.cfg", GAME SOLVE("{ concept = \"pure-nash\"; pareto = \"yes\"; }"));
    decided(DETERRA("solve", "g.cfg", "-f", "json"), no, false);
    cli_file("g.cfg", GAME SOLVE("{ concept = \"pure-nash\"; pareto = \"no\"; }"));
    decided(DETERRA("solve", "g.cfg", "-f", "json"), unknown, false);
    decided(DETERRA("solve", "g.cfg", "-f", "json", "--pareto"), no, false);
    /* small games: by themselves, but not against the reader's will */
    decided(DETERRA("solve", DILEMMA, "-f", "json", "--concept", "pure-nash"), no, false);
    decided(DETERRA("solve", DILEMMA, "-f", "json", "--concept", "pure-nash:pareto=no"), unknown,
            false);
}

static void tables(void) {
    cli_file("g.cfg", GAME SOLVE("\"pure-nash\""));
    static const char *const formats[] = {"text", "latex", "markdown"};
    for (size_t f = 0; f < 3; f++) {
        cli_run run = DETERRA("solve", "g.cfg", "-f", formats[f]);
        cli_status(&run, 0);
        cli_says(run.out, "Pareto efficiency was not decided");
        CU_ASSERT_PTR_NULL(strstr(run.out, "Pareto  "));
        cli_done(&run);
        cli_works(DETERRA("solve", "g.cfg", "--pareto", "-f", formats[f]), "Pareto");
    }
    cli_works(DETERRA("solve", "g.cfg", "--pareto", "-f", "csv"), ",true,false,true,exact,");
    cli_works(DETERRA("solve", "g.cfg", "-f", "csv"), ",true,,true,exact,");
    cli_works(DETERRA("solve", "--help"), "--pareto");
    cli_works(DETERRA("list", "concepts"), "yes|no");
}

static void threads(void) {
    cli_file("g.cfg", GAME SOLVE("\"pure-nash\""));
    static const char *const formats[] = {"text", "csv", "json", "latex", "markdown"};
    for (size_t f = 0; f < 5; f++) {
        cli_run first = DETERRA("solve", "g.cfg", "--pareto", "-f", formats[f], "-j", "1");
        cli_status(&first, 0);
        for (int k = 0; k < 2; k++) {
            cli_run other =
                DETERRA("solve", "g.cfg", "--pareto", "-f", formats[f], "-j", k ? "4" : "2");
            CU_ASSERT_STRING_EQUAL(other.out, first.out);
            cli_done(&other);
        }
        cli_done(&first);
    }
}

static void wrong(void) {
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "pure-nash:pareto=maybe"), 3,
              "`pareto` of pure-nash takes one of yes|no, not `maybe`");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "pure-nash:pareto=1", "--pareto"), 3,
              "takes one of yes|no, not `1`");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "pure-nash:paretto=yes"), 3,
              "pure-nash has no setting `paretto`; did you mean `pareto`?");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "pure-nash:pareto=yes,pareto=no"), 3,
              "`pareto` is given twice");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "maximin:pareto=yes"), 3,
              "maximin has no setting `pareto`");
    cli_file("g.cfg", GAME SOLVE("{ concept = \"pure-nash\"; pareto = true; }"));
    cli_fails(DETERRA("solve", "g.cfg"), 3, "g.cfg:15:");
    cli_file("g.cfg", GAME SOLVE("{ concept = \"pure-nash\"; pareto = \"perhaps\"; }"));
    cli_fails(DETERRA("check", "g.cfg"), 3, "takes one of yes|no, not `perhaps`");
    cli_fails(DETERRA("check", DILEMMA, "--pareto"), 2, "unknown option `--pareto`");
    cli_fails(DETERRA("solve", DILEMMA, "--pareto=yes"), 2, "");
    cli_run run = DETERRA("solve", DILEMMA, "--concept", "maximin", "--pareto");
    cli_status(&run, 0);
    cli_says(run.err, "warning: --pareto changes nothing: pure-nash is not solved for");
    cli_done(&run);
}

static const dt_case cases[] = {
    {"null, or decided on request", json},
    {"tables and their note", tables},
    {"the same bytes for any number of threads", threads},
    {"wrong settings", wrong},
};

int main(void) {
    const char *directory = cli_enter();
    int failed = DT_RUN_SUITE("deterra solve --pareto", cases);
    cli_leave(directory);
    return failed;
}
