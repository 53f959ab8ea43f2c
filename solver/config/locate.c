/* The locator: the grammar of libconfig 1.5 (its grammar.y) by recursive descent, 256 deep. */
#include "config/locate.h"

#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "config/limits.h"

typedef struct locator {
    const dt_source *source;
    const char *text;
    size_t length, depth, named;
    dt_token token, before; /* the next token, and the one last taken */
    dt_marks *marks;
    dt_complaints *complaints;
    dt_status status;
} locator;

static bool read_value(locator *l, uint32_t mark);

static void advance(locator *l) {
    l->before = l->token;
    l->token = dt_scan(l->text, l->length, l->token.offset + l->token.length);
}

static dt_place token_place(const locator *l, dt_token token) {
    return (dt_place){l->source, token.offset, token.length};
}

static bool fail(locator *l, dt_place place, const char *message) {
    dt_complain(l->complaints, DT_ERROR, place, "%s", message);
    l->status = DT_ERR_INPUT;
    return false;
}

/* Complains of the next token, which is not what should stand there. */
static bool fail_expected(locator *l, const char *expected) {
    dt_place place = token_place(l, l->token);
    dt_shown found = dt_show_bytes(l->text + l->token.offset, l->token.length);
    l->status = DT_ERR_INPUT;
    switch (l->token.kind) {
    case DT_TOKEN_OPEN_STRING: return fail(l, place, "syntax error: this string is never closed");
    case DT_TOKEN_OPEN_COMMENT: return fail(l, place, "syntax error: this comment is never closed");
    case DT_TOKEN_END: /* after the last token, not on the empty line behind it */
        place = (dt_place){l->source, l->before.offset + l->before.length, 1};
        dt_complain(l->complaints, DT_ERROR, place, "syntax error: expected %s, found the end",
                    expected);
        return false;
    case DT_TOKEN_GARBAGE:
        if (l->text[l->token.offset] == '@')
            return fail(l, place, "syntax error: @include \"file\" must stand alone on its line");
        break;
    default: break;
    }
    dt_complain(l->complaints, DT_ERROR, place, "syntax error: expected %s, found `%s`", expected,
                found.text);
    return false;
}

/* A fresh mark, DT_NO_MARK when memory runs out. */
static uint32_t new_mark(locator *l, uint32_t previous) {
    dt_marks *m = l->marks;
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 256;
        dt_mark *grown = realloc(m->mark, room * sizeof *grown);
        if (!grown) {
            l->status = DT_ERR_MEMORY;
            return DT_NO_MARK;
        }
        m->mark = grown;
        m->room = room;
    }
    m->mark[m->count] = (dt_mark){.previous = previous};
    return (uint32_t)m->count++;
}

static void close_mark(locator *l, uint32_t mark, size_t start) {
    l->marks->mark[mark].value = (uint32_t)start;
    l->marks->mark[mark].value_length = (uint32_t)(l->before.offset + l->before.length - start);
}

static bool is_scalar(dt_token_kind kind) {
    return kind >= DT_TOKEN_BOOL && kind <= DT_TOKEN_STRING;
}

/* Strings that stand side by side are one string. */
static bool read_strings(locator *l, uint32_t mark) {
    size_t start = l->token.offset, bytes = 0, pieces = 0;
    bool escaped = false;
    for (; l->token.kind == DT_TOKEN_STRING; pieces++) {
        bytes += l->token.length - 2;
        escaped |= memchr(l->text + l->token.offset, '\\', l->token.length) != NULL;
        if (bytes > DT_LIMIT_STRING)
            return fail(l, (dt_place){l->source, start, 1}, "a string of more than 64 kB");
        advance(l);
    }
    l->marks->mark[mark].plain = pieces == 1 && !escaped;
    close_mark(l, mark, start);
    return true;
}

static bool read_scalar(locator *l, uint32_t mark) {
    l->marks->mark[mark].kind = (uint8_t)l->token.kind;
    if (l->token.kind == DT_TOKEN_STRING)
        return read_strings(l, mark);
    if (l->token.length > DT_LIMIT_STRING)
        return fail(l, (dt_place){l->source, l->token.offset, 1}, "a number of more than 64 kB");
    size_t start = l->token.offset;
    advance(l);
    close_mark(l, mark, start);
    return true;
}

/* libconfig's type of an element: in an array all must agree. */
static dt_token_kind array_type(dt_token_kind kind) {
    return kind == DT_TOKEN_HEX     ? DT_TOKEN_INTEGER
           : kind == DT_TOKEN_HEX64 ? DT_TOKEN_INTEGER64
                                    : kind;
}

