/* Visiting the expected payoffs of a mixed joint strategy against everything that the players who
 * do not mix may do, in parallel.
 *
 * Only the mixture's support is evaluated: support × paid players × joint strategies of the others
 * payoffs, in rows over that one of the others who has the most strategies. Rows are taken some at
 * a time and the support outside of them, so that a walk turns few moves (game/walk.h) and what it
 * sums stays in cache; memory does not grow with the game. */
#ifndef DT_GAME_MIXTURE_H
#define DT_GAME_MIXTURE_H

#include "deterra/concept.h"

typedef struct dt_mixture_play {
    uint64_t team;           /* who mix, a bit each */
    size_t support;          /* at least 1 */
    const uint32_t *profile; /* support × players: the team's strategies; the rest is not read */
    const double *weight;    /* support: at least 0, each within 2^-50 of what it stands for,
                                relatively; 1 alone stands for 1 */
    uint64_t paid;           /* whose payoffs are summed */
    bool negative;           /* minus the sum */
} dt_mixture_play;

typedef struct dt_mixture_row {
    uint64_t index, stride; /* joint strategy (game/team.h) of the others that lane 0 stands for,
                               and from lane to lane */
    uint32_t lanes;
    const double *value; /* finite */
    const double *bound; /* on |value - true value|; infinite where nothing is known */
    dt_workspace *workspace;
} dt_mixture_row;

/* A visitor has a local state per thread, of `size` bytes, zeroed. */
typedef struct dt_mixture_visitor {
    size_t size;
    void *shared;
    dt_status (*open)(void *shared, void *local); /* may be NULL */
    dt_status (*row)(void *shared, void *local, const dt_mixture_row *row);
    /* Called one thread at a time, also after errors, of open too: fold, free. May be NULL. */
    void (*close)(void *shared, void *local);
} dt_mixture_visitor;

/* Values do not depend on the threads. The payoffs must exist (dt_game_verify). */
dt_status dt_mixture_visit(const dt_game *game, const dt_mixture_play *play,
                           const dt_control *control, const char *what,
                           const dt_mixture_visitor *visitor);

/* sum over the paid of weight × payoff, exactly; the others' entries of `profile` are theirs, the
 * team's are overwritten. */
dt_status dt_mixture_exact(const dt_game *game, dt_workspace *workspace,
                           const dt_mixture_play *play, const fmpq *weight, uint32_t *profile,
                           dt_exact *sum);

#endif
