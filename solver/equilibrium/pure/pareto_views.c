/* Pareto dominance in a game whose payoffs stand in memory: one pass over those of one player, and
 * of the others where he does not lose. */
#include <omp.h>
#include <stdlib.h>

#include "base/clones.h"
#include "equilibrium/pure/pareto.h"
#include "game/chunks.h"

/* A chunk is taken by a thread; a piece of it, all players' payoffs, stays in its cache while it is
 * compared with one target after another. */
enum { WORD = 64, PIECE = 2048, CHUNK = 1 << 16, FEW = 3, SAMPLE = 512 };

/* A player's payoffs, and the target's. */
typedef struct column {
    const double *value;
    double least;
    bool exact; /* the doubles are the payoffs, not only nearest to them */
} column;

typedef struct search {
    dt_targets *targets;
    column *column; /* of each target players, the one who likes the fewest profiles first */
    dt_status status;
} search;

bool dt_pareto_views_apply(const dt_game *game) {
    bool exact;
    for (size_t i = 0; i < game->players; i++)
        if (!dt_game_view(game, i, &exact))
            return false;
    return true;
}

/* Bit j: value[j] >= least. At most 64. */
static inline __attribute__((always_inline)) uint64_t at_least(const double *value, double least,
                                                               size_t n) {
    uint64_t bits = 0;
#pragma omp simd reduction(| : bits)
    for (size_t j = 0; j < n; j++)
        bits |= (uint64_t)(value[j] >= least) << j;
    return bits;
}

/* Clears the bits of lower values, one by one: those of the other values stay out of the cache. */
static inline uint64_t keep_few(const double *value, double least, uint64_t bits) {
    for (uint64_t rest = bits; rest; rest &= rest - 1)
        if (value[__builtin_ctzll(rest)] < least)
            bits &= ~(rest & -rest);
    return bits;
}

/* The profiles from … from + n - 1 that are as good as the target for all players, as the doubles
 * have it. n is at most 64. */
static inline __attribute__((always_inline)) uint64_t as_good(const column *c, size_t players,
                                                              uint64_t from, size_t n) {
    uint64_t bits = n == WORD ? at_least(c->value + from, c->least, WORD)
                              : at_least(c->value + from, c->least, n);
    for (size_t i = 1; i < players && bits; i++)
        bits = __builtin_popcountll(bits) <= FEW
                   ? keep_few(c[i].value + from, c[i].least, bits)
                   : bits & at_least(c[i].value + from, c[i].least, n);
    return bits;
}

CLONES static uint64_t next_as_good(const column *c, size_t players, uint64_t *from, uint64_t to) {
    while (*from < to) {
        size_t n = to - *from < WORD ? to - *from : WORD;
        uint64_t bits = as_good(c, players, *from, n);
        if (bits)
            return bits;
        *from += n;
    }
    return 0;
}

/* Decides about a profile at which no double is below the target's. */
static dt_status decide(search *s, dt_target *target, const column *c, uint64_t profile,
                        dt_workspace **w) {
    bool better = false, sure = true;
    for (size_t i = 0; i < target->players; i++) {
        bool more = c[i].value[profile] > c[i].least;
        better = better || more;
        sure = sure && (more || c[i].exact);
    }
    if (sure) {
        dt_target_found(s->targets, target, better ? DT_TRUE : DT_FALSE);
        return DT_OK;
    }
    if (profile == target->profile)
        return DT_OK;
    if (!*w && !(*w = dt_workspace_new(s->targets->game)))
        return DT_ERR_MEMORY;
    uint32_t strategy[DT_MAX_PLAYERS];
    dt_profile_decode(s->targets->game, profile, strategy);
    return dt_target_decide(s->targets, target, *w, strategy);
}

static dt_status test(search *s, size_t k, uint64_t from, uint64_t to, dt_workspace **w) {
    dt_target *target = s->targets->search[k];
    const column *c = s->column + k * target->players;
    dt_status status = DT_OK;
    while (from < to && status == DT_OK && dt_target_open(target)) {
        uint64_t bits = next_as_good(c, target->players, &from, to);
        for (; bits && status == DT_OK && dt_target_open(target); bits &= bits - 1)
            status = decide(s, target, c, from + (uint64_t)__builtin_ctzll(bits), w);
        from += WORD;
    }
    return status;
}

static void search_chunk(void *shared, uint64_t from, uint64_t to) {
    search *s = shared;
    dt_workspace *w = NULL;
    dt_status status = DT_OK;
    for (uint64_t at = from; at < to && status == DT_OK && dt_targets_left(s->targets); at += PIECE)
        for (size_t k = 0; k < s->targets->searched && status == DT_OK; k++)
            status = test(s, k, at, at + PIECE < to ? at + PIECE : to, &w);
    if (status != DT_OK) {
#pragma omp critical(dt_pareto_views)
        s->status = status;
    }
    if (!w)
        return;
    dt_workspace_free(s->targets->game, w);
    if (omp_get_thread_num() != 0)
        flint_cleanup();
}

/* --- columns --- */

/* At how many of some profiles, evenly spread, is the player not below the target? */
static size_t liked(const column *c, uint64_t profiles) {
    size_t count = 0;
    uint64_t step = profiles / SAMPLE + 1;
    for (uint64_t k = 0; k < profiles; k += step)
        count += c->value[k] >= c->least;
    return count;
}

/* Puts the player first who likes the fewest profiles. */
static void order_columns(column *c, size_t players, uint64_t profiles) {
    size_t least = SIZE_MAX, first = 0;
    for (size_t i = 0; i < players; i++) {
        size_t count = liked(&c[i], profiles);
        if (count < least) {
            least = count;
            first = i;
        }
    }
    column kept = c[first];
    c[first] = c[0];
    c[0] = kept;
}

dt_status dt_pareto_views(dt_targets *targets, const dt_control *control) {
    const dt_game *game = targets->game;
    size_t players = game->players;
    search s = {.targets = targets};
    s.column = malloc(targets->searched * players * sizeof *s.column);
    if (!s.column)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < targets->searched; k++) {
        column *c = s.column + k * players;
        for (size_t i = 0; i < players; i++) {
            c[i].value = dt_game_view(game, i, &c[i].exact);
            c[i].least = c[i].value[targets->search[k]->profile];
        }
        order_columns(c, players, game->profiles);
    }
    dt_chunks chunks = {.units = game->profiles,
                        .chunk = CHUNK,
                        .run = search_chunk,
                        .shared = &s,
                        .control = control,
                        .what = DT_PARETO_WHAT,
                        .total = game->profiles,
                        .share = 1,
                        .parts = 1};
    dt_status status = dt_chunks_run(&chunks);
    free(s.column);
    return status == DT_OK ? s.status : status;
}
