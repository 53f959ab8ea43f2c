/* Reporters: golden texts of small results, escaping, LaTeX compiled. */
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "report_fixture.h"

/* --- numbers --------------------------------------------------------------------------------- */

/* The fewest significant digits from 1 on that read back, by the library alone. */
static size_t fewest_digits(double value) {
    char text[64];
    for (int digits = 1;; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (strtod(text, NULL) == value)
            return (size_t)digits;
    }
}

/* The digits of a decimal without the zeros that only say where its point is. */
static size_t digits_of(const char *text) {
    size_t count = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (*text == '0' && count == 0))
            continue;
        zeros = *text == '0' ? zeros + 1 : 0;
        count++;
    }
    return count - zeros;
}

/* Fractions, decimals, powers, and the doubles beside them: as many digits as needed, and no more.
 */
static void formats_shortest(void) {
    uint64_t state = 99;
    char text[32];
    int wrong = 0;
    for (int i = 0; i < 60000; i++) {
        uint64_t z = state += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        double p = (double)(z >> 44), q = (double)(z & 0xFFFFF) + 1;
        double value = i % 5 == 0   ? p / q
                       : i % 5 == 1 ? p / pow(10, (double)(z % 12))
                       : i % 5 == 2 ? ldexp(1 + (double)(z % 3) * 0x1p-52, (int)(z % 80) - 30)
                       : i % 5 == 3 ? p * q * q * 1.7
                                    : p / q / q;
        value = i % 3 == 0 ? nextafter(value, 0) : i % 3 == 1 ? -value : value;
        if (value == 0)
            continue;
        dt_format_double(value, text);
        if (strtod(text, NULL) != value || digits_of(text) != fewest_digits(value)) {
            if (wrong++ == 0)
                printf("\n%.17g is printed as %s\n", value, text);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void formats_doubles(void) {
    static const struct {
        double value;
        const char *text;
    } known[] = {
        {0, "0"},           {-0.0, "0"},
        {0.1, "0.1"},       {0.1 + 0.2, "0.30000000000000004"},
        {-4, "-4"},         {100000, "100000"},
        {1e22, "1e+22"},    {1e300, "1e+300"},
        {5e-324, "5e-324"}, {1e16, "10000000000000000"},
        {1e-5, "0.00001"},  {1.5e-6, "1.5e-06"},
        {-2.5, "-2.5"},     {1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    char text[32];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        CU_ASSERT_STRING_EQUAL(dt_format_double(known[i].value, text), known[i].text);

    uint64_t state = 12345; /* splitmix64: every finite bit pattern must read back */
    for (int i = 0; i < 100000; i++) {
        uint64_t z = state += 0x9E3779B97F4A7C15u;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        z ^= z >> 31;
        if (i % 4 == 0)
            z &= ~(UINT64_C(0x7FF) << 52); /* subnormal */
        double value;
        memcpy(&value, &z, sizeof value);
        if (!isfinite(value))
            continue;
        dt_format_double(value, text);
        double back = strtod(text, NULL);
        if (back != value || strlen(text) >= sizeof text)
            CU_FAIL("a double does not read back");
    }
}

/* --- golden texts ---------------------------------------------------------------------------- */

static void expect(const char *format, const char *title, const dt_game *game,
                   const dt_result_list *list, const char *wanted) {
    char *text = report(format, title, game, list);
    CU_ASSERT_STRING_EQUAL(text, wanted);
    if (strcmp(text, wanted) != 0)
        printf("\n--- got\n%s--- wanted\n%s---\n", text, wanted);
    free(text);
}

static void two_by_two(void) {
    dt_result_list *list = dt_result_list_new();
    add_dilemma(list);
    expect("text", "Prisoner's dilemma", &DILEMMA, list,
           "Prisoner's dilemma\n"
           "══════════════════\n"
           "Strategies: A 2 × B 2 = 4 profiles\n"
           "\n"
           "pure-nash: 1 equilibrium\n"
           "\n"
           "A        B        payoff\n"
           "──────   ──────   ──────\n"
           "choice   choice    A   B   kind    Pareto  certificate\n"
           "──────────────────────────────────────────────────────\n"
           "defect   defect   -2  -2   strict  no      exact\n"
           "\n"
           "4 profiles searched; the list is complete; the equilibrium is certified in exact "
           "arithmetic.\n");
    expect("markdown", "Prisoner's dilemma", &DILEMMA, list,
           "# Prisoner's dilemma\n"
           "\n"
           "Strategies: A 2 × B 2 = 4 profiles\n"
           "\n"
           "## pure-nash: 1 equilibrium\n"
           "\n"
           "| A choice | B choice | payoff A | payoff B | kind   | Pareto | certificate |\n"
           "| :------- | :------- | -------: | -------: | :----- | :----- | :---------- |\n"
           "| defect   | defect   |       -2 |       -2 | strict | no     | exact       |\n"
           "\n"
           "4 profiles searched; the list is complete; the equilibrium is certified in exact "
           "arithmetic.\n");
    expect("latex", "Prisoner's dilemma", &DILEMMA, list,
           "% Strategies: A 2 × B 2 = 4 profiles\n"
           "% needs \\usepackage{booktabs}\n"
           "\n"
           "\\begin{table}[htbp]\n"
           "\\centering\n"
           "\\caption{Prisoner's dilemma. pure-nash: 1 equilibrium}\n"
           "\\label{tab:pure-nash-1}\n"
           "\\smallskip\n"
           "\\begin{tabular}{llrrlll}\n"
           "\\toprule\n"
           "\\multicolumn{1}{c}{A} & \\multicolumn{1}{c}{B} & \\multicolumn{2}{c}{payoff} &  &  &  "
           "\\\\\n"
           "\\cmidrule(lr){1-1}\\cmidrule(lr){2-2}\\cmidrule(lr){3-4}\n"
           "choice & choice & A & B & kind & Pareto & certificate \\\\\n"
           "\\midrule\n"
           "defect & defect & $-2$ & $-2$ & strict & no & exact \\\\\n"
           "\\bottomrule\n"
           "\\end{tabular}\n"
           "\\par\\medskip\n"
           "\\begin{minipage}{\\linewidth}\\footnotesize\n"
           "4 profiles searched; the list is complete; the equilibrium is certified in exact "
           "arithmetic.\n"
           "\\end{minipage}\n"
           "\\end{table}\n");
    expect("csv", "Prisoner's dilemma", &DILEMMA, list,
           "concept,item,player,strategy,probability,probability_exact,probability_radius,payoff,"
           "payoff_exact,payoff_radius,regret,regret_exact,regret_radius,strict,pareto_efficient,"
           "complete,certificate,objective,sense,value,value_exact,value_radius,round,by,remaining,"
           "table,name,text,component,"
           "settings\n"
           "pure-nash,1,A,choice=defect,,,,-2,-2,,,,,true,false,true,exact,,,,,,,,,,,,,\n"
           "pure-nash,1,B,choice=defect,,,,-2,-2,,,,,true,false,true,exact,,,,,,,,,,,,,\n");
    dt_result_list_free(list);
}

static void no_equilibrium(void) {
    dt_result_list *list = dt_result_list_new();
    add_pure(list, 0, NULL, NULL);
    char *text = report("text", "Matching pennies", &DILEMMA, list);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "pure-nash: no equilibrium\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "At each of the 4 profiles some player gains by deviating; "
                                        "certified in exact arithmetic.\n"));
    free(text);
    list->result[0]->complete = DT_FALSE;
    text = report("text", "", &DILEMMA, list);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "pure-nash: no equilibrium found\n"));
    free(text);
    text = report("latex", "", &DILEMMA, list);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\\paragraph{pure-nash: no equilibrium found.}"));
    free(text);
    dt_result_list_free(list);
}

static void four_players_stack(void) {
    dt_result_list *list = dt_result_list_new();
    add_contest(list, 1);
    dt_result_setting(list, list->result[0], "threads", "%d", 2);
    dt_result_note(list, list->result[0], "Payoffs are in %s.", "M$ a year");
    expect(
        "text", "", &contest, list,
        "Strategies: US 81 × CN 81 × JP 81 × VN 81 = 43 046 721 profiles\n"
        "\n"
        "pure-nash (threads = 2): 1 equilibrium\n"
        "\n"
        "player  export_control  subsidy      capacity_transfer  patent_licensing   payoff  kind   "
        " Pareto\n"
        "──────────────────────────────────────────────────────────────────────────────────────────"
        "───────\n"
        "US      full            price_floor  none               license             657.9  strict "
        " no\n"
        "CN      none            none         none               license           -1666.7\n"
        "JP      full            price_floor  none               strings             379.5\n"
        "VN      none            none         none               withhold              0\n"
        "\n"
        "Payoffs by term\n"
        "player  term                           value  unit\n"
        "───────────────────────────────────────────────────\n"
        "US      contain[US]*damage            1000.2  M$/yr\n"
        "        -lose[US]*US.export_control   -350.0  M$/yr\n"
        "        profit[US]                       7.6  M$/yr\n"
        "        = payoff                       657.9\n"
        "\n"
        "CN      -damage                      -1666.7  M$/yr\n"
        "        = payoff                     -1666.7\n"
        "\n"
        "JP      fees                           379.5  M$/yr\n"
        "        = payoff                       379.5\n"
        "\n"
        "VN      = payoff                         0\n"
        "Terms that are 0 – US: store; CN: rent, back.\n"
        "\n"
        "43 046 721 profiles searched; the list is complete; the equilibrium is certified by ball\n"
        "arithmetic (all comparisons decided).\n"
        "Payoffs are in M$ a year.\n");
    dt_result_list_free(list);
}

static void every_shape_as_text(void) {
    dt_result_list *list = dt_result_list_new();
    add_design(list);
    expect("text", "", &DESIGN, list,
           "Strategies: CN 3 × US 2 = 6 profiles\n"
           "\n"
           "pure-nash: 1 equilibrium\n"
           "\n"
           "CN               US        payoff\n"
           "──────────────   ───────   ──────\n"
           "export_control   subsidy   CN  US   kind    Pareto  certificate\n"
           "───────────────────────────────────────────────────────────────\n"
           "none             on        -4   4   strict  yes     exact\n"
           "\n"
           "4 profiles searched; the list is complete; the equilibrium is certified in exact "
           "arithmetic.\n"
           "\n"
           "mixed-nash: 1 equilibrium\n"
           "\n"
           "player  payoff  exact  probability  strategy  certificate\n"
           "─────────────────────────────────────────────────────────\n"
           "CN      0.3333    1/3          1/2  none      exact\n"
           "                               1/2  embargo\n"
           "US      4.0000                   1  on\n"
           "\n"
           "The list is complete; the equilibrium is certified in exact arithmetic.\n"
           "\n"
           "correlated: 1 optimum\n"
           "\n"
           "                     expected payoff\n"
           "                     ───────────────\n"
           "optimum      value       CN       US   certificate\n"
           "──────────────────────────────────────────────────\n"
           "max welfare   10.5     5.25     5.25   exact\n"
           "\n"
           "max welfare: 2 profiles\n"
           "                 CN               US\n"
           "                 ──────────────   ───────\n"
           "#  probability   export_control   subsidy\n"
           "─────────────────────────────────────────\n"
           "1          1/2   none             off\n"
           "2          1/2   none             on\n"
           "\n"
           "maximin: what each player can secure\n"
           "\n"
           "player    value  exact  probability  strategy\n"
           "─────────────────────────────────────────────\n"
           "CN      -4.0000                   1  none\n"
           "US       3.3333   10/3            1  on\n"
           "\n"
           "Values are certified in exact arithmetic.\n"
           "\n"
           "dominance: 2 strategies eliminated in 2 rounds\n"
           "\n"
           "round  player  strategy  strictly dominated by\n"
           "───────────────────────────────────────────────\n"
           "    1  US      off       on\n"
           "    2  CN      licence   1/2 none + 1/2 embargo\n"
           "\n"
           "What remains\n"
           "player  left  of  strategies\n"
           "────────────────────────────\n"
           "CN         1   3  none\n"
           "US         1   2  on\n"
           "\n"
           "One profile remains: the game is dominance-solvable.\n"
           "Each elimination is certified in exact arithmetic.\n");
    dt_result_list_free(list);
}

static void named_values_and_tables(void) {
    dt_result_list *list = dt_result_list_new();
    add_named(list);
    expect("text", "", &DESIGN, list,
           "Strategies: CN 3 × US 2 = 6 profiles\n"
           "\n"
           "example: what there is\n"
           "\n"
           "name                 value  exact\n"
           "─────────────────────────────────\n"
           "leader                  CN\n"
           "leader payoff       3.3333   10/3\n"
           "commitment        1/2 none\n"
           "               1/2 embargo\n"
           "attained                no\n"
           "\n"
           "Each reply\n"
           "                              play\n"
           "                              ─────────\n"
           "reply  cases   payoff  note   CN    US\n"
           "───────────────────────────────────────\n"
           "on         0  -4.0000         none  off\n"
           "on         7   0.2500  a, b   none  on\n"
           "on        14   0.2500  a, b\n"
           "\n"
           "This is certified in exact arithmetic.\n");
    expect("csv", "", &DESIGN, list,
           "concept,item,player,strategy,probability,probability_exact,probability_radius,payoff,"
           "payoff_exact,payoff_radius,regret,regret_exact,regret_radius,strict,pareto_efficient,"
           "complete,certificate,objective,sense,value,value_exact,value_radius,round,by,remainin"
           "g,table,name,text,component,settings\n"
           "example,,CN,,,,,,,,,,,,,,exact,,,,,,,,,,leader,,,\n"
           "example,,,,,,,,,,,,,,,,exact,,,3.3333333333333335,10/3,,,,,,leader_payoff,,,\n"
           "example,,CN,export_control=none;quota=fixed,0.5,1/2,,,,,,,,,,,exact,,,,,,,,,,commitme"
           "nt,,,\n"
           "example,,CN,export_control=embargo;quota=fixed,0.5,1/2,,,,,,,,,,,exact,,,,,,,,,,commi"
           "tment,,,\n"
           "example,,,,,,,,,,,,,,,,exact,,,,,,,,,,attained,false,,\n"
           "example,1,US,subsidy=on,1,1,,,,,,,,,,,exact,,,,,,,,,replies,reply,,,\n"
           "example,1,,,,,,,,,,,,,,,exact,,,0,,,,,,replies,cases,,,\n"
           "example,1,,,,,,,,,,,,,,,exact,,,-4,-4,,,,,replies,payoff,,,\n"
           "example,1,,,,,,,,,,,,,,,exact,,,,,,,,,replies,note,,,\n"
           "example,1,CN,export_control=none;quota=fixed,,,,,,,,,,,,,exact,,,,,,,,,replies,play,,,"
           "\n"
           "example,1,US,subsidy=off,,,,,,,,,,,,,exact,,,,,,,,,replies,play,,,\n"
           "example,2,US,subsidy=on,1,1,,,,,,,,,,,exact,,,,,,,,,replies,reply,,,\n"
           "example,2,,,,,,,,,,,,,,,exact,,,7,,,,,,replies,cases,,,\n"
           "example,2,,,,,,,,,,,,,,,exact,,,0.25,,1e-30,,,,replies,payoff,,,\n"
           "example,2,,,,,,,,,,,,,,,exact,,,,,,,,,replies,note,\"a, b\",,\n"
           "example,2,CN,export_control=none;quota=fixed,,,,,,,,,,,,,exact,,,,,,,,,replies,play,,,"
           "\n"
           "example,2,US,subsidy=on,,,,,,,,,,,,,exact,,,,,,,,,replies,play,,,\n"
           "example,3,US,subsidy=on,1,1,,,,,,,,,,,exact,,,,,,,,,replies,reply,,,\n"
           "example,3,,,,,,,,,,,,,,,exact,,,14,,,,,,replies,cases,,,\n"
           "example,3,,,,,,,,,,,,,,,exact,,,0.25,,1e-30,,,,replies,payoff,,,\n"
           "example,3,,,,,,,,,,,,,,,exact,,,,,,,,,replies,note,\"a, b\",,\n");
    expect("markdown", "", &DESIGN, list,
           "Strategies: CN 3 × US 2 = 6 profiles\n"
           "\n"
           "## example: what there is\n"
           "\n"
           "| name          |       value | exact |\n"
           "| :------------ | ----------: | ----: |\n"
           "| leader        |          CN |       |\n"
           "| leader payoff |      3.3333 |  10/3 |\n"
           "| commitment    |    1/2 none |       |\n"
           "|               | 1/2 embargo |       |\n"
           "| attained      |          no |       |\n"
           "\n"
           "**Each reply**\n"
           "\n"
           "| reply | cases |  payoff | note | play CN | play US |\n"
           "| :---- | ----: | ------: | :--- | :------ | :------ |\n"
           "| on    |     0 | -4.0000 |      | none    | off     |\n"
           "| on    |     7 |  0.2500 | a, b | none    | on      |\n"
           "| on    |    14 |  0.2500 | a, b |         |         |\n"
           "\n"
           "This is certified in exact arithmetic.\n");
    dt_result_list_free(list);
}

static void contains(const char *format, const char *title, const dt_result_list *list,
                     const char *part);

static void long_tables_are_cut(void) {
    dt_result_list *list = dt_result_list_new();
    dt_result *r = dt_result_add(list, "example", DT_SHAPE_NAMED);
    const char *column[] = {"k"};
    dt_named_table *table = dt_result_table(list, r, "many", NULL, 1, column);
    for (unsigned k = 0; k < 1234; k++)
        *dt_result_row(list, table) = dt_entry_count(k);
    contains("text", "", list, "The first 100 of 1234 rows; --format csv and json have all.");
    contains("csv", "", list, "example,1234,");
    dt_result_list_free(list);
}

static void strategies_with_several_moves_are_tuples(void) {
    dt_result_list *list = dt_result_list_new();
    dt_weight weight[] = {{0, exactly("1/3")}, {80, exactly("2/3")}};
    dt_security security[] = {{1, ball(12.3456789), {2, weight}}};
    dt_result *r = dt_result_add(list, "maximin", DT_SHAPE_SECURITY);
    r->securities = 1;
    r->security = security;
    r->certificate = DT_CERT_BALL;
    char *text = report("text", "", &contest, list);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text, "CN      12.346          1/3  (none, none, none, withhold)\n"
                     "                        2/3  (full, price_floor, full, license)\n"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text, "Strategies are written as (export_control, subsidy, capacity_transfer, "
                     "patent_licensing) for US\nand CN and JP and VN.\n"));
    free(text);
    dt_result_list_free(list);
}

