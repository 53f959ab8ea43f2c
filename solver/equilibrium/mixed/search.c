/* Breadth-first search over bases, in chunks: threads list the neighbours of a chunk's bases, each
 * in the shard of the visited set that it belongs to; then threads take a shard each. What is
 * visited does not depend on the number of threads. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/search.h"

#include <flint/flint.h>
#include <flint/fmpz_vec.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/mixed/dictionary.h"
#include "equilibrium/mixed/estimate.h"
#include "equilibrium/mixed/face.h"
#include "equilibrium/mixed/keys.h"
#include "equilibrium/shared/pool.h"

enum { SHARDS = 64, CHUNK = 8192, ALONE = 256 }; /* so few bases are not worth a second thread */

/* What one thread works with. */
typedef struct worker {
    struct scan *s;
    dt_status status;
    dt_estimate e;
    uint32_t *leaving; /* columns */
    dt_dictionary d;
    bool there;             /* the dictionary is at the basis in hand */
    uint64_t *key, *tight;  /* words each */
    uint64_t *rows, *reply; /* of the face */
    fmpz *x;                /* own strategies */
    dt_pairs pairs;
    dt_key_list out[SHARDS];      /* neighbours */
    dt_key_list tight_at[SHARDS]; /* degenerate vertices: what is tight, then a basis */
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
    dt_key_set seen[SHARDS], met[SHARDS]; /* bases; degenerate vertices */
    dt_key_list level, next[SHARDS], vertex[SHARDS];
} scan;

static size_t shard_of(const uint64_t *key, size_t words) {
    return dt_key_hash(key, words) >> 58;
}

/* An equilibrium: the other's y with the worker's x. */
static dt_status found(void *self, const fmpz *y) {
    worker *w = self;
    return w->s->own == 0 ? dt_pairs_add(&w->pairs, w->x, y) : dt_pairs_add(&w->pairs, y, w->x);
}

