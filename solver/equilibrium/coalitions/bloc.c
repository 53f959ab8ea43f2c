/* Some players merged into one: see bloc.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/coalitions/bloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct bloc_workspace {
    const dt_bloc *bloc;
    dt_workspace *base;
    uint64_t room; /* lanes of the scratch */
    double *value, *bound;
} bloc_workspace;

static dt_workspace *workspace_new(const void *self) {
    const dt_bloc *bloc = self;
    bloc_workspace *w = calloc(1, sizeof *w);
    if (w && !(w->base = dt_workspace_new(bloc->base))) {
        free(w);
        w = NULL;
    }
    if (w)
        w->bloc = bloc;
    return (dt_workspace *)w;
}

static void workspace_free(dt_workspace *workspace) {
    bloc_workspace *w = (bloc_workspace *)workspace;
    dt_workspace_free(w->bloc->base, w->base);
    free(w->value);
    free(w->bound);
    free(w);
}

static dt_exact_context *context(dt_workspace *workspace) {
    bloc_workspace *w = (bloc_workspace *)workspace;
    return dt_game_context(w->bloc->base, w->base);
}

/* A profile of the bloc game, or the corner of a box, as strategies of the base game's players. */
static void unmerge(const dt_bloc *bloc, const uint32_t *profile, uint32_t *base) {
    uint32_t joint = profile[0];
    size_t other = bloc->game.players;
    for (size_t i = bloc->base->players; i-- > 0;) {
        if (bloc->merged >> i & 1) {
            base[i] = joint % bloc->base->player[i].strategies;
            joint /= bloc->base->player[i].strategies;
        } else {
            base[i] = profile[--other];
        }
    }
}

/* Adds the lanes; what the rounding of each sum may lose is found exactly (Knuth's two-sum). */
static void accumulate(double *value, double *bound, const double *more, const double *more_bound,
                       uint64_t lanes) {
    for (uint64_t k = 0; k < lanes; k++) {
        double sum = value[k] + more[k], back = sum - value[k];
        double lost = (value[k] - (sum - back)) + (more[k] - back);
        value[k] = sum;
        bound[k] = (bound[k] + more_bound[k] + fabs(lost)) * (1 + 0x1p-50);
    }
}

/* Sums the coalition's payoffs over a box of the base game. */
static dt_status sum_box(const dt_bloc *bloc, bloc_workspace *w, const dt_box *box, double *value,
                         double *bound) {
    uint64_t lanes = dt_box_lanes(bloc->base, box);
    if (w->room < lanes) {
        free(w->value);
        free(w->bound);
        w->value = malloc(lanes * sizeof *w->value);
        w->bound = malloc(lanes * sizeof *w->bound);
        w->room = w->value && w->bound ? lanes : 0;
        if (!w->room)
            return DT_ERR_MEMORY;
    }
    memset(value, 0, lanes * sizeof *value);
    memset(bound, 0, lanes * sizeof *bound);
    dt_status status = DT_OK;
    for (size_t i = 0; i < bloc->base->players && status == DT_OK; i++) {
        if (!(bloc->paid >> i & 1))
            continue;
        status = dt_game_block(bloc->base, w->base, i, box, w->value, w->bound);
        if (status == DT_OK)
            accumulate(value, bound, w->value, w->bound, lanes);
    }
    for (uint64_t k = 0; k < lanes && bloc->negative; k++)
        value[k] = -value[k];
    return status;
}

/* The boxes that solvers ask for are rows over the merged player: boxes of the base game too. Any
 * other is taken apart. */
