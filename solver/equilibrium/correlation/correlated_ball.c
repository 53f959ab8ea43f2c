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

/* Profiles that doubles do not decide are priced in balls, but not more than MOST_PRICED: where
 * moves matter to nobody there are millions that tie. */
enum { PRECISION = 256, MOST_SUPPORT = 600, MOST_PRICED = 2000 };
/* A gap of less than this part of the goal's range counts as closed. */
#define CLOSED 1e-9

typedef struct enclosing {
    dt_master *m;
    const dt_obedience *o;
    const dt_basis *basis;
    dt_exact_context *context;
    dt_exact payoff, other, gain;
    size_t size;    /* of the basis */
    size_t *slot;   /* rows: which of the basis's rows, or SIZE_MAX */
    arb_mat_t x, y; /* size × 1 */
    arb_t entry, sum;
    bool feasible; /* every probability and every row is decided */
    arf_t upper;   /* the dual bound */
} enclosing;

static dt_status payoff_at(enclosing *e, size_t profile, size_t player, dt_exact *payoff) {
    return dt_obedience_exact(e->o, profile, player, payoff);
}

/* u_i(s) - u_i(b, s_-i), exactly, in e->gain; e->payoff holds u_i(s). */
static dt_status gain_at(enclosing *e, size_t profile, size_t player, size_t b) {
    dt_status status =
        payoff_at(e, dt_obedience_deviation(e->o, profile, player, b), player, &e->other);
    if (status == DT_OK && dt_exact_sub(&e->gain, &e->payoff, &e->other) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    return status;
}

/* u_p at a profile in e->entry. */
static dt_status enclose_payoff(enclosing *e, size_t profile, size_t player) {
    dt_status status = payoff_at(e, profile, player, &e->payoff);
    if (status == DT_OK)
        dt_exact_enclose(e->context, e->entry, &e->payoff, PRECISION);
    return status;
}

/* The weight of a player's payoff, the largest being 1. */
static void weight_of(const dt_goal *goal, size_t player, arb_t weight) {
    arb_set_fmpz(weight, goal->weight + player);
    arb_div_fmpz(weight, weight, goal->most, PRECISION);
}

/* The cost of a column, enclosed. */
static dt_status goal_at(enclosing *e, size_t profile, arb_t out) {
    const dt_goal *goal = e->m->goal;
    dt_status status = DT_OK;
    arb_zero(out);
    if (profile == DT_WORST_OFF)
        arb_one(out);
    if (goal->worst)
        return DT_OK;
    arb_t weight;
    arb_init(weight);
    for (size_t p = 0; p < e->o->players && status == DT_OK; p++) {
        if (fmpz_is_zero(goal->weight + p))
            continue;
        status = enclose_payoff(e, profile, p);
        weight_of(goal, p, weight);
        arb_addmul(out, e->entry, weight, PRECISION);
    }
    if (goal->sign < 0)
        arb_neg(out, out);
    arb_clear(weight);
    return status;
}

/* Calls `use` for each row of a column: row 0 with 1, the others with the gain in e->entry. Rows
 * for which wanted[] is SIZE_MAX are left out where `wanted` is given. */
static dt_status each_entry(enclosing *e, size_t profile, const size_t *wanted, void *arg,
                            void (*use)(enclosing *e, void *arg, size_t row)) {
    const dt_obedience *o = e->o;
    dt_status status = DT_OK;
    for (size_t p = 0; p < o->players && e->m->worst && status == DT_OK; p++) {
        if (wanted && wanted[o->rows + p] == SIZE_MAX)
            continue;
        if (profile == DT_WORST_OFF)
            arb_set_si(e->entry, -1);
        else
            status = enclose_payoff(e, profile, p);
        if (status == DT_OK)
            use(e, arg, o->rows + p);
    }
    if (profile == DT_WORST_OFF || status != DT_OK)
        return status;
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
static bool read_basis(enclosing *e) {
    const dt_basis *basis = e->basis;
    for (size_t r = 0; r < e->m->rows; r++)
        e->slot[r] = SIZE_MAX;
    for (size_t i = 0; i < basis->rows; i++)
        e->slot[basis->row[i]] = i;
    bool good = basis->columns == basis->rows && basis->columns > 0 &&
                basis->columns <= MOST_SUPPORT && e->slot[0] != SIZE_MAX;
    e->size = good ? basis->columns : 0;
    return good;
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
        status = each_entry(e, e->basis->column[c], e->slot, &(matrix_at){matrix, c}, set_entry);
    *good = status == DT_OK;
    if (*good) {
        arb_one(arb_mat_entry(right, (slong)e->slot[0], 0));
        *good = arb_mat_solve(e->x, matrix, right, PRECISION);
    }
    for (slong c = 0; c < n && status == DT_OK && *good; c++)
        status = goal_at(e, e->basis->column[c], arb_mat_entry(right, c, 0));
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
    if (e->size == 1 + (size_t)e->m->worst) { /* t comes last */
        size_t s = e->basis->column[0];
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
    activities a = {.sum = _arb_vec_init((slong)e->m->rows)};
    a.touched = calloc(e->m->rows, sizeof *a.touched);
    if (!a.touched)
        status = DT_ERR_MEMORY;
    for (size_t c = 0; c < e->size && status == DT_OK; c++) {
        a.weight = arb_mat_entry(e->x, (slong)c, 0);
        if (e->basis->column[c] != DT_WORST_OFF)
            e->feasible = e->feasible && arb_is_nonnegative(a.weight);
        status = each_entry(e, e->basis->column[c], NULL, &a, add_activity);
    }
    /* The players' rows bind t, and not the distribution: what it pays them is read off later. */
    for (size_t r = 1; r < o->rows && status == DT_OK; r++)
        if (e->slot[r] == SIZE_MAX && a.touched[r])
            e->feasible = e->feasible && arb_is_nonnegative(a.sum + r);
    free(a.touched);
    _arb_vec_clear(a.sum, (slong)e->m->rows);
    return status;
}

static void subtract_dual(enclosing *e, void *arg, size_t row) {
    arb_submul(arg, e->entry, arb_mat_entry(e->y, (slong)e->slot[row], 0), PRECISION);
}

/* The most in size that a row can reach where the others are kept, and that an entry can be: t lies
 * between the least and the largest payoff. */
static double row_reach(const enclosing *e, size_t row) {
    const dt_obedience *o = e->o;
    double low = INFINITY, high = -INFINITY;
    if (row == 0)
        return 1;
    if (row < o->rows) {
        size_t p = dt_obedience_player(o, row);
        return 2 * (o->scale[p] * (1 + 1e-9) + o->bound[p]);
    }
    for (size_t p = 0; p < o->players; p++) {
        low = fmin(low, o->centre[p] - o->scale[p] - o->bound[p]);
        high = fmax(high, o->centre[p] + o->scale[p] + o->bound[p]);
    }
    return (high - low + fabs(high) + fabs(low)) * (1 + 1e-9);
}

/* Prices all profiles with y rounded to doubles; *error bounds what that may be off, in the units
 * of reduced[]. */
static dt_status price_rounded(enclosing *e, double *error) {
    double *y = calloc(e->m->rows, sizeof *y), blur = 0;
    if (!y)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < e->size; i++) {
        const arb_struct *exact = arb_mat_entry(e->y, (slong)i, 0);
        size_t row = e->basis->row[i];
        y[row] = arf_get_d(arb_midref(exact), ARF_RND_NEAR);
        blur += mag_get_d(arb_radref(exact)) * row_reach(e, row);
    }
    dt_master_multipliers(e->m, y, error);
    *error += 1.01 * blur / e->m->unit;
    dt_status status = dt_master_price(e->m, y);
    free(y);
    return status;
}

/* The largest reduced cost, or 0: of profiles whose reduced cost may be above 0 by doubles; from
 * balls, or where these profiles are many from the doubles and their error. */
static dt_status largest_reduced(enclosing *e, arf_t most) {
    const dt_obedience *o = e->o;
    const volatile sig_atomic_t *stop = dt_control_stop(e->m->control);
    const double *reduced = e->m->reduced;
    double error, largest = -INFINITY;
    size_t open = 0;
    dt_status status = price_rounded(e, &error);
    for (size_t s = 0; s < o->profiles && status == DT_OK; s++)
        if (!(reduced[s] + error < 0)) { /* NaN is looked at */
            open++;
            largest = reduced[s] <= largest ? largest : reduced[s];
        }
    arf_t end;
    arf_init(end);
    arb_t cost;
    arb_init(cost);
    arf_zero(most);
    if (open > MOST_PRICED && isfinite(largest)) {
        arf_set_d(most, largest);
        arf_set_d(end, error);
        arf_add(most, most, end, PRECISION, ARF_RND_UP);
        arf_set_d(end, e->m->unit);
        arf_mul(most, most, end, PRECISION, ARF_RND_UP);
        open = 0;
    }
    for (size_t s = 0; s < o->profiles && open > 0 && status == DT_OK; s++) {
        if (reduced[s] + error < 0)
            continue;
        open--;
        status = stop && *stop ? DT_ERR_INTERRUPTED : goal_at(e, s, cost);
        if (status == DT_OK)
            status = each_entry(e, s, e->slot, cost, subtract_dual);
        arb_get_ubound_arf(end, cost, PRECISION);
        arf_max(most, most, end);
    }
    arf_clear(end);
    arb_clear(cost);
    return status;
}

/* y_0 + the largest reduced cost; a multiplier that is not certainly <= 0 counts with the most its
 * row can reach. */
static dt_status dual_bound(enclosing *e) {
    arf_t most, end;
    arf_init(most);
    arf_init(end);
    arb_t reduced, extra;
    arb_init(reduced);
    arb_init(extra);
    dt_status status = largest_reduced(e, most);
    arb_set(e->sum, arb_mat_entry(e->y, (slong)e->slot[0], 0));
    arb_set_arf(reduced, most);
    arb_add(e->sum, e->sum, reduced, PRECISION);
    for (size_t i = 0; i < e->size; i++) {
        size_t row = e->basis->row[i];
        if (row == 0)
            continue;
        arb_get_ubound_arf(end, arb_mat_entry(e->y, (slong)i, 0), PRECISION);
        if (arf_sgn(end) <= 0)
            continue;
        arb_set_arf(reduced, end);
        arb_set_d(extra, row_reach(e, row));
        arb_addmul(e->sum, reduced, extra, PRECISION);
    }
    arb_get_ubound_arf(e->upper, e->sum, PRECISION);
    arf_clear(most);
    arf_clear(end);
    arb_clear(reduced);
    arb_clear(extra);
    return status;
}

/* The goal at the payoffs, in units of the largest weight. */
static void value_of(enclosing *e, dt_correlated *out) {
    const dt_goal *goal = e->m->goal;
    arb_zero(out->value_ball);
    if (goal->worst)
        arb_set(out->value_ball, out->payoff_ball);
    for (size_t p = 0; p < e->o->players; p++) {
        if (goal->worst) {
            arb_min(out->value_ball, out->value_ball, out->payoff_ball + p, PRECISION);
            continue;
        }
        weight_of(goal, p, e->entry);
        arb_addmul(out->value_ball, out->payoff_ball + p, e->entry, PRECISION);
    }
}

static int by_index(const void *a, const void *b) {
    uint64_t x = ((const dt_ranked *)a)->index, y = ((const dt_ranked *)b)->index;
    return x < y ? -1 : x > y;
}

/* The distribution from the balls, or from GLPK's doubles where there are none. */
static dt_status read_solution(enclosing *e, bool solved, dt_correlated *out) {
    const dt_master *m = e->m;
    const dt_obedience *o = e->o;
    size_t most = solved ? e->size : m->columns;
    out->profile = calloc(most + 1, sizeof *out->profile);
    if (!out->profile)
        return DT_ERR_MEMORY;
    dt_ranked *rough = calloc(most + 1, sizeof *rough);
    if (!rough)
        return DT_ERR_MEMORY;
    out->count = 0;
    if (solved) {
        for (size_t c = 0; c < e->size; c++)
            if (e->basis->column[c] != DT_WORST_OFF &&
                arf_sgn(arb_midref(arb_mat_entry(e->x, (slong)c, 0))) > 0 &&
                !(arb_contains_zero(arb_mat_entry(e->x, (slong)c, 0))))
                out->profile[out->count++] = e->basis->column[c];
    } else {
        for (size_t c = 0; c < m->columns; c++)
            if (m->profile[c] < o->profiles && dt_lp_primal(m->lp, c) > 1e-12)
                rough[out->count++] = (dt_ranked){dt_lp_primal(m->lp, c), m->profile[c]};
        qsort(rough, out->count, sizeof *rough, by_index);
        for (size_t i = 0; i < out->count; i++)
            out->profile[i] = (size_t)rough[i].index;
    }
    out->ball = _arb_vec_init((slong)out->count);
    out->payoff_ball = _arb_vec_init((slong)o->players);
    dt_status status = DT_OK;
    for (size_t i = 0, c = 0; i < out->count && status == DT_OK; i++) {
        size_t s = out->profile[i];
        while (solved && e->basis->column[c] != s)
            c++;
        if (solved) {
            arb_set(out->ball + i, arb_mat_entry(e->x, (slong)c, 0));
        } else {
            arb_set_d(out->ball + i, rough[i].value);
            mag_set_d(arb_radref(out->ball + i), 1e-9); /* GLPK's tolerance */
        }
        for (size_t p = 0; p < o->players && status == DT_OK; p++) {
            status = payoff_at(e, s, p, &e->payoff);
            if (status == DT_OK)
                dt_exact_enclose(e->context, e->entry, &e->payoff, PRECISION);
            arb_addmul(out->payoff_ball + p, e->entry, out->ball + i, PRECISION);
        }
    }
    value_of(e, out);
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
    bool closed = arf_cmp_d(gap, CLOSED * e->m->unit) <= 0;
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

dt_status dt_correlated_enclose(dt_master *m, const dt_basis *basis, dt_correlated *out) {
    enclosing e = {.m = m, .o = m->o, .basis = basis};
    e.context = dt_game_context(m->o->game, m->o->workspace);
    dt_exact_init(&e.payoff);
    dt_exact_init(&e.other);
    dt_exact_init(&e.gain);
    arb_init(e.entry);
    arb_init(e.sum);
    arf_init(e.upper);
    e.slot = calloc(m->rows, sizeof *e.slot);
    dt_status status = e.slot ? DT_OK : DT_ERR_MEMORY;
    bool solved = status == DT_OK && read_basis(&e);
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
    fmpq_mul_fmpz(out->value, m->goal->unit, m->goal->most);
    arb_set_fmpq(e.entry, out->value, PRECISION);
    arb_mul(out->value_ball, out->value_ball, e.entry, PRECISION);
    arb_mat_clear(e.x);
    arb_mat_clear(e.y);
    arb_clear(e.entry);
    arb_clear(e.sum);
    arf_clear(e.upper);
    dt_exact_clear(&e.payoff);
    dt_exact_clear(&e.other);
    dt_exact_clear(&e.gain);
    free(e.slot);
    return status;
}
