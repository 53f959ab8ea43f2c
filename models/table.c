/* Payoffs from a table: doubles, and the rationals they stand for where these are not the doubles
 * themselves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "game/finite.h"
#include "game/model.h"
#include "game/players.h"

typedef struct dt_payoff_table {
    dt_game *game;
    fmpq *payoff;   /* profile × players; NULL: the doubles are the payoffs */
    size_t entries; /* initialised entries of payoff */
    double **value; /* per player, by profile */
    bool *exact;    /* per player: every double is its payoff */
    bool *finite;   /* per player: every double is finite */
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
    free(t->finite);
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
    uint64_t index = dt_profile_index(t->game, profile);
    if (t->payoff) {
        dt_exact_set_fmpq(payoff, &t->payoff[index * t->game->players + player]);
        return DT_OK;
    }
    fmpq_t q;
    arf_t dyadic;
    fmpq_init(q);
    arf_init(dyadic);
    arf_set_d(dyadic, t->value[player][index]);
    arf_get_fmpq(q, dyadic);
    dt_exact_set_fmpq(payoff, q);
    arf_clear(dyadic);
    fmpq_clear(q);
    return DT_OK;
}

static const double *view(const void *self, size_t player, bool *exact) {
    const table *t = self;
    *exact = t->exact[player];
    return t->finite[player] ? t->value[player] : NULL;
}

/* Bytes of one payoff. */
static size_t entry_size(bool rational) {
    return sizeof(double) + (rational ? sizeof(fmpq) : 0);
}

static void memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const table *t = self;
    (void)lanes;
    *shared = t->game->profiles * t->game->players * entry_size(t->payoff != NULL);
    *workspace = sizeof(dt_workspace);
}

static bool always(const void *self) {
    (void)self;
    return true;
}

static bool total(const void *self, size_t player) {
    const table *t = self;
    return t->finite[player];
}

static const dt_model_ops OPS = {
    .kind = "table",
    .free = table_free,
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .block = block,
    .exact = exact,
    .view = view,
    .context = context,
    .memory = memory,
    .rational = always,
    .total = total,
};

/* A table that cannot be held is refused before anything is allocated. In doubles, since the bytes
 * may be beyond 64 bits. */
static dt_status refuse_large(const dt_game *game, bool rational, dt_place place, dt_diag *diag) {
    double bytes = (double)game->profiles * (double)game->players * (double)entry_size(rational);
    uint64_t limit = dt_memory_limit();
    if (bytes <= (double)limit)
        return DT_OK;
    char needed[32], there[32];
    dt_diag_add(diag, DT_ERROR, place,
                "a table of %llu profiles of %zu players takes %s, and there are %s: give the "
                "payoffs as formulas, which need no table",
                (unsigned long long)game->profiles, game->players,
                dt_bytes_text(bytes, needed, sizeof needed),
                dt_bytes_text((double)limit, there, sizeof there));
    return DT_ERR_INPUT;
}

/* The model of a game that has its players, without payoffs. */
static dt_status table_new(dt_game *game) {
    table *t = calloc(1, sizeof *t);
    if (!t)
        return DT_ERR_MEMORY;
    t->game = game;
    game->self = t;
    game->model = &OPS;
    t->value = calloc(game->players, sizeof *t->value);
    t->exact = calloc(game->players, sizeof *t->exact);
    t->finite = calloc(game->players, sizeof *t->finite);
    if (!t->value || !t->exact || !t->finite)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < game->players; i++) {
        t->exact[i] = t->finite[i] = true;
        t->value[i] = dt_large_array(game->profiles);
        if (!t->value[i])
            return DT_ERR_MEMORY;
    }
    return DT_OK;
}

static dt_status fill_rationals(table *t, const fmpq *payoff) {
    size_t players = t->game->players, entries = (size_t)t->game->profiles * players;
    t->payoff = malloc(entries * sizeof *t->payoff);
    if (!t->payoff)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < entries; k++) {
        fmpq_init(&t->payoff[k]);
        fmpq_set(&t->payoff[k], &payoff[k]);
        t->entries = k + 1;
        size_t player = k % players;
        int same;
        double value = dt_fmpq_double(&payoff[k], &same);
        t->value[player][k / players] = value;
        t->exact[player] = t->exact[player] && same;
        t->finite[player] = t->finite[player] && isfinite(value);
    }
    return DT_OK;
}

