/* Pareto dominance by branch and bound over boxes of profiles.
 *
 * A box holds nothing that dominates a target if the most that some player gets in it is less than
 * what the target gives him, or if nobody gets more. What is left is split along the move that
 * blurs the payoffs most, until boxes are small enough to look at each profile; of two halves the
 * one that promises more to the player who loses most is searched first, so that a dominating
 * profile, where there is one, is found soon. */
#include <math.h>
#include <stdlib.h>

#include "equilibrium/pure/box.h"
#include "equilibrium/pure/pareto.h"
#include "equilibrium/pure/strip.h"

enum { SMALL_BOX = 16, SPARSE = 4, SAMPLES = 16 };

typedef struct box {
    dt_sets sets;
    double high[DT_MAX_PLAYERS]; /* at most so much for each player */
} box;

/* What the threads share. */
typedef struct search {
    dt_targets *targets;
    dt_moves moves;
    double *blur;                 /* players × moves: how wide payoffs are over an open move */
    double scale[DT_MAX_PLAYERS]; /* how wide they are over all */
} search;

/* One thread's own. */
typedef struct worker {
    dt_workspace *workspace;
    dt_strip strip;
    unsigned char *wanted; /* lanes of the strip */
    size_t closer;         /* the player whose range closed the last box: asked first */
} worker;

bool dt_pareto_boxes_apply(const dt_game *game) {
    const dt_model_ops *model = game->model;
    dt_moves moves;
    return model->boxes && model->boxes(game->self) && dt_moves_init(&moves, game);
}

/* --- bounds --- */

static dt_status range(const search *s, worker *w, size_t player, const dt_sets *sets, double *low,
                       double *high) {
    const dt_game *game = s->targets->game;
    dt_status status = game->model->range(game->self, w->workspace, player, sets->of, low, high);
    *low = isfinite(*low) ? *low : -INFINITY;
    *high = isfinite(*high) ? *high : INFINITY;
    return status;
}

/* May a box of these bounds hold something that dominates the target? */
static bool may_dominate(const dt_target *t, const double *high) {
    bool better = false;
    for (size_t i = 0; i < t->players; i++) {
        if (high[i] < t->low[i])
            return false;
        better = better || high[i] > t->low[i];
    }
    return better;
}

/* The first target in hand that something in the box may dominate; NULL: none. */
static const dt_target *surviving(const search *s, const double *high) {
    for (size_t k = 0; k < s->targets->searched; k++) {
        const dt_target *t = s->targets->search[k];
        if (dt_target_open(t) && may_dominate(t, high))
            return t;
    }
    return NULL;
}

/* Bounds the box, whose `high` are those of a larger one; is it worth a look? *promise: how much
 * the player who loses most by comparison with a target has in the middle of his range. */
static dt_status bound(const search *s, worker *w, box *b, bool *alive, double *promise) {
    double middle[DT_MAX_PLAYERS];
    const dt_target *t = NULL;
    for (size_t k = 0, i = w->closer; k < s->moves.players; k++, i = (i + 1) % s->moves.players) {
        double low, high;
        dt_status status = range(s, w, i, &b->sets, &low, &high);
        if (status != DT_OK)
            return status;
        b->high[i] = high < b->high[i] ? high : b->high[i];
        middle[i] = low + (b->high[i] - low) / 2;
        t = surviving(s, b->high);
        *alive = t != NULL;
        if (!t) {
            w->closer = i;
            return DT_OK;
        }
    }
    *promise = INFINITY;
    for (size_t i = 0; i < s->moves.players; i++)
        *promise = fmin(*promise, (middle[i] - t->low[i]) / (s->scale[i] + 0x1p-1000));
    return DT_OK;
}

/* --- small boxes --- */

/* The strategies of a player that a box holds lie within `span` strategies from the first. */
typedef struct own {
    uint32_t first, span, count;
} own;

