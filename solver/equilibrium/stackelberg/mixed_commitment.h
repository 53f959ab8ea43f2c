/* Mixed commitment against one follower: the search. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_MIXED_COMMITMENT_H
#define DT_EQUILIBRIUM_MIXED_COMMITMENT_H

#include "equilibrium/stackelberg/reply_lp.h"
#include "equilibrium/stackelberg/stackelberg.h"

/* A reply (for weak ties: a class of twins), and what is known of the most that the leader gets by
 * inducing it. */
typedef struct dt_candidate_reply {
    dt_reply_lp lp;
    dt_reply_answer answer;
    uint32_t m;
    double bound; /* rigorous, above; infinite where unknown */
    bool settled; /* was solved exactly */
    bool out;     /* proven: no commitment makes it best (weak: none makes it strictly better) */
    bool open;    /* the exact step failed, or would have taken too long */
    bool has_lower, has_upper;
    fmpq_t lower, upper; /* equal where payoffs are rational */
    fmpq *x;             /* m: what secures `lower`; where it has_lower */
} dt_candidate_reply;

typedef struct dt_commitment_search {
    const dt_commitment *c;
    dt_ties ties;
    const dt_control *control;
    size_t replies;
    dt_candidate_reply *reply;
    bool has_lower, has_upper;
    fmpq_t lower, upper; /* of the leader's value: the strong one, or the weak one's supremum */
    const dt_candidate_reply *best;
} dt_commitment_search;

/* For weak ties the supremum is the most that a reply with an interior pays, where twins do their
 * worst (von Stengel and Zamir 2010, Theorem 11). To be cleared also after errors.
 * Time: n linear programs of m columns and n rows, and an exact solution of those that may be best.
 * The same for any number of threads. */
dt_status dt_commitment_search_run(dt_commitment_search *s, const dt_commitment *c, dt_ties ties,
                                   const dt_control *control);
void dt_commitment_search_clear(dt_commitment_search *s);

/* A commitment after which the reply and its twins are strictly better than all others; *found is
 * false where there is none, or none could be proved. */
dt_status dt_mixed_inner(const dt_candidate_reply *r, const volatile sig_atomic_t *stop,
                         bool *found, fmpq *inner);

#endif
