/* Lists of extreme equilibria. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/pairs.h"

#include <flint/fmpz_vec.h>
#include <stdlib.h>
#include <string.h>

static dt_status room_for(dt_pairs *pairs, size_t count) {
    if (count <= pairs->room)
        return DT_OK;
    size_t width = pairs->size[0] + pairs->size[1], room = pairs->room ? pairs->room : 16;
    while (room < count)
        room *= 2;
    fmpz *larger = realloc(pairs->weight, room * width * sizeof *larger);
    if (!larger)
        return DT_ERR_MEMORY;
    memset(larger + pairs->room * width, 0, (room - pairs->room) * width * sizeof *larger);
    pairs->weight = larger;
    pairs->room = room;
    return DT_OK;
}

static void set_primitive(fmpz *to, const fmpz *from, size_t size) {
    fmpz_t content;
    fmpz_init(content);
    _fmpz_vec_content(content, from, (slong)size);
    _fmpz_vec_scalar_divexact_fmpz(to, from, (slong)size, content);
    fmpz_clear(content);
}

dt_status dt_pairs_add(dt_pairs *pairs, const fmpz *x, const fmpz *y) {
    dt_status status = room_for(pairs, pairs->count + 1);
    if (status != DT_OK)
        return status;
    fmpz *to = pairs->weight + pairs->count++ * (pairs->size[0] + pairs->size[1]);
    set_primitive(to, x, pairs->size[0]);
    set_primitive(to + pairs->size[0], y, pairs->size[1]);
    return DT_OK;
}

dt_status dt_pairs_join(dt_pairs *into, dt_pairs *from) {
    size_t width = into->size[0] + into->size[1];
    dt_status status = room_for(into, into->count + from->count);
    if (status != DT_OK)
        return status;
    _fmpz_vec_swap(into->weight + into->count * width, from->weight, (slong)(from->count * width));
    into->count += from->count;
    dt_pairs_clear(from);
    return DT_OK;
}

int dt_strategy_compare(const fmpz *a, const fmpz *b, size_t size) {
    fmpz_t sum_a, sum_b, p, q;
    fmpz_init(sum_a);
    fmpz_init(sum_b);
    fmpz_init(p);
    fmpz_init(q);
    _fmpz_vec_sum(sum_a, a, (slong)size);
    _fmpz_vec_sum(sum_b, b, (slong)size);
    int order = 0;
    for (size_t i = 0; i < size && order == 0; i++) {
        fmpz_mul(p, a + i, sum_b);
        fmpz_mul(q, b + i, sum_a);
        order = fmpz_cmp(q, p);
    }
    fmpz_clear(sum_a);
    fmpz_clear(sum_b);
    fmpz_clear(p);
    fmpz_clear(q);
    return order;
}

static int pair_order(const dt_pairs *pairs, size_t a, size_t b) {
    for (size_t p = 0; p < 2; p++) {
        int order = dt_strategy_compare(dt_pairs_strategy(pairs, a, p),
                                        dt_pairs_strategy(pairs, b, p), pairs->size[p]);
        if (order != 0)
            return order;
    }
    return 0;
}

/* Merge sort of place[0 … count - 1]. */
static void sort(const dt_pairs *pairs, size_t *place, size_t *spare, size_t count) {
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, j = half, k = 0;
    sort(pairs, place, spare, half);
    sort(pairs, place + half, spare, count - half);
    while (i < half || j < count)
        spare[k++] = j == count || (i < half && pair_order(pairs, place[i], place[j]) <= 0)
                         ? place[i++]
                         : place[j++];
    memcpy(place, spare, count * sizeof *place);
}

dt_status dt_pairs_sort(dt_pairs *pairs) {
    size_t width = pairs->size[0] + pairs->size[1];
    size_t *place = calloc(pairs->count + 1, sizeof *place);
    size_t *spare = calloc(pairs->count + 1, sizeof *spare);
    fmpz *sorted = calloc(pairs->count * width + 1, sizeof *sorted);
    dt_status status = place && spare && sorted ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK) {
        for (size_t k = 0; k < pairs->count; k++)
            place[k] = k;
        sort(pairs, place, spare, pairs->count);
        for (size_t k = 0; k < pairs->count; k++) /* moved, bit for bit */
            memcpy(sorted + k * width, pairs->weight + place[k] * width, width * sizeof *sorted);
        memcpy(pairs->weight, sorted, pairs->count * width * sizeof *sorted);
    }
    free(place);
    free(spare);
    free(sorted);
    return status;
}

void dt_pairs_clear(dt_pairs *pairs) {
    for (size_t k = 0; k < pairs->room * (pairs->size[0] + pairs->size[1]); k++)
        fmpz_clear(pairs->weight + k);
    free(pairs->weight);
    *pairs = (dt_pairs){.size = {pairs->size[0], pairs->size[1]}};
}
