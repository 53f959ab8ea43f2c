/* Games in characteristic function form: Shapley value, core, least core, nucleolus.
 * SPDX: GPL-3.0-or-later */
#include <flint/fmpq_vec.h>
#include <stdlib.h>
#include <string.h>

#include "brute.h"
#include "deterra/coalition.h"
#include "harness.h"
#include "lp/lp.h"

enum { MOST = DT_MOST_COALITION_PLAYERS };

static dt_coalition_game new_game(size_t players) {
    dt_coalition_game game;
    CU_ASSERT_EQUAL_FATAL(dt_coalition_game_init(&game, players), DT_OK);
    return game;
}

static bool is(const fmpq *q, long numerator, ulong denominator) {
    fmpq_t want;
    fmpq_init(want);
    fmpq_set_si(want, numerator, denominator);
    bool same = fmpq_equal(q, want);
    fmpq_clear(want);
    return same;
}

/* A balanced collection that proves the least core's value, and a division that attains it: with
 * both it is the least, whatever the solver did. */
static void check_excess(const dt_coalition_game *game, const dt_division *d) {
    uint32_t all = (UINT32_C(1) << game->players) - 1;
    CU_ASSERT_EQUAL(d->has_excess, game->players > 1);
    if (!d->has_excess)
        return;
    fmpq_t sum, total;
    fmpq_init(sum);
    fmpq_init(total);
    for (size_t i = 0; i < game->players; i++) {
        fmpq_zero(sum);
        for (uint32_t c = 1; c < all; c++)
            if (c >> i & 1)
                fmpq_add(sum, sum, d->balance + c);
        CU_ASSERT(fmpq_is_one(sum));
    }
    CU_ASSERT(fmpq_is_zero(d->balance + all));
    fmpq_neg(sum, game->worth + all);
    for (uint32_t c = 1; c < all; c++) {
        CU_ASSERT(fmpq_sgn(d->balance + c) >= 0);
        fmpq_addmul(sum, d->balance + c, game->worth + c);
        fmpq_add(total, total, d->balance + c);
    }
    fmpq_mul(total, total, d->excess);
    CU_ASSERT(fmpq_equal(sum, total));
    fmpq_clear(sum);
    fmpq_clear(total);
}

static void excess_of(const dt_coalition_game *game, const fmpq *x, uint32_t coalition, fmpq_t e) {
    fmpq_set(e, game->worth + coalition);
    for (size_t i = 0; i < game->players; i++)
        if (coalition >> i & 1)
            fmpq_sub(e, e, x + i);
}

/* v(S) = 1 where S has a left and a right glove (Shapley and Shubik 1969); one left, two right. */
static void gloves(void) {
    dt_coalition_game game = new_game(3);
    for (uint32_t c = 0; c < 8; c++)
        fmpq_set_si(game.worth + c, c & 1 && c & 6, 1);
    dt_division d;
    fmpq *shapley = _fmpq_vec_init(3);
    dt_coalition_shapley(&game, shapley);
    CU_ASSERT(is(shapley, 2, 3) && is(shapley + 1, 1, 6) && is(shapley + 2, 1, 6));
    CU_ASSERT_FALSE(dt_coalition_in_core(&game, shapley));
    CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
    CU_ASSERT(d.rational && is(d.excess, 0, 1));
    CU_ASSERT(is(d.nucleolus, 1, 1) && is(d.nucleolus + 1, 0, 1) && is(d.nucleolus + 2, 0, 1));
    CU_ASSERT(dt_coalition_in_core(&game, d.nucleolus));
    check_excess(&game, &d);
    dt_division_clear(&d);
    _fmpq_vec_clear(shapley, 3);
    dt_coalition_game_clear(&game);
}

/* Simple majority of n = 2k + 1: the core is empty, all get 1/n, and the least excess is that of a
 * coalition of k + 1: 1 - (k + 1)/n. */
