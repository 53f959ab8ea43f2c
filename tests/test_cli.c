/* The program as a user runs it: statuses, streams, files, formats, threads, options. */
#include <cjson/cJSON.h>

#include "cli_run.h"

static const char *const FORMATS[] = {"text", "csv", "json", "latex", "markdown"};
enum { FORMAT_COUNT = 5 };

/* --- usage --- */

static void usage(void) {
    cli_run run = cli_with((cli_setup){0}, (char *)NULL);
    cli_fails(run, 2, "usage: deterra");
    cli_fails(DETERRA("slove", DILEMMA), 2, "unknown command `slove`; did you mean `solve`?");
    cli_fails(DETERRA("solve"), 2, "CONFIG|GAME.nfg is missing");
    cli_fails(DETERRA("solve", DILEMMA, CHICKEN), 2, "one argument too many");
    cli_fails(DETERRA("solve", DILEMMA, "--fromat", "csv"), 2,
              "unknown option `--fromat`; did you mean `--format`?");
    cli_fails(DETERRA("solve", DILEMMA, "--format", "pdf"), 2, "unknown format `pdf`");
    cli_fails(DETERRA("solve", DILEMMA, "--format"), 2, "--format needs an argument");
    cli_fails(DETERRA("solve", DILEMMA, "--threads", "0"), 2, "--threads takes a number");
    cli_fails(DETERRA("solve", DILEMMA, "--threads", "two"), 2, "not `two`");
    cli_fails(DETERRA("solve", DILEMMA, "--threads", "-3"), 2, "--threads takes a number");
    cli_fails(DETERRA("solve", DILEMMA, "--threads", "99999999999999999999"), 2, "--threads");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "pure_nash"), 2,
              "unknown concept `pure_nash`; did you mean `pure-nash`?");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "zzz"), 2, "unknown concept `zzz`");
    cli_fails(DETERRA("check", DILEMMA, "--timings"), 2, "unknown option `--timings`");
    cli_fails(DETERRA("list"), 2, "concepts|models is missing");
    cli_fails(DETERRA("list", "games"), 2, "`concepts` or `models` expected, not `games`");
    cli_fails(DETERRA("explain", DILEMMA), 2, "--profile is missing");
    cli_fails(DETERRA("solve", "-qz", DILEMMA), 2, "z");
}

static void help(void) {
    static const char *const commands[] = {"solve", "check", "explain", "export", "list"};
    cli_works(DETERRA("--help"), "exit status: 0 done");
    cli_works(DETERRA("-h"), "usage: deterra COMMAND");
    cli_works(DETERRA("--version"), "deterra 0.");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char words[64];
        snprintf(words, sizeof words, "usage: deterra %s", commands[i]);
        cli_works(DETERRA(commands[i], "--help"), words);
        cli_works(DETERRA(commands[i], "--help"), "example: deterra");
        cli_works(DETERRA(commands[i], "-h"), "--format");
    }
    cli_works(DETERRA("list", "concepts"), "epsilon-nash");
    cli_works(DETERRA("list", "models"), "formula");
    cli_run run = DETERRA("list", "concepts", "--format", "json");
    cJSON *json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NOT_NULL(json);
    cJSON_Delete(json);
    cli_done(&run);
}

/* --- streams --- */

static void streams(void) {
    cli_run run = DETERRA("solve", DILEMMA);
    cli_status(&run, 0);
    cli_says(run.out, "Prisoner's dilemma");
    cli_says(run.out, "defect");
    cli_says(run.err, "pure-nash in "); /* times go to stderr */
    CU_ASSERT_PTR_NULL(strstr(run.out, " s\n"));
    CU_ASSERT_PTR_NULL(strchr(run.out, '\033')); /* not a terminal */
    CU_ASSERT_PTR_NULL(strchr(run.err, '\033'));
    cli_done(&run);
    run = DETERRA("solve", "--quiet", DILEMMA);
    cli_status(&run, 0);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    cli_done(&run);
    cli_setup input = {.input = "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = "
                                "[\"x\", \"y\"]; } ); } ); payoffs = { kind = \"table\"; values = "
                                "(1, 2); }; solve = { concepts = [\"pure-nash\"]; };"};
    run = cli_with(input, "solve", "-", (char *)NULL);
    cli_works(run, "y");
    cli_fails(cli_with((cli_setup){.input = "players = ("}, "solve", "-", (char *)NULL), 3, ":1:");
    run = DETERRA("solve", DILEMMA, "--timings", "--format", "json");
    cli_status(&run, 0);
    cli_says(run.out, "seconds");
    cli_done(&run);
}

