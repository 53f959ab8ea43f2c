/* The master LP and its pricing: see correlated_lp.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/correlated_lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "equilibrium/shared/pool.h"
#include "equilibrium/shared/smallest.h"

/* The most columns that start a goal. */
enum { START_COLUMNS = 1000 };
/* While obedience is relaxed by about RELAX, degenerate vertices are rare and the simplex method
 * moves; elastic slacks, which cost PENALTY, make the first master feasible. */
#define RELAX        1e-4
#define PENALTY      2.0
#define LAST_PENALTY 2e7
/* Of elastics that are needed to the end, because of ties within the tolerance. */
#define KEPT_PENALTY 200
#define ENTER_ROUGH  1e-6
/* Some 900 equations about ten times: a minute or so. */
#define BUDGET 1e10
/* Of the LP: as dt_lp_new has it, and for the last round. */
#define TOLERANCE 1e-9
#define POLISHED  1e-13

dt_status dt_master_init(dt_master *m, const dt_obedience *o, const dt_control *control,
                         dt_diag *diag) {
    *m = (dt_master){.o = o, .control = control, .diag = diag, .budget = BUDGET};
    m->in_master = calloc(o->profiles / 64 + 1, sizeof *m->in_master);
    m->reduced = dt_large_array(o->profiles);
    return m->in_master && m->reduced ? DT_OK : DT_ERR_MEMORY;
}

void dt_master_clear(dt_master *m) {
    dt_lp_free(m->lp);
    free(m->profile);
    free(m->in_master);
    free(m->reduced);
    free(m->best_y);
    *m = (dt_master){0};
}

size_t dt_master_elastics(const dt_master *m) {
    return m->o->rows - 1;
}

/* Forgets the LP. */
static void start_over(dt_master *m) {
    dt_lp_free(m->lp);
    m->lp = NULL;
    m->columns = 0;
    m->feasible = false;
    memset(m->in_master, 0, (m->o->profiles / 64 + 1) * sizeof *m->in_master);
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
    for (size_t e = 0; e < dt_master_elastics(m) && status == DT_OK; e++) {
        status = dt_lp_set_column_bounds(m->lp, e, 0, upper);
        if (status == DT_OK)
            status = dt_lp_set_cost(m->lp, e, cost);
    }
    return status;
}

static double elastic_sum(const dt_master *m) {
    double sum = 0;
    for (size_t e = 0; e < dt_master_elastics(m); e++)
        sum += fmax(dt_lp_primal(m->lp, e), 0);
    return sum;
}

static dt_status add_start(dt_master *m) {
    const dt_obedience *o = m->o;
    size_t limit = o->rows / 2 < START_COLUMNS ? o->rows / 2 + 1 : START_COLUMNS, added;
    dt_smallest best;
    dt_status status = dt_smallest_init(&best, limit);
    if (status != DT_OK)
        return status;
    status = dt_master_rank(m);
    for (size_t s = 0; s < o->profiles && status == DT_OK; s++)
        dt_smallest_offer(&best, m->reduced[s], s);
    if (status == DT_OK)
        status = dt_master_add_list(m, &best, &added);
    dt_smallest_clear(&best);
    return status;
}

/* Rows, an elastic slack in each row of obedience, and t. */
static dt_status build(dt_master *m) {
    dt_status status = dt_lp_new(DT_LP_MAX, &m->lp);
    if (status == DT_OK)
        status = dt_lp_add_row(m->lp, 1, 1, 0, NULL, NULL);
    for (size_t r = 1; r < m->o->rows && status == DT_OK; r++)
        status = dt_lp_add_row(m->lp, 0, INFINITY, 0, NULL, NULL);
    for (size_t p = 0; p < m->o->players && status == DT_OK && m->worst; p++)
        status = dt_lp_add_row(m->lp, 0, INFINITY, 0, NULL, NULL);
    for (size_t r = 1; r < m->o->rows && status == DT_OK; r++) {
        status = dt_lp_add_column(m->lp, 0, INFINITY, -PENALTY, 1, &r, (double[]){1});
        if (status == DT_OK)
            status = dt_master_note(m, SIZE_MAX - r);
    }
    if (m->worst && status == DT_OK) {
        size_t row[DT_MAX_PLAYERS];
        double value[DT_MAX_PLAYERS];
        for (size_t p = 0; p < m->o->players; p++) {
            row[p] = m->o->rows + p;
            value[p] = -1;
        }
        status = dt_lp_add_column(m->lp, -INFINITY, INFINITY, 1, m->o->players, row, value);
        if (status == DT_OK)
            status = dt_master_note(m, DT_WORST_OFF);
    }
    return status;
}

