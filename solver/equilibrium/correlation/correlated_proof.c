/* The exact proof of an optimal correlated equilibrium of a rational game.
 * SPDX: GPL-3.0-or-later
 *
 * The master's final basis is solved in rationals (lp/proof.h); that is an optimum over the
 * master's columns. Its exact multipliers then price all profiles: in doubles with a bound on the
 * error, and exactly where that does not decide. Profiles that would enter are added, and exact
 * pivots go on until there is none. */
#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/correlation/correlated_lp.h"
#include "equilibrium/shared/pool.h"
#include "equilibrium/shared/smallest.h"
#include "lp/proof.h"

/* Profiles added after a pricing; how often the simplex method in doubles goes on from there before
 * exact pivots do. */
enum { ENTERING = 200, RESUMED = 10, PENALTIES = 12 };

/* The LP over the master's profiles (and t) in integers: each row of obedience and the goal times
 * the common denominator of all payoffs that were asked for so far. A profile that was asked for
 * has its column kept: the players' payoffs, then what they lose by each deviation. */
typedef struct exact_lp {
    dt_master *m;
    const dt_obedience *o;
    size_t columns;
    size_t first;   /* the master's columns from here on: without its elastic ones, or 0 */
    fmpz_t penalty; /* of the elastic ones */
    fmpq zero, one;
    dt_lp_place *row_place, *column_place;
    size_t room;    /* of column_place */
    size_t numbers; /* of a kept column */
    size_t kept, kept_room;
    fmpq **keep; /* kept: of the master's columns, or NULL */
    fmpz_t denominator;
    dt_exact payoff;
    fmpq *line;      /* the longest of a player's */
    bool irrational; /* a payoff was met that is not rational: there is no exact proof */
} exact_lp;

static size_t name_of(const exact_lp *e, size_t j) {
    return e->m->profile[e->first + j];
}

static bool is_elastic(const exact_lp *e, size_t j) {
    return e->first + j < dt_master_elastics(e->m);
}

/* One exact payoff; sets `irrational` where it is not a fraction. */
static dt_status read_payoff(exact_lp *e, size_t s, size_t player, fmpq_t out) {
    dt_status status = dt_obedience_exact(e->o, s, player, &e->payoff);
    if (status != DT_OK)
        return status;
    if (dt_exact_is_rational(&e->payoff))
        fmpq_set(out, e->payoff.rational);
    else
        e->irrational = true;
    return DT_OK;
}

/* The numbers of a profile's column as they are kept. */
static dt_status read_column(exact_lp *e, size_t s, fmpq *out) {
    const dt_obedience *o = e->o;
    dt_status status = DT_OK;
    size_t n = o->players;
    for (size_t p = 0; p < o->players && status == DT_OK && !e->irrational; p++) {
        size_t a = dt_obedience_place(o, s, p), k = o->left->count[p];
        for (size_t b = 0; b < k && status == DT_OK && !e->irrational; b++)
            status = read_payoff(e, dt_obedience_deviation(o, s, p, b), p, e->line + b);
        fmpq_set(out + p, e->line + a);
        for (size_t b = 0; b < k; b++)
            if (b != a)
                fmpq_sub(out + n++, e->line + a, e->line + b);
    }
    for (size_t i = 0; i < e->numbers && status == DT_OK; i++)
        fmpz_lcm(e->denominator, e->denominator, fmpq_denref(out + i));
    return status;
}

/* Keeps the columns of all profiles of the master. */
static dt_status keep_columns(exact_lp *e) {
    const dt_master *m = e->m;
    const volatile sig_atomic_t *stop = dt_control_stop(m->control);
    dt_status status = DT_OK;
    if (m->columns > e->kept_room) {
        fmpq **larger = realloc(e->keep, 2 * m->columns * sizeof(fmpq *));
        if (!larger)
            return DT_ERR_MEMORY;
        e->keep = larger;
        e->kept_room = 2 * m->columns;
    }
    for (; e->kept < m->columns && status == DT_OK && !e->irrational; e->kept++) {
        e->keep[e->kept] = NULL;
        if (stop && *stop)
            return DT_ERR_INTERRUPTED;
        if (e->kept < dt_master_elastics(m) || m->profile[e->kept] == DT_WORST_OFF)
            continue;
        e->keep[e->kept] = _fmpq_vec_init((slong)e->numbers);
        status = read_column(e, m->profile[e->kept], e->keep[e->kept]);
    }
    return status;
}

