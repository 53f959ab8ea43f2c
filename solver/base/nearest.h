/* The nearest known name to a misspelt one. */
#ifndef DT_BASE_NEAREST_H
#define DT_BASE_NEAREST_H

#include <stddef.h>

/* A running search: start with {word, NULL, 0}, offer every candidate, then read `best`. */
typedef struct dt_nearest {
    const char *word;
    const char *best; /* NULL when nothing is near enough to suggest */
    size_t distance;
} dt_nearest;

/* Restricted Damerau-Levenshtein distance, case differences count half as a change. A candidate is
 * near enough within a third of the word's length plus one. */
void dt_nearest_offer(dt_nearest *search, const char *candidate);

#endif
