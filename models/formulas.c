/* Fast evaluation of a formula model: blocks of profiles, and what holds in whole boxes. */
#include "formulas.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "formula/difference.h"

/* What a thread keeps for one player's payoff over boxes: the shape it was laid out for. */
typedef struct block_state {
    dt_runner *runner;
    uint64_t shape;
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS];
    uint16_t *lane_memory;
    const uint16_t *lane_level[DT_MAX_MOVES];
} block_state;

struct dt_workspace {
    dt_formulas *f;
    dt_exact_evaluator *exact;
    block_state *block;    /* a player each */
    dt_difference **gains; /* likewise; made when first asked for */
    dt_difference **range;
    uint64_t shapes;
};

static void release(dt_workspace *w) {
    for (size_t i = 0; i < w->f->game->players; i++) {
        if (w->block) {
            dt_runner_free(w->block[i].runner);
            free(w->block[i].lane_memory);
        }
        if (w->gains)
            dt_difference_free(w->gains[i]);
        if (w->range)
            dt_difference_free(w->range[i]);
    }
    free(w->block);
    free(w->gains);
    free(w->range);
    dt_exact_evaluator_free(w->exact);
    free(w);
}

/* A search that is over leaves its workspace, and the layouts in it, to the next one. */
static dt_workspace *take_spare(dt_formulas *f) {
    return atomic_exchange(&f->spare, NULL);
}

dt_workspace *dt_formulas_workspace_new(const void *self) {
    dt_workspace *w = take_spare((dt_formulas *)self);
    if (w)
        return w;
    w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->f = (dt_formulas *)self;
    w->block = calloc(w->f->game->players, sizeof *w->block);
    w->gains = calloc(w->f->game->players, sizeof *w->gains);
    w->range = calloc(w->f->game->players, sizeof *w->range);
    if (w->block && w->gains && w->range)
        return w;
    release(w);
    return NULL;
}

void dt_formulas_workspace_free(dt_workspace *w) {
    w = atomic_exchange(&w->f->spare, w);
    if (w)
        release(w);
}

void dt_formulas_spare_free(dt_formulas *f) {
    dt_workspace *w = take_spare(f);
    if (w)
        release(w);
}

dt_exact_evaluator *dt_formulas_exact(dt_workspace *w) {
    if (!w->exact)
        w->exact = dt_exact_evaluator_new(&w->f->dag, w->f->value, w->f->slots);
    return w->exact;
}

void dt_formulas_levels(const dt_formulas *f, const uint32_t *profile, uint16_t *level) {
    for (uint32_t k = 0; k < f->slots; k++) {
        const dt_player *p = &f->game->player[f->slot[k].player];
        level[k] = p->level[(size_t)profile[f->slot[k].player] * p->moves + f->slot[k].move];
    }
}

uint64_t dt_formulas_own_moves(const dt_formulas *f, size_t player) {
    uint64_t own = 0;
    for (uint32_t k = 0; k < f->slots; k++)
        own |= (uint64_t)(f->slot[k].player == player) << k;
    return own;
}

/* --- blocks --- */

/* Is this box of the shape that the state was laid out for? Free players must start and end alike;
 * the others may stand anywhere. */
static bool same_shape(const block_state *s, const dt_box *box, size_t players) {
    if (!s->shape)
        return false;
    for (size_t i = 0; i < players; i++)
        if (box->count[i] != s->count[i] || (box->count[i] > 1 && box->first[i] != s->first[i]))
            return false;
    return true;
}

