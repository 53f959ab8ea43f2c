/* The obedience constraints: see obedience.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/obedience.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "game/finite.h"
#include "game/rows.h"

/* Rows and entries of a player of k strategies. */
static size_t own_rows(bool coarse, size_t k) {
    return k == 1 ? 0 : coarse ? k : k * (k - 1);
}

double dt_obedience_rows(const dt_restriction *left, bool coarse) {
    double rows = 1;
    for (size_t p = 0; p < left->players; p++) {
        double k = left->count[p];
        rows += k == 1 ? 0 : coarse ? k : k * (k - 1);
    }
    return rows;
}

/* Are all payoffs left those of a table, in its order? */
static bool is_view(const dt_game *game, const dt_restriction *left) {
    bool exact;
    if (dt_restriction_profiles(left) != game->profiles)
        return false;
    for (size_t p = 0; p < game->players; p++)
        if (!dt_game_view(game, p, &exact))
            return false;
    return true;
}

static bool will_keep(const dt_restriction *left, double profiles, dt_keeping keeping) {
    double bytes = 8 * profiles * (double)left->players;
    if (keeping != DT_KEEP_AS_FITS)
        return keeping == DT_KEEP_ALL;
    return bytes <= DT_KEPT_BYTES && bytes <= (double)dt_memory_limit() / 2;
}

/* Payoffs that are copied; the reduced cost and a bit for each profile. */
double dt_obedience_bytes(const dt_game *game, const dt_restriction *left, dt_keeping keeping) {
    double profiles = 1;
    for (size_t p = 0; p < left->players; p++)
        profiles *= left->count[p];
    bool copied =
        will_keep(left, profiles, keeping) && (keeping == DT_KEEP_ALL || !is_view(game, left));
    return profiles * (8.125 + (copied ? 8 * (double)left->players : 0));
}

void dt_obedience_profile(const dt_obedience *o, size_t profile, uint32_t *strategies) {
    for (size_t p = 0; p < o->players; p++)
        strategies[p] = o->left->strategy[p][dt_obedience_place(o, profile, p)];
}

dt_status dt_obedience_exact(const dt_obedience *o, size_t profile, size_t player,
                             dt_exact *payoff) {
    uint32_t strategies[DT_MAX_PLAYERS];
    dt_obedience_profile(o, profile, strategies);
    return dt_game_exact(o->game, o->workspace, player, strategies, payoff, o->diag);
}

dt_status dt_obedience_line(const dt_obedience *o, size_t profile, size_t player, double *value) {
    size_t k = o->left->count[player];
    if (o->kept) {
        const double *from = o->value[player] + dt_obedience_deviation(o, profile, player, 0);
        for (size_t a = 0; a < k; a++)
            value[a] = from[a * o->stride[player]];
        return DT_OK;
    }
    uint32_t strategies[DT_MAX_PLAYERS];
    dt_obedience_profile(o, profile, strategies);
    strategies[player] = 0;
    dt_status status =
        dt_finite_row(o->game, o->workspace, player, player, strategies, o->all, o->all_bound);
    for (size_t a = 0; a < k && status == DT_OK; a++)
        value[a] = o->all[o->left->strategy[player][a]];
    return status;
}

/* --- all lines of a player --- */

typedef struct visiting {
    const dt_obedience *o;
    size_t player;
    void *shared;
    void (*work)(void *shared, size_t base, const double *value);
} visiting;

static dt_status visit_line(void *shared, void *local, const dt_row *row, bool *enough) {
    const visiting *v = shared;
    const dt_restriction *left = v->o->left;
    size_t k = left->count[v->player], stride = v->o->stride[v->player];
    double *value = local;
    (void)enough;
    for (size_t a = 0; a < k; a++)
        value[a] = row->value[left->strategy[v->player][a]];
    v->work(v->shared, (size_t)row->index / stride * stride * k + (size_t)row->index % stride,
            value);
    return DT_OK;
}

dt_status dt_obedience_lines(const dt_obedience *o, size_t player, const dt_control *control,
                             const char *what, void *shared,
                             void (*work)(void *shared, size_t base, const double *value)) {
    visiting v = {o, player, shared, work};
    dt_row_visitor visitor = {
        .size = o->left->count[player] * sizeof(double), .shared = &v, .row = visit_line};
    return dt_rows_visit(o->game, o->left, player, player, control, what, o->diag, &visitor);
}

/* --- reading --- */

/* What a first look at a player's payoffs finds; a thread's own is one of these. */
typedef struct looking {
    dt_obedience *o;
    size_t player;
    double *keep; /* where payoffs go, or NULL */
    double low, high, bound;
} looking;

