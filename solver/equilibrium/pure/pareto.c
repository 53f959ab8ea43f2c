/* Pareto efficiency of some profiles, by a search of all. */
#include "equilibrium/pure/pareto.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "game/finite.h"
#include "game/rows.h"

/* A target, with an interval around each player's payoff. */
typedef struct target {
    uint64_t profile;
    double low[DT_MAX_PLAYERS], high[DT_MAX_PLAYERS];
    int dominated, undecided; /* flags that threads set */
} target;

typedef struct search {
    const dt_game *game;
    target *target;
    size_t targets;
    size_t last; /* the player over whose strategies rows run */
    size_t open; /* targets not yet dominated */
    dt_diag *diag;
} search;

/* A thread's rows of all players' payoffs. */
typedef struct lanes {
    double *value, *bound; /* of the player in hand */
    bool *least, *more;    /* per lane: at least as good so far; surely better for someone */
    bool *unsure;          /* per lane: some comparison was within its error */
} lanes;

static dt_status open_lanes(void *shared, void *local) {
    const search *s = shared;
    lanes *l = local;
    size_t n = s->game->player[s->last].strategies;
    l->value = malloc(n * sizeof *l->value);
    l->bound = malloc(n * sizeof *l->bound);
    l->least = malloc(n * sizeof *l->least);
    l->more = malloc(n * sizeof *l->more);
    l->unsure = malloc(n * sizeof *l->unsure);
    return l->value && l->bound && l->least && l->more && l->unsure ? DT_OK : DT_ERR_MEMORY;
}

static dt_status close_lanes(void *shared, void *local) {
    (void)shared;
    lanes *l = local;
    free(l->value);
    free(l->bound);
    free(l->least);
    free(l->more);
    free(l->unsure);
    return DT_OK;
}

/* Compares one player's payoffs with the target's; how many lanes are still as good. */
static uint32_t compare(const target *t, size_t player, const double *value, const double *bound,
                        uint32_t n, lanes *l) {
    uint32_t left = 0;
    for (uint32_t i = 0; i < n; i++) {
        double up = value[i] + bound[i], down = value[i] - bound[i];
        up += fabs(up) * 0x1p-51;
        down -= fabs(down) * 0x1p-51;
        if (bound[i] == 0)
            up = down = value[i];
        l->least[i] = l->least[i] && up >= t->low[player];
        l->more[i] = l->more[i] || down > t->high[player];
        bool certain =
            down > t->high[player] || (bound[i] == 0 && t->low[player] == t->high[player]);
        l->unsure[i] = l->unsure[i] || !certain;
        left += l->least[i];
    }
    return left;
}

/* Decides in exact numbers whether `profile` dominates the target. */
static dt_status dominates_exactly(const search *s, dt_workspace *w, const uint32_t *profile,
                                   const target *t, dt_truth *answer) {
    uint32_t other[DT_MAX_PLAYERS];
    dt_profile_decode(s->game, t->profile, other);
    dt_exact x, y;
    dt_exact_init(&x);
    dt_exact_init(&y);
    dt_exact_context *c = dt_game_context(s->game, w);
    bool better = false, unknown = false, worse = false;
    dt_status status = c ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < s->game->players && status == DT_OK && !worse; i++) {
        status = dt_game_exact(s->game, w, i, profile, &x, NULL);
        if (status == DT_OK)
            status = dt_game_exact(s->game, w, i, other, &y, NULL);
        if (status != DT_OK)
            break;
        dt_sign sign = dt_exact_compare(c, &x, &y);
        better |= sign == DT_POSITIVE;
        worse |= sign == DT_NEGATIVE;
        unknown |= sign == DT_UNDECIDED;
    }
    dt_exact_clear(&x);
    dt_exact_clear(&y);
    *answer = worse ? DT_FALSE : unknown ? DT_UNKNOWN : better ? DT_TRUE : DT_FALSE;
    return status;
}