/* Lists the level of each free player's moves lane by lane. */
static dt_status lay_out_block(dt_workspace *w, block_state *s, const dt_box *box, size_t lanes) {
    const dt_formulas *f = w->f;
    const dt_game *game = f->game;
    s->shape = 0;
    size_t free_slots = 0;
    for (uint32_t k = 0; k < f->slots; k++)
        free_slots += box->count[f->slot[k].player] > 1;
    free(s->lane_memory);
    s->lane_memory = malloc((free_slots * lanes + 1) * sizeof *s->lane_memory);
    if (!s->lane_memory)
        return DT_ERR_MEMORY;
    uint16_t *next = s->lane_memory;
    for (uint32_t k = 0; k < f->slots; k++) {
        size_t i = f->slot[k].player, inner = 1;
        s->lane_level[k] = NULL;
        if (box->count[i] < 2)
            continue;
        const dt_player *p = &game->player[i];
        for (size_t j = i + 1; j < game->players; j++)
            inner *= box->count[j];
        for (size_t lane = 0; lane < lanes; lane++) {
            size_t strategy = box->first[i] + lane / inner % box->count[i];
            next[lane] = p->level[strategy * p->moves + f->slot[k].move];
        }
        s->lane_level[k] = next;
        next += lanes;
    }
    memcpy(s->first, box->first, game->players * sizeof *s->first);
    memcpy(s->count, box->count, game->players * sizeof *s->count);
    s->shape = ++w->shapes;
    return DT_OK;
}

dt_status dt_formulas_block(const void *self, dt_workspace *w, size_t player, const dt_box *box,
                            double *value, double *bound) {
    const dt_formulas *f = self;
    block_state *s = &w->block[player];
    size_t lanes = (size_t)dt_box_lanes(f->game, box);
    dt_status status = DT_OK;
    if (!same_shape(s, box, f->game->players))
        status = lay_out_block(w, s, box, lanes);
    if (!s->runner)
        s->runner = dt_runner_new(f->payoff[player].plan);
    if (status == DT_OK && !s->runner)
        status = DT_ERR_MEMORY;
    if (status != DT_OK)
        return status;
    uint16_t level[DT_MAX_MOVES];
    dt_formulas_levels(f, box->first, level);
    dt_lane_moves moves = {lanes, s->shape, level, s->lane_level};
    return dt_runner_run(s->runner, &moves, value, bound);
}

/* --- boxes --- */

dt_status dt_formulas_gains(const void *self, dt_workspace *w, size_t player, const uint64_t *set,
                            const dt_change *change, size_t count, bool every, double *low,
                            double *high, double *blur) {
    const dt_formulas *f = self;
    dt_difference **d = &w->gains[player];
    if (!*d)
        *d = dt_difference_new(f->payoff[player].box_plan, dt_formulas_own_moves(f, player));
    if (!*d)
        return DT_ERR_MEMORY;
    dt_difference_run(*d, set, change, count, every, low, high, blur);
    return DT_OK;
}

dt_status dt_formulas_range(const void *self, dt_workspace *w, size_t player, const uint64_t *set,
                            double *low, double *high) {
    const dt_formulas *f = self;
    dt_difference **d = &w->range[player];
    if (!*d)
        *d = dt_difference_new(f->payoff[player].box_plan, 0);
    if (!*d)
        return DT_ERR_MEMORY;
    dt_difference_range(*d, set, low, high);
    return DT_OK;
}

/* --- what to expect --- */

void dt_formulas_walk(const void *self, size_t player, size_t over, bool *const *inner) {
    const dt_formulas *f = self;
    uint64_t free_moves = dt_formulas_own_moves(f, over), all = 0;
    for (uint32_t k = 0; k < f->slots; k++)
        all |= UINT64_C(1) << k;
    uint64_t fastest = dt_plan_inner_moves(f->payoff[player].plan, free_moves, all & ~free_moves);
    for (uint32_t k = 0; k < f->slots; k++)
        if (fastest >> k & 1)
            inner[f->slot[k].player][f->slot[k].move] = true;
}

void dt_formulas_memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const dt_formulas *f = self;
    *shared = f->dag.nodes * (sizeof(dt_node) + 16);
    *workspace = 0;
    for (size_t i = 0; i < f->game->players; i++)
        *workspace += dt_plan_steps(f->payoff[i].plan) * lanes * 2 * sizeof(double);
}
