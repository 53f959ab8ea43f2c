/* The exact proof of a guarantee: the LP's basis in rationals, then every row of the game.
 * SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/security/guarantee_search.h"
#include "equilibrium/security/matrix_lp.h"
#include "game/rows.h"
#include "lp/basis.h"

/* Reads the pool's payoffs as rationals as far as they are not read yet; *all is false where one
 * is not rational. */
static dt_status read_rationals(dt_search *s, bool *all) {
    size_t n = s->strategies, before = s->rational_rows * n, after = s->pool.count * n;
    *all = true;
    if (before == after)
        return DT_OK;
    fmpq *larger = _fmpq_vec_init((slong)after);
    for (size_t i = 0; i < before; i++)
        fmpq_swap(larger + i, s->rational + i);
    if (s->rational)
        _fmpq_vec_clear(s->rational, (slong)before);
    s->rational = larger;
    s->rational_rows = s->pool.count;
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    for (size_t i = before; i < after && status == DT_OK && *all; i++) {
        status = dt_pool_exact(&s->pool, i / n, (uint32_t)(i % n), &payoff);
        *all = dt_exact_is_rational(&payoff);
        if (status == DT_OK && *all)
            fmpq_set(s->rational + i, payoff.rational);
    }
    dt_exact_clear(&payoff);
    return status;
}

/* The visit of every row: does x pay v there? By doubles and their bounds, else exactly. */
typedef struct check {
    const dt_search *search;
    const fmpq *weight;
    const double *x; /* strategies: weight rounded */
    const uint32_t *support;
    size_t supports;
    double v, v_error;
    dt_exact value;
    bool undecided;
    dt_smallest *broken;
} check;

typedef struct check_local {
    bool undecided;
    dt_smallest broken;
    dt_exact sum;
} check_local;

static dt_status check_open(void *shared, void *local) {
    check_local *l = local;
    (void)shared;
    dt_exact_init(&l->sum);
    return dt_smallest_init(&l->broken, DT_SEARCH_ROWS);
}

static dt_status check_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)enough;
    const check *c = shared;
    check_local *l = local;
    double sum = 0, magnitude = 0, error = 0;
    for (size_t i = 0; i < c->supports; i++) {
        uint32_t s = c->support[i];
        double term = c->x[s] * row->value[s];
        sum += term;
        magnitude += fabs(term);
        error += c->x[s] * row->bound[s];
    }
    /* Roundings of the products, the sum and the weights (2^-50 each), far less than 2^-46 n. */
    error = error * (1 + 0x1p-40) + magnitude * ((double)c->supports + 4) * 0x1p-46 + c->v_error;
    if (sum - error >= c->v || dt_pool_has(&c->search->pool, row->index))
        return DT_OK; /* the pool's rows are proven by the LP's proof */
    if (!(sum + error < c->v)) {
        uint32_t profile[DT_MAX_PLAYERS];
        const dt_game *game = c->search->game;
        memcpy(profile, row->profile, game->players * sizeof *profile);
        dt_status status = dt_weighted_payoff(game, row->workspace, c->search->player, profile,
                                              c->weight, &l->sum, NULL);
        if (status != DT_OK)
            return status;
        dt_sign sign = dt_exact_compare(dt_game_context(game, row->workspace), &l->sum, &c->value);
        if (sign == DT_UNDECIDED)
            l->undecided = true;
        if (sign != DT_NEGATIVE)
            return DT_OK;
    }
    dt_smallest_offer(&l->broken, sum, row->index);
    return DT_OK;
}

static dt_status check_close(void *shared, void *local) {
    check *c = shared;
    check_local *l = local;
    c->undecided = c->undecided || l->undecided;
    if (l->broken.entry)
        dt_smallest_merge(c->broken, &l->broken);
    dt_smallest_clear(&l->broken);
    dt_exact_clear(&l->sum);
    return DT_OK;
}

static dt_status check_all_rows(dt_search *s, const fmpq *weight, const fmpq_t value,
                                dt_smallest *broken, bool *undecided) {
    check c = {.search = s, .weight = weight, .broken = broken, .v = dt_lp_double(value)};
    c.v_error = fabs(c.v) * 0x1p-50 + 1e-300;
    double *x = malloc(s->strategies * sizeof *x);
    uint32_t *support = malloc(s->strategies * sizeof *support);
    dt_status status = x && support ? DT_OK : DT_ERR_MEMORY;
    for (uint32_t i = 0; i < s->strategies && status == DT_OK; i++) {
        x[i] = dt_lp_double(weight + i);
        if (!fmpq_is_zero(weight + i))
            support[c.supports++] = i;
    }
    c.x = x;
    c.support = support;
    dt_exact_init(&c.value);
    dt_exact_set_fmpq(&c.value, value);
    dt_row_visitor visitor = {.size = sizeof(check_local),
                              .shared = &c,
                              .open = check_open,
                              .row = check_row,
                              .close = check_close};
    if (status == DT_OK)
        status = dt_rows_visit(s->game, &s->all, s->player, s->player, s->control,
                               "profiles searched for guarantees", s->diag, &visitor);
    *undecided = c.undecided;
    dt_exact_clear(&c.value);
    free(x);
    free(support);
    return status;
}

dt_status dt_search_prove(dt_search *s, dt_guarantee *out, bool *proved, dt_smallest *broken) {
    *proved = false;
    bool all;
    dt_status status = read_rationals(s, &all);
    if (status != DT_OK || !all)
        return status;
    dt_lp_proof proof;
    status = dt_matrix_lp_prove(s->lp, s->rational, s->pool.count, s->strategies,
                                dt_control_stop(s->control), &proof);
    bool undecided = false;
    if (status == DT_OK && proof.verdict == DT_LP_PROVED)
        status = check_all_rows(s, proof.x, proof.value, broken, &undecided);
    *proved = status == DT_OK && proof.verdict == DT_LP_PROVED && broken->count == 0 && !undecided;
    if (*proved) {
        for (uint32_t i = 0; i < s->strategies; i++)
            fmpq_set(out->weight + i, proof.x + i);
        fmpq_set(out->value, proof.value);
        out->exact = true;
    }
    dt_lp_proof_clear(&proof);
    return status;
}
