/* Lists and sets of keys. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/keys.h"

#include <stdlib.h>
#include <string.h>

/* The finisher of splitmix64 (Steele, Lea and Flood 2014), word by word. */
uint64_t dt_key_hash(const uint64_t *key, size_t words) {
    uint64_t z = 0;
    for (size_t w = 0; w < words; w++) {
        z = (z ^ key[w]) + UINT64_C(0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        z ^= z >> 31;
    }
    return z;
}

dt_status dt_key_list_add(dt_key_list *list, const uint64_t *key) {
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        uint64_t *larger = realloc(list->key, room * list->words * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        list->key = larger;
        list->room = room;
    }
    memcpy(list->key + list->count++ * list->words, key, list->words * sizeof *key);
    return DT_OK;
}

dt_status dt_key_list_join(dt_key_list *list, dt_key_list *from) {
    size_t room = list->room ? list->room : 64;
    while (room < list->count + from->count)
        room *= 2;
    if (room > list->room) {
        uint64_t *larger = realloc(list->key, room * list->words * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        list->key = larger;
        list->room = room;
    }
    memcpy(list->key + list->count * list->words, from->key,
           from->count * list->words * sizeof *from->key);
    list->count += from->count;
    from->count = 0;
    return DT_OK;
}

void dt_key_list_clear(dt_key_list *list) {
    free(list->key);
    *list = (dt_key_list){.words = list->words};
}

/* The slot that has the key, or the free one where it belongs. */
static uint64_t *find(const dt_key_set *set, const uint64_t *key) {
    size_t at = dt_key_hash(key, set->words) & (set->room - 1);
    for (;; at = (at + 1) & (set->room - 1)) {
        uint64_t *slot = set->slot + at * set->words;
        bool free_slot = true, same = true;
        for (size_t w = 0; w < set->words; w++) {
            free_slot = free_slot && slot[w] == 0;
            same = same && slot[w] == key[w];
        }
        if (free_slot || same)
            return slot;
    }
}

static dt_status grow(dt_key_set *set) {
    dt_key_set larger = {.words = set->words, .room = set->room ? 2 * set->room : 64};
    larger.slot = calloc(larger.room * set->words, sizeof *larger.slot);
    if (!larger.slot)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < set->room; i++) {
        const uint64_t *key = set->slot + i * set->words;
        bool there = false;
        for (size_t w = 0; w < set->words; w++)
            there = there || key[w];
        if (there)
            memcpy(find(&larger, key), key, set->words * sizeof *key);
    }
    larger.count = set->count;
    free(set->slot);
    *set = larger;
    return DT_OK;
}

dt_status dt_key_set_add(dt_key_set *set, const uint64_t *key, bool *added) {
    if (3 * (set->count + 1) > 2 * set->room) {
        dt_status status = grow(set);
        if (status != DT_OK)
            return status;
    }
    uint64_t *slot = find(set, key);
    *added = memcmp(slot, key, set->words * sizeof *key) != 0;
    if (*added) {
        memcpy(slot, key, set->words * sizeof *key);
        set->count++;
    }
    return DT_OK;
}

void dt_key_set_clear(dt_key_set *set) {
    free(set->slot);
    *set = (dt_key_set){.words = set->words};
}
