/* Claims of dominance by branch and bound over boxes of the others' profiles (Land and Doig 1960;
 * bounds by interval arithmetic, Hansen and Walster 2004). SPDX: GPL-3.0-or-later
 *
 * What the mixture gains over the strategy is a sum of gains of single moves, changed one after the
 * other; each is bounded over the box. A box in which the sum of the lower ends is positive is done
 * with; one in which that of the upper ends is negative shows a row where the claim is broken; the
 * others are halved along the move that blurs the ends most, and small ones looked at row by row.
 */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/dominance/claims.h"
#include "equilibrium/pure/box.h"
#include "equilibrium/pure/boxes.h"
#include "game/finite.h"

/* A box of so many rows is looked at row by row; a look at a box takes about as long as that many
 * rows; more claims than that are better decided by rows together. */
enum { SMALL_BOX = 2, ROWS_PER_BOX = 64, LEAST_BOXES = 64, MOST_CLAIMS = 4 };

/* A change of one own move on the way from the strategy to a support. */
typedef struct step {
    dt_sets own; /* the own moves as they are before: one bit each */
    dt_change change;
    double weight;
} step;

/* What the threads share. */
typedef struct search {
    const dt_part_round *part;
    dt_claim *claim;
    size_t claims;
    dt_moves moves;
    uint64_t most; /* boxes per claim */
} search;

/* One thread's own. */
typedef struct worker {
    const search *s;
    dt_workspace *workspace;
    double *value, *bound; /* a row */
    size_t steps, room;
    step *step;
    size_t boxes, box_room;
    dt_sets *box; /* a stack */
    double blur[DT_BOX_MOVES], share[DT_BOX_MOVES];
} worker;

static void levels_of(const dt_moves *moves, size_t player, uint32_t strategy, uint32_t *level) {
    for (size_t m = moves->first[player + 1]; m-- > moves->first[player];) {
        level[m] = strategy % moves->levels[m];
        strategy /= moves->levels[m];
    }
}

