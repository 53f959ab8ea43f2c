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

/* Rows wanted that break a claim; rows compared at a time. */
enum { NEW_ROWS = 4, AT_A_TIME = 32 };

/* Who is tried as the dominator of a place. */
typedef struct trial {
    uint32_t by;    /* a place; count: none is left */
    size_t rows;    /* of the known ones, in which it pays more */
    bool undecided; /* or may do so */
    bool open;      /* somebody might dominate the place */
    bool done;
} trial;

/* What the threads share. */
typedef struct pure {
    dt_part_round *part;
    trial *trial; /* count */
    size_t *near; /* count: the known row where the place is nearest to best */
    double one;
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
static dt_status compare_exactly(const dt_part_round *p, uint32_t s, trial *t, size_t from,
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
        status = dt_claim_exactly(p, &claim, workspace, p->pool.profile + r * p->game->players,
                                  &sign);
        t->undecided = t->undecided || sign == DT_UNDECIDED;
        *refuted = status == DT_OK && (sign == DT_NEGATIVE || sign == DT_ZERO);
    }
    return status;
}

/* Does the trial pass all known rows? */
static dt_status compare(const pure *m, uint32_t s, trial *t, dt_workspace *workspace, bool *refuted) {
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
    trial *t = &m->trial[s];
    dt_status status = DT_OK;
    while (t->by < m->part->count && status == DT_OK) {
        bool refuted;
        status = compare(m, s, t, workspace, &refuted);
        if (status == DT_OK && !refuted)
            return DT_OK;
        *t = (trial){.by = t->by + 1, .open = t->open};
    }
    t->done = t->done || status == DT_OK;
    return status;
}

/* All places at once. */
static dt_status advance_all(const pure *m) {
    const dt_part_round *p = m->part;
    dt_status all = DT_OK;
    uint32_t next = 0;
#pragma omp parallel num_threads(dt_part_threads(p))
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
            else if (!m->trial[s].done)
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

/* The known row where each place is nearest to best: what refutes most. */
static dt_status find_near(const pure *m) {
    const dt_part_round *p = m->part;
    for (uint32_t s = 0; s < p->count; s++) {
        size_t row = 0;
        while (row < p->ends && p->pool.index[row] != p->near[s].index)
            row++;
        m->near[s] = row < p->ends ? row : 0;
    }
    return DT_OK;
}

/* An answer over all rows: accepted, or on to the next. */
static dt_status conclude(const pure *m, dt_claim *c) {
    dt_part_round *p = m->part;
    trial *t = &m->trial[c->place];
    dt_status status = DT_OK;
    for (size_t i = 0; i < c->broken.count && status == DT_OK; i++)
        status = dt_pool_add(&p->pool, c->broken.entry[i].index, NULL);
    if (c->broken.count || c->undecided)
        *t = (trial){.by = t->by + 1, .open = t->open || !c->broken.count};
    else
        t->done = true;
    return status;
}

/* Claims what passed all known rows, over all rows of the game; *claims: how many did. */
static dt_status claim_all(const pure *m, size_t *claims) {
    dt_part_round *p = m->part;
    dt_claim *list = calloc(p->count, sizeof *list);
    *claims = 0;
    if (!list)
        return DT_ERR_MEMORY;
    dt_status status = DT_OK;
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++) {
        if (m->trial[s].done)
            continue;
        dt_claim *c = &list[(*claims)++];
        *c = (dt_claim){
            .place = s, .supports = 1, .support = &m->trial[s].by, .rounded = &m->one};
        status = dt_smallest_init(&c->broken, NEW_ROWS);
        if (p->complete) /* as it passed all rows there are */
            c->undecided = m->trial[s].undecided;
    }
    if (status == DT_OK && !p->complete)
        status = dt_claims_decide(p, list, *claims);
    for (size_t i = 0; i < *claims; i++) {
        if (status == DT_OK)
            status = conclude(m, &list[i]);
        dt_smallest_clear(&list[i].broken);
    }
    free(list);
    return status == DT_OK ? dt_known_update(p) : status;
}

dt_status dt_part_pure(dt_part_round *p) {
    pure m = {.part = p, .one = 1};
    m.trial = calloc(p->count, sizeof *m.trial);
    m.near = calloc(p->count, sizeof *m.near);
    dt_status status = m.trial && m.near ? dt_known_sample(p) : DT_ERR_MEMORY;
    for (size_t claims = 1; claims > 0 && status == DT_OK;) {
        status = find_near(&m);
        if (status == DT_OK)
            status = advance_all(&m);
        if (status == DT_OK)
            status = claim_all(&m, &claims);
    }
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++) {
        p->gone[s] = m.trial[s].by < p->count;
        p->open[s] = !p->gone[s] && m.trial[s].open;
        if (p->gone[s])
            p->by_pure[s] = m.trial[s].by;
    }
    free(m.trial);
    free(m.near);
    return status;
}
