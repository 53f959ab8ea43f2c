/* The exact check of a mixed commitment and the reply to it. SPDX: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "deterra/certify.h"
#include "deterra/concept.h"

/* The expected payoff of `player` where the leader mixes and the follower replies. */
static dt_status expect(const dt_game *game, dt_workspace *w, const dt_commitment_claim *claim,
                        size_t player, uint32_t reply, dt_diag *diag, dt_exact *sum) {
    uint32_t profile[DT_MAX_PLAYERS] = {0};
    dt_exact payoff;
    dt_exact_init(&payoff);
    profile[claim->follower] = reply;
    dt_exact_set_si(sum, 0);
    dt_status status = DT_OK;
    for (uint32_t i = 0; i < game->player[claim->leader].strategies && status == DT_OK; i++) {
        if (fmpq_is_zero(claim->weight + i))
            continue;
        profile[claim->leader] = i;
        status = dt_game_exact(game, w, player, profile, &payoff, diag);
        if (status == DT_OK &&
            (dt_exact_scale(&payoff, &payoff, claim->weight + i) != DT_EXACT_OK ||
             dt_exact_add(sum, sum, &payoff) != DT_EXACT_OK))
            status = DT_ERR_MEMORY;
    }
    dt_exact_clear(&payoff);
    return status;
}

/* Weights at least 0 that sum to 1? */
static bool is_mixture(const fmpq *weight, uint32_t count) {
    fmpq_t sum;
    fmpq_init(sum);
    bool good = true;
    for (uint32_t i = 0; i < count; i++) {
        good = good && fmpq_sgn(weight + i) >= 0;
        fmpq_add(sum, sum, weight + i);
    }
    good = good && fmpq_is_one(sum);
    fmpq_clear(sum);
    return good;
}

static dt_status compare_replies(const dt_game *game, dt_workspace *w,
                                 const dt_commitment_claim *claim, const dt_control *control,
                                 dt_diag *diag, dt_verdict *v) {
    dt_exact_context *c = dt_game_context(game, w);
    dt_exact other, mine;
    dt_exact_init(&other);
    dt_exact_init(&mine);
    dt_status status = DT_OK;
    for (uint32_t k = 0; k < game->player[claim->follower].strategies && status == DT_OK; k++) {
        if (k == claim->reply || v->equilibrium == DT_FALSE)
            continue;
        if (control && control->stop && *control->stop)
            status = DT_ERR_INTERRUPTED;
        if (status == DT_OK)
            status = expect(game, w, claim, claim->follower, k, diag, &other);
        if (status != DT_OK)
            break;
        dt_sign sign = dt_exact_compare(c, &other, &v->payoff[claim->follower]);
        if (sign == DT_NEGATIVE)
            continue;
        v->strict = DT_FALSE;
        if (sign == DT_POSITIVE) {
            v->equilibrium = DT_FALSE;
            continue;
        }
        status = expect(game, w, claim, claim->leader, k, diag, &mine);
        if (status != DT_OK)
            break;
        dt_sign gain = dt_exact_compare(c, &mine, &v->payoff[claim->leader]);
        if (sign == DT_UNDECIDED || gain == DT_UNDECIDED) {
            v->equilibrium = DT_UNKNOWN;
            v->certificate = DT_CERT_NUMERIC;
        } else if (gain == (claim->for_leader ? DT_POSITIVE : DT_NEGATIVE)) {
            v->equilibrium = DT_FALSE;
        }
    }
    dt_exact_clear(&other);
    dt_exact_clear(&mine);
    return status;
}

dt_status dt_certify_commitment(const dt_game *game, dt_workspace *workspace,
                                const dt_commitment_claim *claim, const dt_control *control,
                                dt_diag *diag, dt_verdict *v) {
    v->equilibrium = v->strict = DT_TRUE;
    v->certificate = DT_CERT_EXACT;
    if (!is_mixture(claim->weight, game->player[claim->leader].strategies)) {
        v->equilibrium = DT_FALSE;
        return DT_OK;
    }
    dt_status status = DT_OK;
    for (size_t i = 0; i < game->players && status == DT_OK; i++) {
        status = expect(game, workspace, claim, i, claim->reply, diag, &v->payoff[i]);
        if (status == DT_OK && !dt_exact_is_rational(&v->payoff[i]))
            v->certificate = DT_CERT_BALL;
    }
    return status == DT_OK ? compare_replies(game, workspace, claim, control, diag, v) : status;
}
