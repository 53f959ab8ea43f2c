/* The limits of a config, checked before libconfig sees it. */
#ifndef DT_CONFIG_LIMITS_H
#define DT_CONFIG_LIMITS_H

enum {
    DT_LIMIT_BYTES = 64 << 20,   /* of a config and all its includes */
    DT_LIMIT_INCLUDE_DEPTH = 16, /* files that are being read at once, besides the first */
    DT_LIMIT_INCLUDES = 1024,    /* in all: a diamond of includes doubles at every level */
    DT_LIMIT_STRING = 64 << 10,  /* bytes between the quotes, or of a name or number */
    DT_LIMIT_SETTINGS = 4096,    /* in one group */
    DT_LIMIT_NAMED = 1 << 18, /* settings with a name in all: libconfig's search for duplicates is
                               * quadratic in a group, minutes in 60 MB of full groups */
    DT_LIMIT_NESTING = 256,   /* of groups, lists and arrays */
    DT_LIMIT_TABLE_DEPTH = 8, /* indices of a table */
};

#endif
