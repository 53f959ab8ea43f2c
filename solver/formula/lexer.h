/* Tokens of the formula language. */
#ifndef DT_FORMULA_LEXER_H
#define DT_FORMULA_LEXER_H

#include "deterra/diag.h"

typedef enum dt_token_kind {
    DT_TOKEN_END,
    DT_TOKEN_NUMBER,
    DT_TOKEN_NAME,
    DT_TOKEN_MOVE,  /* US.subsidy */
    DT_TOKEN_LEVEL, /* CN.export_control:embargo */
    DT_TOKEN_PUNCT, /* one or two characters, in `punct` */
    DT_TOKEN_ERROR, /* reported already */
} dt_token_kind;

typedef struct dt_token {
    dt_token_kind kind;
    size_t from, length;
    int punct; /* a character, or DT_PUNCT(first, second) */
} dt_token;

#define DT_PUNCT(a, b) ((a) << 8 | (b))

/* The token at or after byte `at`; its end is from + length. Errors go to diag. */
dt_token dt_lex(const dt_text *text, size_t at, dt_diag *diag);

#endif
