/* A part of a payoff laid out for a shape of lanes: which vectors its steps fill, and how long each
 * is.
 *
 * A step that depends on some of the free moves only has equal values in many lanes. It is computed
 * once per combination of those moves that occurs, in a *group* of lanes that agree on them, and
 * spread to a finer group where an operation needs it there. */
#ifndef DT_FORMULA_LAYOUT_H
#define DT_FORMULA_LAYOUT_H

#include "formula/block_eval.h"
#include "formula/lanes.h"
#include "formula/plan.h"

/* Lanes that agree on the moves of a set, as one class each. */
typedef struct dt_group {
    uint64_t moves;
    size_t classes;
    bool all;           /* a class is a lane: `lane` and `class_of` are the identity */
    uint32_t *lane;     /* a lane of each class */
    uint32_t *class_of; /* behind it, in the same piece of memory */
} dt_group;

/* The groups of one shape, shared by the parts of a payoff. */
typedef struct dt_groups {
    uint64_t free; /* the moves that vary by lane */
    size_t lanes, count;
    dt_group *group;
} dt_groups;

typedef struct dt_instruction {
    const dt_step *step;   /* NULL: spreads its first operand */
    const dt_group *group; /* of the result; NULL for a scalar */
    size_t n;              /* classes of the group; 1 for a scalar */
    uint64_t moves;        /* on which the result depends */
    size_t operand[3];     /* earlier instructions */
    const uint32_t *from;  /* of a spread: n places in the operand */
    uint32_t *own_from;    /* where that list is the instruction's own */
    bool keeps_error;      /* else the error is 0, or one bound serves all */
    dt_lanes z, a, b, c;
} dt_instruction;

typedef struct dt_layout {
    dt_instruction *code; /* the last one gives the result */
    size_t length;
    double *room, *zeros; /* zeros: at the head of the room */
} dt_layout;

/* Groups for all steps of a plan. DT_OK or DT_ERR_MEMORY. */
dt_status dt_groups_init(dt_groups *groups, const dt_plan *plan, const dt_lane_moves *moves);
void dt_groups_clear(dt_groups *groups);

/* DT_OK or DT_ERR_MEMORY. The layout points into `part` and `groups`. */
dt_status dt_layout_init(dt_layout *layout, const dt_part_plan *part, const dt_groups *groups);
void dt_layout_clear(dt_layout *layout);

/* Doubles of a vector of n, so that the next one starts on a cache line. */
size_t dt_padded(size_t n);

#endif