static dt_status block(const void *self, dt_workspace *workspace, size_t player, const dt_box *box,
                       double *value, double *bound) {
    (void)player;
    const dt_bloc *bloc = self;
    bloc_workspace *w = (bloc_workspace *)workspace;
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS], at[DT_MAX_PLAYERS + 1];
    bool row = box->first[0] == 0 && box->count[0] == bloc->player[0].strategies;
    for (size_t i = 1; i < bloc->game.players; i++)
        row = row && box->count[i] == 1;
    if (row) {
        memcpy(at, box->first, bloc->game.players * sizeof *at);
        unmerge(bloc, at, first);
        for (size_t i = 0; i < bloc->base->players; i++)
            count[i] = bloc->merged >> i & 1 ? bloc->base->player[i].strategies : 1;
        return sum_box(bloc, w, &(dt_box){first, count}, value, bound);
    }
    for (size_t i = 0; i < bloc->base->players; i++)
        count[i] = 1;
    uint64_t lanes = dt_box_lanes(&bloc->game, box);
    dt_status status = DT_OK;
    for (uint64_t lane = 0; lane < lanes && status == DT_OK; lane++) {
        uint64_t rest = lane;
        for (size_t i = bloc->game.players; i-- > 0; rest /= box->count[i])
            at[i] = box->first[i] + (uint32_t)(rest % box->count[i]);
        unmerge(bloc, at, first);
        status = sum_box(bloc, w, &(dt_box){first, count}, value + lane, bound + lane);
    }
    return status;
}

static dt_status exact(const void *self, dt_workspace *workspace, size_t player,
                       const uint32_t *profile, dt_exact *payoff, dt_payoff_fault *fault) {
    (void)player;
    const dt_bloc *bloc = self;
    bloc_workspace *w = (bloc_workspace *)workspace;
    const dt_game *base = bloc->base;
    uint32_t at[DT_MAX_PLAYERS];
    unmerge(bloc, profile, at);
    fmpq_t sign;
    fmpq_init(sign);
    fmpq_set_si(sign, bloc->negative ? -1 : 1, 1);
    dt_exact one, sum;
    dt_exact_init(&one);
    dt_exact_init(&sum);
    dt_status status = DT_OK;
    for (size_t i = 0; i < base->players && status == DT_OK; i++) {
        if (!(bloc->paid >> i & 1))
            continue;
        status = base->model->exact(base->self, w->base, i, at, &one, fault);
        if (status == DT_OK && dt_exact_add(&sum, &sum, &one) != DT_EXACT_OK)
            status = DT_ERR_MEMORY;
    }
    if (status == DT_OK && dt_exact_scale(payoff, &sum, sign) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    dt_exact_clear(&one);
    dt_exact_clear(&sum);
    fmpq_clear(sign);
    return status;
}

static void memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const dt_bloc *bloc = self;
    bloc->base->model->memory(bloc->base->self, lanes, shared, workspace);
    *workspace += lanes * 2 * sizeof(double);
}

static bool rational(const void *self) {
    const dt_bloc *bloc = self;
    return bloc->base->model->rational(bloc->base->self);
}

static bool total(const void *self, size_t player) {
    (void)self;
    (void)player;
    return false; /* a sum may be beyond the doubles */
}

static const dt_model_ops OPS = {
    .kind = "bloc",
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .block = block,
    .exact = exact,
    .context = context,
    .memory = memory,
    .rational = rational,
    .total = total,
};

uint64_t dt_bloc_strategies(const dt_game *game, uint64_t players) {
    uint64_t product = 1;
    for (size_t i = 0; i < game->players; i++)
        if (players >> i & 1 &&
            __builtin_mul_overflow(product, (uint64_t)game->player[i].strategies, &product))
            return UINT64_MAX;
    return product;
}

char *dt_bloc_name(const dt_game *game, uint64_t players, char *buffer, size_t size) {
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < game->players; i++) {
        if (!(players >> i & 1))
            continue;
        const char *name = game->player[i].name, *join = used ? "+" : "";
        if (used + strlen(join) + strlen(name) + sizeof "+…" > size) {
            snprintf(buffer + used, size - used, "%s…", join);
            break;
        }
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", join, name);
    }
    return buffer;
}

void dt_bloc_init(dt_bloc *bloc, const dt_game *base, uint64_t merged, uint64_t paid,
                  bool negative) {
    *bloc = (dt_bloc){.base = base, .merged = merged, .paid = paid, .negative = negative};
    size_t players = 1;
    for (size_t i = 0; i < base->players; i++)
        if (!(merged >> i & 1))
            bloc->player[players++] = base->player[i];
    bloc->player[0] = (dt_player){.name = dt_bloc_name(base, paid, bloc->name, sizeof bloc->name),
                                  .strategies = (uint32_t)dt_bloc_strategies(base, merged)};
    bloc->game = (dt_game){.players = players,
                           .player = bloc->player,
                           .profiles = base->profiles,
                           .model = &OPS,
                           .self = bloc};
}
