/* A game in which one player is committed: see committed.h. SPDX: GPL-3.0-or-later */
#include "game/committed.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_MOVES = 64 }; /* with more there are no boxes */

void dt_committed_profile(const dt_committed *c, const uint32_t *profile, uint32_t *behind) {
    memcpy(behind, profile, c->behind->players * sizeof *behind);
    behind[c->leader] = c->strategy;
}

static dt_workspace *workspace_new(const void *self) {
    const dt_committed *c = self;
    return dt_workspace_new(c->behind);
}

/* Workspaces are those of the game behind, and its functions free them. */
static void nothing(void *self) {
    (void)self;
}

static dt_status block(const void *self, dt_workspace *workspace, size_t player, const dt_box *box,
                       double *value, double *bound) {
    const dt_committed *c = self;
    uint32_t first[DT_MAX_PLAYERS];
    dt_committed_profile(c, box->first, first);
    return dt_game_block(c->behind, workspace, player, &(dt_box){first, box->count}, value, bound);
}

static dt_status exact(const void *self, dt_workspace *workspace, size_t player,
                       const uint32_t *profile, dt_exact *payoff, dt_payoff_fault *fault) {
    const dt_committed *c = self;
    uint32_t at[DT_MAX_PLAYERS];
    dt_committed_profile(c, profile, at);
    return c->behind->model->exact(c->behind->self, workspace, player, at, payoff, fault);
}

static dt_status terms(const void *self, dt_workspace *workspace, size_t player,
                       const uint32_t *profile, dt_parts *parts, dt_payoff_fault *fault) {
    const dt_committed *c = self;
    uint32_t at[DT_MAX_PLAYERS];
    dt_committed_profile(c, profile, at);
    return c->behind->model->terms(c->behind->self, workspace, player, at, parts, fault);
}

/* The leader's strategy is the slowest digit of a profile if he is the first player; else the
 * payoffs left are not in one piece. */
static const double *view(const void *self, size_t player, bool *is_exact) {
    const dt_committed *c = self;
    const double *all = c->leader == 0 ? dt_game_view(c->behind, player, is_exact) : NULL;
    return all ? all + c->strategy * c->game.profiles : NULL;
}

/* The followers' moves of several levels. */
static size_t followers_moves(const dt_committed *c) {
    size_t count = 0;
    for (size_t p = 0; p < c->game.players; p++)
        for (size_t m = 0; m < c->game.player[p].moves; m++)
            count += c->game.player[p].move[m].levels > 1;
    return count;
}

static bool boxes(const void *self) {
    const dt_committed *c = self;
    const dt_player *leader = &c->behind->player[c->leader];
    for (size_t m = 0; m < leader->moves; m++)
        if (leader->move[m].levels > 64)
            return false;
    return followers_moves(c) + c->moves <= MOST_MOVES && c->behind->model->boxes &&
           c->behind->model->boxes(c->behind->self);
}

/* The sets of all players' moves, with the leader's levels among them. */
static void all_sets(const dt_committed *c, const uint64_t *set, size_t others, uint64_t *all) {
    memcpy(all, set, c->first * sizeof *all);
    memcpy(all + c->first, c->leader_set, c->moves * sizeof *all);
    memcpy(all + c->first + c->moves, set + c->first, (others - c->first) * sizeof *all);
}

static dt_status gains(const void *self, dt_workspace *workspace, size_t player,
                       const uint64_t *set, const dt_change *change, size_t count, bool every,
                       double *low, double *high, double *blur) {
    const dt_committed *c = self;
    size_t others = followers_moves(c), all = others + c->moves;
    uint64_t sets[2 * MOST_MOVES];
    dt_change moved[DT_MOST_CHANGES] = {{0}};
    double *wide = malloc((count + 1) * all * sizeof *wide);
    if (!wide || all > MOST_MOVES) {
        free(wide);
        return DT_ERR_MEMORY;
    }
    all_sets(c, set, others, sets);
    for (size_t k = 0; k < count; k++) {
        moved[k] = change[k];
        if (moved[k].move >= c->first)
            moved[k].move += (uint32_t)c->moves;
    }
    dt_status status = c->behind->model->gains(c->behind->self, workspace, player, sets, moved,
                                               count, every, low, high, wide);
    for (size_t k = 0; k < count; k++) {
        const double *from = wide + k * all;
        double *to = blur + k * others;
        memcpy(to, from, c->first * sizeof *to);
        memcpy(to + c->first, from + c->first + c->moves, (others - c->first) * sizeof *to);
    }
    free(wide);
    return status;
}

