/* The locator: the grammar of libconfig 1.5 over our tokens, giving every value its place. */
#ifndef DT_CONFIG_LOCATE_H
#define DT_CONFIG_LOCATE_H

#include <stdint.h>

#include "config/scan.h"
#include "deterra/diag.h"
#include "scenario/complaint.h"

#define DT_NO_MARK UINT32_MAX

/* Where one setting stands in the joined text, in the order of the text (a group before what is in
 * it). Offsets fit: a config has at most 64 MB. */
typedef struct dt_mark {
    uint32_t name, name_length;   /* length 0 for the elements of lists and arrays */
    uint32_t value, value_length; /* the literal: from the first to the last of its tokens */
    uint32_t previous;            /* the setting before it in the same group or list */
    uint8_t kind;                 /* dt_token_kind of its first token */
    bool plain;                   /* of a string: one piece without a backslash */
} dt_mark;

typedef struct dt_marks {
    dt_mark *mark;
    size_t count, room;
} dt_marks;

/* Marks every setting of the source, or complains of the first thing that is no libconfig or
 * beyond a limit (DT_ERR_INPUT). It accepts no more than libconfig does, and refuses besides only
 * comments and strings that are never closed. Linear time; free(marks->mark) in any case. */
dt_status dt_locate(const dt_source *source, dt_marks *marks, dt_complaints *complaints);

#endif
