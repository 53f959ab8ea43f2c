/* deterra table: pivots of stores, against values worked out by hand; wrong names. */
#include <cjson/cJSON.h>

#include "cli_run.h"
#include "store_dump.h"

/* CN withholds where gain > sales = 4 unless the US, whose chain costs 3, subsidises: see
 * configs/sweeps/pain.cfg. With gain 2: (none, off); 4: both of CN's moves against off where pain
 * is at most 3, (none, off) alone where it is more; 6 and 8: (embargo, off) where pain is at most
 * 3, else none, and mixed play with probability 3 / pain of an embargo. */
#define GAME                                                                                       \
    "title = \"T\"; parameters = { gain = { value = 6; range = (2, 8); }; pain = { value = 5; "    \
    "range = (0, 9); };\n extra = { value = 0; range = (0, 4); }; };\n"                            \
    "players = ( { name = \"CN\"; moves = ( { name = \"ec\"; levels = [\"none\", \"embargo\"]; } " \
    "); },\n { name = \"US\"; moves = ( { name = \"sb\"; levels = [\"off\", \"on\"]; } ); } );\n"  \
    "payoffs = { kind = \"formula\"; define = ( \"bite = CN.ec * (1 - US.sb)\" );\n"               \
    " CN = \"gain * bite - 4 * CN.ec + extra\"; US = \"-pain * bite - 3 * US.sb\"; };\n"           \
    "solve = { concepts = ( \"pure-nash\", \"mixed-nash\" ); };\n"
#define GRID                                                                                       \
    "over = ( { parameter = \"gain\"; steps = 4; }, { parameter = \"pain\"; range = (1.5, 7.5); "  \
    "steps = 3; } );"
#define RECORD                                                                                     \
    " record = ( \"equilibria\", \"payoffs\", { name = \"emb\"; value = \"CN.ec:embargo\"; } ); "

static void make(const char *name, const char *config) {
    char path[64];
    snprintf(path, sizeof path, "%s.cfg", name);
    cli_file(path, config);
    snprintf(path, sizeof path, "%s.sqlite", name);
    char source[64];
    snprintf(source, sizeof source, "%s.cfg", name);
    cli_works(DETERRA("sweep", source, "-o", path, "-q"), "");
}

/* The CSV of a table without its header's first word. */
static void shows(cli_run run, const char *csv) {
    cli_status(&run, 0);
    if (strcmp(run.out, csv) != 0)
        fprintf(stderr, "\nwanted:\n%s\nfound:\n%s\n", csv, run.out);
    CU_ASSERT_STRING_EQUAL(run.out, csv);
    cli_done(&run);
}
#define TABLE(...) DETERRA("table", __VA_ARGS__, "-f", "csv")

static void two_parameters(void) {
    make("grid", GAME "sweep = { design = \"grid\"; " GRID RECORD "};");
    shows(TABLE("grid.sqlite"), "table,gain,pain.1.5,pain.4.5,pain.7.5\n"
                                "pivot,2,1,1,1\npivot,4,2,1,1\npivot,6,1,0,0\npivot,8,1,0,0\n");
    shows(TABLE("grid.sqlite", "--value", "emb"),
          "table,gain,pain.1.5,pain.4.5,pain.7.5\n"
          "pivot,2,0,0,0\npivot,4,0.5,0,0\npivot,6,1,,\npivot,8,1,,\n");
    /* rows and columns the other way round */
    shows(TABLE("grid.sqlite", "--value", "emb", "--columns", "gain", "--statistic", "max"),
          "table,pain,gain.2,gain.4,gain.6,gain.8\n"
          "pivot,1.5,0,1,1,1\npivot,4.5,0,0,,\npivot,7.5,0,0,,\n");
    cli_run run = DETERRA("table", "grid.sqlite", "--value", "emb");
    cli_says(run.out, "emb of pure-nash, mean; gain down, pain across\n");
    cli_says(run.out, "   6   1.0    –    –\n");
    cli_says(run.out, "Of pure-nash.\n");
    cli_says(run.out, "4 points without an equilibrium, which have no value, are left out.\n");
    cli_says(run.out, "At 1 point equilibria differ in it: the middle");
    cli_done(&run);
}