/* Every format holds the equilibrium; JSON parses and says what DESIGN.md promises. */
static void formats(void) {
    for (size_t f = 0; f < FORMAT_COUNT; f++) {
        cli_works(DETERRA("solve", DILEMMA, "--format", FORMATS[f]), "defect");
        cli_works(DETERRA("check", DILEMMA, "--format", FORMATS[f]), "cooperate");
        cli_works(DETERRA("explain", DILEMMA, "--profile", "Row.choice=defect", "-q", "--format",
                          FORMATS[f]),
                  "defect");
        cli_works(DETERRA("list", "concepts", "-f", FORMATS[f]), "maximin");
    }
    cli_run run = DETERRA("solve", CHICKEN, "--format", "json");
    cJSON *json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "title")),
                           "Chicken");
    CU_ASSERT_EQUAL(cJSON_GetObjectItemCaseSensitive(json, "profiles")->valueint, 4);
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "results"), 0);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "concept")),
                           "pure-nash");
    CU_ASSERT(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(first, "complete")));
    const cJSON *item =
        cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(first, "equilibria"), 1);
    const cJSON *row =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(item, "profile"), "Row");
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, "choice")),
                           "dare");
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
                               cJSON_GetObjectItemCaseSensitive(item, "payoffs_exact"), "Row")),
                           "7");
    CU_ASSERT_STRING_EQUAL(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "certificate")), "exact");
    cJSON_Delete(json);
    cli_done(&run);
}

/* --- output --- */

static size_t files_here(void) {
    FILE *in = popen("ls -A | grep -v '^run\\.' | wc -l", "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    size_t count = 0;
    CU_ASSERT_EQUAL(fscanf(in, "%zu", &count), 1);
    pclose(in);
    return count;
}

static void holds(const char *path, const char *text) {
    char *found = cli_slurp(path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found, text);
    free(found);
}

static void output_files(void) {
    size_t before = files_here();
    cli_run run = DETERRA("solve", DILEMMA, "--format", "csv");
    cli_run file = DETERRA("solve", DILEMMA, "--format", "csv", "-o", "o.csv");
    cli_status(&file, 0);
    CU_ASSERT_EQUAL(file.length, 0);
    holds("o.csv", run.out);
    cli_done(&file);
    CU_ASSERT_EQUAL(files_here(), before + 1);
    /* failures leave what was there, and nothing beside it */
    cli_file("kept", "what was there\n");
    cli_file("bad.cfg", "players = (");
    cli_fails(DETERRA("solve", "bad.cfg", "-o", "kept"), 3, "bad.cfg:1:");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "minimax", "-o", "kept"), 3, "");
    cli_fails(DETERRA("solve", "missing.cfg", "-o", "new"), 3, "missing.cfg");
    holds("kept", "what was there\n");
    CU_ASSERT_EQUAL(access("new", F_OK), -1);
    CU_ASSERT_EQUAL(files_here(), before + 3);
    /* an old file is replaced whole, and keeps its mode */
    CU_ASSERT_EQUAL(chmod("kept", 0600), 0);
    cli_run again = DETERRA("solve", DILEMMA, "--format", "csv", "-o", "kept");
    cli_status(&again, 0);
    cli_done(&again);
    holds("kept", run.out);
    struct stat info;
    CU_ASSERT_EQUAL(stat("kept", &info), 0);
    CU_ASSERT_EQUAL(info.st_mode & 0777, 0600);
    /* a link stays a link, and what it points to is written */
    CU_ASSERT_EQUAL(symlink("target", "link"), 0);
    cli_file("target", "old");
    again = DETERRA("solve", DILEMMA, "--format", "csv", "-o", "link");
    cli_status(&again, 0);
    cli_done(&again);
    CU_ASSERT_EQUAL(lstat("link", &info), 0);
    CU_ASSERT(S_ISLNK(info.st_mode));
    holds("target", run.out);
    /* where nothing can be written */
    cli_fails(DETERRA("solve", DILEMMA, "-o", "/dev/full"), 1, "No space left");
    cli_fails(DETERRA("solve", DILEMMA, "-o", "no/such/directory"), 1, "cannot write");
    cli_fails(DETERRA("solve", DILEMMA, "-o", "."), 1, "cannot write");
    cli_fails(DETERRA("solve", DILEMMA, "-o", ""), 2, "-o is empty");
    cli_fails(DETERRA("solve", DILEMMA, "-o", "/proc/deterra"), 1, "cannot write");
    if (geteuid() != 0) {
        CU_ASSERT_EQUAL(mkdir("shut", 0500), 0);
        cli_fails(DETERRA("solve", DILEMMA, "-o", "shut/o"), 1, "Permission denied");
    }
    cli_works(DETERRA("list", "models", "-o", "/dev/null"), "");
    for (const char *const *f =
             (const char *const[]){"o.csv", "bad.cfg", "kept", "link", "target", NULL};
         *f; f++)
        unlink(*f);
    cli_done(&run);
}

