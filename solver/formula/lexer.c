/* Tokens of the formula language: moves and levels are one token, without blanks inside. */
#include "formula/lexer.h"

#include <string.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c) {
    return is_name_start(c) || is_digit(c);
}

static size_t name_length(const char *p) {
    size_t n = 0;
    while (is_name(p[n]))
        n++;
    return n;
}

/* digits [. digits] [e [sign] digits], or . digits …; 0 when there is no number. */
static size_t number_length(const char *p) {
    size_t n = 0, digits = 0;
    for (; is_digit(p[n]); n++)
        digits++;
    if (p[n] == '.')
        for (n++; is_digit(p[n]); n++)
            digits++;
    if (!digits)
        return 0;
    if (p[n] == 'e' || p[n] == 'E') {
        size_t e = n + 1;
        if (p[e] == '+' || p[e] == '-')
            e++;
        if (is_digit(p[e])) {
            while (is_digit(p[e]))
                e++;
            n = e;
        }
    }
    return n;
}

static dt_token fail(const dt_text *text, size_t from, size_t length, dt_diag *diag,
                     const char *message) {
    dt_diag_add(diag, DT_ERROR, dt_text_place(text, from, length), "%s", message);
    return (dt_token){DT_TOKEN_ERROR, from, length, 0};
}

/* name, name.name or name.name:label */
static dt_token lex_name(const dt_text *text, size_t from, dt_diag *diag) {
    const char *p = text->data + from;
    size_t n = name_length(p);
    if (p[n] != '.')
        return (dt_token){DT_TOKEN_NAME, from, n, 0};
    if (!is_name_start(p[n + 1]))
        return fail(text, from, n + 1, diag,
                    "a move is written player.move in one piece, without blanks");
    n += 1 + name_length(p + n + 1);
    if (p[n] != ':')
        return (dt_token){DT_TOKEN_MOVE, from, n, 0};
    if (!is_name(p[n + 1]))
        return fail(text, from + n, 1, diag,
                    "a level's label is expected right after player.move:, and the ':' of ?: "
                    "needs a blank before it");
    n += 1 + name_length(p + n + 1);
    return (dt_token){DT_TOKEN_LEVEL, from, n, 0};
}

dt_token dt_lex(const dt_text *text, size_t at, dt_diag *diag) {
    const char *p = text->data;
    while (at < text->length && strchr(" \t\r\n\f\v", p[at]))
        at++;
    if (at >= text->length)
        return (dt_token){DT_TOKEN_END, text->length, 0, 0};
    if (is_name_start(p[at]))
        return lex_name(text, at, diag);
    size_t n = number_length(p + at);
    if (n && is_name_start(p[at + n]))
        return fail(text, at, n + name_length(p + at + n), diag,
                    "a number runs into a name: put an operator between them (hexadecimal numbers "
                    "and suffixes are not used in formulas)");
    if (n)
        return (dt_token){DT_TOKEN_NUMBER, at, n, 0};
    static const char *const two[] = {"||", "&&", "==", "!=", "<=", ">="};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (p[at] == two[i][0] && p[at + 1] == two[i][1])
            return (dt_token){DT_TOKEN_PUNCT, at, 2, DT_PUNCT(two[i][0], two[i][1])};
    if (strchr("?:<>+-*/!^()[],=", p[at]))
        return (dt_token){DT_TOKEN_PUNCT, at, 1, p[at]};
    if (p[at] == '&' || p[at] == '|')
        return fail(text, at, 1, diag, "logic is written && and ||");
    size_t bytes = 1; /* name a character, not a byte of it */
    while (((unsigned char)p[at + bytes] & 0xC0) == 0x80)
        bytes++;
    return fail(text, at, bytes, diag, "a formula cannot hold this character");
}
