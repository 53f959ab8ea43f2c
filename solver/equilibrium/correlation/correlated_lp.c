/* The master LP and its pricing: see correlated_lp.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/correlated_lp.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/shared/pool.h"
#include "equilibrium/shared/smallest.h"

/* Columns added after a pricing; the most that start a goal. */
enum { NEW_COLUMNS = 200, START_COLUMNS = 1000 };
/* While obedience is relaxed by about RELAX, degenerate vertices are rare and the simplex method
 * moves; elastic slacks, which cost PENALTY, make the first master feasible. */
#define RELAX       1e-4
#define PENALTY     5.0
#define ENTER_ROUGH 1e-6
#define ENTER_FINE  1e-9

dt_status dt_master_init(dt_master *m, const dt_obedience *o, const dt_control *control,
                         dt_diag *diag) {
    *m = (dt_master){.o = o, .control = control, .diag = diag};
    m->in_master = calloc(o->profiles, sizeof *m->in_master);
    m->reduced = calloc(o->profiles, sizeof *m->reduced);
    m->cost = calloc(o->profiles, sizeof *m->cost);
    return m->in_master && m->reduced && m->cost ? DT_OK : DT_ERR_MEMORY;
}

void dt_master_clear(dt_master *m) {
    dt_lp_free(m->lp);
    free(m->profile);
    free(m->in_master);
    free(m->reduced);
    free(m->cost);
    *m = (dt_master){0};
}

static size_t elastics(const dt_master *m) {
    return m->o->rows - 1;
}

