/* Sets of variables as bits, and sets of such sets. SPDX: GPL-3.0-or-later */
#ifndef DT_EQUILIBRIUM_KEYS_H
#define DT_EQUILIBRIUM_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deterra/status.h"

static inline bool dt_key_has(const uint64_t *key, size_t v) {
    return key[v / 64] >> (v % 64) & 1;
}
static inline void dt_key_put(uint64_t *key, size_t v) {
    key[v / 64] |= UINT64_C(1) << (v % 64);
}
static inline void dt_key_drop(uint64_t *key, size_t v) {
    key[v / 64] &= ~(UINT64_C(1) << (v % 64));
}
static inline size_t dt_key_words(size_t variables) {
    return (variables + 63) / 64;
}
uint64_t dt_key_hash(const uint64_t *key, size_t words);

/* A growing list of keys. */
typedef struct dt_key_list {
    size_t words, count, room;
    uint64_t *key; /* count × words */
} dt_key_list;

dt_status dt_key_list_add(dt_key_list *list, const uint64_t *key);
/* Adds copies of all keys of `from`, which is left with none. */
dt_status dt_key_list_join(dt_key_list *list, dt_key_list *from);
void dt_key_list_clear(dt_key_list *list);

/* A set of keys, none of them empty: a table with open addressing, at most two thirds full, so 12
 * to 24 bytes a key of one word. Zeroed but for `words` it is the empty set. */
typedef struct dt_key_set {
    size_t words, count, room; /* room is 0 or a power of two */
    uint64_t *slot;            /* room × words; 0: free */
} dt_key_set;

/* *added: it was not there. Constant time on average. */
dt_status dt_key_set_add(dt_key_set *set, const uint64_t *key, bool *added);
void dt_key_set_clear(dt_key_set *set);
/* Fetches what dt_key_set_add will need of the key into the cache. */
static inline void dt_key_set_expect(const dt_key_set *set, const uint64_t *key) {
    if (set->room)
        __builtin_prefetch(
            set->slot + (dt_key_hash(key, set->words) & (set->room - 1)) * set->words, 1);
}

#endif
