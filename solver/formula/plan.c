/* Plans: the steps of one payoff, and which of them are computed without any rounding. */
#include "formula/plan.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "formula/split.h"

/* The nearest double of a rational and a bound on its error; infinite beyond a double's range. */
static double nearest(const fmpq *q, double *error) {
    arb_t ball, back;
    arb_init(ball);
    arb_init(back);
    arb_set_fmpq(ball, q, 128);
    double d = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    arb_set_d(back, d);
    arb_sub(back, ball, back, 128);
    mag_t bound;
    mag_init(bound);
    arb_get_mag(bound, back);
    *error = isfinite(d) ? mag_get_d(bound) * (1 + 4 * DBL_EPSILON) : INFINITY;
    mag_clear(bound);
    arb_clear(ball);
    arb_clear(back);
    return d;
}

/* Is q = integer × 2^scale with an integer that a double holds? */
static bool dyadic(const fmpq *q, int *scale, double *most) {
    slong bits = (slong)fmpz_val2(fmpq_denref(q));
    fmpz_t odd;
    fmpz_init(odd);
    fmpz_tdiv_q_2exp(odd, fmpq_denref(q), (ulong)bits);
    bool is = fmpz_is_one(odd) && bits < 500 && fmpz_bits(fmpq_numref(q)) <= 53;
    fmpz_clear(odd);
    if (is) {
        *scale = (int)-bits;
        *most = fabs(fmpz_get_d(fmpq_numref(q)));
    }
    return is;
}

static const double INTEGERS = 9007199254740992.0; /* 2^53 */

/* Sums, products and choices of integers times a power of 2 are not rounded while they stay below
 * 2^53: then comparisons are certain too, and no bounds need be kept. */
static void mark_exact(const dt_step *step, dt_step *s) {
    const dt_step *a = &step[s->a], *b = &step[s->b], *c = &step[s->c];
    int operands = dt_op_operands(s->op);
    if (!a->exact || (operands > 1 && !b->exact) || (operands > 2 && !c->exact))
        return;
    switch (s->op) {
    case DT_OP_ADD:
    case DT_OP_SUB:
    case DT_OP_MIN:
    case DT_OP_MAX:
        s->scale = a->scale < b->scale ? a->scale : b->scale;
        s->most = ldexp(a->most, a->scale - s->scale) + ldexp(b->most, b->scale - s->scale);
        break;
    case DT_OP_MUL:
        s->scale = a->scale + b->scale;
        s->most = a->most * b->most;
        break;
    case DT_OP_NEG:
    case DT_OP_ABS:
        s->scale = a->scale;
        s->most = a->most;
        break;
    case DT_OP_COND:
        s->scale = b->scale < c->scale ? b->scale : c->scale;
        s->most = ldexp(b->most, b->scale - s->scale) + ldexp(c->most, c->scale - s->scale);
        break;
    case DT_OP_NOT:
    case DT_OP_LT:
    case DT_OP_LE:
    case DT_OP_EQ:
    case DT_OP_AND:
    case DT_OP_OR:
        s->scale = 0;
        s->most = 1;
        break;
    default: return;
    }
    s->exact = s->most <= INTEGERS && s->scale > -900;
}

static bool fill_slot(dt_slot_doubles *to, const dt_slot_values *from) {
    *to = (dt_slot_doubles){.levels = from->levels, .exact = true};
    to->value = malloc(2 * from->levels * sizeof *to->value);
    if (!to->value)
        return false;
    to->error = to->value + from->levels;
    for (uint32_t i = 0; i < from->levels; i++) {
        to->value[i] = nearest(&from->value[i], &to->error[i]);
        int scale = 0;
        double most = 0;
        to->exact = to->exact && dyadic(&from->value[i], &scale, &most);
        to->scale = scale < to->scale ? scale : to->scale;
    }
    for (uint32_t i = 0; i < from->levels && to->exact; i++)
        to->most = fmax(to->most, ldexp(fabs(to->value[i]), -to->scale));
    to->exact = to->exact && to->most <= INTEGERS;
    return true;
}

