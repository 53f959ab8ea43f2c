/* The enclosure of an optimal correlated equilibrium where payoffs are not rational, or the exact
 * step was too long. SPDX: GPL-3.0-or-later
 *
 * The basis is solved in balls: they hold the exact solution x of the tight rows and the exact
 * multipliers y. If every x and every other row is decided to be right, x is a correlated
 * equilibrium; and for any such x and any y <= 0 on the rows of obedience, no correlated
 * equilibrium is worth more than y_0 + the largest reduced cost of a profile (weak duality, sum p =
 * 1). So the optimum lies between the two: certificate `ball`. Otherwise `numeric`: the radius then
 * is the gap between the solution's worth and that bound, and some obedience is not decided. */
#include <arb_mat.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/correlation/correlated_lp.h"
#include "equilibrium/shared/pool.h"

enum { PRECISION = 256, MOST_SUPPORT = 600 };
/* A gap of less than this part of the goal's range counts as closed. */
#define CLOSED 1e-12

typedef struct enclosing {
    dt_master *m;
    const dt_obedience *o;
    dt_workspace *workspace;
    dt_exact_context *context;
    dt_exact payoff, other, gain;
    size_t size;    /* of the basis */
    size_t *basic;  /* size: profiles */
    size_t *tight;  /* size: rows */
    size_t *slot;   /* rows: in tight, or SIZE_MAX */
    arb_mat_t x, y; /* size × 1 */
    arb_t entry, sum;
    bool feasible; /* every probability and every row is decided */
    arf_t upper;   /* the dual bound */
} enclosing;

static dt_status payoff_at(enclosing *e, size_t profile, size_t player, dt_exact *payoff) {
    uint32_t strategies[DT_MAX_PLAYERS];
    dt_obedience_profile(e->o, profile, strategies);
    return dt_game_exact(e->o->game, e->workspace, player, strategies, payoff, e->m->diag);
}

/* u_i(s) - u_i(b, s_-i), exactly, in e->gain; e->payoff holds u_i(s). */
static dt_status gain_at(enclosing *e, size_t profile, size_t player, size_t b) {
    dt_status status =
        payoff_at(e, dt_obedience_deviation(e->o, profile, player, b), player, &e->other);
    if (status == DT_OK && dt_exact_sub(&e->gain, &e->payoff, &e->other) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    return status;
}

/* The goal at a profile, enclosed. */
static dt_status goal_at(enclosing *e, size_t profile, arb_t out) {
    dt_status status = DT_OK;
    arb_zero(out);
    for (size_t p = 0; p < e->o->players && status == DT_OK; p++) {
        if (!e->m->goal->weight[p])
            continue;
        status = payoff_at(e, profile, p, &e->payoff);
        if (status == DT_OK)
            dt_exact_enclose(e->context, e->entry, &e->payoff, PRECISION);
        arb_add(out, out, e->entry, PRECISION);
    }
    if (e->m->goal->sign < 0)
        arb_neg(out, out);
    return status;
}

/* Calls `use` for each row of a column: row 0 with 1, the others with the gain in e->entry. Rows
 * for which wanted[] is SIZE_MAX are left out where `wanted` is given. */
static dt_status each_entry(enclosing *e, size_t profile, const size_t *wanted, void *arg,
                            void (*use)(enclosing *e, void *arg, size_t row)) {
    const dt_obedience *o = e->o;
    dt_status status = DT_OK;
    arb_one(e->entry);
    if (!wanted || wanted[0] != SIZE_MAX)
        use(e, arg, 0);
    for (size_t p = 0; p < o->players; p++) {
        size_t a = dt_obedience_place(o, profile, p);
        bool known = false; /* u_p at the profile */
        for (size_t b = 0; b < o->left->count[p] && status == DT_OK; b++) {
            if (b == a)
                continue;
            size_t row = dt_obedience_row(o, p, a, b);
            if (wanted && wanted[row] == SIZE_MAX)
                continue;
            if (!known)
                status = payoff_at(e, profile, p, &e->payoff);
            known = true;
            if (status == DT_OK)
                status = gain_at(e, profile, p, b);
            if (status != DT_OK)
                return status;
            dt_exact_enclose(e->context, e->entry, &e->gain, PRECISION);
            use(e, arg, row);
        }
    }
    return status;
}

/* Reads the basis; false where it is not one, or too large. */
static dt_status read_basis(enclosing *e, bool *good) {
    size_t rows = e->o->rows, profiles = e->o->profiles, basics = 0, tights = 0;
    dt_lp_place *row_place = calloc(rows, sizeof *row_place);
    dt_lp_place *column_place = calloc(profiles, sizeof *column_place);
    dt_status status = row_place && column_place ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK) {
        dt_master_basis(e->m, row_place, column_place);
        for (size_t s = 0; s < profiles; s++)
            basics += column_place[s] == DT_LP_BASIC;
        for (size_t r = 0; r < rows; r++) {
            e->slot[r] = row_place[r] == DT_LP_BASIC ? SIZE_MAX : tights;
            tights += row_place[r] != DT_LP_BASIC;
        }
        *good = basics == tights && basics > 0 && basics <= MOST_SUPPORT;
        e->size = *good ? basics : 0;
        e->basic = calloc(e->size + 1, sizeof *e->basic);
        e->tight = calloc(e->size + 1, sizeof *e->tight);
        if (!e->basic || !e->tight)
            status = DT_ERR_MEMORY;
        for (size_t s = 0, next = 0; s < profiles && status == DT_OK && *good; s++)
            if (column_place[s] == DT_LP_BASIC)
                e->basic[next++] = s;
        for (size_t r = 0; r < rows && status == DT_OK && *good; r++)
            if (e->slot[r] != SIZE_MAX)
                e->tight[e->slot[r]] = r;
    }
    free(row_place);
    free(column_place);
    return status;
}

