/* Costs and reduced costs of all profiles: see correlated_lp.h. SPDX: GPL-3.0-or-later
 *
 * Player by player, what his payoffs come to is added to one number for each profile. Payoffs that
 * are kept are walked in blocks: his own strategies and a stretch of the strategies of those behind
 * him, who are contiguous. Others come line by line. Either way a profile's number is made of the
 * same sums in the same order, so it is the same double. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>

#include "equilibrium/correlation/correlated_lp.h"

/* Neighbours taken at once; fewer profiles than FEW are not worth the threads. */
enum { STRETCH = 256, FEW = 30000 };

static int threads_of(const dt_master *m) {
    if (m->o->profiles < FEW)
        return 1;
    return m->control && m->control->threads > 0 ? m->control->threads : omp_get_max_threads();
}

/* `count` neighbours of each of a player's k strategies: numbers and payoffs, and how far apart two
 * strategies are in them. */
typedef struct block {
    double *to;
    const double *u;
    size_t to_stride, u_stride, count;
} block;

/* A look at all payoffs of a player. */
typedef struct player_pass {
    const dt_master *m;
    size_t player, k, stride;
    void (*work)(const struct player_pass *pass, const block *b);
    double weight; /* of his payoff */
    /* His multipliers that are not 0: of his strategy a those from first[a] to first[a + 1]. */
    size_t *first; /* k + 1 */
    size_t *b;
    double *multiplier; /* over his scale */
    double sum;         /* of them, where coarse */
} player_pass;

static void take_line(void *shared, size_t base, const double *value) {
    const player_pass *pass = shared;
    pass->work(pass, &(block){pass->m->reduced + base, value, pass->stride, 1, 1});
}

/* Does the pass's work over all payoffs of its player. */
static dt_status run_pass(player_pass *pass) {
    const dt_master *m = pass->m;
    const dt_obedience *o = m->o;
    size_t k = pass->k = o->left->count[pass->player],
           stride = pass->stride = o->stride[pass->player];
    if (!o->kept) { /* quietly: it is a part of something else */
        dt_control quiet = m->control ? *m->control : (dt_control){0};
        quiet.progress = NULL;
        return dt_obedience_lines(o, pass->player, &quiet, NULL, pass, take_line);
    }
    size_t pieces = (stride + STRETCH - 1) / STRETCH;
    ptrdiff_t total = (ptrdiff_t)(o->profiles / k / stride * pieces);
#pragma omp parallel for schedule(static) num_threads(threads_of(m))
    for (ptrdiff_t t = 0; t < total; t++) {
        size_t from = (size_t)t % pieces * STRETCH, left = stride - from;
        size_t base = (size_t)t / pieces * stride * k + from;
        pass->work(pass, &(block){m->reduced + base, o->value[pass->player] + base, stride, stride,
                                  left < STRETCH ? left : STRETCH});
    }
    return DT_OK;
}

static void set_all(dt_master *m, double to) {
#pragma omp parallel for schedule(static) num_threads(threads_of(m))
    for (size_t s = 0; s < m->o->profiles; s++)
        m->reduced[s] = to;
}

/* --- prices --- */

/* Reads the multipliers of the pass's player; false where he adds nothing. */
static bool read_multipliers(player_pass *pass, const double *y) {
    const dt_obedience *o = pass->m->o;
    size_t n = 0, p = pass->player, k = o->left->count[p];
    pass->sum = 0;
    for (size_t a = 0; a < (o->coarse ? 1 : k); a++) {
        pass->first[a] = n;
        for (size_t b = 0; b < k && k > 1 && y; b++) {
            double multiplier = o->coarse || b != a ? y[dt_obedience_row(o, p, a, b)] : 0;
            if (multiplier == 0)
                continue;
            pass->b[n] = b;
            pass->multiplier[n++] = multiplier * (1 / o->scale[p]);
            pass->sum += multiplier * (1 / o->scale[p]);
        }
        pass->first[a + 1] = n;
    }
    return n > 0 || pass->weight != 0;
}

