/* Branch and bound over boxes of profiles. */
#include "equilibrium/pure/boxes.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/pure/box.h"
#include "equilibrium/pure/threshold.h"
#include "game/finite.h"

enum { MOVES = DT_BOX_MOVES, SMALL_BOX = 4 };

enum { FEWEST_PROBES = 8, SAMPLE_ROWS = 48 };

/* What the threads share. */
typedef struct search {
    const dt_game *game;
    double slack;
    dt_moves moves;
    omp_lock_t lock; /* over `found` */
    dt_candidates found;
    size_t most;     /* candidates worth keeping */
    double deadline; /* to give up */
    bool gave_up;
} search;

/* One thread's own. */
typedef struct worker {
    search *s;
    dt_workspace *workspace;
    double *value, *bound; /* a row */
    dt_change change[DT_MOST_CHANGES];
    double low[DT_MOST_CHANGES], high[DT_MOST_CHANGES];
    double blur[DT_MOST_CHANGES * MOVES];
    /* of each player's undecided gains: how much each move blurs them, as a part of their width */
    double share[DT_MAX_PLAYERS][MOVES];
    double success[DT_MAX_PLAYERS]; /* of looks at a box, how many emptied it lately */
} worker;

bool dt_boxes_apply(const dt_game *game) {
    dt_moves moves;
    return game->model->boxes && game->model->boxes(game->self) && dt_moves_init(&moves, game);
}

/* A box, and for how many splits yet a player need not be asked again: see note_hope. */
typedef struct node {
    dt_sets sets;
    float wait[DT_MAX_PLAYERS];
} node;

static double volume(const search *s, const node *b) {
    return dt_sets_volume(&s->moves, &b->sets);
}

/* --- striking out --- */

/* Changes worth trying for a move: from each of its levels in the box to the ones beside it, the
 * first and the last. */
static size_t list_changes(const search *s, size_t m, uint64_t set, dt_change *list, size_t room) {
    uint32_t last = s->moves.levels[m] - 1;
    size_t count = 0;
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        uint32_t from = dt_set_lowest(rest);
        uint32_t to[4] = {from + 1, from ? from - 1 : last, 0, last};
        uint64_t tried = UINT64_C(1) << from;
        for (int k = 0; k < 4 && count < room; k++) {
            if (to[k] > last || tried >> to[k] & 1)
                continue;
            tried |= UINT64_C(1) << to[k];
            if (to[k] < from && set >> to[k] & 1) /* seen from the other side */
                continue;
            list[count++] = (dt_change){(uint32_t)m, (uint16_t)from, (uint16_t)to[k]};
        }
    }
    return count;
}

/* Notes which moves stand in the way of deciding a gain; gains that are nearly decided count most.
 */
static void note_blur(worker *w, size_t player, size_t k) {
    const search *s = w->s;
    const double *blur = w->blur + k * s->moves.count;
    double width = w->high[k] - w->low[k];
    double lean = 2 * fmax(w->high[k], -w->low[k]) / width - 1, weight = lean * lean + 0.01;
    for (size_t m = 0; m < s->moves.count; m++)
        if (blur[m] > 0 && weight > 0) /* false for NaN */
            w->share[player][m] += weight * (blur[m] < width ? blur[m] / width : 1);
}

/* A split makes the ends of gains some 0.63 as wide: a player whose best hope to decide one is
 * h times too wide need not be asked for about log(h) / log(1 / 0.63) = 1.5 log2(h) splits. */
static float splits_to_wait(double hope) {
    return hope > 1 && hope < 1e18 ? (float)(1.5 * log2(hope)) : 0;
}

/* How many times too wide are the ends of an undecided gain? */
static double excess(const worker *w, size_t k) {
    return (w->high[k] - w->low[k]) / fabs(w->high[k] + w->low[k]);
}

