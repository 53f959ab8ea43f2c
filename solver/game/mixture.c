/* Visiting the expected payoffs of a mixed joint strategy in parallel: see mixture.h. */
#include "game/mixture.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "game/chunks.h"
#include "game/finite.h"
#include "game/team.h"
#include "game/walk.h"

/* Lanes that are summed at a time; payoffs of a chunk. */
enum { BATCH_LANES = 4096, CHUNK_PAYOFFS = 65536 };

/* One thread's own. */
typedef struct worker {
    bool open;
    dt_workspace *workspace;
    void *local;
    dt_position at;
    uint32_t *profile;          /* batch × players */
    double *sum, *size, *error; /* batch × lanes */
    double *value, *bound;      /* a row of one payoff */
} worker;

/* What the threads share. */
typedef struct visit {
    const dt_game *game;
    const dt_mixture_play *play;
    const dt_mixture_visitor *visitor;
    const volatile sig_atomic_t *stop;
    dt_restriction left; /* the team stands still */
    dt_walk walk;
    uint64_t others, stride;
    size_t over;
    uint32_t lanes, batch;
    bool sure; /* one joint strategy of weight 1 */
    worker *thread;
    omp_lock_t lock;  /* over the visitor's `close` and the status */
    dt_status status; /* the first that is not DT_OK */
    bool failed;
} visit;

static bool has_failed(visit *v) {
    bool failed;
#pragma omp atomic read
    failed = v->failed;
    return failed;
}

static void fail(visit *v, dt_status status) {
    omp_set_lock(&v->lock);
    if (v->status == DT_OK)
        v->status = status;
    omp_unset_lock(&v->lock);
#pragma omp atomic write
    v->failed = true;
}

static dt_status open_worker(visit *v, worker *w) {
    size_t row = v->game->player[v->over].strategies, all = (size_t)v->batch * v->lanes;
    w->open = true;
    w->workspace = dt_workspace_new(v->game);
    w->local = calloc(1, v->visitor->size ? v->visitor->size : 1);
    w->profile = malloc(v->batch * v->game->players * sizeof *w->profile);
    w->sum = malloc(all * sizeof *w->sum);
    w->size = malloc(all * sizeof *w->size);
    w->error = malloc(all * sizeof *w->error);
    w->value = malloc(row * sizeof *w->value);
    w->bound = malloc(row * sizeof *w->bound);
    if (!w->workspace || !w->local || !w->profile || !w->sum || !w->size || !w->error ||
        !w->value || !w->bound)
        return DT_ERR_MEMORY;
    return v->visitor->open ? v->visitor->open(v->visitor->shared, w->local) : DT_OK;
}

static void close_worker(visit *v, worker *w) {
    if (w->local && v->visitor->close) {
        omp_set_lock(&v->lock);
        v->visitor->close(v->visitor->shared, w->local);
        omp_unset_lock(&v->lock);
    }
    dt_workspace_free(v->game, w->workspace);
    free(w->local);
    free(w->profile);
    free(w->sum);
    free(w->size);
    free(w->error);
    free(w->value);
    free(w->bound);
}

/* Weight 1: what the rounding of each sum may lose is found exactly (Knuth's two-sum), so that ties
 * of whole numbers stay ties. */
static void add_sure(double *restrict sum, double *restrict error, const double *restrict value,
                     const double *restrict bound, uint32_t lanes) {
    for (uint32_t k = 0; k < lanes; k++) {
        double now = sum[k] + value[k], back = now - sum[k];
        double lost = (sum[k] - (now - back)) + (value[k] - back);
        error[k] = (error[k] + bound[k] + fabs(lost)) * (1 + 0x1p-50);
        sum[k] = now;
    }
}

static void add_weighted(double *restrict sum, double *restrict size, double *restrict error,
                         double weight, const double *restrict value, const double *restrict bound,
                         uint32_t lanes) {
    for (uint32_t k = 0; k < lanes; k++) {
        double term = weight * value[k];
        sum[k] += term;
        size[k] += fabs(term);
        error[k] += weight * bound[k];
        if (weight < 0x1p-900) /* it may have underflowed, and so may the term */
            error[k] += 0x1p-1070 * (1 + fabs(value[k]));
    }
}

