/* Breadth-first search over bases by threads that take work from a frontier: blocks of bases, whose
 * neighbours go into a visited set in shards, each with a lock; and degenerate vertices. Every
 * basis is expanded and every vertex tested once, whoever does it, so what is found does not depend
 * on the number of threads. */
#include "equilibrium/mixed/search.h"

#include <flint/flint.h>
#include <flint/fmpz_vec.h>
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/mixed/dictionary.h"
#include "equilibrium/mixed/estimate.h"
#include "equilibrium/mixed/face.h"
#include "equilibrium/mixed/frontier.h"
#include "equilibrium/mixed/keys.h"
#include "equilibrium/shared/pool.h"

/* ALONE: so few bases and vertices that wait are not worth a second thread. */
enum { SHARDS = 64, BLOCK = 256, VERTICES = 16, ALONE = 512, AHEAD = 8 };

/* What one thread works with. */
typedef struct worker {
    struct scan *s;
    dt_estimate e;
    uint32_t *leaving; /* columns */
    dt_dictionary d;
    bool there;             /* the dictionary is at the basis in hand */
    uint64_t *key, *tight;  /* words each */
    uint64_t *rows, *reply; /* of the face */
    const uint64_t *vertex; /* a basis of the vertex that is tested */
    bool named;             /* `own` is its strategy */
    uint32_t own;
    fmpz *x; /* own strategies */
    dt_pairs pairs;
    dt_key_list work, fresh, degenerate; /* taken; to be put: bases, vertices */
    dt_key_list out[SHARDS];             /* neighbours */
    dt_key_list tight_at[SHARDS];        /* degenerate vertices: what is tight, then a basis */
    uint64_t by_integers;
} worker;

typedef struct scan {
    dt_mixed_search *call;
    size_t own;                  /* the player whose polytope it is */
    size_t columns, rows, words; /* own strategies, the other's, words of a key */
    const volatile sig_atomic_t *stop;
    bool estimates;
    dt_rounded polytope, replies; /* the matrices of P and of the face */
    size_t workers;
    worker *worker;
    pthread_mutex_t lock[SHARDS];
    dt_key_set seen[SHARDS], met[SHARDS]; /* bases; degenerate vertices */
    dt_frontier frontier;
    atomic_uint_fast64_t bytes, bases; /* of the sets and the pairs; expanded */
    atomic_int status;                 /* the first that was not DT_OK */
} scan;

static size_t shard_of(const uint64_t *key, size_t words) {
    return dt_key_hash(key, words) >> 58;
}

static void go(worker *w, const uint64_t *key) {
    if (!w->there)
        dt_dictionary_go(&w->d, key);
    w->there = true;
}

/* An equilibrium: the other's y with the vertex in hand, whose strategy is computed for the first.
 */
static dt_status found(void *self, const fmpz *y) {
    worker *w = self;
    scan *s = w->s;
    dt_strategies *strategy = w->pairs.strategy;
    size_t rooms = strategy[0].room * (s->columns + s->rows), pairs = w->pairs.room;
    dt_status status = DT_OK;
    if (!w->named) {
        go(w, w->vertex);
        for (size_t i = 0; i < s->columns; i++) {
            const fmpz *value = dt_dictionary_value(&w->d, (uint32_t)i);
            fmpz_zero(w->x + i);
            if (value)
                fmpz_set(w->x + i, value);
        }
        status = dt_strategies_add(&strategy[s->own], w->x, &w->own);
        w->named = status == DT_OK;
    }
    uint32_t other = 0;
    if (status == DT_OK)
        status = dt_strategies_add(&strategy[1 - s->own], y, &other);
    if (status == DT_OK)
        status = s->own == 0 ? dt_pairs_add(&w->pairs, w->own, other)
                             : dt_pairs_add(&w->pairs, other, w->own);
    rooms = strategy[0].room * (s->columns + s->rows) - rooms;
    pairs = w->pairs.room - pairs;
    if (rooms || pairs)
        atomic_fetch_add(&s->bytes, rooms * sizeof *w->x +
                                        pairs * (sizeof *w->pairs.pair + DT_MIXED_PAIR_BYTES));
    if (status == DT_OK && atomic_load(&s->bytes) > s->call->most_bytes) {
        s->call->too_large = true;
        status = DT_ERR_INPUT;
    }
    return status;
}

