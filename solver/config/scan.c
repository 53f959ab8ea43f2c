/* The scanner: the rules of libconfig 1.5's lexer (its scanner.l), longest match first. */
#include "config/scan.h"

#include <stdbool.h>
#include <string.h>

typedef struct span {
    const char *text;
    size_t length;
} span;

/* The byte at i, or 0 beyond the end: the text holds no NUL. */
static char at(const span *s, size_t i) {
    return i < s->length ? s->text[i] : '\0';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool in_name(char c) {
    return begins_name(c) || is_digit(c) || c == '-' || c == '_';
}

static size_t digits(const span *s, size_t i) {
    size_t from = i;
    while (is_digit(at(s, i)))
        i++;
    return i - from;
}

/* Past blanks and comments; *open where a comment is never closed, then at its start. */
static size_t skip_blanks(const span *s, size_t i, bool *open) {
    while (i < s->length) {
        char c = s->text[i];
        if (c == '#' || (c == '/' && at(s, i + 1) == '/')) {
            const char *end = memchr(s->text + i, '\n', s->length - i);
            i = end ? (size_t)(end - s->text) : s->length;
        } else if (c == '/' && at(s, i + 1) == '*') {
            size_t from = i;
            for (i += 2; i < s->length && !(s->text[i] == '*' && at(s, i + 1) == '/'); i++)
                ;
            if (i >= s->length) {
                *open = true;
                return from;
            }
            i += 2;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            i++;
        } else {
            break;
        }
    }
    return i;
}

static size_t suffix(const span *s, size_t i) {
    return at(s, i) != 'L' ? 0 : at(s, i + 1) == 'L' ? 2 : 1;
}

/* The length of an exponent at i, 0 where there is none. */
static size_t exponent(const span *s, size_t i) {
    if (at(s, i) != 'e' && at(s, i) != 'E')
        return 0;
    size_t sign = at(s, i + 1) == '-' || at(s, i + 1) == '+';
    size_t count = digits(s, i + 1 + sign);
    return count ? 1 + sign + count : 0;
}

/* A number at i; its length is 0 where there is none. */
static dt_token number(const span *s, size_t i) {
    if (at(s, i) == '0' && (at(s, i + 1) == 'x' || at(s, i + 1) == 'X') && is_hex(at(s, i + 2))) {
        size_t n = 2;
        while (is_hex(at(s, i + n)))
            n++;
        size_t more = suffix(s, i + n);
        return (dt_token){more ? DT_TOKEN_HEX64 : DT_TOKEN_HEX, i, n + more};
    }
    size_t sign = at(s, i) == '-' || at(s, i) == '+';
    size_t n = sign + digits(s, i + sign);
    if (at(s, i + n) == '.') { /* libconfig takes even a lone point for a number */
        n++;
        n += digits(s, i + n);
        return (dt_token){DT_TOKEN_FLOAT, i, n + exponent(s, i + n)};
    }
    if (n == sign)
        return (dt_token){DT_TOKEN_GARBAGE, i, 0};
    size_t power = exponent(s, i + n);
    if (power)
        return (dt_token){DT_TOKEN_FLOAT, i, n + power};
    size_t more = suffix(s, i + n);
    return (dt_token){more ? DT_TOKEN_INTEGER64 : DT_TOKEN_INTEGER, i, n + more};
}

static dt_token string(const span *s, size_t i) {
    for (size_t j = i + 1; j < s->length; j++) {
        if (s->text[j] == '"')
            return (dt_token){DT_TOKEN_STRING, i, j + 1 - i};
        if (s->text[j] == '\\' && (at(s, j + 1) == '"' || at(s, j + 1) == '\\'))
            j++;
    }
    return (dt_token){DT_TOKEN_OPEN_STRING, i, s->length - i};
}

static bool is_word(const span *s, size_t i, size_t length, const char *lower) {
    if (strlen(lower) != length)
        return false;
    for (size_t j = 0; j < length; j++)
        if ((s->text[i + j] | 0x20) != lower[j])
            return false;
    return true;
}

static dt_token name(const span *s, size_t i) {
    size_t n = 1;
    while (in_name(at(s, i + n)))
        n++;
    bool truth = is_word(s, i, n, "true") || is_word(s, i, n, "false");
    return (dt_token){truth ? DT_TOKEN_BOOL : DT_TOKEN_NAME, i, n};
}

static dt_token_kind punctuation(char c) {
    switch (c) {
    case '=':
    case ':': return DT_TOKEN_EQUALS;
    case ',': return DT_TOKEN_COMMA;
    case ';': return DT_TOKEN_SEMICOLON;
    case '{': return DT_TOKEN_GROUP_START;
    case '}': return DT_TOKEN_GROUP_END;
    case '[': return DT_TOKEN_ARRAY_START;
    case ']': return DT_TOKEN_ARRAY_END;
    case '(': return DT_TOKEN_LIST_START;
    case ')': return DT_TOKEN_LIST_END;
    default: return DT_TOKEN_GARBAGE;
    }
}

static size_t character_length(const span *s, size_t i) {
    size_t n = 1;
    while (((unsigned char)at(s, i + n) & 0xC0) == 0x80)
        n++;
    return n;
}

dt_token dt_scan(const char *text, size_t length, size_t from) {
    span s = {text, length};
    bool open = false;
    size_t i = skip_blanks(&s, from, &open);
    if (open)
        return (dt_token){DT_TOKEN_OPEN_COMMENT, i, 2};
    if (i >= length)
        return (dt_token){DT_TOKEN_END, length, 0};
    char c = text[i];
    if (c == '"')
        return string(&s, i);
    if (begins_name(c))
        return name(&s, i);
    dt_token_kind kind = punctuation(c);
    if (kind != DT_TOKEN_GARBAGE)
        return (dt_token){kind, i, 1};
    dt_token token = number(&s, i);
    if (token.length == 0)
        token.length = character_length(&s, i);
    return token;
}
