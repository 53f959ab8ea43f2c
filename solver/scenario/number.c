/* Numbers as written: decimals and fractions to exact rationals, with the reason of a refusal. */
#include "scenario/number.h"

#include <stdlib.h>
#include <string.h>

#include "deterra/scenario.h"

/* Exponents are clamped here while they are read: far outside a double's range, far inside long. */
enum { EXPONENT_CLAMP = 1000000000 };

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t digits_at(const char *text, size_t length, size_t from) {
    size_t i = from;
    while (i < length && is_digit(text[i]))
        i++;
    return i - from;
}

/* The integer of `length` digits; false when memory runs out. */
static bool read_digits(const char *digits, size_t length, fmpz_t value) {
    char shortest[64], *copy = length < sizeof shortest ? shortest : malloc(length + 1);
    if (!copy)
        return false;
    memcpy(copy, digits, length);
    copy[length] = '\0';
    bool done = fmpz_set_str(value, copy, 10) == 0;
    if (copy != shortest)
        free(copy);
    return done;
}

/* Whether the value, not zero, rounds to a finite double that is not zero: it lies strictly
 * between 2^-1075 and 2^1024 - 2^970, the two points halfway to zero and to infinity. */
static bool within_double(const fmpq_t value) {
    slong size = (slong)fmpz_bits(fmpq_numref(value)) - (slong)fmpz_bits(fmpq_denref(value));
    if (size >= -1070 && size <= 1020) /* 2^(size-1) < |value| < 2^(size+1) */
        return true;
    if (size < -1080 || size > 1030)
        return false;
    fmpq_t bound, size_of;
    fmpq_init(bound);
    fmpq_init(size_of);
    fmpq_abs(size_of, value);
    bool within;
    if (size < 0) {
        fmpq_set_si(bound, 1, 1);
        fmpq_div_2exp(bound, bound, 1075);
        within = fmpq_cmp(size_of, bound) > 0;
    } else {
        fmpq_set_si(bound, (slong)((1UL << 54) - 1), 1);
        fmpq_mul_2exp(bound, bound, 970);
        within = fmpq_cmp(size_of, bound) < 0;
    }
    fmpq_clear(size_of);
    fmpq_clear(bound);
    return within;
}

/* The same where all of it fits a word: up to 18 digits and decimals. */
static bool scale_small(const char *digits, size_t length, slong exponent, fmpq_t value) {
    if (length > 18 || exponent > 0 || exponent < -18)
        return false;
    slong whole = 0;
    ulong power = 1;
    for (size_t i = 0; i < length; i++)
        whole = 10 * whole + (digits[i] - '0');
    for (; exponent < 0; exponent++)
        power *= 10;
    fmpq_set_si(value, whole, power);
    return true;
}

/* digits × 10^exponent. Refuses by the size of the exponent before it computes any power. */
static dt_number_result scale(const char *digits, size_t length, slong exponent, fmpq_t value) {
    while (length > 0 && *digits == '0') {
        digits++;
        length--;
    }
    if (length == 0) {
        fmpq_zero(value);
        return DT_NUMBER_OK;
    }
    slong above = (slong)length + exponent; /* 10^(above-1) <= |value| < 10^above */
    if (above - 1 > 308 || above <= -324)
        return DT_NUMBER_RANGE;
    if (scale_small(digits, length, exponent, value))
        return DT_NUMBER_OK;
    fmpz_t whole, power;
    fmpz_init(whole);
    fmpz_init(power);
    bool done = read_digits(digits, length, whole);
    fmpz_set_ui(power, 10);
    fmpz_pow_ui(power, power, (ulong)(exponent < 0 ? -exponent : exponent));
    if (exponent < 0) {
        fmpq_set_fmpz_frac(value, whole, power);
    } else {
        fmpz_mul(whole, whole, power);
        fmpz_one(power);
        fmpq_set_fmpz_frac(value, whole, power);
    }
    fmpz_clear(power);
    fmpz_clear(whole);
    return !done ? DT_NUMBER_MALFORMED : within_double(value) ? DT_NUMBER_OK : DT_NUMBER_RANGE;
}

