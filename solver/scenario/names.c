/* A table of names: open addressing with linear probing, FNV-1a hashes. */
#include "scenario/names.h"

#include <stdlib.h>
#include <string.h>

struct dt_names {
    dt_name *slot; /* a power of two of them; text NULL is free */
    size_t slots, used;
};

enum { FIRST_SLOTS = 64 };

dt_names *dt_names_new(void) {
    dt_names *names = calloc(1, sizeof *names);
    if (names && !(names->slot = calloc(FIRST_SLOTS, sizeof *names->slot))) {
        free(names);
        return NULL;
    }
    if (names)
        names->slots = FIRST_SLOTS;
    return names;
}

void dt_names_free(dt_names *names) {
    if (!names)
        return;
    free(names->slot);
    free(names);
}

static size_t hash(const char *text, size_t length) {
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211U;
    return (size_t)(h ^ (h >> 32));
}

/* The slot that holds the text, or the free one where it belongs. */
static dt_name *slot_of(dt_name *slot, size_t slots, const char *text, size_t length) {
    size_t i = hash(text, length) & (slots - 1);
    while (slot[i].text && !(slot[i].length == length && memcmp(slot[i].text, text, length) == 0))
        i = (i + 1) & (slots - 1);
    return &slot[i];
}

dt_name *dt_names_find(const dt_names *names, const char *text, size_t length) {
    dt_name *found = slot_of(names->slot, names->slots, text, length);
    return found->text ? found : NULL;
}

static bool grow(dt_names *names) {
    size_t slots = 2 * names->slots;
    dt_name *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < names->slots; i++)
        if (names->slot[i].text)
            *slot_of(slot, slots, names->slot[i].text, names->slot[i].length) = names->slot[i];
    free(names->slot);
    names->slot = slot;
    names->slots = slots;
    return true;
}

dt_name *dt_names_add(dt_names *names, const char *text, size_t length) {
    if (2 * names->used >= names->slots && !grow(names))
        return NULL;
    dt_name *name = slot_of(names->slot, names->slots, text, length);
    if (!name->text) {
        *name = (dt_name){.text = text, .length = length};
        names->used++;
    }
    return name;
}
