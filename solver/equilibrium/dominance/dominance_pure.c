/* Strict dominance by pure strategies in one scan of the payoff rows. SPDX: GPL-3.0-or-later
 *
 * Each strategy keeps the set of rivals that have beaten it in every row so far; most sets are
 * empty after a few rows. While there are many pairs, a row is sorted and each set is cut with the
 * set of those above; later the pairs are compared one by one. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "equilibrium/dominance/dominance_round.h"
#include "game/rows.h"

typedef struct scan_local {
    uint64_t *rival, *doubt, *above;
    bool *best;
    dt_ranked *near;
    uint32_t *order; /* places by payoff, kept from row to row: rows are alike */
    double *value, *bound;
    size_t pairs, bests;
} scan_local;

static dt_status scan_open(void *shared, void *local) {
    const dt_part_round *p = shared;
    scan_local *l = local;
    size_t n = p->count, sets = n * p->words;
    l->rival = calloc(sets, sizeof *l->rival);
    l->doubt = calloc(sets, sizeof *l->doubt);
    l->above = calloc(p->words, sizeof *l->above);
    l->best = calloc(n, sizeof *l->best);
    l->near = calloc(n, sizeof *l->near);
    l->order = calloc(n, sizeof *l->order);
    l->value = calloc(n, sizeof *l->value);
    l->bound = calloc(n, sizeof *l->bound);
    if (!l->rival || !l->doubt || !l->above || !l->best || !l->near || !l->order || !l->value ||
        !l->bound)
        return DT_ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        dt_bits_fill(l->rival + i * p->words, n);
        dt_bit_drop(l->rival + i * p->words, i);
        l->near[i] = (dt_ranked){INFINITY, UINT64_MAX};
        l->order[i] = i;
    }
    l->pairs = n * (n - 1);
    return DT_OK;
}

/* Does payoff t beat payoff s: 1 yes, 0 no, 2 the bounds do not tell. */
static int beats(const scan_local *l, size_t t, size_t s) {
    double difference = l->value[t] - l->value[s], error = l->bound[t] + l->bound[s];
    if (error == 0)
        return difference > 0;
    double safe = fabs(difference) * (1 - 0x1p-50);
    if (safe > error * (1 + 0x1p-50))
        return difference > 0;
    return 2;
}

static void judge(const dt_part_round *p, scan_local *l, size_t s, size_t t) {
    int answer = beats(l, t, s);
    if (answer == 2)
        dt_bit_set(l->doubt + s * p->words, t);
    if (answer == 0) {
        dt_bit_drop(l->rival + s * p->words, t);
        l->pairs--;
    }
}

/* A row of many strategies takes long: work on it ends early where a stop is asked. */
static bool stop_asked(const dt_part_round *p) {
    return p->control && p->control->stop && *p->control->stop;
}

static void judge_pairs(const dt_part_round *p, scan_local *l) {
    for (size_t s = 0; s < p->count && !stop_asked(p); s++)
        for (size_t w = 0; w < p->words; w++)
            for (uint64_t rest = l->rival[s * p->words + w]; rest; rest &= rest - 1)
                judge(p, l, s, 64 * w + (size_t)__builtin_ctzll(rest));
}

/* The same by sorting: who is not above or within the bounds is out. */
static void judge_sorted(const dt_part_round *p, scan_local *l) {
    uint32_t n = p->count;
    double slack = 0;
    for (uint32_t i = 0; i < n && !stop_asked(p); i++) {
        slack = fmax(slack, l->bound[i]);
        uint32_t item = l->order[i], at = i;
        for (; at > 0 && l->value[l->order[at - 1]] > l->value[item]; at--)
            l->order[at] = l->order[at - 1];
        l->order[at] = item;
    }
    slack = 2 * slack * (1 + 0x1p-40);
    memset(l->above, 0, p->words * sizeof *l->above);
    l->pairs = 0;
    for (uint32_t i = n; i-- > 0 && !stop_asked(p);) {
        uint32_t s = l->order[i];
        uint64_t *rival = l->rival + s * p->words;
        /* Those close below or equal are judged apart and must survive the cut. */
        uint32_t from = i;
        while (from > 0 && l->value[s] - l->value[l->order[from - 1]] <= slack)
            from--;
        for (uint32_t j = from; j < i; j++)
            dt_bit_set(l->above, l->order[j]);
        for (size_t w = 0; w < p->words; w++)
            rival[w] &= l->above[w];
        for (uint32_t j = from; j < i; j++)
            dt_bit_drop(l->above, l->order[j]);
        for (uint32_t j = from; j < n; j++) {
            uint32_t t = l->order[j];
            if (j > i && l->value[t] - l->value[s] > slack)
                break;
            if (j != i && dt_bit(rival, t))
                judge(p, l, s, t);
        }
        dt_bit_set(l->above, s);
    }
    for (size_t w = 0; w < n * p->words; w++)
        l->pairs += (size_t)__builtin_popcountll(l->rival[w]);
}