typedef struct matrix_at {
    arb_mat_struct *matrix;
    slong column;
} matrix_at;

static void set_entry(enclosing *e, void *arg, size_t row) {
    const matrix_at *at = arg;
    arb_set(arb_mat_entry(at->matrix, (slong)e->slot[row], at->column), e->entry);
}

/* Solves the basis for x and y; *good tells. */
static dt_status solve_basis(enclosing *e, bool *good) {
    slong n = (slong)e->size;
    arb_mat_t matrix, right;
    arb_mat_init(matrix, n, n);
    arb_mat_init(right, n, 1);
    dt_status status = DT_OK;
    for (slong c = 0; c < n && status == DT_OK; c++)
        status = each_entry(e, e->basic[c], e->slot, &(matrix_at){matrix, c}, set_entry);
    *good = status == DT_OK && e->slot[0] != SIZE_MAX;
    if (*good) {
        arb_one(arb_mat_entry(right, (slong)e->slot[0], 0));
        *good = arb_mat_solve(e->x, matrix, right, PRECISION);
    }
    for (slong c = 0; c < n && status == DT_OK && *good; c++)
        status = goal_at(e, e->basic[c], arb_mat_entry(right, c, 0));
    if (status == DT_OK && *good) {
        arb_mat_transpose(matrix, matrix);
        *good = arb_mat_solve(e->y, matrix, right, PRECISION);
    }
    arb_mat_clear(matrix);
    arb_mat_clear(right);
    return status;
}

typedef struct activities {
    arb_ptr sum;
    arb_srcptr weight;
    bool *touched;
} activities;

static void add_activity(enclosing *e, void *arg, size_t row) {
    activities *a = arg;
    arb_addmul(a->sum + row, e->entry, a->weight, PRECISION);
    a->touched[row] = true;
}

/* Is x a distribution, and does it obey the rows that are not tight? A single profile is decided by
 * structure, which sees ties that balls cannot. */
static dt_status check_feasible(enclosing *e) {
    const dt_obedience *o = e->o;
    dt_status status = DT_OK;
    e->feasible = true;
    if (e->size == 1) {
        size_t s = e->basic[0];
        for (size_t p = 0; p < o->players && status == DT_OK; p++) {
            status = payoff_at(e, s, p, &e->payoff);
            for (size_t b = 0; b < o->left->count[p] && status == DT_OK; b++) {
                if (b == dt_obedience_place(o, s, p))
                    continue;
                status = gain_at(e, s, p, b);
                dt_sign sign = dt_exact_sign(e->context, &e->gain);
                e->feasible = e->feasible && (sign == DT_ZERO || sign == DT_POSITIVE);
            }
        }
        return status;
    }
    activities a = {.sum = _arb_vec_init((slong)o->rows)};
    a.touched = calloc(o->rows, sizeof *a.touched);
    if (!a.touched)
        status = DT_ERR_MEMORY;
    for (size_t c = 0; c < e->size && status == DT_OK; c++) {
        a.weight = arb_mat_entry(e->x, (slong)c, 0);
        e->feasible = e->feasible && arb_is_nonnegative(a.weight);
        status = each_entry(e, e->basic[c], NULL, &a, add_activity);
    }
    for (size_t r = 1; r < o->rows && status == DT_OK; r++)
        if (e->slot[r] == SIZE_MAX && a.touched[r])
            e->feasible = e->feasible && arb_is_nonnegative(a.sum + r);
    free(a.touched);
    _arb_vec_clear(a.sum, (slong)o->rows);
    return status;
}

