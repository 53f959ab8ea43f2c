/* Answers of one side to the mixed strategy of the other: by descent, and among all.
 * SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/security/answers.h"
#include "equilibrium/security/guarantee_search.h"
#include "game/finite.h"
#include "lp/basis.h"

/* Starts of descents: of the LP's support, of the strategies that came last, and drawn. */
enum { FROM_SUPPORT = 16, FROM_LAST = 16, DRAWN = 8 };
/* Weights of the LP that are noise. */
static const double NEXT_TO_NOTHING = 1e-12;

bool dt_search_complete(const dt_search *s, int side) {
    return s->matrix.side[side].count == s->matrix.side[side].strategies;
}

dt_status dt_search_play_init(const dt_search *s, int side, const fmpq *exact,
                              dt_search_play *play) {
    const dt_matrix_side *mine = &s->matrix.side[side];
    size_t players = s->game->players, n = 0;
    *play = (dt_search_play){0};
    play->profile = malloc(mine->count * players * sizeof *play->profile);
    play->weight = malloc(mine->count * sizeof *play->weight);
    play->exact = exact ? malloc(mine->count * sizeof *play->exact) : NULL;
    if (!play->profile || !play->weight || (exact && !play->exact))
        return DT_ERR_MEMORY;
    double sum = 0;
    for (size_t k = 0; k < mine->count; k++) {
        double w = exact ? dt_lp_double(exact + k) : s->weight[side][k];
        if (exact ? fmpq_is_zero(exact + k) : !(w > NEXT_TO_NOTHING))
            continue;
        memcpy(play->profile + n * players, mine->profile + k * players,
               players * sizeof *play->profile);
        if (exact)
            play->exact[n] = exact[k]; /* the caller's: not to be cleared */
        play->weight[n++] = w;
        sum += w;
    }
    for (size_t k = 0; k < n && !exact; k++)
        play->weight[k] /= sum;
    play->play = (dt_mixture_play){.team = mine->team,
                                   .support = n,
                                   .profile = play->profile,
                                   .weight = play->weight,
                                   .paid = s->matrix.side[DT_MATRIX_COLUMNS].team,
                                   .negative = side == DT_MATRIX_ROWS};
    return n ? DT_OK : DT_ERR_SOLVER;
}

void dt_search_play_clear(dt_search_play *play) {
    free(play->profile);
    free(play->weight);
    free(play->exact);
    *play = (dt_search_play){0};
}

/* Below that an answer is worth having. */
static double limit_of(const dt_search *s, int side, double slack) {
    return (side == DT_MATRIX_ROWS ? s->v : -s->v) - slack * s->scale;
}

/* --- one member's strategy at a time --- */

typedef struct descent {
    dt_search *s;
    const dt_matrix_side *side;
    const dt_mixture_play *play;
    double limit;
    dt_smallest *found;
    double *sum, *value, *bound; /* of the largest member */
    uint32_t profile[DT_MAX_PLAYERS];
    double least;
} descent;

/* Turns a member to the strategy that is best for the side; *better tells whether that helped. */
static dt_status turn(descent *d, size_t member, bool *better) {
    const dt_game *game = d->s->game;
    uint32_t lanes = game->player[member].strategies, profile[DT_MAX_PLAYERS];
    memset(d->sum, 0, lanes * sizeof *d->sum);
    for (size_t k = 0; k < d->play->support; k++) {
        const uint32_t *mixed = d->play->profile + k * game->players;
        for (size_t i = 0; i < game->players; i++)
            profile[i] = dt_team_has(d->play->team, i) ? mixed[i] : d->profile[i];
        double weight = d->play->negative ? -d->play->weight[k] : d->play->weight[k];
        for (size_t p = 0; p < game->players; p++) {
            if (!dt_team_has(d->play->paid, p))
                continue;
            dt_status status = dt_finite_row(game, d->s->workspace[member], p, member, profile,
                                             d->value, d->bound);
            if (status != DT_OK)
                return status;
            for (uint32_t lane = 0; lane < lanes; lane++)
                d->sum[lane] += weight * d->value[lane];
        }
    }
    uint32_t best = d->profile[member];
    for (uint32_t lane = 0; lane < lanes; lane++)
        if (d->sum[lane] < d->sum[best])
            best = lane;
    *better = d->sum[best] < d->least;
    if (*better) {
        d->profile[member] = best;
        d->least = d->sum[best];
    }
    return DT_OK;
}

