/* The obedience constraints of correlated equilibrium, over the profiles left in a restriction.
 *
 * For a distribution p over profiles, each player i and each pair a, b of his strategies: told to
 * play a, he does not gain by b:  sum over s with s_i = a of p(s) (u_i(s) - u_i(b, s_-i)) >= 0
 * (Aumann 1987). Row 0 is sum p = 1, then a row for each (i, a, b), b fastest.
 *
 * Coarse: a player who commits to b before he is told anything does not gain: the same sum over all
 * s (Moulin and Vial 1978), a row for each (i, b) of the players with a choice.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_OBEDIENCE_H
#define DT_EQUILIBRIUM_OBEDIENCE_H

#include <flint/fmpz.h>

#include "deterra/concept.h"
#include "game/restriction.h"

typedef struct dt_obedience {
    const dt_game *game;
    const dt_restriction *left;
    bool coarse;
    size_t players;
    size_t profiles;      /* left */
    size_t rows, entries; /* rows, and entries of a column */
    size_t stride[DT_MAX_PLAYERS];
    size_t first_row[DT_MAX_PLAYERS];
    double *value;                 /* players × profiles: payoffs */
    double bound[DT_MAX_PLAYERS];  /* on the error of a player's payoffs */
    double centre[DT_MAX_PLAYERS]; /* of a player's payoffs */
    double scale[DT_MAX_PLAYERS];  /* their range; 1 where it is 0 */
    /* Where all payoffs are rational: payoff × denominator, players × profiles. Else NULL. */
    fmpz *integer;
    fmpz_t denominator;
} dt_obedience;

/* How many rows there will be, and about how many bytes this and a master need. */
double dt_obedience_rows(const dt_restriction *left, bool coarse);
double dt_obedience_bytes(const dt_restriction *left);

/* Reads all payoffs left: 16 bytes a payoff. To be cleared also after errors. */
dt_status dt_obedience_init(dt_obedience *o, const dt_game *game, const dt_restriction *left,
                            bool coarse, const dt_control *control, dt_diag *diag);
void dt_obedience_clear(dt_obedience *o);

/* A player's place among his strategies left, in a profile left. */
static inline size_t dt_obedience_place(const dt_obedience *o, size_t profile, size_t player) {
    return profile / o->stride[player] % o->left->count[player];
}
/* The row of (player, a, b), by places, a != b. */
static inline size_t dt_obedience_row(const dt_obedience *o, size_t player, size_t a, size_t b) {
    if (o->coarse)
        return o->first_row[player] + b;
    return o->first_row[player] + a * (o->left->count[player] - (size_t)1) + (b < a ? b : b - 1);
}
/* The player of a row other than 0. */
static inline size_t dt_obedience_player(const dt_obedience *o, size_t row) {
    size_t p = o->players;
    while (p-- > 1 && o->first_row[p] > row) {
    }
    return p;
}
/* The profile in which the player plays place b instead. */
static inline size_t dt_obedience_deviation(const dt_obedience *o, size_t profile, size_t player,
                                            size_t b) {
    return profile + (b - dt_obedience_place(o, profile, player)) * o->stride[player];
}
/* The profile's strategies in the game. */
void dt_obedience_profile(const dt_obedience *o, size_t profile, uint32_t *strategies);

/* A column in doubles, each player's payoffs divided by his scale; returns how many entries. */
size_t dt_obedience_column(const dt_obedience *o, size_t profile, size_t *row, double *value);

#endif
