/* Visiting payoff rows in parallel. */
#include "game/rows.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "game/finite.h"
#include "game/walk.h"

enum { CHUNK_PAYOFFS = 16384 };

/* What the threads share. */
typedef struct visit {
    const dt_game *game;
    dt_walk walk;
    size_t player, over;
    const dt_control *control;
    const char *what;
    const dt_row_visitor *visitor;
    uint64_t chunk, chunks; /* a chunk is some stations of the walk */
    uint64_t stations;      /* to visit */
    uint64_t stride;        /* between stations: 1, or more for a sample */
    uint64_t next;          /* chunks handed out */
    uint64_t done, total;   /* profiles: rows times the strategies of `over` */
    uint64_t first_fault;   /* the least row in which a payoff does not exist; UINT64_MAX: none */
    bool enough;
    omp_lock_t lock; /* over `close` and all that follows; a name would be shared by all games */
    dt_status status;
} visit;

/* One thread's own. */
typedef struct worker {
    visit *v;
    bool first; /* it reports */
    dt_workspace *workspace;
    void *local;
    dt_position at;
    double *value, *bound;
    uint64_t pending; /* profiles done that the others have not been told of */
} worker;

static bool stop_asked(const visit *v) {
    return v->control && v->control->stop && *v->control->stop;
}

static void report(const visit *v, uint64_t done) {
    if (v->control && v->control->progress)
        v->control->progress(v->control->user, v->what, done, v->total);
}

/* Adds what this thread has done to what all have. */
static void tell(worker *w) {
    visit *v = w->v;
    uint64_t done;
#pragma omp atomic capture
    done = v->done += w->pending;
    w->pending = 0;
    if (w->first)
        report(v, done);
}

static void note_fault(visit *v, uint64_t index) {
    omp_set_lock(&v->lock);
    if (index < v->first_fault)
        v->first_fault = index;
    omp_unset_lock(&v->lock);
}

/* The row that w->at stands on. */
static dt_status visit_row(worker *w, bool *enough) {
    visit *v = w->v;
    dt_status status =
        dt_finite_row(v->game, w->workspace, v->player, v->over, w->at.profile, w->value, w->bound);
    if (status == DT_ERR_INPUT) { /* a payoff that does not exist */
        note_fault(v, w->at.index);
        return DT_OK;
    }
    if (status == DT_OK) {
        uint32_t lanes = v->game->player[v->over].strategies;
        dt_row row = {w->at.index, w->at.profile, lanes, w->value, w->bound, w->workspace};
        status = v->visitor->row(v->visitor->shared, w->local, &row, enough);
    }
    return status;
}

static dt_status visit_station(worker *w, uint64_t station, bool *enough) {
    const visit *v = w->v;
    const dt_row_visitor *visitor = v->visitor;
    uint32_t lanes = v->game->player[v->over].strategies;
    dt_status status = DT_OK;
    dt_walk_enter(&w->at, &v->walk, station);
    do {
        if (!visitor->wanted || visitor->wanted(visitor->shared, w->at.index))
            status = visit_row(w, enough);
        w->pending += lanes;
        if (w->pending >= CHUNK_PAYOFFS)
            tell(w);
        if (status == DT_OK && stop_asked(v)) /* a row may take long where it needs exact payoffs */
            status = DT_ERR_INTERRUPTED;
    } while (status == DT_OK && !*enough && dt_walk_next(&w->at));
    return status;
}

static dt_status run_chunks(worker *w) {
    visit *v = w->v;
    for (;;) {
        uint64_t chunk;
        bool enough;
#pragma omp atomic capture
        chunk = v->next++;
#pragma omp atomic read
        enough = v->enough;
        if (chunk >= v->chunks || enough)
            return DT_OK;
        if (stop_asked(v))
            return DT_ERR_INTERRUPTED;
        uint64_t from = chunk * v->chunk, to = from + v->chunk;
        to = to < v->stations ? to : v->stations;
        dt_status status = DT_OK;
        for (uint64_t i = from; i < to && status == DT_OK && !enough; i++)
            status = visit_station(w, i * v->stride, &enough);
        if (enough || status != DT_OK) {
#pragma omp atomic write
            v->enough = true;
        }
        if (status != DT_OK)
            return status;
        tell(w);
    }
}