/* A full disk, a closed stream, a closed pipe: an error each time, and with words. */
static void output_streams(void) {
    static const char *const lines[][4] = {
        {"solve", DILEMMA, NULL},   {"check", DILEMMA, NULL},
        {"list", "concepts", NULL}, {"explain", DILEMMA, "--profile=Row.choice=defect", NULL},
        {"solve", "--help", NULL},  {"--help", NULL},
        {"--version", NULL},        {"solve", CHICKEN, "--format=json", NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        int full = open("/dev/full", O_WRONLY), ends[2];
        CU_ASSERT_FATAL(full > 0 && pipe(ends) == 0);
        close(ends[0]);
        for (int k = 0; k < 3; k++) {
            cli_setup setup = {.stdout_handle = k == 0 ? full : k == 1 ? ends[1] : -1};
            cli_run run =
                cli_with(setup, lines[i][0], lines[i][1], lines[i][2], lines[i][3], (char *)NULL);
            if (run.status != 1 || !strstr(run.err, "cannot write"))
                fprintf(stderr, "\n%s %s: stdout %s: status %d, stderr `%s`\n", lines[i][0],
                        lines[i][1] ? lines[i][1] : "",
                        k == 0   ? "full"
                        : k == 1 ? "a closed pipe"
                                 : "closed",
                        run.status, run.err);
            CU_ASSERT_EQUAL(run.status, 1);
            CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "cannot write"));
            cli_done(&run);
        }
        close(full);
        close(ends[1]);
    }
}

/* --- threads --- */

/* minimax does not apply to this game: refused. The others: the same bytes however many threads. */
static void threads(void) {
    static const char *const concepts[] = {"pure-nash", "epsilon-nash:regret=20", "dominance",
                                           "maximin", "correlated"};
    cli_fails(DETERRA("solve", COARSE, "--concept", "minimax"), 3, "minimax");
    for (size_t c = 0; c < sizeof concepts / sizeof *concepts; c++)
        for (size_t f = 0; f < FORMAT_COUNT; f++) {
            cli_run first = DETERRA("solve", COARSE, "--concept", concepts[c], "--format",
                                    FORMATS[f], "--threads", "1");
            cli_status(&first, 0);
            CU_ASSERT(first.length > 100);
            for (int k = 0; k < 5; k++) {
                static const char *const environment[] = {"OMP_NUM_THREADS=1", "OMP_NUM_THREADS=2",
                                                          "OMP_NUM_THREADS=4"};
                cli_run other = k < 2 ? DETERRA("solve", COARSE, "--concept", concepts[c],
                                                "--format", FORMATS[f], "--threads", k ? "4" : "2")
                                      : cli_with((cli_setup){.environment = environment[k - 2]},
                                                 "solve", COARSE, "--concept", concepts[c],
                                                 "--format", FORMATS[f], (char *)NULL);
                CU_ASSERT_EQUAL(other.length, first.length);
                CU_ASSERT_STRING_EQUAL(other.out, first.out);
                cli_done(&other);
            }
            cli_done(&first);
        }
}

