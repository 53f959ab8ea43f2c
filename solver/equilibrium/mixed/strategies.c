/* Sets of mixed strategies. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/strategies.h"

#include <flint/fmpz_vec.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/mixed/keys.h"

static uint64_t hash(const fmpz *weight, size_t size) {
    uint64_t h = 0;
    for (size_t i = 0; i < size; i++) {
        uint64_t pair[2] = {h, fmpz_get_ui(weight + i)};
        h = dt_key_hash(pair, 2);
    }
    return h;
}

/* The slot of these weights, or the free one where they belong. */
static uint32_t *find(const dt_strategies *set, const fmpz *weight) {
    size_t at = hash(weight, set->size) & (set->slots - 1);
    for (;; at = (at + 1) & (set->slots - 1)) {
        uint32_t *slot = &set->slot[at];
        if (!*slot || _fmpz_vec_equal(dt_strategies_get(set, *slot - 1), weight, (slong)set->size))
            return slot;
    }
}

static dt_status grow(dt_strategies *set) {
    size_t room = set->room ? 2 * set->room : 16;
    if (room >= UINT32_MAX)
        return DT_ERR_MEMORY;
    fmpz *weight = realloc(set->weight, room * set->size * sizeof *weight);
    if (!weight)
        return DT_ERR_MEMORY;
    memset(weight + set->room * set->size, 0, (room - set->room) * set->size * sizeof *weight);
    set->weight = weight;
    set->room = room;
    uint32_t *slot = calloc(2 * room, sizeof *slot);
    if (!slot)
        return DT_ERR_MEMORY;
    free(set->slot);
    set->slot = slot;
    set->slots = 2 * room;
    for (size_t k = 0; k < set->count; k++)
        *find(set, dt_strategies_get(set, k)) = (uint32_t)k + 1;
    return DT_OK;
}

dt_status dt_strategies_add(dt_strategies *set, const fmpz *weight, uint32_t *index) {
    dt_status status = set->count == set->room ? grow(set) : DT_OK;
    if (status != DT_OK)
        return status;
    fmpz *here = set->weight + set->count * set->size;
    fmpz_t content;
    fmpz_init(content);
    _fmpz_vec_content(content, weight, (slong)set->size);
    if (fmpz_is_one(content))
        _fmpz_vec_set(here, weight, (slong)set->size);
    else
        _fmpz_vec_scalar_divexact_fmpz(here, weight, (slong)set->size, content);
    fmpz_clear(content);
    uint32_t *slot = find(set, here);
    if (!*slot)
        *slot = (uint32_t)++set->count;
    *index = *slot - 1;
    return DT_OK;
}

/* What a merge sort needs to know. */
typedef struct order {
    const dt_strategies *set;
    fmpz *sum; /* of the weights */
    fmpz_t p, q;
} order;

static int compare(order *o, size_t a, size_t b) {
    const fmpz *x = dt_strategies_get(o->set, a), *y = dt_strategies_get(o->set, b);
    for (size_t i = 0; i < o->set->size; i++) {
        if (fmpz_is_zero(x + i) && fmpz_is_zero(y + i))
            continue;
        fmpz_mul(o->p, x + i, o->sum + b);
        fmpz_mul(o->q, y + i, o->sum + a);
        int c = fmpz_cmp(o->q, o->p);
        if (c != 0)
            return c;
    }
    return 0;
}

static void sort(order *o, uint32_t *place, uint32_t *spare, size_t count) {
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, j = half, k = 0;
    sort(o, place, spare, half);
    sort(o, place + half, spare, count - half);
    while (i < half || j < count)
        spare[k++] = j == count || (i < half && compare(o, place[i], place[j]) <= 0) ? place[i++]
                                                                                     : place[j++];
    memcpy(place, spare, count * sizeof *place);
}

dt_status dt_strategies_sort(dt_strategies *set, uint32_t **rank) {
    uint32_t *place = calloc(set->count + 1, sizeof *place);
    uint32_t *spare = calloc(set->count + 1, sizeof *spare);
    fmpz *sorted = calloc(set->count * set->size + 1, sizeof *sorted);
    order o = {.set = set};
    *rank = calloc(set->count + 1, sizeof **rank);
    dt_status status = place && spare && sorted && *rank ? DT_OK : DT_ERR_MEMORY;
    if (status == DT_OK) {
        fmpz_init(o.p);
        fmpz_init(o.q);
        o.sum = _fmpz_vec_init((slong)set->count);
        for (size_t k = 0; k < set->count; k++) {
            place[k] = (uint32_t)k;
            _fmpz_vec_sum(o.sum + k, dt_strategies_get(set, k), (slong)set->size);
        }
        sort(&o, place, spare, set->count);
        for (size_t k = 0; k < set->count; k++) { /* moved, bit for bit */
            (*rank)[place[k]] = (uint32_t)k;
            memcpy(sorted + k * set->size, dt_strategies_get(set, place[k]),
                   set->size * sizeof *sorted);
        }
        if (set->count)
            memcpy(set->weight, sorted, set->count * set->size * sizeof *sorted);
        _fmpz_vec_clear(o.sum, (slong)set->count);
        fmpz_clear(o.p);
        fmpz_clear(o.q);
        memset(set->slot, 0, set->slots * sizeof *set->slot);
        for (size_t k = 0; k < set->count; k++)
            *find(set, dt_strategies_get(set, k)) = (uint32_t)k + 1;
    }
    free(place);
    free(spare);
    free(sorted);
    return status;
}

void dt_strategies_clear(dt_strategies *set) {
    for (size_t k = 0; k < set->room * set->size; k++)
        fmpz_clear(set->weight + k);
    free(set->weight);
    free(set->slot);
    *set = (dt_strategies){.size = set->size};
}
