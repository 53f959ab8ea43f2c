/* Reports of a polygon of payoffs, in every format. SPDX: GPL-3.0-or-later */
#include "lp_games.h"

#include <cjson/cJSON.h>

#include "deterra/report.h"
#include "lp/lp.h"

static char *report(const char *format, const dt_game *game, const dt_result_list *list) {
    dt_report_input input = {.title = "T", .game = game, .results = list};
    char *text = NULL;
    size_t length = 0;
    CU_ASSERT_EQUAL_FATAL(dt_reporter_find(format)->results(&input, &text, &length), DT_OK);
    CU_ASSERT_EQUAL(strlen(text), length);
    return text;
}

static void holds(const char *format, const dt_game *game, const dt_result_list *list,
                  const char *part) {
    char *text = report(format, game, list);
    if (!strstr(text, part))
        printf("\n%s\n", text);
    CU_ASSERT(strstr(text, part) != NULL);
    free(text);
}

/* Chicken: four corners. */
static void corners(void) {
    static const long payoff[] = {6, 6, 2, 7, 7, 2, 0, 0};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    dt_setting x = {.key = "x", .text = "P2"};
    lp_run run = lp_solve(&dt_concept_payoff_polygon, game, 1, 1, &x);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    holds("text", game, run.list, "payoff-polygon (x = P2, y = P1, of = correlated): 4 corners\n");
    holds("text", game, run.list, "\n2  3.60  3.60         3  exact\n");
    holds("text", game, run.list, "certified in exact arithmetic");
    holds("markdown", game, run.list, "4 corners");
    holds("latex", game, run.list, "5.25");
    holds("csv", game, run.list, "payoff-polygon,2,P1,");
    char *text = report("json", game, run.list);
    cJSON *root = cJSON_Parse(text);
    const cJSON *result = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "results"), 0);
    const cJSON *vertices = cJSON_GetObjectItem(result, "vertices");
    CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(vertices), 4);
    const cJSON *second = cJSON_GetArrayItem(vertices, 1);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItem(
                               cJSON_GetObjectItem(second, "payoffs_exact"), "P1")),
                           "18/5");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItem(second, "distribution")), 3);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItem(second, "certificate")),
                           "exact");
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItem(result, "certificate")),
                           "exact");
    cJSON_Delete(root);
    free(text);
    lp_close(&run);
    dt_game_free(game);
}

/* The prisoner's dilemma: a point. Common interest: a segment. */
static void flat(void) {
    static const long dilemma[] = {3, 3, 0, 4, 4, 0, 1, 1}, common[] = {2, 2, 0, 0, 0, 0, 1, 1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, dilemma, 1);
    lp_run run = lp_solve(&dt_concept_payoff_polygon, game, 1, 0, NULL);
    holds("text", game, run.list, "of = correlated): a point\n");
    lp_close(&run);
    dt_game_free(game);
    game = lp_table(2, (uint32_t[]){2, 2}, common, 1);
    run = lp_solve(&dt_concept_payoff_polygon, game, 1, 0, NULL);
    holds("text", game, run.list, "of = correlated): a segment\n");
    lp_close(&run);
    dt_game_free(game);
}

int main(void) {
    static const dt_case cases[] = {{"corners", corners}, {"a point, a segment", flat}};
    int status = DT_RUN_SUITE("report of polygons", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