/* A number times the common denominator. */
static void set_cleared(const exact_lp *e, fmpq_t out, const fmpq_t number) {
    fmpz_divexact(fmpq_denref(out), e->denominator, fmpq_denref(number));
    fmpz_mul(fmpq_numref(out), fmpq_numref(number), fmpq_denref(out));
    fmpz_one(fmpq_denref(out));
}

static size_t exact_column(void *self, size_t j, size_t *row, fmpq *value) {
    const exact_lp *e = self;
    const dt_obedience *o = e->o;
    size_t n = 0;
    if (is_elastic(e, j)) {
        row[0] = e->first + j + 1;
        fmpq_one(value);
        return 1;
    }
    if (name_of(e, j) == DT_WORST_OFF) {
        for (size_t p = 0; p < o->players; p++) {
            row[p] = o->rows + p;
            fmpq_set_si(value + p, -1, 1);
        }
        return o->players;
    }
    const fmpq *kept = e->keep[e->first + j], *gain = kept + o->players;
    row[n] = 0;
    fmpq_one(value + n++);
    for (size_t p = 0; p < o->players; p++) {
        size_t a = dt_obedience_place(o, name_of(e, j), p);
        for (size_t b = 0; b < o->left->count[p]; b++) {
            if (b == a)
                continue;
            row[n] = dt_obedience_row(o, p, a, b);
            set_cleared(e, value + n++, gain++);
        }
    }
    for (size_t p = 0; p < o->players && e->m->worst; p++) {
        row[n] = o->rows + p;
        set_cleared(e, value + n++, kept + p);
    }
    return n;
}

static void exact_cost(void *self, size_t j, fmpq_t cost) {
    const exact_lp *e = self;
    const dt_goal *goal = e->m->goal;
    fmpq_one(cost);
    if (is_elastic(e, j)) {
        fmpz_neg(fmpq_numref(cost), e->penalty);
        return;
    }
    if (name_of(e, j) == DT_WORST_OFF)
        return;
    fmpq_t payoff;
    fmpq_init(payoff);
    fmpq_zero(cost);
    for (size_t p = 0; p < e->o->players && !goal->worst; p++) {
        set_cleared(e, payoff, e->keep[e->first + j] + p);
        fmpz_addmul(fmpq_numref(cost), goal->weight + p, fmpq_numref(payoff));
    }
    if (goal->sign < 0)
        fmpq_neg(cost, cost);
    fmpq_clear(payoff);
}

static dt_lp_range exact_row_range(void *self, size_t i) {
    exact_lp *e = self;
    return i == 0 ? (dt_lp_range){&e->one, &e->one} : (dt_lp_range){&e->zero, NULL};
}

static dt_lp_range exact_column_range(void *self, size_t j) {
    exact_lp *e = self;
    return name_of(e, j) == DT_WORST_OFF ? (dt_lp_range){NULL, NULL}
                                         : (dt_lp_range){&e->zero, NULL};
}

