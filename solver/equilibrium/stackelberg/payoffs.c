/* The payoffs of a commitment game as whole numbers: see payoffs.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/stackelberg/payoffs.h"

#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Irrational payoffs are rounded to this many bits behind the point, from balls of more. */
enum { BITS = 192, PRECISION = 320, MOST_PRECISION = 8192 };

typedef struct reader {
    const dt_solve_call *call;
    dt_commitment *c;
    dt_workspace *workspace;
    size_t leader, follower;
    uint32_t profile[DT_MAX_PLAYERS];
} reader;

static dt_status exact_at(reader *r, size_t player, uint32_t i, uint32_t j, dt_exact *payoff) {
    r->profile[r->leader] = i;
    r->profile[r->follower] = j;
    return dt_game_exact(r->call->game, r->workspace, player, r->profile, payoff, r->call->diag);
}

static bool stop_asked(const reader *r) {
    const dt_control *control = r->call->control;
    return control && control->stop && *control->stop;
}

/* All rational: over their least common denominator. */
static void clear_denominators(dt_side *side, const fmpq *payoff, size_t count) {
    fmpz_one(side->unit);
    for (size_t k = 0; k < count; k++)
        if (!fmpz_divisible(side->unit, fmpq_denref(payoff + k)))
            fmpz_lcm(side->unit, side->unit, fmpq_denref(payoff + k));
    for (size_t k = 0; k < count; k++) {
        fmpz_divexact(side->entry + k, side->unit, fmpq_denref(payoff + k));
        fmpz_mul(side->entry + k, side->entry + k, fmpq_numref(payoff + k));
    }
}

/* One payoff in units of 2^-BITS; the slack grows to cover what is lost. */
static void round_ball(dt_side *side, size_t k, dt_exact_context *context, const dt_exact *payoff) {
    arb_t ball;
    arf_t below, above;
    fmpz_t low, high;
    arb_init(ball);
    arf_init(below);
    arf_init(above);
    fmpz_init(low);
    fmpz_init(high);
    for (slong precision = PRECISION; precision <= MOST_PRECISION; precision *= 2) {
        dt_exact_enclose(context, ball, payoff, precision);
        arb_mul_2exp_si(ball, ball, BITS);
        arb_get_lbound_arf(below, ball, precision);
        arb_get_ubound_arf(above, ball, precision);
        arf_get_fmpz(low, below, ARF_RND_FLOOR);
        arf_get_fmpz(high, above, ARF_RND_CEIL);
        fmpz_sub(high, high, low);
        if (fmpz_cmp_ui(high, 2) <= 0)
            break;
    }
    fmpz_set(side->entry + k, low);
    if (fmpz_cmp(high, side->slack) > 0)
        fmpz_set(side->slack, high);
    fmpz_clear(low);
    fmpz_clear(high);
    arf_clear(below);
    arf_clear(above);
    arb_clear(ball);
}

static void measure(dt_side *side, size_t count) {
    double low = INFINITY, high = -INFINITY;
    fmpq_t q;
    fmpq_init(q);
    for (size_t k = 0; k < count; k++) {
        fmpq_set_fmpz_frac(q, side->entry + k, side->unit);
        side->value[k] = dt_fmpq_double(q, NULL);
        low = fmin(low, side->value[k]);
        high = fmax(high, side->value[k]);
    }
    fmpq_clear(q);
    side->centre = low / 2 + high / 2;
    side->scale = high / 2 - low / 2;
    if (!(side->scale > 0))
        side->scale = 1;
}

static dt_status read_side(reader *r, dt_side *side, size_t player, bool *rational) {
    const dt_commitment *c = r->c;
    size_t count = (size_t)c->m * c->n;
    fmpq *payoff = _fmpq_vec_init((slong)count);
    dt_exact value;
    dt_exact_init(&value);
    dt_status status = DT_OK;
    *rational = true;
    for (size_t k = 0; k < count && status == DT_OK && *rational; k++) {
        if (k % 4096 == 0 && stop_asked(r))
            status = DT_ERR_INTERRUPTED;
        else
            status = exact_at(r, player, (uint32_t)(k / c->n), (uint32_t)(k % c->n), &value);
        *rational = dt_exact_is_rational(&value);
        if (status == DT_OK && *rational)
            fmpq_set(payoff + k, value.rational);
    }
    if (status == DT_OK && *rational)
        clear_denominators(side, payoff, count);
    if (status == DT_OK && !*rational) {
        fmpz_one(side->unit);
        fmpz_mul_2exp(side->unit, side->unit, BITS);
    }
    for (size_t k = 0; k < count && status == DT_OK && !*rational; k++) {
        if (k % 256 == 0 && stop_asked(r))
            status = DT_ERR_INTERRUPTED;
        else
            status = exact_at(r, player, (uint32_t)(k / c->n), (uint32_t)(k % c->n), &value);
        if (status == DT_OK)
            round_ball(side, k, dt_game_context(r->call->game, r->workspace), &value);
    }
    dt_exact_clear(&value);
    _fmpq_vec_clear(payoff, (slong)count);
    if (status == DT_OK)
        measure(side, count);
    return status;
}

