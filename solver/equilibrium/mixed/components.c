/* Components and maximal cliques of a bipartite graph. SPDX: GPL-3.0-or-later */
#include "equilibrium/mixed/components.h"

#include <stdlib.h>
#include <string.h>

#include "equilibrium/mixed/keys.h"

/* The graph: each pair is an edge from a strategy of the first player to one of the second. */
typedef struct graph {
    const dt_pairs *pairs;
    const volatile sig_atomic_t *stop;
    size_t most;
    dt_components *out;
} graph;

static size_t root(size_t *parent, size_t v) {
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

static dt_status connect(graph *g) {
    size_t lefts = g->pairs->strategy[0].count, nodes = lefts + g->pairs->strategy[1].count;
    size_t count = g->pairs->count;
    const uint32_t(*pair)[2] = (const uint32_t(*)[2])g->pairs->pair;
    size_t *parent = calloc(nodes + 1, sizeof *parent), *number = calloc(nodes + 1, sizeof *number);
    dt_status status = parent && number ? DT_OK : DT_ERR_MEMORY;
    for (size_t v = 0; v < nodes && status == DT_OK; v++)
        parent[v] = v;
    for (size_t k = 0; k < count && status == DT_OK; k++)
        parent[root(parent, pair[k][0])] = root(parent, lefts + pair[k][1]);
    for (size_t k = 0; k < count && status == DT_OK; k++) {
        size_t r = root(parent, pair[k][0]);
        if (!number[r])
            number[r] = ++g->out->components;
        g->out->of[k] = number[r];
    }
    free(parent);
    free(number);
    return status;
}

/* One component: its nodes by side, ascending, and rows of bits: who is joined with whom. */
typedef struct part {
    graph *g;
    size_t component, pairs;
    const size_t *pair; /* its pairs, ascending */
    size_t nodes[2], words[2];
    size_t *node[2];
    size_t *at[2];    /* pairs: which of the nodes */
    uint64_t *joined; /* nodes[0] × words[1] */
} part;

static size_t members(const uint64_t *set, size_t words) {
    size_t count = 0;
    for (size_t w = 0; w < words; w++)
        count += (size_t)__builtin_popcountll(set[w]);
    return count;
}

/* The pairs of a clique. */
static dt_status add_subset(part *p, const uint64_t *left, const uint64_t *right) {
    dt_components *out = p->g->out;
    if (out->subsets == p->g->most) {
        out->too_many = true;
        return DT_OK;
    }
    if (out->subsets == out->room) {
        size_t room = out->room ? 2 * out->room : 16;
        dt_subset *larger = realloc(out->subset, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        out->subset = larger;
        out->room = room;
    }
    dt_subset subset = {.component = p->component};
    size_t lefts = members(left, p->words[0]), rights = members(right, p->words[1]);
    subset.pair = calloc(lefts * rights, sizeof *subset.pair); /* all are joined with all */
    if (!subset.pair)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < p->pairs && subset.count < lefts * rights; k++)
        if (dt_key_has(left, p->at[0][k]) && dt_key_has(right, p->at[1][k]))
            subset.pair[subset.count++] = p->pair[k];
    out->entries += subset.count;
    out->too_many = out->entries > DT_MOST_SUBSET_ENTRIES;
    out->subset[out->subsets++] = subset;
    return DT_OK;
}

/* All left nodes that are joined with all of `right`. */
static void close_left(const part *p, const uint64_t *right, uint64_t *left) {
    memset(left, 0, p->words[0] * sizeof *left);
    for (size_t x = 0; x < p->nodes[0]; x++) {
        bool all = true;
        for (size_t w = 0; w < p->words[1] && all; w++)
            all = (right[w] & ~p->joined[x * p->words[1] + w]) == 0;
        if (all)
            dt_key_put(left, x);
    }
}

static bool is_empty(const uint64_t *set, size_t words) {
    for (size_t w = 0; w < words; w++)
        if (set[w])
            return false;
    return true;
}

/* Do two sets agree below `end`? */
static bool same_below(const uint64_t *a, const uint64_t *b, size_t end) {
    for (size_t w = 0; w < end / 64; w++)
        if (a[w] != b[w])
            return false;
    return end % 64 == 0 || ((a[end / 64] ^ b[end / 64]) << (64 - end % 64)) == 0;
}

/* Close by one: each closed left set is reached once, from the one without its last generator. A
 * stack of frames: a closed set, what it is joined with, and the node to be added next. */
static dt_status cliques(part *p) {
    size_t width = p->words[0] + p->words[1] + 1, depth = 1;
    uint64_t *stack = calloc((p->nodes[0] + 2) * width, sizeof *stack);
    if (!stack)
        return DT_ERR_MEMORY;
    for (size_t y = 0; y < p->nodes[1]; y++)
        dt_key_put(stack + p->words[0], y);
    close_left(p, stack + p->words[0], stack);
    dt_status status = DT_OK;
    if (!is_empty(stack, p->words[0]))
        status = add_subset(p, stack, stack + p->words[0]);
    while (depth && status == DT_OK && !p->g->out->too_many) {
        uint64_t *frame = stack + (depth - 1) * width, *next = frame + width;
        size_t x = frame[width - 1]++;
        if (p->g->stop && *p->g->stop)
            status = DT_ERR_INTERRUPTED;
        if (x >= p->nodes[0]) {
            depth--;
            continue;
        }
        if (dt_key_has(frame, x))
            continue;
        for (size_t w = 0; w < p->words[1]; w++)
            next[p->words[0] + w] = frame[p->words[0] + w] & p->joined[x * p->words[1] + w];
        if (is_empty(next + p->words[0], p->words[1]))
            continue;
        close_left(p, next + p->words[0], next);
        if (!same_below(next, frame, x))
            continue;
        next[width - 1] = x + 1;
        depth++;
        status = add_subset(p, next, next + p->words[0]);
    }
    free(stack);
    return status;
}

static int compare_sizes(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static size_t unique(size_t *value, size_t count) {
    size_t kept = 0;
    qsort(value, count, sizeof *value, compare_sizes);
    for (size_t k = 0; k < count; k++)
        if (k == 0 || value[k] != value[k - 1])
            value[kept++] = value[k];
    return kept;
}

static size_t place_of(const part *p, size_t side, size_t node) {
    const size_t *found = bsearch(&node, p->node[side], p->nodes[side], sizeof node, compare_sizes);
    return (size_t)(found - p->node[side]);
}

static dt_status component(graph *g, size_t number, const size_t *pair, size_t pairs) {
    part p = {.g = g, .component = number, .pair = pair, .pairs = pairs};
    dt_status status = DT_OK;
    for (size_t side = 0; side < 2 && status == DT_OK; side++) {
        p.node[side] = calloc(pairs, sizeof *p.node[side]);
        if (!p.node[side]) {
            status = DT_ERR_MEMORY;
            break;
        }
        for (size_t k = 0; k < pairs; k++)
            p.node[side][k] = g->pairs->pair[pair[k]][side];
        p.nodes[side] = unique(p.node[side], pairs);
        p.words[side] = dt_key_words(p.nodes[side]);
        p.at[side] = calloc(pairs, sizeof *p.at[side]);
        if (!p.at[side])
            status = DT_ERR_MEMORY;
        for (size_t k = 0; k < pairs && status == DT_OK; k++)
            p.at[side][k] = place_of(&p, side, g->pairs->pair[pair[k]][side]);
    }
    if (status == DT_OK) {
        p.joined = calloc(p.nodes[0] * p.words[1], sizeof *p.joined);
        status = p.joined ? DT_OK : DT_ERR_MEMORY;
    }
    for (size_t k = 0; k < pairs && status == DT_OK; k++)
        dt_key_put(p.joined + p.at[0][k] * p.words[1], p.at[1][k]);
    if (status == DT_OK)
        status = cliques(&p);
    free(p.node[0]);
    free(p.node[1]);
    free(p.at[0]);
    free(p.at[1]);
    free(p.joined);
    return status;
}

/* Each component with its pairs, gathered by counting. */
static dt_status each_component(graph *g) {
    const dt_components *out = g->out;
    size_t count = g->pairs->count;
    size_t *first = calloc(out->components + 2, sizeof *first);
    size_t *pair = calloc(count + 1, sizeof *pair);
    dt_status status = first && pair ? DT_OK : DT_ERR_MEMORY;
    for (size_t k = 0; k < count && status == DT_OK; k++)
        first[out->of[k] + 1]++;
    for (size_t c = 1; c <= out->components && status == DT_OK; c++)
        first[c + 1] += first[c];
    for (size_t k = 0; k < count && status == DT_OK; k++)
        pair[first[out->of[k]]++] = k;
    for (size_t c = 1, from = 0; c <= out->components && status == DT_OK; c++) {
        status = component(g, c, pair + from, first[c] - from);
        from = first[c];
    }
    free(first);
    free(pair);
    return status;
}

dt_status dt_components_find(const dt_pairs *pairs, size_t most, const volatile sig_atomic_t *stop,
                             dt_components *out) {
    *out = (dt_components){0};
    graph g = {.pairs = pairs, .stop = stop, .most = most, .out = out};
    out->of = calloc(pairs->count + 1, sizeof *out->of);
    dt_status status = out->of ? connect(&g) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = each_component(&g);
    return status;
}

void dt_components_clear(dt_components *c) {
    for (size_t k = 0; k < c->subsets; k++)
        free(c->subset[k].pair);
    free(c->subset);
    free(c->of);
    *c = (dt_components){0};
}
