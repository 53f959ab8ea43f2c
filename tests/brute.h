/* A checker of small games by exhaustion, written apart from the solver: plain rationals over the
 * full table, every profile, every deviation. Nothing here calls the library.
 * SPDX: GPL-3.0-or-later */
#ifndef DT_TESTS_BRUTE_H
#define DT_TESTS_BRUTE_H

#include <flint/fmpq.h>
#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { BRUTE_PLAYERS = 8 };

/* payoff[profile * players + player], profiles in mixed radix with the last player fastest. */
typedef struct brute {
    size_t players;
    uint32_t strategies[BRUTE_PLAYERS];
    uint64_t profiles;
    fmpq *payoff;
} brute;

static inline brute brute_new(size_t players, const uint32_t *strategies) {
    brute b = {.players = players, .profiles = 1};
    for (size_t i = 0; i < players; i++) {
        b.strategies[i] = strategies[i];
        b.profiles *= strategies[i];
    }
    b.payoff = _fmpq_vec_init((slong)(b.profiles * players));
    return b;
}

static inline void brute_free(brute *b) {
    _fmpq_vec_clear(b->payoff, (slong)(b->profiles * b->players));
    b->payoff = NULL;
}

static inline fmpq *brute_payoff(const brute *b, uint64_t profile, size_t player) {
    return &b->payoff[profile * b->players + player];
}

/* How far apart in the profile number two neighbouring strategies of a player are. */
static inline uint64_t brute_stride(const brute *b, size_t player) {
    uint64_t stride = 1;
    for (size_t i = player + 1; i < b->players; i++)
        stride *= b->strategies[i];
    return stride;
}

static inline uint32_t brute_strategy(const brute *b, uint64_t profile, size_t player) {
    return (uint32_t)(profile / brute_stride(b, player) % b->strategies[player]);
}

/* The profile after `player` alone turns to `strategy`. */
static inline uint64_t brute_deviate(const brute *b, uint64_t profile, size_t player,
                                     uint32_t strategy) {
    uint64_t stride = brute_stride(b, player);
    return profile + (uint64_t)strategy * stride -
           (uint64_t)brute_strategy(b, profile, player) * stride;
}

/* The most that a player gains by a deviation, at least 0. */
static inline void brute_regret(const brute *b, uint64_t profile, size_t player, fmpq_t regret) {
    fmpq_t gain;
    fmpq_init(gain);
    fmpq_zero(regret);
    for (uint32_t s = 0; s < b->strategies[player]; s++) {
        uint64_t other = brute_deviate(b, profile, player, s);
        fmpq_sub(gain, brute_payoff(b, other, player), brute_payoff(b, profile, player));
        if (fmpq_cmp(gain, regret) > 0)
            fmpq_set(regret, gain);
    }
    fmpq_clear(gain);
}

/* Does nobody gain more than `slack`? */
static inline bool brute_is_equilibrium(const brute *b, uint64_t profile, const fmpq_t slack) {
    fmpq_t regret;
    fmpq_init(regret);
    bool is = true;
    for (size_t i = 0; i < b->players && is; i++) {
        brute_regret(b, profile, i, regret);
        is = fmpq_cmp(regret, slack) <= 0;
    }
    fmpq_clear(regret);
    return is;
}

/* Does every deviation lose? */
static inline bool brute_is_strict(const brute *b, uint64_t profile) {
    for (size_t i = 0; i < b->players; i++)
        for (uint32_t s = 0; s < b->strategies[i]; s++) {
            uint64_t other = brute_deviate(b, profile, i, s);
            if (other != profile &&
                fmpq_cmp(brute_payoff(b, other, i), brute_payoff(b, profile, i)) >= 0)
                return false;
        }
    return true;
}

/* Is there no profile that is at least as good for all and better for one? */
static inline bool brute_is_efficient(const brute *b, uint64_t profile) {
    for (uint64_t other = 0; other < b->profiles; other++) {
        bool worse = false, better = false;
        for (size_t i = 0; i < b->players && !worse; i++) {
            int c = fmpq_cmp(brute_payoff(b, other, i), brute_payoff(b, profile, i));
            worse = c < 0;
            better = better || c > 0;
        }
        if (!worse && better)
            return false;
    }
    return true;
}

/* Is `by` better than `strategy` for the player whatever the others do? */
static inline bool brute_dominates(const brute *b, size_t player, uint32_t by, uint32_t strategy) {
    if (by == strategy)
        return false;
    for (uint64_t k = 0; k < b->profiles; k++) {
        if (brute_strategy(b, k, player) != strategy)
            continue;
        uint64_t other = brute_deviate(b, k, player, by);
        if (fmpq_cmp(brute_payoff(b, other, player), brute_payoff(b, k, player)) <= 0)
            return false;
    }
    return true;
}

static inline void brute_from_double(fmpq_t q, double d) {
    int power;
    double half = frexp(d, &power);
    fmpq_set_si(q, (slong)ldexp(half, 53), 1);
    fmpz_t two;
    fmpz_init(two);
    fmpz_one(two);
    int shift = power - 53;
    fmpz_mul_2exp(two, two, (ulong)(shift < 0 ? -shift : shift));
    if (shift < 0)
        fmpq_div_fmpz(q, q, two);
    else
        fmpq_mul_fmpz(q, q, two);
    fmpz_clear(two);
}

/* Is no other double nearer to `q` than `d`? */
static inline bool brute_is_nearest(const fmpq_t q, double d) {
    double neighbour[2] = {nextafter(d, -INFINITY), nextafter(d, INFINITY)};
    fmpq_t here, there;
    fmpq_init(here);
    fmpq_init(there);
    brute_from_double(here, d);
    fmpq_sub(here, here, q);
    fmpq_abs(here, here);
    bool nearest = true;
    for (int i = 0; i < 2; i++) {
        if (!isfinite(neighbour[i]))
            continue;
        brute_from_double(there, neighbour[i]);
        fmpq_sub(there, there, q);
        fmpq_abs(there, there);
        nearest = nearest && fmpq_cmp(here, there) <= 0;
    }
    fmpq_clear(here);
    fmpq_clear(there);
    return nearest;
}

/* Random numbers of the tests' own: splitmix64 (Steele, Lea and Flood 2014). */
typedef struct brute_random {
    uint64_t state;
} brute_random;

static inline uint64_t brute_next(brute_random *r) {
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* A whole number from low to high. */
static inline long brute_draw(brute_random *r, long low, long high) {
    return low + (long)(brute_next(r) % (uint64_t)(high - low + 1));
}

#endif
