/* A map from names to numbers: open addressing, FNV-1a. */
#include "base/names.h"

#include <stdlib.h>
#include <string.h>

struct dt_name_slot {
    const char *key;
    uint32_t value;
};

static size_t hash_of(const char *key) {
    uint64_t h = 1469598103934665603u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static struct dt_name_slot *find(struct dt_name_slot *slot, size_t size, const char *key) {
    size_t at = hash_of(key) & (size - 1);
    while (slot[at].key && strcmp(slot[at].key, key) != 0)
        at = (at + 1) & (size - 1);
    return &slot[at];
}

void dt_names_clear(dt_names *names) {
    free(names->slot);
    *names = (dt_names){0};
}

dt_status dt_names_put(dt_names *names, const char *key, uint32_t value) {
    if (2 * (names->used + 1) > names->size) {
        size_t size = names->size ? 2 * names->size : 32;
        struct dt_name_slot *slot = calloc(size, sizeof *slot);
        if (!slot)
            return DT_ERR_MEMORY;
        for (size_t i = 0; i < names->size; i++)
            if (names->slot[i].key)
                *find(slot, size, names->slot[i].key) = names->slot[i];
        free(names->slot);
        names->slot = slot;
        names->size = size;
    }
    struct dt_name_slot *s = find(names->slot, names->size, key);
    names->used += !s->key;
    *s = (struct dt_name_slot){key, value};
    return DT_OK;
}

bool dt_names_get(const dt_names *names, const char *key, uint32_t *value) {
    if (!names->size)
        return false;
    const struct dt_name_slot *s = find(names->slot, names->size, key);
    if (s->key)
        *value = s->value;
    return s->key != NULL;
}