static own own_strategies(const search *s, const dt_sets *sets, size_t player) {
    uint32_t low[DT_BOX_MOVES], high[DT_BOX_MOVES], count = 1;
    for (size_t m = s->moves.first[player]; m < s->moves.first[player + 1]; m++) {
        low[m] = dt_set_lowest(sets->of[m]);
        high[m] = dt_set_highest(sets->of[m]);
        count *= dt_set_count(sets->of[m]);
    }
    uint32_t first = dt_moves_strategy(&s->moves, player, low);
    return (own){first, dt_moves_strategy(&s->moves, player, high) - first + 1, count};
}

/* The player whose strategies make strips of the box: the most of them, and no sparse ones. */
static bool strips_over(const search *s, const dt_sets *sets, size_t *over) {
    uint32_t most = 0;
    for (size_t i = 0; i < s->moves.players; i++) {
        own o = own_strategies(s, sets, i);
        if (o.count > most && o.span <= SPARSE * o.count) {
            most = o.count;
            *over = i;
        }
    }
    return most > 0;
}

/* Turns to the next levels of the moves from … to - 1; false after the last. */
static bool next_levels(const dt_sets *sets, uint32_t *level, size_t from, size_t to) {
    for (size_t m = to; m-- > from;) {
        uint64_t higher = sets->of[m] & ~(UINT64_MAX >> (63 - level[m]));
        level[m] = dt_set_lowest(higher ? higher : sets->of[m]);
        if (higher)
            return true;
    }
    return false;
}

static dt_status look(const search *s, worker *w, const dt_sets *sets, size_t over) {
    const dt_moves *moves = &s->moves;
    own o = own_strategies(s, sets, over);
    uint32_t level[DT_BOX_MOVES], profile[DT_MAX_PLAYERS];
    for (size_t m = 0; m < moves->count; m++)
        level[m] = dt_set_lowest(sets->of[m]);
    for (uint32_t k = 0; k < o.span; k++)
        w->wanted[k] = 0;
    do
        w->wanted[dt_moves_strategy(moves, over, level) - o.first] = 1;
    while (next_levels(sets, level, moves->first[over], moves->first[over + 1]));
    dt_status status;
    do {
        for (size_t i = 0; i < moves->players; i++)
            profile[i] = i == over ? o.first : dt_moves_strategy(moves, i, level);
        dt_strip_move(&w->strip, over, profile, o.span, w->wanted);
        status = dt_strip_test(&w->strip);
    } while (status == DT_OK && (next_levels(sets, level, moves->first[over + 1], moves->count) ||
                                 next_levels(sets, level, 0, moves->first[over])));
    return status;
}

/* --- splitting --- */

/* The move that blurs the payoffs most, in units of what is to be shown of each: that the most a
 * player gets is below what the target gives him. */
static size_t move_to_split(const search *s, const box *b, const dt_target *t) {
    size_t best = 0;
    double most = -1;
    for (size_t m = 0; m < s->moves.count; m++) {
        uint64_t set = b->sets.of[m];
        if (dt_set_count(set) < 2)
            continue;
        double part =
            (double)(dt_set_highest(set) - dt_set_lowest(set)) / (double)(s->moves.levels[m] - 1);
        double score = 1e-9 * dt_set_count(set);
        for (size_t i = 0; i < s->moves.players; i++) {
            double gap = b->high[i] - t->low[i] + 1e-9 * s->scale[i];
            double share = part * s->blur[i * s->moves.count + m] / gap;
            score += isfinite(share) ? share : 0;
        }
        if (score > most) {
            most = score;
            best = m;
        }
    }
    return best;
}

static dt_status split(const search *s, worker *w, dt_box_stack *stack, box *b, const dt_target *t,
                       double *done) {
    size_t m = move_to_split(s, b, t);
    box half[2] = {*b, *b};
    half[0].sets.of[m] = dt_set_lower_half(b->sets.of[m]);
    half[1].sets.of[m] = b->sets.of[m] & ~half[0].sets.of[m];
    bool alive[2];
    double promise[2] = {0, 0};
    dt_status status = DT_OK;
    for (int h = 0; h < 2 && status == DT_OK; h++) {
        status = bound(s, w, &half[h], &alive[h], &promise[h]);
        if (status == DT_OK && !alive[h])
            *done += dt_sets_volume(&s->moves, &half[h].sets);
    }
    int first = promise[1] > promise[0]; /* to be pushed last */
    for (int k = 0; k < 2 && status == DT_OK; k++) {
        int h = k == 0 ? !first : first;
        if (alive[h])
            status = dt_box_push(stack, &half[h]);
    }
    return status;
}