/* --- escaping -------------------------------------------------------------------------------- */

static const char *const ODD[] = {"a,\"b\"|c_d", "50% & [x] é"};
static const dt_move ODD_MOVE = {"x_1", 2, ODD, NULL};
static const dt_player ODD_PAIR[] = {{"A", 1, &ODD_MOVE, 2, CHOICE_LEVELS},
                                     {"B", 1, &ODD_MOVE, 2, CHOICE_LEVELS}};
static const dt_game ODD_GAME = {.players = 2, .player = ODD_PAIR, .profiles = 4};

static void contains(const char *format, const char *title, const dt_result_list *list,
                     const char *wanted) {
    char *text = report(format, title, &ODD_GAME, list);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, wanted));
    if (!strstr(text, wanted))
        printf("\n--- got\n%s--- wanted inside\n%s\n---\n", text, wanted);
    free(text);
}

static void escapes(void) {
    dt_result_list *list = dt_result_list_new();
    add_pure(list, 1, (const uint32_t *const[]){CD}, (const char *const[]){"1/3", "4"});
    contains("csv", "", list, "pure-nash,1,A,\"x_1=a,\"\"b\"\"|c_d\",");
    contains("markdown", "", list, "| a,\"b\"\\|c_d | 50% \\& \\[x\\] é |");
    contains("latex", "", list, "a,''b''\\textbar{}c\\_d & 50\\% \\& [x] é & $0.33333$");
    contains("latex", "Terres rares", list, "\\caption{Terres rares. pure-nash: 1 equilibrium}");
    contains("latex", "稀土", list, "% compile with xelatex");
    contains("text", "two\nlines \033[31m", list, "two lines  [31m\n");
    contains("json", "a \"b\" \\", list, "\"a \\\"b\\\" \\\\\"");
    char *text = report("latex", "é – 2 × 2 ≤ 4", &ODD_GAME, list);
    CU_ASSERT_PTR_NULL(strstr(text, "xelatex"));
    free(text);
    dt_result_list_free(list);
}