/* A basis to start from: all weight on the first profile, elastics where it is not obeyed, and t at
 * what the worst-off player gets there. */
static dt_status start_basis(dt_master *m) {
    size_t t = dt_master_elastics(m), column = t + m->worst, poorest = 0;
    dt_drawing d;
    dt_status status = dt_drawing_init(&d, m);
    if (status == DT_OK)
        status = dt_drawing_make(&d, m, m->profile[column]);
    if (status == DT_OK)
        status = dt_lp_set_column_place(m->lp, column, DT_LP_BASIC);
    if (status == DT_OK)
        status = dt_lp_set_row_place(m->lp, 0, DT_LP_LOWER);
    const size_t *row = d.row;
    const double *value = d.value;
    for (size_t e = 1; e < d.entries && status == DT_OK; e++) {
        if (row[e] >= m->o->rows) {
            poorest = !poorest || value[e] < value[poorest] ? e : poorest;
            continue;
        }
        if (value[e] >= -RELAX / 2)
            continue;
        status = dt_lp_set_column_place(m->lp, row[e] - 1, DT_LP_BASIC);
        if (status == DT_OK)
            status = dt_lp_set_row_place(m->lp, row[e], DT_LP_LOWER);
    }
    if (status == DT_OK && poorest) {
        status = dt_lp_set_column_place(m->lp, t, DT_LP_BASIC);
        if (status == DT_OK)
            status = dt_lp_set_row_place(m->lp, row[poorest], DT_LP_LOWER);
    }
    dt_drawing_clear(&d);
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
        status = dt_master_enter(m, threshold, &added);
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
    while (status == DT_OK && elastic_sum(m) > 1e-9 && penalty < LAST_PENALTY) {
        penalty *= 10;
        status = set_elastics(m, INFINITY, -penalty);
        if (status == DT_OK)
            status = converge(m, DT_LP_PRIMAL, DT_ENTER_FINE);
    }
    return status;
}

/* Puts a basis into the LP; elastic columns are not in it. */
static dt_status set_places(dt_master *m, const dt_lp_place *row_place,
                            const dt_lp_place *column_place) {
    size_t elastics = dt_master_elastics(m);
    dt_status status = DT_OK;
    for (size_t r = 0; r < m->rows && status == DT_OK; r++)
        status = dt_lp_set_row_place(m->lp, r, row_place[r]);
    for (size_t c = 0; c < m->columns && status == DT_OK; c++)
        status = dt_lp_set_column_place(m->lp, c,
                                        c < elastics ? DT_LP_LOWER : column_place[c - elastics]);
    return status;
}

/* Probabilities may be as small as the tolerance, and then a basis that is taken for feasible is
 * not, in dozens of rows. A last round at a tolerance near that of doubles mends nearly all of
 * them; where GLPK finds no end there, things stay as they were. */
static dt_status polish(dt_master *m) {
    dt_lp_place *place = malloc((m->rows + m->columns) * sizeof *place);
    size_t columns = m->columns;
    if (!place)
        return DT_ERR_MEMORY;
    for (size_t r = 0; r < m->rows; r++)
        place[r] = dt_lp_row_place(m->lp, r);
    for (size_t c = 0; c < columns; c++)
        place[m->rows + c] = dt_lp_column_place(m->lp, c);
    dt_lp_set_tolerance(m->lp, POLISHED);
    dt_status status = converge(m, DT_LP_DUAL, DT_ENTER_FINE);
    dt_lp_set_tolerance(m->lp, TOLERANCE);
    if (status == DT_ERR_SOLVER) {
        status = DT_OK;
        for (size_t r = 0; r < m->rows && status == DT_OK; r++)
            status = dt_lp_set_row_place(m->lp, r, place[r]);
        for (size_t c = 0; c < m->columns && status == DT_OK; c++)
            status =
                dt_lp_set_column_place(m->lp, c, c < columns ? place[m->rows + c] : DT_LP_LOWER);
        if (status == DT_OK)
            status = converge(m, DT_LP_PRIMAL, DT_ENTER_FINE);
    }
    free(place);
    return status;
}

