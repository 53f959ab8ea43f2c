/* Visiting payoff rows in parallel: the loop that the solvers share.
 *
 * For every profile of the others that is left in a restriction, the visitor sees the payoffs of
 * `player` over ALL strategies of `over` (not only those left). Values and bounds are always
 * finite: where the fast evaluation fails, the exact payoff stands in, and a payoff that does not
 * exist ends the visit with an error that names the first such profile, whatever the threads did.
 *
 * Cost: dt_restriction_others(restriction, over) rows of strategies(over) payoffs each. */
#ifndef DT_GAME_ROWS_H
#define DT_GAME_ROWS_H

#include "deterra/concept.h"
#include "game/restriction.h"

typedef struct dt_row {
    uint64_t index; /* of the others' profile among those left, mixed radix, last fastest */
    const uint32_t *profile; /* the entry of `over` is 0 */
    uint32_t lanes;          /* strategies(over) */
    const double *value;
    const double *bound;
    dt_workspace *workspace; /* the thread's own, for exact questions */
} dt_row;

/* A visitor has a local state per thread, of `size` bytes, zeroed. */
typedef struct dt_row_visitor {
    size_t size;
    void *shared;
    dt_status (*open)(void *shared, void *local); /* may be NULL */
    /* 0: all rows; else about so many, evenly spread. */
    uint64_t sample;
    /* Is row `index` wanted at all? It is not computed otherwise. May be NULL: all are. */
    bool (*wanted)(void *shared, uint64_t index);
    /* DT_OK to go on. Set *enough to end the visit early without error. */
    dt_status (*row)(void *shared, void *local, const dt_row *row, bool *enough);
    /* Called one thread at a time, at the end, also after errors: fold local into shared, free. */
    dt_status (*close)(void *shared, void *local); /* may be NULL */
} dt_row_visitor;

dt_status dt_rows_visit(const dt_game *game, const dt_restriction *restriction, size_t player,
                        size_t over, const dt_control *control, const char *what, dt_diag *diag,
                        const dt_row_visitor *visitor);

#endif