/* Signs, and one bound out of the parts. */
static void finish(const visit *v, double *restrict sum, const double *restrict size,
                   double *restrict error, size_t lanes) {
    double terms = (double)v->play->support * __builtin_popcountll(v->play->paid);
    double rounding = v->sure ? 0 : (terms + 16) * 0x1p-52, least = v->sure ? 0 : 1e-300;
    for (size_t k = 0; k < lanes; k++) {
        double bound = error[k] + error[k] * 0x1p-40 + size[k] * rounding + least;
        bool known = isfinite(sum[k]) && isfinite(bound);
        error[k] = known ? bound : INFINITY;
        sum[k] = !known ? 0 : v->play->negative ? -sum[k] : sum[k];
    }
}

/* One payoff of one joint strategy of the team, against all rows of the batch. */
static dt_status add_payoff(visit *v, worker *w, size_t player, size_t k, size_t rows) {
    const dt_mixture_play *play = v->play;
    size_t players = v->game->players;
    const uint32_t *mixed = play->profile + k * players;
    uint32_t profile[DT_MAX_PLAYERS], lane = v->others ? 0 : mixed[v->over];
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < players; i++)
            profile[i] = dt_team_has(play->team, i) ? mixed[i] : w->profile[r * players + i];
        dt_status status =
            dt_finite_row(v->game, w->workspace, player, v->over, profile, w->value, w->bound);
        if (status != DT_OK)
            return status;
        size_t at = r * v->lanes;
        if (v->sure)
            add_sure(w->sum + at, w->error + at, w->value + lane, w->bound + lane, v->lanes);
        else
            add_weighted(w->sum + at, w->size + at, w->error + at, play->weight[k], w->value + lane,
                         w->bound + lane, v->lanes);
    }
    return v->stop && *v->stop ? DT_ERR_INTERRUPTED : DT_OK;
}

static dt_status visit_batch(visit *v, worker *w, size_t rows) {
    size_t all = rows * v->lanes;
    memset(w->sum, 0, all * sizeof *w->sum);
    memset(w->size, 0, all * sizeof *w->size);
    memset(w->error, 0, all * sizeof *w->error);
    dt_status status = DT_OK;
    for (size_t p = 0; p < v->game->players && status == DT_OK; p++)
        for (size_t k = 0; dt_team_has(v->play->paid, p) && k < v->play->support; k++) {
            status = add_payoff(v, w, p, k, rows);
            if (status != DT_OK)
                return status;
        }
    finish(v, w->sum, w->size, w->error, all);
    for (size_t r = 0; r < rows && status == DT_OK; r++) {
        const uint32_t *profile = w->profile + r * v->game->players;
        dt_mixture_row row = {.index = dt_team_encode(v->game, v->others, profile),
                              .stride = v->stride,
                              .lanes = v->lanes,
                              .value = w->sum + r * v->lanes,
                              .bound = w->error + r * v->lanes,
                              .workspace = w->workspace};
        status = v->visitor->row(v->visitor->shared, w->local, &row);
    }
    return status;
}

static dt_status visit_station(visit *v, worker *w, uint64_t station) {
    size_t rows = 0, players = v->game->players;
    dt_status status = DT_OK;
    bool more = true;
    dt_walk_enter(&w->at, &v->walk, station);
    while (more && status == DT_OK) {
        memcpy(w->profile + rows++ * players, w->at.profile, players * sizeof *w->profile);
        more = dt_walk_next(&w->at);
        if (!more || rows == v->batch) {
            status = visit_batch(v, w, rows);
            rows = 0;
        }
    }
    return status;
}

static void visit_chunk(void *shared, uint64_t from, uint64_t to) {
    visit *v = shared;
    worker *w = &v->thread[omp_get_thread_num()];
    if (has_failed(v))
        return;
    dt_status status = w->open ? DT_OK : open_worker(v, w);
    for (uint64_t i = from; i < to && status == DT_OK; i++)
        status = visit_station(v, w, i);
    if (status != DT_OK)
        fail(v, status);
}

