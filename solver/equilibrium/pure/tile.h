/* Which payoffs are near the best of their player's: the kernels of the dense search. */
#ifndef DT_EQUILIBRIUM_TILE_H
#define DT_EQUILIBRIUM_TILE_H

#include <stddef.h>
#include <stdint.h>

/* One player's payoffs and the bits of the profiles they belong to. Profiles stand in lines of
 * `line` profiles, the strategies of the last players; the bits of a line start at a word of their
 * own, `words` words after those of the line before. */
typedef struct dt_tiling {
    const double *value;
    uint64_t *mask;
    uint64_t line, words;
    size_t rows;     /* the player's strategies */
    uint64_t stride; /* from one strategy to the next: in profiles where it is shorter than a line,
                        else in lines */
    double slack;    /* how far below the best a payoff may be: at least 0, rounded up */
} dt_tiling;

/* For a player of whom a line holds all strategies: clears the bits of lines from … to - 1 at which
 * his payoff is proven to be more than the slack below the best that he gets there by another
 * strategy. */
void dt_tiles_within(const dt_tiling *t, uint64_t from, uint64_t to);
/* For a player from whose strategies to the next there are `stride` lines: the same for the tiles
 * from … to - 1. The lines that differ in his strategy alone, cut into dt_tiles_in(line) pieces,
 * are that many tiles; tiles share no word of the mask. */
void dt_tiles_across(const dt_tiling *t, uint64_t from, uint64_t to);
uint64_t dt_tiles_in(uint64_t line);

#endif
