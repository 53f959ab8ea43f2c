/* Lists of extreme equilibria. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/pairs.h"

#include <stdlib.h>

dt_pairs dt_pairs_of(size_t m, size_t n) {
    return (dt_pairs){.strategy = {{.size = m}, {.size = n}}};
}

dt_status dt_pairs_add(dt_pairs *pairs, uint32_t first, uint32_t second) {
    if (pairs->count == pairs->room) {
        size_t room = pairs->room ? 2 * pairs->room : 16;
        uint32_t(*larger)[2] = realloc(pairs->pair, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        pairs->pair = larger;
        pairs->room = room;
    }
    pairs->pair[pairs->count][0] = first;
    pairs->pair[pairs->count++][1] = second;
    return DT_OK;
}

dt_status dt_pairs_join(dt_pairs *into, dt_pairs *from) {
    dt_status status = DT_OK;
    if (!into->count && !into->strategy[0].count && !into->strategy[1].count) {
        dt_pairs_clear(into);
        *into = *from;
        *from = dt_pairs_of(into->strategy[0].size, into->strategy[1].size);
        return DT_OK;
    }
    uint32_t *index[2] = {NULL, NULL};
    for (size_t p = 0; p < 2 && status == DT_OK; p++) {
        const dt_strategies *set = &from->strategy[p];
        index[p] = calloc(set->count + 1, sizeof *index[p]);
        status = index[p] ? DT_OK : DT_ERR_MEMORY;
        for (size_t k = 0; k < set->count && status == DT_OK; k++)
            status = dt_strategies_add(&into->strategy[p], dt_strategies_get(set, k), &index[p][k]);
    }
    for (size_t k = 0; k < from->count && status == DT_OK; k++)
        status = dt_pairs_add(into, index[0][from->pair[k][0]], index[1][from->pair[k][1]]);
    free(index[0]);
    free(index[1]);
    dt_pairs_clear(from);
    return status;
}

static int compare(const void *a, const void *b) {
    const uint32_t *x = a, *y = b;
    for (size_t p = 0; p < 2; p++)
        if (x[p] != y[p])
            return x[p] < y[p] ? -1 : 1;
    return 0;
}

dt_status dt_pairs_sort(dt_pairs *pairs) {
    uint32_t *rank[2] = {NULL, NULL};
    dt_status status = dt_strategies_sort(&pairs->strategy[0], &rank[0]);
    if (status == DT_OK)
        status = dt_strategies_sort(&pairs->strategy[1], &rank[1]);
    for (size_t k = 0; k < pairs->count && status == DT_OK; k++)
        for (size_t p = 0; p < 2; p++)
            pairs->pair[k][p] = rank[p][pairs->pair[k][p]];
    if (status == DT_OK && pairs->count)
        qsort(pairs->pair, pairs->count, sizeof *pairs->pair, compare);
    free(rank[0]);
    free(rank[1]);
    return status;
}

void dt_pairs_clear(dt_pairs *pairs) {
    dt_strategies_clear(&pairs->strategy[0]);
    dt_strategies_clear(&pairs->strategy[1]);
    free(pairs->pair);
    pairs->pair = NULL;
    pairs->count = pairs->room = 0;
}