/* Who is a best reply for certain, and how near the others come. */
static void judge_best(const dt_part_round *p, scan_local *l, uint64_t index) {
    double top = -INFINITY, high = -INFINITY, second = -INFINITY; /* of value; of value + bound */
    uint32_t highest = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        double reach = l->value[i] + l->bound[i];
        top = fmax(top, l->value[i]);
        if (reach > high) {
            second = high;
            high = reach;
            highest = i;
        } else if (reach > second) {
            second = reach;
        }
    }
    for (uint32_t i = 0; i < p->count; i++) {
        if (l->best[i])
            continue;
        double others = i == highest ? second : high;
        double low = l->value[i] - l->bound[i];
        double rounding = l->bound[i] > 0 ? 0x1p-50 * (fabs(low) + fabs(others)) : 0;
        if (low - rounding >= others) {
            l->best[i] = true;
            l->bests++;
        }
        double regret = top - l->value[i];
        if (regret < l->near[i].value || (regret == l->near[i].value && index < l->near[i].index))
            l->near[i] = (dt_ranked){regret, index};
    }
}

static dt_status scan_row(void *shared, void *local, const dt_row *row, bool *enough) {
    const dt_part_round *p = shared;
    scan_local *l = local;
    for (uint32_t i = 0; i < p->count; i++) {
        l->value[i] = row->value[p->name[i]];
        l->bound[i] = row->bound[p->name[i]];
    }
    if (l->bests < p->count)
        judge_best(p, l, row->index);
    if (l->pairs > 32 * (size_t)p->count)
        judge_sorted(p, l);
    else if (l->pairs > 0)
        judge_pairs(p, l);
    *enough = l->pairs == 0 && l->bests == p->count;
    return stop_asked(p) ? DT_ERR_INTERRUPTED : DT_OK;
}

static dt_status scan_close(void *shared, void *local) {
    dt_part_round *p = shared;
    scan_local *l = local;
    for (size_t w = 0; w < p->count * p->words; w++) {
        p->rival[w] &= l->rival[w];
        p->doubt[w] |= l->doubt[w];
    }
    for (size_t i = 0; i < p->count; i++) {
        p->best[i] = p->best[i] || l->best[i];
        if (l->near[i].value < p->near[i].value ||
            (l->near[i].value == p->near[i].value && l->near[i].index < p->near[i].index))
            p->near[i] = l->near[i];
    }
    free(l->rival);
    free(l->doubt);
    free(l->above);
    free(l->best);
    free(l->near);
    free(l->order);
    free(l->value);
    free(l->bound);
    return DT_OK;
}

/* The second visit: pairs whose bounds left a doubt are decided exactly where they do. */
typedef struct pair {
    uint32_t s, t; /* places */
} pair;

typedef struct answer {
    bool refuted, undecided;
} answer;

typedef struct doubts {
    const dt_part_round *part;
    size_t count;
    const pair *pair;
    answer *answer;
} doubts;

typedef struct doubts_local {
    answer *answer;
    size_t open;
    dt_exact s, t;
} doubts_local;

static dt_status doubts_open(void *shared, void *local) {
    const doubts *d = shared;
    doubts_local *l = local;
    dt_exact_init(&l->s);
    dt_exact_init(&l->t);
    l->answer = calloc(d->count, sizeof *l->answer);
    if (!l->answer)
        return DT_ERR_MEMORY;
    l->open = d->count;
    return DT_OK;
}

