/* The order in which a visit walks over the others' profiles.
 *
 * The strategies left to each player are sorted into classes that agree on all moves but those that
 * the model wants to turn fastest. A station is one class per player; a visit goes from station to
 * station, and at each over all profiles of its classes. */
#ifndef DT_GAME_WALK_H
#define DT_GAME_WALK_H

#include "game/restriction.h"

/* One player's classes: the places (in restriction->strategy[i]) class by class. */
typedef struct dt_classes {
    uint32_t *place;
    uint32_t count;  /* classes */
    uint32_t *first; /* count + 1: where each class starts in `place` */
} dt_classes;

typedef struct dt_walk {
    const dt_game *game;
    const dt_restriction *restriction;
    size_t over;
    uint64_t stations, rows;
    dt_classes classes[DT_MAX_PLAYERS];
} dt_walk;

/* For rows over the strategies of `over` of the payoffs of `paid`, a bit for each player. `plain`:
 * every profile is a station of its own, whatever the model wants. */
dt_status dt_walk_init(dt_walk *walk, const dt_game *game, const dt_restriction *restriction,
                       uint64_t paid, size_t over, bool plain);
void dt_walk_clear(dt_walk *walk);

/* A position in a walk. */
typedef struct dt_position {
    const dt_walk *walk;
    uint32_t station[DT_MAX_PLAYERS]; /* the classes */
    uint32_t member[DT_MAX_PLAYERS];  /* within the class */
    uint32_t place[DT_MAX_PLAYERS];   /* in the restriction's lists */
    uint32_t profile[DT_MAX_PLAYERS]; /* the others' strategies; 0 for `over` */
    uint64_t index; /* of the others' profile among those left: mixed radix, last player fastest */
} dt_position;

/* Goes to the first row of a station. */
void dt_walk_enter(dt_position *at, const dt_walk *walk, uint64_t station);
/* Goes to the station's next row; false after the last one. */
bool dt_walk_next(dt_position *at);

#endif
