/* The exact check of a pure profile: every unilateral deviation, in exact numbers. */
#include <stdlib.h>
#include <string.h>

#include "deterra/certify.h"
#include "deterra/concept.h"

dt_status dt_verdict_init(dt_verdict *v, const dt_game *game) {
    *v = (dt_verdict){0};
    v->payoff = malloc(game->players * sizeof *v->payoff);
    v->regret = malloc(game->players * sizeof *v->regret);
    if (!v->payoff || !v->regret) {
        free(v->payoff);
        free(v->regret);
        *v = (dt_verdict){0};
        return DT_ERR_MEMORY;
    }
    for (size_t i = 0; i < game->players; i++) {
        dt_exact_init(&v->payoff[i]);
        dt_exact_init(&v->regret[i]);
    }
    return DT_OK;
}

void dt_verdict_clear(dt_verdict *v, const dt_game *game) {
    for (size_t i = 0; v->payoff && i < game->players; i++) {
        dt_exact_clear(&v->payoff[i]);
        dt_exact_clear(&v->regret[i]);
    }
    free(v->payoff);
    free(v->regret);
    *v = (dt_verdict){0};
}

/* Takes one deviation's gain into account. */
static dt_status weigh(dt_exact_context *c, const dt_exact *gain, const fmpq_t slack,
                       dt_exact *regret, dt_verdict *v) {
    dt_exact over;
    dt_exact_init(&over);
    dt_exact allowed;
    dt_exact_init(&allowed);
    dt_exact_set_fmpq(&allowed, slack);
    dt_sign beyond =
        dt_exact_sub(&over, gain, &allowed) == DT_EXACT_OK ? dt_exact_sign(c, &over) : DT_UNDECIDED;
    dt_exact_clear(&over);
    dt_exact_clear(&allowed);
    if (beyond == DT_POSITIVE)
        v->equilibrium = DT_FALSE;
    else if (beyond == DT_UNDECIDED && v->equilibrium != DT_FALSE)
        v->equilibrium = DT_UNKNOWN;
    dt_sign sign = fmpq_is_zero(slack) ? beyond : dt_exact_sign(c, gain);
    if (sign == DT_ZERO || sign == DT_POSITIVE)
        v->strict = DT_FALSE;
    else if (sign == DT_UNDECIDED && v->strict != DT_FALSE)
        v->strict = DT_UNKNOWN;
    if (beyond == DT_UNDECIDED || sign == DT_UNDECIDED)
        v->certificate = DT_CERT_NUMERIC;
    if (sign == DT_POSITIVE && dt_exact_compare(c, gain, regret) == DT_POSITIVE)
        return dt_exact_set(regret, gain);
    return DT_OK;
}

/* Does the order of the doubles nearest to the payoffs, where the model stores them, show that a
 * deviation brings nothing? Then there is nothing to compute. */
static bool brings_nothing(double mine, double other, bool exact, dt_verdict *v) {
    if (other < mine)
        return true;
    if (other > mine || !exact)
        return false;
    v->strict = DT_FALSE;
    return true;
}

static bool stop_asked(const dt_control *control) {
    return control && control->stop && *control->stop;
}

/* The payoffs that are looked at. */
typedef struct payoffs {
    const dt_game *game;
    dt_workspace *workspace;
    const dt_payoff_change *change;
    size_t changes;
    dt_diag *diag;
} payoffs;

static int by_place(const void *a, const void *b) {
    const dt_payoff_change *x = a, *y = b;
    if (x->player != y->player)
        return x->player < y->player ? -1 : 1;
    return x->profile < y->profile ? -1 : x->profile > y->profile;
}

static dt_status payoff_of(const payoffs *p, size_t player, const uint32_t *profile,
                           dt_exact *payoff) {
    dt_status status = dt_game_exact(p->game, p->workspace, player, profile, payoff, p->diag);
    if (status != DT_OK || !p->changes)
        return status;
    dt_payoff_change here = {.player = player, .profile = dt_profile_index(p->game, profile)};
    const dt_payoff_change *found =
        bsearch(&here, p->change, p->changes, sizeof *p->change, by_place);
    if (found && dt_exact_add(payoff, payoff, found->change) != DT_EXACT_OK)
        return DT_ERR_MEMORY;
    return DT_OK;
}

dt_status dt_certify_profile(const dt_game *game, dt_workspace *workspace, const uint32_t *profile,
                             const fmpq_t slack, const dt_control *control, dt_diag *diag,
                             dt_verdict *v) {
    return dt_certify_changed(game, workspace, profile, NULL, 0, slack, control, diag, v);
}

dt_status dt_certify_changed(const dt_game *game, dt_workspace *workspace, const uint32_t *profile,
                             const dt_payoff_change *change, size_t changes, const fmpq_t slack,
                             const dt_control *control, dt_diag *diag, dt_verdict *v) {
    const payoffs p = {game, workspace, change, changes, diag};
    v->equilibrium = DT_TRUE;
    v->strict = DT_TRUE;
    v->certificate = DT_CERT_EXACT;
    dt_exact_context *c = dt_game_context(game, workspace);
    if (!c)
        return DT_ERR_MEMORY;
    uint32_t at[DT_MAX_PLAYERS];
    memcpy(at, profile, game->players * sizeof *at);
    dt_exact other;
    dt_exact_init(&other);
    fmpq_t zero;
    fmpq_init(zero);
    dt_status status = DT_OK;
    uint64_t index = dt_profile_index(game, profile), stride = game->profiles;
    for (size_t i = 0; i < game->players && status == DT_OK && v->equilibrium; i++) {
        bool exact;
        const double *view = dt_game_view(game, i, &exact);
        if (changes || fmpq_sgn(slack) < 0) /* the order of the payoffs alone does not tell */
            view = NULL;
        stride /= game->player[i].strategies;
        uint64_t first = index - profile[i] * stride; /* where he plays his first strategy */
        status = payoff_of(&p, i, profile, &v->payoff[i]);
        dt_exact_set_fmpq(&v->regret[i], zero);
        for (uint32_t s = 0; s < game->player[i].strategies && status == DT_OK && v->equilibrium;
             s++) {
            if (s == profile[i] ||
                (view && brings_nothing(view[index], view[first + s * stride], exact, v)))
                continue;
            at[i] = s;
            status = payoff_of(&p, i, at, &other);
            if (status != DT_OK)
                break;
            bool rational = dt_exact_is_rational(&other) && dt_exact_is_rational(&v->payoff[i]);
            if (!rational && v->certificate == DT_CERT_EXACT)
                v->certificate = DT_CERT_BALL;
            if (dt_exact_sub(&other, &other, &v->payoff[i]) != DT_EXACT_OK)
                v->certificate = DT_CERT_NUMERIC;
            status = weigh(c, &other, slack, &v->regret[i], v);
            if (status == DT_OK && stop_asked(control))
                status = DT_ERR_INTERRUPTED;
        }
        at[i] = profile[i];
        if (status == DT_OK && !dt_exact_is_rational(&v->payoff[i]) &&
            v->certificate == DT_CERT_EXACT)
            v->certificate = DT_CERT_BALL;
    }
    fmpq_clear(zero);
    dt_exact_clear(&other);
    return status;
}