static void leave_thread(void *shared) {
    visit *v = shared;
    worker *w = &v->thread[omp_get_thread_num()];
    if (w->open)
        close_worker(v, w);
    if (omp_get_thread_num() != 0)
        flint_cleanup();
}

/* The walk over the others but one. */
static dt_status start_walk(visit *v) {
    dt_status status = dt_restriction_init(&v->left, v->game);
    if (status != DT_OK)
        return status;
    for (size_t i = 0; i < v->game->players; i++)
        if (dt_team_has(v->play->team, i))
            v->left.count[i] = 1;
    return dt_walk_init(&v->walk, v->game, &v->left, v->play->paid, v->over, false);
}

dt_status dt_mixture_visit(const dt_game *game, const dt_mixture_play *play,
                           const dt_control *control, const char *what,
                           const dt_mixture_visitor *visitor) {
    int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
    visit v = {.game = game,
               .play = play,
               .visitor = visitor,
               .stop = control ? control->stop : NULL,
               .others = dt_team_all(game) & ~play->team,
               .sure = play->support == 1 && play->weight[0] == 1,
               .thread = calloc((size_t)threads, sizeof *v.thread)};
    /* Where nobody is left a row over the first player has the one payoff. */
    v.over = v.others ? dt_team_largest(game, v.others) : 0;
    v.lanes = v.others ? game->player[v.over].strategies : 1;
    v.stride = v.others ? dt_team_stride(game, v.others, v.over) : 1;
    v.batch = v.lanes < BATCH_LANES ? BATCH_LANES / v.lanes : 1;
    v.status = v.thread ? start_walk(&v) : DT_ERR_MEMORY;
    if (v.status == DT_OK) {
        double payoffs = (double)play->support * __builtin_popcountll(play->paid) * v.lanes *
                         (double)v.walk.rows / (double)v.walk.stations;
        dt_chunks chunks = {.units = v.walk.stations,
                            .chunk =
                                payoffs >= CHUNK_PAYOFFS ? 1 : (uint64_t)(CHUNK_PAYOFFS / payoffs),
                            .run = visit_chunk,
                            .leave = leave_thread,
                            .shared = &v,
                            .control = control,
                            .what = what,
                            .total = dt_team_strategies(game, v.others),
                            .share = 1,
                            .parts = 1};
        omp_init_lock(&v.lock);
        dt_status status = dt_chunks_run(&chunks);
        omp_destroy_lock(&v.lock);
        v.status = v.status == DT_OK ? status : v.status;
    }
    dt_walk_clear(&v.walk);
    if (v.left.count)
        dt_restriction_clear(&v.left);
    free(v.thread);
    return v.status;
}

dt_status dt_mixture_exact(const dt_game *game, dt_workspace *workspace,
                           const dt_mixture_play *play, const fmpq *weight, uint32_t *profile,
                           dt_exact *sum) {
    dt_exact payoff;
    dt_exact_init(&payoff);
    fmpq_t factor;
    fmpq_init(factor);
    dt_exact_set_fmpq(sum, factor);
    dt_status status = DT_OK;
    for (size_t k = 0; k < play->support; k++) {
        const uint32_t *mixed = play->profile + k * game->players;
        for (size_t i = 0; i < game->players; i++)
            profile[i] = dt_team_has(play->team, i) ? mixed[i] : profile[i];
        fmpq_set(factor, weight + k);
        if (play->negative)
            fmpq_neg(factor, factor);
        for (size_t p = 0; p < game->players && status == DT_OK; p++) {
            if (!dt_team_has(play->paid, p))
                continue;
            status = dt_game_exact(game, workspace, p, profile, &payoff, NULL);
            if (status == DT_OK && (dt_exact_scale(&payoff, &payoff, factor) != DT_EXACT_OK ||
                                    dt_exact_add(sum, sum, &payoff) != DT_EXACT_OK))
                status = DT_ERR_MEMORY;
        }
    }
    fmpq_clear(factor);
    dt_exact_clear(&payoff);
    return status;
}
