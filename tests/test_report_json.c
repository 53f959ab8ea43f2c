/* The JSON reporter: parsed back and compared field by field with the documented shape. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "report_fixture.h"

/* The value at "results.0.equilibria.0.profile", or NULL. */
static const cJSON *at(const cJSON *root, const char *path) {
    while (root && *path) {
        char key[64];
        size_t length = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, path);
        root = cJSON_IsArray(root) ? cJSON_GetArrayItem(root, atoi(key))
                                   : cJSON_GetObjectItemCaseSensitive(root, key);
        path += length + (path[length] == '.');
    }
    return root;
}

/* Every value compared by its printed form: numbers, strings and truths alike. */
static void expect_json(const cJSON *root, const char *path, const char *wanted) {
    char *text = at(root, path) ? cJSON_PrintUnformatted(at(root, path)) : NULL;
    CU_ASSERT_TRUE(text && strcmp(text, wanted) == 0);
    if (!text || strcmp(text, wanted) != 0)
        printf("\n%s is %s, not %s\n", path, text ? text : "absent", wanted);
    cJSON_free(text);
}

static cJSON *parsed(const dt_report_input *input) {
    char *text = NULL;
    size_t length = 0;
    CU_ASSERT_EQUAL_FATAL(dt_reporter_find("json")->results(input, &text, &length), DT_OK);
    cJSON *root = cJSON_Parse(text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    free(text);
    return root;
}

static void json_of_every_shape(void) {
    dt_result_list *list = dt_result_list_new();
    add_design(list);
    add_named(list);
    double seconds[] = {0.25};
    cJSON *root = parsed(&(dt_report_input){.title = "T",
                                            .config_sha256 = "ab12",
                                            .game = &DESIGN,
                                            .results = list,
                                            .timings = 1,
                                            .seconds = seconds});
    static const char *const wanted[][2] = {
        {"deterra", "\"0.1.0\""},
        {"title", "\"T\""},
        {"config_sha256", "\"ab12\""},
        {"players.0", "{\"name\":\"CN\",\"moves\":[\"export_control\",\"quota\"],"
                      "\"strategies\":3}"},
        {"profiles", "6"},
        {"results.0.concept", "\"pure-nash\""},
        {"results.0.complete", "true"},
        {"results.0.searched", "4"},
        {"results.0.seconds", "0.25"},
        {"results.0.equilibria.0",
         "{\"profile\":{\"CN\":{\"export_control\":\"none\",\"quota\":\"fixed\"},"
         "\"US\":{\"subsidy\":\"on\"}},\"payoffs\":{\"CN\":-4,\"US\":4},"
         "\"payoffs_exact\":{\"CN\":\"-4\",\"US\":\"4\"},\"strict\":true,"
         "\"pareto_efficient\":true,\"certificate\":\"exact\"}"},
        {"results.1.equilibria.0.strategies.CN.0",
         "{\"moves\":{\"export_control\":\"none\",\"quota\":\"fixed\"},\"probability\":0.5,"
         "\"probability_exact\":\"1/2\"}"},
        {"results.1.equilibria.0.payoffs_exact", "{\"CN\":\"1/3\",\"US\":\"4\"}"},
        {"results.2.objective", "\"welfare\""},
        {"results.2.sense", "\"max\""},
        {"results.2.value", "10.5"},
        {"results.2.value_exact", "\"21/2\""},
        {"results.2.distribution.1.probability_exact", "\"1/2\""},
        {"results.2.distribution.1.profile.US", "{\"subsidy\":\"on\"}"},
        {"results.2.payoffs.CN", "5.25"},
        {"results.2.certificate", "\"exact\""},
        {"results.3.players.US.value_exact", "\"10/3\""},
        {"results.3.players.US.strategy.0",
         "{\"moves\":{\"subsidy\":\"on\"},\"probability\":1,\"probability_exact\":\"1\"}"},
        {"results.3.certificate", "\"exact\""},
        {"results.4.rounds.0.player", "\"US\""},
        {"results.4.rounds.0.round", "1"},
        {"results.4.rounds.0.moves", "{\"subsidy\":\"off\"}"},
        {"results.4.rounds.0.by.0.moves", "{\"subsidy\":\"on\"}"},
        {"results.4.rounds.1.by.1.probability_exact", "\"1/2\""},
        {"results.4.rounds.1.kind", "\"strict\""},
        {"results.4.remaining", "{\"CN\":1,\"US\":1}"},
        {"results.5.concept", "\"example\""},
        {"results.5.values.leader", "\"CN\""},
        {"results.5.values.leader_payoff_exact", "\"10/3\""},
        {"results.5.values.commitment.1",
         "{\"moves\":{\"export_control\":\"embargo\",\"quota\":\"fixed\"},\"probability\":0.5,"
         "\"probability_exact\":\"1/2\"}"},
        {"results.5.values.attained", "false"},
        {"results.5.tables.replies.0",
         "{\"reply\":[{\"moves\":{\"subsidy\":\"on\"},\"probability\":1,"
         "\"probability_exact\":\"1\"}],\"cases\":0,\"payoff\":-4,\"payoff_exact\":\"-4\","
         "\"note\":\"\",\"play\":{\"CN\":{\"export_control\":\"none\",\"quota\":\"fixed\"},"
         "\"US\":{\"subsidy\":\"off\"}}}"},
        {"results.5.tables.replies.1.payoff_radius", "1e-30"},
        {"results.5.tables.replies.2.play", "null"},
        {"results.5.certificate", "\"exact\""},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        expect_json(root, wanted[i][0], wanted[i][1]);
    CU_ASSERT_PTR_NULL(at(root, "results.1.seconds"));
    CU_ASSERT_PTR_NULL(at(root, "results.0.equilibria.0.radius"));
    cJSON_Delete(root);
    dt_result_list_free(list);
}

static void json_of_balls(void) {
    dt_result_list *list = dt_result_list_new();
    add_contest(list, 2);
    dt_result_setting(list, list->result[0], "regret", "0.5");
    dt_result_note(list, list->result[0], "One note.");
    cJSON *root = parsed(&(dt_report_input){.game = &contest, .results = list});
    static const char *const wanted[][2] = {
        {"config_sha256", "null"},
        {"results.0.settings.regret", "\"0.5\""},
        {"results.0.notes.0", "\"One note.\""},
        {"results.0.equilibria.0.payoffs_exact", "{\"VN\":\"0\"}"},
        {"results.0.equilibria.0.radius", "{\"US\":1e-30,\"CN\":1e-30,\"JP\":1e-30}"},
        {"results.0.equilibria.0.terms.US.1",
         "{\"term\":\"-lose[US]*US.export_control\",\"unit\":\"M$/yr\",\"value\":-350,"
         "\"value_exact\":\"-350\"}"},
        {"results.0.equilibria.0.terms.US.2.radius", "1e-30"},
        {"results.0.equilibria.0.pareto_efficient", "false"},
        {"results.0.equilibria.1.pareto_efficient", "null"},
        {"results.0.equilibria.1.certificate", "\"ball\""},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        expect_json(root, wanted[i][0], wanted[i][1]);
    const cJSON *payoff = at(root, "results.0.equilibria.0.payoffs.JP"); /* with all its digits */
    CU_ASSERT_TRUE(payoff && payoff->valuedouble == 379.47975958579303);
    CU_ASSERT_PTR_NULL(at(root, "results.0.equilibria.1.terms"));
    cJSON_Delete(root);
    dt_result_list_free(list);
}

static void json_of_a_document(void) {
    dt_column column[] = {{"move", NULL, DT_LEFT}, {"CN", "payoff", DT_DECIMAL}};
    dt_cell cell[] = {{.text = "a"},
                      {.is_number = true, .number = {-1.5, 0, "-3/2"}},
                      {.text = "b"},
                      {.text = NULL}};
    const char *table_note[] = {"A line."}, *note[] = {"The end."};
    dt_table table = {.name = "gains",
                      .title = "Gains",
                      .columns = 2,
                      .column = column,
                      .rows = 2,
                      .cell = cell,
                      .notes = 1,
                      .note = table_note};
    dt_document document = {.title = "Why", .tables = 1, .table = &table, .notes = 1, .note = note};
    char *text;
    size_t length;
    CU_ASSERT_EQUAL_FATAL(dt_reporter_find("json")->document(&document, false, &text, &length),
                          DT_OK);
    cJSON *root = cJSON_Parse(text);
    expect_json(root, "title", "\"Why\"");
    expect_json(root, "tables.gains.0",
                "{\"move\":\"a\",\"payoff.CN\":-1.5,\"payoff.CN_exact\":\"-3/2\"}");
    expect_json(root, "tables.gains.1", "{\"move\":\"b\",\"payoff.CN\":null}");
    expect_json(root, "notes", "[\"A line.\",\"The end.\"]");
    cJSON_Delete(root);
    free(text);
}

static const dt_case cases[] = {
    {"every shape", json_of_every_shape},
    {"balls", json_of_balls},
    {"documents", json_of_a_document},
};

int main(void) {
    make_contest();
    return DT_RUN_SUITE("report as JSON", cases);
}