static dt_status descend(descent *d) {
    const dt_game *game = d->s->game;
    size_t since = 0, members = (size_t)__builtin_popcountll(d->side->team);
    d->least = INFINITY;
    dt_status status = DT_OK;
    for (size_t member = 0; since < members && status == DT_OK;
         member = (member + 1) % game->players) {
        if (!dt_team_has(d->side->team, member))
            continue;
        bool better = false;
        status = turn(d, member, &better);
        since = better ? 1 : since + 1;
        const volatile sig_atomic_t *stop = d->s->control ? d->s->control->stop : NULL;
        if (status == DT_OK && stop && *stop)
            status = DT_ERR_INTERRUPTED;
    }
    if (status == DT_OK && d->least < d->limit)
        dt_smallest_offer(d->found, d->least, dt_team_encode(game, d->side->team, d->profile));
    return status;
}

static dt_status start_at(descent *d, uint64_t index) {
    memset(d->profile, 0, sizeof d->profile);
    dt_team_decode(d->s->game, d->side->team, index, d->profile);
    return descend(d);
}

static dt_status descend_from_all(descent *d, const double *weight) {
    const dt_matrix_side *side = d->side;
    dt_status status = DT_OK;
    size_t last = side->count > FROM_LAST ? side->count - FROM_LAST : 0, support = 0;
    for (size_t k = 0; k < last && support < FROM_SUPPORT && status == DT_OK; k++)
        if (weight[k] > NEXT_TO_NOTHING) {
            support++;
            status = start_at(d, side->index[k]);
        }
    for (size_t k = last; k < side->count && status == DT_OK; k++)
        status = start_at(d, side->index[k]);
    uint64_t state = side->count;
    for (int k = 0; k < DRAWN && status == DT_OK; k++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        status = start_at(d, (state >> 1) % side->strategies);
    }
    return status;
}

dt_status dt_search_descend(dt_search *s, int side, double slack, dt_smallest *found) {
    const dt_matrix_side *mine = &s->matrix.side[side];
    dt_search_play play;
    dt_status status = dt_search_play_init(s, !side, NULL, &play);
    size_t over = dt_team_largest(s->game, mine->team);
    for (size_t i = 0; i < s->game->players && status == DT_OK; i++)
        if (dt_team_has(mine->team, i) && !s->workspace[i]) {
            s->workspace[i] = dt_workspace_new(s->game);
            status = s->workspace[i] ? DT_OK : DT_ERR_MEMORY;
        }
    size_t lanes = over < s->game->players ? s->game->player[over].strategies : 1;
    double *room = malloc(3 * lanes * sizeof *room);
    descent d = {.s = s,
                 .side = mine,
                 .play = &play.play,
                 .limit = limit_of(s, side, slack),
                 .found = found,
                 .sum = room};
    if (status == DT_OK && !room)
        status = DT_ERR_MEMORY;
    if (status == DT_OK) {
        d.value = room + lanes;
        d.bound = room + 2 * lanes;
        status = descend_from_all(&d, s->weight[side]);
    }
    free(room);
    dt_search_play_clear(&play);
    return status;
}

/* --- among all --- */

typedef struct best {
    double limit;
    dt_smallest *found;
} best;

static dt_status best_open(void *shared, void *local) {
    (void)shared;
    return dt_smallest_init(local, DT_SEARCH_MOST);
}

static dt_status best_row(void *shared, void *local, const dt_mixture_row *row) {
    const best *b = shared;
    for (uint32_t k = 0; k < row->lanes; k++)
        if (row->value[k] < b->limit && isfinite(row->bound[k]))
            dt_smallest_offer(local, row->value[k], row->index + k * row->stride);
    return DT_OK;
}

static void best_reset(void *shared) {
    ((best *)shared)->found->count = 0;
}

static void best_close(void *shared, void *local) {
    best *b = shared;
    dt_smallest *mine = local;
    if (mine->entry)
        dt_smallest_merge(b->found, mine);
    dt_smallest_clear(mine);
}

dt_status dt_search_all(dt_search *s, int side, double slack, dt_smallest *found) {
    dt_search_play play;
    dt_status status = dt_search_play_init(s, !side, NULL, &play);
    best b = {limit_of(s, side, slack), found};
    dt_mixture_visitor visitor = {.size = sizeof(dt_smallest),
                                  .shared = &b,
                                  .open = best_open,
                                  .row = best_row,
                                  .close = best_close};
    if (status == DT_OK)
        status = dt_answers_visit(&(dt_answers){s->game, &play.play, b.limit, s->control,
                                                DT_SEARCH_WHAT, &visitor, best_reset, 0, NULL});
    dt_search_play_clear(&play);
    return status;
}
