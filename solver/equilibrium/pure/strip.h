/* Strips: profiles that differ in one player's strategy, compared with targets. */
#ifndef DT_EQUILIBRIUM_STRIP_H
#define DT_EQUILIBRIUM_STRIP_H

#include "equilibrium/pure/targets.h"

/* One thread's own. Each player's payoffs are computed when they are first asked for. */
typedef struct dt_strip {
    dt_targets *targets;
    dt_workspace *workspace;          /* the caller's */
    size_t over;                      /* the player whose strategies differ */
    uint32_t profile[DT_MAX_PLAYERS]; /* his is the first of them */
    uint32_t lanes;
    const unsigned char *wanted; /* lanes: which are asked for; NULL: all */
    uint32_t room;
    double *value, *bound; /* players × room */
    double best[DT_MAX_PLAYERS];
    bool ready[DT_MAX_PLAYERS];
    unsigned char *least, *more, *unsure; /* lanes: as good so far; better for some; not certain */
} dt_strip;

/* For strips of at most `room` lanes. */
dt_status dt_strip_open(dt_strip *s, dt_targets *targets, uint32_t room);
void dt_strip_close(dt_strip *s);
/* Turns to another strip, of which `profile` is the first. */
void dt_strip_move(dt_strip *s, size_t over, const uint32_t *profile, uint32_t lanes,
                   const unsigned char *wanted);
/* Gives a player's payoffs where the caller has them. */
void dt_strip_give(dt_strip *s, size_t player, const double *value, const double *bound);
/* Notes which targets in hand are dominated in the strip. O(players × lanes) payoffs, as many
 * comparisons a target; most targets cost a comparison with the best payoff of the strip. */
dt_status dt_strip_test(dt_strip *s);

#endif
