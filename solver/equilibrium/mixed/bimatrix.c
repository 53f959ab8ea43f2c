/* Reading a bimatrix: rationals to positive integers. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/bimatrix.h"

#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>

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

/* entry = value × common denominator + shift, the least of them 1. */
static void to_integers(const fmpq *value, size_t count, fmpz *entry, fmpz *shift, fmpz *scale) {
    fmpz_one(scale);
    for (size_t k = 0; k < count; k++)
        fmpz_lcm(scale, scale, fmpq_denref(value + k));
    size_t least = 0;
    for (size_t k = 0; k < count; k++) {
        fmpz_divexact(entry + k, scale, fmpq_denref(value + k));
        fmpz_mul(entry + k, entry + k, fmpq_numref(value + k));
        if (fmpz_cmp(entry + k, entry + least) < 0)
            least = k;
    }
    fmpz_one(shift);
    fmpz_sub(shift, shift, entry + least);
    for (size_t k = 0; k < count; k++)
        fmpz_add(entry + k, entry + k, shift);
}

dt_status dt_bimatrix_read(const dt_game *game, const dt_restriction *left,
                           const dt_control *control, dt_place place, dt_diag *diag,
                           dt_bimatrix *out) {
    *out = (dt_bimatrix){.size = {left->count[0], left->count[1]}};
    size_t count = out->size[0] * out->size[1];
    fmpq *value = _fmpq_vec_init((slong)count);
    dt_status status = DT_OK;
    for (size_t p = 0; p < 2 && status == DT_OK; p++) {
        status = read_rationals(game, left, p, control, place, diag, value);
        if (status != DT_OK)
            break;
        out->entry[p] = _fmpz_vec_init((slong)count);
        to_integers(value, count, out->entry[p], &out->shift[p], &out->scale[p]);
    }
    _fmpq_vec_clear(value, (slong)count);
    return status;
}

void dt_bimatrix_clear(dt_bimatrix *b) {
    for (size_t p = 0; p < 2; p++) {
        if (b->entry[p])
            _fmpz_vec_clear(b->entry[p], (slong)(b->size[0] * b->size[1]));
        fmpz_clear(&b->shift[p]);
        fmpz_clear(&b->scale[p]);
    }
    *b = (dt_bimatrix){0};
}
