/* The parameters that may move: see movable.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/inverse/movable.h"

#include <string.h>

#include "base/arena.h"

typedef struct choosing {
    dt_inverse *q;
    dt_movables *out;
    size_t room;
    bool keep_ranges;
    const char *scale; /* "none", "range", "value" */
    dt_place place;    /* of the setting that an error is about */
} choosing;

static dt_status complain(const choosing *c, const char *format, const char *name) {
    dt_diag_add(c->q->call->diag, DT_ERROR, c->place, format, name);
    return DT_ERR_INPUT;
}

/* How far the parameter can go: to the end of its range, or not at all where it is beyond it. */
static void measure(const choosing *c, dt_movable *m) {
    const dt_parameter *p = m->parameter;
    for (int up = 0; up < 2; up++) {
        m->bounded[up] = c->keep_ranges && p->has_range;
        if (!m->bounded[up])
            continue;
        if (up)
            fmpq_sub(&m->room[1], &p->high, &p->value);
        else
            fmpq_sub(&m->room[0], &p->value, &p->low);
        if (fmpq_sgn(&m->room[up]) < 0)
            fmpq_zero(&m->room[up]);
    }
}

static dt_status weigh(const choosing *c, dt_movable *m) {
    const dt_parameter *p = m->parameter;
    fmpq_one(&m->weight);
    if (strcmp(c->scale, "range") == 0) {
        if (!p->has_range || fmpq_equal(&p->low, &p->high))
            return complain(c, "inverse: scale=range needs a range, and `%s` has none", m->path);
        fmpq_sub(&m->weight, &p->high, &p->low);
    } else if (strcmp(c->scale, "value") == 0) {
        if (fmpq_is_zero(&p->value))
            return complain(c, "inverse: scale=value divides by the value, and `%s` is 0", m->path);
        fmpq_abs(&m->weight, &p->value);
    }
    fmpq_inv(&m->weight, &m->weight);
    return DT_OK;
}

static dt_status add(choosing *c, const dt_parameter *parameter) {
    dt_inverse *q = c->q;
    dt_arena *arena = q->call->results->arena;
    if (c->out->count == c->room) {
        size_t room = c->room ? 2 * c->room : 16;
        dt_movable *grown = dt_arena_array(arena, room, sizeof *grown);
        if (!grown)
            return DT_ERR_MEMORY;
        if (c->out->count)
            memcpy(grown, c->out->list, c->out->count * sizeof *grown);
        c->out->list = grown;
        c->room = room;
    }
    dt_movable *m = &c->out->list[c->out->count];
    *m = (dt_movable){.parameter = parameter};
    m->path = dt_scenario_path(q->game->scenario, parameter, arena);
    if (!m->path)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < c->out->count; i++)
        if (c->out->list[i].parameter == parameter)
            return complain(c, "inverse: `%s` is named twice", m->path);
    fmpq_init(&m->room[0]);
    fmpq_init(&m->room[1]);
    fmpq_init(&m->weight);
    c->out->count++;
    measure(c, m);
    return weigh(c, m);
}

/* All that have a range. */
static dt_status add_ranged(choosing *c, const dt_parameter *list, size_t count) {
    dt_status status = DT_OK;
    for (size_t i = 0; i < count && status == DT_OK; i++)
        if (list[i].children)
            status = add_ranged(c, list[i].child, list[i].children);
        else if (list[i].has_range && !fmpq_equal(&list[i].low, &list[i].high))
            status = add(c, &list[i]);
    return status;
}

/* "pain, stake.US" */
static dt_status add_named(choosing *c, const char *text) {
    dt_inverse *q = c->q;
    dt_status status = DT_OK;
    while (status == DT_OK) {
        text += strspn(text, " \t");
        size_t length = strcspn(text, ","), trimmed = length;
        while (trimmed && strchr(" \t", text[trimmed - 1]))
            trimmed--;
        const char *name = dt_arena_copy(q->call->results->arena, text, trimmed);
        if (!name)
            return DT_ERR_MEMORY;
        const dt_parameter *p =
            dt_scenario_parameter(q->game->scenario, name, c->place, q->call->diag);
        status = p ? add(c, p) : DT_ERR_INPUT;
        if (!text[length])
            break;
        text += length + 1;
    }
    return status;
}

dt_status dt_movables_choose(dt_inverse *q, dt_movables *out) {
    const dt_concept_request *request = q->call->request;
    const dt_setting *named = dt_request_setting(request, "parameters");
    const dt_setting *ranges = dt_request_setting(request, "ranges");
    const dt_setting *scale = dt_request_setting(request, "scale");
    *out = (dt_movables){0};
    choosing c = {.q = q,
                  .out = out,
                  .keep_ranges = !ranges || strcmp(ranges->text, "keep") == 0,
                  .scale = scale ? scale->text : "none",
                  .place = named ? named->place : request->place};
    const dt_scenario *s = q->game->scenario;
    dt_status status =
        named ? add_named(&c, named->text) : add_ranged(&c, s->parameter, s->parameters);
    if (status == DT_OK && !out->count)
        return complain(&c,
                        "inverse: no parameter has a %s; name those that may move, as in "
                        "parameters=\"gain,share.US.CN\"",
                        "range");
    return status;
}

void dt_movables_clear(dt_movables *m) {
    for (size_t i = 0; i < m->count; i++) {
        fmpq_clear(&m->list[i].room[0]);
        fmpq_clear(&m->list[i].room[1]);
        fmpq_clear(&m->list[i].weight);
    }
    m->count = 0;
}
