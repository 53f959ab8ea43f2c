/* Games and calls shared by the suites of the LP concepts. SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_LP_GAMES_H
#define DT_TESTS_LP_GAMES_H

#include <flint/fmpq_vec.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/concept.h"
#include "equilibrium/concepts.h"
#include "harness.h"

/* A table game of integers over a divisor; payoff[profile * players + player]. */
static inline dt_game *lp_table(size_t players, const uint32_t *strategies, const long *payoff,
                                long divisor) {
    size_t count = players;
    for (size_t p = 0; p < players; p++)
        count *= strategies[p];
    fmpq *value = _fmpq_vec_init((slong)count);
    for (size_t i = 0; i < count; i++)
        fmpq_set_si(value + i, payoff[i], (ulong)divisor);
    dt_game *game = NULL;
    CU_ASSERT_EQUAL_FATAL(dt_game_from_table(players, strategies, value, &game), DT_OK);
    _fmpq_vec_clear(value, (slong)count);
    return game;
}

/* One concept's run. */
typedef struct lp_run {
    dt_diag *diag;
    dt_result_list *list;
    dt_status status;
    const dt_result *result; /* the first one */
} lp_run;

static inline lp_run lp_solve(const dt_concept *what, const dt_game *game, int threads,
                              size_t settings, dt_setting *setting) {
    lp_run run = {.diag = dt_diag_new(), .list = dt_result_list_new()};
    dt_concept_request request = {.name = what->name, .settings = settings, .setting = setting};
    dt_control control = {.threads = threads};
    dt_solve_call call = {.game = game,
                          .request = &request,
                          .control = &control,
                          .diag = run.diag,
                          .results = run.list};
    run.status = what->solve(&call);
    run.result = run.list->count ? run.list->result[0] : NULL;
    return run;
}

static inline void lp_close(lp_run *run) {
    dt_result_list_free(run->list);
    dt_diag_free(run->diag);
}

/* Does the number print as that fraction? */
static inline int lp_is(dt_number number, const char *fraction) {
    return number.exact && strcmp(number.exact, fraction) == 0;
}

static inline void lp_read(fmpq_t q, dt_number number) {
    fmpq_zero(q);
    if (number.exact)
        CU_ASSERT_EQUAL(fmpq_set_str(q, number.exact, 10), 0);
}

/* A mixture as weights by strategy. */
static inline fmpq *lp_weights(const dt_mixture *mixture, uint32_t strategies) {
    fmpq *weight = _fmpq_vec_init((slong)strategies);
    for (size_t i = 0; i < mixture->count; i++)
        lp_read(weight + mixture->weight[i].strategy, mixture->weight[i].probability);
    return weight;
}

/* xorshift64 (Marsaglia 2003) */
static inline long lp_draw(uint64_t *state, long low, long high) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return low + (long)(*state % (uint64_t)(high - low + 1));
}

/* A game whose payoffs are a + b sqrt(2), from two tables: its numbers are balls. */
typedef struct lp_surd {
    dt_game game;
    dt_player player[4];
    size_t players;
    const long *a, *b;
} lp_surd;

typedef struct lp_surd_workspace {
    dt_exact_context *context;
    const lp_surd *game;
} lp_surd_workspace;

static inline dt_workspace *lp_surd_open(const void *self) {
    lp_surd_workspace *w = calloc(1, sizeof *w);
    if (w) {
        w->context = dt_exact_context_new();
        w->game = self;
    }
    return (dt_workspace *)w;
}

static inline void lp_surd_close(dt_workspace *workspace) {
    lp_surd_workspace *w = (lp_surd_workspace *)workspace;
    dt_exact_context_free(w->context);
    free(w);
}

static inline dt_exact_context *lp_surd_context(dt_workspace *workspace) {
    return ((lp_surd_workspace *)workspace)->context;
}

static inline dt_status lp_surd_block(const void *self, dt_workspace *workspace, size_t player,
                                      const dt_box *box, double *value, double *bound) {
    const lp_surd *g = self;
    (void)workspace;
    uint64_t lanes = dt_box_lanes(&g->game, box);
    for (uint64_t lane = 0; lane < lanes; lane++) {
        uint64_t rest = lane;
        uint32_t profile[4];
        for (size_t p = g->players; p-- > 0;) {
            profile[p] = box->first[p] + (uint32_t)(rest % box->count[p]);
            rest /= box->count[p];
        }
        uint64_t at = dt_profile_index(&g->game, profile) * g->players + player;
        value[lane] = (double)g->a[at] + (double)g->b[at] * 1.4142135623730951;
        bound[lane] = g->b[at] ? 1e-13 : 0;
    }
    return DT_OK;
}

static inline dt_status lp_surd_exact(const void *self, dt_workspace *workspace, size_t player,
                                      const uint32_t *profile, dt_exact *payoff,
                                      dt_payoff_fault *fault) {
    const lp_surd *g = self;
    (void)fault;
    dt_exact_context *context = lp_surd_context(workspace);
    uint64_t at = dt_profile_index(&g->game, profile) * g->players + player;
    fmpq_t q;
    fmpq_init(q);
    dt_exact half, part;
    dt_exact_init(&half);
    dt_exact_init(&part);
    fmpq_set_si(q, 2, 1);
    dt_exact_set_fmpq(payoff, q);
    fmpq_set_si(q, 1, 2);
    dt_exact_set_fmpq(&half, q);
    dt_exact_fault failed = dt_exact_pow(context, payoff, payoff, &half);
    fmpq_set_si(q, g->b[at], 1);
    if (!failed)
        failed = dt_exact_scale(payoff, payoff, q);
    fmpq_set_si(q, g->a[at], 1);
    dt_exact_set_fmpq(&part, q);
    if (!failed)
        failed = dt_exact_add(payoff, payoff, &part);
    dt_exact_clear(&half);
    dt_exact_clear(&part);
    fmpq_clear(q);
    return failed ? DT_ERR_MEMORY : DT_OK;
}

static inline bool lp_surd_rational(const void *self) {
    (void)self;
    return false;
}

static inline void lp_surd_init(lp_surd *g, size_t players, const uint32_t *strategies,
                                const long *a, const long *b) {
    static const dt_model_ops ops = {.kind = "surd",
                                     .workspace_new = lp_surd_open,
                                     .workspace_free = lp_surd_close,
                                     .block = lp_surd_block,
                                     .exact = lp_surd_exact,
                                     .context = lp_surd_context,
                                     .rational = lp_surd_rational};
    static const char *const name[] = {"A", "B", "C", "D"};
    *g = (lp_surd){.players = players, .a = a, .b = b};
    g->game =
        (dt_game){.players = players, .player = g->player, .profiles = 1, .model = &ops, .self = g};
    for (size_t p = 0; p < players; p++) {
        g->player[p] = (dt_player){.name = name[p], .strategies = strategies[p]};
        g->game.profiles *= strategies[p];
    }
}

#endif