/* --- documents ------------------------------------------------------------------------------- */

static void document_as_tables(void) {
    dt_column column[] = {
        {"move", NULL, DT_LEFT}, {"CN", "payoff", DT_DECIMAL}, {"US", "payoff", DT_DECIMAL}};
    dt_cell cell[] = {{.text = "a, b"},
                      {.is_number = true, .number = {-1.5, 0, "-3/2"}},
                      {.is_number = false, .number = {0, 0, NULL}},
                      {.text = "c"},
                      {.is_number = true, .number = {10, 0, "10"}},
                      {.is_number = true, .number = {2.0 / 3, 1e-9, NULL}}};
    const char *table_note[] = {"A line."}, *note[] = {"The end."};
    dt_table table[] = {{.name = "gains",
                         .title = "Gains",
                         .columns = 3,
                         .column = column,
                         .rows = 2,
                         .cell = cell,
                         .notes = 1,
                         .note = table_note},
                        {.name = "again", .columns = 1, .column = column, .rows = 1, .cell = cell}};
    dt_document document = {.title = "Why", .tables = 2, .table = table, .notes = 1, .note = note};
    static const char *const wanted[][2] = {
        {"text", "Why\n"
                 "═══\n"
                 "\n"
                 "Gains\n"
                 "       payoff\n"
                 "       ─────────────\n"
                 "move     CN       US\n"
                 "────────────────────\n"
                 "a, b   -1.5\n"
                 "c      10.0  0.66667\n"
                 "A line.\n"
                 "\n"
                 "move\n"
                 "────\n"
                 "a, b\n"
                 "\n"
                 "The end.\n"},
        {"csv", "table,move,payoff.CN,payoff.US\n"
                "gains,\"a, b\",-1.5,\n"
                "gains,c,10,0.6666666666666666\n"
                "\n"
                "table,move\n"
                "again,\"a, b\"\n"},
        {"markdown", "# Why\n"
                     "\n"
                     "**Gains**\n"
                     "\n"
                     "| move | payoff CN | payoff US |\n"
                     "| :--- | --------: | --------: |\n"
                     "| a, b |      -1.5 |           |\n"
                     "| c    |      10.0 |   0.66667 |\n"
                     "\n"
                     "A line.\n"
                     "\n"
                     "| move |\n"
                     "| :--- |\n"
                     "| a, b |\n"
                     "\n"
                     "The end.\n"},
    };
    char *text;
    size_t length;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const dt_reporter *reporter = dt_reporter_find(wanted[i][0]);
        CU_ASSERT_EQUAL_FATAL(reporter->document(&document, false, &text, &length), DT_OK);
        CU_ASSERT_STRING_EQUAL(text, wanted[i][1]);
        if (strcmp(text, wanted[i][1]) != 0)
            printf("\n--- got\n%s--- wanted\n%s---\n", text, wanted[i][1]);
        free(text);
    }
}

