/* The limits of a strategic-form file. */
#ifndef DT_NFG_LIMITS_H
#define DT_NFG_LIMITS_H

enum {
    DT_NFG_BYTES = 1 << 30,       /* of a file, read or written */
    DT_NFG_PAYOFFS = 1 << 26,     /* written */
    DT_NFG_TEXT_BYTES = 64 << 10, /* of a name, label or number, as in configs */
    DT_NFG_STRATEGIES = 65535,    /* of one player: the levels of a move */
};

#endif
