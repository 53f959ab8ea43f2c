/* Costs and reduced costs of all profiles: see correlated_lp.h. SPDX: GPL-3.0-or-later
 *
 * A player's payoffs are walked in blocks: his own strategies and a stretch of the strategies of
 * those behind him, who are contiguous. Every profile's sum is made by one thread in one order. */
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

/* A player's multipliers that are not 0: of his strategy a those from first[a] to first[a + 1]. */
typedef struct multipliers {
    size_t k, stride;
    const double *u;
    double centre, per_scale;
    size_t *first; /* k + 1 */
    size_t *b;
    double *weight; /* over his scale */
    double sum;     /* coarse */
} multipliers;

static void read_multipliers(const dt_master *m, size_t p, const double *y, multipliers *w) {
    const dt_obedience *o = m->o;
    size_t n = 0;
    w->k = o->left->count[p];
    w->stride = o->stride[p];
    w->u = o->value + p * o->profiles;
    w->centre = o->centre[p];
    w->per_scale = 1 / o->scale[p];
    w->sum = 0;
    for (size_t a = 0; a < (o->coarse ? 1 : w->k); a++) {
        w->first[a] = n;
        for (size_t b = 0; b < w->k; b++) {
            double weight = o->coarse || b != a ? y[dt_obedience_row(o, p, a, b)] : 0;
            if (weight == 0)
                continue;
            w->b[n] = b;
            w->weight[n++] = weight * w->per_scale;
            w->sum += weight * w->per_scale;
        }
        w->first[a + 1] = n;
    }
}

/* reduced -= sum over b of weight (u(s) - u(b, s_-i)) for `count` neighbours from `base`. */
static void price_stretch(const multipliers *w, double *reduced, size_t base, size_t count) {
    double sum[STRETCH];
    for (size_t a = 0; a < w->k; a++) {
        if (w->first[a] == w->first[a + 1])
            continue;
        const double *own = w->u + base + a * w->stride;
        for (size_t i = 0; i < count; i++)
            sum[i] = 0;
        for (size_t e = w->first[a]; e < w->first[a + 1]; e++) {
            const double *other = w->u + base + w->b[e] * w->stride, weight = w->weight[e];
            for (size_t i = 0; i < count; i++)
                sum[i] += weight * (own[i] - other[i]);
        }
        double *to = reduced + base + a * w->stride;
        for (size_t i = 0; i < count; i++)
            to[i] -= sum[i];
    }
}

/* The same multipliers whatever he is told: the sum over b is common to his strategies. */
static void price_coarse(const multipliers *w, double *reduced, size_t base, size_t count) {
    double sum[STRETCH];
    for (size_t i = 0; i < count; i++)
        sum[i] = 0;
    for (size_t e = 0; e < w->first[1]; e++) {
        const double *other = w->u + base + w->b[e] * w->stride, weight = w->weight[e];
        for (size_t i = 0; i < count; i++)
            sum[i] += weight * (other[i] - w->centre);
    }
    for (size_t a = 0; a < w->k; a++) {
        const double *own = w->u + base + a * w->stride;
        double *to = reduced + base + a * w->stride;
        for (size_t i = 0; i < count; i++)
            to[i] -= w->sum * (own[i] - w->centre) - sum[i];
    }
}

/* Calls `work` for all stretches of a player's lines. */
static void each_stretch(const dt_master *m, size_t p, void *shared,
                         void (*work)(void *shared, size_t base, size_t count)) {
    size_t k = m->o->left->count[p], stride = m->o->stride[p];
    size_t pieces = (stride + STRETCH - 1) / STRETCH;
    ptrdiff_t total = (ptrdiff_t)(m->o->profiles / k / stride * pieces);
#pragma omp parallel for schedule(static) num_threads(threads_of(m))
    for (ptrdiff_t t = 0; t < total; t++) {
        size_t from = (size_t)t % pieces * STRETCH, left = stride - from;
        work(shared, (size_t)t / pieces * stride * k + from, left < STRETCH ? left : STRETCH);
    }
}

typedef struct player_pricing {
    const dt_master *m;
    multipliers w;
} player_pricing;

