/* Sweep designs: their points, and what is wrong with a sweep section. */
#include <math.h>
#include <stdlib.h>

#include "config_checks.h"
#include "deterra/sweep.h"
#include "harness.h"

#define HEAD                                                                                       \
    "parameters = { gain = { value = 4; range = (0, 8); unit = \"M$\"; };\n"                       \
    "  pain = { value = 2; range = (1, 100); }; bare = 1; };\n"                                    \
    "solve = { concepts = ( \"pure-nash\" ); };\n" GAME

/* The sweep of a config of this section; NULL with one message where it is wrong. */
typedef struct made {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_sweep *sweep;
} made;

static made make(const char *section) {
    char *text = malloc(strlen(HEAD) + strlen(section) + 16);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    sprintf(text, "%s%s", HEAD, section);
    made m = {0};
    m.scenario = read_text(text, NULL, &m.diag);
    if (m.scenario)
        dt_sweep_new(m.scenario, m.diag, &m.sweep);
    free(text);
    return m;
}

static void done(made *m) {
    dt_sweep_free(m->sweep);
    dt_scenario_free(m->scenario);
    dt_diag_free(m->diag);
}

static made good(const char *section) {
    made m = make(section);
    if (!m.sweep)
        dt_diag_write(m.diag, stderr, false);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m.sweep);
    return m;
}

/* Value `axis` of point `index`, by a cursor of its own. */
static double value_at(const dt_sweep *sweep, uint64_t index, size_t axis) {
    fmpq value[8];
    for (size_t a = 0; a < 8; a++)
        fmpq_init(&value[a]);
    dt_cursor *c = dt_cursor_new(sweep);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c);
    dt_cursor_point(c, index, value);
    double x = dt_fmpq_double(&value[axis], NULL);
    dt_cursor_free(c);
    for (size_t a = 0; a < 8; a++)
        fmpq_clear(&value[a]);
    return x;
}

static void grids(void) {
    made m = good("sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; steps = 5; },\n"
                  " { parameter = \"pain\"; range = [1, 100]; steps = 3; scale = \"log\"; } ); };");
    CU_ASSERT_EQUAL(m.sweep->points, 15);
    CU_ASSERT_TRUE(m.sweep->keep.equilibria && m.sweep->keep.payoffs && !m.sweep->keep.reduced);
    CU_ASSERT_EQUAL(value_at(m.sweep, 0, 0), 0);
    CU_ASSERT_EQUAL(value_at(m.sweep, 14, 0), 8);
    CU_ASSERT_EQUAL(value_at(m.sweep, 3, 0), 2);
    CU_ASSERT_EQUAL(value_at(m.sweep, 3, 1), 1); /* the last parameter is the fastest */
    CU_ASSERT_EQUAL(value_at(m.sweep, 4, 1), 10);
    CU_ASSERT_EQUAL(value_at(m.sweep, 5, 1), 100);
    done(&m);
    m = good("sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; range = [3, 3]; "
             "steps = 1; } ); };");
    CU_ASSERT_EQUAL(m.sweep->points, 1);
    CU_ASSERT_EQUAL(value_at(m.sweep, 0, 0), 3);
    done(&m);
}

/* Is the value of parameter 0 at a point this fraction, exactly? */
static bool is_exactly(const dt_sweep *sweep, uint64_t index, slong p, ulong q) {
    fmpq value[2];
    fmpq_t wanted;
    fmpq_init(&value[0]);
    fmpq_init(&value[1]);
    fmpq_init(wanted);
    fmpq_set_si(wanted, p, q);
    dt_cursor *c = dt_cursor_new(sweep);
    dt_cursor_point(c, index, value);
    bool equal = fmpq_equal(&value[0], wanted);
    dt_cursor_free(c);
    fmpq_clear(&value[0]);
    fmpq_clear(&value[1]);
    fmpq_clear(wanted);
    return equal;
}

/* Steps of a grid and points of a list are the fractions they stand for, decades too; what a
 * generator draws is a double, and stands for itself. */