/* --- --set and --concept --- */

static void set_values(void) {
    cli_fails(DETERRA("solve", COARSE, "--set", "harn=3"), 3,
              "unknown parameter `harn`; did you mean `harm`?");
    cli_fails(DETERRA("solve", COARSE, "--set", "stake.UK=3"), 3,
              "no entry `UK` in table `stake`; did you mean `US`?");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm"), 3, "expected name=value");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm=many"), 3, "`many` is not a number");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm=1/0"), 3, "`1/0` is not a number");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm=0x10"), 3, "0x10");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm=nan"), 3, "nan");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm=inf"), 3, "inf");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm=1e999"), 3, "beyond the range");
    cli_fails(DETERRA("solve", COARSE, "--set", "stake=3"), 3, "`stake` is a table");
    cli_fails(DETERRA("solve", COARSE, "--set", "harm.US=3"), 3, "is a single number");
    cli_fails(DETERRA("solve", COARSE, "--set", "share[US=3"), 3, "does not name a parameter");
    cli_fails(DETERRA("solve", COARSE, "--set", "=3"), 3, "expected name=value");
    cli_fails(DETERRA("solve", COARSE, "--set", "\xff=3"), 3, "UTF-8");
    cli_fails(DETERRA("solve", COARSE, "--set", "a=1", "--set", "b=2"), 3, "unknown parameter `b`");
    /* outside its range: a warning, and solved all the same */
    cli_run run = DETERRA("solve", COARSE, "--concept", "pure-nash", "--set", "idle=3/4", "-q");
    cli_status(&run, 0);
    cli_says(run.err, "warning");
    cli_says(run.err, "idle");
    CU_ASSERT(run.length > 0);
    cli_done(&run);
    /* 0.6 and 3/5 and both spellings of a table's entry are the same game; only the digest of the
     * command line tells them apart */
    cli_run a = DETERRA("solve", COARSE, "-f", "csv", "--set", "share.JP.CN=3/5", "--set",
                        "share.JP.JP=0.29", "-q");
    cli_run b = DETERRA("solve", COARSE, "-f", "csv", "--set", "share[JP][CN]=0.6", "--set",
                        "share[JP].JP=29e-2", "-q");
    cli_status(&a, 0);
    CU_ASSERT_STRING_EQUAL(a.err, "");
    CU_ASSERT_STRING_EQUAL(a.out, b.out);
    cli_run c = DETERRA("solve", COARSE, "-f", "csv", "-q");
    CU_ASSERT_STRING_NOT_EQUAL(a.out, c.out);
    cli_done(&a);
    cli_done(&b);
    cli_done(&c);
}

static void concept_settings(void) {
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash"), 3,
              "epsilon-nash needs `regret`");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash:regert=1"), 3,
              "no setting `regert`; did you mean `regret`?");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash:regret=x"), 3,
              "takes a number, not `x`");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash:regret=-1"), 3,
              "must not be negative");
    cli_fails(DETERRA("check", DILEMMA, "--concept", "epsilon-nash:regret=-1"), 3,
              "must not be negative");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash:regret"), 3,
              "expected key=value");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash:regret=1,regret=2"), 3,
              "given twice");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", "pure-nash:regret=1"), 3,
              "pure-nash has no setting `regret`");
    cli_fails(DETERRA("solve", DILEMMA, "--concept", ""), 2, "concept");
    cli_works(DETERRA("solve", DILEMMA, "--concept", "epsilon-nash:regret=2"), "cooperate");
    cli_run run = DETERRA("solve", DILEMMA, "--concept", "maximin"); /* replaces the config's */
    cli_status(&run, 0);
    CU_ASSERT_PTR_NULL(strstr(run.out, "dominance"));
    cli_done(&run);
    cli_file("none.cfg", "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\"]; }"
                         " ); } ); payoffs = { kind = \"table\"; values = (1); };");
    cli_fails(DETERRA("solve", "none.cfg"), 3, "nothing to solve for");
    cli_works(DETERRA("solve", "none.cfg", "--concept", "pure-nash"), "1");
    unlink("none.cfg");
}

