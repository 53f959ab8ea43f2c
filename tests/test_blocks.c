/* Payoff blocks and rows of random formula games against exact payoffs, lane by lane: the bounds
 * hold, what is remembered from other boxes is never stale, what is called exact is. */
#include <math.h>

#include "game/rows.h"
#include "harness.h"
#include "random_formulas.h"

static unsigned complaints;

static bool holds(const answer *a, double value, double bound) {
    if (!isfinite(bound))
        return true;
    if (a->none)
        return false;
    if (a->undecided)
        return true;
    arb_t gap, limit;
    arb_init(gap);
    arb_init(limit);
    arb_set_d(gap, value);
    arb_sub(gap, gap, a->ball, PRECISION);
    arb_abs(gap, gap);
    arb_set_d(limit, bound);
    bool good = !arb_gt(gap, limit);
    arb_clear(gap);
    arb_clear(limit);
    return good;
}

/* Walks a box in profile order and checks each lane; a workspace that has seen other boxes gives
 * the same bytes as a fresh one. */
static void check_box(const formula_game *g, const answer *list, size_t player,
                      const uint32_t *first, const uint32_t *count) {
    enum { MOST = 64 };
    double value[MOST], bound[MOST], fresh_value[MOST], fresh_bound[MOST];
    dt_box box = {first, count};
    size_t lanes = (size_t)dt_box_lanes(g->game, &box), players = g->game->players;
    CU_ASSERT_FATAL(lanes <= MOST);
    CU_ASSERT_EQUAL(dt_game_block(g->game, g->workspace, player, &box, value, bound), DT_OK);
    dt_workspace *fresh = dt_workspace_new(g->game);
    CU_ASSERT_EQUAL(dt_game_block(g->game, fresh, player, &box, fresh_value, fresh_bound), DT_OK);
    dt_workspace_free(g->game, fresh);
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, first, players * sizeof *at);
    for (size_t lane = 0; lane < lanes; lane++) {
        const answer *a = &list[dt_profile_index(g->game, at) * players + player];
        bool good = holds(a, value[lane], bound[lane]);
        bool same = memcmp(&value[lane], &fresh_value[lane], sizeof(double)) == 0 ||
                    (isnan(value[lane]) && isnan(fresh_value[lane]));
        same = same && (bound[lane] == fresh_bound[lane] ||
                        (isnan(bound[lane]) && isnan(fresh_bound[lane])));
        if (!good || !same) {
            if (complaints++ < 6) {
                char text[256];
                const dt_text *f = &g->scenario->payoff.formula[player].text;
                fprintf(stderr, "\n    %s at %s: %.17g±%g%s, fresh %.17g, true %.17g\n",
                        f->length < 400 ? f->data : "(a long formula)",
                        dt_profile_text(g->game, at, text, sizeof text), value[lane], bound[lane],
                        a->none ? " though there is no payoff" : "", fresh_value[lane],
                        arf_get_d(arb_midref(a->ball), ARF_RND_NEAR));
            }
        }
        for (size_t i = players; i-- > 0;) {
            if (++at[i] < first[i] + count[i])
                break;
            at[i] = first[i];
        }
    }
}

static void check_boxes(const formula_game *g) {
    answer *list = all_answers(g);
    size_t players = g->game->players;
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS];
    for (int round = 0; round < 120; round++) {
        uint64_t start = next_random() % g->game->profiles;
        dt_profile_decode(g->game, start, first);
        uint64_t shape = next_random();
        for (size_t i = 0; i < players; i++) {
            uint32_t s = g->game->player[i].strategies;
            count[i] = 1;
            if (shape >> i & 1) { /* all of a player's strategies, or some */
                first[i] = shape >> (i + 8) & 1 ? 0 : first[i];
                count[i] =
                    shape >> (i + 8) & 1 ? s : 1 + (uint32_t)(next_random() % (s - first[i]));
            }
        }
        check_box(g, list, next_random() % players, first, count);
        if (round % 3 == 0) /* neighbours of the same shape: the incremental path */
            for (int step = 0; step < 4; step++) {
                size_t i = next_random() % players;
                if (count[i] == 1)
                    first[i] = (uint32_t)(next_random() % g->game->player[i].strategies);
                check_box(g, list, 0, first, count);
            }
    }
    for (size_t k = 0; list && k < g->game->profiles * players; k++)
        arb_clear(list[k].ball);
    free(list);
}

