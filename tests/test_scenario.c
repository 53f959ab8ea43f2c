/* The scenario room: numbers, names, ranges, setting parameters. */
#include <string.h>

#include "deterra/scenario.h"
#include "harness.h"

/* Whether `text` reads as the rational written in `expected`; NULL: it must be refused. */
static void number(const char *text, const char *expected) {
    fmpq_t value, wanted;
    fmpq_init(value);
    fmpq_init(wanted);
    bool read = dt_number_parse(text, value);
    bool good = expected
                    ? read && fmpq_set_str(wanted, expected, 10) == 0 && fmpq_equal(value, wanted)
                    : !read;
    if (!good)
        fprintf(stderr, "\nnumber: %s\n", text);
    CU_ASSERT(good);
    fmpq_clear(value);
    fmpq_clear(wanted);
}

static void numbers(void) {
    number("0.1", "1/10");
    number("-1.5e3", "-1500");
    number("+.5", "1/2");
    number("5.", "5");
    number("3000000000", "3000000000");
    number("3000000000L", "3000000000");
    number("12LL", "12");
    number("123456789012345678901234567890.5", "246913578024691357802469135781/2");
    number("00012", "12");
    number("6/4", "3/2");
    number("-6/4", "-3/2");
    number("0/7", "0");
    number("0e999999999999999999999", "0");
    number("0.000e-99999", "0");
    number("1e2", "100");
    number("1E-2", "1/100");
    static const char *const WRONG[] = {
        "",    " 1", "1 ", ".",    "-",     "+-1", "1e",  "1e+",  "0x1F", "1L2", "1.5L",  "1LLL",
        "1/0", "1/", "/2", "1/-2", "1.5/2", "nan", "inf", "1e5L", "1,5",  "--1", "1/2/3", "one"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        number(WRONG[i], NULL);
}

/* Refused is what a double would turn into infinity, or, though not zero, into zero. */
static void number_range(void) {
    char digits[320];
    memset(digits, '0', sizeof digits);
    digits[0] = '1';
    digits[309] = '\0';
    number("1e308", digits);
    number("1e309", NULL);
    number("-1e309", NULL);
    number("1.7976931348623159e308", NULL);
    number("1e999999999999999999999999", NULL);
    number("1e-999999999999999999999999", NULL);
    number("1e-400", NULL);
    number("2e-324", NULL);
    number("0.1e310", NULL);
    static const char *const GOOD[] = {"1.7976931348623157e308", "4.9406564584124654e-324",
                                       "5e-324", "3e-324", "0.001e311"};
    fmpq_t value;
    fmpq_init(value);
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++)
        CU_ASSERT(dt_number_parse(GOOD[i], value));
    char long_digits[5002] = "0.";
    memset(long_digits + 2, '3', 4999);
    CU_ASSERT(dt_number_parse(long_digits, value));
    fmpq_set_si(value, 7, 1); /* a refusal leaves the value alone */
    CU_ASSERT(!dt_number_parse("1e309", value));
    CU_ASSERT(fmpq_equal_si(value, 7));
    fmpq_clear(value);
}

/* A scenario filled by hand, as an API user would. */
typedef struct sample {
    dt_scenario scenario;
    dt_level_spec level[2];
    dt_move_spec move[2];
    dt_player_spec player[2];
    dt_parameter parameter[3], entry[2], leaf[2];
    const char *element[3];
    dt_set_spec set[1];
    dt_definition_spec definition[2];
} sample;

static dt_parameter leaf(const char *name, slong value) {
    dt_parameter p = {.name = name, .place = DT_NOWHERE};
    fmpq_init(&p.value);
    fmpq_init(&p.low);
    fmpq_init(&p.high);
    fmpq_set_si(&p.value, value, 1);
    return p;
}

