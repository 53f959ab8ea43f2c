/* Result lists: results, their notes and settings, all in one arena. */
#include "deterra/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "result/room.h"

const char *dt_certificate_name(dt_certificate certificate) {
    switch (certificate) {
    case DT_CERT_NONE: return "";
    case DT_CERT_EXACT: return "exact";
    case DT_CERT_BALL: return "ball";
    case DT_CERT_NUMERIC: return "numeric";
    }
    return "";
}

dt_result_list *dt_result_list_new(void) {
    dt_result_list *list = calloc(1, sizeof *list);
    if (list && !(list->arena = dt_arena_new())) {
        free(list);
        list = NULL;
    }
    return list;
}

void dt_result_list_free(dt_result_list *list) {
    if (!list)
        return;
    dt_arena_free(list->arena);
    free(list);
}

void *dt_result_room(dt_result_list *list, void *array, size_t count, size_t size) {
    if (count & (count - 1))
        return array;
    void *grown = dt_arena_array(list->arena, count ? 2 * count : 1, size);
    if (grown && count)
        memcpy(grown, array, count * size);
    return grown;
}

static char *format_in(dt_result_list *list, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : dt_arena_array(list->arena, (size_t)length + 1, 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

dt_result *dt_result_add(dt_result_list *list, const char *concept_name, dt_shape shape) {
    dt_result **grown = dt_result_room(list, list->result, list->count, sizeof *grown);
    dt_result *result = dt_arena_alloc(list->arena, sizeof *result);
    char *name = dt_arena_copy(list->arena, concept_name, strlen(concept_name));
    if (!grown || !result || !name)
        return NULL;
    list->result = grown;
    list->result[list->count++] = result;
    result->concept_name = name;
    result->shape = shape;
    return result;
}

dt_status dt_result_note(dt_result_list *list, dt_result *result, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = format_in(list, format, args);
    va_end(args);
    const char **grown = dt_result_room(list, result->note, result->notes, sizeof *grown);
    if (!text || !grown)
        return DT_ERR_MEMORY;
    result->note = grown;
    result->note[result->notes++] = text;
    return DT_OK;
}

dt_status dt_result_setting(dt_result_list *list, dt_result *result, const char *key,
                            const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = format_in(list, format, args);
    va_end(args);
    char *kept = dt_arena_copy(list->arena, key, strlen(key));
    dt_setting_used *grown = dt_result_room(list, result->setting, result->settings, sizeof *grown);
    if (!text || !kept || !grown)
        return DT_ERR_MEMORY;
    result->setting = grown;
    result->setting[result->settings++] = (dt_setting_used){kept, text};
    return DT_OK;
}
