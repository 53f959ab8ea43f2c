/* The shortest decimal of a double. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/report.h"

/* Fewest digits that read back: any decimal of up to 15 digits survives a normal double, so the
 * 15-digit form without its trailing zeros is the shortest when it reads back at all. A subnormal
 * holds fewer digits, so there the search starts at one. The C locale's point is assumed here and
 * in every reporter: deterra never calls setlocale. */
static int by_library(double value, char *digits, int *exponent) {
    char text[32];
    for (int count = fabs(value) < 0x1p-1022 ? 1 : 15; count <= 17; count++) {
        snprintf(text, sizeof text, "%.*e", count - 1, value);
        if (strtod(text, NULL) == value)
            break;
    }
    int count = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (*p != '.')
            digits[count++] = *p;
    *exponent = atoi(p + 1);
    return count;
}

/* x / 10^k rounded to the nearest whole number, ties to even, where x stands for a number a little
 * above it if `more`. */
static uint64_t rounded(uint64_t x, uint64_t power, bool more) {
    uint64_t quotient = x / power, rest = x % power, half = power / 2;
    return quotient + (rest > half || (rest == half && (more || (quotient & 1))));
}

/* The same in whole numbers, for the usual magnitudes. With value =
 * m 2^-s and k such that value 10^k has 17 digits, m 10^k has at most 127 bits; a decimal d reads
 * back where |d 10^(17 - count) 2^s - m 10^k| is below half an ulp, which is 10^k / 2 here (or
 * equal to it and m is even). Powers of 2, where the ulp is less below than above, go to the
 * library. Returns 0 where it does not apply. */
static int by_integers(double value, char *digits, int *exponent) {
    static const uint64_t power[] = {1, 10, 100};
    if (!(value > 1e-5 && value < 1e15))
        return 0;
    int s;
    uint64_t m = (uint64_t)(frexp(value, &s) * 0x1p53);
    s = 53 - s;
    if ((m & (m - 1)) == 0 || s < 1)
        return 0;
    int k = 16 - (int)floor(log10(value)); /* or one off: seen below */
    unsigned __int128 ten = 1, exact;
    for (int i = 0; i < k; i++)
        ten *= 10;
    exact = ten * m;
    uint64_t top = (uint64_t)(exact >> s);
    bool more = (exact & (((unsigned __int128)1 << s) - 1)) != 0;
    if (top < UINT64_C(10000000000000000) || top >= UINT64_C(99999999999999999))
        return 0;
    for (int count = 15; count <= 17; count++) {
        uint64_t d;
        if (count < 17) {
            d = rounded(top, power[17 - count], more) * power[17 - count];
        } else {
            unsigned __int128 rest = exact & (((unsigned __int128)1 << s) - 1),
                              half = (unsigned __int128)1 << (s - 1);
            d = top + (rest > half || (rest == half && (top & 1)));
        }
        unsigned __int128 there = (unsigned __int128)d << s;
        unsigned __int128 off = there > exact ? there - exact : exact - there;
        if (2 * off > ten || (2 * off == ten && (m & 1)))
            continue;
        *exponent = 16 - k;
        if (d == UINT64_C(100000000000000000)) {
            d /= 10;
            ++*exponent;
        }
        for (int i = 17; i-- > 0; d /= 10)
            digits[i] = (char)('0' + d % 10);
        return 17;
    }
    return 0;
}

char *dt_format_double(double value, char *buffer) {
    if (!isfinite(value)) /* results hold none, but a damaged file may */
        return strcpy(buffer, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    if (value == 0)
        return strcpy(buffer, "0");
    char digits[20];
    int exponent, count = by_integers(fabs(value), digits, &exponent);
    if (count == 0)
        count = by_library(fabs(value), digits, &exponent);
    while (count > 1 && digits[count - 1] == '0')
        count--;

    char *out = buffer;
    if (value < 0)
        *out++ = '-';
    if (exponent < -5 || exponent > 16) {
        *out++ = digits[0];
        if (count > 1)
            *out++ = '.';
        memcpy(out, digits + 1, (size_t)(count - 1));
        out += count - 1;
        snprintf(out, 8, "e%+03d", exponent);
        return buffer;
    }
    int point = exponent + 1; /* digits before the point */
    if (point <= 0)
        *out++ = '0';
    for (int i = 0; i < point; i++)
        *out++ = i < count ? digits[i] : '0';
    if (point < count)
        *out++ = '.';
    for (int i = point; i < 0; i++)
        *out++ = '0';
    for (int i = point > 0 ? point : 0; i < count; i++)
        *out++ = digits[i];
    *out = '\0';
    return buffer;
}