static dt_status optimise(dt_master *m) {
    dt_status status = DT_OK;
    bool first = !m->lp;
    if (first)
        status = build(m);
    if (status == DT_OK)
        status = dt_master_set_costs(m);
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
        status = converge(m, DT_LP_DUAL, DT_ENTER_FINE);
    if (status == DT_OK && !m->feasible) {
        status = drive_out_elastics(m);
        if (status == DT_OK)
            status = set_elastics(m, 0, 0);
        if (status == DT_OK)
            status = converge(m, DT_LP_PRIMAL, DT_ENTER_FINE);
        m->feasible = status == DT_OK;
        if (status == DT_ERR_SOLVER) { /* not within the tolerance */
            status = set_elastics(m, INFINITY, -KEPT_PENALTY);
            if (status == DT_OK)
                status = converge(m, DT_LP_PRIMAL, DT_ENTER_FINE);
            /* The exact step goes on from any basis. */
            return status == DT_ERR_SOLVER && !*dt_lp_message(m->lp) ? DT_OK : status;
        }
    }
    if (status == DT_OK)
        status = polish(m);
    return status;
}

dt_status dt_master_resume(dt_master *m, const dt_lp_place *row_place,
                           const dt_lp_place *column_place) {
    dt_status status = set_places(m, row_place, column_place);
    return status == DT_OK ? polish(m) : status;
}

/* Is the goal so near the last one that its columns and basis are a good start? Otherwise they are
 * a bad one: from the best for one player to the best for another takes longer than from nothing.
 * Within 60 degrees is near. */
static bool is_near(const dt_master *m, const double *last) {
    double with = 0, a = 0, b = 0;
    for (size_t p = 0; p < m->o->players; p++) {
        with += last[p] * m->weight[p];
        a += last[p] * last[p];
        b += m->weight[p] * m->weight[p];
    }
    return with > 0.5 * sqrt(a * b);
}

dt_status dt_master_solve(dt_master *m, const dt_goal *goal) {
    double last[DT_MAX_PLAYERS];
    memcpy(last, m->weight, sizeof last);
    bool worst = m->worst;
    m->goal = goal;
    m->first_gap = 0;
    m->worst = goal->worst;
    m->rows = m->o->rows + (m->worst ? m->o->players : 0);
    m->best_bound = INFINITY;
    free(m->best_y);
    m->best_y = calloc(m->rows, sizeof *m->best_y);
    if (!m->best_y)
        return DT_ERR_MEMORY;
    dt_master_costs(m);
    if (m->lp && (worst || m->worst || !is_near(m, last)))
        start_over(m);
    dt_status status = optimise(m);
    if (status == DT_ERR_SOLVER)
        dt_diag_add(m->diag, DT_ERROR, DT_NOWHERE,
                    "the linear program of correlated equilibrium has no answer (GLPK: %s)",
                    m->lp && *dt_lp_message(m->lp) ? dt_lp_message(m->lp) : "no optimum found");
    return status;
}

static int ascending(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

dt_status dt_master_basis(const dt_master *m, dt_basis *basis) {
    *basis = (dt_basis){.columns = 0};
    basis->column = malloc((m->columns + 1) * sizeof *basis->column);
    basis->row = malloc(m->rows * sizeof *basis->row);
    bool *slack = calloc(m->rows, sizeof *slack); /* the row's elastic column is basic */
    if (!basis->column || !basis->row || !slack) {
        free(slack);
        return DT_ERR_MEMORY;
    }
    for (size_t c = 0; c < m->columns; c++)
        if (dt_lp_column_place(m->lp, c) == DT_LP_BASIC) {
            if (c < dt_master_elastics(m))
                slack[c + 1] = true;
            else
                basis->column[basis->columns++] = m->profile[c];
        }
    for (size_t r = 0; r < m->rows; r++)
        if (dt_lp_row_place(m->lp, r) != DT_LP_BASIC && !slack[r])
            basis->row[basis->rows++] = r;
    free(slack);
    qsort(basis->column, basis->columns, sizeof *basis->column, ascending);
    return DT_OK;
}

void dt_basis_clear(dt_basis *basis) {
    free(basis->column);
    free(basis->row);
    *basis = (dt_basis){.columns = 0};
}