/* += weight (u(s) - centre) - sum over b of multiplier (u(s) - u(b, s_-i)). */
static void add_prices(const player_pass *pass, const block *x) {
    double sum[STRETCH], centre = pass->m->o->centre[pass->player];
    for (size_t a = 0; a < pass->k; a++) {
        const double *own = x->u + a * x->u_stride;
        double *to = x->to + a * x->to_stride;
        for (size_t i = 0; i < x->count; i++)
            sum[i] = pass->weight * (own[i] - centre);
        for (size_t e = pass->first[a]; e < pass->first[a + 1]; e++) {
            const double *other = x->u + pass->b[e] * x->u_stride, w = pass->multiplier[e];
            for (size_t i = 0; i < x->count; i++)
                sum[i] -= w * (own[i] - other[i]);
        }
        for (size_t i = 0; i < x->count; i++)
            to[i] += sum[i];
    }
}

/* The same multipliers whatever he is told: the sum over b is common to his strategies. */
static void add_coarse_prices(const player_pass *pass, const block *x) {
    double sum[STRETCH], centre = pass->m->o->centre[pass->player];
    double weight = pass->weight - pass->sum;
    for (size_t i = 0; i < x->count; i++)
        sum[i] = 0;
    for (size_t e = 0; e < pass->first[1]; e++) {
        const double *other = x->u + pass->b[e] * x->u_stride, w = pass->multiplier[e];
        for (size_t i = 0; i < x->count; i++)
            sum[i] += w * (other[i] - centre);
    }
    for (size_t a = 0; a < pass->k; a++) {
        const double *own = x->u + a * x->u_stride;
        double *to = x->to + a * x->to_stride;
        for (size_t i = 0; i < x->count; i++)
            to[i] += weight * (own[i] - centre) + sum[i];
    }
}

/* reduced[s] = constant + what the players add; no multipliers where y is NULL. */
static dt_status add_up(dt_master *m, double constant, const double *weight, const double *y) {
    const dt_obedience *o = m->o;
    size_t most = 1;
    for (size_t p = 0; p < o->players; p++)
        most = o->left->count[p] > most ? o->left->count[p] : most;
    player_pass pass = {.m = m, .work = o->coarse ? add_coarse_prices : add_prices};
    pass.first = malloc((most + 1) * sizeof *pass.first);
    pass.b = malloc(most * most * sizeof *pass.b);
    pass.multiplier = malloc(most * most * sizeof *pass.multiplier);
    dt_status status = pass.first && pass.b && pass.multiplier ? DT_OK : DT_ERR_MEMORY;
    set_all(m, constant);
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        pass.player = p;
        pass.weight = weight[p];
        if (read_multipliers(&pass, y))
            status = run_pass(&pass);
    }
    free(pass.first);
    free(pass.b);
    free(pass.multiplier);
    return status;
}

dt_status dt_master_price(dt_master *m, const double *y) {
    const dt_obedience *o = m->o;
    double weight[DT_MAX_PLAYERS], constant = -y[0];
    for (size_t p = 0; p < o->players; p++) {
        weight[p] = m->worst ? -y[o->rows + p] / m->unit : m->weight[p];
        if (m->worst)
            constant -= y[o->rows + p] * ((o->centre[p] - m->shift) / m->unit);
    }
    return add_up(m, constant, weight, y);
}

/* The largest sum of |y| that one column of a player meets. */
static double most_weight(const dt_obedience *o, size_t p, const double *y) {
    size_t k = o->left->count[p];
    double most = 0;
    for (size_t a = 0; a < (o->coarse ? 1 : k) && k > 1; a++) {
        double sum = 0;
        for (size_t b = 0; b < k; b++)
            if (o->coarse || b != a)
                sum += fabs(y[dt_obedience_row(o, p, a, b)]);
        most = fmax(most, sum);
    }
    return most;
}

