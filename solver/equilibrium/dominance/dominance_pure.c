/* Strict dominance by pure strategies. SPDX: GPL-3.0-or-later
 *
 * For each strategy, the others are tried from the lowest-numbered on: most fall to the rows that
 * are known, in one of which they do not pay more; the first that does not is claimed to dominate,
 * and the claim is decided over all rows of the game. Where it is broken, the row joins those that
 * are known, and the next is tried. So the lowest-numbered dominator is found whatever rows are
 * known. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/clones.h"
#include "equilibrium/dominance/claims.h"

/* Rows wanted that break a claim; rows compared at a time; places that are worth several threads.
 */
enum { NEW_ROWS = 4, AT_A_TIME = 32, MANY = 64 };

/* What the threads share. */
typedef struct pure {
    dt_part_round *part;
    size_t *near; /* count: the known row where the place is nearest to best */
} pure;

/* Is some low >= high of the same row? */
CLONES static bool any_reaches(const double *low, const double *high, size_t rows) {
    int any = 0;
#pragma omp simd reduction(| : any)
    for (size_t r = 0; r < rows; r++)
        any |= low[r] >= high[r];
    return any;
}

CLONES static bool all_above(const double *low, const double *high, size_t rows) {
    int all = 1;
#pragma omp simd reduction(& : all)
    for (size_t r = 0; r < rows; r++)
        all &= low[r] > high[r];
    return all;
}

/* Rows in which doubles do not tell, exactly. */
static dt_status compare_exactly(const dt_part_round *p, uint32_t s, dt_trial *t, size_t from,
                                 dt_workspace *workspace, bool *refuted) {
    dt_claim claim = {.place = s, .supports = 1, .support = &t->by};
    const double *low = p->low + t->by * p->room, *high = p->high + s * p->room;
    dt_status status = DT_OK;
    for (size_t r = from; r < p->ends && status == DT_OK && !*refuted; r++) {
        if (low[r] > high[r])
            continue;
        dt_sign sign = DT_UNDECIDED;
        if (dt_part_stopped(p))
            return DT_ERR_INTERRUPTED;
        status =
            dt_claim_exactly(p, &claim, workspace, p->pool.profile + r * p->game->players, &sign);
        t->undecided = t->undecided || sign == DT_UNDECIDED;
        *refuted = status == DT_OK && (sign == DT_NEGATIVE || sign == DT_ZERO);
    }
    return status;
}

/* Does the trial pass all known rows? */
static dt_status compare(const pure *m, uint32_t s, dt_trial *t, dt_workspace *workspace,
                         bool *refuted) {
    const dt_part_round *p = m->part;
    const double *low = p->low + s * p->room, *high = p->high + t->by * p->room;
    size_t from = t->rows;
    *refuted = t->by == s || low[m->near[s]] >= high[m->near[s]];
    for (size_t r = from; r < p->ends && !*refuted; r += AT_A_TIME)
        *refuted =
            any_reaches(low + r, high + r, p->ends - r < AT_A_TIME ? p->ends - r : AT_A_TIME);
    t->rows = p->ends;
    low = p->low + t->by * p->room;
    high = p->high + s * p->room;
    if (*refuted || all_above(low + from, high + from, p->ends - from))
        return DT_OK;
    return compare_exactly(p, s, t, from, workspace, refuted);
}

/* The next that passes all known rows. */
static dt_status advance(const pure *m, uint32_t s, dt_workspace *workspace) {
    dt_trial *t = &m->part->trial[s];
    dt_status status = DT_OK;
    if (m->part->best[s]) /* nothing dominates a best reply */
        *t = (dt_trial){.by = m->part->count};
    while (t->by < m->part->count && status == DT_OK) {
        bool refuted;
        status = compare(m, s, t, workspace, &refuted);
        if (status == DT_OK && !refuted)
            return DT_OK;
        *t = (dt_trial){.by = t->by + 1, .open = t->open};
    }
    t->done = t->done || status == DT_OK;
    return status;
}

/* All places at once. */
static dt_status advance_all(const pure *m) {
    const dt_part_round *p = m->part;
    dt_status all = DT_OK;
    uint32_t next = 0;
#pragma omp parallel num_threads(dt_part_threads(p)) if (p->count >= MANY)
    {
        dt_workspace *workspace = dt_workspace_new(p->game);
        dt_status status = workspace ? DT_OK : DT_ERR_MEMORY;
        while (status == DT_OK) {
            uint32_t s;
#pragma omp atomic capture
            s = next++;
            if (s >= p->count)
                break;
            if (dt_part_stopped(p))
                status = DT_ERR_INTERRUPTED;
            else if (!m->part->trial[s].done)
                status = advance(m, s, workspace);
        }
        if (workspace)
            dt_workspace_free(p->game, workspace);
        if (status != DT_OK) {
#pragma omp critical(dt_pure)
            all = status;
        }
        if (omp_get_thread_num() != 0)
            flint_cleanup();
    }
    return all;
}

/* The known row where each place is nearest to best: it refutes most. */
static void find_near(const pure *m) {
    const dt_part_round *p = m->part;
    for (uint32_t s = 0; s < p->count; s++) {
        size_t row = 0;
        while (row < p->ends && p->pool.index[row] != p->near[s].index)
            row++;
        m->near[s] = row < p->ends ? row : 0;
    }
}

dt_status dt_pure_advance(dt_part_round *p) {
    pure m = {.part = p, .near = calloc(p->count, sizeof *m.near)};
    if (!m.near)
        return DT_ERR_MEMORY;
    find_near(&m);
    dt_status status = advance_all(&m);
    free(m.near);
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++) {
        const dt_trial *t = &p->trial[s];
        bool found = t->by < p->count;
        p->gone[s] = found || p->by_mixed[s];
        p->open[s] = !found && t->open;
        p->by_pure[s] = found ? t->by : UINT32_MAX;
    }
    return status;
}

dt_status dt_pure_claims(dt_part_round *p, dt_claim *claim, size_t *claims) {
    dt_status status = DT_OK;
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++) {
        if (p->trial[s].done)
            continue;
        dt_claim *c = &claim[(*claims)++];
        *c = (dt_claim){.place = s, .supports = 1, .support = &p->trial[s].by};
        status = dt_smallest_init(&c->broken, NEW_ROWS);
        c->undecided = p->trial[s].undecided;
    }
    return status;
}

dt_status dt_pure_conclude(dt_part_round *p, dt_claim *c, bool *changed) {
    dt_trial *t = &p->trial[c->place];
    dt_status status = DT_OK;
    for (size_t i = 0; i < c->broken.count && status == DT_OK; i++)
        status = dt_pool_add(&p->pool, c->broken.entry[i].index, NULL);
    t->done = !c->broken.count && !c->undecided;
    *changed = *changed || !t->done;
    if (!t->done)
        *t = (dt_trial){.by = t->by + 1, .open = t->open || !c->broken.count};
    return status;
}
