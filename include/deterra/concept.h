/* Solution concepts: the registry, and what a solver is given. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_CONCEPT_H
#define DETERRA_CONCEPT_H

#include <signal.h>

#include "deterra/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the caller watches and stops long work. A zeroed control does neither. */
typedef struct dt_control {
    int threads;                       /* 0: OpenMP's default */
    const volatile sig_atomic_t *stop; /* not NULL and not 0: stop soon, DT_ERR_INTERRUPTED */
    /* Called by one thread at a time: when a loop begins, with `done` 0, and now and then, `done`
     * of `total` units of `what`, whose first word is the unit ("profiles searched"). A `what` of
     * NULL is not for people. May be NULL. */
    void (*progress)(void *user, const char *what, uint64_t done, uint64_t total);
    void *user;
} dt_control;

typedef struct dt_solve_call {
    const dt_game *game;
    const dt_concept_request *request; /* its settings, already checked against `keys` below */
    const dt_control *control;
    dt_diag *diag;
    dt_result_list *results;
} dt_solve_call;

typedef enum dt_key_kind {
    DT_KEY_NUMBER,
    DT_KEY_AMOUNT, /* a number that is not negative */
    DT_KEY_WORD,
} dt_key_kind;

/* A setting that a concept understands. */
typedef struct dt_key {
    const char *name;
    dt_key_kind kind;
    const char *words; /* of a DT_KEY_WORD: the words allowed, "max|min", or NULL: any */
    bool required;
    const char *summary;
} dt_key;

/* How long solving is expected to take, and what that was found from. */
typedef struct dt_forecast {
    double seconds; /* finite */
    char how[96];   /* "60 probes of the search" */
} dt_forecast;

typedef struct dt_concept {
    const char *name;
    const char *summary; /* one line for `deterra list concepts` */
    const dt_key *keys;  /* ends with a NULL name */
    bool has_equilibria; /* its results hold play (profiles, mixtures or distributions), or say that
                            there is none */
    /* Adds one result or several to call->results. DT_ERR_INPUT with a diagnostic where the concept
     * does not apply to the game, saying which would. */
    dt_status (*solve)(const dt_solve_call *call);
    /* At most about how many payoffs it evaluates, for `deterra check`; may be NULL. */
    double (*work)(const dt_game *game);
    /* At most about how many bytes it needs beside the game's own; may be NULL. */
    double (*memory)(const dt_game *game);
    /* As dt_solve_expect; NULL: `work` at the pace at which payoffs are computed. */
    dt_status (*expect)(const dt_solve_call *call, double patience, dt_forecast *forecast);
} dt_concept;

size_t dt_concept_count(void);
const dt_concept *dt_concept_at(size_t i);
const dt_concept *dt_concept_find(const char *name); /* NULL when unknown */

/* Checks the request's name and settings, then solves. An unknown concept is DT_ERR_USAGE where its
 * place is the command line, else DT_ERR_INPUT. */
dt_status dt_concept_check(const dt_concept_request *request, dt_diag *diag);
dt_status dt_solve(const dt_solve_call *call);
/* Estimates how long dt_solve takes with the control's threads, by a sample of about `patience`
 * seconds or two; most solvers take less where they need not look at all profiles. call->results is
 * not used. Errors as dt_solve, as far as the sample meets them. */
dt_status dt_solve_expect(const dt_solve_call *call, double patience, dt_forecast *forecast);
/* The setting of that key, or NULL. */
const dt_setting *dt_request_setting(const dt_concept_request *request, const char *key);

#ifdef __cplusplus
}
#endif
#endif
