/* What a player can guarantee: the LP with generated rows. See guarantee.h.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/security/guarantee.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/security/guarantee_search.h"
#include "equilibrium/security/matrix_lp.h"
#include "equilibrium/shared/ball_number.h"
#include "game/rows.h"

/* Games with no more rows than this start with all of them. */
enum { ALL_ROWS = 256 };
/* Of the LP's coefficients, which are 1 at most: what is left of a payoff that is the centre. The
 * LP only has to find the basis; the proof has the payoffs as they are. */
static const double ROUNDING = 0x1p-46;

/* First visit: for each strategy the row that pays it least, and the largest payoff seen. */
typedef struct extremes {
    uint32_t strategies;
    dt_ranked *least; /* strategies */
    double most;
} extremes;

typedef struct extremes_local {
    dt_ranked *least;
    double most;
} extremes_local;

static dt_status extremes_open(void *shared, void *local) {
    const extremes *e = shared;
    extremes_local *l = local;
    l->most = -INFINITY;
    l->least = malloc(e->strategies * sizeof *l->least);
    if (!l->least)
        return DT_ERR_MEMORY;
    for (uint32_t s = 0; s < e->strategies; s++)
        l->least[s] = (dt_ranked){.value = INFINITY, .index = UINT64_MAX};
    return DT_OK;
}

static void take_less(dt_ranked *least, double value, uint64_t index) {
    if (value < least->value || (value == least->value && index < least->index))
        *least = (dt_ranked){.value = value, .index = index};
}

static dt_status extremes_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)shared;
    (void)enough;
    extremes_local *l = local;
    for (uint32_t s = 0; s < row->lanes; s++) {
        take_less(&l->least[s], row->value[s], row->index);
        l->most = fmax(l->most, row->value[s]);
    }
    return DT_OK;
}

static dt_status extremes_close(void *shared, void *local) {
    extremes *e = shared;
    extremes_local *l = local;
    if (l->least)
        for (uint32_t s = 0; s < e->strategies; s++)
            take_less(&e->least[s], l->least[s].value, l->least[s].index);
    e->most = fmax(e->most, l->most);
    free(l->least);
    l->least = NULL;
    return DT_OK;
}

/* Puts the pool's new rows into the LP. */
static dt_status extend_lp(dt_search *s) {
    uint32_t n = s->strategies;
    double *payoff = malloc(n * sizeof *payoff);
    dt_status status = payoff ? DT_OK : DT_ERR_MEMORY;
    for (; status == DT_OK && s->lp_rows < s->pool.count; s->lp_rows++) {
        for (uint32_t i = 0; i < n; i++) {
            payoff[i] = (s->pool.value[s->lp_rows * n + i] - s->centre) / s->scale;
            if (fabs(payoff[i]) < ROUNDING) /* scaled up to the others, it would lead GLPK astray */
                payoff[i] = 0;
        }
        status = dt_matrix_lp_add(s->lp, payoff);
    }
    free(payoff);
    return status;
}

static dt_status start(dt_search *s) {
    extremes e = {.strategies = s->strategies, .most = -INFINITY};
    e.least = malloc(s->strategies * sizeof *e.least);
    if (!e.least)
        return DT_ERR_MEMORY;
    for (uint32_t i = 0; i < s->strategies; i++)
        e.least[i] = (dt_ranked){.value = INFINITY, .index = UINT64_MAX};
    dt_row_visitor visitor = {.size = sizeof(extremes_local),
                              .shared = &e,
                              .open = extremes_open,
                              .row = extremes_row,
                              .close = extremes_close};
    dt_status status = dt_rows_visit(s->game, &s->all, s->player, s->player, s->control,
                                     "profiles searched for guarantees", s->diag, &visitor);
    double low = INFINITY, centre = -INFINITY;
    for (uint32_t i = 0; i < s->strategies && status == DT_OK; i++) {
        low = fmin(low, e.least[i].value);
        centre = fmax(centre, e.least[i].value);
    }
    uint64_t rows = dt_restriction_others(&s->all, s->player);
    for (uint64_t r = 0; r < rows && rows <= ALL_ROWS && status == DT_OK; r++)
        status = dt_pool_add(&s->pool, r, NULL);
    for (uint32_t i = 0; i < s->strategies && status == DT_OK; i++)
        status = dt_pool_add(&s->pool, e.least[i].index, NULL);
    free(e.least);
    if (status != DT_OK)
        return status;
    s->centre = centre; /* what a pure strategy secures: v is 0 or a little more */
    s->scale = e.most - low;
    if (!(s->scale > 0))
        s->scale = 1;
    if (!isfinite(s->scale)) { /* payoffs near the end of the doubles */
        s->scale = 0x1p1000;
        s->centre = 0;
    }
    return dt_matrix_lp_new(s->strategies, &s->lp);
}