/* All equilibria with the vertex at `key` where `tight` is tight. */
static dt_status test_vertex(worker *w, const uint64_t *key, const uint64_t *tight) {
    const scan *s = w->s;
    size_t support = 0;
    memset(w->rows, 0, s->words * sizeof *w->rows);
    memset(w->reply, 0, s->words * sizeof *w->reply);
    for (size_t i = 0; i < s->columns; i++)
        if (!dt_key_has(tight, i)) {
            dt_key_put(w->rows, i);
            support++;
        }
    for (size_t j = 0; j < s->rows; j++)
        if (dt_key_has(tight, s->columns + j))
            dt_key_put(w->reply, j);
    if (support == 0)
        return DT_OK; /* the origin */
    w->vertex = key;
    w->named = false;
    return dt_face_vertices(s->call->game->entry[s->own], s->columns, s->rows, w->rows, w->reply,
                            s->stop, found, w);
}

static dt_status offer(worker *w, uint64_t *key, uint32_t entering, uint32_t leaving) {
    dt_key_drop(key, entering);
    dt_key_put(key, leaving);
    dt_status status = dt_key_list_add(&w->out[shard_of(key, w->s->words)], key);
    dt_key_drop(key, leaving);
    dt_key_put(key, entering);
    return status;
}

/* The vertex of the basis in hand, where `tight` is tight: its equilibria are looked for now, or
 * later and once where it has several bases. */
static dt_status meet_vertex(worker *w, const uint64_t *key, bool hopeless) {
    size_t words = w->s->words;
    if (memcmp(w->tight, key, words * sizeof *key) == 0)
        return hopeless ? DT_OK : test_vertex(w, key, key);
    uint64_t *both = w->rows; /* has room for two keys */
    memcpy(both, w->tight, words * sizeof *both);
    memcpy(both + words, key, words * sizeof *both);
    return dt_key_list_add(&w->tight_at[shard_of(both, words)], both);
}

/* Where the estimate cannot decide, integers do. */
static dt_status leave_exactly(worker *w, const uint64_t *key, uint32_t entering,
                               uint32_t *leaving) {
    size_t row;
    w->by_integers += !w->there;
    go(w, key);
    if (!dt_dictionary_leaving(&w->d, w->d.place[entering] - w->s->rows, &row))
        return DT_ERR_SOLVER;
    *leaving = w->d.basic[row];
    return DT_OK;
}

static dt_status expand(worker *w, const uint64_t *basis) {
    const scan *s = w->s;
    uint64_t *key = w->key;
    w->there = false;
    memcpy(key, basis, s->words * sizeof *key);
    memcpy(w->tight, basis, s->words * sizeof *w->tight);
    bool known = s->estimates && dt_estimate_at(&w->e, key);
    if (known)
        dt_estimate_leaving(&w->e, w->leaving);
    else
        go(w, key);
    w->by_integers += !known;
    for (size_t j = 0; j < s->columns; j++) {
        uint32_t entering = known ? w->e.nonbasic[j] : w->d.nonbasic[j], leaving;
        dt_status status = DT_OK;
        if (known && w->leaving[j] != UINT32_MAX)
            leaving = w->e.basic[w->leaving[j]];
        else
            status = leave_exactly(w, key, entering, &leaving);
        if (status == DT_OK)
            status = offer(w, key, entering, leaving);
        if (status != DT_OK)
            return status;
    }
    if (!known || !dt_estimate_tight(&w->e, w->tight)) {
        w->by_integers += !w->there;
        go(w, key);
        memset(w->tight, 0, s->words * sizeof *w->tight);
        dt_dictionary_tight(&w->d, w->tight);
    }
    bool simple = memcmp(w->tight, key, s->words * sizeof *key) == 0;
    return meet_vertex(w, key, known && simple && dt_estimate_no_reply(&w->e, &s->replies));
}

/* Puts what `out` and `tight_at` hold into the sets, and what is new there into the frontier. */
static dt_status flush(worker *w) {
    scan *s = w->s;
    dt_status status = DT_OK;
    uint64_t grown = 0;
    for (size_t shard = 0; shard < SHARDS && status == DT_OK; shard++) {
        dt_key_list *out = &w->out[shard], *tight = &w->tight_at[shard];
        dt_key_set *seen = &s->seen[shard], *met = &s->met[shard];
        if (!out->count && !tight->count)
            continue;
        bool fresh;
        pthread_mutex_lock(&s->lock[shard]);
        size_t before = (seen->room + met->room) * s->words;
        for (size_t k = 0; k < out->count && status == DT_OK; k++) {
            const uint64_t *key = out->key + k * s->words;
            if (k + AHEAD < out->count)
                dt_key_set_expect(seen, key + AHEAD * s->words);
            status = dt_key_set_add(seen, key, &fresh);
            if (status == DT_OK && fresh)
                status = dt_key_list_add(&w->fresh, key);
        }
        for (size_t k = 0; k < tight->count && status == DT_OK; k++) {
            const uint64_t *both = tight->key + k * 2 * s->words;
            status = dt_key_set_add(met, both, &fresh);
            if (status == DT_OK && fresh)
                status = dt_key_list_add(&w->degenerate, both);
        }
        grown += (seen->room + met->room) * s->words - before;
        pthread_mutex_unlock(&s->lock[shard]);
        out->count = tight->count = 0;
    }
    if (grown)
        atomic_fetch_add(&s->bytes, grown * sizeof(uint64_t));
    if (status == DT_OK)
        status = dt_frontier_put(&s->frontier, DT_WORK_VERTICES, &w->degenerate);
    if (status == DT_OK)
        status = dt_frontier_put(&s->frontier, DT_WORK_BASES, &w->fresh);
    if (status == DT_OK &&
        atomic_load(&s->bytes) + dt_frontier_bytes(&s->frontier) > s->call->most_bytes) {
        s->call->too_large = true;
        status = DT_ERR_INPUT;
    }
    return status;
}

