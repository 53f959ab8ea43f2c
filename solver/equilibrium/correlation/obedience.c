/* The obedience constraints: see obedience.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/obedience.h"

#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Payoffs as doubles and as integers; cost, regret, reduced cost and a flag in the master. */
double dt_obedience_bytes(const dt_restriction *left) {
    double profiles = 1;
    for (size_t p = 0; p < left->players; p++)
        profiles *= left->count[p];
    return profiles * (16.0 * (double)left->players + 25);
}

/* The visit that fills one player's payoffs. */
typedef struct filling {
    dt_obedience *o;
    size_t player;
    uint32_t **place; /* players: of a strategy among those left */
    double bound;
} filling;

static dt_status fill_row(void *shared, void *local, const dt_row *row, bool *enough) {
    const filling *f = shared;
    const dt_obedience *o = f->o;
    double *bound = local;
    (void)enough;
    size_t base = f->player * o->profiles;
    for (size_t p = 0; p < o->players; p++)
        if (p != f->player)
            base += f->place[p][row->profile[p]] * o->stride[p];
    for (size_t a = 0; a < o->left->count[f->player]; a++) {
        uint32_t s = o->left->strategy[f->player][a];
        o->value[base + a * o->stride[f->player]] = row->value[s];
        *bound = fmax(*bound, row->bound[s]);
    }
    return DT_OK;
}

static dt_status fill_close(void *shared, void *local) {
    filling *f = shared;
    f->bound = fmax(f->bound, *(double *)local);
    return DT_OK;
}

static dt_status fill(dt_obedience *o, const dt_control *control, dt_diag *diag) {
    uint32_t *place[DT_MAX_PLAYERS] = {NULL};
    dt_status status = DT_OK;
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        place[p] = calloc(o->game->player[p].strategies, sizeof *place[p]);
        if (!place[p])
            status = DT_ERR_MEMORY;
        for (uint32_t a = 0; a < o->left->count[p] && status == DT_OK; a++)
            place[p][o->left->strategy[p][a]] = a;
    }
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        filling f = {.o = o, .player = p, .place = place};
        dt_row_visitor visitor = {
            .size = sizeof(double), .shared = &f, .row = fill_row, .close = fill_close};
        status = dt_rows_visit(o->game, o->left, p, p, control, "profiles read", diag, &visitor);
        o->bound[p] = f.bound;
        const double *value = o->value + p * o->profiles;
        double low = INFINITY, high = -INFINITY;
        for (size_t s = 0; s < o->profiles; s++) {
            low = fmin(low, value[s]);
            high = fmax(high, value[s]);
        }
        o->centre[p] = low / 2 + high / 2;
        o->scale[p] = high / 2 - low / 2;
        if (!(o->scale[p] > 0))
            o->scale[p] = 1;
    }
    for (size_t p = 0; p < o->players; p++)
        free(place[p]);
    return status;
}

void dt_obedience_profile(const dt_obedience *o, size_t profile, uint32_t *strategies) {
    for (size_t p = 0; p < o->players; p++)
        strategies[p] = o->left->strategy[p][dt_obedience_place(o, profile, p)];
}

/* Reads the payoffs as rationals over one denominator; leaves `integer` NULL where one is not. One
 * thread: the numbers outlive the threads of a visit. */
static dt_status read_integers(dt_obedience *o, const dt_control *control, dt_diag *diag) {
    size_t count = o->players * o->profiles;
    dt_workspace *workspace = dt_workspace_new(o->game);
    if (!workspace)
        return DT_ERR_MEMORY;
    fmpq *value = _fmpq_vec_init((slong)count);
    dt_exact payoff;
    dt_exact_init(&payoff);
    uint32_t profile[DT_MAX_PLAYERS];
    dt_status status = DT_OK;
    bool rational = true;
    fmpz_one(o->denominator);
    for (size_t s = 0; s < o->profiles && status == DT_OK && rational; s++) {
        dt_obedience_profile(o, s, profile);
        if (control && control->stop && *control->stop)
            status = DT_ERR_INTERRUPTED;
        for (size_t p = 0; p < o->players && status == DT_OK && rational; p++) {
            status = dt_game_exact(o->game, workspace, p, profile, &payoff, diag);
            rational = dt_exact_is_rational(&payoff);
            if (status == DT_OK && rational) {
                fmpq_set(value + p * o->profiles + s, payoff.rational);
                fmpz_lcm(o->denominator, o->denominator, fmpq_denref(payoff.rational));
            }
        }
    }
    if (status == DT_OK && rational) {
        o->integer = _fmpz_vec_init((slong)count);
        fmpz_t factor;
        fmpz_init(factor);
        for (size_t i = 0; i < count; i++) {
            fmpz_divexact(factor, o->denominator, fmpq_denref(value + i));
            fmpz_mul(o->integer + i, fmpq_numref(value + i), factor);
        }
        fmpz_clear(factor);
    }
    dt_exact_clear(&payoff);
    _fmpq_vec_clear(value, (slong)count);
    dt_workspace_free(o->game, workspace);
    return status;
}

dt_status dt_obedience_init(dt_obedience *o, const dt_game *game, const dt_restriction *left,
                            bool coarse, const dt_control *control, dt_diag *diag) {
    *o = (dt_obedience){.game = game,
                        .left = left,
                        .coarse = coarse,
                        .players = game->players,
                        .rows = 1,
                        .entries = 1};
    fmpz_init(o->denominator);
    o->profiles = (size_t)dt_restriction_profiles(left);
    size_t stride = 1;
    for (size_t p = o->players; p-- > 0;) {
        o->stride[p] = stride;
        stride *= left->count[p];
    }
    for (size_t p = 0; p < o->players; p++) {
        o->first_row[p] = o->rows;
        o->rows += own_rows(coarse, left->count[p]);
        o->entries += left->count[p] - (size_t)1;
    }
    if (o->profiles > SIZE_MAX / sizeof *o->value / o->players)
        return DT_ERR_MEMORY;
    o->value = malloc(o->players * o->profiles * sizeof *o->value);
    if (!o->value)
        return DT_ERR_MEMORY;
    dt_status status = fill(o, control, diag);
    if (status == DT_OK)
        status = read_integers(o, control, diag);
    return status;
}

void dt_obedience_clear(dt_obedience *o) {
    free(o->value);
    if (o->integer)
        _fmpz_vec_clear(o->integer, (slong)(o->players * o->profiles));
    fmpz_clear(o->denominator);
    o->value = NULL;
    o->integer = NULL;
}

size_t dt_obedience_column(const dt_obedience *o, size_t profile, size_t *row, double *value) {
    size_t n = 0;
    row[n] = 0;
    value[n++] = 1;
    for (size_t p = 0; p < o->players; p++) {
        const double *u = o->value + p * o->profiles;
        size_t a = dt_obedience_place(o, profile, p);
        for (size_t b = 0; b < o->left->count[p]; b++) {
            if (b == a)
                continue;
            row[n] = dt_obedience_row(o, p, a, b);
            value[n++] = (u[profile] - u[dt_obedience_deviation(o, profile, p, b)]) / o->scale[p];
        }
    }
    return n;
}
