/* deterra check: sizes, times to expect, and --show-plan. */
#include <cjson/cJSON.h>

#include "cli_run.h"

static const char EXAMPLE[] =
    "title = \"An example\";\n"
    "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"a\", \"b\", \"c\"]; } ); "
    "},\n"
    "            { name = \"B\"; moves = ( { name = \"x\"; levels = [\"a\", \"b\", \"c\"]; },\n"
    "                                  { name = \"y\"; levels = [\"a\", \"b\"]; },\n"
    "                                  { name = \"one\"; levels = [\"only\"]; } ); } );\n"
    "payoffs = { kind = \"formula\"; define = ( \"P = (1 + A.x + B.x)^1.5\", \"cost = 2\",\n"
    "            \"S = A.x + B.y\" );\n"
    "            A = \"A.x * P + P - cost * B.y + S\"; B = \"B.x + B.y - P\"; };\n"
    "solve = { concepts = [\"pure-nash\"]; };\n";

static void sizes(void) {
    cli_works(DETERRA("check", BASELINE, "-q"), "43046721");
    cli_works(DETERRA("check", COARSE, "-q"), "6561");
    cli_run run = DETERRA("check", COARSE, "--format", "json", "-q");
    cJSON *json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NOT_NULL(json);
    cJSON_Delete(json);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    cli_done(&run);
    cli_fails(DETERRA("check", DILEMMA, "--concept", "nash"), 2, "unknown concept `nash`");
}

/* --- times --- */

/* A time to expect is said of each concept, and is a number. */
static void expects(cli_run run, const char *words) {
    cli_status(&run, 0);
    cli_says(run.err, words);
    cli_says(run.err, ": about ");
    CU_ASSERT_PTR_NULL(strstr(run.err, " inf"));
    CU_ASSERT_PTR_NULL(strstr(run.err, " nan"));
    CU_ASSERT(run.length > 0);
    cli_done(&run);
}

static void times(void) {
    expects(DETERRA("check", CLASSICS "chicken.cfg", "--threads", "1"),
            " expected with 1 thread (solved once to see)");
    expects(DETERRA("check", COARSE, "--threads", "2"), " expected with 2 threads (");
    expects(DETERRA("check", COARSE), "deterra: dominance: about ");
    expects(DETERRA("check", DETERRA_ROOT "/configs/rare_earth/fine.cfg"), "of the search)");
    cli_run run = DETERRA("check", DILEMMA, "--concept", "minimax");
    cli_status(&run, 0);
    cli_says(run.err, "deterra: minimax: no time to tell: it will fail, deterra solve says why");
    cli_done(&run);
}

/* Payoffs that do not exist everywhere: found, or not looked for to the end. */
static void payoffs_that_do_not_exist(void) {
    static const char config[] =
        "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"a\", \"b\"]; values = "
        "(-1, 1); } ); } ); payoffs = { kind = \"formula\"; A = \"log(A.x)\"; }; solve = { "
        "concepts = [\"pure-nash\"]; };";
    cli_run run = cli_with((cli_setup){.input = config}, "check", "-", (char *)NULL);
    cli_status(&run, 0);
    cli_says(run.err, "no time to tell: not all payoffs exist, deterra solve says which");
    cli_done(&run);
    run = cli_with((cli_setup){.input = config}, "check", "-", "-q", (char *)NULL);
    cli_status(&run, 0);
    CU_ASSERT_STRING_EQUAL(run.err, "");
    cli_done(&run);
}