/* --- LaTeX, compiled ------------------------------------------------------------------------- */

static void latex_compiles(void) {
    if (system("command -v pdflatex > /dev/null 2>&1") != 0) {
        printf(" skipped: no pdflatex ");
        return;
    }
    dt_result_list *list = dt_result_list_new(), *odd = dt_result_list_new();
    add_contest(list, 30);
    add_pure(odd, 2, (const uint32_t *const[]){CD, DC},
             (const char *const[]){"1/3", "4", "-1e20", "0"});
    char *design, *wide = report("latex", "50% of $ & # ~ ^ \\ {}", &contest, list);
    char *escaped = report("latex", "<Terres> \"rares\" | é – 2 × 2", &ODD_GAME, odd);
    dt_result_list_free(list);
    list = dt_result_list_new();
    add_design(list);
    add_named(list);
    design = report("latex", "Design", &DESIGN, list);

    char folder[] = "/tmp/deterra-latex-XXXXXX", path[64], command[256];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.tex", folder);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file,
            "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n"
            "%s\n%s\n%s\n\\end{document}\n",
            wide, escaped, design);
    fclose(file);
    snprintf(command, sizeof command,
             "cd %s && pdflatex -interaction=nonstopmode -halt-on-error a.tex > out 2>&1", folder);
    CU_ASSERT_EQUAL(system(command), 0);
    snprintf(command, sizeof command, "grep -A1 'Overfull' %s/a.log", folder);
    CU_ASSERT_NOT_EQUAL(system(command), 0); /* no table is wider than the page */
    snprintf(command, sizeof command, "rm -r %s", folder);
    CU_ASSERT_EQUAL(system(command), 0);
    free(wide);
    free(escaped);
    free(design);
    dt_result_list_free(odd);
    dt_result_list_free(list);
}