/* Mixed play: a probability of 3 / pain; and payoffs of all equilibria. */
static void mixed_play(void) {
    shows(TABLE("grid.sqlite", "--value", "emb", "--concept", "mixed-nash", "--statistic", "min"),
          "table,gain,pain.1.5,pain.4.5,pain.7.5\n"
          "pivot,2,0,0,0\npivot,4,0,0,0\n"
          "pivot,6,1,0.6666666666666666,0.4\npivot,8,1,0.6666666666666666,0.4\n");
    /* at gain = 4 CN may mix as far as the US still does not subsidise */
    shows(TABLE("grid.sqlite", "--value", "emb", "--concept", "mixed-nash", "--statistic", "range",
                "--columns", "pain"),
          "table,gain,pain.1.5.least,pain.1.5.greatest,pain.4.5.least,pain.4.5.greatest,"
          "pain.7.5.least,pain.7.5.greatest\n"
          "pivot,2,0,0,0,0,0,0\npivot,4,0,1,0,0.6666666666666666,0,0.4\n"
          "pivot,6,1,1,0.6666666666666666,0.6666666666666666,0.4,0.4\n"
          "pivot,8,1,1,0.6666666666666666,0.6666666666666666,0.4,0.4\n");
    /* the US: off is -pain times the probability of an embargo, and on is -3 */
    shows(TABLE("grid.sqlite", "--value", "payoff.US", "--concept", "mixed-nash"),
          "table,gain,pain.1.5,pain.4.5,pain.7.5\n"
          "pivot,2,0,0,0\npivot,4,-0.75,-1.5,-1.5\npivot,6,-1.5,-3,-3\npivot,8,-1.5,-3,-3\n");
    /* where a level is not played for sure, there is no share of it */
    cli_run run = TABLE("grid.sqlite", "--value", "CN.ec=embargo", "--concept", "mixed-nash");
    cli_says(run.out, "pivot,2,0,0,0\npivot,4,0.5,0,0\npivot,6,1,,\npivot,8,1,,\n");
    cli_done(&run);
    run = DETERRA("table", "grid.sqlite", "--value", "CN.ec=embargo", "--concept", "mixed-nash");
    cli_says(run.out, "6 equilibria in which several levels of the move are played are left out");
    cli_done(&run);
}

/* Shares of labels, of points, and averages over what is left. */
static void one_parameter(void) {
    shows(TABLE("grid.sqlite", "--value", "CN.ec=embargo"),
          "table,gain,pain.1.5,pain.4.5,pain.7.5\n"
          "pivot,2,0,0,0\npivot,4,0.5,0,0\npivot,6,1,,\npivot,8,1,,\n");
    shows(TABLE("grid.sqlite", "--value", "CN.ec=embargo", "--columns", "none"),
          "table,gain,CN.ec=embargo\npivot,2,0\npivot,4,0.16666666666666666\npivot,6,1\n"
          "pivot,8,1\n");
    shows(TABLE("grid.sqlite", "--rows", "pain", "--columns", "none"),
          "table,pain,equilibria\npivot,1.5,1.25\npivot,4.5,0.5\npivot,7.5,0.5\n");
    shows(TABLE("grid.sqlite", "--rows", "pain", "--columns", "none", "--statistic", "share"),
          "table,pain,equilibria.in all,equilibria.in some\n"
          "pivot,1.5,1,1\npivot,4.5,0.5,0.5\npivot,7.5,0.5,0.5\n");
    shows(TABLE("grid.sqlite", "--statistic", "range", "--columns", "none"),
          "table,gain,equilibria.least,equilibria.greatest\n"
          "pivot,2,1,1\npivot,4,1,2\npivot,6,0,1\npivot,8,0,1\n");
    shows(TABLE("grid.sqlite", "--rows", "pain", "--columns", "none", "--statistic", "share",
                "--value", "emb"),
          "table,pain,emb.in all,emb.in some\npivot,1.5,0.5,0.75\npivot,4.5,0,0\npivot,7.5,0,0\n");
    shows(TABLE("grid.sqlite", "--rows", "pain", "--columns", "none", "--statistic", "range",
                "--value", "payoff.CN"),
          "table,pain,payoff.CN.least,payoff.CN.greatest\n"
          "pivot,1.5,0,4\npivot,4.5,0,0\npivot,7.5,0,0\n");
    cli_works(DETERRA("table", "grid.sqlite", "--rows", "pain", "--columns", "none"),
              "Averaged over the values of gain.");
    /* three parameters, of which one is left over */
    make("three", GAME "sweep = { design = \"list\"; over = ( \"gain\", \"pain\", \"extra\" ); "
                       "points = ( (6, 1, 0), (6, 1, 4), (2, 1, 1) );" RECORD "};");
    shows(TABLE("three.sqlite", "--value", "payoff.CN"),
          "table,gain,pain.1\npivot,2,1\npivot,6,4\n");
    shows(TABLE("three.sqlite", "--value", "payoff.CN", "--columns", "extra"),
          "table,gain,extra.0,extra.1,extra.4\npivot,2,,1,\npivot,6,2,,6\n");
    /* a single parameter; a list is cut only where that is asked for */
    shows(TABLE("three.sqlite", "--rows", "extra", "--columns", "none", "--bins", "2"),
          "table,extra,equilibria\npivot,\"[0, 2)\",1\npivot,\"[2, 4]\",1\n");
}