static void majorities(void) {
    for (size_t n = 3; n <= 11; n += 2) {
        dt_coalition_game game = new_game(n);
        for (uint32_t c = 0; c < UINT32_C(1) << n; c++)
            fmpq_set_si(game.worth + c, 2 * (size_t)__builtin_popcount(c) > n, 1);
        dt_division d;
        CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
        CU_ASSERT(is(d.excess, (long)(n - 1) / 2, n));
        for (size_t i = 0; i < n; i++)
            CU_ASSERT(is(d.nucleolus + i, 1, n));
        CU_ASSERT_FALSE(dt_coalition_in_core(&game, d.nucleolus));
        check_excess(&game, &d);
        dt_division_clear(&d);
        dt_coalition_game_clear(&game);
    }
}

/* A runway costs as much as its largest user needs. The Shapley value shares each piece among those
 * who need it (Littlechild and Owen 1973); the nucleolus by Littlechild 1974 in the form of Sonmez
 * 1993: x_i = min over k = i … n - 1 of (c_k - what those before i pay) / (k - i + 2), and the last
 * pays the rest. Players are mixed, so that costs are not in order. */
static void airports(void) {
    brute_random random = {11};
    for (int round = 0; round < 40; round++) {
        size_t n = round < 30 ? (size_t)brute_draw(&random, 2, 7) : round < 38 ? 9 : MOST;
        long cost[MOST], sorted[MOST];
        size_t rank[MOST], who[MOST];
        for (size_t i = 0; i < n; i++)
            cost[i] = brute_draw(&random, 0, round % 2 ? 5 : 1000);
        for (size_t i = 0; i < n; i++) {
            rank[i] = 0;
            for (size_t j = 0; j < n; j++)
                rank[i] += cost[j] < cost[i] || (cost[j] == cost[i] && j < i);
            sorted[rank[i]] = cost[i];
            who[rank[i]] = i;
        }
        dt_coalition_game game = new_game(n);
        for (uint32_t c = 1; c < UINT32_C(1) << n; c++) {
            long most = 0;
            for (size_t i = 0; i < n; i++)
                if (c >> i & 1 && cost[i] > most)
                    most = cost[i];
            fmpq_set_si(game.worth + c, -most, 1);
        }
        fmpq *shapley = _fmpq_vec_init((slong)n);
        dt_coalition_shapley(&game, shapley);
        dt_division d;
        CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
        fmpq_t share, paid, least, one;
        fmpq_init(share);
        fmpq_init(paid);
        fmpq_init(least);
        fmpq_init(one);
        for (size_t k = 0; k < n; k++) { /* by rank */
            fmpq_set_si(one, -(sorted[k] - (k ? sorted[k - 1] : 0)), n - k);
            fmpq_add(share, share, one);
            CU_ASSERT(fmpq_equal(shapley + who[k], share));
            for (size_t j = k; j + 1 < n; j++) {
                fmpq_set_si(one, sorted[j], 1);
                fmpq_sub(one, one, paid);
                fmpq_div_fmpz(one, one, (fmpz[]){(fmpz)(j - k + 2)});
                if (j == k || fmpq_cmp(one, least) < 0)
                    fmpq_set(least, one);
            }
            if (k + 1 == n) {
                fmpq_set_si(least, sorted[k], 1);
                fmpq_sub(least, least, paid);
            }
            fmpq_add(paid, paid, least);
            fmpq_neg(one, least);
            CU_ASSERT(fmpq_equal(d.nucleolus + who[k], one));
        }
        CU_ASSERT(dt_coalition_in_core(&game, d.nucleolus));
        CU_ASSERT(dt_coalition_in_core(&game, shapley)); /* the game is convex */
        check_excess(&game, &d);
        fmpq_clear(share);
        fmpq_clear(paid);
        fmpq_clear(least);
        fmpq_clear(one);
        dt_division_clear(&d);
        _fmpq_vec_clear(shapley, (slong)n);
        dt_coalition_game_clear(&game);
    }
}