static void price_piece(void *shared, size_t base, size_t count) {
    const player_pricing *p = shared;
    (p->m->o->coarse ? price_coarse : price_stretch)(&p->w, p->m->reduced, base, count);
}

dt_status dt_master_price(dt_master *m, const double *y) {
    const dt_obedience *o = m->o;
    size_t most = 1;
    for (size_t p = 0; p < o->players; p++)
        most = o->left->count[p] > most ? o->left->count[p] : most;
    player_pricing job = {.m = m};
    job.w.first = malloc((most + 1) * sizeof *job.w.first);
    job.w.b = malloc(most * most * sizeof *job.w.b);
    job.w.weight = malloc(most * most * sizeof *job.w.weight);
    dt_status status = job.w.first && job.w.b && job.w.weight ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK) {
        double constant = y[0];
        if (m->worst)
            for (size_t p = 0; p < o->players; p++)
                constant -= y[o->rows + p] * (m->shift / m->unit);
#pragma omp parallel for schedule(static) num_threads(threads_of(m))
        for (size_t s = 0; s < o->profiles; s++) {
            m->reduced[s] = m->cost[s] - constant;
            if (m->worst)
                for (size_t p = 0; p < o->players; p++)
                    m->reduced[s] -= y[o->rows + p] * (o->value[p * o->profiles + s] / m->unit);
        }
        for (size_t p = 0; p < o->players; p++) {
            if (o->left->count[p] == 1)
                continue;
            read_multipliers(m, p, y, &job.w);
            each_stretch(m, p, &job, price_piece);
        }
    }
    free(job.w.first);
    free(job.w.b);
    free(job.w.weight);
    return status;
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

/* The goal at every profile, brought to a range of about [-1, 1]. */
void dt_master_costs(dt_master *m) {
    const dt_obedience *o = m->o;
    const dt_goal *goal = m->goal;
    double low = INFINITY, high = -INFINITY;
    m->shift = 0;
    if (goal->worst) {
        for (size_t p = 0; p < o->players; p++) {
            low = fmin(low, o->centre[p] - o->scale[p]);
            high = fmax(high, o->centre[p] + o->scale[p]);
        }
        m->shift = low / 2 + high / 2;
    } else {
        for (size_t p = 0; p < o->players; p++)
            m->shift += goal->rough[p] * o->centre[p];
    }
#pragma omp parallel for schedule(static) num_threads(threads_of(m))
    for (size_t s = 0; s < o->profiles; s++) {
        double sum = 0;
        for (size_t p = 0; p < o->players && !goal->worst; p++)
            if (goal->rough[p] != 0)
                sum += goal->rough[p] * (o->value[p * o->profiles + s] - o->centre[p]);
        m->cost[s] = sum;
    }
    for (size_t s = 0; s < o->profiles && !goal->worst; s++) {
        low = fmin(low, m->cost[s]);
        high = fmax(high, m->cost[s]);
    }
    m->unit = high / 2 - low / 2;
    if (!(m->unit > 0))
        m->unit = 1;
    for (size_t s = 0; s < o->profiles; s++)
        m->cost[s] *= goal->sign / m->unit;
}

typedef struct regretting {
    dt_master *m;
    size_t player;
} regretting;

static void add_regret(void *shared, size_t base, size_t count) {
    const regretting *r = shared;
    const dt_obedience *o = r->m->o;
    size_t k = o->left->count[r->player], stride = o->stride[r->player];
    const double *u = o->value + r->player * o->profiles + base;
    double most[STRETCH];
    for (size_t i = 0; i < count; i++)
        most[i] = u[i];
    for (size_t a = 1; a < k; a++)
        for (size_t i = 0; i < count; i++)
            most[i] = most[i] > u[a * stride + i] ? most[i] : u[a * stride + i];
    for (size_t a = 0; a < k; a++)
        for (size_t i = 0; i < count; i++)
            r->m->regret[base + a * stride + i] +=
                (most[i] - u[a * stride + i]) / o->scale[r->player];
}

void dt_master_regrets(dt_master *m) {
    for (size_t p = 0; p < m->o->players; p++)
        if (m->o->left->count[p] > 1)
            each_stretch(m, p, &(regretting){m, p}, add_regret);
}