/* Numbers the nodes that `root` needs and writes them as steps. */
static bool fill_part(const dt_plan *plan, const dt_dag *dag, uint32_t root, dt_part_plan *part) {
    uint32_t *number = calloc((size_t)root + 1, sizeof *number); /* 0: not needed */
    if (!number)
        return false;
    number[root] = 1;
    for (uint32_t i = root + 1; i-- > 0;) {
        if (!number[i])
            continue;
        part->steps++;
        const dt_node *n = &dag->node[i];
        int operands = dt_op_operands(n->op);
        if (operands > 0)
            number[n->a] = 1;
        if (operands > 1)
            number[n->b] = 1;
        if (operands > 2)
            number[n->c] = 1;
    }
    part->step = malloc(part->steps * sizeof *part->step);
    part->moves = dag->node[root].moves;
    uint32_t at = 0;
    for (uint32_t i = 0; part->step && i <= root; i++) {
        if (!number[i])
            continue;
        const dt_node *n = &dag->node[i];
        dt_step *s = &part->step[at];
        number[i] = at++;
        *s = (dt_step){.op = n->op, .node = i, .moves = n->moves};
        int operands = dt_op_operands(n->op);
        if (n->op == DT_OP_CONST) {
            s->constant = nearest(&dag->constant[n->a], &s->constant_error);
            s->exact = dyadic(&dag->constant[n->a], &s->scale, &s->most);
        } else if (n->op == DT_OP_MOVE || n->op == DT_OP_LEVEL) {
            s->a = n->a;
            s->b = n->b;
            s->exact = n->op == DT_OP_LEVEL || plan->slot[n->a].exact;
            s->scale = n->op == DT_OP_LEVEL ? 0 : plan->slot[n->a].scale;
            s->most = n->op == DT_OP_LEVEL ? 1 : plan->slot[n->a].most;
        } else {
            s->a = number[n->a];
            s->b = operands > 1 ? number[n->b] : 0;
            s->c = operands > 2 ? number[n->c] : 0;
            mark_exact(part->step, s);
        }
    }
    free(number);
    return part->step && dt_part_prove(plan, part);
}

/* What holds of the sum of the parts. */
static void sum_up(dt_plan *plan) {
    double size = 0, error = 0, most = 0;
    int scale = 0;
    plan->total = plan->uniform = plan->exact = true;
    for (size_t k = 0; k < plan->parts; k++) {
        const dt_part_plan *p = &plan->part[k];
        const dt_step *root = &p->step[p->steps - 1];
        plan->total = plan->total && p->total;
        plan->uniform = plan->uniform && p->uniform;
        plan->exact = plan->exact && root->exact;
        scale = root->scale < scale ? root->scale : scale;
        size += p->size;
        error += p->error;
    }
    for (size_t k = 0; k < plan->parts && plan->exact; k++) {
        const dt_step *root = &plan->part[k].step[plan->part[k].steps - 1];
        most += ldexp(root->most, root->scale - scale);
    }
    plan->exact = plan->exact && most <= INTEGERS;
    plan->total = plan->total && size <= DBL_MAX;
    /* each addition rounds a partial sum of at most `size` */
    double rounding = plan->exact ? 0 : (double)plan->parts * (size + error) * DBL_EPSILON / 2;
    plan->error = (error + rounding) * (1 + 64 * DBL_EPSILON);
}

static dt_plan *plan_parts(const dt_dag *dag, const dt_slot_values *slot, uint32_t slots,
                           const uint32_t *part, size_t parts) {
    dt_plan *plan = calloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->slot = malloc((slots + 1u) * sizeof *plan->slot);
    plan->part = calloc(parts, sizeof *plan->part);
    if (!plan->slot || !plan->part)
        goto failed;
    for (; plan->slots < slots; plan->slots++)
        if (!fill_slot(&plan->slot[plan->slots], &slot[plan->slots]))
            goto failed;
    for (plan->parts = 0; plan->parts < parts; plan->parts++)
        if (!fill_part(plan, dag, part[plan->parts], &plan->part[plan->parts]))
            goto failed;
    sum_up(plan);
    return plan;
failed:
    dt_plan_free(plan);
    return NULL;
}

dt_plan *dt_plan_new(dt_dag *dag, const dt_slot_values *slot, uint32_t slots, uint32_t root,
                     uint64_t own) {
    uint32_t part[DT_MOST_PARTS];
    size_t parts = 0;
    if (dt_split(dag, root, own, part, &parts) != DT_OK)
        return NULL;
    return plan_parts(dag, slot, slots, part, parts);
}

dt_plan *dt_plan_whole(const dt_dag *dag, const dt_slot_values *slot, uint32_t slots,
                       uint32_t root) {
    return plan_parts(dag, slot, slots, &root, 1);
}

void dt_plan_free(dt_plan *plan) {
    if (!plan)
        return;
    for (uint32_t i = 0; plan->slot && i < plan->slots; i++) {
        free(plan->slot[i].value);
    }
    for (size_t k = 0; plan->part && k <= plan->parts; k++)
        if (k < plan->parts)
            free(plan->part[k].step);
    free(plan->part);
    free(plan->slot);
    free(plan);
}

size_t dt_plan_steps(const dt_plan *plan) {
    size_t steps = 0;
    for (size_t k = 0; k < plan->parts; k++)
        steps += plan->part[k].steps;
    return steps;
}

bool dt_plan_is_total(const dt_plan *plan) {
    return plan->total;
}