static void subtract_dual(enclosing *e, void *arg, size_t row) {
    arb_submul(arg, e->entry, arb_mat_entry(e->y, (slong)e->slot[row], 0), PRECISION);
}

/* Prices all profiles with y rounded to doubles; *error bounds what that may be off, in the units
 * of reduced[]. */
static dt_status price_rounded(enclosing *e, double *error) {
    const dt_obedience *o = e->o;
    double *y = calloc(o->rows, sizeof *y), unit = e->m->goal_scale;
    if (!y)
        return DT_ERR_MEMORY;
    *error = 1e-12;
    for (size_t p = 0; p < o->players; p++)
        if (e->m->goal->weight[p]) {
            y[0] -= e->m->goal->sign * o->centre[p];
            *error += (o->bound[p] + 1e-12 * (fabs(o->centre[p]) + o->scale[p])) / unit;
        }
    for (size_t i = 0; i < e->size; i++) {
        size_t row = e->tight[i], p = o->players;
        double weight = arf_get_d(arb_midref(arb_mat_entry(e->y, (slong)i, 0)), ARF_RND_NEAR);
        if (row == 0) {
            *error += 1e-12 * fabs(weight) / unit;
            y[0] += weight;
            continue;
        }
        while (p-- > 0 && o->first_row[p] > row) {
        }
        y[row] = weight * o->scale[p] / unit;
        *error +=
            fabs(weight) / unit * (2 * o->bound[p] + 1e-12 * (fabs(o->centre[p]) + o->scale[p]));
    }
    y[0] /= unit;
    dt_master_price(e->m, y);
    free(y);
    return DT_OK;
}

/* y_0 + the largest reduced cost; a multiplier that is not certainly <= 0 counts with the most its
 * row can reach. Profiles whose reduced cost is certainly below 0 by doubles are passed over. */
static dt_status dual_bound(enclosing *e) {
    const dt_obedience *o = e->o;
    arf_t most, end;
    arf_init(most);
    arf_init(end);
    arb_t reduced, extra;
    arb_init(reduced);
    arb_init(extra);
    dt_status status = DT_OK;
    arf_zero(most);
    double error;
    status = price_rounded(e, &error);
    for (size_t s = 0; s < o->profiles && status == DT_OK; s++) {
        if (e->m->reduced[s] + error < 0)
            continue;
        status = goal_at(e, s, reduced);
        if (status == DT_OK)
            status = each_entry(e, s, e->slot, reduced, subtract_dual);
        arb_get_ubound_arf(end, reduced, PRECISION);
        arf_max(most, most, end);
    }
    arb_set(e->sum, arb_mat_entry(e->y, (slong)e->slot[0], 0));
    arb_set_arf(reduced, most);
    arb_add(e->sum, e->sum, reduced, PRECISION);
    for (size_t i = 0; i < e->size; i++) {
        size_t row = e->tight[i], p = o->players;
        if (row == 0)
            continue;
        arb_get_ubound_arf(end, arb_mat_entry(e->y, (slong)i, 0), PRECISION);
        if (arf_sgn(end) <= 0)
            continue;
        while (p-- > 0 && o->first_row[p] > row) {
        }
        arb_set_arf(reduced, end);
        arb_set_d(extra, 2 * (o->scale[p] * (1 + 1e-9) + o->bound[p]));
        arb_addmul(e->sum, reduced, extra, PRECISION);
    }
    arb_get_ubound_arf(e->upper, e->sum, PRECISION);
    arf_clear(most);
    arf_clear(end);
    arb_clear(reduced);
    arb_clear(extra);
    return status;
}