void dt_master_multipliers(const dt_master *m, double *y, double *error) {
    const dt_obedience *o = m->o;
    /* Each operation errs by 2^-53 at most, the multipliers by 2^-50. */
    double eps = ((double)o->entries + 64) * 0x1p-51, sum = 0;
    sum += eps * (fabs(y[0]) + fabs(m->shift));
    for (size_t p = 0; p < o->players; p++) {
        double size = fabs(o->centre[p]) + 2 * o->scale[p], unsure = o->bound[p] + eps * size;
        sum += 2 * most_weight(o, p, y) * unsure;
        sum +=
            fabs(m->worst ? y[o->rows + p] : m->goal->rough[p]) * (unsure + eps * fabs(m->shift));
        for (size_t r = o->first_row[p]; r < (p + 1 < o->players ? o->first_row[p + 1] : o->rows);
             r++)
            y[r] *= o->scale[p] / m->unit;
    }
    y[0] = (y[0] - m->goal->sign * m->shift) / m->unit;
    *error = 2 * sum / m->unit + 1e-200;
}

void dt_master_costs(dt_master *m) {
    const dt_obedience *o = m->o;
    const dt_goal *goal = m->goal;
    double low = INFINITY, high = -INFINITY, sum = 0;
    m->shift = 0;
    for (size_t p = 0; p < o->players; p++) {
        low = fmin(low, o->centre[p] - o->scale[p]);
        high = fmax(high, o->centre[p] + o->scale[p]);
        sum += fabs(goal->rough[p]) * o->scale[p];
        if (!goal->worst)
            m->shift += goal->rough[p] * o->centre[p];
    }
    if (goal->worst)
        m->shift = low / 2 + high / 2;
    m->unit = goal->worst ? high / 2 - low / 2 : sum;
    if (!(m->unit > 0))
        m->unit = 1;
    for (size_t p = 0; p < o->players; p++)
        m->weight[p] = goal->worst ? 0 : goal->sign * goal->rough[p] / m->unit;
}

/* --- ranks --- */

static void take_least(const player_pass *pass, const block *x) {
    for (size_t a = 0; a < pass->k; a++) {
        const double *own = x->u + a * x->u_stride;
        double *to = x->to + a * x->to_stride;
        for (size_t i = 0; i < x->count; i++)
            to[i] = to[i] < own[i] ? to[i] : own[i];
    }
}

static void add_rank(const player_pass *pass, const block *x) {
    const dt_obedience *o = pass->m->o;
    double most[STRETCH], centre = o->centre[pass->player];
    double weight = 2 / o->scale[pass->player];
    for (size_t i = 0; i < x->count; i++)
        most[i] = x->u[i];
    for (size_t a = 1; a < pass->k; a++)
        for (size_t i = 0; i < x->count; i++) {
            double other = x->u[a * x->u_stride + i];
            most[i] = most[i] > other ? most[i] : other;
        }
    for (size_t a = 0; a < pass->k; a++) {
        const double *own = x->u + a * x->u_stride;
        double *to = x->to + a * x->to_stride;
        for (size_t i = 0; i < x->count; i++)
            to[i] += weight * (most[i] - own[i]) - pass->weight * (own[i] - centre);
    }
}

dt_status dt_master_rank(dt_master *m) {
    const dt_obedience *o = m->o;
    dt_status status = DT_OK;
    set_all(m, m->worst ? INFINITY : 0);
    for (size_t p = 0; p < o->players && status == DT_OK && m->worst; p++)
        status = run_pass(&(player_pass){.m = m, .player = p, .work = take_least});
    for (size_t s = 0; s < o->profiles && m->worst; s++)
        m->reduced[s] = -(m->reduced[s] - m->shift) / m->unit;
    for (size_t p = 0; p < o->players && status == DT_OK; p++)
        if (o->left->count[p] > 1 || m->weight[p] != 0)
            status = run_pass(
                &(player_pass){.m = m, .player = p, .work = add_rank, .weight = m->weight[p]});
    return status;
}