static void registry(void) {
    CU_ASSERT_EQUAL(dt_reporter_count(), 5);
    for (size_t i = 0; i < dt_reporter_count(); i++)
        CU_ASSERT_PTR_EQUAL(dt_reporter_find(dt_reporter_at(i)->name), dt_reporter_at(i));
    CU_ASSERT_PTR_NULL(dt_reporter_find("html"));
    CU_ASSERT_PTR_NULL(dt_reporter_at(5));
}

static void colour_only_when_asked(void) {
    dt_result_list *list = dt_result_list_new();
    add_dilemma(list);
    dt_report_input input = {.title = "T", .game = &DILEMMA, .results = list, .colour = true};
    for (size_t i = 0; i < dt_reporter_count(); i++) {
        char *text;
        size_t length;
        CU_ASSERT_EQUAL_FATAL(dt_reporter_at(i)->results(&input, &text, &length), DT_OK);
        bool is_text = strcmp(dt_reporter_at(i)->name, "text") == 0;
        CU_ASSERT_EQUAL(strchr(text, '\033') != NULL, is_text);
        free(text);
    }
    dt_result_list_free(list);
}

static const dt_case cases[] = {
    {"doubles read back", formats_doubles},
    {"doubles in their shortest form", formats_shortest},
    {"a two-by-two game", two_by_two},
    {"no equilibrium", no_equilibrium},
    {"four players are stacked", four_players_stack},
    {"every shape as text", every_shape_as_text},
    {"named values and tables", named_values_and_tables},
    {"long named tables", long_tables_are_cut},
    {"strategies as tuples", strategies_with_several_moves_are_tuples},
    {"escaping", escapes},
    {"documents", document_as_tables},
    {"LaTeX compiles", latex_compiles},
    {"the registry", registry},
    {"colour", colour_only_when_asked},
};

int main(void) {
    make_contest();
    return DT_RUN_SUITE("report", cases);
}
