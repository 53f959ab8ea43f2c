/* The obedience constraints of correlated equilibrium, over the profiles left in a restriction.
 *
 * For a distribution p over profiles, each player i and each pair a, b of his strategies: told to
 * play a, he does not gain by b:  sum over s with s_i = a of p(s) (u_i(s) - u_i(b, s_-i)) >= 0
 * (Aumann 1987). Row 0 is sum p = 1, then a row for each (i, a, b), b fastest.
 *
 * Coarse: a player who commits to b before he is told anything does not gain: the same sum over all
 * s (Moulin and Vial 1978), a row for each (i, b) of the players with a choice.
 *
 * Payoffs are read in lines: a player's payoffs over his strategies left, the others' fixed. They
 * are kept where they are few, taken where the model has them, and else computed whenever they are
 * asked for; what is asked for is the same doubles. Exact payoffs are never kept.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_OBEDIENCE_H
#define DT_EQUILIBRIUM_OBEDIENCE_H

#include "deterra/concept.h"
#include "game/restriction.h"

/* Where payoffs come from. AS_FITS: those of a table that is left whole are taken from it; others
 * are kept where they take no more than DT_KEPT_BYTES and half of the memory. */
typedef enum dt_keeping { DT_KEEP_AS_FITS, DT_KEEP_ALL, DT_KEEP_NONE } dt_keeping;

/* Beyond this much, computing payoffs anew is little slower than reading them, and kinder. */
#define DT_KEPT_BYTES 1e9

typedef struct dt_obedience {
    const dt_game *game;
    const dt_restriction *left;
    dt_diag *diag;
    bool coarse;
    size_t players;
    size_t profiles;      /* left */
    size_t rows, entries; /* rows, and entries of a column */
    size_t stride[DT_MAX_PLAYERS];
    size_t first_row[DT_MAX_PLAYERS];
    bool kept;                           /* payoffs lie in memory */
    const double *value[DT_MAX_PLAYERS]; /* profiles each, where `kept` */
    double *own;                         /* those that had to be copied, or NULL */
    double bound[DT_MAX_PLAYERS];        /* on the error of a player's payoffs */
    double centre[DT_MAX_PLAYERS];       /* of a player's payoffs */
    double scale[DT_MAX_PLAYERS];        /* their range; 1 where it is 0 */
    dt_workspace *workspace;             /* of the thread that made it */
    double *all, *all_bound;             /* a line with the strategies that are not left */
} dt_obedience;

/* How many rows there will be, and about how many bytes this and a master need. */
double dt_obedience_rows(const dt_restriction *left, bool coarse);
double dt_obedience_bytes(const dt_game *game, const dt_restriction *left, dt_keeping keeping);

/* Reads all payoffs left once. To be cleared also after errors. */
dt_status dt_obedience_init(dt_obedience *o, const dt_game *game, const dt_restriction *left,
                            bool coarse, dt_keeping keeping, const dt_control *control,
                            dt_diag *diag);
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

/* The line of a player that the profile lies on: his payoff at each of his places, the others
 * playing as in the profile. By the thread that made `o`. O(strategies). */
dt_status dt_obedience_line(const dt_obedience *o, size_t profile, size_t player, double *value);

/* Computes all lines of a player, in parallel and in no order: `base` is the profile in which he
 * plays place 0. */
dt_status dt_obedience_lines(const dt_obedience *o, size_t player, const dt_control *control,
                             const char *what, void *shared,
                             void (*work)(void *shared, size_t base, const double *value));

/* A player's exact payoff. By the thread that made `o`. */
dt_status dt_obedience_exact(const dt_obedience *o, size_t profile, size_t player,
                             dt_exact *payoff);

#endif
