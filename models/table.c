/* Payoffs from a table: rationals, and their doubles for the fast path. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "game/model.h"
#include "game/players.h"

typedef struct table {
    const dt_game *game;
    fmpq *payoff;   /* profile × players */
    size_t entries; /* initialised entries of payoff */
    double **value; /* per player, by profile */
    bool *exact;    /* per player: every double is its rational */
} table;

struct dt_workspace {
    const table *t;
    dt_exact_context *context;
};

static void table_free(void *self) {
    table *t = self;
    for (size_t i = 0; i < t->entries; i++)
        fmpq_clear(&t->payoff[i]);
    for (size_t i = 0; t->value && i < t->game->players; i++)
        free(t->value[i]);
    free(t->payoff);
    free(t->value);
    free(t->exact);
    free(t);
}

static dt_workspace *workspace_new(const void *self) {
    dt_workspace *w = calloc(1, sizeof *w);
    if (w && !(w->context = dt_exact_context_new())) {
        free(w);
        w = NULL;
    }
    if (w)
        w->t = self;
    return w;
}

static void workspace_free(dt_workspace *w) {
    dt_exact_context_free(w->context);
    free(w);
}

static dt_exact_context *context(dt_workspace *w) {
    return w->context;
}

static dt_status block(const void *self, dt_workspace *w, size_t player, const dt_box *box,
                       double *value, double *bound) {
    (void)w;
    const table *t = self;
    const dt_game *game = t->game;
    size_t last = game->players - 1;
    uint32_t at[DT_MAX_PLAYERS];
    uint64_t stride[DT_MAX_PLAYERS], index = 0, lanes = dt_box_lanes(game, box);
    stride[last] = 1;
    for (size_t i = last; i-- > 0;)
        stride[i] = stride[i + 1] * game->player[i + 1].strategies;
    for (size_t i = 0; i <= last; i++) {
        at[i] = 0;
        index += stride[i] * box->first[i];
    }
    const double *from = t->value[player];
    for (uint64_t lane = 0; lane < lanes; lane++) {
        value[lane] = from[index];
        for (size_t i = last + 1; i-- > 0;) { /* the next profile of the box */
            index += stride[i];
            if (++at[i] < box->count[i])
                break;
            index -= stride[i] * box->count[i];
            at[i] = 0;
        }
    }
    for (uint64_t lane = 0; lane < lanes; lane++)
        bound[lane] = t->exact[player] ? 0 : fabs(value[lane]) * 0x1p-52 + 0x1p-1074;
    return DT_OK;
}

static dt_status exact(const void *self, dt_workspace *w, size_t player, const uint32_t *profile,
                       dt_exact *payoff, dt_payoff_fault *fault) {
    (void)w;
    (void)fault;
    const table *t = self;
    dt_exact_set_fmpq(payoff,
                      &t->payoff[dt_profile_index(t->game, profile) * t->game->players + player]);
    return DT_OK;
}

static void memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const table *t = self;
    (void)lanes;
    *shared = t->game->profiles * t->game->players * (sizeof(fmpq) + sizeof(double));
    *workspace = sizeof(dt_workspace);
}

static bool always(const void *self) {
    (void)self;
    return true;
}

static bool total(const void *self, size_t player) {
    (void)self;
    (void)player;
    return true;
}

static const dt_model_ops OPS = {
    .kind = "table",
    .free = table_free,
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .block = block,
    .exact = exact,
    .context = context,
    .memory = memory,
    .rational = always,
    .total = total,
};

static dt_status table_new(dt_game *game, const fmpq *payoff) {
    table *t = calloc(1, sizeof *t);
    if (!t)
        return DT_ERR_MEMORY;
    t->game = game;
    game->self = t;
    game->model = &OPS;
    size_t entries = (size_t)game->profiles * game->players;
    t->payoff = malloc(entries * sizeof *t->payoff);
    t->value = calloc(game->players, sizeof *t->value);
    t->exact = calloc(game->players, sizeof *t->exact);
    if (!t->payoff || !t->value || !t->exact)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < game->players; i++) {
        t->exact[i] = true;
        t->value[i] = malloc((size_t)game->profiles * sizeof **t->value);
        if (!t->value[i])
            return DT_ERR_MEMORY;
    }
    for (size_t k = 0; k < entries; k++) {
        fmpq_init(&t->payoff[k]);
        fmpq_set(&t->payoff[k], &payoff[k]);
        t->entries = k + 1;
        size_t player = k % game->players;
        int same;
        t->value[player][k / game->players] = dt_fmpq_double(&payoff[k], &same);
        t->exact[player] = t->exact[player] && same;
    }
    return DT_OK;
}

