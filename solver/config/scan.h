/* The scanner: libconfig 1.5's tokens, with the bytes they stand at. */
#ifndef DT_CONFIG_SCAN_H
#define DT_CONFIG_SCAN_H

#include <stddef.h>

typedef enum dt_token_kind {
    DT_TOKEN_END,
    DT_TOKEN_NAME,
    DT_TOKEN_BOOL,
    DT_TOKEN_INTEGER,
    DT_TOKEN_INTEGER64, /* with an L or LL suffix */
    DT_TOKEN_HEX,
    DT_TOKEN_HEX64,
    DT_TOKEN_FLOAT,
    DT_TOKEN_STRING, /* one piece, with its quotes */
    DT_TOKEN_EQUALS, /* = or : */
    DT_TOKEN_COMMA,
    DT_TOKEN_SEMICOLON,
    DT_TOKEN_GROUP_START,
    DT_TOKEN_GROUP_END,
    DT_TOKEN_ARRAY_START,
    DT_TOKEN_ARRAY_END,
    DT_TOKEN_LIST_START,
    DT_TOKEN_LIST_END,
    DT_TOKEN_OPEN_STRING,  /* never closed */
    DT_TOKEN_OPEN_COMMENT, /* never closed */
    DT_TOKEN_GARBAGE,      /* one character */
} dt_token_kind;

typedef struct dt_token {
    dt_token_kind kind;
    size_t offset, length;
} dt_token;

/* The first token at or after `from`. Linear in what it passes over. */
dt_token dt_scan(const char *text, size_t length, size_t from);

#endif