/* Strikes out levels by the changes listed. */
static dt_status ask(worker *w, node *b, size_t player, size_t count) {
    const search *s = w->s;
    dt_status status = s->game->model->gains(s->game->self, w->workspace, player, b->sets.of,
                                             w->change, count, false, w->low, w->high, w->blur);
    double hope = INFINITY;
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        const dt_change *c = &w->change[k];
        uint64_t from = UINT64_C(1) << c->from, to = UINT64_C(1) << c->to;
        if (w->low[k] > s->slack) {
            b->sets.of[c->move] &= ~from;
        } else if (w->high[k] < -s->slack) {
            b->sets.of[c->move] &= ~to;
        } else {
            note_blur(w, player, k);
            hope = excess(w, k) < hope ? excess(w, k) : hope; /* false for NaN */
        }
    }
    b->wait[player] = splits_to_wait(hope);
    return status;
}

/* Strikes out levels that a player surely leaves, if it is time to ask him. */
static dt_status strike(worker *w, node *b, size_t player) {
    const search *s = w->s;
    size_t count = 0, room = DT_MOST_CHANGES;
    memset(w->share[player], 0, s->moves.count * sizeof *w->share[player]);
    if (b->wait[player] >= 1) {
        b->wait[player] -= 1;
        return DT_OK;
    }
    for (size_t m = s->moves.first[player]; m < s->moves.first[player + 1]; m++)
        count += list_changes(s, m, b->sets.of[m], w->change + count, room - count);
    dt_status status = count > 0 ? ask(w, b, player, count) : DT_OK;
    bool emptied = volume(s, b) == 0;
    w->success[player] += (emptied - w->success[player]) / 32;
    return status;
}