static dt_status open_worker(worker *w) {
    const visit *v = w->v;
    uint32_t lanes = v->game->player[v->over].strategies;
    w->workspace = dt_workspace_new(v->game);
    w->local = calloc(1, v->visitor->size ? v->visitor->size : 1);
    w->value = malloc(2 * lanes * sizeof *w->value);
    if (!w->workspace || !w->local || !w->value)
        return DT_ERR_MEMORY;
    w->bound = w->value + lanes;
    return v->visitor->open ? v->visitor->open(v->visitor->shared, w->local) : DT_OK;
}

static void close_worker(worker *w, bool opened) {
    visit *v = w->v;
    if (opened && v->visitor->close) {
        omp_set_lock(&v->lock);
        dt_status closed = v->visitor->close(v->visitor->shared, w->local);
        if (v->status == DT_OK)
            v->status = closed;
        omp_unset_lock(&v->lock);
    }
    dt_workspace_free(v->game, w->workspace);
    free(w->local);
    free(w->value);
}

static void run_thread(visit *v, bool first) {
    worker w = {.v = v, .first = first};
    dt_status status = open_worker(&w);
    bool opened = status == DT_OK;
    if (opened)
        status = run_chunks(&w);
    close_worker(&w, opened);
    if (status != DT_OK) {
        omp_set_lock(&v->lock);
        if (v->status == DT_OK)
            v->status = status;
        omp_unset_lock(&v->lock);
    }
}

/* Says which profile of the first faulty row has no payoff. */
static dt_status report_fault(const visit *v, const dt_restriction *left, dt_diag *diag) {
    dt_workspace *workspace = dt_workspace_new(v->game);
    dt_status status = workspace ? DT_OK : DT_ERR_MEMORY;
    uint32_t profile[DT_MAX_PLAYERS];
    uint64_t rest = v->first_fault;
    for (size_t i = v->game->players; i-- > 0;) {
        if (i == v->over)
            continue;
        profile[i] = left->strategy[i][rest % left->count[i]];
        rest /= left->count[i];
    }
    dt_exact exact;
    dt_exact_init(&exact);
    for (uint32_t i = 0; i < v->game->player[v->over].strategies && status == DT_OK; i++) {
        profile[v->over] = i;
        status = dt_game_exact(v->game, workspace, v->player, profile, &exact, diag);
    }
    dt_exact_clear(&exact);
    dt_workspace_free(v->game, workspace);
    return status;
}

dt_status dt_rows_visit(const dt_game *game, const dt_restriction *restriction, size_t player,
                        size_t over, const dt_control *control, const char *what, dt_diag *diag,
                        const dt_row_visitor *visitor) {
    visit v = {.game = game,
               .player = player,
               .over = over,
               .control = control,
               .what = what,
               .visitor = visitor,
               .first_fault = UINT64_MAX};
    v.status =
        dt_walk_init(&v.walk, game, restriction, UINT64_C(1) << player, over, visitor->sample > 0);
    if (v.status != DT_OK)
        return v.status;
    v.stride = 1;
    if (visitor->sample && v.walk.stations > visitor->sample)
        v.stride = (v.walk.stations / visitor->sample) | 1; /* odd: all digits turn */
    v.stations = (v.walk.stations + v.stride - 1) / v.stride;
    /* chunks of some ten thousand payoffs: enough to amortise, short enough to stop soon */
    double payoffs =
        (double)game->player[over].strategies * (double)v.walk.rows / (double)v.walk.stations;
    v.chunk = payoffs >= CHUNK_PAYOFFS ? 1 : (uint64_t)(CHUNK_PAYOFFS / payoffs);
    v.chunks = (v.stations + v.chunk - 1) / v.chunk;
    uint64_t rows = visitor->sample ? v.stations : v.walk.rows; /* a sample's stations are rows */
    v.total = rows * game->player[over].strategies;
    report(&v, 0);
    int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
    if ((uint64_t)threads > v.chunks)
        threads = v.chunks ? (int)v.chunks : 1;
    omp_init_lock(&v.lock);
    if (threads == 1) { /* without what a team of threads costs: small games are many */
        run_thread(&v, true);
    } else {
#pragma omp parallel num_threads(threads)
        {
            bool first = omp_get_thread_num() == 0;
            run_thread(&v, first);
            if (!first)
                flint_cleanup();
        }
    }
    omp_destroy_lock(&v.lock);
    if (v.status == DT_OK && v.first_fault != UINT64_MAX)
        v.status = report_fault(&v, restriction, diag);
    dt_walk_clear(&v.walk);
    return v.status;
}