static void random_formula_games(void) {
    complaints = 0;
    for (int game = 0; game < 150; game++) {
        formula_game g = random_game(false, 2 + game % 5);
        CU_ASSERT_PTR_NOT_NULL(g.game);
        if (g.game)
            check_boxes(&g);
        free_game(&g);
    }
    if (complaints)
        fprintf(stderr, "\n    %u wrong lanes\n", complaints);
    CU_ASSERT_EQUAL(complaints, 0);
}

/* What a visit of rows is checked against. */
typedef struct visited {
    const formula_game *g;
    const answer *list;
    const dt_restriction *r;
    size_t player, over;
    unsigned seen[64], wrong;
} visited;

static dt_status check_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)local, (void)enough;
    visited *v = shared;
    size_t players = v->g->game->players;
    uint32_t at[DT_MAX_PLAYERS];
    unsigned wrong = row->lanes != v->g->game->player[v->over].strategies || row->index >= 64;
    uint64_t rest = row->index; /* the others among those left, the last player fastest */
    for (size_t i = players; i-- > 0;) {
        at[i] = row->profile[i];
        if (i == v->over)
            continue;
        wrong += at[i] != v->r->strategy[i][rest % v->r->count[i]];
        rest /= v->r->count[i];
    }
    for (uint32_t lane = 0; lane < row->lanes; lane++) {
        at[v->over] = lane;
        const answer *a = &v->list[dt_profile_index(v->g->game, at) * players + v->player];
        wrong += !isfinite(row->bound[lane]) || !holds(a, row->value[lane], row->bound[lane]);
    }
#pragma omp critical(test_rows)
    {
        v->wrong += wrong;
        if (row->index < 64)
            v->seen[row->index]++;
    }
    return DT_OK;
}

/* Every row of what is left is seen once, whatever the order of the walk and the threads, and its
 * values hold the exact payoffs; a payoff that does not exist is an error. */
static void rows_of_random_games(void) {
    unsigned visits = 0, refused = 0;
    for (int game = 0; game < 120; game++) {
        formula_game g = random_game(game % 4 == 0, 2 + game % 4);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        answer *list = all_answers(&g);
        dt_restriction r;
        CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&r, g.game), DT_OK);
        for (size_t i = 0; i < g.game->players; i++) {
            bool keep[8], any = false;
            for (uint32_t k = 0; k < r.count[i]; k++)
                any |= keep[k] = next_random() % 3 != 0;
            keep[0] |= !any;
            dt_restriction_keep(&r, i, keep);
        }
        for (size_t player = 0; player < 3; player++)
            for (size_t over = 0; over < 3; over++) {
                visited v = {.g = &g, .list = list, .r = &r, .player = player, .over = over};
                dt_control control = {.threads = 1 + (int)((player + over) % 3)};
                dt_status status = dt_rows_visit(g.game, &r, player, over, &control, "test", NULL,
                                                 &(dt_row_visitor){.shared = &v, .row = check_row});
                visits++;
                if (status != DT_OK) {
                    refused++;
                    CU_ASSERT_EQUAL(status, DT_ERR_INPUT);
                    bool none = false;
                    for (uint64_t k = 0; k < g.game->profiles; k++)
                        none |= list[k * 3 + player].none;
                    CU_ASSERT(none);
                    continue;
                }
                for (uint64_t i = 0; i < dt_restriction_others(&r, over); i++)
                    v.wrong += v.seen[i] != 1;
                CU_ASSERT_EQUAL(v.wrong, 0);
            }
        dt_restriction_clear(&r);
        for (size_t k = 0; k < g.game->profiles * 3; k++)
            arb_clear(list[k].ball);
        free(list);
        free_game(&g);
    }
    CU_ASSERT(refused > 0 && refused * 2 < visits); /* both kinds were seen */
}