/* v(S) = what the others leave of the estate (O'Neill 1982). */
static dt_coalition_game estate_game(size_t n, const long *claim, long estate) {
    dt_coalition_game game = new_game(n);
    for (uint32_t c = 1; c < UINT32_C(1) << n; c++) {
        long left = estate;
        for (size_t i = 0; i < n; i++)
            if (!(c >> i & 1))
                left -= claim[i];
        fmpq_set_si(game.worth + c, left > 0 ? left : 0, 1);
    }
    return game;
}

/* Shares `amount` equally, nobody getting more than half his claim. */
static void equal_awards(size_t n, const long *claim, long amount, fmpq *award) {
    bool full[MOST] = {false};
    fmpq_t left, each, half;
    fmpq_init(left);
    fmpq_init(each);
    fmpq_init(half);
    for (bool changed = true; changed;) {
        size_t open = n;
        changed = false;
        fmpq_set_si(left, amount, 1);
        for (size_t i = 0; i < n; i++)
            if (full[i]) {
                fmpq_sub(left, left, award + i);
                open--;
            }
        if (open == 0)
            break;
        fmpq_div_fmpz(each, left, (fmpz[]){(fmpz)open});
        for (size_t i = 0; i < n; i++) {
            if (full[i])
                continue;
            fmpq_set_si(half, claim[i], 2);
            fmpq_set(award + i, each);
            if (fmpq_cmp(half, each) <= 0) {
                fmpq_set(award + i, half);
                full[i] = changed = true;
            }
        }
    }
    fmpq_clear(left);
    fmpq_clear(each);
    fmpq_clear(half);
}

/* Aumann and Maschler 1985: the nucleolus is the division of the Talmud: up to half the claims
 * equal awards of half claims, beyond it equal losses of them. */
static void estates(void) {
    static const long claim[] = {100, 200, 300};
    static const struct {
        long estate, third[3];
    } talmud[] = {{100, {100, 100, 100}}, {200, {150, 225, 225}}, {300, {150, 300, 450}}};
    for (size_t k = 0; k < 3; k++) {
        dt_coalition_game game = estate_game(3, claim, talmud[k].estate);
        dt_division d;
        CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
        for (size_t i = 0; i < 3; i++)
            CU_ASSERT(is(d.nucleolus + i, talmud[k].third[i], 3));
        dt_division_clear(&d);
        dt_coalition_game_clear(&game);
    }
    brute_random random = {5};
    for (int round = 0; round < 60; round++) {
        size_t n = (size_t)brute_draw(&random, 1, 8);
        long claims[MOST], sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += claims[i] = brute_draw(&random, 0, round % 3 ? 60 : 4);
        long estate = brute_draw(&random, 0, sum);
        dt_coalition_game game = estate_game(n, claims, estate);
        dt_division d;
        fmpq *award = _fmpq_vec_init((slong)n);
        bool losses = 2 * estate > sum;
        equal_awards(n, claims, losses ? sum - estate : estate, award);
        CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
        for (size_t i = 0; i < n; i++) {
            if (losses) {
                fmpq_neg(award + i, award + i);
                fmpq_add_si(award + i, award + i, claims[i]);
            }
            CU_ASSERT(fmpq_equal(d.nucleolus + i, award + i));
        }
        check_excess(&game, &d);
        _fmpq_vec_clear(award, (slong)n);
        dt_division_clear(&d);
        dt_coalition_game_clear(&game);
    }
}

