/* An arena: a list of blocks, the last one being filled. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks grow from the first, since most arenas stay small, and there may be many, to the largest.
 */
enum { FIRST_BYTES = 960, LARGEST_BYTES = 16384, ALIGN = 16 };

typedef struct block {
    struct block *next;
    size_t used, size;
} block;

struct dt_arena {
    block *first;
};

static const size_t HEADER = (sizeof(block) + ALIGN - 1) / ALIGN * ALIGN;

dt_arena *dt_arena_new(void) {
    return calloc(1, sizeof(dt_arena));
}

void dt_arena_free(dt_arena *arena) {
    if (!arena)
        return;
    for (block *b = arena->first; b;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

void *dt_arena_alloc(dt_arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        return NULL;
    size = size ? (size + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
    block *b = arena->first;
    if (!b || b->size - b->used < size) {
        size_t room = b ? 2 * b->size : FIRST_BYTES;
        room = room < LARGEST_BYTES ? room : LARGEST_BYTES;
        room = size > room / 4 ? size : room;
        block *fresh = calloc(1, HEADER + room); /* large: pages that are zero, untouched */
        if (!fresh)
            return NULL;
        fresh->used = 0;
        fresh->size = room;
        if (b && room == size) { /* an outsized block goes behind: the first keeps filling */
            fresh->next = b->next;
            b->next = fresh;
        } else {
            fresh->next = b;
            arena->first = fresh;
        }
        b = fresh;
    }
    void *p = (char *)b + HEADER + b->used;
    b->used += size;
    return p;
}

void *dt_arena_array(dt_arena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size)
        return NULL;
    return dt_arena_alloc(arena, count * size);
}

char *dt_arena_copy(dt_arena *arena, const char *data, size_t length) {
    char *copy = dt_arena_alloc(arena, length + 1);
    if (copy && length)
        memcpy(copy, data, length);
    return copy;
}

char *dt_arena_vformat(dt_arena *arena, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    char brief[64]; /* mostly long enough: formatted once */
    int length = vsnprintf(brief, sizeof brief, format, args);
    char *text = length < 0 ? NULL : dt_arena_alloc(arena, (size_t)length + 1);
    if (text && (size_t)length < sizeof brief)
        memcpy(text, brief, (size_t)length);
    else if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *dt_arena_format(dt_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = dt_arena_vformat(arena, format, args);
    va_end(args);
    return text;
}
