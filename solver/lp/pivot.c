/* Exact simplex pivots that repair a basis: see proof.h. SPDX: GPL-3.0-or-later
 *
 * Each pivot is computed from the basis afresh, so nothing has to be kept up to date; a repair
 * takes a handful of them. Ties go to the lowest variable, columns before rows. */
#include <flint/fmpq_vec.h>

#include "lp/basis.h"

typedef struct ratio {
    bool found;
    dt_lp_variable variable;
    dt_lp_place to; /* the bound it meets */
    fmpq_t step;
} ratio;

static void offer(ratio *best, dt_lp_variable v, dt_lp_place to, const fmpq_t step) {
    if (best->found && fmpq_cmp(step, best->step) >= 0)
        return;
    best->found = true;
    best->variable = v;
    best->to = to;
    fmpq_set(best->step, step);
}

/* How far the entering variable can go before v, now at `value` and changing by `change` for each
 * unit, meets a bound. */
static void limit(const dt_lp_basis *b, ratio *best, dt_lp_variable v, const fmpq_t value,
                  const fmpq_t change, fmpq_t step) {
    int sign = fmpq_sgn(change);
    dt_lp_range range = dt_lp_basis_range(b, v);
    const fmpq *bound = sign > 0 ? range.upper : range.lower;
    if (sign == 0 || !bound)
        return;
    fmpq_sub(step, bound, value);
    fmpq_div(step, step, change);
    offer(best, v, sign > 0 ? DT_LP_UPPER : DT_LP_LOWER, step);
}

bool dt_lp_pivot_primal(dt_lp_basis *b) {
    const dt_lp_data *data = b->data;
    dt_lp_variable in = b->dual.variable;
    int way = b->dual.direction;
    fmpq_mat_t right, z;
    fmpq_mat_init(right, (slong)b->size, 1);
    fmpq_mat_init(z, (slong)b->size, 1);
    fmpq *change = _fmpq_vec_init((slong)data->rows + 1);
    ratio best = {.found = false};
    fmpq_init(best.step);
    fmpq_t step;
    fmpq_init(step);

    /* matrix × (change of the basic columns) = (change of the tight rows) - (column of `in`) */
    if (in.is_row) {
        fmpq_set_si(fmpq_mat_entry(right, (slong)b->row_slot[in.index], 0), way, 1);
    } else {
        size_t n = data->column(data->self, in.index, b->entry_row, b->entry);
        for (size_t e = 0; e < n; e++) {
            size_t i = b->entry_row[e];
            if (way < 0)
                fmpq_neg(b->entry + e, b->entry + e);
            fmpq_set(change + i, b->entry + e);
            if (b->row_slot[i] != DT_LP_NO_SLOT)
                fmpq_neg(fmpq_mat_entry(right, (slong)b->row_slot[i], 0), b->entry + e);
        }
    }
    bool moved = dt_lp_basis_solve(b, false, z, right);
    if (moved) {
        dt_lp_basis_combine(b, z, change);
        dt_lp_range own = dt_lp_basis_range(b, in);
        if (own.lower && own.upper) { /* it may just go to its other bound */
            fmpq_sub(step, own.upper, own.lower);
            offer(&best, in, way > 0 ? DT_LP_UPPER : DT_LP_LOWER, step);
        }
        for (size_t c = 0; c < b->size; c++)
            limit(b, &best, (dt_lp_variable){false, b->basic[c]}, b->x + b->basic[c],
                  fmpq_mat_entry(z, (slong)c, 0), step);
        for (size_t i = 0; i < data->rows; i++)
            if (b->row_slot[i] == DT_LP_NO_SLOT)
                limit(b, &best, (dt_lp_variable){true, i}, b->activity + i, change + i, step);
        moved = best.found; /* else unbounded */
        if (moved) {
            *dt_lp_basis_place(b, in) = DT_LP_BASIC;
            *dt_lp_basis_place(b, best.variable) = best.to;
        }
    }
    fmpq_clear(step);
    fmpq_clear(best.step);
    _fmpq_vec_clear(change, (slong)data->rows + 1);
    fmpq_mat_clear(right);
    fmpq_mat_clear(z);
    return moved;
}

