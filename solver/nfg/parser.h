/* The parser of strategic-form files: what its parts share. Each returns DT_OK, DT_ERR_MEMORY, or
 * DT_ERR_INPUT after a complaint. */
#ifndef DT_NFG_PARSER_H
#define DT_NFG_PARSER_H

#include "deterra/scenario.h"
#include "nfg/lexer.h"
#include "scenario/complaint.h"

typedef struct dt_nfg_parser {
    dt_nfg_lexer lexer;
    dt_scenario *scenario;
    dt_complaints *complaints;
    uint64_t profiles;
} dt_nfg_parser;

/* From `NFG` to the comment: title, players and their strategies, and how many profiles. */
dt_status dt_nfg_prologue(dt_nfg_parser *parser);
/* Payoffs, or outcomes and their numbers, to the end of the file: scenario->payoff. */
dt_status dt_nfg_body(dt_nfg_parser *parser);

/* "expected WHAT, found `word`" at the current token. Always DT_ERR_INPUT. */
dt_status dt_nfg_expected(dt_nfg_parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Complains at the current token. Always DT_ERR_INPUT. */
dt_status dt_nfg_wrong(dt_nfg_parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The current word, fit for a message. */
dt_shown dt_nfg_shown(const dt_nfg_parser *parser);

/* The current word as an exact number; false after a complaint. */
bool dt_nfg_payoff(dt_nfg_parser *parser, fmpq_t value);
/* The current word as a whole number; false, without a complaint, where it is none. What is beyond
 * 64 bits is UINT64_MAX. */
bool dt_nfg_count(const dt_nfg_parser *parser, uint64_t *count);

#endif
