/* The exact check of incentives for a claimed equilibrium; it knows no solver.
 * SPDX: GPL-3.0-or-later */
#ifndef DETERRA_CERTIFY_H
#define DETERRA_CERTIFY_H

#include "deterra/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was found of a pure profile. Payoffs and regrets live in the workspace's context. */
typedef struct dt_verdict {
    dt_truth equilibrium; /* nobody gains more than the slack; unknown where not decided */
    dt_truth strict;      /* every deviation loses */
    dt_certificate certificate;
    dt_exact *payoff; /* players */
    dt_exact *regret; /* players: the largest gain of a deviation, at least 0 */
} dt_verdict;

dt_status dt_verdict_init(dt_verdict *verdict, const dt_game *game);
void dt_verdict_clear(dt_verdict *verdict, const dt_game *game);

/* A payoff that is to be taken for another one than the game has. */
typedef struct dt_payoff_change {
    size_t player;
    uint64_t profile;       /* its index */
    const dt_exact *change; /* added to the payoff; of the workspace's context */
} dt_payoff_change;

/* Compares the payoff at `profile` with that of every unilateral deviation, all in exact numbers:
 * sum over players of strategies(i) exact payoffs. `slack` is the regret allowed (0 for Nash);
 * below 0 it is the margin by which every deviation has to lose. The certificate is exact when all
 * payoffs seen are rational, ball when every comparison is decided, else numeric. Ends at the first
 * gain that is proven (then `equilibrium` is false and the rest is not filled). Errors of payoffs
 * go to diag. `control` may be NULL: its `stop` is heeded after each payoff. */
dt_status dt_certify_profile(const dt_game *game, dt_workspace *workspace, const uint32_t *profile,
                             const fmpq_t slack, const struct dt_control *control, dt_diag *diag,
                             dt_verdict *verdict);
/* The same of the game in which some payoffs are changed; changes ascend by player, then profile.
 */
dt_status dt_certify_changed(const dt_game *game, dt_workspace *workspace, const uint32_t *profile,
                             const dt_payoff_change *change, size_t changes, const fmpq_t slack,
                             const struct dt_control *control, dt_diag *diag, dt_verdict *verdict);

/* A leader's mixed strategy and a follower's reply to it; the other players have one strategy. */
typedef struct dt_commitment_claim {
    size_t leader, follower;
    const fmpq *weight; /* the leader's strategies */
    uint32_t reply;
    bool for_leader; /* of replies as good for the follower, this one is the best for the leader;
                        else the worst */
} dt_commitment_claim;

/* Is the reply a best one, and the best or worst of these for the leader? `equilibrium` says so,
 * `strict` whether it is the only best one; payoffs are the expected ones, regrets are not filled.
 * It does not say that the commitment is the best. O(strategies of both) exact payoffs. */
dt_status dt_certify_commitment(const dt_game *game, dt_workspace *workspace,
                                const dt_commitment_claim *claim, const struct dt_control *control,
                                dt_diag *diag, dt_verdict *verdict);

#ifdef __cplusplus
}
#endif
#endif
