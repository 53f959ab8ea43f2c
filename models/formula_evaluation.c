/* How the payoffs of a formula model are computed, for people to read. */
#include <stdlib.h>

#include "deterra/evaluation.h"
#include "formula/layout.h"
#include "formula/passes.h"
#include "formulas.h"

typedef struct reading {
    const dt_formulas *f;
    dt_pass pass;
    dt_groups groups;
    uint32_t lanes;
} reading;

/* The lanes of a row, grouped as for the evaluation itself. */
static dt_status group_lanes(reading *r, size_t player) {
    const dt_player *p = &r->f->game->player[player];
    r->lanes = p->strategies;
    uint16_t *level = malloc((p->moves * (size_t)p->strategies + 1) * sizeof *level), *next = level;
    const uint16_t *lane_level[DT_MAX_MOVES] = {NULL};
    if (!level)
        return DT_ERR_MEMORY;
    for (uint32_t k = 0; k < r->f->slots; k++) {
        if (r->f->slot[k].player != player)
            continue;
        lane_level[k] = next;
        for (uint32_t s = 0; s < p->strategies; s++)
            *next++ = p->level[(size_t)s * p->moves + r->f->slot[k].move];
    }
    dt_lane_moves moves = {.lanes = p->strategies, .lane_level = lane_level};
    dt_status status = dt_groups_init(&r->groups, r->pass.plan, &moves);
    free(level);
    return status;
}

static uint32_t values_at_once(const reading *r, uint64_t moves) {
    for (size_t i = 0; i < r->groups.count; i++)
        if (r->groups.group[i].moves == (moves & r->pass.own))
            return (uint32_t)r->groups.group[i].classes;
    return 1;
}

/* The quantity that a node of the graph stands for: what the parts that compute it come to. */
static dt_quantity quantity_of(const reading *r, uint32_t node) {
    const dt_node *n = &r->f->dag.node[node];
    dt_quantity q = {.moves = n->moves, .loop = -1};
    for (size_t k = 0; k < r->pass.plan->parts; k++) {
        const dt_part_plan *part = &r->pass.plan->part[k];
        size_t i = 0;
        while (i < part->steps && part->step[i].node != node)
            i++;
        if (i == part->steps)
            continue;
        int loop;
        q.times += dt_pass_times(&r->pass, part, n->moves, &loop);
        q.whole = true;
        q.loop = loop;
        q.values = values_at_once(r, n->moves);
    }
    if (n->moves == 0) /* a constant may be part of others */
        q = (dt_quantity){.whole = true, .loop = -1, .values = 1, .times = 1};
    return q;
}

static bool is_slow(dt_op op) {
    return op == DT_OP_POW || op == DT_OP_SQRT || op == DT_OP_EXP || op == DT_OP_LOG;
}

static void list_parts(const reading *r, dt_evaluation *e) {
    const dt_plan *plan = r->pass.plan;
    for (; e->parts < plan->parts; e->parts++) {
        const dt_part_plan *from = &plan->part[e->parts];
        dt_payoff_part *to = &e->part[e->parts];
        int loop;
        double times = dt_pass_times(&r->pass, from, from->moves, &loop);
        *to = (dt_payoff_part){.steps = from->steps};
        to->sum = (dt_quantity){.moves = from->moves,
                                .whole = true,
                                .loop = loop,
                                .values = values_at_once(r, from->moves),
                                .times = times};
        for (size_t i = 0; i < from->steps; i++)
            to->slow += is_slow(from->step[i].op);
    }
}

static dt_status list_definitions(const reading *r, size_t player, dt_evaluation *e) {
    bool *used = dt_formulas_used(r->f, player);
    if (!used)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < r->f->definitions; i++) {
        const dt_summand *d = &r->f->definition[i];
        if (!used[d->node])
            continue;
        dt_quantity *q = &e->definition[e->definitions++];
        *q = quantity_of(r, d->node);
        q->label = d->label;
    }
    free(used);
    return DT_OK;
}

static void list_boxes(const dt_plan *plan, uint64_t own, dt_evaluation *e) {
    for (size_t k = 0; plan && k < plan->parts; k++) {
        e->box_steps += plan->part[k].steps;
        for (size_t i = 0; i < plan->part[k].steps; i++)
            e->box_changes += (plan->part[k].step[i].moves & own) != 0;
    }
}

dt_status dt_formulas_evaluation(const void *self, size_t player, dt_evaluation *e) {
    const dt_formulas *f = self;
    const dt_formula_payoff *payoff = &f->payoff[player];
    reading r = {.f = f};
    e->own = dt_formulas_own_moves(f, player);
    dt_pass_init(&r.pass, payoff->plan, e->own);
    e->loop = calloc((size_t)r.pass.loops + 1, sizeof *e->loop);
    e->definition = calloc(f->definitions + 1, sizeof *e->definition);
    e->part = calloc(payoff->plan->parts, sizeof *e->part);
    dt_status status =
        e->loop && e->definition && e->part ? group_lanes(&r, player) : DT_ERR_MEMORY;
    if (status == DT_OK)
        status = list_definitions(&r, player, e);
    if (status == DT_OK) {
        for (; e->loops < (size_t)r.pass.loops; e->loops++)
            e->loop[e->loops] = r.pass.loop[e->loops];
        list_parts(&r, e);
        list_boxes(payoff->box_plan, e->own, e);
        e->payoff = (dt_quantity){.moves = f->dag.node[payoff->root].moves,
                                  .whole = true,
                                  .loop = r.pass.loops - 1,
                                  .values = r.lanes,
                                  .times = dt_pass_rows(&r.pass)};
    }
    dt_groups_clear(&r.groups);
    return status;
}