static dt_status range(const void *self, dt_workspace *workspace, size_t player,
                       const uint64_t *set, double *low, double *high) {
    const dt_committed *c = self;
    uint64_t sets[2 * MOST_MOVES];
    all_sets(c, set, followers_moves(c), sets);
    return c->behind->model->range(c->behind->self, workspace, player, sets, low, high);
}

static void walk(const void *self, size_t player, size_t over, bool *const *inner) {
    const dt_committed *c = self;
    c->behind->model->walk(c->behind->self, player, over, inner);
}

static void memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const dt_committed *c = self;
    c->behind->model->memory(c->behind->self, lanes, shared, workspace);
}

static bool rational(const void *self) {
    const dt_committed *c = self;
    return c->behind->model->rational(c->behind->self);
}

static bool total(const void *self, size_t player) {
    const dt_committed *c = self;
    return c->behind->model->total(c->behind->self, player);
}

/* The leader as a player of one strategy. */
static dt_status one_strategy(dt_committed *c) {
    const dt_player *leader = &c->behind->player[c->leader];
    c->move = calloc(leader->moves + 1, sizeof *c->move);
    c->level = calloc(leader->moves + 1, sizeof *c->level);
    if (!c->move || !c->level)
        return DT_ERR_MEMORY;
    for (size_t m = 0; m < leader->moves; m++) {
        uint16_t level = leader->level[c->strategy * leader->moves + m];
        c->move[m] = leader->move[m];
        c->move[m].levels = 1;
        c->move[m].label = leader->move[m].label ? leader->move[m].label + level : NULL;
        c->move[m].value = leader->move[m].value ? leader->move[m].value + level : NULL;
        if (leader->move[m].levels > 1 && c->moves < MOST_MOVES)
            c->leader_set[c->moves++] = level < 64 ? UINT64_C(1) << level : 0;
    }
    c->player[c->leader].move = c->move;
    c->player[c->leader].level = c->level;
    c->player[c->leader].strategies = 1;
    return DT_OK;
}

dt_status dt_committed_init(dt_committed *c, const dt_game *behind, size_t leader,
                            uint32_t strategy) {
    *c = (dt_committed){.behind = behind, .leader = leader, .strategy = strategy};
    size_t players = behind->players;
    dt_model_ops *ops = malloc(sizeof *ops);
    c->player = malloc(players * sizeof *c->player);
    c->game = (dt_game){.players = players, .player = c->player, .model = ops, .self = c};
    if (!ops || !c->player)
        return DT_ERR_MEMORY;
    memcpy(c->player, behind->player, players * sizeof *c->player);
    for (size_t p = 0; p < leader; p++)
        for (size_t m = 0; m < behind->player[p].moves; m++)
            c->first += behind->player[p].move[m].levels > 1;
    c->game.profiles = behind->profiles / behind->player[leader].strategies;
    const dt_model_ops *model = behind->model;
    *ops = (dt_model_ops){
        .kind = model->kind,
        .free = nothing,
        .workspace_new = workspace_new,
        .workspace_free = model->workspace_free,
        .block = block,
        .boxes = boxes,
        .gains = gains,
        .range = range,
        .exact = exact,
        .view = view,
        .terms = model->terms ? terms : NULL,
        .context = model->context,
        .walk = model->walk ? walk : NULL,
        .memory = model->memory ? memory : NULL,
        .rational = model->rational ? rational : NULL,
        .total = model->total ? total : NULL,
    };
    return one_strategy(c);
}

void dt_committed_clear(dt_committed *c) {
    free((dt_model_ops *)(uintptr_t)c->game.model);
    free(c->player);
    free(c->move);
    free(c->level);
    *c = (dt_committed){0};
}