/* Intervals: places of the Sobol sequence on one axis are 1/2, 3/4, 1/4, 3/8, 7/8, 5/8, 1/8. */
static void intervals(void) {
    make("sobol",
         GAME "sweep = { design = \"sobol\"; points = 7; over = ( \"pain\" ); " RECORD "};");
    shows(TABLE("sobol.sqlite", "--value", "emb", "--bins", "3", "--concept", "mixed-nash"),
          /* pain 9/8 and 9/4 | 27/8, 9/2, 45/8 | 27/4, 63/8 */
          "table,pain,emb\npivot,\"[0, 3)\",1\n"
          "pivot,\"[3, 6)\",0.6962962962962963\n"
          "pivot,\"[6, 9]\",0.4126984126984127\n");
    shows(TABLE("sobol.sqlite", "--statistic", "max"),
          "table,pain,equilibria\npivot,\"[0, 1.8)\",1\npivot,\"[1.8, 3.6)\",1\n"
          "pivot,\"[3.6, 5.4)\",0\npivot,\"[5.4, 7.2)\",0\npivot,\"[7.2, 9]\",0\n");
    cli_works(DETERRA("table", "sobol.sqlite"), "pain: 5 intervals of equal length.\n");
    make("log", GAME "sweep = { design = \"sobol\"; points = 3; over = ( { parameter = \"pain\"; "
                     "range = (0.01, 1); scale = \"log\"; } ); };");
    shows(TABLE("log.sqlite", "--bins", "2"),
          "table,pain,equilibria\npivot,\"[0.01, 0.1)\",1\npivot,\"[0.1, 1]\",1\n");
}

/* Points that fail are counted and left out; a sweep that is not complete is said to be so. */
static void failures(void) {
    cli_file("fail.cfg",
             "parameters = { a = { value = 1; range = (0, 4); }; };\n"
             "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"l\", \"h\"]; } ); "
             "} );\n"
             "payoffs = { kind = \"formula\"; A = \"A.x / a\"; };\n"
             "solve = { concepts = ( \"pure-nash\" ); };\n"
             "sweep = { design = \"grid\"; over = ( { parameter = \"a\"; steps = 3; } ); };\n");
    cli_works(DETERRA("sweep", "fail.cfg", "-o", "fail.sqlite", "-q"), "");
    shows(TABLE("fail.sqlite", "--value", "payoff.A"), "table,a,payoff.A\npivot,0,\npivot,2,0.5\n"
                                                       "pivot,4,0.25\n");
    cli_works(DETERRA("table", "fail.sqlite"), "1 point failed and is left out.");
    shows(TABLE("fail.sqlite", "--value", "failed"),
          "table,a,failed\npivot,0,1\npivot,2,0\npivot,4,0\n");
    cli_works(DETERRA("sweep", "grid.cfg", "-o", "part.sqlite", "-q", "--shard", "2/5"), "");
    store_number("part.sqlite", "DELETE FROM points WHERE point = 6");
    cli_works(DETERRA("table", "part.sqlite"),
              "The sweep is not complete: 2 of 3 points are there.");
}

