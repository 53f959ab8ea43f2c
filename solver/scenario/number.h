/* Numbers as written: decimals and fractions to exact rationals, with the reason of a refusal. */
#ifndef DT_SCENARIO_NUMBER_H
#define DT_SCENARIO_NUMBER_H

#include <flint/fmpq.h>

typedef enum dt_number_result {
    DT_NUMBER_OK,
    DT_NUMBER_MALFORMED, /* neither a decimal nor p/q, or q is 0; also when memory runs out */
    DT_NUMBER_RANGE,     /* as a double it would be infinite or, though not zero, zero */
} dt_number_result;

/* Reads all `length` bytes of `text`; `value` is set only where the result is DT_NUMBER_OK.
 * Time: that of multiplying numbers of `length` digits; exponents cost nothing beyond a double's
 * range, as they are refused before anything is multiplied. */
dt_number_result dt_number_read(const char *text, size_t length, fmpq_t value);

#endif