double dt_expected_bases(size_t m, size_t n) {
    double small = (double)(m < n ? m : n), large = (double)(m < n ? n : m);
    return 0.5 * exp2(1.12 * small) * pow(large / small, small / 5);
}

/* Of as many bases as there may be; from the first thread. */
static void tell(scan *s) {
    const dt_control *c = s->call->control;
    if (!c || !c->progress)
        return;
    double expected = dt_expected_bases(s->rows, s->columns);
    uint64_t total = expected < 1e15 ? (uint64_t)expected : 0, done = atomic_load(&s->bases);
    uint64_t known = done + dt_frontier_count(&s->frontier, DT_WORK_BASES);
    c->progress(c->user, "bases searched", done, total > known ? total : known);
}

static dt_status do_work(worker *w, dt_work kind) {
    scan *s = w->s;
    dt_status status = DT_OK;
    for (size_t k = 0; k < w->work.count && status == DT_OK; k++) {
        const uint64_t *key = w->work.key + k * w->work.words;
        w->there = false;
        if (s->stop && *s->stop)
            status = DT_ERR_INTERRUPTED;
        else
            status = kind == DT_WORK_BASES ? expand(w, key) : test_vertex(w, key + s->words, key);
    }
    if (kind != DT_WORK_BASES || status != DT_OK)
        return status;
    atomic_fetch_add(&s->bases, w->work.count);
    return flush(w);
}

/* Works until there is nothing left, or, alone, until there is enough for others. */
static void labour(worker *w, bool alone) {
    static const size_t most[DT_WORK_KINDS] = {
        [DT_WORK_BASES] = BLOCK, [DT_WORK_VERTICES] = VERTICES};
    scan *s = w->s;
    dt_frontier *f = &s->frontier;
    dt_status status = DT_OK;
    while (status == DT_OK) {
        if (alone &&
            dt_frontier_count(f, DT_WORK_BASES) + dt_frontier_count(f, DT_WORK_VERTICES) > ALONE)
            return;
        dt_work kind = dt_frontier_take(f, most, &w->work, &status);
        if (kind == DT_WORK_NONE)
            return;
        if (w == s->worker)
            tell(s);
        if (status == DT_OK)
            status = do_work(w, kind);
    }
    int none = DT_OK;
    atomic_compare_exchange_strong(&s->status, &none, (int)status);
    dt_frontier_end(f);
}

static dt_status worker_init(scan *s, worker *w) {
    w->s = s;
    w->pairs = dt_pairs_of(s->call->game->size[0], s->call->game->size[1]);
    w->fresh.words = s->words;
    w->degenerate.words = 2 * s->words;
    w->key = calloc(6 * s->words, sizeof *w->key);
    if (!w->key)
        return DT_ERR_MEMORY;
    w->tight = w->key + s->words;
    w->rows = w->key + 2 * s->words;
    w->reply = w->key + 4 * s->words;
    w->x = _fmpz_vec_init((slong)s->columns);
    for (size_t k = 0; k < SHARDS; k++) {
        w->out[k].words = s->words;
        w->tight_at[k].words = 2 * s->words;
    }
    w->leaving = calloc(s->columns, sizeof *w->leaving);
    dt_status status = w->leaving ? dt_estimate_init(&w->e, &s->polytope) : DT_ERR_MEMORY;
    if (status != DT_OK)
        return status;
    return dt_dictionary_init(&w->d, s->rows, s->columns, s->call->game->entry[1 - s->own],
                              s->columns, NULL);
}

