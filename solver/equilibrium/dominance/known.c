/* Rows that a part of a round knows: most questions are answered by few. SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/dominance/dominance_round.h"

/* Of a sample: payoffs at most, rows at least, part of all rows. */
enum { SAMPLE_PAYOFFS = 1 << 21, LEAST_ROWS = 64, SHARE = 32 };

/* splitmix64 (Steele, Lea and Flood 2014): what a row of the sample is rests on its number only. */
static uint64_t scramble(uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* The k-th row of a sample: each of the others plays his first or his last strategy a quarter of
 * the time, for what is special tends to be there. */
static uint64_t sample_row(const dt_part_round *p, uint64_t k) {
    uint64_t index = 0;
    for (size_t i = 0; i < p->game->players; i++) {
        if (i == p->player)
            continue;
        uint64_t n = p->left->count[i], draw = scramble(k * DT_MAX_PLAYERS + i);
        uint64_t place = draw & 1 ? draw >> 2 & 1 ? 0 : n - 1 : (draw >> 3) % n;
        index = index * n + (k ? place : 0);
    }
    return index;
}

dt_status dt_known_sample(dt_part_round *p) {
    uint64_t least = p->few ? LEAST_ROWS : 1, most = SAMPLE_PAYOFFS / p->count;
    uint64_t take = p->rows / SHARE < most ? p->rows / SHARE : most, few = p->few / p->count;
    dt_status status = DT_OK;
    p->complete = p->rows <= (few > least ? few : least);
    if (p->complete)
        take = p->rows;
    else if (take < least || !p->few)
        take = least;
    for (uint64_t k = 0; k < take && status == DT_OK; k++)
        status = dt_part_stopped(p)
                     ? DT_ERR_INTERRUPTED
                     : dt_pool_add(&p->pool, p->complete ? k : sample_row(p, k), NULL);
    return status == DT_OK ? dt_known_update(p) : status;
}

static dt_status make_room(dt_part_round *p) {
    if (p->pool.count <= p->room)
        return DT_OK;
    size_t room = p->pool.count + p->pool.count / 2 + 64;
    double *low = malloc(p->count * room * sizeof *low);
    double *high = malloc(p->count * room * sizeof *high);
    if (!low || !high) {
        free(low);
        free(high);
        return DT_ERR_MEMORY;
    }
    for (size_t i = 0; i < p->count && p->ends; i++) {
        memcpy(low + i * room, p->low + i * p->room, p->ends * sizeof *low);
        memcpy(high + i * room, p->high + i * p->room, p->ends * sizeof *high);
    }
    free(p->low);
    free(p->high);
    p->low = low;
    p->high = high;
    p->room = room;
    return DT_OK;
}

/* Who is a best reply in a row for certain, and how near the others come. */
static void see_row(dt_part_round *p, size_t row) {
    const double *value = p->pool.value + row * p->pool.lanes;
    double top = -INFINITY, reach = -INFINITY, second = -INFINITY; /* of value; of high */
    uint32_t first = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        double high = p->high[i * p->room + row];
        top = fmax(top, value[p->name[i]]);
        if (high > reach) {
            second = reach;
            reach = high;
            first = i;
        } else if (high > second) {
            second = high;
        }
    }
    uint64_t index = p->pool.index[row];
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->low[i * p->room + row] >= (i == first ? second : reach))
            p->best[i] = true;
        double regret = top - value[p->name[i]];
        if (regret < p->near[i].value || (regret == p->near[i].value && index < p->near[i].index))
            p->near[i] = (dt_ranked){regret, index};
    }
}

dt_status dt_known_update(dt_part_round *p) {
    dt_status status = make_room(p);
    for (; status == DT_OK && p->ends < p->pool.count; p->ends++) {
        const double *value = p->pool.value + p->ends * p->pool.lanes;
        const double *bound = p->pool.bound + p->ends * p->pool.lanes;
        for (uint32_t i = 0; i < p->count; i++) {
            double v = value[p->name[i]], b = bound[p->name[i]];
            double wide = b > 0 ? b + (fabs(v) + b) * 0x1p-51 : 0; /* rounded outwards */
            p->low[i * p->room + p->ends] = v - wide;
            p->high[i * p->room + p->ends] = v + wide;
        }
        see_row(p, p->ends);
    }
    return status;
}
