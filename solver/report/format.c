/* The shortest decimal of a double. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deterra/report.h"

/* Fewest digits that read back: any decimal of up to 15 digits survives a normal double, so the
 * 15-digit form without its trailing zeros is the shortest when it reads back at all. A subnormal
 * holds fewer digits, so there the search starts at one. The C locale's point is assumed here and
 * in every reporter: deterra never calls setlocale. */
static void shortest_scientific(double value, char *buffer, size_t size) {
    int digits = fabs(value) < 0x1p-1022 ? 1 : 15;
    for (; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*e", digits - 1, value);
        if (strtod(buffer, NULL) == value)
            return;
    }
}

char *dt_format_double(double value, char *buffer) {
    assert(isfinite(value));
    char text[32];
    if (value == 0)
        return strcpy(buffer, "0");
    shortest_scientific(value, text, sizeof text);

    char digits[20];
    int count = 0;
    const char *p = text + (*text == '-');
    for (; *p != 'e'; p++)
        if (*p != '.')
            digits[count++] = *p;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    int exponent = atoi(p + 1);

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