/* All but its pairs. May be called again. */
static void worker_clear(worker *w) {
    if (!w->s)
        return;
    dt_dictionary_clear(&w->d);
    dt_estimate_clear(&w->e);
    free(w->leaving);
    if (w->x)
        _fmpz_vec_clear(w->x, (slong)w->s->columns);
    free(w->key);
    dt_key_list_clear(&w->work);
    dt_key_list_clear(&w->fresh);
    dt_key_list_clear(&w->degenerate);
    for (size_t k = 0; k < SHARDS; k++) {
        dt_key_list_clear(&w->out[k]);
        dt_key_list_clear(&w->tight_at[k]);
    }
    w->leaving = NULL;
    w->key = NULL;
    w->x = NULL;
}

/* Threads that have nothing to do sleep in the frontier, not at a barrier of OpenMP, where they
 * would keep a core busy that others may need. */
static void spread(scan *s) {
#pragma omp parallel num_threads((int)s->workers)
    {
#pragma omp single
        s->frontier.workers = (size_t)omp_get_num_threads(); /* fewer where there are no more */
        worker *w = &s->worker[omp_get_thread_num()];
        labour(w, false);
        if (omp_get_thread_num() != 0) { /* with all that FLINT keeps for the thread */
            worker_clear(w);
            flint_cleanup();
        }
    }
}

static dt_status search(scan *s) {
    uint64_t *origin = calloc(s->words, sizeof *origin);
    worker *first = &s->worker[0];
    if (!origin)
        return DT_ERR_MEMORY;
    for (size_t j = 0; j < s->columns; j++)
        dt_key_put(origin, j);
    dt_status status = dt_key_list_add(&first->out[shard_of(origin, s->words)], origin);
    free(origin);
    if (status == DT_OK)
        status = flush(first);
    if (status != DT_OK)
        return status;
    s->frontier.workers = 1;
    labour(first, s->workers > 1);
    if (!s->frontier.over)
        spread(s);
    s->call->bases = atomic_load(&s->bases);
    return (dt_status)atomic_load(&s->status);
}

dt_status dt_mixed_search_run(dt_mixed_search *call) {
    scan *s = calloc(1, sizeof *s);
    if (!s)
        return DT_ERR_MEMORY;
    const dt_bimatrix *game = call->game;
    s->call = call;
    s->own = game->size[0] <= game->size[1] ? 0 : 1;
    s->columns = game->size[s->own];
    s->rows = game->size[1 - s->own];
    s->words = dt_key_words(s->rows + s->columns);
    s->stop = dt_control_stop(call->control);
    for (size_t k = 0; k < SHARDS; k++) {
        s->seen[k].words = s->words;
        s->met[k].words = s->words;
        pthread_mutex_init(&s->lock[k], NULL);
    }
    call->pairs = dt_pairs_of(game->size[0], game->size[1]);
    s->workers = call->control && call->control->threads ? (size_t)call->control->threads
                                                         : (size_t)omp_get_max_threads();
    dt_frontier_init(&s->frontier,
                     (size_t[]){[DT_WORK_BASES] = s->words, [DT_WORK_VERTICES] = 2 * s->words},
                     s->workers);
    s->worker = calloc(s->workers, sizeof *s->worker);
    s->estimates = !call->exact_only;
    dt_status status = s->worker ? dt_rounded_init(&s->polytope, game->entry[1 - s->own], s->rows,
                                                   s->columns, &s->estimates)
                                 : DT_ERR_MEMORY;
    if (status == DT_OK)
        status =
            dt_rounded_init(&s->replies, game->entry[s->own], s->columns, s->rows, &s->estimates);
    for (size_t t = 0; t < s->workers && status == DT_OK; t++)
        status = worker_init(s, &s->worker[t]);
    if (status == DT_OK)
        status = search(s);
    for (size_t t = 0; t < s->workers && s->worker; t++) {
        if (status == DT_OK)
            status = dt_pairs_join(&call->pairs, &s->worker[t].pairs);
        call->by_integers += s->worker[t].by_integers;
        worker_clear(&s->worker[t]);
        if (s->worker[t].s)
            dt_pairs_clear(&s->worker[t].pairs);
    }
    for (size_t k = 0; k < SHARDS; k++) {
        dt_key_set_clear(&s->seen[k]);
        dt_key_set_clear(&s->met[k]);
        pthread_mutex_destroy(&s->lock[k]);
    }
    dt_frontier_clear(&s->frontier);
    dt_rounded_clear(&s->polytope);
    dt_rounded_clear(&s->replies);
    free(s->worker);
    free(s);
    return status == DT_OK ? dt_pairs_sort(&call->pairs) : status;
}

void dt_mixed_search_clear(dt_mixed_search *search) {
    dt_pairs_clear(&search->pairs);
}