/* Room for all of the master's columns; those that are new are not basic. */
static dt_status follow_master(exact_lp *e) {
    size_t columns = e->m->columns - e->first;
    if (columns > e->room || !e->column_place) {
        dt_lp_place *larger = realloc(e->column_place, (columns + 1) * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        e->column_place = larger;
        e->room = columns;
    }
    for (; e->columns < columns; e->columns++)
        e->column_place[e->columns] = DT_LP_LOWER;
    return DT_OK;
}

/* The master's final basis; an elastic column that is basic, at 0, gives way to its row. */
static dt_status read_basis(exact_lp *e) {
    const dt_master *m = e->m;
    size_t elastics = dt_master_elastics(m);
    if (!e->row_place)
        e->row_place = malloc(m->rows * sizeof *e->row_place);
    dt_status status = e->row_place ? follow_master(e) : DT_ERR_MEMORY;
    if (status != DT_OK)
        return status;
    for (size_t r = 0; r < m->rows; r++)
        e->row_place[r] = dt_lp_row_place(m->lp, r);
    for (size_t c = 0; c < elastics; c++)
        if (dt_lp_column_place(m->lp, c) == DT_LP_BASIC)
            e->row_place[c + 1] = DT_LP_BASIC;
    for (size_t j = 0; j < e->columns; j++)
        e->column_place[j] = dt_lp_column_place(m->lp, elastics + j);
    return DT_OK;
}

/* --- pricing with the exact multipliers --- */

/* Would the profile raise the goal? Only payoffs that the multipliers ask for are read. */
static dt_status enters(exact_lp *e, const fmpq *y, size_t s, bool *yes) {
    const dt_obedience *o = e->o;
    const dt_goal *goal = e->m->goal;
    dt_status status = DT_OK;
    fmpq_t sum, own, weight, all; /* sum: the reduced cost over the common denominator */
    fmpq_init(sum);
    fmpq_init(own);
    fmpq_init(weight);
    fmpq_init(all);
    fmpq_div_fmpz(sum, y, e->denominator);
    fmpq_neg(sum, sum);
    for (size_t p = 0; p < o->players && status == DT_OK && !e->irrational; p++) {
        size_t a = dt_obedience_place(o, s, p);
        /* weight u_p(s) - sum over b of y_b (u_p(s) - u_p(b, s_-p)) */
        if (goal->worst)
            fmpq_neg(all, y + o->rows + p);
        else
            fmpq_set_fmpz(all, goal->weight + p);
        if (goal->sign < 0)
            fmpq_neg(all, all);
        for (size_t b = 0; b < o->left->count[p] && status == DT_OK && !e->irrational; b++) {
            if (b == a || fmpq_is_zero(y + dt_obedience_row(o, p, a, b)))
                continue;
            fmpq_set(weight, y + dt_obedience_row(o, p, a, b));
            fmpq_sub(all, all, weight);
            status = read_payoff(e, dt_obedience_deviation(o, s, p, b), p, own);
            fmpq_addmul(sum, weight, own);
        }
        if (status != DT_OK || e->irrational || fmpq_is_zero(all))
            continue;
        status = read_payoff(e, s, p, own);
        fmpq_addmul(sum, all, own);
    }
    *yes = fmpq_sgn(sum) > 0;
    fmpq_clear(sum);
    fmpq_clear(own);
    fmpq_clear(weight);
    fmpq_clear(all);
    return status;
}

/* The multipliers in doubles, in the units of the payoffs and weights of at most 1 in size. */
static void round_multipliers(const exact_lp *e, const fmpq *y, double *rough) {
    const dt_goal *goal = e->m->goal;
    fmpq_t q;
    fmpq_init(q);
    for (size_t r = 0; r < e->m->rows; r++) {
        if (goal->worst)
            fmpq_set(q, y + r);
        else
            fmpq_div_fmpz(q, y + r, goal->most);
        if (r == 0)
            fmpq_div_fmpz(q, q, e->denominator);
        rough[r] = dt_fmpq_double(q, NULL);
    }
    fmpq_clear(q);
}

/* Prices all profiles outside the master; adds those of the largest reduced cost above 0. */
static dt_status price_exactly(exact_lp *e, const fmpq *y, size_t *added) {
    dt_master *m = e->m;
    const volatile sig_atomic_t *stop = dt_control_stop(m->control);
    double *rough = malloc(m->rows * sizeof *rough), error = 0;
    dt_smallest best;
    *added = 0;
    if (!rough)
        return DT_ERR_MEMORY;
    dt_status status = dt_smallest_init(&best, ENTERING);
    if (status != DT_OK) {
        free(rough);
        return status;
    }
    round_multipliers(e, y, rough);
    dt_master_multipliers(m, rough, &error);
    status = dt_master_price(m, rough);
    for (size_t s = 0; s < e->o->profiles && status == DT_OK && !e->irrational; s++) {
        bool yes = false;
        if (m->reduced[s] + error < 0 || dt_master_has(m, s)) /* NaN is looked at */
            continue;
        status = stop && *stop ? DT_ERR_INTERRUPTED : enters(e, y, s, &yes);
        if (yes)
            dt_smallest_offer(&best, -m->reduced[s], s);
    }
    if (status == DT_OK && best.count && !e->irrational) {
        size_t profile[ENTERING];
        dt_smallest_sort(&best);
        for (size_t i = 0; i < best.count; i++)
            profile[i] = (size_t)best.entry[i].index;
        status = dt_master_add(m, profile, best.count);
        *added = best.count;
    }
    dt_smallest_clear(&best);
    free(rough);
    return status;
}

/* --- the solution --- */

static int by_profile(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

/* The goal at the payoffs. */
static void read_value(const dt_master *m, dt_correlated *out) {
    const dt_goal *goal = m->goal;
    fmpq_t term;
    fmpq_init(term);
    fmpq_zero(out->value);
    for (size_t p = 0; p < goal->players && !goal->worst; p++) {
        fmpq_mul_fmpz(term, out->payoff + p, goal->weight + p);
        fmpq_add(out->value, out->value, term);
    }
    if (goal->worst)
        fmpq_set(out->value, out->payoff);
    for (size_t p = 1; p < goal->players && goal->worst; p++)
        if (fmpq_cmp(out->payoff + p, out->value) < 0)
            fmpq_set(out->value, out->payoff + p);
    fmpq_mul(out->value, out->value, goal->unit);
    fmpq_clear(term);
}

/* The distribution, and what it pays each player. */
static dt_status read_solution(const exact_lp *e, const dt_lp_proof *proof, dt_correlated *out) {
    const dt_obedience *o = e->o;
    size_t(*found)[2] = malloc((e->columns + 1) * sizeof *found); /* profile, column */
    if (!found)
        return DT_ERR_MEMORY;
    for (size_t j = 0; j < e->columns; j++)
        if (!is_elastic(e, j) && name_of(e, j) != DT_WORST_OFF && !fmpq_is_zero(proof->x + j)) {
            found[out->count][0] = name_of(e, j);
            found[out->count++][1] = j;
        }
    qsort(found, out->count, sizeof *found, by_profile);
    out->profile = calloc(out->count + 1, sizeof *out->profile);
    if (!out->profile) {
        out->count = 0;
        free(found);
        return DT_ERR_MEMORY;
    }
    out->rational = true;
    out->certificate = DT_CERT_EXACT;
    out->probability = _fmpq_vec_init((slong)out->count);
    out->payoff = _fmpq_vec_init((slong)o->players);
    for (size_t i = 0; i < out->count; i++) {
        const fmpq *x = proof->x + found[i][1];
        out->profile[i] = found[i][0];
        fmpq_set(out->probability + i, x);
        for (size_t p = 0; p < o->players; p++)
            fmpq_addmul(out->payoff + p, e->keep[e->first + found[i][1]] + p, x);
    }
    free(found);
    read_value(e->m, out);
    return DT_OK;
}

/* Where doubles take for ties what are none, no distribution over the master's profiles may obey.
 * Then elastic columns join, whose multipliers price in profiles that do. */
static dt_status add_elastics(exact_lp *e) {
    const dt_master *m = e->m;
    size_t elastics = dt_master_elastics(m), columns = e->columns;
    dt_lp_place *place = malloc((elastics + columns + 1) * sizeof *place);
    if (!place)
        return DT_ERR_MEMORY;
    for (size_t r = 0; r < elastics; r++)
        place[r] = DT_LP_LOWER;
    memcpy(place + elastics, e->column_place, columns * sizeof *place);
    free(e->column_place);
    e->column_place = place;
    e->first = 0;
    e->columns = e->room = elastics + columns;
    double scale = INFINITY;
    for (size_t p = 0; p < e->o->players; p++)
        scale = fmin(scale, e->o->scale[p]);
    fmpz_set_d(e->penalty, fmin(1000 * (m->unit / scale + 1), 1e18));
    fmpz_mul(e->penalty, e->penalty, m->goal->most);
    return DT_OK;
}

/* Where doubles end without any basis: all weight on the master's first profile, elastics where it
 * is not obeyed, and t at what the worst-off player gets there. Exact pivots go on from there. */
static dt_status start_again(exact_lp *e) {
    const dt_master *m = e->m;
    dt_status status = e->first ? add_elastics(e) : DT_OK;
    size_t entries = m->o->entries + m->o->players, elastics = dt_master_elastics(m);
    size_t start = elastics + m->worst, *row = malloc(entries * sizeof *row), poorest = 0;
    if (!row)
        status = DT_ERR_MEMORY;
    fmpq *value = _fmpq_vec_init((slong)entries);
    if (status == DT_OK) {
        for (size_t r = 0; r < m->rows; r++)
            e->row_place[r] = r ? DT_LP_BASIC : DT_LP_LOWER;
        for (size_t j = 0; j < e->columns; j++)
            e->column_place[j] = m->worst && j == elastics ? DT_LP_FREE : DT_LP_LOWER;
        e->column_place[start] = DT_LP_BASIC;
        size_t n = exact_column(e, start, row, value);
        for (size_t i = 1; i < n; i++) {
            if (row[i] >= m->o->rows) {
                poorest = !poorest || fmpq_cmp(value + i, value + poorest) < 0 ? i : poorest;
            } else if (fmpq_sgn(value + i) < 0) {
                e->row_place[row[i]] = DT_LP_LOWER;
                e->column_place[row[i] - 1] = DT_LP_BASIC;
            }
        }
        if (poorest) {
            e->row_place[row[poorest]] = DT_LP_LOWER;
            e->column_place[elastics] = DT_LP_BASIC;
        }
    }
    _fmpq_vec_clear(value, (slong)entries);
    free(row);
    return status;
}

static bool is_stretched(const exact_lp *e, const dt_lp_proof *proof) {
    for (size_t j = 0; j < e->columns && is_elastic(e, j); j++)
        if (!fmpq_is_zero(proof->x + j))
            return true;
    return false;
}

/* After a proof over the master's columns: prices all profiles. *again: the LP has changed; else
 * the answer is there, or why there is none. */
static dt_status follow_proof(exact_lp *e, const dt_lp_proof *proof, int *rounds, bool *again,
                              dt_correlated *out) {
    size_t added = 0;
    dt_status status = price_exactly(e, proof->y, &added);
    *again = added > 0;
    if (status != DT_OK || e->irrational)
        return status;
    if (added) {
        status = follow_master(e);
        if (status == DT_OK && e->first > 0 && (*rounds)++ < RESUMED) {
            status = dt_master_resume(e->m, e->row_place, e->column_place);
            if (status == DT_OK)
                status = read_basis(e);
        }
        return status;
    }
    if (!is_stretched(e, proof))
        return read_solution(e, proof, out);
    *again = (*rounds)++ < PENALTIES;
    fmpz_mul_ui(e->penalty, e->penalty, 1000);
    out->why = "the exact step found no feasible basis";
    return DT_OK;
}

/* Proofs and pricings in turn. */
static dt_status prove(exact_lp *e, dt_correlated *out) {
    dt_lp_data data = {.sense = DT_LP_MAX,
                       .rows = e->m->rows,
                       .entries = e->o->entries + (e->m->worst ? e->o->players : 0),
                       .self = e,
                       .column = exact_column,
                       .cost = exact_cost,
                       .row_range = exact_row_range,
                       .column_range = exact_column_range};
    double spent = 0;
    int rounds = 0;
    bool again = true, restarted = false;
    e->first = dt_master_elastics(e->m);
    dt_status status = read_basis(e);
    while (again && status == DT_OK) {
        dt_lp_proof proof;
        if (spent >= e->m->budget) {
            out->why = dt_lp_verdict_text(DT_LP_TOO_LARGE);
            break;
        }
        data.columns = e->columns;
        status = keep_columns(e);
        if (status != DT_OK || e->irrational)
            break;
        status = dt_lp_prove(&data, e->row_place, e->column_place, e->m->budget - spent,
                             dt_control_stop(e->m->control), &proof);
        double n = (double)proof.support;
        spent += n * n * n * ((double)proof.pivots + 1);
        again = false;
        if (status == DT_OK && proof.verdict == DT_LP_PROVED) {
            status = follow_proof(e, &proof, &rounds, &again, out);
        } else if (status == DT_OK && proof.verdict == DT_LP_PRIMAL_WRONG && e->first > 0) {
            status = add_elastics(e);
            rounds = 0;
            again = true;
        } else if (status == DT_OK && proof.verdict != DT_LP_TOO_LARGE && !restarted) {
            status = start_again(e);
            rounds = 0;
            again = restarted = true;
        } else if (status == DT_OK) {
            out->why = dt_lp_verdict_text(proof.verdict);
        }
        dt_lp_proof_clear(&proof);
    }
    return status;
}

static void open_exact(exact_lp *e, dt_master *m) {
    *e = (exact_lp){.m = m, .o = m->o, .numbers = m->o->entries - 1 + m->o->players};
    fmpz_init(e->penalty);
    fmpz_init_set_ui(e->denominator, 1);
    fmpq_init(&e->zero);
    fmpq_init(&e->one);
    fmpq_one(&e->one);
    dt_exact_init(&e->payoff);
    e->line = _fmpq_vec_init((slong)e->numbers);
}

static void close_exact(exact_lp *e) {
    for (size_t c = 0; c < e->kept; c++)
        if (e->keep[c])
            _fmpq_vec_clear(e->keep[c], (slong)e->numbers);
    free(e->keep);
    fmpz_clear(e->penalty);
    fmpz_clear(e->denominator);
    fmpq_clear(&e->zero);
    fmpq_clear(&e->one);
    dt_exact_clear(&e->payoff);
    _fmpq_vec_clear(e->line, (slong)e->numbers);
    free(e->row_place);
    free(e->column_place);
}

dt_status dt_correlated_prove(dt_master *m, dt_correlated *out) {
    *out = (dt_correlated){.certificate = DT_CERT_NUMERIC, .players = m->o->players};
    fmpq_init(out->value);
    arb_init(out->value_ball);
    exact_lp e;
    open_exact(&e, m);
    dt_status status = prove(&e, out);
    close_exact(&e);
    if (status == DT_OK && !out->rational) { /* no exact answer: an enclosure */
        const char *why = out->why;
        dt_basis basis;
        status = dt_master_basis(m, &basis);
        if (status == DT_OK)
            status = dt_correlated_enclose(m, &basis, out);
        if (why && out->certificate == DT_CERT_NUMERIC)
            out->why = why;
        dt_basis_clear(&basis);
    }
    return status;
}

void dt_correlated_clear(dt_correlated *c) {
    if (c->probability)
        _fmpq_vec_clear(c->probability, (slong)c->count);
    if (c->ball)
        _arb_vec_clear(c->ball, (slong)c->count);
    if (c->payoff)
        _fmpq_vec_clear(c->payoff, (slong)c->players);
    if (c->payoff_ball)
        _arb_vec_clear(c->payoff_ball, (slong)c->players);
    free(c->profile);
    fmpq_clear(c->value);
    arb_clear(c->value_ball);
}
