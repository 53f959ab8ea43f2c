/* Boxes of profiles given by sets of levels, and the parallel search that splits them. */
#ifndef DT_EQUILIBRIUM_BOX_H
#define DT_EQUILIBRIUM_BOX_H

#include "deterra/concept.h"

enum { DT_BOX_MOVES = 64 };

/* A box: for every move of several levels (players in order) a bit for each that it may have. */
typedef struct dt_sets {
    uint64_t of[DT_BOX_MOVES];
} dt_sets;

/* The moves of several levels in a game in which every strategy is one level for each move, the
 * last fastest. */
typedef struct dt_moves {
    size_t players, count;
    uint32_t levels[DT_BOX_MOVES];
    size_t first[DT_MAX_PLAYERS + 1]; /* of each player's moves */
} dt_moves;

/* False where sets cannot describe the game: more than 64 moves, a move of more than 64 levels, or
 * strategies that `feasible` has thinned out. */
bool dt_moves_init(dt_moves *moves, const dt_game *game);
/* The player's strategy that has these levels of all moves of the game. */
uint32_t dt_moves_strategy(const dt_moves *moves, size_t player, const uint32_t *level);
/* All profiles. */
dt_sets dt_sets_all(const dt_moves *moves);
/* Profiles in a box. */
double dt_sets_volume(const dt_moves *moves, const dt_sets *sets);

static inline uint32_t dt_set_count(uint64_t set) {
    return (uint32_t)__builtin_popcountll(set);
}
static inline uint32_t dt_set_lowest(uint64_t set) {
    return (uint32_t)__builtin_ctzll(set);
}
static inline uint32_t dt_set_highest(uint64_t set) {
    return 63 - (uint32_t)__builtin_clzll(set);
}
uint64_t dt_set_lower_half(uint64_t set);

/* --- the search --- */

/* Threads take boxes from one stack and put parts of them back. A box is `size` bytes of the
 * caller's; a thread has a local state of `local` bytes, zeroed. Any order is possible: what is
 * found must not depend on it. */
typedef struct dt_box_stack dt_box_stack;
typedef struct dt_box_search {
    size_t size, local;
    void *shared;
    const dt_control *control; /* or NULL */
    const char *what;          /* of progress */
    uint64_t total;
    dt_status (*open)(void *shared, void *local);
    /* Looks at a box; pushes parts of it; says in *done how many profiles need no further look, and
     * in *enough that all is found. Short work: Ctrl-C waits for it. */
    dt_status (*box)(void *shared, void *local, dt_box_stack *stack, void *box, double *done,
                     bool *enough);
    /* Also after open failed; one thread at a time. */
    void (*close)(void *shared, void *local);
} dt_box_search;

dt_status dt_box_push(dt_box_stack *stack, const void *box);
/* Searches the box `all`. DT_ERR_INTERRUPTED within a box's time of being told. */
dt_status dt_box_search_run(const dt_box_search *search, const void *all);

#endif
