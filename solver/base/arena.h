/* An arena: many small allocations, freed together. */
#ifndef DT_BASE_ARENA_H
#define DT_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct dt_arena dt_arena;

dt_arena *dt_arena_new(void); /* NULL when out of memory */
void dt_arena_free(dt_arena *arena);
/* Zeroed, 16-byte aligned; NULL when out of memory. Size 0 gives a valid pointer. */
void *dt_arena_alloc(dt_arena *arena, size_t size);
/* count × size with overflow checked. */
void *dt_arena_array(dt_arena *arena, size_t count, size_t size);
/* A NUL-terminated copy. */
char *dt_arena_copy(dt_arena *arena, const char *data, size_t length);
char *dt_arena_vformat(dt_arena *arena, const char *format, va_list args);
char *dt_arena_format(dt_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
