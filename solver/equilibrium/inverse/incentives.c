/* The gains of all deviations as affine functions of parameters: see incentives.h.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/inverse/incentives.h"

#include <flint/fmpq_vec.h>
#include <stdlib.h>

static dt_status open_game(dt_incentives *in) {
    const dt_game *game = in->q->game;
    size_t count = in->movable->count;
    dt_substitute *open = calloc(count, sizeof *open);
    if (!open)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < count; k++)
        open[k].parameter = in->movable->list[k].parameter;
    dt_status status =
        dt_game_build_with(game->scenario, open, count, in->q->call->diag, &in->open);
    free(open);
    if (status != DT_OK)
        return status;
    in->workspace = dt_workspace_new(in->open);
    in->context = in->workspace ? dt_game_context(in->open, in->workspace) : NULL;
    return in->context ? DT_OK : DT_ERR_MEMORY;
}

/* gain = constant + sum of slope × the parameter's value */
static dt_status gain_now(dt_incentives *in, size_t row) {
    dt_exact part;
    dt_exact_init(&part);
    dt_status status = DT_OK;
    size_t count = in->movable->count;
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        const dt_exact *slope = &in->slope[row * count + k];
        if (dt_exact_scale(&part, slope, &in->movable->list[k].parameter->value) != DT_EXACT_OK ||
            dt_exact_add(&in->gain[row], &in->gain[row], &part) != DT_EXACT_OK)
            status = DT_ERR_MEMORY;
        in->rational = in->rational && dt_exact_is_rational(slope);
    }
    in->rational = in->rational && dt_exact_is_rational(&in->gain[row]);
    dt_exact_clear(&part);
    return status;
}

static dt_status read_rows(dt_incentives *in) {
    dt_inverse *q = in->q;
    const dt_model_ops *model = in->open->model;
    dt_status status = DT_OK;
    bool wrong = false;
    size_t row = 0;
    for (size_t i = 0; i < q->game->players; i++)
        for (uint32_t s = 0; s < q->game->player[i].strategies && status == DT_OK; s++) {
            if (s == q->profile[i])
                continue;
            in->player[row] = i;
            in->strategy[row] = s;
            dt_payoff_fault fault = {.place = DT_NOWHERE};
            status = dt_inverse_step(q);
            if (status == DT_OK)
                status =
                    model->incentive(in->open->self, in->workspace, i, q->profile, s,
                                     &in->gain[row], &in->slope[row * in->movable->count], &fault);
            if (status == DT_OK)
                status = gain_now(in, row);
            if (status == DT_ERR_INPUT) { /* go on: every part that is wrong is to be named */
                dt_diag_add(q->call->diag, DT_ERROR, fault.place, "inverse: %s", fault.message);
                wrong = true;
                status = DT_OK;
            }
            row++;
        }
    return status == DT_OK && wrong ? DT_ERR_INPUT : status;
}

/* Does the parameter change any gain? */
static bool touches(const dt_incentives *in, size_t k) {
    for (size_t row = 0; row < in->rows; row++) {
        const dt_exact *slope = &in->slope[row * in->movable->count + k];
        if (slope->terms || !fmpq_is_zero(slope->rational))
            return true;
    }
    return false;
}

static void list_moves(dt_incentives *in) {
    for (uint32_t k = 0; k < in->movable->count; k++)
        for (int up = 1; up >= 0 && touches(in, k); up--)
            if (!in->movable->list[k].bounded[up] || !fmpq_is_zero(&in->movable->list[k].room[up]))
                in->move[in->moves++] = (dt_shift_move){k, up ? 1 : -1};
}

dt_status dt_incentives_read(dt_inverse *q, const dt_movables *movable, dt_incentives *out) {
    *out = (dt_incentives){.q = q, .movable = movable, .rational = true};
    dt_status status = open_game(out);
    if (status != DT_OK)
        return status;
    size_t rows = out->rows = (size_t)q->deviations;
    out->player = calloc(rows + 1, sizeof *out->player);
    out->strategy = calloc(rows + 1, sizeof *out->strategy);
    out->gain = dt_exact_array_new(rows);
    out->slope = dt_exact_array_new(rows * movable->count);
    out->move = calloc(2 * movable->count, sizeof *out->move);
    if (!out->player || !out->strategy || !out->gain || !out->slope || !out->move)
        return DT_ERR_MEMORY;
    status = read_rows(out);
    if (status == DT_OK)
        list_moves(out);
    return status;
}

