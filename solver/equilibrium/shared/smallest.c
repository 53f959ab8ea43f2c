/* The n smallest pairs of a stream: see smallest.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/shared/smallest.h"

#include <stdbool.h>
#include <stdlib.h>

static int compare(const void *left, const void *right) {
    const dt_ranked *a = left, *b = right;
    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

dt_status dt_smallest_init(dt_smallest *s, size_t limit) {
    *s = (dt_smallest){.limit = limit};
    s->entry = malloc((limit + 1) * sizeof *s->entry);
    return s->entry ? DT_OK : DT_ERR_MEMORY;
}

void dt_smallest_clear(dt_smallest *s) {
    free(s->entry);
    *s = (dt_smallest){0};
}

static void sink(dt_smallest *s, size_t at, dt_ranked item) {
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= s->count)
            break;
        if (child + 1 < s->count && compare(&s->entry[child + 1], &s->entry[child]) > 0)
            child++;
        if (compare(&s->entry[child], &item) <= 0)
            break;
        s->entry[at] = s->entry[child];
        at = child;
    }
    s->entry[at] = item;
}

void dt_smallest_offer(dt_smallest *s, double value, uint64_t index) {
    dt_ranked item = {.value = value, .index = index};
    if (s->count == s->limit) {
        if (s->limit && compare(&item, &s->entry[0]) < 0)
            sink(s, 0, item);
        return;
    }
    size_t at = s->count++;
    while (at > 0 && compare(&s->entry[(at - 1) / 2], &item) < 0) {
        s->entry[at] = s->entry[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->entry[at] = item;
}

void dt_smallest_merge(dt_smallest *into, const dt_smallest *from) {
    for (size_t i = 0; i < from->count; i++)
        dt_smallest_offer(into, from->entry[i].value, from->entry[i].index);
}

void dt_smallest_sort(dt_smallest *s) {
    qsort(s->entry, s->count, sizeof *s->entry, compare);
}