/* An unsigned fraction: `p` digits, a slash, and the rest digits. */
static dt_number_result read_fraction(const char *text, size_t length, size_t p, fmpq_t value) {
    size_t q = digits_at(text, length, p + 1);
    if (p == 0 || q == 0 || p + 1 + q != length)
        return DT_NUMBER_MALFORMED;
    fmpz_t above, below;
    fmpz_init(above);
    fmpz_init(below);
    bool done =
        read_digits(text, p, above) && read_digits(text + p + 1, q, below) && !fmpz_is_zero(below);
    if (done)
        fmpq_set_fmpz_frac(value, above, below);
    fmpz_clear(below);
    fmpz_clear(above);
    if (!done)
        return DT_NUMBER_MALFORMED;
    return fmpq_is_zero(value) || within_double(value) ? DT_NUMBER_OK : DT_NUMBER_RANGE;
}

/* "e-12" at `at`; false where the exponent has no digits or more than the exponent follows. */
static bool read_exponent(const char *text, size_t length, size_t at, slong *exponent) {
    size_t i = at + 1;
    bool negative = i < length && text[i] == '-';
    if (i < length && (text[i] == '-' || text[i] == '+'))
        i++;
    size_t count = digits_at(text, length, i);
    if (count == 0 || i + count != length)
        return false;
    slong read = 0;
    for (; i < length; i++)
        if (read < EXPONENT_CLAMP)
            read = 10 * read + (text[i] - '0');
    *exponent = negative ? -read : read;
    return true;
}

/* An unsigned decimal: digits with at most one point, then an exponent or, on integers, L or LL. */
static dt_number_result read_decimal(const char *text, size_t length, fmpq_t value) {
    size_t whole = digits_at(text, length, 0), part = 0, i = whole;
    bool point = i < length && text[i] == '.';
    if (point) {
        part = digits_at(text, length, i + 1);
        i += 1 + part;
    }
    if (whole + part == 0)
        return DT_NUMBER_MALFORMED;
    slong exponent = 0;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        if (!read_exponent(text, length, i, &exponent))
            return DT_NUMBER_MALFORMED;
    } else if (i < length) {
        bool suffix = !point && text[i] == 'L' &&
                      (i + 1 == length || (i + 2 == length && text[i + 1] == 'L'));
        if (!suffix)
            return DT_NUMBER_MALFORMED;
    }
    if (!point)
        return scale(text, whole, exponent, value);
    char shortest[64], *digits = whole + part <= sizeof shortest ? shortest : malloc(whole + part);
    if (!digits)
        return DT_NUMBER_MALFORMED;
    memcpy(digits, text, whole);
    memcpy(digits + whole, text + whole + 1, part);
    dt_number_result result = scale(digits, whole + part, exponent - (slong)part, value);
    if (digits != shortest)
        free(digits);
    return result;
}

dt_number_result dt_number_read(const char *text, size_t length, fmpq_t value) {
    bool negative = length > 0 && text[0] == '-';
    if (length > 0 && (text[0] == '-' || text[0] == '+')) {
        text++;
        length--;
    }
    fmpq_t read;
    fmpq_init(read);
    size_t p = digits_at(text, length, 0);
    dt_number_result result = p < length && text[p] == '/' ? read_fraction(text, length, p, read)
                                                           : read_decimal(text, length, read);
    if (result == DT_NUMBER_OK) {
        if (negative)
            fmpq_neg(read, read);
        fmpq_swap(value, read);
    }
    fmpq_clear(read);
    return result;
}

bool dt_number_parse(const char *text, fmpq_t value) {
    return dt_number_read(text, strlen(text), value) == DT_NUMBER_OK;
}