/* The vector orthogonal to n - 1 vectors of 0 and 1, by minors; false where it is 0. */
static bool orthogonal(size_t n, const uint32_t *row, long *y) {
    bool any = false;
    for (size_t column = 0; column < n; column++) {
        long m[5][5];
        for (size_t r = 0; r + 1 < n; r++)
            for (size_t i = 0, at = 0; i < n; i++)
                if (i != column)
                    m[r][at++] = row[r] >> i & 1;
        long det = 1, before = 1; /* Bareiss 1968 */
        size_t k = n - 1;
        for (size_t p = 0; p < k && det; p++) {
            size_t r = p;
            while (r < k && m[r][p] == 0)
                r++;
            if (r == k) {
                det = 0;
                break;
            }
            for (size_t i = 0; i < k && r != p; i++) {
                long swap = m[p][i];
                m[p][i] = -m[r][i];
                m[r][i] = swap;
            }
            for (size_t below = p + 1; below < k; below++)
                for (size_t i = k; i-- > p;)
                    m[below][i] = (m[below][i] * m[p][p] - m[below][p] * m[p][i]) / before;
            before = m[p][p];
        }
        y[column] = det == 0 ? 0 : (column % 2 ? -before : before);
        any = any || y[column];
    }
    return any;
}

static long along(size_t n, const long *y, uint32_t coalition) {
    long sum = 0;
    for (size_t i = 0; i < n; i++)
        if (coalition >> i & 1)
            sum += y[i];
    return sum;
}

/* Does moving along y make no excess larger among those of at least e, nobody who gets only what he
 * is worth alone poorer, and some such excess smaller? */
static bool improves(const dt_coalition_game *game, const fmpq *x, const fmpq *excess,
                     const fmpq_t e, bool floors, const long *y) {
    uint32_t all = (UINT32_C(1) << game->players) - 1;
    bool some = false;
    for (size_t i = 0; i < game->players && floors; i++)
        if (fmpq_equal(x + i, game->worth + (1 << i)) && y[i] < 0)
            return false;
    for (uint32_t c = 1; c < all; c++) {
        if (fmpq_cmp(excess + c, e) < 0)
            continue;
        long change = along(game->players, y, c);
        if (change < 0)
            return false;
        some = some || change > 0;
    }
    return some;
}

/* Kohlberg 1971, theorem 5: x is the nucleolus where for each excess e that occurs no y with y(N) =
 * 0 improves as above. It is enough to try the rays of the arrangement of all hyperplanes y(S) = 0:
 * the cone of improving y is a union of its cells. Nothing here is the solver's. */
static bool is_nucleolus(const dt_coalition_game *game, const fmpq *x, bool floors) {
    size_t n = game->players;
    uint32_t all = (UINT32_C(1) << n) - 1, half = (all + 1) / 2, pick[MOST], row[MOST];
    fmpq *excess = _fmpq_vec_init((slong)all + 1);
    for (uint32_t c = 1; c <= all; c++)
        excess_of(game, x, c, excess + c);
    bool good = fmpq_is_zero(excess + all);
    for (size_t i = 0; i < n && floors; i++)
        good = good && fmpq_sgn(excess + (1 << i)) <= 0;
    /* n - 2 coalitions without the last player: S and N - S give the same hyperplane */
    size_t picks = n - 2;
    for (size_t k = 0; k < picks; k++)
        pick[k] = (uint32_t)k + 1;
    while (good && n > 1) {
        long y[MOST];
        memcpy(row, pick, picks * sizeof *row);
        row[picks] = all;
        if (orthogonal(n, row, y)) {
            CU_ASSERT_EQUAL(along(n, y, all), 0);
            for (int sign = 0; sign < 2; sign++) {
                for (uint32_t c = 1; c < all && good; c++)
                    good = !improves(game, x, excess, excess + c, floors, y);
                for (size_t i = 0; i < n; i++)
                    y[i] = -y[i];
            }
        }
        size_t k = picks;
        while (k > 0 && pick[k - 1] == half - 1 - (picks - k))
            k--;
        if (k == 0)
            break;
        pick[k - 1]++;
        for (; k < picks; k++)
            pick[k] = pick[k - 1] + 1;
    }
    _fmpq_vec_clear(excess, (slong)all + 1);
    return good;
}