static void fill(sample *s) {
    memset(s, 0, sizeof *s);
    s->level[0].label = "off";
    s->level[1].label = "on";
    s->move[0] = (dt_move_spec){.name = "subsidy", .levels = 2, .level = s->level};
    s->move[1] = (dt_move_spec){.name = "tariff", .levels = 2, .level = s->level};
    s->player[0] = (dt_player_spec){.name = "US", .moves = 2, .move = s->move};
    s->player[1] = (dt_player_spec){.name = "CN", .moves = 1, .move = s->move};
    s->leaf[0] = leaf("CN", 1);
    s->leaf[1] = leaf("RW", 2);
    s->entry[0] = (dt_parameter){.name = "US", .children = 2, .child = s->leaf};
    s->entry[1] = leaf("JP", 3);
    s->parameter[0] = leaf("gain", 4);
    s->parameter[0].has_range = true;
    fmpq_set_si(&s->parameter[0].low, 1, 1);
    fmpq_set_si(&s->parameter[0].high, 5, 1);
    s->parameter[1] = (dt_parameter){.name = "share", .children = 2, .child = s->entry};
    s->parameter[2] = leaf("pain", 6);
    s->element[0] = "CN";
    s->element[1] = "RW";
    s->element[2] = "JP";
    s->set[0] = (dt_set_spec){.name = "sources", .elements = 3, .element = s->element};
    s->definition[0].text = dt_text_from("hurt[j in sources] = pain");
    s->definition[1].text = dt_text_from("damage");
    s->definition[1].has_body = true;
    s->scenario = (dt_scenario){.title = "",
                                .players = 2,
                                .player = s->player,
                                .parameters = 3,
                                .parameter = s->parameter,
                                .sets = 1,
                                .set = s->set};
    s->scenario.payoff.definitions = 2;
    s->scenario.payoff.definition = s->definition;
}

/* Validates; the one message expected, or NULL where none is. */
static void expect(const sample *s, dt_status wanted, const char *message) {
    dt_diag *diag = dt_diag_new();
    dt_status status = dt_scenario_validate(&s->scenario, diag);
    CU_ASSERT_EQUAL(status, wanted);
    CU_ASSERT_EQUAL(dt_diag_count(diag), message ? 1 : 0);
    bool same =
        !message || (dt_diag_count(diag) && strcmp(dt_diag_get(diag, 0)->message, message) == 0);
    if (!same)
        dt_diag_write(diag, stderr, false);
    CU_ASSERT(same);
    dt_diag_free(diag);
}

static void valid(void) {
    sample s;
    fill(&s);
    expect(&s, DT_OK, NULL);
}

static void names(void) {
    sample s;
    fill(&s);
    s.player[1].name = "US";
    expect(&s, DT_ERR_INPUT, "`US` is already a player");
    fill(&s);
    s.player[1].name = "file";
    expect(&s, DT_ERR_INPUT, "`file` cannot name a player: it is a setting of payoffs");
    fill(&s);
    s.player[1].name = "9a";
    expect(&s, DT_ERR_INPUT,
           "`9a` cannot name a player: a name is letters, digits and _, and begins with no digit");
    fill(&s);
    s.player[1].name = "";
    expect(&s, DT_ERR_INPUT, "a player needs a `name`");
    fill(&s);
    s.parameter[2].name = "clamp";
    expect(&s, DT_ERR_INPUT,
           "`clamp` cannot name a parameter: it is a word of the formula language");
    fill(&s);
    s.parameter[2].name = "players";
    expect(&s, DT_ERR_INPUT, "`players` cannot name a parameter: it is the set of all players");
    fill(&s);
    s.parameter[2].name = "US";
    expect(&s, DT_ERR_INPUT, "`US` cannot name a parameter: it already names a player");
    fill(&s);
    s.set[0].name = "gain";
    expect(&s, DT_ERR_INPUT, "`gain` cannot name a set: it already names a parameter");
    fill(&s);
    s.definition[1].text = dt_text_from(" hurt = 3");
    expect(&s, DT_ERR_INPUT, "`hurt` is already a definition");
    fill(&s);
    s.definition[1].text = dt_text_from("sum = 3");
    expect(&s, DT_ERR_INPUT,
           "`sum` cannot name a definition: it is a word of the formula language");
    fill(&s);
    s.element[0] = "range";
    expect(&s, DT_ERR_INPUT,
           "`range` cannot name an element of a set or table: it is a setting of parameters");
    fill(&s);
    s.element[0] = "gain";
    expect(&s, DT_ERR_INPUT,
           "`gain` cannot be an element of set `sources`: it already names a parameter");
    fill(&s);
    s.element[0] = "RW";
    expect(&s, DT_ERR_INPUT, "`RW` stands twice in set `sources`");
    fill(&s);
    s.leaf[1].name = "CN";
    expect(&s, DT_ERR_INPUT, "`CN` stands twice in table `share.US`");
    fill(&s);
    s.leaf[1].name = "hurt";
    expect(&s, DT_ERR_INPUT,
           "`hurt` cannot be an element of table `share.US`: it already names a definition");
}

