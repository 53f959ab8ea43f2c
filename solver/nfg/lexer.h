/* The tokens of a strategic-form file. */
#ifndef DT_NFG_LEXER_H
#define DT_NFG_LEXER_H

#include "deterra/diag.h"

typedef enum dt_nfg_kind {
    DT_NFG_END,
    DT_NFG_OPEN,  /* { */
    DT_NFG_CLOSE, /* } */
    DT_NFG_COMMA,
    DT_NFG_QUOTED,
    DT_NFG_UNCLOSED, /* a quotation mark without a second one */
    DT_NFG_WORD,     /* a number, or what stands in its place */
} dt_nfg_kind;

/* A stretch of the text; of a quoted one, with its marks. */
typedef struct dt_nfg_token {
    dt_nfg_kind kind;
    size_t from, length;
} dt_nfg_token;

/* Copied to look ahead. */
typedef struct dt_nfg_lexer {
    const dt_source *source;
    const char *text;
    size_t length, at;
    dt_nfg_token token; /* the current one */
} dt_nfg_lexer;

/* Stands at the first token. The source must have a text that ends in a newline. */
void dt_nfg_open(dt_nfg_lexer *lexer, const dt_source *source);
/* Goes to the next token. The end stands behind the last one. */
void dt_nfg_next(dt_nfg_lexer *lexer);
dt_place dt_nfg_place(const dt_nfg_lexer *lexer);

/* Undoes the escapes of the current quoted token: \" is a quotation mark and \\ a backslash; before
 * anything else a backslash stands for itself, as in Gambit. NUL-terminated, into `data`, which has
 * token.length bytes; returns the length. */
size_t dt_nfg_unquote(const dt_nfg_lexer *lexer, char *data);

#endif