/* By its axiom: the mean over all orders of arrival. */
static void shapley_by_orders(const dt_coalition_game *game, fmpq *value) {
    size_t n = game->players, order[MOST], count = 0;
    for (size_t i = 0; i < n; i++) {
        order[i] = i;
        fmpq_zero(value + i);
    }
    for (;;) {
        uint32_t there = 0;
        for (size_t k = 0; k < n; k++) {
            fmpq *mine = value + order[k];
            if (there)
                fmpq_sub(mine, mine, game->worth + there);
            there |= UINT32_C(1) << order[k];
            fmpq_add(mine, mine, game->worth + there);
        }
        count++;
        size_t k = n - 1; /* the next permutation */
        while (k > 0 && order[k - 1] > order[k])
            k--;
        if (k == 0)
            break;
        size_t j = n - 1, swap;
        while (order[j] < order[k - 1])
            j--;
        swap = order[j], order[j] = order[k - 1], order[k - 1] = swap;
        for (size_t a = k, b = n - 1; a < b; a++, b--)
            swap = order[a], order[a] = order[b], order[b] = swap;
    }
    for (size_t i = 0; i < n; i++)
        fmpq_div_fmpz(value + i, value + i, (fmpz[]){(fmpz)count});
}

static void random_games(void) {
    brute_random random = {2024};
    int floored = 0, empty = 0, full = 0, none = 0;
    for (int round = 0; round < 600; round++) {
        size_t n = round < 60 ? 2 : round < 200 ? 3 : round < 500 ? 4 : round < 598 ? 5 : 6;
        long range = (long[]){1, 3, 50, 1000000}[round % 4];
        ulong divisor = (ulong)brute_draw(&random, 1, 6);
        dt_coalition_game game = new_game(n);
        uint32_t all = (UINT32_C(1) << n) - 1;
        for (uint32_t c = 1; c <= all; c++) {
            long size = __builtin_popcount(c), low = round % 3 ? 0 : -range;
            fmpq_set_si(game.worth + c, brute_draw(&random, low, range) * (round % 5 ? 1 : size),
                        divisor);
        }
        if (round % 7 == 0) /* enough for all: the core is not empty */
            fmpq_set_si(game.worth + all, range * 3, 1);
        fmpq *shapley = _fmpq_vec_init((slong)n), *slow = _fmpq_vec_init((slong)n);
        dt_coalition_shapley(&game, shapley);
        shapley_by_orders(&game, slow);
        for (size_t i = 0; i < n; i++)
            CU_ASSERT(fmpq_equal(shapley + i, slow + i));
        arb_ptr ball = _arb_vec_init((slong)n);
        dt_coalition_shapley_ball(&game, 128, ball);
        for (size_t i = 0; i < n; i++)
            CU_ASSERT(arb_contains_fmpq(ball + i, shapley + i) &&
                      mag_cmp_2exp_si(arb_radref(ball + i), -80) < 0);
        _arb_vec_clear(ball, (slong)n);
        dt_division d;
        CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
        CU_ASSERT(d.programs <= 2 * (n - 1));
        check_excess(&game, &d);
        fmpq_t alone;
        fmpq_init(alone);
        for (size_t i = 0; i < n; i++)
            fmpq_add(alone, alone, game.worth + (1 << i));
        CU_ASSERT_EQUAL(d.rational, fmpq_cmp(alone, game.worth + all) <= 0);
        fmpq_clear(alone);
        CU_ASSERT(is_nucleolus(&game, d.nucleolus, d.rational));
        CU_ASSERT_EQUAL(dt_coalition_in_core(&game, d.nucleolus), fmpq_sgn(d.excess) <= 0);
        floored += d.rational && !is_nucleolus(&game, d.nucleolus, false);
        empty += fmpq_sgn(d.excess) > 0;
        full += fmpq_sgn(d.excess) < 0;
        none += !d.rational;
        /* the check itself: elsewhere it says no */
        fmpq_add_si(d.nucleolus, d.nucleolus, 1);
        fmpq_sub_si(d.nucleolus + 1, d.nucleolus + 1, 1);
        CU_ASSERT_FALSE(is_nucleolus(&game, d.nucleolus, d.rational));
        dt_division_clear(&d);
        _fmpq_vec_clear(shapley, (slong)n);
        _fmpq_vec_clear(slow, (slong)n);
        dt_coalition_game_clear(&game);
    }
    /* all kinds were met */
    CU_ASSERT(floored > 10 && empty > 50 && full > 50 && none > 10);
}

