/* The tokens of a strategic-form file. */
#include "nfg/lexer.h"

#include <string.h>

#include "base/source.h"

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool ends_word(char c) {
    return is_blank(c) || c == '{' || c == '}' || c == ',' || c == '"';
}

/* The offset behind the closing mark of the text that opens at `from`, or 0. */
static size_t quoted_end(const dt_nfg_lexer *lexer, size_t from) {
    for (size_t i = from + 1; i < lexer->length; i++) {
        if (lexer->text[i] == '\\')
            i++;
        else if (lexer->text[i] == '"')
            return i + 1;
    }
    return 0;
}

void dt_nfg_next(dt_nfg_lexer *lexer) {
    const char *text = lexer->text;
    size_t last = lexer->at, i = last;
    while (i < lexer->length && is_blank(text[i]))
        i++;
    dt_nfg_token token = {DT_NFG_WORD, i, 1};
    if (i == lexer->length) {
        token = (dt_nfg_token){DT_NFG_END, last, 0};
    } else if (text[i] == '"') {
        size_t end = quoted_end(lexer, i);
        token.kind = end ? DT_NFG_QUOTED : DT_NFG_UNCLOSED;
        token.length = end ? end - i : 1;
    } else if (text[i] == '{' || text[i] == '}' || text[i] == ',') {
        token.kind = text[i] == '{' ? DT_NFG_OPEN : text[i] == '}' ? DT_NFG_CLOSE : DT_NFG_COMMA;
    } else {
        while (i + token.length < lexer->length && !ends_word(text[i + token.length]))
            token.length++;
    }
    lexer->token = token;
    lexer->at = token.from + token.length;
}

void dt_nfg_open(dt_nfg_lexer *lexer, const dt_source *source) {
    *lexer = (dt_nfg_lexer){.source = source};
    lexer->text = dt_source_text(source, &lexer->length);
    dt_nfg_next(lexer);
}

dt_place dt_nfg_place(const dt_nfg_lexer *lexer) {
    return (dt_place){lexer->source, lexer->token.from,
                      lexer->token.length ? lexer->token.length : 1};
}

size_t dt_nfg_unquote(const dt_nfg_lexer *lexer, char *data) {
    const char *text = lexer->text + lexer->token.from + 1;
    size_t length = lexer->token.length - 2, used = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\' && i + 1 < length && (text[i + 1] == '"' || text[i + 1] == '\\'))
            i++;
        data[used++] = text[i];
    }
    data[used] = '\0';
    return used;
}
