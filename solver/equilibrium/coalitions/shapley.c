/* Games in characteristic function form, and what takes no linear program: the Shapley value, and
 * whether a division is in the core. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <stdlib.h>

#include "deterra/coalition.h"

dt_status dt_coalition_game_init(dt_coalition_game *game, size_t players) {
    *game = (dt_coalition_game){0};
    if (players == 0 || players > DT_MOST_COALITION_PLAYERS)
        return DT_ERR_USAGE;
    *game = (dt_coalition_game){players, _fmpq_vec_init((slong)1 << players)};
    return DT_OK;
}

void dt_coalition_game_clear(dt_coalition_game *game) {
    if (game->worth)
        _fmpq_vec_clear(game->worth, (slong)1 << game->players);
    *game = (dt_coalition_game){0};
}

void dt_coalition_shapley(const dt_coalition_game *game, fmpq *value) {
    size_t n = game->players;
    fmpq_t added, sum;
    fmpz_t orders, all;
    fmpq_init(added);
    fmpq_init(sum);
    fmpz_init(orders);
    fmpz_init(all);
    fmpz_fac_ui(all, n);
    for (size_t i = 0; i < n; i++) {
        fmpq_zero(value + i);
        for (size_t size = 0; size < n; size++) { /* coalitions of that size without i */
            fmpq_zero(sum);
            for (uint32_t c = 0; c < UINT32_C(1) << n; c++) {
                if (c >> i & 1 || (size_t)__builtin_popcount(c) != size)
                    continue;
                fmpq_add(sum, sum, game->worth + (c | UINT32_C(1) << i));
                if (c)
                    fmpq_sub(sum, sum, game->worth + c);
            }
            /* size! (n - size - 1)! of the n! orders have just these before i */
            fmpz_fac_ui(orders, size);
            fmpq_mul_fmpz(sum, sum, orders);
            fmpz_fac_ui(orders, n - size - 1);
            fmpq_mul_fmpz(added, sum, orders);
            fmpq_add(value + i, value + i, added);
        }
        fmpq_div_fmpz(value + i, value + i, all);
    }
    fmpz_clear(all);
    fmpz_clear(orders);
    fmpq_clear(sum);
    fmpq_clear(added);
}

bool dt_coalition_in_core(const dt_coalition_game *game, const fmpq *division) {
    uint32_t all = (UINT32_C(1) << game->players) - 1;
    fmpq_t sum;
    fmpq_init(sum);
    bool in = true;
    for (uint32_t c = 1; c <= all && in; c++) {
        fmpq_zero(sum);
        for (size_t i = 0; i < game->players; i++)
            if (c >> i & 1)
                fmpq_add(sum, sum, division + i);
        int sign = fmpq_cmp(sum, game->worth + c);
        in = c == all ? sign == 0 : sign >= 0;
    }
    fmpq_clear(sum);
    return in;
}