/* 40 players whose payoffs nothing is known of without a look: neither trial ends. */
static void times_of_the_endless(void) {
    FILE *out = fopen("endless.cfg", "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs("players = (", out);
    for (int i = 0; i < 40; i++)
        fprintf(out,
                "%s{ name = \"p%d\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); }",
                i ? ", " : "", i);
    fputs("); payoffs = { kind = \"formula\";", out);
    for (int i = 0; i < 40; i++)
        fprintf(out, " p%d = \"log(0.5 + p%d.m * p%d.m - p%d.m + p0.m * p1.m)\";", i, i, i, i);
    fputs(" }; solve = { concepts = [\"pure-nash\", \"maximin\"]; };", out);
    fclose(out);
    expects(DETERRA("check", "endless.cfg"), "deterra: checking that all payoffs exist: about ");
    expects(DETERRA("check", "endless.cfg"), "deterra: pure-nash: about ");
    expects(DETERRA("check", "endless.cfg"), "deterra: maximin: about ");
    cli_run run =
        cli_with((cli_setup){.interrupt_after = 300}, "check", "endless.cfg", (char *)NULL);
    cli_status(&run, 130);
    cli_says(run.err, "deterra: interrupted\n");
    cli_done(&run);
    unlink("endless.cfg");
}

/* --- plans --- */

static const cJSON *row_of(const cJSON *tables, const char *table, const char *key,
                           const char *value) {
    const cJSON *row;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(tables, table)) {
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, key));
        if (text && strcmp(text, value) == 0)
            return row;
    }
    return NULL;
}

static void text_is(const cJSON *row, const char *key, const char *value) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(row, key));
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_STRING_EQUAL(text, value);
}

static void number_is(const cJSON *row, const char *key, double value) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(row, key);
    CU_ASSERT_FATAL(cJSON_IsNumber(item));
    CU_ASSERT_EQUAL(item->valuedouble, value);
}

static void plan(void) {
    cli_file("example.cfg", EXAMPLE);
    cli_run run = DETERRA("check", "example.cfg", "--show-plan", "-q", "-f", "json");
    cli_status(&run, 0);
    cJSON *json = cJSON_Parse(run.out);
    const cJSON *tables = cJSON_GetObjectItemCaseSensitive(json, "tables");
    CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
    const cJSON *row = row_of(tables, "plan_A", "definition", "P");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    text_is(row, "depends on", "A.x, B.x");
    text_is(row, "computed", "per level of B.x");
    number_is(row, "values at once", 3);
    number_is(row, "times", 3);
    row = row_of(tables, "plan_A", "definition", "the payoff");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    text_is(row, "depends on", "all moves");
    text_is(row, "computed", "per row");
    number_is(row, "times", 6);
    row = row_of(tables, "plan_A", "definition", "S");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    text_is(row, "computed", "taken apart");
    CU_ASSERT_PTR_NULL(row_of(tables, "plan_A", "definition", "cost"));
    row = row_of(tables, "plan_B", "definition", "the payoff");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    number_is(row, "values at once", 6);
    number_is(row, "times", 3);
    row = row_of(tables, "search", "payoff of", "A");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    text_is(row, "loops over rows, outermost first", "B.*");
    number_is(row, "rows", 6);
    row = row_of(tables, "search", "payoff of", "B");
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    text_is(row, "loops over rows, outermost first", "A.x");
    const cJSON *notes = cJSON_GetObjectItemCaseSensitive(json, "notes");
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetArrayItem(notes, 0)),
                           "1 more definition depends on no move: constants.");
    cJSON_Delete(json);
    cli_done(&run);
    unlink("example.cfg");
}

static void plans_of_every_kind(void) {
    static const char *const formats[] = {"text", "csv", "json", "latex", "markdown"};
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        cli_works(DETERRA("check", COARSE, "--show-plan", "-q", "-f", formats[f]), "bite");
        cli_works(DETERRA("check", BASELINE, "--show-plan", "-q", "-f", formats[f]),
                  "per level of");
    }
    cli_run run = DETERRA("check", DILEMMA, "--show-plan", "-q");
    cli_status(&run, 0);
    cli_says(run.err, "deterra: --show-plan: payoffs of kind `table` are looked up, not computed: "
                      "there is no plan\n");
    cli_says(run.out, "cooperate");
    cli_done(&run);
    run = DETERRA("check", COARSE, "-q");
    CU_ASSERT_PTR_NULL(strstr(run.out, "computed"));
    cli_done(&run);
    cli_fails(DETERRA("solve", DILEMMA, "--show-plan"), 2, "unknown option `--show-plan`");
    cli_fails(DETERRA("check", DILEMMA, "--show-plans"), 2, "did you mean `--show-plan`?");
    cli_fails(DETERRA("check", DILEMMA, "--show-plan=1"), 2, "show-plan");
}

