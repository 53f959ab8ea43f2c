/* Candidates for equilibria by branch and bound over boxes of profiles (Land and Doig 1960; bounds
 * by interval arithmetic, Hansen and Walster 2004).
 *
 * A box is a set of levels for every move. Where some player surely gains by changing one move from
 * a level to another, whatever else is played in the box, that level is struck out of it, and so
 * round by round; a box in which a move has no level left holds no equilibrium. What is left is
 * split along the move that blurs the undecided gains most, until boxes are small enough to look at
 * each profile. */
#ifndef DT_EQUILIBRIUM_BOXES_H
#define DT_EQUILIBRIUM_BOXES_H

#include "equilibrium/pure/near.h"

/* Does the search apply: has the model gains over boxes, is every combination of levels a strategy,
 * and are there no more than 64 moves of 64 levels each? */
bool dt_boxes_apply(const dt_game *game);

/* As dt_near_equilibria. Sets *finished to false, without candidates, where looking at every
 * profile is better: when boxes take longer than rows would, or there are more than `most`
 * candidates, of which the first in profile order are wanted. */
dt_status dt_search_boxes(const dt_game *game, double slack, size_t most, const dt_control *control,
                          dt_candidates *out, bool *finished);

/* What a search is expected to take, by random probes of its tree (Knuth 1975). */
typedef struct dt_box_forecast {
    bool finishes;  /* else it would give way */
    double seconds; /* on one thread, until either */
    int probes;
} dt_box_forecast;

/* Probes for about `seconds`. `control` may be NULL. */
dt_status dt_boxes_forecast(const dt_game *game, double slack, double seconds,
                            const dt_control *control, dt_box_forecast *forecast);

#endif