static dt_status solve_lp(dt_search *s) {
    dt_status status = extend_lp(s);
    if (status == DT_OK)
        status = dt_matrix_lp_solve(s->lp, dt_control_stop(s->control));
    if (status == DT_ERR_SOLVER)
        dt_diag_add(s->diag, DT_ERROR, DT_NOWHERE,
                    "the linear program of %s's security level has no answer (GLPK: %s)",
                    s->game->player[s->player].name,
                    *dt_lp_message(s->lp) ? dt_lp_message(s->lp) : "no optimum found");
    if (status != DT_OK)
        return status;
    if (s->y_room < s->pool.count) {
        double *y = realloc(s->y, s->pool.count * sizeof *y);
        if (!y)
            return DT_ERR_MEMORY;
        s->y = y;
        s->y_room = s->pool.count;
    }
    double sum = 0;
    for (uint32_t i = 0; i < s->strategies; i++) {
        s->x[i] = fmax(dt_lp_primal(s->lp, i), 0);
        sum += s->x[i];
    }
    for (uint32_t i = 0; i < s->strategies; i++)
        s->x[i] /= sum;
    for (size_t r = 0; r < s->pool.count; r++)
        s->y[r] = fmax(-dt_lp_dual(s->lp, r + 1), 0);
    s->v = s->centre + s->scale * dt_lp_primal(s->lp, s->strategies);
    return DT_OK;
}

static dt_status add_rows(dt_search *s, dt_smallest *found, bool *grew) {
    dt_smallest_sort(found);
    *grew = false;
    for (size_t i = 0; i < found->count; i++) {
        bool added;
        dt_status status = dt_pool_add(&s->pool, found->entry[i].index, &added);
        if (status != DT_OK)
            return status;
        *grew = *grew || added;
    }
    return DT_OK;
}

static dt_status search(dt_search *s, dt_guarantee *out) {
    bool try_exact = true;
    for (;;) { /* a visit a turn; it proves the LP's answer or finds the rows it lacks */
        dt_status status = solve_lp(s);
        if (status != DT_OK)
            return status;
        bool proved = false, grew = false;
        dt_smallest broken;
        status = dt_smallest_init(&broken, DT_SEARCH_ROWS);
        if (status == DT_OK && try_exact)
            status = dt_search_prove(s, out, &proved, &broken);
        if (status == DT_OK && !proved && broken.count == 0) {
            try_exact = false;
            status = dt_search_enclose(s, out, &broken);
        }
        if (status == DT_OK && !proved)
            status = add_rows(s, &broken, &grew);
        dt_smallest_clear(&broken);
        if (status != DT_OK || !grew)
            return status;
    }
}

void dt_search_basis(const dt_search *s, dt_lp_place *rows, dt_lp_place *columns) {
    for (size_t i = 0; i < dt_lp_rows(s->lp); i++)
        rows[i] = dt_lp_row_place(s->lp, i);
    for (size_t j = 0; j < dt_lp_columns(s->lp); j++)
        columns[j] = dt_lp_column_place(s->lp, j);
}

dt_status dt_guarantee_find(const dt_game *game, size_t player, const dt_control *control,
                            dt_diag *diag, dt_guarantee *out) {
    uint32_t n = game->player[player].strategies;
    *out = (dt_guarantee){.strategies = n, .weight = _fmpq_vec_init((slong)n)};
    fmpq_init(out->value);
    arb_init(out->ball);
    dt_search s = {
        .game = game, .player = player, .strategies = n, .control = control, .diag = diag};
    dt_status status = dt_restriction_init(&s.all, game);
    if (status == DT_OK)
        status = dt_pool_init(&s.pool, game, &s.all, player, diag);
    s.x = calloc(n, sizeof *s.x);
    if (status == DT_OK && !s.x)
        status = DT_ERR_MEMORY;
    if (status == DT_OK)
        status = start(&s);
    if (status == DT_OK)
        status = search(&s, out);
    dt_lp_free(s.lp);
    if (s.rational)
        _fmpq_vec_clear(s.rational, (slong)(s.rational_rows * n));
    if (s.pool.game)
        dt_pool_clear(&s.pool);
    if (s.all.count)
        dt_restriction_clear(&s.all);
    free(s.x);
    free(s.y);
    return status;
}

void dt_guarantee_clear(dt_guarantee *guarantee) {
    if (!guarantee->weight)
        return;
    _fmpq_vec_clear(guarantee->weight, (slong)guarantee->strategies);
    fmpq_clear(guarantee->value);
    arb_clear(guarantee->ball);
    guarantee->weight = NULL;
}

dt_status dt_guarantee_report(const dt_guarantee *guarantee, size_t player, dt_result_list *list,
                              dt_security *out) {
    *out = (dt_security){.player = player};
    dt_status status = DT_OK;
    if (guarantee->exact)
        status = dt_number_from_fmpq(list, guarantee->value, &out->value);
    else
        out->value = dt_number_from_ball(guarantee->ball);
    if (status == DT_OK)
        status = dt_mixture_from_weights(list, guarantee->strategies, guarantee->weight,
                                         guarantee->exact, &out->strategy);
    return status;
}

dt_status dt_guarantee_results(const dt_solve_call *call, size_t first, size_t end,
                               dt_result *result) {
    result->security = dt_arena_array(call->results->arena, end - first, sizeof *result->security);
    if (!result->security)
        return DT_ERR_MEMORY;
    result->certificate = DT_CERT_EXACT;
    result->searched = call->game->profiles;
    dt_status status = DT_OK;
    for (size_t p = first; p < end && status == DT_OK; p++) {
        dt_guarantee guarantee;
        status = dt_guarantee_find(call->game, p, call->control, call->diag, &guarantee);
        if (status == DT_OK && !guarantee.exact)
            result->certificate = DT_CERT_BALL;
        if (status == DT_OK)
            status = dt_guarantee_report(&guarantee, p, call->results,
                                         &result->security[result->securities++]);
        dt_guarantee_clear(&guarantee);
    }
    dt_lp_thread_end();
    return status;
}
