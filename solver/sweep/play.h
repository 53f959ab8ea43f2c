/* Play in equilibrium: a distribution over profiles, whatever the concept.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_SWEEP_PLAY_H
#define DT_SWEEP_PLAY_H

#include "deterra/result.h"
#include "game/observables.h"

/* One of the equilibria, optima or corners of a result. */
typedef struct dt_play {
    const uint32_t *profile;   /* pure; else */
    const dt_mixture *mixture; /* a mixed strategy a player; else */
    size_t atoms;              /* a distribution over profiles */
    const dt_atom *atom;
    const dt_number *payoff; /* players, or NULL */
    dt_truth strict, pareto_efficient;
    dt_certificate certificate;
} dt_play;

/* How many a result has, and number i. */
size_t dt_play_count(const dt_result *result);
dt_play dt_play_of(const dt_result *result, size_t i);

/* The level of a move that is played with certainty: pure play, or a mixture whose strategies all
 * have it. NULL where several levels are. */
const char *dt_play_level(const dt_game *game, const dt_play *play, size_t player, size_t move);

/* Play that is not pure, in words: "CN: 1/2 none, 1/2 embargo; US: …", or of a distribution
 * "1/2 (none, off), …". malloc'ed; NULL when out of memory. */
char *dt_play_text(const dt_game *game, const dt_play *play);

/* The expected value of formula k, by balls of 128 bits, to the nearest double of the middle.
 * DT_ERR_INPUT with *fault where a profile played has none. Time: the profiles played. */
dt_status dt_play_expect(dt_observables *observables, size_t k, const dt_game *game,
                         const dt_play *play, double *value, dt_payoff_fault *fault);

#endif
