/* What the parts of the parser share: complaints and numbers. */
#include "nfg/parser.h"

#include <string.h>

#include "nfg/limits.h"
#include "scenario/number.h"

static const char *word_of(const dt_nfg_parser *p, size_t *length) {
    *length = p->lexer.token.length;
    return p->lexer.text + p->lexer.token.from;
}

dt_shown dt_nfg_shown(const dt_nfg_parser *p) {
    size_t length;
    const char *word = word_of(p, &length);
    return dt_show_bytes(word, length);
}

static void complain(dt_nfg_parser *p, const char *format, va_list args) {
    char message[512];
    vsnprintf(message, sizeof message, format, args);
    dt_complain(p->complaints, DT_ERROR, dt_nfg_place(&p->lexer), "%s", message);
}

dt_status dt_nfg_wrong(dt_nfg_parser *p, const char *format, ...) {
    va_list args;
    va_start(args, format);
    complain(p, format, args);
    va_end(args);
    return DT_ERR_INPUT;
}

dt_status dt_nfg_expected(dt_nfg_parser *p, const char *format, ...) {
    if (p->lexer.token.kind == DT_NFG_UNCLOSED)
        return dt_nfg_wrong(p, "this text is never closed: its second quotation mark is missing");
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (p->lexer.token.kind == DT_NFG_END)
        return dt_nfg_wrong(p, "expected %s, found the end of the file", what);
    if (p->lexer.token.kind == DT_NFG_QUOTED)
        return dt_nfg_wrong(p, "expected %s, found the text %s", what, dt_nfg_shown(p).text);
    return dt_nfg_wrong(p, "expected %s, found `%s`", what, dt_nfg_shown(p).text);
}

/* Digits, a slash, zeros: a fraction in all but its value. */
static bool divides_by_zero(const char *word, size_t length) {
    const char *slash = memchr(word, '/', length);
    if (!slash || slash == word || slash + 1 == word + length)
        return false;
    for (const char *c = slash + 1; c < word + length; c++)
        if (*c != '0')
            return false;
    for (const char *c = word + (*word == '-' || *word == '+'); c < slash; c++)
        if (*c < '0' || *c > '9')
            return false;
    return true;
}

bool dt_nfg_payoff(dt_nfg_parser *p, fmpq_t value) {
    size_t length;
    const char *word = word_of(p, &length);
    if (length > DT_NFG_TEXT_BYTES) {
        dt_nfg_wrong(p, "a number of more than 64 kB");
        return false;
    }
    bool suffix = word[length - 1] == 'L'; /* the config language's own */
    dt_number_result result = suffix ? DT_NUMBER_MALFORMED : dt_number_read(word, length, value);
    if (result == DT_NUMBER_OK)
        return true;
    if (result == DT_NUMBER_RANGE)
        dt_nfg_wrong(p, "`%s` is beyond the range of a double", dt_nfg_shown(p).text);
    else if (divides_by_zero(word, length))
        dt_nfg_wrong(p, "`%s` is a division by zero", dt_nfg_shown(p).text);
    else
        dt_nfg_wrong(p, "`%s` is not a payoff: an integer, a decimal or a fraction such as 1/3",
                     dt_nfg_shown(p).text);
    return false;
}

bool dt_nfg_count(const dt_nfg_parser *p, uint64_t *count) {
    size_t length;
    const char *word = word_of(p, &length);
    *count = 0;
    for (size_t i = 0; i < length; i++) {
        if (word[i] < '0' || word[i] > '9')
            return false;
        if (__builtin_mul_overflow(*count, UINT64_C(10), count) ||
            __builtin_add_overflow(*count, (uint64_t)(word[i] - '0'), count)) {
            *count = UINT64_MAX;
            for (; i < length; i++)
                if (word[i] < '0' || word[i] > '9')
                    return false;
            return true;
        }
    }
    return length > 0;
}