/* --- explain --- */

static size_t count(const char *text, const char *word) {
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, word)); p += strlen(word))
        n++;
    return n;
}

static void explain(void) {
    cli_run run = DETERRA("explain", CHICKEN, "--profile", "Row.choice=dare,Column.choice=swerve",
                          "--format", "json");
    cli_status(&run, 0);
    cJSON *json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NOT_NULL(json);
    cJSON_Delete(json);
    cli_done(&run);
    cli_works(DETERRA("explain", CHICKEN, "--profile", "Row.choice=dare,Column.choice=swerve"),
              "A strict pure Nash equilibrium");
    cli_works(DETERRA("explain", CHICKEN, "--profile", "Row.choice=dare,Column.choice=dare"),
              "Not an equilibrium");
    run = DETERRA("explain", CHICKEN, "--profile", "Row.choice=dare");
    cli_status(&run, 0);
    cli_says(run.err, "first feasible level");
    cli_done(&run);
    /* every deviation is there: 8 a player, and the profile itself */
    run = DETERRA("explain", COARSE, "--profile", "US.subsidy=half", "--format", "csv", "-q");
    cli_status(&run, 0);
    size_t verdicts = count(run.out, ",loses") + count(run.out, ",gains") +
                      count(run.out, "the same") + count(run.out, "undecided");
    CU_ASSERT_EQUAL(verdicts, 32);
    cli_done(&run);
    run = DETERRA("explain", COARSE, "--profile", "US.subsidy=half", "-q");
    cli_says(run.out, "security[US]"); /* a term behind the difference */
    cli_says(run.out, "Deviations of VN");
    cli_done(&run);
    cli_fails(DETERRA("explain", CHICKEN, "--profile", "Rwo.choice=dare"), 3,
              "no such player `Rwo`; did you mean `Row`?");
    cli_fails(DETERRA("explain", CHICKEN, "--profile", "Row.chioce=dare"), 3, "`chioce`");
    cli_fails(DETERRA("explain", CHICKEN, "--profile", "Row.choice=dear"), 3,
              "no level `dear`; did you mean `dare`?");
    cli_fails(DETERRA("explain", CHICKEN, "--profile", "dare"), 3, "expected player.move=label");
    cli_fails(DETERRA("explain", CHICKEN, "--profile", "Row.choice=dare,Row.choice=swerve"), 3,
              "twice");
    cli_fails(DETERRA("explain", CLASSICS "deterrence.cfg", "--profile",
                      "Defender.tripwire=forces,Defender.policy=concede"),
              3, "not feasible");
}

/* --- colour --- */

/* Colour only where stdout is a terminal and NO_COLOR is not set: script(1) makes one. */
static void colour(void) {
    if (system("script -qec true /dev/null >/dev/null 2>&1 </dev/null") != 0) {
        fputs("\n    skipped: script(1) makes no terminal here\n", stderr);
        return;
    }
    const char *plain = "NO_COLOR=1 script -qec \"'" DETERRA_PROGRAM "' solve '" CHICKEN
                        "'\" /dev/null > run.tty 2>&1 < /dev/null";
    CU_ASSERT_EQUAL(system(plain), 0);
    char *text = cli_slurp("run.tty", NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    cli_says(text, "Chicken");
    CU_ASSERT_PTR_NULL(strstr(text, "\033[1"));
    CU_ASSERT_PTR_NULL(strstr(text, "\033[3"));
    free(text);
}

static const dt_case cases[] = {
    {"wrong usage", usage},
    {"help, version, list", help},
    {"streams", streams},
    {"formats", formats},
    {"output files", output_files},
    {"output streams that fail", output_streams},
    {"the same bytes for any threads", threads},
    {"--set", set_values},
    {"--concept", concept_settings},
    {"explain", explain},
    {"NO_COLOR", colour},
};

int main(void) {
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("command line", cases);
    cli_leave(directory);
    return status;
}