static void moves(void) {
    sample s;
    fill(&s);
    s.player[1].moves = 0;
    expect(&s, DT_ERR_INPUT, "player `CN` has no `moves`");
    fill(&s);
    s.move[1].name = "subsidy";
    expect(&s, DT_ERR_INPUT, "move `subsidy` stands twice in `US`");
    fill(&s);
    s.move[1].levels = 0;
    expect(&s, DT_ERR_INPUT, "move `tariff` has no `levels`");
    fill(&s);
    s.move[1].name = "a b";
    expect(&s, DT_ERR_INPUT,
           "`a b` cannot name a move: a name is letters, digits and _, and begins with no digit");
    fill(&s);
    s.level[1].label = "off";
    s.player[0].moves = 1;
    s.player[1].move = s.move + 1;
    s.move[1].levels = 1;
    expect(&s, DT_ERR_INPUT, "level `off` stands twice in `subsidy`");
}

static void ranges(void) {
    sample s;
    fill(&s);
    fmpq_set_si(&s.parameter[0].value, 11, 2);
    expect(&s, DT_OK, "`gain` = 5.5 is outside its range 1 to 5");
    fmpq_set_si(&s.parameter[0].low, 6, 1);
    expect(&s, DT_ERR_INPUT, "the range of `gain` is reversed: 6 is above 5");
}

/* Sets a path to 3; the message expected, NULL where none is. */
static void set(const char *path, dt_status wanted, const char *message) {
    sample s;
    fill(&s);
    dt_diag *diag = dt_diag_new();
    fmpq_t value;
    fmpq_init(value);
    fmpq_set_si(value, 9, 1);
    CU_ASSERT_EQUAL(dt_scenario_set(&s.scenario, path, value, DT_NOWHERE, diag), wanted);
    CU_ASSERT_EQUAL(dt_diag_count(diag), message ? 1 : 0);
    bool same =
        !message || (dt_diag_count(diag) && strcmp(dt_diag_get(diag, 0)->message, message) == 0);
    if (!same)
        dt_diag_write(diag, stderr, false);
    CU_ASSERT(same);
    if (strcmp(path, "share.US.RW") == 0 || strcmp(path, "share[US][RW]") == 0)
        CU_ASSERT(fmpq_equal_si(&s.leaf[1].value, 9));
    fmpq_clear(value);
    dt_diag_free(diag);
}

static void setting(void) {
    set("pain", DT_OK, NULL);
    set("share.US.RW", DT_OK, NULL);
    set("share[US][RW]", DT_OK, NULL);
    set("share.JP", DT_OK, NULL);
    set("gain", DT_OK, "`gain` = 9 is outside its range 1 to 5");
    set("gian", DT_ERR_INPUT, "unknown parameter `gian`; did you mean `gain`?");
    set("zzzzzz", DT_ERR_INPUT, "unknown parameter `zzzzzz`");
    set("share.US.RV", DT_ERR_INPUT, "no entry `RV` in table `US`; did you mean `RW`?");
    set("share.US", DT_ERR_INPUT,
        "`share.US` is a table; name one of its entries, such as `share.US.CN`");
    set("gain.US", DT_ERR_INPUT, "`gain` is a single number, not a table");
    static const char *const WRONG[] = {"",           ".",         "share.", "share[US",
                                        "share[US]x", "share..US", "[gain]"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        char message[200];
        snprintf(message, sizeof message,
                 "`%s` does not name a parameter: write gain, share.US.CN or share[US][CN]",
                 WRONG[i]);
        set(WRONG[i], DT_ERR_INPUT, message);
    }
}

static void capped(void) {
    enum { MANY = 1000 };
    static const char *elements[MANY];
    sample s;
    fill(&s);
    for (size_t i = 0; i < MANY; i++)
        elements[i] = "9";
    static dt_place places[MANY];
    s.set[0].element = elements;
    s.set[0].elements = MANY;
    s.set[0].element_place = places;
    dt_diag *diag = dt_diag_new();
    CU_ASSERT_EQUAL(dt_scenario_validate(&s.scenario, diag), DT_ERR_INPUT);
    CU_ASSERT(dt_diag_count(diag) <= 101);
    CU_ASSERT_STRING_EQUAL(dt_diag_get(diag, dt_diag_count(diag) - 1)->message,
                           "and 900 more errors");
    dt_diag_free(diag);
}

static void life(void) {
    dt_scenario *scenario = dt_scenario_new();
    CU_ASSERT_PTR_NOT_NULL(scenario);
    if (scenario)
        CU_ASSERT_STRING_EQUAL(scenario->title, "");
    dt_scenario_free(scenario);
    dt_scenario_free(NULL);
}

static const dt_case cases[] = {
    {"numbers", numbers},
    {"number range", number_range},
    {"a valid scenario", valid},
    {"names", names},
    {"moves and levels", moves},
    {"ranges", ranges},
    {"setting", setting},
    {"capped", capped},
    {"life", life},
};

int main(void) {
    return DT_RUN_SUITE("scenario", cases);
}