/* Several results of a concept, records of what is no equilibrium, and what was not kept. */
static void sources(void) {
    make("many", GAME "sweep = { design = \"list\"; over = ( \"pain\" ); points = ( 2, 4 ); "
                      "concepts = ( \"maximin\", \"correlated\", { concept = \"epsilon-nash\"; "
                      "regret = 1; } );\n record = ( \"equilibria\", \"reduced\", \"timings\", "
                      "\"CN.ec:embargo\" ); };");
    /* each can secure: CN 0, the US -2 or, with a chain of its own, -3 */
    shows(TABLE("many.sqlite", "--value", "value.US"),
          "table,pain,value.US\npivot,2,-2\npivot,4,-3\n");
    shows(TABLE("many.sqlite", "--value", "remaining.CN"),
          "table,pain,remaining.CN\npivot,2,1\npivot,4,2\n");
    shows(TABLE("many.sqlite", "--value", "CN.ec:embargo"),
          "table,pain,CN.ec:embargo\npivot,2,1\npivot,4,0.75\n");
    cli_works(DETERRA("table", "many.sqlite", "--value", "CN.ec:embargo"), "Of correlated.\n");
    /* at 4, no equilibrium, the US gains 1 from a chain: within the regret */
    shows(TABLE("many.sqlite", "--concept", "epsilon-nash"),
          "table,pain,equilibria\npivot,2,1\npivot,4,1\n");
    cli_works(TABLE("many.sqlite", "--value", "seconds"), "table,pain,seconds\npivot,2,");
    cli_fails(TABLE("many.sqlite", "--result", "9"), 3, "result");
    cli_fails(TABLE("many.sqlite", "--concept", "corelated"), 3, "did you mean `correlated`?");
    cli_fails(TABLE("many.sqlite", "--value", "payoff.CN"), 3,
              "`payoff.CN` was not kept: the sweep's `record` leaves out \"payoffs\"");
    make("bare", GAME "sweep = { design = \"list\"; over = ( \"pain\" ); points = ( 2, 4 ); "
                      "record = ( \"CN.ec:embargo\" ); };");
    /* their number stands beside a formula, by concept: at 4 there is a mixed one alone */
    shows(TABLE("bare.sqlite"), "table,pain,equilibria\npivot,2,1\npivot,4,0\n");
    shows(TABLE("bare.sqlite", "--concept", "mixed-nash"),
          "table,pain,equilibria\npivot,2,1\npivot,4,1\n");
    cli_works(DETERRA("table", "bare.sqlite", "--concept", "mixed-nash"),
              "equilibria of mixed-nash, mean; pain down\n");
    make("barest", GAME "sweep = { design = \"list\"; over = ( \"pain\" ); points = ( 2, 4 ); "
                        "record = ( \"reduced\" ); };");
    cli_works(DETERRA("table", "barest.sqlite"), "Equilibria of all concepts, counted together");
    cli_fails(DETERRA("table", "bare.sqlite", "--value", "CN.ec=none"), 3,
              "leaves out \"equilibria\"");
    cli_fails(DETERRA("table", "bare.sqlite", "--value", "seconds"), 3, "leaves out \"timings\"");
    cli_fails(DETERRA("table", "barest.sqlite", "--concept", "pure-nash"), 3,
              "leaves out \"equilibria\"");
}

/* The concept that is shown is the first that can have the quantity, whatever its values. */
static void first_concept(void) {
    /* above pain = 3 nothing is played purely, and mixed play must not step in */
    make("void", GAME
         "sweep = { design = \"list\"; over = ( \"pain\" ); points = ( 5, 6, 2 );" RECORD "};");
    static const char *const values[] = {"emb", "payoff.US", "CN.ec=embargo", "equilibria"};
    for (int part = 0; part < 3; part++) { /* all points, those without pure play, no points */
        if (part)
            store_number("void.sqlite",
                         part == 1 ? "DELETE FROM points WHERE pain < 3" : "DELETE FROM points");
        store_number("void.sqlite", "DELETE FROM records WHERE point NOT IN (SELECT point FROM "
                                    "points)");
        store_number("void.sqlite", "DELETE FROM equilibria WHERE point NOT IN (SELECT point FROM "
                                    "points)");
        for (size_t i = 0; i < sizeof values / sizeof *values && part < 2; i++) {
            char title[96];
            snprintf(title, sizeof title, "%s of pure-nash, mean; pain down", values[i]);
            cli_works(DETERRA("table", "void.sqlite", "--value", values[i]), title);
        }
        if (part == 1)
            shows(TABLE("void.sqlite", "--value", "emb"), "table,pain,emb\npivot,5,\npivot,6,\n");
    }
    /* what has no equilibria is passed over, by each concept that has them */
    static const char *const playing[] = {"\"pure-nash\"",
                                          "\"mixed-nash\"",
                                          "\"correlated\"",
                                          "\"coarse-correlated\"",
                                          "\"payoff-polygon\"",
                                          "\"strong-nash\"",
                                          "\"coalition-proof\"",
                                          "{ concept = \"stackelberg\"; leader = \"US\"; }",
                                          "{ concept = \"epsilon-nash\"; regret = 0; }"};
    for (size_t i = 0; i < sizeof playing / sizeof *playing; i++) {
        char config[2048], title[96], name[32];
        const char *word = strchr(playing[i], '"') + 1;
        snprintf(name, sizeof name, "first%zu", i);
        snprintf(
            config, sizeof config,
            "%s sweep = { design = \"list\"; over = ( \"pain\" ); points = ( 5, 2 ); concepts = "
            "( \"maximin\", \"dominance\", \"coalitions\", %s, \"%s\" );%s};",
            GAME, playing[i], i == 1 ? "pure-nash" : "mixed-nash", RECORD);
        make(name, config);
        snprintf(title, sizeof title, " of %.*s", (int)strcspn(word, "\""), word);
        snprintf(name, sizeof name, "first%zu.sqlite", i);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            cli_works(DETERRA("table", name, "--value", values[v]), title);
        cli_works(DETERRA("table", name, "--value", "value.US"), "value.US of maximin");
        cli_works(DETERRA("table", name, "--value", "remaining.US"), "remaining.US of dominance");
    }
    make("still", GAME "sweep = { design = \"list\"; over = ( \"pain\" ); points = ( 2, 4 ); "
                       "concepts = ( \"maximin\", \"dominance\" );" RECORD "};");
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        cli_fails(DETERRA("table", "still.sqlite", "--value", values[v]), 3,
                  "is of equilibria, and no concept of this sweep has them");
}

