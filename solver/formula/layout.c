/* A part of a payoff laid out for a shape of lanes. */
#include "formula/layout.h"

#include <stdlib.h>
#include <string.h>

size_t dt_padded(size_t n) {
    return (n + 7) / 8 * 8;
}

/* --- groups --- */

void dt_groups_clear(dt_groups *groups) {
    for (size_t i = 0; i < groups->count; i++)
        free(groups->group[i].lane);
    free(groups->group);
    *groups = (dt_groups){0};
}

typedef struct keyed {
    uint64_t key;
    uint32_t lane;
} keyed;

static int by_key(const void *a, const void *b) {
    const keyed *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1)
                            : (x->lane > y->lane) - (x->lane < y->lane);
}

/* The levels of a lane's moves as one number; false where it would not fit. */
static bool number_lanes(const dt_plan *plan, const dt_lane_moves *moves, uint64_t set,
                         keyed *list) {
    uint64_t combinations = 1;
    for (size_t lane = 0; lane < moves->lanes; lane++)
        list[lane] = (keyed){0, (uint32_t)lane};
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        int slot = __builtin_ctzll(rest);
        uint64_t levels = plan->slot[slot].levels;
        if (__builtin_mul_overflow(combinations, levels, &combinations))
            return false;
        for (size_t lane = 0; lane < moves->lanes; lane++)
            list[lane].key = list[lane].key * levels + moves->lane_level[slot][lane];
    }
    return true;
}

static void identity(dt_group *g, size_t lanes) {
    g->all = true;
    g->classes = lanes;
    for (size_t lane = 0; lane < lanes; lane++)
        g->lane[lane] = g->class_of[lane] = (uint32_t)lane;
}

static dt_status make_group(const dt_plan *plan, const dt_lane_moves *moves, uint64_t set,
                            dt_group *g) {
    size_t lanes = moves->lanes;
    keyed *list = malloc((lanes + 1) * sizeof *list);
    *g = (dt_group){.moves = set, .lane = malloc((2 * lanes + 1) * sizeof *g->lane)};
    if (!list || !g->lane) {
        free(list);
        free(g->lane);
        return DT_ERR_MEMORY;
    }
    g->class_of = g->lane + lanes;
    bool numbered = number_lanes(plan, moves, set, list);
    if (numbered)
        qsort(list, lanes, sizeof *list, by_key);
    for (size_t i = 0; numbered && i < lanes; i++) {
        if (i == 0 || list[i].key != list[i - 1].key)
            g->lane[g->classes++] = list[i].lane;
        g->class_of[list[i].lane] = (uint32_t)g->classes - 1;
    }
    if (!numbered || g->classes == lanes)
        identity(g, lanes);
    free(list);
    return DT_OK;
}

static const dt_group *group_of(const dt_groups *groups, uint64_t set) {
    const dt_group *g = groups->group;
    while (g->moves != set)
        g++;
    return g;
}

dt_status dt_groups_init(dt_groups *groups, const dt_plan *plan, const dt_lane_moves *moves) {
    *groups = (dt_groups){.lanes = moves->lanes};
    for (uint32_t i = 0; i < plan->slots; i++)
        if (moves->lane_level[i])
            groups->free |= UINT64_C(1) << i;
    size_t room = 0;
    dt_status status = DT_OK;
    for (size_t k = 0; k < plan->parts && status == DT_OK; k++)
        for (size_t i = 0; i < plan->part[k].steps && status == DT_OK; i++) {
            uint64_t set = plan->part[k].step[i].moves & groups->free;
            size_t known = 0;
            while (known < groups->count && groups->group[known].moves != set)
                known++;
            if (set == 0 || known < groups->count)
                continue;
            if (groups->count == room) {
                room = room ? 2 * room : 16;
                dt_group *grown = realloc(groups->group, room * sizeof *grown);
                if (!grown)
                    return DT_ERR_MEMORY;
                groups->group = grown;
            }
            status = make_group(plan, moves, set, &groups->group[groups->count]);
            groups->count += status == DT_OK;
        }
    return status;
}

/* --- layouts --- */

void dt_layout_clear(dt_layout *layout) {
    for (size_t i = 0; i < layout->length; i++)
        free(layout->code[i].own_from);
    free(layout->code);
    free(layout->room);
    *layout = (dt_layout){0};
}

