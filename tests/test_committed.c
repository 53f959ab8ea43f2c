/* Games in which a player is committed: rows, boxes and certificates against the game behind.
 * SPDX: GPL-3.0-or-later */
#include "harness.h"

#include <math.h>
#include <string.h>

#include "deterra/certify.h"
#include "deterra/config.h"
#include "equilibrium/pure/boxes.h"
#include "equilibrium/pure/near.h"
#include "game/committed.h"

static dt_game *coarse(dt_scenario **scenario) {
    dt_diag *diag = dt_diag_new();
    dt_game *game = NULL;
    dt_config_options options = {0};
    dt_status status =
        dt_config_read(DETERRA_ROOT "/configs/rare_earth/coarse.cfg", &options, diag, scenario);
    if (status == DT_OK)
        status = dt_game_build(*scenario, diag, &game);
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
    dt_diag_free(diag);
    return game;
}

/* Payoffs of rows and of single profiles are those of the game behind. */
static void payoffs(void) {
    dt_scenario *scenario;
    dt_game *game = coarse(&scenario);
    for (size_t leader = 0; leader < game->players; leader++) {
        dt_committed c;
        uint32_t strategy = (uint32_t)(2 + leader), profile[4], behind[4];
        CU_ASSERT_EQUAL_FATAL(dt_committed_init(&c, game, leader, strategy), DT_OK);
        CU_ASSERT_EQUAL(c.game.profiles, game->profiles / game->player[leader].strategies);
        CU_ASSERT_EQUAL(c.game.player[leader].strategies, 1);
        for (size_t m = 0; m < game->player[leader].moves; m++)
            CU_ASSERT_STRING_EQUAL(dt_strategy_label(&c.game, leader, 0, m),
                                   dt_strategy_label(game, leader, strategy, m));
        dt_workspace *w = dt_workspace_new(&c.game), *v = dt_workspace_new(game);
        double value[9], bound[9], want[9], more[9];
        for (uint64_t k = 0; k < c.game.profiles; k += 37) {
            dt_profile_decode(&c.game, k, profile);
            dt_committed_profile(&c, profile, behind);
            CU_ASSERT_EQUAL(behind[leader], strategy);
            for (size_t p = 0; p < game->players; p++) {
                size_t over = (p + (k & 1)) % game->players;
                if (over == leader)
                    continue;
                CU_ASSERT_EQUAL(dt_game_row(&c.game, w, p, over, profile, value, bound), DT_OK);
                CU_ASSERT_EQUAL(dt_game_row(game, v, p, over, behind, want, more), DT_OK);
                CU_ASSERT(memcmp(value, want, sizeof value) == 0);
            }
        }
        dt_workspace_free(&c.game, w);
        dt_workspace_free(game, v);
        dt_committed_clear(&c);
    }
    dt_game_free(game);
    dt_scenario_free(scenario);
}

/* Marks the equilibria among some profiles. */
static void certify(const dt_game *game, const uint64_t *profile, size_t count, bool *is) {
    dt_workspace *w = dt_workspace_new(game);
    dt_verdict v;
    fmpq_t zero;
    fmpq_init(zero);
    CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, game), DT_OK);
    for (size_t k = 0; k < count; k++) {
        uint32_t at[DT_MAX_PLAYERS];
        uint64_t index = profile ? profile[k] : k;
        dt_profile_decode(game, index, at);
        CU_ASSERT_EQUAL(dt_certify_profile(game, w, at, zero, NULL, NULL, &v), DT_OK);
        CU_ASSERT(v.equilibrium != DT_UNKNOWN);
        is[index] = v.equilibrium == DT_TRUE;
    }
    fmpq_clear(zero);
    dt_verdict_clear(&v, game);
    dt_workspace_free(game, w);
}

/* The search by boxes, the one by rows, and every profile: the same equilibria of the others. The
 * leader's moves stand before, among and behind those of the others. */
static void searches(void) {
    dt_scenario *scenario;
    dt_game *game = coarse(&scenario);
    size_t found = 0;
    for (size_t leader = 0; leader < game->players; leader++)
        for (uint32_t s = (uint32_t)leader; s < game->player[leader].strategies; s += 4) {
            dt_committed c;
            CU_ASSERT_EQUAL_FATAL(dt_committed_init(&c, game, leader, s), DT_OK);
            bool all[729] = {false}, boxes[729] = {false}, rows[729] = {false}, finished = false;
            dt_candidates candidates = {0};
            CU_ASSERT(dt_boxes_apply(&c.game));
            CU_ASSERT_EQUAL(dt_search_boxes(&c.game, 0, 1000, NULL, &candidates, &finished), DT_OK);
            if (finished)
                certify(&c.game, candidates.profile, candidates.count, boxes);
            dt_candidates_clear(&candidates);
            CU_ASSERT_EQUAL(dt_near_equilibria(&c.game, 0, 1000, NULL, NULL, &candidates), DT_OK);
            certify(&c.game, candidates.profile, candidates.count, rows);
            dt_candidates_clear(&candidates);
            certify(&c.game, NULL, c.game.profiles, all);
            CU_ASSERT(finished);
            CU_ASSERT(memcmp(all, boxes, sizeof all) == 0);
            CU_ASSERT(memcmp(all, rows, sizeof all) == 0);
            for (size_t k = 0; k < 729; k++)
                found += all[k];
            dt_committed_clear(&c);
        }
    CU_ASSERT(found > 5);
    dt_game_free(game);
    dt_scenario_free(scenario);
}

int main(void) {
    static const dt_case cases[] = {
        {"payoffs", payoffs},
        {"searches for equilibria of the others", searches},
    };
    int status = DT_RUN_SUITE("committed games", cases);
    flint_cleanup_master();
    return status;
}