/* --- sweeps --- */

#define SWEEP_OVER                                                                                 \
    "parameters = { p = { value = 1; range = (1, 100); unit = \"kt\"; }; };\n"                     \
    "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"a\", \"b\"]; } ); } );\n"   \
    "payoffs = { kind = \"formula\"; A = \"p * A.x\"; };\nsolve = { concepts = ( \"pure-nash\" "   \
    "); "                                                                                          \
    "};\n"

static void sweeps(void) {
    cli_file(
        "sweep.cfg", SWEEP_OVER
        "sweep = { design = \"latin-hypercube\"; points = 200; seed = 7; over = ( { parameter = "
        "\"p\"; range = (1, 50); scale = \"log\"; } ); concepts = ( { concept = "
        "\"epsilon-nash\"; regret = 0.5; } ); record = ( \"payoffs\", \"A.x:b\" ); };");
    cli_run run = DETERRA("check", "sweep.cfg", "--threads", "2");
    cli_status(&run, 0);
    cli_says(run.out, "design              latin-hypercube\npoints              200\n"
                      "seed                7\nconcepts            epsilon-nash:regret=0.5\n"
                      "kept of each point  equilibria, payoffs, A.x:b\n");
    cli_says(run.out, "p            1    50         log    kt\n");
    cli_says(run.err, "deterra: sweep: about ");
    cli_says(run.err, " expected with 2 threads (64 points solved to see)\n");
    cli_done(&run);
    cli_file("grid.cfg", SWEEP_OVER "sweep = { design = \"grid\"; over = ( { parameter = \"p\"; "
                                    "steps = 3; } ); };");
    cli_works(DETERRA("check", "grid.cfg", "-q"), "p            1   100      3  linear  kt\n");
    /* its errors, with those of the rest of the file */
    cli_file("wrong.cfg", SWEEP_OVER "sweep = { design = \"grid\"; over = ( { parameter = \"p\"; "
                                     "steps = 0; } ); };\ntitel = \"x\";");
    run = DETERRA("check", "wrong.cfg");
    cli_status(&run, 3);
    cli_says(run.err, "wrong.cfg:5:64: error: `steps` is a whole number");
    cli_says(run.err, "wrong.cfg:6:1: error: unknown setting `titel`");
    cli_done(&run);
    cli_file("record.cfg", SWEEP_OVER "sweep = { design = \"grid\"; over = ( { parameter = \"p\"; "
                                      "steps = 3; } ); record = ( \"A.y:b\" ); };");
    cli_fails(DETERRA("check", "record.cfg"), 3, "`A` has no move `y`");
    /* points that take longer than a second are not waited for */
    cli_file("slow.cfg", "@include \"" BASELINE "\"\nsweep = { design = \"sobol\"; points = 100; "
                         "over = ( \"resolve\" ); concepts = ( \"dominance\" ); };");
    run = DETERRA("check", "slow.cfg");
    cli_status(&run, 0);
    cli_says(run.err, "deterra: sweep: ");
    cli_done(&run);
}

static const dt_case cases[] = {
    {"sizes", sizes},
    {"times", times},
    {"payoffs that do not exist", payoffs_that_do_not_exist},
    {"times of the endless", times_of_the_endless},
    {"a plan", plan},
    {"plans of every kind", plans_of_every_kind},
    {"sweeps", sweeps},
};

int main(void) {
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("check", cases);
    cli_leave(directory);
    return status;
}
