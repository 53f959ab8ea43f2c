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

/* How often a coalition's worth counts for a player, of n! orders: (size - 1)! (n - size)! where he
 * is the last to come of its members, - size! (n - size - 1)! where he comes next to it. */
static void orders_of(size_t players, size_t player, uint32_t coalition, fmpz_t orders) {
    size_t size = (size_t)__builtin_popcount(coalition), in = coalition >> player & 1;
    fmpz_t rest;
    fmpz_init(rest);
    fmpz_fac_ui(orders, size - in);
    fmpz_fac_ui(rest, players - size - 1 + in);
    fmpz_mul(orders, orders, rest);
    if (!in)
        fmpz_neg(orders, orders);
    fmpz_clear(rest);
}

/* The sum over coalitions from … to - 1 of worth times orders, halves first: the denominators,
 * which may have nothing in common, then grow together and not one by one. */
static void sum_orders(const dt_coalition_game *game, size_t player, uint32_t from, uint32_t to,
                       fmpq_t sum) {
    if (to - from == 1) {
        fmpz_t orders;
        fmpz_init(orders);
        orders_of(game->players, player, from, orders);
        fmpq_mul_fmpz(sum, game->worth + from, orders);
        fmpz_clear(orders);
        return;
    }
    fmpq_t half;
    fmpq_init(half);
    sum_orders(game, player, from, from + (to - from) / 2, sum);
    sum_orders(game, player, from + (to - from) / 2, to, half);
    fmpq_add(sum, sum, half);
    fmpq_clear(half);
}

void dt_coalition_shapley(const dt_coalition_game *game, fmpq *value) {
    fmpz_t all;
    fmpz_init(all);
    fmpz_fac_ui(all, game->players);
    for (size_t i = 0; i < game->players; i++) {
        sum_orders(game, i, 1, UINT32_C(1) << game->players, value + i);
        fmpq_div_fmpz(value + i, value + i, all);
    }
    fmpz_clear(all);
}

void dt_coalition_shapley_ball(const dt_coalition_game *game, slong precision, arb_ptr value) {
    arb_t worth;
    fmpz_t all, orders;
    arb_init(worth);
    fmpz_init(all);
    fmpz_init(orders);
    fmpz_fac_ui(all, game->players);
    for (size_t i = 0; i < game->players; i++)
        arb_zero(value + i);
    for (uint32_t c = 1; c < UINT32_C(1) << game->players; c++) {
        arb_set_fmpq(worth, game->worth + c, precision);
        for (size_t i = 0; i < game->players; i++) {
            orders_of(game->players, i, c, orders);
            arb_addmul_fmpz(value + i, worth, orders, precision);
        }
    }
    for (size_t i = 0; i < game->players; i++)
        arb_div_fmpz(value + i, value + i, all, precision);
    fmpz_clear(all);
    fmpz_clear(orders);
    arb_clear(worth);
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
