/* Payoffs as a strategic-form file holds them. */
#include "nfg/number.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "nfg/limits.h"

static void add_integer(dt_buffer *buffer, const fmpz_t n) {
    char digits[32];
    if (fmpz_fits_si(n)) {
        snprintf(digits, sizeof digits, "%ld", (long)fmpz_get_si(n));
        dt_buffer_add(buffer, digits);
        return;
    }
    char *text = fmpz_get_str(NULL, 10, n);
    dt_buffer_add(buffer, text);
    flint_free(text);
}

/* How many decimals the number has, or -1 where they have no end. */
static slong places_of(const fmpq_t q) {
    fmpz_t rest, factor;
    fmpz_init(rest);
    fmpz_init(factor);
    fmpz_set_ui(factor, 2);
    slong twos = fmpz_remove(rest, fmpq_denref(q), factor);
    fmpz_set_ui(factor, 5);
    slong fives = fmpz_remove(rest, rest, factor), places = twos > fives ? twos : fives;
    bool ends = fmpz_is_one(rest);
    fmpz_clear(factor);
    fmpz_clear(rest);
    return ends ? places : -1;
}

/* The digits with a point before the last `places` of them. */
static void add_decimal(dt_buffer *buffer, const fmpq_t q, slong places) {
    fmpz_t scaled, power;
    fmpz_init(scaled);
    fmpz_init(power);
    fmpz_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)places);
    fmpz_mul(scaled, fmpq_numref(q), power);
    fmpz_divexact(scaled, scaled, fmpq_denref(q));
    if (fmpz_sgn(scaled) < 0)
        dt_buffer_char(buffer, '-');
    fmpz_abs(scaled, scaled);
    char *digits = fmpz_get_str(NULL, 10, scaled);
    size_t length = strlen(digits), after = (size_t)places;
    size_t before = length > after ? length - after : 0;
    if (before)
        dt_buffer_bytes(buffer, digits, before);
    else
        dt_buffer_char(buffer, '0');
    dt_buffer_char(buffer, '.');
    dt_buffer_repeat(buffer, "0", before ? 0 : after - length);
    dt_buffer_add(buffer, digits + before);
    flint_free(digits);
    fmpz_clear(power);
    fmpz_clear(scaled);
}

/* The digits of n, or a few more. */
static size_t digits_of(const fmpz_t n) {
    return (size_t)((double)fmpz_bits(n) * 0.30103) + 2;
}

bool dt_nfg_add_number(dt_buffer *buffer, const fmpq_t q) {
    size_t whole = digits_of(fmpq_numref(q)), below = digits_of(fmpq_denref(q));
    slong places = fmpz_is_one(fmpq_denref(q)) ? 0 : places_of(q);
    bool fits = whole + below + 1 < DT_NFG_TEXT_BYTES; /* as a fraction */
    if (places > 0 && (places <= DT_NFG_PLACES || !fits)) {
        size_t before = whole > below ? whole - below : 0;
        if ((size_t)places + before + 4 >= DT_NFG_TEXT_BYTES)
            return false;
        add_decimal(buffer, q, places);
        return true;
    }
    if (!fits)
        return false;
    add_integer(buffer, fmpq_numref(q));
    if (places) {
        dt_buffer_char(buffer, '/');
        add_integer(buffer, fmpq_denref(q));
    }
    return true;
}

bool dt_nfg_round(dt_exact_context *context, const dt_exact *x, int decimals, fmpq_t rounded) {
    arb_t ball;
    arf_t half;
    arb_init(ball);
    arf_init(half);
    arf_set_d(half, 0.5);
    fmpz_t power, whole;
    fmpz_init(power);
    fmpz_init(whole);
    fmpz_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)decimals);
    bool done = false;
    for (slong p = 128; p <= 4096 && !done; p *= 2) { /* the floor of x × 10^decimals + 1/2 */
        dt_exact_enclose(context, ball, x, p);
        arb_mul_fmpz(ball, ball, power, p + 64);
        if (2 * p > 4096 && mag_cmp_2exp_si(arb_radref(ball), -16) <= 0) {
            arf_get_fmpz(whole, arb_midref(ball), ARF_RND_NEAR); /* a tie, as far as one can see */
            done = true;
        }
        arb_add_arf(ball, ball, half, p + 64);
        arb_floor(ball, ball, p + 64);
        done = arb_get_unique_fmpz(whole, ball) || done;
    }
    if (done)
        fmpq_set_fmpz_frac(rounded, whole, power);
    fmpz_clear(whole);
    fmpz_clear(power);
    arf_clear(half);
    arb_clear(ball);
    return done;
}