/* The profiles of a row that are as good as the target for all players. */
static dt_status test_target(search *s, lanes *l, const dt_row *row, target *t) {
    uint32_t n = row->lanes;
    for (uint32_t i = 0; i < n; i++) {
        l->least[i] = true;
        l->more[i] = l->unsure[i] = false;
    }
    uint32_t left = compare(t, 0, row->value, row->bound, n, l);
    dt_status status = DT_OK;
    for (size_t p = 1; p < s->game->players && left && status == DT_OK; p++) {
        status =
            dt_finite_row(s->game, row->workspace, p, s->last, row->profile, l->value, l->bound);
        left = compare(t, p, l->value, l->bound, n, l);
    }
    uint32_t profile[DT_MAX_PLAYERS];
    memcpy(profile, row->profile, s->game->players * sizeof *profile);
    for (uint32_t i = 0; i < n && left && status == DT_OK; i++) {
        profile[s->last] = i;
        if (!l->least[i] || dt_profile_index(s->game, profile) == t->profile)
            continue;
        dt_truth answer = l->more[i] ? DT_TRUE : DT_FALSE;
        if (l->unsure[i])
            status = dominates_exactly(s, row->workspace, profile, t, &answer);
        if (answer == DT_UNKNOWN) {
#pragma omp atomic write
            t->undecided = 1;
        } else if (answer == DT_TRUE) {
            int before;
#pragma omp atomic capture
            {
                before = t->dominated;
                t->dominated = 1;
            }
            if (!before) {
#pragma omp atomic update
                s->open--;
            }
            break;
        }
    }
    return status;
}

static dt_status test_row(void *shared, void *local, const dt_row *row, bool *enough) {
    search *s = shared;
    dt_status status = DT_OK;
    double best = -INFINITY; /* of player 0 in this row: most rows end here */
    for (uint32_t i = 0; i < row->lanes; i++)
        best = fmax(best, row->value[i] + row->bound[i]);
    best += fabs(best) * 0x1p-50;
    for (size_t k = 0; k < s->targets && status == DT_OK; k++) {
        int dominated;
#pragma omp atomic read
        dominated = s->target[k].dominated;
        if (!dominated && best >= s->target[k].low[0])
            status = test_target(s, local, row, &s->target[k]);
    }
    size_t open;
#pragma omp atomic read
    open = s->open;
    *enough = open == 0;
    return status;
}

/* An interval of doubles around each payoff of the target. */
static dt_status measure(const dt_game *game, dt_workspace *w, target *t, dt_diag *diag) {
    uint32_t profile[DT_MAX_PLAYERS];
    dt_profile_decode(game, t->profile, profile);
    dt_exact x;
    dt_exact_init(&x);
    dt_status status = DT_OK;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        status = dt_game_exact(game, w, i, profile, &x, diag);
        if (status != DT_OK)
            break;
        double radius, d = dt_exact_double(dt_game_context(game, w), &x, &radius);
        int same = 0;
        if (dt_exact_is_rational(&x))
            dt_fmpq_double(x.rational, &same);
        double room = same ? 0 : radius + fabs(d) * 0x1p-51 + 0x1p-1060;
        t->low[i] = d - room;
        t->high[i] = d + room;
    }
    dt_exact_clear(&x);
    return status;
}

dt_status dt_pareto_efficient(const dt_game *game, const uint64_t *profile, size_t count,
                              const dt_control *control, dt_diag *diag, dt_truth *efficient) {
    for (size_t k = 0; k < count; k++)
        efficient[k] = DT_UNKNOWN;
    if (count == 0 || game->profiles > UINT64_C(1) << 28 ||
        count > (UINT64_C(1) << 36) / game->profiles)
        return DT_OK;
    search s = {
        .game = game, .targets = count, .open = count, .last = game->players - 1, .diag = diag};
    s.target = calloc(count, sizeof *s.target);
    dt_workspace *w = dt_workspace_new(game);
    dt_status status = s.target && w ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        s.target[k].profile = profile[k];
        status = measure(game, w, &s.target[k], diag);
    }
    dt_workspace_free(game, w);
    dt_restriction all;
    if (status == DT_OK) {
        status = dt_restriction_init(&all, game);
        if (status == DT_OK) {
            dt_row_visitor visitor = {.size = sizeof(lanes),
                                      .shared = &s,
                                      .open = open_lanes,
                                      .row = test_row,
                                      .close = close_lanes};
            status = dt_rows_visit(game, &all, 0, s.last, control,
                                   "profiles searched for Pareto improvements", diag, &visitor);
            dt_restriction_clear(&all);
        }
    }
    for (size_t k = 0; k < count && status == DT_OK; k++)
        efficient[k] = s.target[k].dominated   ? DT_FALSE
                       : s.target[k].undecided ? DT_UNKNOWN
                                               : DT_TRUE;
    free(s.target);
    return status;
}
