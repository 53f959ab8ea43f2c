/* Payoffs as a strategic-form file holds them. */
#ifndef DT_NFG_NUMBER_H
#define DT_NFG_NUMBER_H

#include <stdbool.h>

#include "deterra/exact.h"
#include "report/buffer.h"

/* So many decimals, where a payoff ends after them, before it is written as a fraction. */
enum { DT_NFG_PLACES = 18 };

/* Appends the number: "-3", "0.25", "1/3". It reads back as the same rational. One too long to be
 * read back as a fraction is a decimal if it can be; false where it is too long for that too. */
bool dt_nfg_add_number(dt_buffer *buffer, const fmpq_t q);

/* The decimal of so many places nearest to x; false where 4096 bits cannot tell x well enough. */
bool dt_nfg_round(dt_exact_context *context, const dt_exact *x, int decimals, fmpq_t rounded);

#endif