/* Formulas of integers and quarters: the bound is 0 and the double is the payoff, or the bound
 * tells. Where the size of the numbers allows, no bound may be charged. */
static void integer_games_are_exact(void) {
    complaints = 0;
    size_t exact = 0, all = 0;
    for (int game = 0; game < 150; game++) {
        formula_game g = random_game(true, 2 + game % 3);
        CU_ASSERT_PTR_NOT_NULL(g.game);
        if (g.game) {
            check_boxes(&g);
            answer *list = all_answers(&g);
            for (uint64_t k = 0; k < g.game->profiles; k++) {
                uint32_t first[3], one[3] = {1, 1, 1};
                double value, bound;
                dt_profile_decode(g.game, k, first);
                dt_game_block(g.game, g.workspace, 0, &(dt_box){first, one}, &value, &bound);
                all++;
                exact += bound == 0;
            }
            for (size_t k = 0; k < g.game->profiles * 3; k++)
                arb_clear(list[k].ball);
            free(list);
        }
        free_game(&g);
    }
    CU_ASSERT_EQUAL(complaints, 0);
    CU_ASSERT(exact * 10 > all * 9); /* the marking is of use: nearly all such games are exact */
}

/* Integers beyond 2^53, or many powers of 2 apart, are not marked exact. */
static void exactness_ends(void) {
    static const char *const formula[] = {
        "A.m * 9007199254740993 + 1",
        "A.m * 4503599627370497 * 3",
        "(A.m + 1e-15) * 1e15",
        "A.m * 94906267 * 94906267 + A.n",
        "A.m * 4503599627370495 + A.m * 3002399751580331 + B.k",
        "abs(A.m * 4503599627370495 + A.m * 3002399751580331 + B.k)",
        "max(A.m * 4503599627370495 - B.k * -3002399751580331, 1)",
        "(A.m + 0.0000152587890625)^2 * (A.m + 0.0000152587890625)^2 * 1048577 + A.n",
        "(A.m ? 9007199254740992 : 0.5) + B.k",
        "max(A.m * 9007199254740991, 0.5) + B.k",
        "A.n * A.n * A.n * A.n * A.n * A.n * 9007199254740991 + A.m",
    };
    for (size_t i = 0; i < sizeof formula / sizeof *formula; i++) {
        formula_game g = cast_game("", formula[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        complaints = 0;
        check_boxes(&g);
        if (complaints)
            fprintf(stderr, "\n    %s\n", formula[i]);
        CU_ASSERT_EQUAL(complaints, 0);
        free_game(&g);
    }
}

/* The comparison is within its error: the bound covers both branches. */
static void near_ties_cover_both_branches(void) {
    static const char *const formula[] = {
        "A.n * 0.2 + 0.2 <= 0.3 ? 1000 : -1000",
        "A.n * 0.2 + 0.2 < 0.3 ? 1000 : -1000",
        "A.n * 0.2 + 0.2 == 0.3 ? A.m : B.k * 50",
        "(A.n * 0.2 + 0.2 - 0.3) ? 5 : 7",
        "!(A.n * 0.2 + 0.2 - 0.3)",
        "A.n * 0.2 + 0.2 == 0.3 && A.m",
        "A.n * 0.2 + 0.2 != 0.3 || A.m",
        "max(A.n * 0.2 + 0.2, 0.3) == 0.3 ? 1 : 9",
    };
    for (size_t i = 0; i < sizeof formula / sizeof *formula; i++) {
        formula_game g = cast_game("", formula[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        complaints = 0;
        check_boxes(&g);
        CU_ASSERT_EQUAL(complaints, 0);
        free_game(&g);
    }
}

static const dt_case cases[] = {
    {"random formula games", random_formula_games},
    {"rows of random games", rows_of_random_games},
    {"integer games are exact", integer_games_are_exact},
    {"exactness ends", exactness_ends},
    {"near ties cover both branches", near_ties_cover_both_branches},
};

int main(void) {
    return DT_RUN_SUITE("blocks", cases);
}
