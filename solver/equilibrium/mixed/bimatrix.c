/* Reading a bimatrix: rationals to positive integers. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/bimatrix.h"

#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>

#include "equilibrium/mixed/strategies.h"
#include "equilibrium/shared/pool.h"

static dt_status complain(const dt_game *game, const uint32_t *profile, size_t player,
                          dt_place place, dt_diag *diag) {
    char where[512];
    dt_profile_text(game, profile, where, sizeof where);
    dt_diag_add(diag, DT_ERROR, place,
                "mixed-nash needs payoffs that are rational numbers, and that of `%s` at %s is "
                "not; pure-nash, epsilon-nash, dominance, maximin and correlated take such games",
                game->player[player].name, *where ? where : "the only profile");
    return DT_ERR_INPUT;
}

static dt_status read_rationals(const dt_game *game, const dt_restriction *left, size_t p,
                                const dt_control *control, dt_place place, dt_diag *diag,
                                fmpq *value) {
    dt_workspace *w = dt_workspace_new(game);
    if (!w)
        return DT_ERR_MEMORY;
    const volatile sig_atomic_t *stop = dt_control_stop(control);
    dt_exact payoff;
    dt_exact_init(&payoff);
    dt_status status = DT_OK;
    size_t k = 0;
    for (size_t i = 0; i < left->count[p] && status == DT_OK; i++)
        for (size_t j = 0; j < left->count[1 - p] && status == DT_OK; j++) {
            uint32_t profile[2];
            profile[p] = left->strategy[p][i];
            profile[1 - p] = left->strategy[1 - p][j];
            status = dt_game_exact(game, w, p, profile, &payoff, diag);
            if (status == DT_OK && !dt_exact_is_rational(&payoff))
                status = complain(game, profile, p, place, diag);
            if (status == DT_OK && stop && *stop)
                status = DT_ERR_INTERRUPTED;
            if (status == DT_OK)
                fmpq_set(value + k++, payoff.rational);
        }
    dt_exact_clear(&payoff);
    dt_workspace_free(game, w);
    return status;
}

/* Over a common denominator, less the least, over their greatest common divisor, and 1 more: small
 * numbers make short determinants. */
static void to_integers(const fmpq *value, size_t count, fmpz *entry, fmpq *low, fmpq *unit) {
    fmpz_t scale, content, least;
    fmpz_init(scale);
    fmpz_init(content);
    fmpz_init(least);
    fmpz_one(scale);
    for (size_t k = 0; k < count; k++)
        fmpz_lcm(scale, scale, fmpq_denref(value + k));
    for (size_t k = 0; k < count; k++) {
        fmpz_divexact(entry + k, scale, fmpq_denref(value + k));
        fmpz_mul(entry + k, entry + k, fmpq_numref(value + k));
        if (k == 0 || fmpz_cmp(entry + k, least) < 0)
            fmpz_set(least, entry + k);
    }
    for (size_t k = 0; k < count; k++) {
        fmpz_sub(entry + k, entry + k, least);
        fmpz_gcd(content, content, entry + k);
    }
    if (fmpz_is_zero(content))
        fmpz_one(content);
    _fmpz_vec_scalar_divexact_fmpz(entry, entry, (slong)count, content);
    for (size_t k = 0; k < count; k++)
        fmpz_add_ui(entry + k, entry + k, 1);
    fmpq_set_fmpz_frac(low, least, scale);
    fmpq_set_fmpz_frac(unit, content, scale);
    fmpz_clear(scale);
    fmpz_clear(content);
    fmpz_clear(least);
}

dt_status dt_bimatrix_read(const dt_game *game, const dt_restriction *left,
                           const dt_control *control, dt_place place, dt_diag *diag,
                           dt_bimatrix *out) {
    *out = (dt_bimatrix){.size = {left->count[0], left->count[1]}};
    for (size_t p = 0; p < 2; p++) {
        fmpq_init(&out->low[p]);
        fmpq_init(&out->unit[p]);
    }
    size_t count = out->size[0] * out->size[1];
    fmpq *value = _fmpq_vec_init((slong)count);
    dt_status status = DT_OK;
    for (size_t p = 0; p < 2 && status == DT_OK; p++) {
        status = read_rationals(game, left, p, control, place, diag, value);
        if (status != DT_OK)
            break;
        out->entry[p] = _fmpz_vec_init((slong)count);
        to_integers(value, count, out->entry[p], &out->low[p], &out->unit[p]);
    }
    _fmpq_vec_clear(value, (slong)count);
    return status;
}

dt_status dt_bimatrix_distinct(const dt_bimatrix *b, size_t count[2]) {
    dt_status status = DT_OK;
    for (size_t p = 0; p < 2 && status == DT_OK; p++) {
        size_t own = b->size[p], other = b->size[1 - p];
        dt_strategies set = {.size = 2 * other + 1};
        fmpz *row = _fmpz_vec_init((slong)set.size);
        uint32_t index;
        fmpz_one(row + 2 * other); /* no common divisor: rows in proportion differ */
        for (size_t i = 0; i < own && status == DT_OK; i++) {
            for (size_t j = 0; j < other; j++) {
                fmpz_set(row + j, b->entry[p] + i * other + j);
                fmpz_set(row + other + j, b->entry[1 - p] + j * own + i);
            }
            status = dt_strategies_add(&set, row, &index);
        }
        count[p] = set.count;
        _fmpz_vec_clear(row, (slong)set.size);
        dt_strategies_clear(&set);
    }
    return status;
}

void dt_bimatrix_clear(dt_bimatrix *b) {
    for (size_t p = 0; p < 2; p++) {
        if (b->entry[p])
            _fmpz_vec_clear(b->entry[p], (slong)(b->size[0] * b->size[1]));
        fmpq_clear(&b->low[p]);
        fmpq_clear(&b->unit[p]);
    }
    *b = (dt_bimatrix){0};
}
