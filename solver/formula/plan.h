/* The inside of a plan, for the files that make it, prove it and run it. */
#ifndef DT_FORMULA_PLAN_H
#define DT_FORMULA_PLAN_H

#include "formula/block_eval.h"

/* A node of the plan; operands are numbers of earlier steps. */
typedef struct dt_step {
    dt_op op;
    uint32_t a, b, c;
    uint32_t node; /* of the graph */
    uint64_t moves;
    bool exact; /* computed without any rounding: see mark_exact */
    /* where exact: the value is an integer of size at most `most`, times 2^scale */
    int scale;
    double most;
    double constant, constant_error;
} dt_step;

/* The doubles nearest to a move's level values, and their errors. */
typedef struct dt_slot_doubles {
    uint32_t levels;
    double *value, *error; /* in one piece of memory */
    bool exact;
    int scale;
    double most;
} dt_slot_doubles;

/* How many results a part's runner remembers. */
enum { DT_PART_MEMORY = 16 };

/* The steps of one summand of the payoff. */
typedef struct dt_part_plan {
    dt_step *step;
    size_t steps;
    uint64_t moves; /* of its root */
    bool total;     /* proven to have a finite value at every profile */
    bool uniform;   /* `error` serves for every profile: no bounds are computed lane by lane */
    double error;   /* then */
    double size;    /* a bound on the value's size; infinite where not total */
} dt_part_plan;

struct dt_plan {
    dt_part_plan *part; /* the payoff is their sum */
    size_t parts;
    dt_slot_doubles *slot;
    uint32_t slots;
    bool total, uniform, exact; /* exact: the sum of the parts is not rounded either */
    double error;               /* where uniform */
};

/* Interval arithmetic over all levels of all moves: fills total, uniform, error and size of a part
 * whose range is `range` of the payoff's. False when out of memory. */
bool dt_part_prove(const dt_plan *plan, dt_part_plan *part);

#endif