static dt_status doubts_row(void *shared, void *local, const dt_row *row, bool *enough) {
    const doubts *d = shared;
    const dt_part_round *p = d->part;
    doubts_local *l = local;
    for (size_t i = 0; i < d->count; i++) {
        const pair *q = &d->pair[i];
        if (l->answer[i].refuted)
            continue;
        uint32_t s = p->name[q->s], t = p->name[q->t], profile[DT_MAX_PLAYERS];
        double value[2] = {row->value[s], row->value[t]}, bound[2] = {row->bound[s], row->bound[t]};
        scan_local two = {.value = value, .bound = bound};
        if (beats(&two, 1, 0) != 2)
            continue; /* "no" was seen by the first visit */
        memcpy(profile, row->profile, p->game->players * sizeof *profile);
        profile[p->player] = s;
        dt_status status = dt_game_exact(p->game, row->workspace, p->player, profile, &l->s, NULL);
        profile[p->player] = t;
        if (status == DT_OK)
            status = dt_game_exact(p->game, row->workspace, p->player, profile, &l->t, NULL);
        if (status != DT_OK)
            return status;
        dt_sign sign = dt_exact_compare(dt_game_context(p->game, row->workspace), &l->t, &l->s);
        if (sign == DT_UNDECIDED) {
            l->answer[i].undecided = true;
        } else if (sign != DT_POSITIVE) {
            l->answer[i].refuted = true;
            l->open--;
        }
    }
    *enough = l->open == 0;
    return DT_OK;
}

static dt_status doubts_close(void *shared, void *local) {
    doubts *d = shared;
    doubts_local *l = local;
    for (size_t i = 0; i < d->count; i++) {
        d->answer[i].refuted = d->answer[i].refuted || l->answer[i].refuted;
        d->answer[i].undecided = d->answer[i].undecided || l->answer[i].undecided;
    }
    dt_exact_clear(&l->s);
    dt_exact_clear(&l->t);
    free(l->answer);
    return DT_OK;
}

static dt_status settle_doubts(dt_part_round *p) {
    doubts d = {.part = p};
    for (size_t w = 0; w < p->count * p->words; w++)
        d.count += (size_t)__builtin_popcountll(p->rival[w] & p->doubt[w]);
    if (d.count == 0)
        return DT_OK;
    pair *list = calloc(d.count, sizeof *list);
    d.answer = calloc(d.count, sizeof *d.answer);
    d.pair = list;
    dt_status status = list && d.answer ? DT_OK : DT_ERR_MEMORY;
    size_t next = 0;
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++)
        for (uint32_t t = 0; t < p->count; t++)
            if (dt_bit(p->rival + s * p->words, t) && dt_bit(p->doubt + s * p->words, t))
                list[next++] = (pair){.s = s, .t = t};
    dt_row_visitor visitor = {.size = sizeof(doubts_local),
                              .shared = &d,
                              .open = doubts_open,
                              .row = doubts_row,
                              .close = doubts_close};
    if (status == DT_OK)
        status = dt_rows_visit(p->game, p->left, p->player, p->player, p->control,
                               "profiles searched for dominance", p->diag, &visitor);
    for (size_t i = 0; i < d.count && status == DT_OK; i++) {
        if (d.answer[i].refuted || d.answer[i].undecided)
            dt_bit_drop(p->rival + list[i].s * p->words, list[i].t);
        if (d.answer[i].undecided && !d.answer[i].refuted)
            p->open[list[i].s] = true;
    }
    free(list);
    free(d.answer);
    return status;
}

dt_status dt_part_pure(dt_part_round *p) {
    dt_row_visitor visitor = {.size = sizeof(scan_local),
                              .shared = p,
                              .open = scan_open,
                              .row = scan_row,
                              .close = scan_close};
    dt_status status = dt_rows_visit(p->game, p->left, p->player, p->player, p->control,
                                     "profiles searched for dominance", p->diag, &visitor);
    if (status == DT_OK)
        status = settle_doubts(p);
    for (uint32_t s = 0; s < p->count && status == DT_OK; s++)
        for (uint32_t t = 0; t < p->count && !p->gone[s]; t++)
            if (dt_bit(p->rival + s * p->words, t)) {
                p->gone[s] = true;
                p->by_pure[s] = t;
            }
    return status;
}
