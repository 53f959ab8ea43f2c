/* The exact proof of a guarantee: the LP's basis in rationals, then all that either side might do
 * instead. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/security/guarantee_search.h"
#include "equilibrium/security/value_lp.h"
#include "equilibrium/shared/pool.h"
#include "lp/basis.h"

/* The visit of every answer of one side to the other's proven weights: is it no better than the
 * value? By doubles and their bounds, else exactly. All is turned so that the side answers with
 * what is smallest. */
typedef struct check {
    const dt_search *search;
    const dt_matrix_side *side;
    const dt_search_play *play;
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
    return dt_smallest_init(&l->broken, DT_SEARCH_MOST);
}

static dt_status check_exactly(const check *c, check_local *l, dt_workspace *workspace,
                               uint64_t index, bool *less) {
    const dt_game *game = c->search->game;
    uint32_t profile[DT_MAX_PLAYERS] = {0};
    dt_team_decode(game, c->side->team, index, profile);
    dt_status status = dt_mixture_exact(game, workspace, &c->play->play, c->play->exact, profile,
                                        &l->sum);
    if (status != DT_OK)
        return status;
    dt_sign sign = dt_exact_compare(dt_game_context(game, workspace), &l->sum, &c->value);
    l->undecided = l->undecided || sign == DT_UNDECIDED;
    *less = sign == DT_NEGATIVE;
    const volatile sig_atomic_t *stop = dt_control_stop(c->search->control);
    return stop && *stop ? DT_ERR_INTERRUPTED : DT_OK;
}

static dt_status check_row(void *shared, void *local, const dt_mixture_row *row) {
    const check *c = shared;
    check_local *l = local;
    dt_status status = DT_OK;
    for (uint32_t k = 0; k < row->lanes && status == DT_OK; k++) {
        double value = row->value[k], error = row->bound[k] + c->v_error;
        if (error > 0) /* what the comparisons below may round */
            error += fabs(value) * 0x1p-51;
        if (value - error >= c->v)
            continue;
        uint64_t index = row->index + k * row->stride;
        if (dt_matrix_side_has(c->side, index)) /* proven by the LP's proof */
            continue;
        bool less = value + error < c->v;
        if (!less)
            status = check_exactly(c, l, row->workspace, index, &less);
        if (less)
            dt_smallest_offer(&l->broken, value, index);
    }
    return status;
}

static void check_close(void *shared, void *local) {
    check *c = shared;
    check_local *l = local;
    c->undecided = c->undecided || l->undecided;
    if (l->broken.entry)
        dt_smallest_merge(c->broken, &l->broken);
    dt_smallest_clear(&l->broken);
    dt_exact_clear(&l->sum);
}

static dt_status check_side(dt_search *s, int side, const fmpq *weight, const fmpq_t value,
                            dt_smallest *broken, bool *undecided) {
    if (dt_search_complete(s, side))
        return DT_OK;
    dt_search_play play;
    dt_status status = dt_search_play_init(s, !side, weight, &play);
    check c = {.search = s, .side = &s->matrix.side[side], .play = &play, .broken = broken};
    fmpq_t v, rounded;
    fmpq_init(v);
    fmpq_init(rounded);
    dt_exact_init(&c.value);
    if (side == DT_MATRIX_ROWS)
        fmpq_set(v, value);
    else
        fmpq_neg(v, value);
    dt_exact_set_fmpq(&c.value, v);
    c.v = dt_lp_double(v);
    c.v_error = fabs(c.v) * 0x1p-50 + 1e-300;
    if (isfinite(c.v)) { /* a value that is a double ties with payoffs that are */
        arf_t a;
        arf_init(a);
        arf_set_d(a, c.v);
        arf_get_fmpq(rounded, a);
        c.v_error = fmpq_equal(rounded, v) ? 0 : c.v_error;
        arf_clear(a);
    }
    dt_mixture_visitor visitor = {.size = sizeof(check_local),
                                  .shared = &c,
                                  .open = check_open,
                                  .row = check_row,
                                  .close = check_close};
    if (status == DT_OK)
        status = dt_mixture_visit(s->game, &play.play, s->control, DT_SEARCH_WHAT, &visitor);
    *undecided = *undecided || c.undecided;
    dt_exact_clear(&c.value);
    fmpq_clear(v);
    fmpq_clear(rounded);
    dt_search_play_clear(&play);
    return status;
}

/* The LP's dual values of its rows are those of the others' weights, turned. */
static fmpq *others_weights(const dt_lp_proof *proof, size_t rows) {
    fmpq *y = _fmpq_vec_init((slong)rows);
    for (size_t r = 0; r < rows; r++)
        fmpq_neg(y + r, proof->y + 1 + r);
    return y;
}

dt_status dt_search_prove(dt_search *s, dt_guarantee *out, bool *proved, dt_smallest *broken) {
    *proved = false;
    bool all;
    const volatile sig_atomic_t *stop = dt_control_stop(s->control);
    size_t columns = s->matrix.side[DT_MATRIX_COLUMNS].count;
    size_t rows = s->matrix.side[DT_MATRIX_ROWS].count;
    dt_status status = dt_payoff_matrix_rationals(&s->matrix, stop, &all);
    if (status != DT_OK || !all)
        return status;
    dt_lp_proof proof;
    status = dt_value_lp_prove(s->lp, s->matrix.rational, rows, columns, stop, &proof);
    bool undecided = false, good = status == DT_OK && proof.verdict == DT_LP_PROVED;
    if (good) {
        fmpq *y = others_weights(&proof, rows);
        status = check_side(s, DT_MATRIX_ROWS, proof.x + 1, proof.value, &broken[DT_MATRIX_ROWS],
                            &undecided);
        if (status == DT_OK)
            status = check_side(s, DT_MATRIX_COLUMNS, y, proof.value, &broken[DT_MATRIX_COLUMNS],
                                &undecided);
        _fmpq_vec_clear(y, (slong)rows);
    }
    *proved = status == DT_OK && good && !undecided && broken[0].count + broken[1].count == 0;
    if (*proved) {
        status = dt_search_strategy(s, proof.x + 1, out);
        fmpq_set(out->value, proof.value);
        out->exact = true;
    }
    dt_lp_proof_clear(&proof);
    return status;
}
