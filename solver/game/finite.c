/* Are payoffs finite? Rows whose values and bounds all are, and tables. */
#include "game/finite.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/clones.h"
#include "game/chunks.h"

static bool all_finite(const double *value, const double *bound, uint32_t lanes) {
    double sum = 0; /* anything infinite or NaN makes x × 0 a NaN */
    for (uint32_t i = 0; i < lanes; i++)
        sum += value[i] * 0 + bound[i] * 0;
    return sum == 0;
}

dt_status dt_finite_row(const dt_game *game, dt_workspace *workspace, size_t player, size_t over,
                        const uint32_t *profile, double *value, double *bound) {
    dt_status status = dt_game_row(game, workspace, player, over, profile, value, bound);
    uint32_t lanes = game->player[over].strategies;
    if (status != DT_OK || all_finite(value, bound, lanes))
        return status;
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, profile, game->players * sizeof *at);
    dt_exact exact;
    dt_exact_init(&exact);
    for (uint32_t i = 0; i < lanes && status == DT_OK; i++) {
        if (isfinite(value[i]) && isfinite(bound[i]))
            continue;
        at[over] = i;
        status = dt_game_exact(game, workspace, player, at, &exact, NULL);
        if (status != DT_OK)
            break;
        double radius;
        value[i] = dt_exact_double(dt_game_context(game, workspace), &exact, &radius);
        /* the radius is 0 for rationals, which may still have been rounded */
        bound[i] = fmax(radius, fabs(value[i]) * 0x1p-52) + 0x1p-1074;
    }
    dt_exact_clear(&exact);
    return status;
}

enum { BLOCK = 1 << 16 };

typedef struct search {
    const double *value;
    uint64_t first; /* the least index of a number that is not finite, so far */
} search;

/* Not a sum that a NaN would poison: an addition waits for the one before it. */
CLONES static bool some_not_finite(const double *value, uint64_t count) {
    int bad = 0;
#pragma omp simd reduction(| : bad)
    for (uint64_t k = 0; k < count; k++)
        bad |= !(fabs(value[k]) <= DBL_MAX);
    return bad;
}

static void search_chunk(void *shared, uint64_t from, uint64_t to) {
    search *s = shared;
    if (!some_not_finite(s->value + from, to - from))
        return;
    while (isfinite(s->value[from]))
        from++;
#pragma omp critical(dt_finite)
    s->first = from < s->first ? from : s->first;
}

dt_status dt_first_not_finite(const dt_game *game, const dt_control *control, size_t *player,
                              uint64_t *profile) {
    *profile = game->profiles;
    for (size_t i = 0; i < game->players; i++) {
        bool exact;
        search s = {dt_game_view(game, i, &exact), *profile};
        dt_chunks chunks = {.units = *profile, /* the rest cannot be first */
                            .chunk = BLOCK,
                            .run = search_chunk,
                            .shared = &s,
                            .control = control,
                            .what = "profiles checked for payoffs that are not finite",
                            .total = game->profiles,
                            .before = i,
                            .share = 1,
                            .parts = game->players};
        dt_status status = s.value && *profile ? dt_chunks_run(&chunks) : DT_OK;
        if (status != DT_OK)
            return status;
        if (s.first < *profile) {
            *profile = s.first;
            *player = i;
        }
    }
    return DT_OK;
}