static void go(worker *w, const uint64_t *key) {
    if (!w->there)
        dt_dictionary_go(&w->d, key);
    w->there = true;
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
    go(w, key);
    for (size_t i = 0; i < s->columns; i++) {
        const fmpz *value = dt_dictionary_value(&w->d, (uint32_t)i);
        fmpz_zero(w->x + i);
        if (value)
            fmpz_set(w->x + i, value);
    }
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

/* A shard takes what all workers have for it. */
static dt_status insert(scan *s, size_t shard) {
    dt_status status = DT_OK;
    bool fresh;
    for (size_t t = 0; t < s->workers && status == DT_OK; t++) {
        dt_key_list *out = &s->worker[t].out[shard], *tight = &s->worker[t].tight_at[shard];
        for (size_t k = 0; k < out->count && status == DT_OK; k++) {
            const uint64_t *key = out->key + k * s->words;
            status = dt_key_set_add(&s->seen[shard], key, &fresh);
            if (status == DT_OK && fresh)
                status = dt_key_list_add(&s->next[shard], key);
        }
        for (size_t k = 0; k < tight->count && status == DT_OK; k++) {
            const uint64_t *both = tight->key + k * 2 * s->words;
            status = dt_key_set_add(&s->met[shard], both, &fresh);
            if (status == DT_OK && fresh)
                status = dt_key_list_add(&s->vertex[shard], both);
        }
        out->count = tight->count = 0;
    }
    return status;
}

static void note(worker *w, dt_status status) {
    if (w->status == DT_OK)
        w->status = status;
}

/* Neighbours and equilibria of the bases from … to - 1 of the level, then the shards. */
static void chunk(scan *s, size_t from, size_t to) {
    int threads = to - from > ALONE ? (int)s->workers : 1;
#pragma omp parallel num_threads(threads)
    {
        worker *w = &s->worker[omp_get_thread_num()];
#pragma omp for schedule(dynamic, 32)
        for (size_t k = from; k < to; k++)
            if (w->status == DT_OK)
                note(w, s->stop && *s->stop ? DT_ERR_INTERRUPTED
                                            : expand(w, s->level.key + k * s->words));
#pragma omp for schedule(dynamic, 1)
        for (size_t shard = 0; shard < SHARDS; shard++)
            note(w, insert(s, shard));
#pragma omp for schedule(dynamic, 1)
        for (size_t shard = 0; shard < SHARDS; shard++) {
            for (size_t k = 0; k < s->vertex[shard].count && w->status == DT_OK; k++) {
                const uint64_t *both = s->vertex[shard].key + k * 2 * s->words;
                w->there = false;
                note(w, s->stop && *s->stop ? DT_ERR_INTERRUPTED
                                            : test_vertex(w, both + s->words, both));
            }
            s->vertex[shard].count = 0;
        }
    }
}

static uint64_t bytes(const scan *s) {
    uint64_t total = s->level.room;
    for (size_t k = 0; k < SHARDS; k++)
        total += s->seen[k].room + s->met[k].room + s->next[k].room;
    return total * s->words * sizeof(uint64_t);
}

static dt_status any_error(const scan *s) {
    for (size_t t = 0; t < s->workers; t++)
        if (s->worker[t].status != DT_OK)
            return s->worker[t].status;
    return DT_OK;
}

/* The new bases of all shards become the level to be expanded. */
static dt_status next_level(scan *s) {
    size_t count = 0;
    s->level.count = 0;
    for (size_t k = 0; k < SHARDS; k++)
        count += s->next[k].count;
    if (count > s->level.room) {
        free(s->level.key);
        s->level.key = malloc(count * s->words * sizeof *s->level.key);
        s->level.room = s->level.key ? count : 0;
        if (!s->level.key)
            return DT_ERR_MEMORY;
    }
    for (size_t k = 0; k < SHARDS; k++) {
        if (!s->next[k].count)
            continue;
        memcpy(s->level.key + s->level.count * s->words, s->next[k].key,
               s->next[k].count * s->words * sizeof *s->level.key);
        s->level.count += s->next[k].count;
        s->next[k].count = 0;
    }
    return DT_OK;
}

double dt_expected_bases(size_t m, size_t n) {
    double small = (double)(m < n ? m : n), large = (double)(m < n ? n : m);
    return 0.5 * exp2(1.12 * small) * pow(large / small, small / 5);
}

/* Of as many bases as there may be. */
static void tell(const scan *s, uint64_t known) {
    const dt_control *c = s->call->control;
    double expected = dt_expected_bases(s->rows, s->columns);
    uint64_t total = expected < 1e15 ? (uint64_t)expected : 0;
    if (c && c->progress)
        c->progress(c->user, "bases searched", s->call->bases, total > known ? total : known);
}

static dt_status levels(scan *s) {
    uint64_t *origin = calloc(s->words, sizeof *origin);
    bool fresh;
    dt_status status = origin ? DT_OK : DT_ERR_MEMORY;
    for (size_t j = 0; j < s->columns && origin; j++)
        dt_key_put(origin, j);
    if (status == DT_OK)
        status = dt_key_set_add(&s->seen[shard_of(origin, s->words)], origin, &fresh);
    if (status == DT_OK)
        status = dt_key_list_add(&s->level, origin);
    free(origin);
    while (status == DT_OK && s->level.count) {
        for (size_t from = 0; from < s->level.count && status == DT_OK; from += CHUNK) {
            size_t to = from + CHUNK < s->level.count ? from + CHUNK : s->level.count;
            tell(s, s->call->bases + s->level.count - from);
            chunk(s, from, to);
            s->call->bases += to - from;
            status = any_error(s);
            if (status == DT_OK && bytes(s) > s->call->most_bytes) {
                s->call->too_large = true;
                status = DT_ERR_INPUT;
            }
        }
        if (status == DT_OK)
            status = next_level(s);
    }
    return status;
}

static dt_status worker_init(scan *s, worker *w) {
    w->s = s;
    w->pairs = (dt_pairs){.size = {s->call->game->size[0], s->call->game->size[1]}};
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

static void worker_clear(scan *s, worker *w) {
    if (!w->s)
        return;
    dt_dictionary_clear(&w->d);
    dt_estimate_clear(&w->e);
    free(w->leaving);
    if (w->x)
        _fmpz_vec_clear(w->x, (slong)s->columns);
    free(w->key);
    dt_pairs_clear(&w->pairs);
    for (size_t k = 0; k < SHARDS; k++) {
        dt_key_list_clear(&w->out[k]);
        dt_key_list_clear(&w->tight_at[k]);
    }
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
    s->level.words = s->words;
    for (size_t k = 0; k < SHARDS; k++) {
        s->seen[k].words = s->met[k].words = s->next[k].words = s->words;
        s->vertex[k].words = 2 * s->words;
    }
    call->pairs = (dt_pairs){.size = {game->size[0], game->size[1]}};
    s->workers = call->control && call->control->threads ? (size_t)call->control->threads
                                                         : (size_t)omp_get_max_threads();
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
        status = levels(s);
    for (size_t t = 0; t < s->workers && s->worker; t++) {
        if (status == DT_OK)
            status = dt_pairs_join(&call->pairs, &s->worker[t].pairs);
        call->by_integers += s->worker[t].by_integers;
        worker_clear(s, &s->worker[t]);
    }
#pragma omp parallel num_threads((int)s->workers)
    {
        if (omp_get_thread_num() != 0)
            flint_cleanup();
    }
    for (size_t k = 0; k < SHARDS; k++) {
        dt_key_set_clear(&s->seen[k]);
        dt_key_set_clear(&s->met[k]);
        dt_key_list_clear(&s->next[k]);
        dt_key_list_clear(&s->vertex[k]);
    }
    dt_key_list_clear(&s->level);
    dt_rounded_clear(&s->polytope);
    dt_rounded_clear(&s->replies);
    free(s->worker);
    free(s);
    return status == DT_OK ? dt_pairs_sort(&call->pairs) : status;
}

void dt_mixed_search_clear(dt_mixed_search *search) {
    dt_pairs_clear(&search->pairs);
}