static void formats(void) {
    cli_run run = DETERRA("table", "grid.sqlite", "--value", "emb", "-f", "json");
    cJSON *json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    const cJSON *rows = cJSON_GetObjectItem(cJSON_GetObjectItem(json, "tables"), "pivot");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(rows), 4);
    const cJSON *row = cJSON_GetArrayItem(rows, 2);
    CU_ASSERT_EQUAL(cJSON_GetNumberValue(cJSON_GetObjectItem(row, "gain")), 6);
    CU_ASSERT_EQUAL(cJSON_GetNumberValue(cJSON_GetObjectItem(row, "pain.1.5")), 1);
    CU_ASSERT(cJSON_IsNull(cJSON_GetObjectItem(row, "pain.4.5")));
    cJSON_Delete(json);
    cli_done(&run);
    cli_works(DETERRA("table", "grid.sqlite", "-f", "markdown"), "| pain 1.5 | pain 4.5 |");
    cli_works(DETERRA("table", "grid.sqlite", "-f", "latex"), "\\begin{tabular}");
    cli_works(DETERRA("table", "grid.sqlite", "-o", "grid.txt"), "");
    CU_ASSERT_EQUAL(access("grid.txt", R_OK), 0);
    /* more columns than there are letters to count them */
    make("wide", GAME "sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; steps = 2; }, "
                      "{ parameter = \"pain\"; range = (0, 9); steps = 100; } ); concepts = ( "
                      "\"pure-nash\" ); };");
    run = TABLE("wide.sqlite");
    cli_status(&run, 0);
    size_t commas = 0;
    for (const char *at = run.out; *at && *at != '\n'; at++)
        commas += *at == ',';
    CU_ASSERT_EQUAL(commas, 101);
    cli_done(&run);
}