/* Are replies j and k proven to be worth the same to the follower always? */
static dt_status alike(reader *r, uint32_t j, uint32_t k, bool *same) {
    const dt_commitment *c = r->c;
    const dt_side *side = &c->follower;
    fmpz_t gap, allowed;
    fmpz_init(gap);
    fmpz_init(allowed);
    fmpz_mul_2exp(allowed, side->slack, 1);
    *same = true;
    for (size_t i = 0; i < c->m && *same; i++) {
        fmpz_sub(gap, side->entry + i * c->n + j, side->entry + i * c->n + k);
        *same = fmpz_cmpabs(gap, allowed) <= 0;
    }
    fmpz_clear(gap);
    fmpz_clear(allowed);
    if (c->rational || !*same)
        return DT_OK;
    dt_exact x, y;
    dt_exact_init(&x);
    dt_exact_init(&y);
    dt_status status = DT_OK;
    for (uint32_t i = 0; i < c->m && *same && status == DT_OK; i++) {
        status = exact_at(r, r->follower, i, j, &x);
        if (status == DT_OK)
            status = exact_at(r, r->follower, i, k, &y);
        if (status == DT_OK)
            *same =
                dt_exact_compare(dt_game_context(r->call->game, r->workspace), &x, &y) == DT_ZERO;
    }
    dt_exact_clear(&x);
    dt_exact_clear(&y);
    return status;
}

static dt_status find_twins(reader *r) {
    dt_commitment *c = r->c;
    dt_status status = DT_OK;
    for (uint32_t j = 0; j < c->n && status == DT_OK; j++) {
        c->twin[j] = j;
        for (uint32_t k = 0; k < j && c->twin[j] == j && status == DT_OK; k++) {
            bool same;
            if (c->twin[k] != k)
                continue;
            status = alike(r, k, j, &same);
            if (status == DT_OK && same)
                c->twin[j] = k;
        }
    }
    return status;
}

static dt_status side_init(dt_side *side, size_t count) {
    side->entry = _fmpz_vec_init((slong)count);
    side->value = malloc(count * sizeof *side->value);
    fmpz_init_set_ui(side->unit, 1);
    fmpz_init(side->slack);
    return side->value ? DT_OK : DT_ERR_MEMORY;
}

static void side_clear(dt_side *side, size_t count) {
    if (side->entry)
        _fmpz_vec_clear(side->entry, (slong)count);
    fmpz_clear(side->unit);
    fmpz_clear(side->slack);
    free(side->value);
}

dt_status dt_commitment_init(dt_commitment *c, const dt_solve_call *call, size_t leader,
                             size_t follower) {
    const dt_game *game = call->game;
    *c = (dt_commitment){.m = game->player[leader].strategies,
                         .n = game->player[follower].strategies};
    size_t count = (size_t)c->m * c->n;
    reader r = {.call = call, .c = c, .leader = leader, .follower = follower};
    dt_status status = side_init(&c->leader, count);
    if (side_init(&c->follower, count) != DT_OK)
        status = DT_ERR_MEMORY;
    c->twin = malloc(c->n * sizeof *c->twin);
    r.workspace = dt_workspace_new(game);
    if (!c->twin || !r.workspace)
        status = DT_ERR_MEMORY;
    bool all[2];
    if (status == DT_OK)
        status = read_side(&r, &c->leader, leader, &all[0]);
    if (status == DT_OK)
        status = read_side(&r, &c->follower, follower, &all[1]);
    if (status == DT_OK) {
        c->rational = all[0] && all[1];
        status = find_twins(&r);
    }
    dt_workspace_free(game, r.workspace);
    return status;
}

void dt_commitment_clear(dt_commitment *c) {
    size_t count = (size_t)c->m * c->n;
    side_clear(&c->leader, count);
    side_clear(&c->follower, count);
    free(c->twin);
    *c = (dt_commitment){0};
}

void dt_commitment_expect(const dt_commitment *c, const dt_side *side, const fmpq *x, uint32_t j,
                          fmpq_t out) {
    fmpq_t term;
    fmpq_init(term);
    fmpq_zero(out);
    for (size_t i = 0; i < c->m; i++)
        if (!fmpq_is_zero(x + i)) {
            fmpq_mul_fmpz(term, x + i, side->entry + i * c->n + j);
            fmpq_add(out, out, term);
        }
    fmpq_div_fmpz(out, out, side->unit);
    fmpq_clear(term);
}