/* The derivative of the leaving variable by a nonbasic one; z is its row of the basis's inverse,
 * or for a row the multipliers that give the row. */
static void tableau_entry(dt_lp_basis *b, dt_lp_variable out, dt_lp_variable v, const fmpq_mat_t z,
                          fmpq_t alpha) {
    if (v.is_row) {
        fmpq_set(alpha, fmpq_mat_entry(z, (slong)b->row_slot[v.index], 0));
        return;
    }
    fmpq_zero(alpha);
    size_t n = b->data->column(b->data->self, v.index, b->entry_row, b->entry);
    for (size_t e = 0; e < n; e++) {
        size_t i = b->entry_row[e];
        if (b->row_slot[i] != DT_LP_NO_SLOT)
            fmpq_submul(alpha, fmpq_mat_entry(z, (slong)b->row_slot[i], 0), b->entry + e);
        else if (out.is_row && out.index == i)
            fmpq_add(alpha, alpha, b->entry + e);
    }
}

/* Ratio test of the dual simplex method for one nonbasic variable. A reduced cost of the wrong sign
 * counts as 0, as if its cost had been shifted. */
static void consider(dt_lp_basis *b, ratio *best, dt_lp_variable v, const fmpq_mat_t z,
                     fmpq_t alpha, fmpq_t d) {
    dt_lp_place place = *dt_lp_basis_place(b, v);
    dt_lp_range range = dt_lp_basis_range(b, v);
    if (range.lower && range.upper && fmpq_equal(range.lower, range.upper))
        return;
    tableau_entry(b, b->primal.variable, v, z, alpha);
    int sign = fmpq_sgn(alpha) * b->primal.direction;
    if (sign == 0 || (place == DT_LP_LOWER && sign < 0) || (place == DT_LP_UPPER && sign > 0))
        return;
    dt_lp_basis_reduced_cost(b, v, d);
    if (b->data->sense == DT_LP_MAX)
        fmpq_neg(d, d);
    if ((place == DT_LP_LOWER && fmpq_sgn(d) < 0) || (place == DT_LP_UPPER && fmpq_sgn(d) > 0))
        fmpq_zero(d);
    fmpq_div(d, d, alpha);
    fmpq_abs(d, d);
    offer(best, v, DT_LP_BASIC, d);
}

bool dt_lp_pivot_dual(dt_lp_basis *b) {
    const dt_lp_data *data = b->data;
    dt_lp_variable out = b->primal.variable;
    fmpq_mat_t right, z;
    fmpq_mat_init(right, (slong)b->size, 1);
    fmpq_mat_init(z, (slong)b->size, 1);
    ratio best = {.found = false};
    fmpq_init(best.step);
    fmpq_t alpha, d;
    fmpq_init(alpha);
    fmpq_init(d);

    for (size_t c = 0; c < b->size; c++) {
        fmpq *to = fmpq_mat_entry(right, (slong)c, 0);
        if (!out.is_row) {
            if (b->basic[c] == out.index)
                fmpq_one(to);
            continue;
        }
        size_t n = data->column(data->self, b->basic[c], b->entry_row, b->entry);
        for (size_t e = 0; e < n; e++)
            if (b->entry_row[e] == out.index)
                fmpq_set(to, b->entry + e);
    }
    bool moved = dt_lp_basis_solve(b, true, z, right);
    if (moved) {
        for (size_t j = 0; j < data->columns; j++)
            if (b->column_place[j] != DT_LP_BASIC)
                consider(b, &best, (dt_lp_variable){false, j}, z, alpha, d);
        for (size_t s = 0; s < b->size; s++)
            consider(b, &best, (dt_lp_variable){true, b->tight[s]}, z, alpha, d);
        moved = best.found; /* else infeasible */
        if (moved) {
            *dt_lp_basis_place(b, best.variable) = DT_LP_BASIC;
            *dt_lp_basis_place(b, out) = b->primal.direction > 0 ? DT_LP_LOWER : DT_LP_UPPER;
        }
    }
    fmpq_clear(alpha);
    fmpq_clear(d);
    fmpq_clear(best.step);
    fmpq_mat_clear(right);
    fmpq_mat_clear(z);
    return moved;
}
