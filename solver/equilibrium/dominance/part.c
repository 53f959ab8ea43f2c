/* A part of a round: claims from known rows, and their decision. SPDX: GPL-3.0-or-later */
#include <stdlib.h>

#include "equilibrium/dominance/claims.h"

/* Claims all that is not decided, and takes in the answers. */
static dt_status claim_all(dt_part_round *p, dt_mixed *m, bool *changed) {
    dt_claim *claim = calloc(p->count + (size_t)1, sizeof *claim);
    size_t pure = 0, claims;
    bool mixed_changed = false;
    if (!claim)
        return DT_ERR_MEMORY;
    dt_status status = dt_pure_claims(p, claim, &pure);
    claims = pure;
    if (status == DT_OK && m)
        status = dt_mixed_claims(m, claim, &claims);
    /* What has passed all rows there are is decided. */
    if (status == DT_OK && !p->complete)
        status = dt_claims_decide(p, claim, claims);
    for (size_t i = 0; i < claims; i++) {
        if (status == DT_OK)
            status = i < pure ? dt_pure_conclude(p, &claim[i], changed)
                              : dt_mixed_conclude(m, &claim[i], &mixed_changed);
        dt_smallest_clear(&claim[i].broken);
    }
    free(claim);
    for (uint32_t s = 0; s < p->count && *changed; s++)
        p->stays[s] = false; /* there may be more to mix */
    *changed = *changed || mixed_changed;
    return status;
}

dt_status dt_part_run(dt_part_round *p, bool mixed) {
    dt_status status = dt_known_sample(p);
    for (bool changed = true; changed && status == DT_OK;) {
        dt_mixed *m = NULL;
        changed = false;
        status = dt_pure_advance(p);
        if (status == DT_OK && mixed)
            status = dt_mixed_ask(p, &m);
        if (status == DT_OK)
            status = claim_all(p, m, &changed);
        dt_mixed_free(m);
        if (status == DT_OK)
            status = dt_known_update(p);
    }
    return status;
}
