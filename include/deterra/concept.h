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
    /* Called now and then by one thread: `done` of `total` units of `what`. May be NULL. */
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

typedef enum dt_key_kind { DT_KEY_NUMBER, DT_KEY_WORD } dt_key_kind;

/* A setting that a concept understands. */
typedef struct dt_key {
    const char *name;
    dt_key_kind kind;
    const char *words; /* of a DT_KEY_WORD: the words allowed, "max|min", or NULL: any */
    bool required;
    const char *summary;
} dt_key;

typedef struct dt_concept {
    const char *name;
    const char *summary; /* one line for `deterra list concepts` */
    const dt_key *keys;  /* ends with a NULL name */
    /* Adds one result or several to call->results. DT_ERR_INPUT with a diagnostic where the concept
     * does not apply to the game, saying which would. */
    dt_status (*solve)(const dt_solve_call *call);
    /* About how many payoffs it evaluates, for `deterra check`; may be NULL. */
    double (*work)(const dt_game *game);
    /* About how many bytes it needs beside the game's own; may be NULL. */
    double (*memory)(const dt_game *game);
} dt_concept;

size_t dt_concept_count(void);
const dt_concept *dt_concept_at(size_t i);
const dt_concept *dt_concept_find(const char *name); /* NULL when unknown */

/* Checks the request's name and settings, then solves. An unknown concept is DT_ERR_USAGE where its
 * place is the command line, else DT_ERR_INPUT. */
dt_status dt_concept_check(const dt_concept_request *request, dt_diag *diag);
dt_status dt_solve(const dt_solve_call *call);
/* The setting of that key, or NULL. */
const dt_setting *dt_request_setting(const dt_concept_request *request, const char *key);

#ifdef __cplusplus
}
#endif
#endif
