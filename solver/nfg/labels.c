/* Labels made fit to tell things apart. */
#include "nfg/labels.h"

#include <string.h>

#include "scenario/names.h"

/* Counts each label in `kind`. */
static dt_status count_labels(dt_names *names, const char *const *label, size_t count,
                              size_t *repeated) {
    *repeated = count;
    for (size_t i = 0; i < count; i++) {
        if (!*label[i])
            continue;
        dt_name *name = dt_names_add(names, label[i], strlen(label[i]));
        if (!name)
            return DT_ERR_MEMORY;
        if (name->kind++ > 0 && *repeated == count)
            *repeated = i;
    }
    return DT_OK;
}

/* The label with a number behind it that is no label yet; NULL when out of memory. */
static const char *numbered(dt_arena *arena, dt_names *names, const char *label) {
    for (;;) {
        dt_name *stem = dt_names_add(names, label, strlen(label));
        const char *fresh = stem ? dt_arena_format(arena, "%s_%zu", label, ++stem->mark) : NULL;
        if (!fresh)
            return NULL;
        if (!dt_names_find(names, fresh, strlen(fresh)))
            return dt_names_add(names, fresh, strlen(fresh)) ? fresh : NULL;
    }
}

static const char *rename_label(dt_arena *arena, dt_names *names, const char *label, size_t number,
                                const char *prefix) {
    if (*label)
        return numbered(arena, names, label);
    const char *fresh = dt_arena_format(arena, "%s%zu", prefix, number);
    if (!fresh)
        return NULL;
    if (dt_names_find(names, fresh, strlen(fresh)))
        return numbered(arena, names, fresh);
    return dt_names_add(names, fresh, strlen(fresh)) ? fresh : NULL;
}

dt_status dt_labels_distinct(dt_arena *arena, const char **label, size_t count, const char *prefix,
                             size_t *repeated) {
    dt_names *names = dt_names_new();
    dt_status status = names ? count_labels(names, label, count, repeated) : DT_ERR_MEMORY;
    for (size_t i = 0; i < count && status == DT_OK; i++) {
        const dt_name *name = *label[i] ? dt_names_find(names, label[i], strlen(label[i])) : NULL;
        if (name && name->kind == 1)
            continue;
        label[i] = rename_label(arena, names, label[i], i + 1, prefix);
        status = label[i] ? DT_OK : DT_ERR_MEMORY;
    }
    dt_names_free(names);
    return status;
}