static void exact_values(void) {
    made m = good("sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; range = [0, 1]; "
                  "steps = 4; } ); };");
    CU_ASSERT_TRUE(is_exactly(m.sweep, 1, 1, 3));
    done(&m);
    m = good("sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; range = [0, 1]; "
             "steps = 11; } ); };");
    CU_ASSERT_TRUE(is_exactly(m.sweep, 3, 3, 10));
    CU_ASSERT_EQUAL(value_at(m.sweep, 3, 0), 0.3);
    done(&m);
    m = good("sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; range = (0.001, 1); "
             "steps = 4; scale = \"log\"; } ); };");
    CU_ASSERT_TRUE(is_exactly(m.sweep, 0, 1, 1000));
    CU_ASSERT_TRUE(is_exactly(m.sweep, 1, 1, 100));
    CU_ASSERT_TRUE(is_exactly(m.sweep, 3, 1, 1));
    done(&m);
    m = good("sweep = { design = \"grid\"; over = ( { parameter = \"gain\"; range = [1, 2]; "
             "steps = 3; scale = \"log\"; } ); };");
    CU_ASSERT_EQUAL(value_at(m.sweep, 1, 0), sqrt(2));
    done(&m);
    m = good("sweep = { design = \"sobol\"; points = 3; over = ( { parameter = \"gain\"; range = "
             "(0, \"1/3\"); } ); };");
    CU_ASSERT_EQUAL(value_at(m.sweep, 0, 0), 1.0 / 6);
    CU_ASSERT_FALSE(is_exactly(m.sweep, 0, 1, 6));
    done(&m);
    m = good("sweep = { design = \"list\"; points = ( \"1/3\", 0.1 ); over = ( \"gain\" ); };");
    CU_ASSERT_TRUE(is_exactly(m.sweep, 0, 1, 3));
    CU_ASSERT_EQUAL(m.sweep->points, 2);
    done(&m);
}

/* The first points of two dimensions, as Bratley and Fox (1988) have them, in GSL's order. */
static void sobol(void) {
    static const double known[][2] = {
        {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}, {0.375, 0.375}, {0.875, 0.875}};
    made m = good("sweep = { design = \"sobol\"; points = 64; over = ( { parameter = \"gain\"; "
                  "range = [0, 1]; }, { parameter = \"pain\"; range = [1, 2]; } ); };");
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_EQUAL(value_at(m.sweep, i, 0), known[i][0]);
        CU_ASSERT_EQUAL(value_at(m.sweep, i, 1), 1 + known[i][1]);
    }
    done(&m);
}

/* Every axis has one point in each of its cells. */
static void latin_hypercube(void) {
    enum { POINTS = 500 };
    made m = good("sweep = { design = \"latin-hypercube\"; points = 500; seed = 7; over = ( "
                  "{ parameter = \"gain\"; range = [0, 1]; }, { parameter = \"pain\"; scale = "
                  "\"log\"; } ); };");
    int seen[2][POINTS] = {{0}}, order = 0;
    fmpq value[2];
    fmpq_init(&value[0]);
    fmpq_init(&value[1]);
    dt_cursor *c = dt_cursor_new(m.sweep);
    double before = 0;
    for (uint64_t i = 0; i < POINTS; i++) {
        dt_cursor_point(c, i, value);
        double x = fmpq_get_d(&value[0]), y = log(fmpq_get_d(&value[1])) / log(100);
        CU_ASSERT_FATAL(x >= 0 && x < 1 && y >= 0 && y < 1);
        seen[0][(int)(x * POINTS)]++;
        seen[1][(int)(y * POINTS)]++;
        order += x > before;
        before = x;
    }
    for (size_t a = 0; a < 2; a++)
        for (size_t i = 0; i < POINTS; i++)
            CU_ASSERT_EQUAL(seen[a][i], 1);
    CU_ASSERT(order > POINTS / 3 && order < 2 * POINTS / 3); /* shuffled, not sorted */
    dt_cursor_free(c);
    fmpq_clear(&value[0]);
    fmpq_clear(&value[1]);
    done(&m);
}

/* A point does not depend on the way to it, but on the seed. */
static void pure_functions(void) {
    static const char *const designs[] = {"random", "latin-hypercube", "sobol"};
    for (size_t d = 0; d < 3; d++) {
        char section[512];
        const char *seed = d < 2 ? "seed = 5; " : "";
        snprintf(section, sizeof section,
                 "sweep = { design = \"%s\"; points = 40; %sover = ( \"gain\", \"pain\" ); };",
                 designs[d], seed);
        made m = good(section);
        fmpq value[2];
        fmpq_init(&value[0]);
        fmpq_init(&value[1]);
        dt_cursor *c = dt_cursor_new(m.sweep);
        static const uint64_t way[] = {39, 0, 17, 18, 3, 3, 25};
        for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
            dt_cursor_point(c, way[i], value);
            CU_ASSERT_EQUAL(dt_fmpq_double(&value[0], NULL), value_at(m.sweep, way[i], 0));
            CU_ASSERT_EQUAL(dt_fmpq_double(&value[1], NULL), value_at(m.sweep, way[i], 1));
        }
        dt_cursor_free(c);
        fmpq_clear(&value[0]);
        fmpq_clear(&value[1]);
        snprintf(section, sizeof section,
                 "sweep = { design = \"%s\"; points = 40; seed = 6; over = ( \"gain\", \"pain\" ); "
                 "};",
                 designs[d]);
        if (d < 2) {
            made other = good(section);
            CU_ASSERT_NOT_EQUAL(value_at(m.sweep, 11, 0), value_at(other.sweep, 11, 0));
            done(&other);
        }
        done(&m);
    }
}

