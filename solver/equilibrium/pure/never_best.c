/* Elimination of strategies that are never near a best reply. */
#include "equilibrium/pure/never_best.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/pure/threshold.h"
#include "game/rows.h"

enum { FEW_PROFILES = 4096, SAMPLE_ROWS = 256 };

/* What the threads share: which of a player's strategies left have been seen near a best reply. */
typedef struct elimination {
    const dt_restriction *left;
    size_t player;
    double slack;
    atomic_bool *near; /* by place in left->strategy[player] */
    atomic_uint seen;  /* how many */
} elimination;

/* One thread's own. */
typedef struct missing {
    uint32_t *place; /* strategies not seen near the best, as far as this thread knows */
    uint32_t count;
    unsigned known; /* the `seen` that `place` goes with */
} missing;

static dt_status open_missing(void *shared, void *local) {
    elimination *e = shared;
    missing *m = local;
    m->count = e->left->count[e->player];
    m->place = malloc(m->count * sizeof *m->place);
    for (uint32_t i = 0; m->place && i < m->count; i++)
        m->place[i] = i;
    return m->place ? DT_OK : DT_ERR_MEMORY;
}

static dt_status close_missing(void *shared, void *local) {
    (void)shared;
    missing *m = local;
    free(m->place);
    return DT_OK;
}

/* Forgets what was seen meanwhile, by any thread. */
static void refresh(elimination *e, missing *m) {
    unsigned seen = atomic_load_explicit(&e->seen, memory_order_relaxed);
    if (seen == m->known)
        return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->count; i++)
        if (!atomic_load_explicit(&e->near[m->place[i]], memory_order_relaxed))
            m->place[kept++] = m->place[i];
    m->count = kept;
    m->known = seen;
}

static void see(elimination *e, uint32_t place) {
    if (!atomic_exchange_explicit(&e->near[place], true, memory_order_relaxed))
        atomic_fetch_add_explicit(&e->seen, 1, memory_order_relaxed);
}

/* Is a payoff of at most `high` perhaps near the best? NaN may be anything. */
static bool reaches(double high, double t) {
    return !(high + fabs(high) * 0x1p-50 < t);
}

static dt_status see_row(void *shared, void *local, const dt_row *row, bool *enough) {
    elimination *e = shared;
    missing *m = local;
    const uint32_t *strategy = e->left->strategy[e->player];
    refresh(e, m);
    double best = -INFINITY;
    for (uint32_t i = 0; i < row->lanes; i++)
        best = fmax(best, row->value[i] - row->bound[i]);
    double t = dt_threshold(best, e->slack);
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t s = strategy[m->place[i]];
        if (reaches(row->value[s] + row->bound[s], t))
            see(e, m->place[i]);
    }
    *enough = m->count == 0;
    return DT_OK;
}

static dt_status search(elimination *e, const dt_game *game, bool sample, const dt_control *control,
                        dt_diag *diag) {
    dt_row_visitor visitor = {.size = sizeof(missing),
                              .shared = e,
                              .open = open_missing,
                              .row = see_row,
                              .close = close_missing};
    if (sample) /* some rows for each strategy: one row shows one best reply, as a rule */
        visitor.sample = SAMPLE_ROWS + 4 * (uint64_t)e->left->count[e->player];
    return dt_rows_visit(game, e->left, e->player, e->player, control,
                         sample ? NULL : "profiles searched for best replies", diag, &visitor);
}

/* Looks which of player's strategies left are ever near a best reply; a sample sees some only. */
static dt_status look(elimination *e, const dt_game *game, size_t player, bool sample,
                      const dt_control *control, dt_diag *diag) {
    e->player = player;
    atomic_store(&e->seen, 0);
    for (uint32_t i = 0; i < e->left->count[player]; i++)
        atomic_store_explicit(&e->near[i], false, memory_order_relaxed);
    return search(e, game, sample, control, diag);
}

static dt_status keep_near(const elimination *e, dt_restriction *left) {
    uint32_t count = left->count[e->player];
    bool *keep = malloc((count + 1) * sizeof *keep);
    if (!keep)
        return DT_ERR_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        keep[i] = atomic_load_explicit(&e->near[i], memory_order_relaxed);
    dt_restriction_keep(left, e->player, keep);
    free(keep);
    return DT_OK;
}

dt_status dt_eliminate_never_best(const dt_game *game, double slack, const dt_control *control,
                                  dt_diag *diag, dt_restriction *left) {
    uint32_t most = 0;
    for (size_t i = 0; i < game->players; i++)
        most = left->count[i] > most ? left->count[i] : most;
    elimination e = {.left = left, .slack = slack, .near = malloc(most * sizeof *e.near)};
    bool done[DT_MAX_PLAYERS] = {false}; /* nothing to strike out since the last change */
    dt_status status = e.near ? DT_OK : DT_ERR_MEMORY;
    while (status == DT_OK && dt_restriction_profiles(left) > FEW_PROFILES) {
        size_t best = game->players;
        double least = 0.75; /* a pass pays when it promises to strike out a quarter */
        for (size_t i = 0; i < game->players && status == DT_OK; i++) {
            if (done[i] || left->count[i] < 2)
                continue;
            status = look(&e, game, i, true, control, diag);
            double share = (double)atomic_load(&e.seen) / left->count[i];
            if (share < least) {
                least = share;
                best = i;
            }
        }
        if (status != DT_OK || best == game->players)
            break;
        uint32_t before = left->count[best];
        status = look(&e, game, best, false, control, diag);
        if (status == DT_OK)
            status = keep_near(&e, left);
        if (status == DT_OK && left->count[best] < before)
            memset(done, 0, sizeof done);
        done[best] = true;
    }
    free(e.near);
    return status;
}