void dt_incentives_clear(dt_incentives *in) {
    dt_exact_array_free(in->slope, in->movable ? in->rows * in->movable->count : 0);
    dt_exact_array_free(in->gain, in->rows);
    free(in->player);
    free(in->strategy);
    free(in->move);
    if (in->open)
        dt_workspace_free(in->open, in->workspace);
    dt_game_free(in->open);
    *in = (dt_incentives){0};
}

/* low <= x <= high */
static void enclose(dt_incentives *in, const dt_exact *x, slong precision, fmpq_t low,
                    fmpq_t high) {
    if (dt_exact_is_rational(x)) {
        fmpq_set(low, x->rational);
        fmpq_set(high, x->rational);
        return;
    }
    arb_t ball;
    arf_t end;
    arb_init(ball);
    arf_init(end);
    dt_exact_enclose(in->context, ball, x, precision);
    arb_get_lbound_arf(end, ball, precision);
    arf_get_fmpq(low, end);
    arb_get_ubound_arf(end, ball, precision);
    arf_get_fmpq(high, end);
    arf_clear(end);
    arb_clear(ball);
}

static void fill_row(dt_incentives *in, size_t row, slong precision, dt_shift_pair *out) {
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    enclose(in, &in->gain[row], precision, low, high);
    fmpq_add(out->need[0] + row, high, in->q->margin);
    fmpq_add(out->need[1] + row, low, in->q->margin);
    for (size_t j = 0; j < in->moves; j++) {
        const dt_shift_move *m = &in->move[j];
        size_t at = row * in->moves + j;
        enclose(in, &in->slope[row * in->movable->count + m->parameter], precision, low, high);
        if (m->direction > 0) { /* it must fall by the gain's slope */
            fmpq_neg(out->coefficient[0] + at, high);
            fmpq_neg(out->coefficient[1] + at, low);
        } else {
            fmpq_set(out->coefficient[0] + at, low);
            fmpq_set(out->coefficient[1] + at, high);
        }
    }
    fmpq_clear(low);
    fmpq_clear(high);
}

dt_status dt_incentives_enclose(dt_incentives *in, slong precision, dt_shift_pair *out) {
    size_t rows = in->rows, moves = in->moves;
    *out = (dt_shift_pair){.rows = rows, .moves = moves};
    for (int k = 0; k < 2; k++) {
        out->coefficient[k] = _fmpq_vec_init((slong)(rows * moves) + 1);
        out->need[k] = _fmpq_vec_init((slong)rows + 1);
    }
    out->cap = _fmpq_vec_init((slong)moves + 1);
    out->weight = _fmpq_vec_init((slong)moves + 1);
    out->capped = calloc(moves + 1, sizeof *out->capped);
    if (!out->capped)
        return DT_ERR_MEMORY;
    for (size_t row = 0; row < rows; row++)
        fill_row(in, row, precision, out);
    for (size_t j = 0; j < moves; j++) {
        const dt_movable *m = &in->movable->list[in->move[j].parameter];
        int up = in->move[j].direction > 0;
        out->capped[j] = m->bounded[up];
        fmpq_set(out->cap + j, &m->room[up]);
        fmpq_set(out->weight + j, &m->weight);
    }
    for (int k = 0; k < 2; k++)
        *(k ? &out->loose : &out->safe) = (dt_shift_lp){.rows = rows,
                                                        .moves = moves,
                                                        .coefficient = out->coefficient[k],
                                                        .need = out->need[k],
                                                        .cap = out->cap,
                                                        .capped = out->capped,
                                                        .weight = out->weight};
    return DT_OK;
}

void dt_shift_pair_clear(dt_shift_pair *pair) {
    for (int k = 0; k < 2; k++) {
        if (pair->coefficient[k])
            _fmpq_vec_clear(pair->coefficient[k], (slong)(pair->rows * pair->moves) + 1);
        if (pair->need[k])
            _fmpq_vec_clear(pair->need[k], (slong)pair->rows + 1);
    }
    if (pair->cap)
        _fmpq_vec_clear(pair->cap, (slong)pair->moves + 1);
    if (pair->weight)
        _fmpq_vec_clear(pair->weight, (slong)pair->moves + 1);
    free(pair->capped);
    *pair = (dt_shift_pair){0};
}