static dt_status look_open(void *shared, void *local) {
    *(looking *)local = *(looking *)shared;
    return DT_OK;
}

static dt_status look_row(void *shared, void *local, const dt_row *row, bool *enough) {
    looking *l = local;
    const dt_obedience *o = l->o;
    size_t k = o->left->count[l->player], stride = o->stride[l->player];
    size_t base = (size_t)row->index / stride * stride * k + (size_t)row->index % stride;
    (void)shared;
    (void)enough;
    for (size_t a = 0; a < k; a++) {
        uint32_t s = o->left->strategy[l->player][a];
        if (l->keep)
            l->keep[base + a * stride] = row->value[s];
        l->low = fmin(l->low, row->value[s]);
        l->high = fmax(l->high, row->value[s]);
        l->bound = fmax(l->bound, row->bound[s]);
    }
    return DT_OK;
}

static dt_status look_close(void *shared, void *local) {
    looking *all = shared;
    const looking *one = local;
    all->low = fmin(all->low, one->low);
    all->high = fmax(all->high, one->high);
    all->bound = fmax(all->bound, one->bound);
    return DT_OK;
}

/* A table's payoffs where they lie. */
static void look_at_view(looking *l) {
    dt_obedience *o = l->o;
    bool exact;
    const double *value = o->value[l->player] = dt_game_view(o->game, l->player, &exact);
    for (size_t s = 0; s < o->profiles; s++) {
        l->low = l->low < value[s] ? l->low : value[s];
        l->high = l->high > value[s] ? l->high : value[s];
    }
    if (!exact) /* they are the doubles nearest to the payoffs */
        l->bound = fmax(fabs(l->low), fabs(l->high)) * 0x1p-52 + 0x1p-1074;
}

static dt_status look(dt_obedience *o, bool view, const dt_control *control) {
    dt_status status = DT_OK;
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        looking l = {.o = o, .player = p, .low = INFINITY, .high = -INFINITY};
        dt_row_visitor visitor = {.size = sizeof l,
                                  .shared = &l,
                                  .open = look_open,
                                  .row = look_row,
                                  .close = look_close};
        if (o->own)
            o->value[p] = l.keep = o->own + p * o->profiles;
        if (view)
            look_at_view(&l);
        else
            status =
                dt_rows_visit(o->game, o->left, p, p, control, "profiles read", o->diag, &visitor);
        o->bound[p] = l.bound;
        o->centre[p] = l.low / 2 + l.high / 2;
        o->scale[p] = l.high / 2 - l.low / 2;
        if (!(o->scale[p] > 0))
            o->scale[p] = 1;
    }
    return status;
}

/* Strides, rows; the longest line. */
static uint32_t lay_out(dt_obedience *o) {
    uint32_t most = 1;
    size_t stride = 1;
    o->profiles = (size_t)dt_restriction_profiles(o->left);
    for (size_t p = o->players; p-- > 0;) {
        o->stride[p] = stride;
        stride *= o->left->count[p];
        most = o->game->player[p].strategies > most ? o->game->player[p].strategies : most;
    }
    for (size_t p = 0; p < o->players; p++) {
        o->first_row[p] = o->rows;
        o->rows += own_rows(o->coarse, o->left->count[p]);
        o->entries += o->left->count[p] - (size_t)1;
    }
    return most;
}

dt_status dt_obedience_init(dt_obedience *o, const dt_game *game, const dt_restriction *left,
                            bool coarse, dt_keeping keeping, const dt_control *control,
                            dt_diag *diag) {
    *o = (dt_obedience){.game = game,
                        .left = left,
                        .diag = diag,
                        .coarse = coarse,
                        .players = game->players,
                        .rows = 1,
                        .entries = 1};
    uint32_t most = lay_out(o);
    bool view = keeping == DT_KEEP_AS_FITS && is_view(game, left);
    o->kept = view || will_keep(left, (double)o->profiles, keeping);
    o->workspace = dt_workspace_new(game);
    o->all = malloc(most * sizeof *o->all);
    o->all_bound = malloc(most * sizeof *o->all_bound);
    if (!o->workspace || !o->all || !o->all_bound)
        return DT_ERR_MEMORY;
    if (o->kept && !view) {
        if (o->profiles > SIZE_MAX / sizeof *o->own / o->players)
            return DT_ERR_MEMORY;
        o->own = dt_large_array(o->players * o->profiles);
        if (!o->own)
            return DT_ERR_MEMORY;
    }
    return look(o, view, control);
}

void dt_obedience_clear(dt_obedience *o) {
    if (o->workspace)
        dt_workspace_free(o->game, o->workspace);
    free(o->own);
    free(o->all);
    free(o->all_bound);
    *o = (dt_obedience){.game = NULL};
}