static dt_status build(const dt_scenario *scenario, dt_compiler *compiler, dt_game *game,
                       dt_diag *diag) {
    (void)compiler;
    if (!game)
        return DT_OK;
    const dt_payoff_spec *p = &scenario->payoff;
    dt_status status = refuse_large(game, true, p->values_place, diag);
    if (status != DT_OK)
        return status;
    uint64_t wanted = game->profiles * game->players;
    if (wanted != p->values) {
        dt_diag_add(diag, DT_ERROR, p->values_place,
                    "wrong number of payoffs: %llu profiles of %zu players need %llu numbers, "
                    "but there are %zu",
                    (unsigned long long)game->profiles, game->players, (unsigned long long)wanted,
                    p->values);
        return DT_ERR_INPUT;
    }
    status = table_new(game);
    return status == DT_OK ? fill_rationals(game->self, p->value) : status;
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

/* Players and room for their payoffs; what is too large is refused before it is allocated. */
static dt_status prepare(dt_game *game, size_t players, const uint32_t *strategies, bool rational,
                         dt_diag *diag) {
    dt_player *player = dt_arena_array(game->arena, players, sizeof *player);
    if (!player)
        return DT_ERR_MEMORY;
    game->player = player;
    game->players = players;
    for (size_t i = 0; i < players; i++)
        player[i].strategies = strategies[i];
    if (!dt_count_profiles(game)) {
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "a table of 2^63 profiles or more: give the payoffs as formulas, which need no "
                    "table");
        return DT_ERR_INPUT;
    }
    dt_status status = refuse_large(game, rational, DT_NOWHERE, diag);
    if (status == DT_OK)
        status = name_players(game, strategies, player);
    return status == DT_OK ? table_new(game) : status;
}

/* A table game without payoffs. */
static dt_status game_new(size_t players, const uint32_t *strategies, bool rational, dt_diag *diag,
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
    dt_status status =
        game->arena ? prepare(game, players, strategies, rational, diag) : DT_ERR_MEMORY;
    if (status != DT_OK)
        dt_game_free(game);
    else
        *out = game;
    return status;
}

dt_status dt_game_from_table(size_t players, const uint32_t *strategies, const fmpq *payoff,
                             dt_game **out) {
    dt_status status = game_new(players, strategies, true, NULL, out);
    if (status == DT_OK)
        status = fill_rationals((*out)->self, payoff);
    if (status != DT_OK) {
        dt_game_free(*out);
        *out = NULL;
    }
    return status;
}

dt_status dt_payoff_table_new(size_t players, const uint32_t *strategies, dt_diag *diag,
                              dt_payoff_table **out) {
    dt_game *game;
    dt_status status = game_new(players, strategies, false, diag, &game);
    *out = status == DT_OK ? game->self : NULL;
    return status;
}

void dt_payoff_table_free(dt_payoff_table *t) {
    dt_game_free(t ? t->game : NULL);
}

double *dt_payoff_table_of(dt_payoff_table *t, size_t player) {
    return t->value[player];
}

dt_status dt_game_from_doubles(dt_payoff_table *t, const dt_control *control, dt_diag *diag,
                               dt_game **out) {
    *out = NULL;
    size_t player;
    uint64_t index;
    dt_status status = dt_first_not_finite(t->game, control, &player, &index);
    if (status != DT_OK || index == t->game->profiles) {
        *out = status == DT_OK ? t->game : NULL;
        return status;
    }
    uint32_t profile[DT_MAX_PLAYERS];
    char where[512];
    dt_profile_decode(t->game, index, profile);
    dt_profile_text(t->game, profile, where, sizeof where);
    dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "the payoff of `%s` is %s, at %s",
                t->game->player[player].name, isnan(t->value[player][index]) ? "NaN" : "infinite",
                *where ? where : "the only profile");
    return DT_ERR_INPUT;
}