/* Worths that doubles cannot tell apart, and worths from 1e-9 to 1e300. */
static void scales(void) {
    fmpz_t tiny;
    fmpz_init(tiny);
    fmpz_set_ui(tiny, 10);
    fmpz_pow_ui(tiny, tiny, 30);
    dt_coalition_game game = new_game(3);
    for (uint32_t c = 1; c < 8; c++)
        fmpq_set_si(game.worth + c, c == 7 ? 3 : __builtin_popcount(c) == 2 ? 2 : 0, 1);
    fmpq_t little;
    fmpq_init(little);
    fmpq_set_si(little, 1, 1);
    fmpq_div_fmpz(little, little, tiny);
    fmpq_add(game.worth + 3, game.worth + 3, little); /* 2 + 1e-30: the core is empty by that */
    dt_division d;
    CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
    CU_ASSERT(is_nucleolus(&game, d.nucleolus, true));
    fmpq_div_fmpz(little, little, (fmpz[]){3});
    CU_ASSERT(fmpq_equal(d.excess, little));
    dt_division_clear(&d);
    fmpz_set_ui(tiny, 10);
    fmpz_pow_ui(tiny, tiny, 300);
    for (uint32_t c = 1; c < 8; c++)
        fmpq_mul_fmpz(game.worth + c, game.worth + c, tiny);
    CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
    CU_ASSERT(is_nucleolus(&game, d.nucleolus, true));
    dt_division_clear(&d);
    fmpq_clear(little);
    fmpz_clear(tiny);
    dt_coalition_game_clear(&game);
}

static void limits(void) {
    dt_coalition_game game;
    CU_ASSERT_EQUAL(dt_coalition_game_init(&game, 0), DT_ERR_USAGE);
    CU_ASSERT_EQUAL(dt_coalition_game_init(&game, MOST + 1), DT_ERR_USAGE);
    dt_coalition_game_clear(&game);
    game = new_game(1);
    fmpq_set_si(game.worth + 1, -7, 2);
    dt_division d;
    CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
    CU_ASSERT(is(d.nucleolus, -7, 2) && d.rational && !d.has_excess && d.programs == 0);
    dt_division_clear(&d);
    dt_coalition_game_clear(&game);
    game = new_game(4); /* all worths 0 */
    CU_ASSERT_EQUAL_FATAL(dt_coalition_divide(&game, NULL, NULL, &d), DT_OK);
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT(is(d.nucleolus + i, 0, 1));
    dt_division_clear(&d);
    volatile sig_atomic_t stop = 1;
    CU_ASSERT_EQUAL(dt_coalition_divide(&game, &stop, NULL, &d), DT_ERR_INTERRUPTED);
    dt_division_clear(&d);
    dt_coalition_game_clear(&game);
}

int main(void) {
    static const dt_case cases[] = {
        {"gloves", gloves},
        {"majorities: an empty core", majorities},
        {"airports: closed forms", airports},
        {"estates: the Talmud's division", estates},
        {"random games: Kohlberg's criterion, all orders", random_games},
        {"worths below and beyond doubles", scales},
        {"limits", limits},
    };
    int status = DT_RUN_SUITE("coalition", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