static dt_status search_box(void *shared, void *local, dt_box_stack *stack, void *item,
                            double *done, bool *enough) {
    const search *s = shared;
    worker *w = local;
    box *b = item;
    *enough = dt_targets_left(s->targets) == 0;
    const dt_target *t = surviving(s, b->high); /* some may have been settled since it was split */
    double volume = dt_sets_volume(&s->moves, &b->sets);
    size_t over = 0;
    bool leaf = !t || (volume <= SMALL_BOX && strips_over(s, &b->sets, &over));
    if (leaf)
        *done = volume;
    if (!t)
        return DT_OK;
    return leaf ? look(s, w, &b->sets, over) : split(s, w, stack, b, t, done);
}

/* --- threads --- */

static dt_status open_worker(void *shared, void *local) {
    const search *s = shared;
    worker *w = local;
    uint32_t room = SPARSE * SMALL_BOX;
    w->workspace = dt_workspace_new(s->targets->game);
    w->wanted = malloc(room);
    if (!w->workspace || !w->wanted)
        return DT_ERR_MEMORY;
    dt_status status = dt_strip_open(&w->strip, s->targets, room);
    w->strip.workspace = w->workspace;
    return status;
}

static void close_worker(void *shared, void *local) {
    const search *s = shared;
    worker *w = local;
    dt_strip_close(&w->strip);
    dt_workspace_free(s->targets->game, w->workspace);
    free(w->wanted);
}

/* Measures s->blur at some profiles and s->scale. */
static dt_status measure(search *s) {
    worker w = {.workspace = dt_workspace_new(s->targets->game)};
    dt_status status = w.workspace ? DT_OK : DT_ERR_MEMORY;
    dt_sets all = dt_sets_all(&s->moves);
    double low, high;
    uint64_t state = 1;
    for (size_t i = 0; i < s->moves.players && status == DT_OK; i++) {
        status = range(s, &w, i, &all, &low, &high);
        s->scale[i] = high - low < 1e300 ? high - low : 1e300;
    }
    for (int k = 0; k < SAMPLES && status == DT_OK; k++) {
        dt_sets at = all;
        for (size_t m = 0; m < s->moves.count; m++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            at.of[m] = UINT64_C(1) << (state >> 33) % s->moves.levels[m];
        }
        for (size_t m = 0; m < s->moves.count && status == DT_OK; m++) {
            dt_sets open = at;
            open.of[m] = all.of[m];
            for (size_t i = 0; i < s->moves.players && status == DT_OK; i++) {
                status = range(s, &w, i, &open, &low, &high);
                s->blur[i * s->moves.count + m] += high - low < 1e300 ? high - low : 1e300;
            }
        }
    }
    close_worker(s, &w);
    return status;
}

dt_status dt_pareto_boxes(dt_targets *targets, const dt_control *control) {
    search s = {.targets = targets};
    dt_moves_init(&s.moves, targets->game);
    s.blur = calloc(s.moves.players * s.moves.count + 1, sizeof *s.blur);
    dt_status status = s.blur ? measure(&s) : DT_ERR_MEMORY;
    box all = {.sets = dt_sets_all(&s.moves)};
    for (size_t i = 0; i < s.moves.players; i++)
        all.high[i] = INFINITY;
    dt_box_search boxes = {.size = sizeof(box),
                           .local = sizeof(worker),
                           .shared = &s,
                           .control = control,
                           .what = DT_PARETO_WHAT,
                           .total = targets->game->profiles,
                           .open = open_worker,
                           .box = search_box,
                           .close = close_worker};
    if (status == DT_OK)
        status = dt_box_search_run(&boxes, &all);
    free(s.blur);
    return status;
}