/* The players in order of their success in emptying boxes lately. */
static void order_players(const worker *w, size_t *order) {
    for (size_t i = 0; i < w->s->game->players; i++) {
        size_t at = i;
        for (; at > 0 && w->success[order[at - 1]] < w->success[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* A look by each player whose time it is; false in *alive where the box holds no equilibrium. More
 * rounds would strike out a little more and take longer than splitting the box. */
static dt_status shrink(worker *w, node *b, bool *alive) {
    size_t players = w->s->game->players, order[DT_MAX_PLAYERS];
    order_players(w, order);
    *alive = true;
    dt_status status = DT_OK;
    for (size_t k = 0; k < players && *alive && status == DT_OK; k++) {
        status = strike(w, b, order[k]);
        *alive = volume(w->s, b) > 0;
    }
    return status;
}

/* --- splitting --- */

/* The move whose levels blur the open gains most; a box has one with several levels. */
static size_t move_to_split(const worker *w, const node *b) {
    const search *s = w->s;
    size_t best = 0;
    double most = -1;
    for (size_t k = 0; k < s->moves.count; k++) {
        if (dt_set_count(b->sets.of[k]) < 2)
            continue;
        double score = 1e-9 * dt_set_count(b->sets.of[k]);
        for (size_t i = 0; i < s->game->players; i++)
            score += w->share[i][k];
        if (score > most) {
            most = score;
            best = k;
        }
    }
    return best;
}

static void halve(const worker *w, node *b, node *half) {
    size_t m = move_to_split(w, b);
    *half = *b;
    half->sets.of[m] = dt_set_lower_half(b->sets.of[m]);
    b->sets.of[m] &= ~half->sets.of[m];
}

/* --- small boxes --- */

/* Is every player near a best reply? */
static dt_status is_near(worker *w, const uint32_t *profile, bool *near) {
    const search *s = w->s;
    *near = true;
    for (size_t i = 0; i < s->game->players && *near; i++) {
        dt_status status = dt_finite_row(s->game, w->workspace, i, i, profile, w->value, w->bound);
        if (status != DT_OK)
            return status;
        double best = -INFINITY;
        for (uint32_t k = 0; k < s->game->player[i].strategies; k++)
            best = fmax(best, w->value[k] - w->bound[k]);
        double high = w->value[profile[i]] + w->bound[profile[i]];
        *near = high + fabs(high) * 0x1p-50 >= dt_threshold(best, s->slack);
    }
    return DT_OK;
}

static int ascending(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void give_up(search *s) {
#pragma omp atomic write
    s->gave_up = true;
}

static dt_status look_at_profiles(worker *w, const node *b) {
    search *s = w->s;
    uint32_t level[MOVES], profile[DT_MAX_PLAYERS];
    uint64_t rest[MOVES];
    for (size_t m = 0; m < s->moves.count; m++) {
        rest[m] = b->sets.of[m];
        level[m] = dt_set_lowest(rest[m]);
    }
    for (;;) {
        for (size_t i = 0; i < s->game->players; i++)
            profile[i] = dt_moves_strategy(&s->moves, i, level);
        bool near;
        dt_status status = is_near(w, profile, &near);
        if (status == DT_OK && near) {
            omp_set_lock(&s->lock);
            status = dt_candidates_add(&s->found, dt_profile_index(s->game, profile), SIZE_MAX);
            bool many = s->found.count > s->most;
            omp_unset_lock(&s->lock);
            if (many)
                give_up(s);
        }
        if (status != DT_OK)
            return status;
        size_t m = s->moves.count;
        while (m > 0) { /* the next profile of the box */
            m--;
            rest[m] &= rest[m] - 1;
            if (rest[m])
                break;
            rest[m] = b->sets.of[m];
            level[m] = dt_set_lowest(rest[m]);
            if (m == 0)
                return DT_OK;
        }
        level[m] = dt_set_lowest(rest[m]);
    }
}

/* --- the search --- */

static dt_status look_at_box(void *shared, void *local, dt_box_stack *stack, void *box,
                             double *done, bool *enough) {
    search *s = shared;
    worker *w = local;
    node *b = box, half;
    double held = volume(s, b), kept;
    bool alive;
    dt_status status = shrink(w, b, &alive);
    *done = held;
    if (status == DT_OK && alive && (kept = volume(s, b)) > SMALL_BOX) {
        halve(w, b, &half);
        status = dt_box_push(stack, b);
        if (status == DT_OK)
            status = dt_box_push(stack, &half);
        *done = held - kept;
    } else if (status == DT_OK && alive) {
        status = look_at_profiles(w, b);
    }
    if (omp_get_wtime() > s->deadline)
        give_up(s);
#pragma omp atomic read
    *enough = s->gave_up;
    return status;
}

static dt_status open_worker(void *shared, void *local) {
    worker *w = local;
    w->s = shared;
    const dt_game *game = w->s->game;
    uint32_t most = 1;
    for (size_t i = 0; i < game->players; i++)
        most = game->player[i].strategies > most ? game->player[i].strategies : most;
    w->workspace = dt_workspace_new(game);
    w->value = malloc(most * sizeof *w->value);
    w->bound = malloc(most * sizeof *w->bound);
    return w->workspace && w->value && w->bound ? DT_OK : DT_ERR_MEMORY;
}

static void close_worker(void *shared, void *local) {
    worker *w = local;
    dt_workspace_free(((search *)shared)->game, w->workspace);
    free(w->value);
    free(w->bound);
}

static void open_search(search *s, const dt_game *game, double slack, size_t most) {
    *s = (search){.game = game, .slack = slack, .most = most};
    dt_moves_init(&s->moves, game);
    omp_init_lock(&s->lock);
}

/* The seconds that a look at all profiles by rows would take on one thread: by a sample, in the
 * order in which rows would be visited. More than that a search by boxes must not take. */
static double seconds_of_rows(worker *w) {
    const dt_game *game = w->s->game;
    double started = omp_get_wtime(), payoffs = 0;
    for (size_t i = 0; i < game->players; i++)
        for (uint64_t k = 0; k < SAMPLE_ROWS; k++) {
            uint32_t profile[DT_MAX_PLAYERS];
            uint64_t rest = k;
            for (size_t j = game->players; j-- > 0;) {
                uint32_t strategies = j == i ? 1 : game->player[j].strategies;
                profile[j] = (uint32_t)(rest % strategies);
                rest /= strategies;
            }
            if (dt_finite_row(game, w->workspace, i, i, profile, w->value, w->bound) != DT_OK)
                return INFINITY;
            payoffs += game->player[i].strategies;
        }
    return 0.1 + (omp_get_wtime() - started) / payoffs * (double)game->profiles;
}

dt_status dt_search_boxes(const dt_game *game, double slack, size_t most, const dt_control *control,
                          dt_candidates *out, bool *finished) {
    search s;
    open_search(&s, game, slack, most);
    dt_box_search run = {.size = sizeof(node),
                         .local = sizeof(worker),
                         .shared = &s,
                         .control = control,
                         .what = "profiles searched",
                         .total = game->profiles,
                         .open = open_worker,
                         .box = look_at_box,
                         .close = close_worker};
    node all = {.sets = dt_sets_all(&s.moves)};
    worker *first = calloc(1, sizeof *first);
    dt_status status = first ? open_worker(&s, first) : DT_ERR_MEMORY;
    if (status == DT_OK) {
        int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
        s.deadline = omp_get_wtime() + seconds_of_rows(first) / threads;
        status = dt_box_search_run(&run, &all);
    }
    if (first)
        close_worker(&s, first);
    free(first);
    omp_destroy_lock(&s.lock);
    *finished = !s.gave_up;
    if (status != DT_OK || s.gave_up)
        dt_candidates_clear(&s.found);
    if (s.found.count)
        qsort(s.found.profile, s.found.count, sizeof *s.found.profile, ascending);
    *out = s.found;
    return status;
}

/* Adds to *seconds what the looks along one random path to the bottom stand for: the time of each
 * weighs as much as there would be nodes at its depth if all paths were alike (Knuth 1975). */
static dt_status probe(worker *w, uint64_t *state, double *seconds) {
    search *s = w->s;
    node b = {.sets = dt_sets_all(&s->moves)}, half;
    for (double weight = 1;; weight *= 2) {
        bool alive;
        double started = omp_get_wtime();
        dt_status status = shrink(w, &b, &alive);
        bool bottom = status != DT_OK || !alive || volume(s, &b) <= SMALL_BOX;
        if (bottom && alive && status == DT_OK)
            status = look_at_profiles(w, &b);
        *seconds += weight * (omp_get_wtime() - started);
        if (bottom)
            return status;
        halve(w, &b, &half);
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        if (*state >> 63)
            b = half;
    }
}

dt_status dt_boxes_forecast(const dt_game *game, double slack, double seconds,
                            const dt_control *control, dt_box_forecast *forecast) {
    worker *w = calloc(1, sizeof *w);
    if (!w)
        return DT_ERR_MEMORY;
    search s;
    open_search(&s, game, slack, 0);
    *forecast = (dt_box_forecast){.finishes = false};
    dt_status status = open_worker(&s, w);
    double rows = status == DT_OK ? seconds_of_rows(w) : 0;
    double started = omp_get_wtime(), sum = 0;
    uint64_t state = 1;
    for (; status == DT_OK &&
           (forecast->probes < FEWEST_PROBES || omp_get_wtime() - started < seconds);
         forecast->probes++)
        status = control && control->stop && *control->stop ? DT_ERR_INTERRUPTED
                                                            : probe(w, &state, &sum);
    if (status == DT_OK) {
        double expected = sum / forecast->probes;
        forecast->finishes = expected <= rows;
        forecast->seconds = forecast->finishes ? expected : rows;
    }
    dt_candidates_clear(&s.found);
    close_worker(&s, w);
    free(w);
    omp_destroy_lock(&s.lock);
    return status;
}
