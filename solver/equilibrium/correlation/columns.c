/* The master's columns: profiles as it has them. See correlated_lp.h. SPDX: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "equilibrium/correlation/correlated_lp.h"

/* Most entries of a column. */
static size_t most_entries(const dt_master *m) {
    return m->o->entries + (m->worst ? m->o->players : 0);
}

dt_status dt_drawing_init(dt_drawing *d, const dt_master *m) {
    *d = (dt_drawing){.entries = 0};
    d->row = malloc(most_entries(m) * sizeof *d->row);
    d->value = malloc(most_entries(m) * sizeof *d->value);
    d->line = malloc(most_entries(m) * sizeof *d->line);
    return d->row && d->value && d->line ? DT_OK : DT_ERR_MEMORY;
}

void dt_drawing_clear(dt_drawing *d) {
    free(d->row);
    free(d->value);
    free(d->line);
}

dt_status dt_drawing_make(dt_drawing *d, const dt_master *m, size_t profile) {
    const dt_obedience *o = m->o;
    dt_status status = DT_OK;
    d->row[0] = 0;
    d->value[0] = 1;
    d->entries = 1;
    d->cost = 0;
    size_t last = o->entries;
    for (size_t p = 0; p < o->players && status == DT_OK; p++) {
        size_t a = dt_obedience_place(o, profile, p);
        status = dt_obedience_line(o, profile, p, d->line);
        d->cost += m->weight[p] * (d->line[a] - o->centre[p]);
        for (size_t b = 0; b < o->left->count[p]; b++) {
            if (b == a)
                continue;
            d->row[d->entries] = dt_obedience_row(o, p, a, b);
            d->value[d->entries++] = (d->line[a] - d->line[b]) / o->scale[p];
        }
        if (m->worst) {
            d->row[last] = o->rows + p;
            d->value[last++] = (d->line[a] - m->shift) / m->unit;
        }
    }
    d->entries = last;
    return status;
}

dt_status dt_master_note(dt_master *m, size_t profile) {
    if (m->columns == m->room) {
        size_t room = m->room ? 2 * m->room : 1024;
        size_t *larger = realloc(m->profile, room * sizeof *larger);
        if (!larger)
            return DT_ERR_MEMORY;
        m->profile = larger;
        m->room = room;
    }
    m->profile[m->columns++] = profile;
    return DT_OK;
}

static dt_status add_profile(dt_master *m, size_t profile, dt_drawing *d) {
    if (dt_master_has(m, profile))
        return DT_OK;
    dt_status status = dt_drawing_make(d, m, profile);
    if (status == DT_OK)
        status = dt_lp_add_column(m->lp, 0, INFINITY, d->cost, d->entries, d->row, d->value);
    if (status == DT_OK)
        status = dt_master_note(m, profile);
    if (status == DT_OK)
        m->in_master[profile / 64] |= UINT64_C(1) << profile % 64;
    return status;
}

dt_status dt_master_add(dt_master *m, const size_t *profile, size_t count) {
    dt_drawing d;
    dt_status status = dt_drawing_init(&d, m);
    for (size_t i = 0; i < count && status == DT_OK; i++)
        status = add_profile(m, profile[i], &d);
    dt_drawing_clear(&d);
    return status;
}

dt_status dt_master_set_costs(dt_master *m) {
    dt_drawing d;
    dt_status status = dt_drawing_init(&d, m);
    for (size_t c = dt_master_elastics(m) + m->worst; c < m->columns && status == DT_OK; c++) {
        status = dt_drawing_make(&d, m, m->profile[c]);
        if (status == DT_OK)
            status = dt_lp_set_cost(m->lp, c, d.cost);
    }
    dt_drawing_clear(&d);
    return status;
}

dt_status dt_master_add_list(dt_master *m, dt_smallest *list, size_t *added) {
    size_t *profile = malloc((list->count + 1) * sizeof *profile), before = m->columns;
    if (!profile)
        return DT_ERR_MEMORY;
    dt_smallest_sort(list);
    for (size_t i = 0; i < list->count; i++)
        profile[i] = (size_t)list->entry[i].index;
    dt_status status = dt_master_add(m, profile, list->count);
    *added = m->columns - before;
    free(profile);
    return status;
}