static dt_status add_step(worker *w, const step *next) {
    if (w->steps == w->room) {
        size_t room = w->room ? 2 * w->room : 16;
        step *larger = realloc(w->step, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        w->step = larger;
        w->room = room;
    }
    w->step[w->steps++] = *next;
    return DT_OK;
}

/* The steps to each support, first move first. */
static dt_status list_steps(worker *w, const dt_claim *c) {
    const search *s = w->s;
    const dt_part_round *p = s->part;
    uint32_t from[DT_BOX_MOVES], to[DT_BOX_MOVES];
    dt_status status = DT_OK;
    w->steps = 0;
    for (size_t k = 0; k < c->supports; k++) {
        levels_of(&s->moves, p->player, p->name[c->place], from);
        levels_of(&s->moves, p->player, p->name[c->support[k]], to);
        for (size_t m = s->moves.first[p->player];
             m < s->moves.first[p->player + 1] && status == DT_OK; m++) {
            if (from[m] == to[m])
                continue;
            step next = {.change = {(uint32_t)m, (uint16_t)from[m], (uint16_t)to[m]},
                         .weight = c->weight ? c->rounded[k] : 1};
            for (size_t i = s->moves.first[p->player]; i < s->moves.first[p->player + 1]; i++)
                next.own.of[i] = UINT64_C(1) << from[i];
            status = add_step(w, &next);
            from[m] = to[m];
        }
    }
    return status;
}

static dt_status push(worker *w, const dt_sets *box) {
    if (w->boxes == w->box_room) {
        size_t room = w->box_room ? 2 * w->box_room : 64;
        dt_sets *larger = realloc(w->box, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        w->box = larger;
        w->box_room = room;
    }
    w->box[w->boxes++] = *box;
    return DT_OK;
}

/* Is a strategy in the box? */
static bool holds(const dt_moves *moves, const dt_sets *box, size_t player, uint32_t strategy) {
    for (size_t m = moves->first[player + 1]; m-- > moves->first[player];) {
        if (!(box->of[m] >> strategy % moves->levels[m] & 1))
            return false;
        strategy /= moves->levels[m];
    }
    return true;
}

/* The first place from `from` on of the player's that the box holds; his count if none. */
static uint32_t place_in(const search *s, const dt_sets *box, size_t player, uint32_t from) {
    const dt_restriction *left = s->part->left;
    while (from < left->count[player] &&
           !holds(&s->moves, box, player, left->strategy[player][from]))
        from++;
    return from;
}

/* Ends of the claim's gain over the box, and how much each move blurs them. Rounding errors are
 * covered: a sum of n terms is off by less than n 2^-52 times the sum of their sizes, weights by
 * half an ulp. */
static dt_status bound_gain(worker *w, const dt_sets *box, double *low, double *high) {
    const search *s = w->s;
    const dt_game *game = s->part->game;
    size_t own = s->moves.first[s->part->player], end = s->moves.first[s->part->player + 1];
    double size = 0;
    *low = *high = 0;
    memset(w->share, 0, sizeof w->share);
    dt_sets at = *box;
    for (size_t k = 0; k < w->steps; k++) {
        const step *next = &w->step[k];
        double from, to;
        memcpy(at.of + own, next->own.of + own, (end - own) * sizeof *at.of);
        dt_status status = game->model->gains(game->self, w->workspace, s->part->player, at.of,
                                              &next->change, 1, true, &from, &to, w->blur);
        if (status != DT_OK)
            return status;
        *low += next->weight * from;
        *high += next->weight * to;
        size += next->weight * (fabs(from) + fabs(to));
        for (size_t m = 0; m < s->moves.count; m++)
            if (w->blur[m] > 0) /* false for NaN */
                w->share[m] += next->weight * fmin(w->blur[m], 1e300);
    }
    double slack = size * 0x1p-52 * (double)(w->steps + 4);
    *low -= slack;
    *high += slack;
    return DT_OK;
}

/* Looks at the row in which the others play these places; *broken: the claim does not hold. */
static dt_status look_at_row(worker *w, dt_claim *c, const uint32_t *place, bool *broken) {
    const dt_part_round *p = w->s->part;
    uint32_t profile[DT_MAX_PLAYERS];
    uint64_t index = 0;
    for (size_t i = 0; i < p->game->players; i++) {
        profile[i] = i == p->player ? 0 : p->left->strategy[i][place[i]];
        if (i != p->player)
            index = index * p->left->count[i] + place[i];
    }
    dt_status status =
        dt_finite_row(p->game, w->workspace, p->player, p->player, profile, w->value, w->bound);
    if (status != DT_OK)
        return status;
    double gain;
    dt_sign sign = dt_claim_judge(p, c, w->value, w->bound, &gain);
    if (sign == DT_UNDECIDED) {
        gain = 0;
        status = dt_claim_exactly(p, c, w->workspace, profile, &sign);
        c->undecided = c->undecided || (status == DT_OK && sign == DT_UNDECIDED);
    }
    *broken = status == DT_OK && (sign == DT_NEGATIVE || sign == DT_ZERO);
    if (*broken)
        dt_smallest_offer(&c->broken, gain, index);
    return status;
}

/* Looks at the first row of a box, or at all; *broken as above. A box may have none that is left.
 */
static dt_status look_at_rows(worker *w, dt_claim *c, const dt_sets *box, bool all, bool *broken) {
    const dt_part_round *p = w->s->part;
    uint32_t first[DT_MAX_PLAYERS] = {0}, place[DT_MAX_PLAYERS];
    *broken = false;
    for (size_t i = 0; i < p->game->players; i++) {
        if (i != p->player)
            first[i] = place_in(w->s, box, i, 0);
        if (first[i] == p->left->count[i])
            return DT_OK;
    }
    memcpy(place, first, sizeof place);
    for (;;) {
        dt_status status = look_at_row(w, c, place, broken);
        if (status != DT_OK || *broken || !all)
            return status;
        size_t i = p->game->players;
        while (i-- > 0) { /* the next row of the box */
            if (i == p->player)
                continue;
            place[i] = place_in(w->s, box, i, place[i] + 1);
            if (place[i] < p->left->count[i])
                break;
            place[i] = first[i];
        }
        if (i == SIZE_MAX)
            return DT_OK;
    }
}

static bool empty(const search *s, const dt_sets *box) {
    for (size_t i = 0; i < s->part->game->players; i++)
        if (i != s->part->player && place_in(s, box, i, 0) == s->part->left->count[i])
            return true;
    return false;
}

/* Halves a box along the move that blurs most. */
static dt_status halve(worker *w, dt_sets *box) {
    const search *s = w->s;
    size_t best = 0;
    double most = -1;
    for (size_t m = 0; m < s->moves.count; m++) {
        double score = w->share[m] + 1e-300 * dt_set_count(box->of[m]);
        if (dt_set_count(box->of[m]) > 1 && score > most) {
            most = score;
            best = m;
        }
    }
    dt_sets half = *box;
    half.of[best] = dt_set_lower_half(box->of[best]);
    box->of[best] &= ~half.of[best];
    dt_status status = empty(s, box) ? DT_OK : push(w, box);
    return status == DT_OK && !empty(s, &half) ? push(w, &half) : status;
}

/* Searches for a row that breaks the claim; leaves it unsettled where that takes too long. */
static dt_status decide(worker *w, dt_claim *c) {
    const search *s = w->s;
    size_t own = s->moves.first[s->part->player], end = s->moves.first[s->part->player + 1];
    dt_sets box = dt_sets_all(&s->moves);
    for (size_t m = own; m < end; m++)
        box.of[m] = 1; /* one bit: only the others' moves are split */
    dt_status status = list_steps(w, c);
    w->boxes = 0;
    if (status == DT_OK)
        status = push(w, &box);
    bool broken = false;
    for (uint64_t looks = 0; status == DT_OK && w->boxes > 0 && !broken; looks++) {
        double low, high;
        if (looks == s->most) {
            c->undecided = false;
            return DT_OK;
        }
        if (dt_part_stopped(s->part))
            return DT_ERR_INTERRUPTED;
        box = w->box[--w->boxes];
        double volume = dt_sets_volume(&s->moves, &box);
        if (volume <= SMALL_BOX) {
            status = look_at_rows(w, c, &box, true, &broken);
            continue;
        }
        status = bound_gain(w, &box, &low, &high);
        if (status != DT_OK || low > 0)
            continue;
        if (high < 0)
            status = look_at_rows(w, c, &box, false, &broken);
        if (status == DT_OK && !broken)
            status = halve(w, &box);
    }
    c->settled = status == DT_OK;
    return status;
}

static dt_status open_worker(worker *w, const search *s) {
    const dt_game *game = s->part->game;
    *w = (worker){.s = s};
    w->workspace = dt_workspace_new(game);
    w->value = malloc(game->player[s->part->player].strategies * sizeof *w->value);
    w->bound = malloc(game->player[s->part->player].strategies * sizeof *w->bound);
    return w->workspace && w->value && w->bound ? DT_OK : DT_ERR_MEMORY;
}

static void close_worker(worker *w) {
    if (w->workspace)
        dt_workspace_free(w->s->part->game, w->workspace);
    free(w->value);
    free(w->bound);
    free(w->step);
    free(w->box);
}

static void report(const dt_part_round *p, size_t done, size_t all) {
    if (p->control && p->control->progress)
        p->control->progress(p->control->user, "strategies searched for dominance", done, all);
}

dt_status dt_claims_by_boxes(const dt_part_round *p, dt_claim *claim, size_t claims) {
    if (claims > MOST_CLAIMS || !dt_boxes_apply(p->game))
        return DT_OK;
    search s = {.part = p, .claim = claim, .claims = claims};
    dt_moves_init(&s.moves, p->game);
    s.most = LEAST_BOXES + p->rows / (ROWS_PER_BOX * (uint64_t)claims);
    size_t next = 0, done = 0;
    dt_status all = DT_OK;
#pragma omp parallel num_threads(dt_part_threads(p))
    {
        worker w;
        dt_status status = open_worker(&w, &s), seen = DT_OK;
        while (status == DT_OK && seen == DT_OK) {
            size_t i, finished;
#pragma omp atomic capture
            i = next++;
            if (i >= claims)
                break;
            status = decide(&w, &claim[i]);
#pragma omp atomic capture
            finished = ++done;
            if (omp_get_thread_num() == 0)
                report(p, finished, claims);
#pragma omp atomic read
            seen = all;
        }
        close_worker(&w);
        if (status != DT_OK) {
#pragma omp critical(dt_claim_boxes)
            all = status;
        }
        if (omp_get_thread_num() != 0)
            flint_cleanup();
    }
    return all;
}