/* The label of a LaTeX table. */
static void label_is(cli_run run, const char *label, char *kept) {
    cli_status(&run, 0);
    const char *at = strstr(run.out, "\\label{tab:");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    at += strlen("\\label{tab:");
    snprintf(kept, 160, "%.*s", (int)strcspn(at, "}"), at);
    CU_ASSERT_EQUAL(strspn(kept, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(kept));
    cli_says(kept, label);
    cli_done(&run);
}

/* Labels say what is shown, and no two tables of a store share one. */
static void labels(void) {
    char label[12][160], again[160];
    make("labels", GAME "sweep = { design = \"grid\"; " GRID "record = ( \"CN.ec:embargo\" ); };");
#define LATEX(...) DETERRA("table", "grid.sqlite", "-f", "latex", __VA_ARGS__)
    label_is(LATEX("-q"), "-equilibria-of-pure-nash-mean-gain-down-pain-across", label[0]);
    label_is(LATEX("--value", "emb"), "-emb-of-pure-nash-mean-gain-down-pain-across", label[1]);
    label_is(LATEX("--value", "emb", "--concept", "mixed-nash"), "-emb-of-mixed-nash-mean",
             label[2]);
    label_is(LATEX("--value", "emb", "--statistic", "max"), "-emb-of-pure-nash-max-", label[3]);
    label_is(LATEX("--value", "emb", "--rows", "pain"), "-mean-pain-down-gain-across", label[4]);
    label_is(LATEX("--value", "emb", "--columns", "none"), "-mean-gain-down", label[5]);
    label_is(LATEX("--value", "CN.ec=embargo"), "-cn-ec-embargo-of-pure-nash-mean-", label[6]);
    label_is(LATEX("--value", "emb", "--where", "pain=1.5"), "-mean-gain-down-where-pain-1-5",
             label[7]);
    label_is(LATEX("--value", "emb", "--where", "pain=4.5"), "-where-pain-4-5", label[8]);
    label_is(LATEX("--value", "emb", "--bins", "2"), "-bins2", label[9]);
    label_is(LATEX("--value", "emb", "--bins", "3"), "-bins3", label[10]);
    label_is(DETERRA("table", "labels.sqlite", "-f", "latex", "--value", "CN.ec:embargo"),
             "-cn-ec-embargo-of-pure-nash-mean-", label[11]);
    for (size_t i = 0; i < 12; i++)
        for (size_t k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(label[i] + 6, label[k] + 6); /* but for the config's hash */
    label_is(LATEX("--value", "CN.ec=embargo"), "", again);
    CU_ASSERT_STRING_EQUAL(again, label[6]);
    /* a table in pieces: 150 rows */
    make("long", GAME "sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; steps = 100; "
                      "} ); concepts = ( \"pure-nash\" ); };");
    cli_run run = DETERRA("table", "long.sqlite", "-f", "latex");
    cli_says(run.out, "-equilibria-of-pure-nash-mean-gain-down}");
    cli_says(run.out, "-equilibria-of-pure-nash-mean-gain-down-part2}");
    cli_done(&run);
}

/* Tables that go elsewhere state facts; advice is for standard error. */
static void advice(void) {
    static const char *const formats_of[] = {"text", "csv", "json", "latex", "markdown"};
    for (size_t i = 0; i < 5; i++) {
        cli_run run =
            DETERRA("table", "grid.sqlite", "--value", "emb", "--bins", "2", "-f", formats_of[i]);
        cli_status(&run, 0);
        CU_ASSERT_PTR_NULL(strstr(run.out, "takes another"));
        CU_ASSERT_PTR_NULL(strstr(run.out, "-concept"));
        CU_ASSERT_PTR_NULL(strstr(run.out, "-bins "));
        CU_ASSERT_PTR_NULL(strstr(run.out, "-statistic"));
        cli_says(run.err, "note: 2 concepts have it; --concept takes another\n");
        cli_says(run.err, "note: --statistic range shows least and greatest values\n");
        CU_ASSERT_EQUAL(!strstr(run.err, "Of pure-nash.\n"), strcmp(formats_of[i], "csv") != 0);
        cli_done(&run);
        run = DETERRA("table", "grid.sqlite", "--value", "emb", "-q", "-f", formats_of[i]);
        CU_ASSERT_STRING_EQUAL(run.err, "");
        cli_done(&run);
    }
    cli_run run =
        TABLE("grid.sqlite", "--value", "emb", "--concept", "pure-nash", "--columns", "none");
    CU_ASSERT_STRING_EQUAL(
        run.err,
        "emb of pure-nash, mean; gain down\nAveraged over the values of pain.\nOf pure-nash.\n"
        "4 points without an equilibrium, which have no value, are left out.\n"
        "At 1 point equilibria differ in it: the middle between their least and greatest value "
        "stands for them.\nnote: --statistic range shows least and greatest values\n");
    cli_done(&run);
    run = DETERRA("table", "grid.sqlite", "--value", "CN.ec=embargo", "--concept", "mixed-nash");
    cli_says(run.err, "note: a record of \"PLAYER.move:label\" has the probability");
    cli_done(&run);
    run = DETERRA("table", "many.sqlite", "--value", "CN.ec:embargo");
    cli_says(run.out, "Result 1 of 6 of correlated.\n");
    cli_says(run.err, "note: correlated has 6 results; --result takes another\n");
    cli_done(&run);
}

/* Units stand beside names for people, and by themselves for programs. */
static void units(void) {
    make(
        "units",
        "parameters = { a = { value = 1; range = (0, 4); unit = \"USD bn\"; }; b = { value = 1; "
        "range "
        "= (0, 2); unit = \"years\"; }; c = { value = 1; range = (1, 3); unit = \"dB\"; };\n"
        "d = { value = 1; range = (0, 1); unit = \"1\"; }; };\n"
        "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"l\", \"h\"]; } ); } );\n"
        "payoffs = { kind = \"formula\"; A = \"(a - b) * A.x * c / 3\"; };\n"
        "solve = { concepts = ( \"pure-nash\" ); };\n"
        "sweep = { design = \"grid\"; over = ( { parameter = \"a\"; steps = 3; }, { parameter = "
        "\"b\"; "
        "steps = 3; }, { parameter = \"c\"; steps = 3; }, { parameter = \"d\"; steps = 2; } ); "
        "};\n");
    cli_run run = DETERRA("table", "units.sqlite", "--value", "payoff.A", "--where", "c=2");
    cli_says(run.out, "payoff.A of pure-nash, mean; a down, b across; where c = 2 dB\n");
    cli_says(run.out, "            b (years)\n");
    cli_says(run.out, "a (USD bn)  ");
    /* numbers of all columns have as many decimals: 2/3, and 0 and 2 beside it */
    cli_says(run.out, "\n         2   1.3333  0.6667  0\n");
    cli_done(&run);
    run = DETERRA("table", "units.sqlite", "--statistic", "range", "--value", "payoff.A");
    cli_says(run.out, "range; a down, b (years) across\n");
    cli_says(run.out, "b = 0 ");
    cli_done(&run);
    cli_works(DETERRA("table", "units.sqlite", "--rows", "d"), "\nd        0       2       4\n");
    cli_works(DETERRA("table", "units.sqlite", "-f", "latex"), "{b (years)}");
    shows(TABLE("units.sqlite", "--statistic", "range", "--value", "payoff.A", "--bins", "1"),
          "table,a,\"b.[0, 2].least\",\"b.[0, 2].greatest\"\npivot,\"[0, 4]\",0,4\n");
    run = DETERRA("table", "units.sqlite", "--value", "payoff.A", "--where", "c=2", "--statistic",
                  "max", "-f", "json", "--columns", "none", "--bins", "2");
    cJSON *json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    char *settings = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, "settings")),
         *axes = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, "axes"));
    CU_ASSERT_STRING_EQUAL(settings, "{\"value\":\"payoff.A\",\"statistic\":\"max\",\"concept\":"
                                     "\"pure-nash\",\"result\":\"1\"}");
    CU_ASSERT_STRING_EQUAL(
        axes,
        "[{\"axis\":\"rows\",\"parameter\":\"a\",\"unit\":\"USD bn\",\"scale\":\"linear\","
        "\"intervals\":[[0,2],[2,4]]},{\"axis\":\"where\",\"parameter\":\"c\",\"unit\":\"dB\","
        "\"values\":[2]}]");
    free(settings);
    free(axes);
    cJSON_Delete(json);
    cli_done(&run);
    run = DETERRA("table", "units.sqlite", "--value", "failed", "-f", "json");
    json = cJSON_Parse(run.out);
    CU_ASSERT_PTR_NULL(cJSON_GetObjectItem(cJSON_GetObjectItem(json, "settings"), "concept"));
    axes = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, "axes"));
    cli_says(axes, "{\"axis\":\"columns\",\"parameter\":\"b\",\"unit\":\"years\",\"values\":"
                   "[0,1,2]}]");
    free(axes);
    cJSON_Delete(json);
    cli_done(&run);
}