/* What the laying out keeps in hand. */
typedef struct builder {
    dt_layout *layout;
    const dt_part_plan *part;
    const dt_groups *groups;
    size_t *of_step; /* the instruction of each step */
} builder;

/* The instruction that has a step's values in `group`: its own, or a spread of it. */
static dt_status place_operand(builder *b, uint32_t step, const dt_group *group, size_t *place) {
    dt_layout *l = b->layout;
    *place = b->of_step[step];
    const dt_instruction *own = &l->code[*place];
    if (!own->group || own->group == group || own->group->all)
        return DT_OK;
    for (size_t i = *place + 1; i < l->length; i++)
        if (!l->code[i].step && l->code[i].group == group && l->code[i].operand[0] == *place) {
            *place = i;
            return DT_OK;
        }
    dt_instruction spread = {.group = group,
                             .n = group->classes,
                             .moves = own->moves,
                             .operand[0] = *place,
                             .keeps_error = own->keeps_error};
    spread.from = own->group->class_of;
    if (!group->all) {
        spread.own_from = malloc(group->classes * sizeof *spread.own_from);
        if (!spread.own_from)
            return DT_ERR_MEMORY;
        for (size_t k = 0; k < group->classes; k++)
            spread.own_from[k] = own->group->class_of[group->lane[k]];
        spread.from = spread.own_from;
    }
    *place = l->length++;
    l->code[*place] = spread;
    return DT_OK;
}

static dt_status place_step(builder *b, uint32_t number) {
    const dt_step *step = &b->part->step[number];
    uint64_t set = step->moves & b->groups->free;
    const dt_group *group = set ? group_of(b->groups, set) : NULL;
    dt_instruction made = {.step = step,
                           .group = group,
                           .n = group ? group->classes : 1,
                           .moves = step->moves,
                           .keeps_error = !b->part->uniform && !step->exact};
    const uint32_t operand[3] = {step->a, step->b, step->c};
    dt_status status = DT_OK;
    for (int i = 0; i < dt_op_operands(step->op) && status == DT_OK; i++)
        status = place_operand(b, operand[i], group, &made.operand[i]);
    b->of_step[number] = b->layout->length;
    b->layout->code[b->layout->length++] = made;
    return status;
}

/* Gives each result its vectors: scalars take one cache line, so that none is shared. */
static dt_status place_vectors(dt_layout *l, const dt_groups *groups) {
    size_t total = 0, widest = dt_padded(groups->lanes + 1);
    for (size_t i = 0; i < l->length; i++)
        total += dt_padded(l->code[i].n) * (l->code[i].keeps_error ? 2 : 1);
    l->room = l->zeros = aligned_alloc(64, (widest + total) * sizeof *l->room);
    if (!l->room)
        return DT_ERR_MEMORY;
    memset(l->zeros, 0, widest * sizeof *l->zeros);
    double *next = l->room + widest;
    for (size_t i = 0; i < l->length; i++) {
        dt_instruction *c = &l->code[i];
        c->z = (dt_lanes){.x = next, .y = l->zeros, .scalar = !c->group};
        next += dt_padded(c->n);
        if (c->keeps_error) {
            c->z.y = next;
            next += dt_padded(c->n);
        }
        c->a = l->code[c->operand[0]].z;
        c->b = l->code[c->operand[1]].z;
        c->c = l->code[c->operand[2]].z;
    }
    return DT_OK;
}

/* How many spreads there are at most. */
static size_t spreads(const dt_part_plan *part, const dt_groups *groups) {
    size_t count = 0;
    for (size_t i = 0; i < part->steps; i++) {
        const dt_step *s = &part->step[i];
        const uint32_t operand[3] = {s->a, s->b, s->c};
        for (int k = 0; k < dt_op_operands(s->op); k++) {
            uint64_t own = part->step[operand[k]].moves & groups->free;
            count += own && own != (s->moves & groups->free);
        }
    }
    return count;
}

dt_status dt_layout_init(dt_layout *layout, const dt_part_plan *part, const dt_groups *groups) {
    *layout =
        (dt_layout){.code = malloc((part->steps + spreads(part, groups)) * sizeof *layout->code)};
    builder b = {layout, part, groups, malloc(part->steps * sizeof *b.of_step)};
    dt_status status = layout->code && b.of_step ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < part->steps && status == DT_OK; i++)
        status = place_step(&b, (uint32_t)i);
    if (status == DT_OK)
        status = place_vectors(layout, groups);
    free(b.of_step);
    return status;
}
