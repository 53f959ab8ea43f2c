/* Boxes of profiles given by sets of levels, and the parallel search that splits them. */
#include "equilibrium/pure/box.h"

#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* --- sets --- */

bool dt_moves_init(dt_moves *moves, const dt_game *game) {
    *moves = (dt_moves){.players = game->players};
    for (size_t i = 0; i < game->players; i++) {
        const dt_player *player = &game->player[i];
        uint64_t product = 1;
        moves->first[i] = moves->count;
        for (size_t m = 0; m < player->moves; m++) {
            uint32_t levels = player->move[m].levels;
            if (levels < 2)
                continue;
            if (moves->count == DT_BOX_MOVES || levels > 64)
                return false;
            moves->levels[moves->count++] = levels;
            product *= levels;
            if (product > player->strategies)
                return false;
        }
    }
    moves->first[game->players] = moves->count;
    return true;
}

uint32_t dt_moves_strategy(const dt_moves *moves, size_t player, const uint32_t *level) {
    uint32_t strategy = 0;
    for (size_t m = moves->first[player]; m < moves->first[player + 1]; m++)
        strategy = strategy * moves->levels[m] + level[m];
    return strategy;
}

dt_sets dt_sets_all(const dt_moves *moves) {
    dt_sets all = {{0}};
    for (size_t m = 0; m < moves->count; m++)
        all.of[m] = UINT64_MAX >> (64 - moves->levels[m]);
    return all;
}

double dt_sets_volume(const dt_moves *moves, const dt_sets *sets) {
    double product = 1;
    for (size_t m = 0; m < moves->count; m++)
        product *= dt_set_count(sets->of[m]);
    return product;
}

uint64_t dt_set_lower_half(uint64_t set) {
    uint64_t half = 0;
    for (uint32_t left = dt_set_count(set) / 2; left > 0; left--) {
        half |= set & -set;
        set &= set - 1;
    }
    return half;
}

/* --- the search --- */

struct dt_box_stack {
    const dt_box_search *search;
    omp_lock_t lock; /* over all that follows */
    char *box;
    size_t boxes, room;
    int busy;    /* threads that may push yet */
    double done; /* profiles */
    bool end;
    dt_status status;
};

/* With the lock held. */
static dt_status push(dt_box_stack *s, const void *box) {
    size_t size = s->search->size;
    if (s->boxes == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        char *grown = realloc(s->box, room * size);
        if (!grown)
            return DT_ERR_MEMORY;
        s->box = grown;
        s->room = room;
    }
    memcpy(s->box + s->boxes++ * size, box, size);
    return DT_OK;
}

dt_status dt_box_push(dt_box_stack *stack, const void *box) {
    omp_set_lock(&stack->lock);
    dt_status status = push(stack, box);
    omp_unset_lock(&stack->lock);
    return status;
}

static void report(const dt_box_stack *s, double done) {
    const dt_control *control = s->search->control;
    if (control && control->progress)
        control->progress(control->user, s->search->what, (uint64_t)done, s->search->total);
}

/* Takes a box after the one before is done with; false where there is none now. */
static bool take(dt_box_stack *s, void *box, bool was_busy, double done, bool *end) {
    bool got = false;
    double so_far;
    omp_set_lock(&s->lock);
    s->busy -= was_busy;
    s->done += done;
    if (s->boxes && !s->end) {
        memcpy(box, s->box + --s->boxes * s->search->size, s->search->size);
        s->busy++;
        got = true;
    }
    *end = s->end || (!got && s->busy == 0);
    so_far = s->done;
    omp_unset_lock(&s->lock);
    if (omp_get_thread_num() == 0)
        report(s, so_far);
    return got;
}

static dt_status work(dt_box_stack *s, void *local, void *box) {
    const dt_box_search *search = s->search;
    const dt_control *control = search->control;
    bool got = false, end = false, enough = false;
    double done = 0;
    for (;;) {
        got = take(s, box, got, done, &end);
        done = 0;
        if (end)
            return DT_OK;
        if (!got) {
            sched_yield();
            continue;
        }
        if (control && control->stop && *control->stop)
            return DT_ERR_INTERRUPTED;
        dt_status status = search->box(search->shared, local, s, box, &done, &enough);
        if (status != DT_OK || enough)
            return status;
    }
}

static void run_thread(dt_box_stack *s) {
    const dt_box_search *search = s->search;
    void *local = calloc(1, search->local), *box = malloc(search->size);
    dt_status status = local && box ? search->open(search->shared, local) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = work(s, local, box);
    omp_set_lock(&s->lock);
    s->end = true; /* all is done, or enough, or an error */
    if (s->status == DT_OK)
        s->status = status;
    if (local)
        search->close(search->shared, local);
    omp_unset_lock(&s->lock);
    free(local);
    free(box);
    if (omp_get_thread_num() != 0)
        flint_cleanup();
}

dt_status dt_box_search_run(const dt_box_search *search, const void *all) {
    const dt_control *control = search->control;
    int threads = control && control->threads > 0 ? control->threads : omp_get_max_threads();
    dt_box_stack s = {.search = search};
    omp_init_lock(&s.lock);
    s.status = push(&s, all);
    report(&s, 0);
    if (s.status == DT_OK) {
#pragma omp parallel num_threads(threads)
        run_thread(&s);
    }
    omp_destroy_lock(&s.lock);
    free(s.box);
    return s.status;
}