static bool check_element(locator *l, dt_token_kind *type, bool array) {
    if (!array)
        return true;
    if (!is_scalar(l->token.kind))
        return l->token.kind >= DT_TOKEN_GROUP_START && l->token.kind <= DT_TOKEN_LIST_START
                   ? fail(l, token_place(l, l->token),
                          "syntax error: an array [ ] holds plain values; use a list ( ) here")
                   : fail_expected(l, "a value");
    if (*type == DT_TOKEN_END)
        *type = array_type(l->token.kind);
    if (array_type(l->token.kind) != *type)
        return fail(l, token_place(l, l->token),
                    "an array [ ] holds values of one type: 1, 1L and 1.0 differ; a list ( ) may "
                    "mix 1, 0.5 and \"1/3\"");
    return true;
}

/* The elements of a list or array, after its opening bracket. */
static bool read_elements(locator *l, bool array) {
    dt_token_kind end = array ? DT_TOKEN_ARRAY_END : DT_TOKEN_LIST_END, type = DT_TOKEN_END;
    uint32_t previous = DT_NO_MARK;
    if (l->token.kind == end)
        return true;
    for (;;) {
        if (!check_element(l, &type, array))
            return false;
        uint32_t mark = new_mark(l, previous);
        if (mark == DT_NO_MARK || !read_value(l, mark))
            return false;
        previous = mark;
        if (l->token.kind == end)
            return true;
        if (l->token.kind != DT_TOKEN_COMMA)
            return fail_expected(l, array ? "`,` or `]`" : "`,` or `)`");
        advance(l);
        if (l->token.kind == end)
            return fail_expected(l, "a value after the comma");
    }
}

static bool read_setting(locator *l, uint32_t mark) {
    if (l->token.length > DT_LIMIT_STRING)
        return fail(l, (dt_place){l->source, l->token.offset, 1}, "a name of more than 64 kB");
    l->marks->mark[mark].name = (uint32_t)l->token.offset;
    l->marks->mark[mark].name_length = (uint32_t)l->token.length;
    dt_shown shown = dt_show_bytes(l->text + l->token.offset, l->token.length);
    advance(l);
    if (l->token.kind != DT_TOKEN_EQUALS) {
        char expected[80];
        snprintf(expected, sizeof expected, "`=` after `%s`", shown.text);
        return fail_expected(l, expected);
    }
    advance(l);
    if (!read_value(l, mark))
        return false;
    if (l->token.kind == DT_TOKEN_SEMICOLON || l->token.kind == DT_TOKEN_COMMA)
        advance(l);
    else if (is_scalar(l->token.kind))
        return fail_expected(l, "`;` after the value");
    return true;
}

/* The settings of a group, up to a token that begins none. */
static bool read_settings(locator *l) {
    uint32_t previous = DT_NO_MARK;
    for (size_t count = 0; l->token.kind == DT_TOKEN_NAME; count++) {
        if (count == DT_LIMIT_SETTINGS)
            return fail(l, token_place(l, l->token), "more than 4096 settings in one group");
        if (l->named++ == DT_LIMIT_NAMED)
            return fail(l, token_place(l, l->token), "more than 262144 settings in all");
        uint32_t mark = new_mark(l, previous);
        if (mark == DT_NO_MARK || !read_setting(l, mark))
            return false;
        previous = mark;
    }
    return true;
}

static bool read_nested(locator *l, uint32_t mark) {
    dt_token open = l->token;
    l->marks->mark[mark].kind = (uint8_t)open.kind;
    if (l->depth == DT_LIMIT_NESTING)
        return fail(l, token_place(l, open), "groups, lists and arrays nest more than 256 deep");
    l->depth++;
    advance(l);
    bool group = open.kind == DT_TOKEN_GROUP_START;
    if (!(group ? read_settings(l) : read_elements(l, open.kind == DT_TOKEN_ARRAY_START)))
        return false;
    if (group && l->token.kind == DT_TOKEN_END)
        return fail(l, token_place(l, open), "syntax error: this `{` is never closed");
    if (group && l->token.kind != DT_TOKEN_GROUP_END)
        return fail_expected(l, "a setting's name or `}`");
    advance(l);
    close_mark(l, mark, open.offset);
    l->depth--;
    return true;
}

static bool read_value(locator *l, uint32_t mark) {
    switch (l->token.kind) {
    case DT_TOKEN_GROUP_START:
    case DT_TOKEN_ARRAY_START:
    case DT_TOKEN_LIST_START: return read_nested(l, mark);
    case DT_TOKEN_NAME: return fail_expected(l, "a value (text needs quotes)");
    default: return is_scalar(l->token.kind) ? read_scalar(l, mark) : fail_expected(l, "a value");
    }
}

dt_status dt_locate(const dt_source *source, dt_marks *marks, dt_complaints *complaints) {
    locator l = {.source = source, .marks = marks, .complaints = complaints, .status = DT_OK};
    l.text = dt_source_text(source, &l.length);
    *marks = (dt_marks){NULL, 0, 0};
    l.token = l.before = dt_scan(l.text, l.length, 0);
    if (read_settings(&l) && l.token.kind != DT_TOKEN_END)
        fail_expected(&l, "a setting's name");
    return l.status;
}