/* Numbers of one kind have one format, in whichever column they stand. */
static void one_format(void) {
    make("times",
         GAME "sweep = { design = \"list\"; over = ( \"gain\", \"pain\" ); points = ( (6, 1), "
              "(6, 2) ); record = ( \"timings\" ); };");
    store_number("times.sqlite", "UPDATE timings SET seconds = 0.00055818 WHERE point = 0");
    store_number("times.sqlite", "UPDATE timings SET seconds = 0.000075 WHERE point = 1");
    cli_works(DETERRA("table", "times.sqlite", "--value", "seconds"), "5.5818e-04  7.5000e-05\n");
    store_number("times.sqlite", "UPDATE timings SET seconds = 0.012 WHERE point = 0");
    cli_works(DETERRA("table", "times.sqlite", "--value", "seconds"), "0.012000  0.000075\n");
}

/* Points with a given value of a parameter. */
static void where(void) {
    shows(TABLE("grid.sqlite", "--value", "emb", "--where", "gain=4"),
          "table,pain,emb\npivot,1.5,0.5\npivot,4.5,0\npivot,7.5,0\n");
    cli_run run = TABLE("grid.sqlite", "--value", "emb", "--where", "pain=1.5");
    CU_ASSERT_STRING_EQUAL(run.out,
                           "table,gain,emb\npivot,2,0\npivot,4,0.5\npivot,6,1\npivot,8,1\n");
    cli_done(&run);
    shows(TABLE("three.sqlite", "--where", "gain=6", "--value", "payoff.CN", "--columns", "extra"),
          "table,pain,extra.0,extra.4\npivot,1,2,6\n");
    shows(TABLE("three.sqlite", "--where", "gain=6", "--where", "pain=1", "--value", "payoff.CN"),
          "table,extra,payoff.CN\npivot,0,2\npivot,4,6\n");
    /* 1 / 3 is stored as the nearest double; its shortest decimal and its neighbours find it */
    make("third",
         GAME "sweep = { design = \"grid\"; over = ( { parameter = \"extra\"; range = (0, 1); "
              "steps = 4; }, { parameter = \"gain\"; steps = 2; } ); };");
    static const char *const thirds[] = {"extra=0.3333333333333333", "extra=0.33333333333333331",
                                         "extra=0.33333333333333337"};
    for (size_t i = 0; i < 3; i++)
        shows(TABLE("third.sqlite", "--where", thirds[i]),
              "table,gain,equilibria\npivot,2,1\npivot,8,0\n");
    cli_fails(DETERRA("table", "third.sqlite", "--where", "extra=0.3333"), 3,
              "no point has `extra` = 0.3333; the nearest values are 0, 0.3333333333333333, "
              "0.6666666666666666, 1\n");
    static const char *const bad[][2] = {
        {"gian=6", "`gian` is no parameter of this sweep; did you mean `gain`?"},
        {"gain", "--where takes NAME=NUMBER, not `gain`"},
        {"gain=", "--where takes NAME=NUMBER, not `gain=`"},
        {"gain=6x", "--where takes NAME=NUMBER, not `gain=6x`"},
        {"gain=nan", "--where takes NAME=NUMBER, not `gain=nan`"},
        {"=6", "--where takes NAME=NUMBER, not `=6`"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cli_fails(DETERRA("table", "grid.sqlite", "--where", bad[i][0]), 3, bad[i][1]);
    cli_fails(DETERRA("table", "grid.sqlite", "--where", "gain=6", "--where", "gain=4"), 3,
              "--where has `gain` twice");
    cli_fails(DETERRA("table", "grid.sqlite", "--where", "gain=6", "--rows", "gain"), 3,
              "`gain` has one value by --where: take another parameter");
    cli_fails(DETERRA("table", "grid.sqlite", "--where", "gain=6", "--where", "pain=1.5"), 3,
              "--where leaves no parameter for the rows");
    cli_fails(DETERRA("table", "grid.sqlite", "--where", "gain=6", "--columns", "pain"), 3,
              "`pain` is the only parameter that --where leaves: take it for the rows");
}

static void wrong_names(void) {
    static const char *const bad[][4] = {
        {"--rows", "gian", "3", "`gian` is no parameter of this sweep; did you mean `gain`?"},
        {"--columns", "pian", "3", "`pian` is no parameter of this sweep; did you mean `pain`?"},
        {"--value", "ebm", "3", "`ebm` is not in this store; did you mean `emb`?"},
        {"--value", "payoff.UK", "3", "did you mean `payoff.US`?"},
        {"--value", "CN.ec=embrago", "3", "did you mean `CN.ec=embargo`?"},
        {"--value", "ebm", "3",
         "`emb`? It has emb, payoff.CN, payoff.US, CN.ec=none, CN.ec=embargo"},
        {"--value", "nothing like it at all", "3",
         "is not in this store, which has emb, payoff.CN, payoff.US, CN.ec=none, CN.ec=embargo, "
         "US.sb=off, US.sb=on, equilibria, failed\n"},
        {"--concept", "pure-nahs", "3", "did you mean `pure-nash`?"},
        {"--result", "2", "3", "`pure-nash` has 1 result, and not 2"},
        {"--statistic", "median", "2", "--statistic takes mean, min, max, range or share"},
        {"--bins", "0", "2", "--bins takes a number from 1 to 1000, not `0`"},
        {"--result", "x", "2", "--result takes a number"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cli_fails(DETERRA("table", "grid.sqlite", bad[i][0], bad[i][1]), atoi(bad[i][2]),
                  bad[i][3]);
    cli_fails(DETERRA("table", "grid.sqlite", "--rows", "gain", "--columns", "gain"), 3,
              "`gain` cannot be both rows and columns");
    cli_fails(DETERRA("table", "sobol.sqlite", "--columns", "pain"), 3,
              "`pain` is the only parameter of this sweep: take it for the rows");
    cli_fails(DETERRA("table", "grid.sqlite", "--rows", "none"), 3,
              "the rows need a parameter: `none` is for --columns alone");
    cli_fails(DETERRA("table", "grid.sqlite", "--concept", "a", "--concept", "b"), 2,
              "a table is of one concept");
    cli_fails(DETERRA("table", "grid.cfg"), 3, "`grid.cfg` is not a store of deterra sweep");
    cli_fails(DETERRA("table", "none.sqlite"), 3, "cannot read `none.sqlite`: No such file");
    cli_fails(DETERRA("table"), 2, "RESULTS.sqlite is missing");
    CU_ASSERT_EQUAL(system("cp grid.sqlite broken.sqlite && dd if=/dev/urandom of=broken.sqlite "
                           "bs=4096 seek=1 count=20 conv=notrunc status=none"),
                    0);
    cli_fails(DETERRA("table", "broken.sqlite"), 3, "`broken.sqlite` is damaged: ");
    cli_works(DETERRA("table", "--help"), "example: deterra table");
}

int main(void) {
    static const dt_case cases[] = {
        {"two parameters", two_parameters},
        {"mixed play", mixed_play},
        {"one parameter, shares and averages", one_parameter},
        {"intervals", intervals},
        {"points that fail or are missing", failures},
        {"concepts, results and records", sources},
        {"the concept that is shown", first_concept},
        {"points with a given value", where},
        {"labels", labels},
        {"notes and advice", advice},
        {"units, settings and axes", units},
        {"one format", one_format},
        {"formats", formats},
        {"wrong names", wrong_names},
    };
    const char *directory = cli_enter();
    int status = DT_RUN_SUITE("cli_table", cases);
    cli_leave(directory);
    return status;
}