static dt_status build(const dt_scenario *scenario, dt_compiler *compiler, dt_game *game,
                       dt_diag *diag) {
    (void)compiler;
    if (!game)
        return DT_OK;
    const dt_payoff_spec *p = &scenario->payoff;
    uint64_t wanted;
    if (__builtin_mul_overflow(game->profiles, (uint64_t)game->players, &wanted)) {
        dt_diag_add(diag, DT_ERROR, p->values_place,
                    "a table cannot hold the payoffs of %llu profiles: use formulas",
                    (unsigned long long)game->profiles);
        return DT_ERR_INPUT;
    }
    if (wanted != p->values) {
        dt_diag_add(diag, DT_ERROR, p->values_place,
                    "wrong number of payoffs: %llu profiles of %zu players need %llu numbers, "
                    "but there are %zu",
                    (unsigned long long)game->profiles, game->players, (unsigned long long)wanted,
                    p->values);
        return DT_ERR_INPUT;
    }
    return table_new(game, p->value);
}

const dt_model_kind dt_model_table = {"table", "payoffs listed profile by profile", build};

/* Names for an API user's table: P1, P2, … with one move `strategy` of levels s1, s2, … */
static dt_status name_players(dt_game *game, const uint32_t *strategies, dt_player *player) {
    for (size_t i = 0; i < game->players; i++) {
        uint32_t k = strategies[i];
        dt_move *move = dt_arena_array(game->arena, 1, sizeof *move);
        const char **label = dt_arena_array(game->arena, k, sizeof *label);
        fmpq *value = dt_arena_array(game->arena, k, sizeof *value);
        uint16_t *level = dt_arena_array(game->arena, k, sizeof *level);
        player[i].name = dt_arena_format(game->arena, "P%zu", i + 1);
        if (!move || !label || !value || !level || !player[i].name)
            return DT_ERR_MEMORY;
        for (uint32_t s = 0; s < k; s++) {
            label[s] = dt_arena_format(game->arena, "s%u", (unsigned)s + 1);
            if (!label[s])
                return DT_ERR_MEMORY;
            fmpq_init(&value[s]);
            fmpq_set_si(&value[s], (slong)s, 1);
            level[s] = (uint16_t)s;
        }
        *move = (dt_move){"strategy", k, label, value};
        player[i].move = move;
        player[i].moves = 1;
        player[i].strategies = k;
        player[i].level = level;
    }
    return DT_OK;
}

dt_status dt_game_from_table(size_t players, const uint32_t *strategies, const fmpq *payoff,
                             dt_game **out) {
    *out = NULL;
    if (players == 0 || players > DT_MAX_PLAYERS)
        return DT_ERR_USAGE;
    for (size_t i = 0; i < players; i++)
        if (strategies[i] == 0 || strategies[i] > UINT16_MAX)
            return DT_ERR_USAGE;
    dt_game *game = calloc(1, sizeof *game);
    if (!game)
        return DT_ERR_MEMORY;
    game->arena = dt_arena_new();
    dt_player *player = game->arena ? dt_arena_array(game->arena, players, sizeof *player) : NULL;
    dt_status status = player ? DT_OK : DT_ERR_MEMORY;
    game->player = player;
    if (status == DT_OK) {
        game->players = players;
        status = name_players(game, strategies, player);
    }
    if (status == DT_OK && !dt_count_profiles(game))
        status = DT_ERR_USAGE;
    if (status == DT_OK)
        status = table_new(game, payoff);
    if (status != DT_OK)
        dt_game_free(game);
    else
        *out = game;
    return status;
}