/* The distribution from the balls, or from GLPK's doubles where there are none. */
static dt_status read_solution(enclosing *e, bool solved, dt_correlated *out) {
    const dt_master *m = e->m;
    const dt_obedience *o = e->o;
    size_t most = solved ? e->size : m->columns;
    out->profile = calloc(most + 1, sizeof *out->profile);
    if (!out->profile)
        return DT_ERR_MEMORY;
    double *rough = calloc(o->profiles, sizeof *rough);
    if (!rough)
        return DT_ERR_MEMORY;
    out->count = 0;
    if (solved) {
        for (size_t c = 0; c < e->size; c++)
            if (arf_sgn(arb_midref(arb_mat_entry(e->x, (slong)c, 0))) > 0 &&
                !(arb_contains_zero(arb_mat_entry(e->x, (slong)c, 0))))
                out->profile[out->count++] = e->basic[c];
    } else {
        for (size_t c = 0; c < m->columns; c++)
            if (m->profile[c] < o->profiles)
                rough[m->profile[c]] = dt_lp_primal(m->lp, c);
        for (size_t s = 0; s < o->profiles; s++)
            if (rough[s] > 1e-12)
                out->profile[out->count++] = s;
    }
    out->ball = _arb_vec_init((slong)out->count);
    out->payoff_ball = _arb_vec_init((slong)o->players);
    dt_status status = DT_OK;
    for (size_t i = 0, c = 0; i < out->count && status == DT_OK; i++) {
        size_t s = out->profile[i];
        while (solved && e->basic[c] != s)
            c++;
        if (solved) {
            arb_set(out->ball + i, arb_mat_entry(e->x, (slong)c, 0));
        } else {
            arb_set_d(out->ball + i, rough[s]);
            mag_set_d(arb_radref(out->ball + i), 1e-9); /* GLPK's tolerance */
        }
        for (size_t p = 0; p < o->players && status == DT_OK; p++) {
            status = payoff_at(e, s, p, &e->payoff);
            if (status == DT_OK)
                dt_exact_enclose(e->context, e->entry, &e->payoff, PRECISION);
            arb_addmul(out->payoff_ball + p, e->entry, out->ball + i, PRECISION);
        }
    }
    arb_zero(out->value_ball);
    for (size_t p = 0; p < o->players; p++)
        if (m->goal->weight[p])
            arb_add(out->value_ball, out->value_ball, out->payoff_ball + p, PRECISION);
    free(rough);
    return status;
}

/* From the solution's worth and the dual bound to the value as it is printed. */
static void read_value(enclosing *e, dt_correlated *out) {
    arf_t gap;
    arf_init(gap);
    if (e->m->goal->sign < 0)
        arb_neg(out->value_ball, out->value_ball);
    arb_get_lbound_arf(gap, out->value_ball, PRECISION);
    arb_set_arf(e->sum, gap);
    arf_sub(gap, e->upper, gap, 53, ARF_RND_UP);
    bool closed = arf_cmp_d(gap, CLOSED * e->m->goal_scale) <= 0;
    arb_set_interval_arf(out->value_ball, arb_midref(e->sum),
                         arf_cmp(e->upper, arb_midref(e->sum)) > 0 ? e->upper : arb_midref(e->sum),
                         PRECISION);
    if (e->m->goal->sign < 0)
        arb_neg(out->value_ball, out->value_ball);
    out->certificate = e->feasible && closed ? DT_CERT_BALL : DT_CERT_NUMERIC;
    if (!e->feasible)
        out->why = "some incentives tie within the balls and are not decided";
    else if (!closed)
        out->why = "the bound from the dual does not meet the solution";
    arf_clear(gap);
}

dt_status dt_correlated_enclose(dt_master *m, dt_correlated *out) {
    enclosing e = {.m = m, .o = m->o, .workspace = dt_workspace_new(m->o->game)};
    if (!e.workspace)
        return DT_ERR_MEMORY;
    e.context = dt_game_context(m->o->game, e.workspace);
    dt_exact_init(&e.payoff);
    dt_exact_init(&e.other);
    dt_exact_init(&e.gain);
    arb_init(e.entry);
    arb_init(e.sum);
    arf_init(e.upper);
    e.slot = calloc(m->o->rows, sizeof *e.slot);
    bool solved = false;
    dt_status status = e.slot ? read_basis(&e, &solved) : DT_ERR_MEMORY;
    arb_mat_init(e.x, (slong)e.size, 1);
    arb_mat_init(e.y, (slong)e.size, 1);
    if (status == DT_OK && solved)
        status = solve_basis(&e, &solved);
    if (status == DT_OK && solved)
        status = check_feasible(&e);
    if (status == DT_OK && solved)
        status = dual_bound(&e);
    if (status == DT_OK)
        status = read_solution(&e, solved, out);
    if (status == DT_OK && solved)
        read_value(&e, out);
    if (status == DT_OK && !solved)
        out->why = "the final basis is singular or too large to be solved in balls; the radius "
                   "is the solver's tolerance";
    arb_mat_clear(e.x);
    arb_mat_clear(e.y);
    arb_clear(e.entry);
    arb_clear(e.sum);
    arf_clear(e.upper);
    dt_exact_clear(&e.payoff);
    dt_exact_clear(&e.other);
    dt_exact_clear(&e.gain);
    free(e.basic);
    free(e.tight);
    free(e.slot);
    dt_workspace_free(m->o->game, e.workspace);
    return status;
}