static dt_status note_column(dt_master *m, size_t profile) {
    if (m->columns == m->room) {
        size_t room = m->room ? 2 * m->room : 1024;
        size_t *larger = realloc(m->profile, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        m->profile = larger;
        m->room = room;
    }
    m->profile[m->columns++] = profile;
    return DT_OK;
}

static dt_status add_profile(dt_master *m, size_t profile, size_t *row, double *value) {
    if (m->in_master[profile])
        return DT_OK;
    size_t n = dt_obedience_column(m->o, profile, row, value);
    dt_status status = dt_lp_add_column(m->lp, 0, INFINITY, m->cost[profile], n, row, value);
    if (status == DT_OK)
        status = note_column(m, profile);
    m->in_master[profile] = status == DT_OK;
    return status;
}

/* Adds the profiles of a list, best first. */
static dt_status add_profiles(dt_master *m, dt_smallest *list, size_t *added) {
    size_t *row = malloc(m->o->entries * sizeof *row);
    double *value = malloc(m->o->entries * sizeof *value);
    dt_status status = row && value ? DT_OK : DT_ERR_MEMORY;
    dt_smallest_sort(list);
    *added = 0;
    for (size_t i = 0; i < list->count && status == DT_OK; i++) {
        size_t profile = (size_t)list->entry[i].index;
        *added += !m->in_master[profile];
        status = add_profile(m, profile, row, value);
    }
    free(row);
    free(value);
    return status;
}

/* splitmix64 (Steele, Lea and Flood 2014): the perturbation is a pure function of the row. */
static double hash_unit(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

static dt_status set_relaxed(dt_master *m, bool relaxed) {
    dt_status status = DT_OK;
    for (size_t r = 1; r < m->o->rows && status == DT_OK; r++)
        status = dt_lp_set_row_bounds(m->lp, r, relaxed ? -RELAX * (0.5 + 0.5 * hash_unit(r)) : 0,
                                      INFINITY);
    return status;
}

static dt_status set_elastics(dt_master *m, double upper, double cost) {
    dt_status status = DT_OK;
    for (size_t e = 0; e < elastics(m) && status == DT_OK; e++) {
        status = dt_lp_set_column_bounds(m->lp, e, 0, upper);
        if (status == DT_OK)
            status = dt_lp_set_cost(m->lp, e, cost);
    }
    return status;
}

static double elastic_sum(const dt_master *m) {
    double sum = 0;
    for (size_t e = 0; e < elastics(m); e++)
        sum += fmax(dt_lp_primal(m->lp, e), 0);
    return sum;
}

/* The goal at every profile, brought to a range of about [-1, 1]. */
static void set_costs(dt_master *m) {
    const dt_obedience *o = m->o;
    double low = INFINITY, high = -INFINITY;
    for (size_t s = 0; s < o->profiles; s++) {
        double sum = 0;
        for (size_t p = 0; p < o->players; p++)
            if (m->goal->weight[p])
                sum += o->value[p * o->profiles + s] - o->centre[p];
        m->cost[s] = sum;
        low = fmin(low, sum);
        high = fmax(high, sum);
    }
    m->goal_scale = high / 2 - low / 2;
    if (!(m->goal_scale > 0))
        m->goal_scale = 1;
    for (size_t s = 0; s < o->profiles; s++)
        m->cost[s] *= m->goal->sign / m->goal_scale;
}

/* For one player: reduced[s] -= sum_b y(a, b) (u(s) - u(b, s_-i)) / scale over all profiles. Lines
 * of his own strategies are independent. */
static void price_player(dt_master *m, size_t p, const double *y, int threads) {
    const dt_obedience *o = m->o;
    const double *u = o->value + p * o->profiles;
    size_t k = o->left->count[p], stride = o->stride[p];
    ptrdiff_t lines = (ptrdiff_t)(o->profiles / k);
#pragma omp parallel for schedule(static) num_threads(threads)
    for (ptrdiff_t line = 0; line < lines; line++) {
        size_t base = (size_t)line / stride * stride * k + (size_t)line % stride;
        for (size_t a = 0; a < k; a++) {
            const double *weight = y + o->first_row[p] + a * (k - 1);
            double own = u[base + a * stride], sum = 0;
            for (size_t b = 0, r = 0; b < k; b++)
                if (b != a) {
                    double w = weight[r++];
                    if (w != 0)
                        sum += w * (own - u[base + b * stride]);
                }
            m->reduced[base + a * stride] -= sum / o->scale[p];
        }
    }
}

void dt_master_price(dt_master *m, const double *y) {
    const dt_obedience *o = m->o;
    for (size_t s = 0; s < o->profiles; s++)
        m->reduced[s] = m->cost[s] - y[0];
    int threads =
        m->control && m->control->threads > 0 ? m->control->threads : omp_get_max_threads();
    if (o->profiles < 4096)
        threads = 1;
    for (size_t p = 0; p < o->players; p++)
        if (o->left->count[p] > 1)
            price_player(m, p, y, threads);
}

/* Prices all profiles with the master's duals; adds the best. */
static dt_status price(dt_master *m, double threshold, size_t *added) {
    const dt_obedience *o = m->o;
    double *y = malloc(o->rows * sizeof *y);
    if (!y)
        return DT_ERR_MEMORY;
    for (size_t r = 0; r < o->rows; r++)
        y[r] = dt_lp_dual(m->lp, r);
    dt_master_price(m, y);
    free(y);
    dt_smallest best;
    dt_status status = dt_smallest_init(&best, NEW_COLUMNS);
    for (size_t s = 0; s < o->profiles && status == DT_OK; s++)
        if (m->reduced[s] > threshold && !m->in_master[s])
            dt_smallest_offer(&best, -m->reduced[s], s);
    if (status == DT_OK)
        status = add_profiles(m, &best, added);
    dt_smallest_clear(&best);
    return status;
}

/* Columns a goal starts with: high in the goal, low in regret. */
static dt_status add_start(dt_master *m) {
    const dt_obedience *o = m->o;
    size_t limit = o->rows < START_COLUMNS ? o->rows : START_COLUMNS, added;
    dt_smallest best;
    dt_status status = dt_smallest_init(&best, limit);
    for (size_t s = 0; s < o->profiles && status == DT_OK; s++) {
        double regret = 0;
        for (size_t p = 0; p < o->players; p++) {
            const double *u = o->value + p * o->profiles;
            double most = u[s];
            for (size_t b = 0; b < o->left->count[p]; b++)
                most = fmax(most, u[dt_obedience_deviation(o, s, p, b)]);
            regret += (most - u[s]) / o->scale[p];
        }
        dt_smallest_offer(&best, 2 * regret - m->cost[s], s);
    }
    if (status == DT_OK)
        status = add_profiles(m, &best, &added);
    dt_smallest_clear(&best);
    return status;
}

/* Rows, and an elastic slack in each row of obedience. */
static dt_status build(dt_master *m) {
    dt_status status = dt_lp_new(DT_LP_MAX, &m->lp);
    if (status == DT_OK)
        status = dt_lp_add_row(m->lp, 1, 1, 0, NULL, NULL);
    for (size_t r = 1; r < m->o->rows && status == DT_OK; r++)
        status = dt_lp_add_row(m->lp, 0, INFINITY, 0, NULL, NULL);
    for (size_t r = 1; r < m->o->rows && status == DT_OK; r++) {
        status = dt_lp_add_column(m->lp, 0, INFINITY, -PENALTY, 1, &r, (double[]){1});
        if (status == DT_OK)
            status = note_column(m, SIZE_MAX - r);
    }
    return status;
}

/* A basis to start from: all weight on the first profile, elastics where it is not obeyed. */
static dt_status start_basis(dt_master *m) {
    size_t column = elastics(m), *row = malloc(m->o->entries * sizeof *row);
    double *value = malloc(m->o->entries * sizeof *value);
    dt_status status = row && value ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = dt_lp_set_column_place(m->lp, column, DT_LP_BASIC);
    if (status == DT_OK)
        status = dt_lp_set_row_place(m->lp, 0, DT_LP_LOWER);
    size_t n = row && value ? dt_obedience_column(m->o, m->profile[column], row, value) : 0;
    for (size_t e = 1; e < n && status == DT_OK; e++) {
        if (value[e] >= -RELAX / 2)
            continue;
        status = dt_lp_set_column_place(m->lp, row[e] - 1, DT_LP_BASIC);
        if (status == DT_OK)
            status = dt_lp_set_row_place(m->lp, row[e], DT_LP_LOWER);
    }
    free(row);
    free(value);
    return status;
}

static dt_status solve_lp(dt_master *m, dt_lp_method method) {
    dt_lp_outcome outcome;
    dt_status status = dt_lp_solve(m->lp, method, dt_control_stop(m->control), &outcome);
    if (status == DT_OK && outcome != DT_LP_OPTIMAL)
        status = DT_ERR_SOLVER;
    return status;
}

/* Simplex and pricing in turn until nothing enters. */
static dt_status converge(dt_master *m, dt_lp_method first, double threshold) {
    dt_status status = solve_lp(m, first);
    for (size_t added = 1; added && status == DT_OK;) {
        status = price(m, threshold, &added);
        if (status == DT_OK && added)
            status = solve_lp(m, DT_LP_PRIMAL);
    }
    return status;
}

/* Makes the master feasible without elastics, which there always is: correlated equilibria exist
 * (Hart and Schmeidler 1989). */
static dt_status drive_out_elastics(dt_master *m) {
    double penalty = PENALTY;
    dt_status status = DT_OK;
    while (status == DT_OK && elastic_sum(m) > 1e-9 && penalty < 1e7) {
        penalty *= 10;
        status = set_elastics(m, INFINITY, -penalty);
        if (status == DT_OK)
            status = converge(m, DT_LP_PRIMAL, ENTER_FINE);
    }
    return status;
}

static dt_status optimise(dt_master *m) {
    dt_status status = DT_OK;
    bool first = !m->lp;
    if (first)
        status = build(m);
    for (size_t c = elastics(m); c < m->columns && status == DT_OK; c++)
        status = dt_lp_set_cost(m->lp, c, m->cost[m->profile[c]]);
    if (status == DT_OK)
        status = add_start(m);
    if (status == DT_OK && first)
        status = start_basis(m);
    if (status == DT_OK)
        status = set_relaxed(m, true);
    if (status == DT_OK)
        status = converge(m, DT_LP_PRIMAL, ENTER_ROUGH);
    if (status == DT_OK && !m->feasible)
        status = drive_out_elastics(m);
    /* The true bounds; price again, for other columns may be right there. */
    if (status == DT_OK)
        status = set_relaxed(m, false);
    if (status == DT_OK)
        status = converge(m, DT_LP_DUAL, ENTER_FINE);
    if (status == DT_OK && !m->feasible) {
        status = drive_out_elastics(m);
        if (status == DT_OK)
            status = set_elastics(m, 0, 0);
        m->feasible = true;
        if (status == DT_OK)
            status = converge(m, DT_LP_PRIMAL, ENTER_FINE);
    }
    return status;
}

dt_status dt_master_solve(dt_master *m, const dt_goal *goal) {
    m->goal = goal;
    set_costs(m);
    dt_status status = optimise(m);
    if (status == DT_ERR_SOLVER)
        dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE,
                    "the linear program of correlated equilibrium has no answer (GLPK: %s)",
                    m->lp && *dt_lp_message(m->lp) ? dt_lp_message(m->lp) : "no optimum found");
    return status;
}

void dt_master_basis(const dt_master *m, dt_lp_place *row_place, dt_lp_place *column_place) {
    for (size_t r = 0; r < m->o->rows; r++)
        row_place[r] = dt_lp_row_place(m->lp, r);
    for (size_t s = 0; s < m->o->profiles; s++)
        column_place[s] = DT_LP_LOWER;
    for (size_t c = 0; c < m->columns; c++) {
        dt_lp_place place = dt_lp_column_place(m->lp, c);
        if (c >= elastics(m))
            column_place[m->profile[c]] = place;
        else if (place == DT_LP_BASIC) /* at 0: the row's own activity does as well */
            row_place[c + 1] = DT_LP_BASIC;
    }
}
