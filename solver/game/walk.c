/* The order in which a visit walks over the others' profiles. */
#include "game/walk.h"

#include <stdlib.h>
#include <string.h>

/* A strategy and the levels that its class agrees on. */
typedef struct sorted {
    const uint16_t *level;
    const bool *inner;
    size_t moves;
    uint32_t place;
} sorted;

/* By the outer moves' levels, then by place. */
static int compare(const void *a, const void *b) {
    const sorted *x = a, *y = b;
    for (size_t m = 0; m < x->moves; m++)
        if (!x->inner[m] && x->level[m] != y->level[m])
            return x->level[m] < y->level[m] ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool same_class(const sorted *x, const sorted *y) {
    for (size_t m = 0; m < x->moves; m++)
        if (!x->inner[m] && x->level[m] != y->level[m])
            return false;
    return true;
}

static dt_status classify(const dt_player *player, const uint32_t *strategy, uint32_t count,
                          const bool *inner, dt_classes *classes) {
    sorted *list = malloc(count * sizeof *list);
    classes->place = malloc((2 * (size_t)count + 1) * sizeof *classes->place);
    if (!list || !classes->place) {
        free(list);
        return DT_ERR_MEMORY;
    }
    classes->first = classes->place + count;
    for (uint32_t i = 0; i < count; i++)
        list[i] =
            (sorted){player->level + (size_t)strategy[i] * player->moves, inner, player->moves, i};
    qsort(list, count, sizeof *list, compare);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || !same_class(&list[i - 1], &list[i]))
            classes->first[classes->count++] = i;
        classes->place[i] = list[i].place;
    }
    classes->first[classes->count] = count;
    free(list);
    return DT_OK;
}

dt_status dt_walk_init(dt_walk *walk, const dt_game *game, const dt_restriction *restriction,
                       uint64_t paid, size_t over, bool plain) {
    *walk = (dt_walk){.game = game, .restriction = restriction, .over = over, .stations = 1};
    walk->rows = dt_restriction_others(restriction, over);
    size_t moves = 0;
    for (size_t i = 0; i < game->players; i++)
        moves += game->player[i].moves;
    bool *marks = calloc(moves + 1, sizeof *marks), *inner[DT_MAX_PLAYERS];
    if (!marks)
        return DT_ERR_MEMORY;
    moves = 0;
    for (size_t i = 0; i < game->players; moves += game->player[i++].moves)
        inner[i] = marks + moves;
    for (size_t p = 0; game->model->walk && !plain && p < game->players; p++)
        if (paid >> p & 1)
            game->model->walk(game->self, p, over, inner);
    dt_status status = DT_OK;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        if (i == over)
            continue;
        status = classify(&game->player[i], restriction->strategy[i], restriction->count[i],
                          inner[i], &walk->classes[i]);
        walk->stations *= walk->classes[i].count;
    }
    free(marks);
    if (status != DT_OK)
        dt_walk_clear(walk);
    return status;
}

void dt_walk_clear(dt_walk *walk) {
    for (size_t i = 0; walk->game && i < walk->game->players; i++)
        free(walk->classes[i].place);
    *walk = (dt_walk){0};
}

/* Puts player i on the member-th strategy of its class. */
static void put(dt_position *at, size_t i, uint32_t member) {
    const dt_classes *c = &at->walk->classes[i];
    at->member[i] = member;
    at->place[i] = c->place[c->first[at->station[i]] + member];
    at->profile[i] = at->walk->restriction->strategy[i][at->place[i]];
}

static void find_index(dt_position *at) {
    const dt_walk *walk = at->walk;
    at->index = 0;
    for (size_t i = 0; i < walk->game->players; i++)
        if (i != walk->over)
            at->index = at->index * walk->restriction->count[i] + at->place[i];
}

void dt_walk_enter(dt_position *at, const dt_walk *walk, uint64_t station) {
    at->walk = walk;
    for (size_t i = walk->game->players; i-- > 0;) {
        at->profile[i] = 0;
        if (i == walk->over)
            continue;
        at->station[i] = (uint32_t)(station % walk->classes[i].count);
        station /= walk->classes[i].count;
        put(at, i, 0);
    }
    find_index(at);
}

bool dt_walk_next(dt_position *at) {
    const dt_walk *walk = at->walk;
    for (size_t i = walk->game->players; i-- > 0;) {
        if (i == walk->over)
            continue;
        const dt_classes *c = &walk->classes[i];
        uint32_t members = c->first[at->station[i] + 1] - c->first[at->station[i]];
        if (at->member[i] + 1 < members) {
            put(at, i, at->member[i] + 1);
            find_index(at);
            return true;
        }
        if (members > 1)
            put(at, i, 0);
    }
    return false;
}