#define OVER(x) "over = ( " x " ); };"
#define GRID(x) "sweep = { design = \"grid\"; " OVER(x)

/* One message each, of the sweep section, whose place is line 5 of the file or where it says. */
static void wrong_sections(void) {
    static const char *const bad[][2] = {
        {"sweep = { design = \"gird\"; over = ( \"gain\" ); };",
         "unknown design `gird`; did you mean `grid`?: it is \"grid\", \"latin-hypercube\", "
         "\"sobol\", \"random\" or \"list\""},
        {"sweep = { over = ( \"gain\" ); };", "sweep needs `design`"},
        {"sweep = { design = \"grid\"; };", "sweep needs `over`"},
        {GRID(""), "there is no parameter in `over`"},
        {GRID("{ parameter = \"gain\"; steps = 0; }"),
         "`steps` is a whole number from 1 to 9007199254740992, not 0"},
        {GRID("{ parameter = \"gain\"; steps = 2.5; }"),
         "`steps` is a whole number from 1 to 9007199254740992, not 2.5"},
        {GRID("{ parameter = \"gain\"; steps = 1; }"),
         "one step cannot cover a range: take 2 or more, or a range of one number"},
        {GRID("\"gain\""), "`gain` needs `steps` in a grid"},
        {GRID("{ parameter = \"gain\"; steps = 3; range = [5, 1]; }"),
         "the range of `gain` is reversed: 5 is above 1"},
        {GRID("{ parameter = \"gain\"; steps = 3; range = [5, 9]; }"),
         "the range 5 to 9 of `gain` goes beyond its own, 0 to 8"},
        {GRID("{ parameter = \"gain\"; steps = 3; range = [5, 6, 7]; }"),
         "a range is two numbers, [low, high]"},
        {GRID("{ parameter = \"gain\"; steps = 3; scale = \"log\"; }"),
         "a logarithmic scale takes numbers above 0, and the range of `gain` begins at 0"},
        {GRID("{ parameter = \"gain\"; steps = 3; scale = \"cubic\"; }"),
         "unknown scale `cubic`: it is \"linear\" or \"log\""},
        {GRID("{ parameter = \"bare\"; steps = 3; }"),
         "`bare` has no range: give `range = [low, high]` here"},
        {GRID("{ parameter = \"gian\"; steps = 3; }"),
         "unknown parameter `gian`; did you mean `gain`?"},
        {GRID("{ parameter = \"gain\"; steps = 3; }, { parameter = \"gain\"; steps = 3; }"),
         "`gain` stands twice in `over`"},
        {GRID("{ parameter = \"gain\"; stpes = 3; steps = 3; }"),
         "unknown setting `stpes` in an entry of `over`; did you mean `steps`?"},
        {GRID("{ parameter = \"gain\"; steps = 4000000000; }, { parameter = \"pain\"; steps = "
              "4000000000; }"),
         "the grid has 1.6e+19 points: at most 9.01e+15"},
        {"sweep = { design = \"grid\"; points = 4; " OVER("{ parameter = \"gain\"; steps = 3; }"),
         "a grid has the points that its steps make: leave `points` out"},
        {"sweep = { design = \"sobol\"; " OVER("\"gain\""),
         "design \"sobol\" needs `points`, how many"},
        {"sweep = { design = \"sobol\"; points = 0; " OVER("\"gain\""),
         "`points` is a whole number from 1 to 1073741823, not 0"},
        {"sweep = { design = \"random\"; points = (1, 2); " OVER("\"gain\""),
         "`points` of design \"random\" is a number, how many"},
        {"sweep = { design = \"sobol\"; points = 4; seed = 3; " OVER("\"gain\""),
         "design \"sobol\" is not random and takes no `seed`"},
        {"sweep = { design = \"random\"; points = 4; seed = 0; " OVER("\"gain\""),
         "`seed` is a whole number from 1 to 4294967295, not 0"},
        {"sweep = { design = \"random\"; points = 4; " OVER("{ parameter = \"gain\"; steps = 4; }"),
         "`steps` belong to design \"grid\", not to \"random\""},
        {"sweep = { design = \"list\"; " OVER("\"gain\""),
         "a list needs its points: `points = ( (1, 2), (3, 4) );`, a number for each parameter"},
        {"sweep = { design = \"list\"; points = ( (1, 2) ); " OVER("\"gain\""),
         "2 numbers for 1 parameter"},
        {"sweep = { design = \"list\"; points = ( 9 ); " OVER("\"gain\""),
         "`gain` = 9 is outside its range 0 to 8"},
        {"sweep = { design = \"list\"; points = ( 1 ); " OVER(
             "{ parameter = \"gain\"; range = [1, 2]; }"),
         "a list has its points as they are: `gain` takes no range, steps or scale"},
        {"sweep = { design = \"sobol\"; points = 4; record = ( ); " OVER("\"gain\""),
         "there is nothing in `record`: leave it out to keep equilibria and payoffs"},
        {"sweep = { design = \"sobol\"; points = 4; record = ( \"payoffs\", \"payoffs\" ); " OVER(
             "\"gain\""),
         "`payoffs` stands twice in `record`"},
        {"sweep = { design = \"sobol\"; points = 4; concepts = ( \"pure-nahs\" ); " OVER(
             "\"gain\""),
         "unknown concept `pure-nahs`; did you mean `pure-nash`?"},
        {"sweep = { design = \"sobol\"; pionts = 4; points = 4; " OVER("\"gain\""),
         "unknown setting `pionts` in sweep; did you mean `points`?"},
        /* what the reader could not read is not missed a second time */
        {"sweep = { design = \"sobol\"; points = \"x\"; " OVER("\"gain\""),
         "`x` is not a number: expected a decimal such as 0.25, or \"p/q\""},
        {"sweep = { design = \"grid\"; over = \"gain\"; };",
         "expected a list of parameters, found a string"},
        {GRID("{ parameter = \"gain\"; steps = \"x\"; }"),
         "`x` is not a number: expected a decimal such as 0.25, or \"p/q\""},
        {GRID("{ parameter = \"bare\"; steps = 2; range = 5; }"),
         "expected a range [low, high], found a number"},
        /* and of an unknown design the rest is read */
        {"sweep = { " OVER("{ parameter = \"bare\"; steps = 2; range = [1, 2]; }"),
         "sweep needs `design`"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made m = make(bad[i][0]);
        CU_ASSERT_PTR_NULL(m.sweep);
        CU_ASSERT_EQUAL(dt_diag_errors(m.diag), 1);
        const dt_diag_entry *e = dt_diag_get(m.diag, 0);
        CU_ASSERT_PTR_NOT_NULL_FATAL(e);
        if (strcmp(e->message, bad[i][1]) != 0 || dt_diag_errors(m.diag) != 1) {
            fprintf(stderr, "\nwanted: %s\n", bad[i][1]);
            dt_diag_write(m.diag, stderr, false);
        }
        CU_ASSERT_STRING_EQUAL(e->message, bad[i][1]);
        CU_ASSERT(e->file && e->line >= 4);
        done(&m);
    }
}

static void too_many_dimensions(void) {
    char text[8192], *at = text + sprintf(text, "parameters = { ");
    for (int i = 0; i < 41; i++)
        at += sprintf(at, "p%d = { value = 1; range = (0, 1); }; ", i);
    at += sprintf(at, "}; solve = { concepts = ( \"pure-nash\" ); }; " GAME
                      "sweep = { design = \"sobol\"; points = 4; over = (");
    for (int i = 0; i < 41; i++)
        at += sprintf(at, "%s \"p%d\"", i ? "," : "", i);
    sprintf(at, "); };");
    made m = {0};
    m.scenario = read_text(text, NULL, &m.diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m.scenario);
    CU_ASSERT_EQUAL(dt_sweep_new(m.scenario, m.diag, &m.sweep), DT_ERR_INPUT);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(m.diag, 0)->message,
                           "a Sobol sequence has at most 40 dimensions, and `over` has 41 "
                           "parameters; \"latin-hypercube\" takes more");
    done(&m);
}

static void no_section(void) {
    made m = make("");
    CU_ASSERT_PTR_NOT_NULL(m.scenario);
    CU_ASSERT_PTR_NULL(m.sweep);
    CU_ASSERT_PTR_NOT_NULL(strstr(dt_diag_get(m.diag, 0)->message, "no `sweep` section"));
    done(&m);
}

int main(void) {
    static const dt_case cases[] = {
        {"grids", grids},
        {"steps and lists are fractions, generated points doubles", exact_values},
        {"Sobol's first points", sobol},
        {"a latin hypercube has each cell once", latin_hypercube},
        {"points are functions of the index and the seed", pure_functions},
        {"wrong sections", wrong_sections},
        {"too many dimensions", too_many_dimensions},
        {"no section", no_section},
    };
    return DT_RUN_SUITE("sweep_design", cases);
}
