/* A Pratt parser (1973) for the grammar of docs/language.md. */
#include <stdio.h>
#include <string.h>

#include "formula/ast.h"
#include "formula/lexer.h"

typedef struct parser {
    const dt_text *text;
    dt_arena *arena;
    dt_diag *diag;
    dt_token token; /* the next one */
    int depth;
    dt_status status;
} parser;

/* Ranks of the binary operators, from loose to tight. */
enum {
    RANK_COND = 1,
    RANK_OR,
    RANK_AND,
    RANK_EQUAL,
    RANK_RELATION,
    RANK_SUM,
    RANK_PRODUCT,
    RANK_UNARY,
    RANK_POWER
};

static int rank_of(const dt_token *t) {
    if (t->kind != DT_TOKEN_PUNCT)
        return 0;
    switch (t->punct) {
    case '?': return RANK_COND;
    case DT_PUNCT('|', '|'): return RANK_OR;
    case DT_PUNCT('&', '&'): return RANK_AND;
    case DT_PUNCT('=', '='):
    case DT_PUNCT('!', '='): return RANK_EQUAL;
    case '<':
    case '>':
    case DT_PUNCT('<', '='):
    case DT_PUNCT('>', '='): return RANK_RELATION;
    case '+':
    case '-': return RANK_SUM;
    case '*':
    case '/': return RANK_PRODUCT;
    case '^': return RANK_POWER;
    default: return 0;
    }
}

static dt_ast *parse(parser *p, int rank);
static dt_ast *parse_ranked(parser *p, int rank);

dt_place dt_ast_place(const dt_text *text, const dt_ast *ast) {
    return dt_text_place(text, ast->from, ast->length);
}

static void advance(parser *p) {
    p->token = dt_lex(p->text, p->token.from + p->token.length, p->diag);
    if (p->token.kind == DT_TOKEN_ERROR)
        p->status = DT_ERR_INPUT;
}

/* Reports what was expected instead of the next token; once is enough for a formula. */
static dt_ast *expected(parser *p, const char *what) {
    if (p->status != DT_OK)
        return NULL;
    p->status = DT_ERR_INPUT;
    const dt_token *t = &p->token;
    dt_place place = dt_text_place(p->text, t->from, t->length);
    if (t->kind == DT_TOKEN_END)
        dt_diag_add(p->diag, DT_ERROR, place, "%s expected, but the formula ends here", what);
    else
        dt_diag_add(p->diag, DT_ERROR, place, "%s expected instead of `%.*s`", what, (int)t->length,
                    p->text->data + t->from);
    return NULL;
}

static bool at_punct(const parser *p, int punct) {
    return p->token.kind == DT_TOKEN_PUNCT && p->token.punct == punct;
}

static bool at_word(const parser *p, const char *word) {
    return p->token.kind == DT_TOKEN_NAME && p->token.length == strlen(word) &&
           memcmp(p->text->data + p->token.from, word, p->token.length) == 0;
}

static bool take(parser *p, int punct, const char *what) {
    if (p->status != DT_OK)
        return false;
    if (!at_punct(p, punct)) {
        expected(p, what);
        return false;
    }
    advance(p);
    return p->status == DT_OK;
}

static dt_ast *make(parser *p, dt_ast_kind kind, size_t from) {
    dt_ast *ast = dt_arena_alloc(p->arena, sizeof *ast);
    if (!ast) {
        p->status = DT_ERR_MEMORY;
        return NULL;
    }
    ast->kind = kind;
    ast->from = ast->begin = from;
    return ast;
}

/* The tree ends where the token before the next one ended. */
static dt_ast *finish(dt_ast *ast, size_t end) {
    ast->length = end - ast->from;
    ast->end = end;
    return ast;
}

static const char *copy(parser *p, size_t from, size_t length) {
    const char *text = dt_arena_copy(p->arena, p->text->data + from, length);
    if (!text)
        p->status = DT_ERR_MEMORY;
    return text;
}

/* A name that is neither reserved nor a move; advances. */
static const char *take_name(parser *p, const char *what) {
    if (p->status == DT_OK && p->token.kind != DT_TOKEN_NAME)
        expected(p, what);
    if (p->status != DT_OK)
        return NULL;
    const char *name = copy(p, p->token.from, p->token.length);
    advance(p);
    return p->status == DT_OK ? name : NULL;
}

/* name in set */
static dt_ast *parse_bind(parser *p) {
    dt_ast *bind = make(p, DT_AST_BIND, p->token.from);
    if (!bind || !(bind->name = take_name(p, "an index variable")))
        return NULL;
    if (!at_word(p, "in"))
        return expected(p, "`in` and a set");
    advance(p);
    size_t end = p->token.from + p->token.length;
    if (!(bind->member = take_name(p, "a set's name")))
        return NULL;
    return finish(bind, end);
}

/* [name]… after a name */
static bool parse_indices(parser *p, dt_ast *name, size_t *end) {
    dt_ast **last = &name->child;
    while (p->status == DT_OK && at_punct(p, '[')) {
        advance(p);
        dt_ast *index = make(p, DT_AST_NAME, p->token.from);
        size_t length = p->token.length;
        if (!index || !(index->name = take_name(p, "an element or an index variable")))
            return false;
        index->length = length;
        *last = index;
        last = &index->next;
        *end = p->token.from + 1;
        if (!take(p, ']', "`]`"))
            return false;
    }
    return p->status == DT_OK;
}

/* binds [where condition] : body ) */
static dt_ast *parse_fold(parser *p, dt_ast *fold) {
    fold->kind = DT_AST_FOLD;
    dt_ast **last = &fold->child;
    for (;;) {
        dt_ast *bind = parse_bind(p);
        if (!bind)
            return NULL;
        *last = bind;
        last = &bind->next;
        if (!at_punct(p, ','))
            break;
        advance(p);
    }
    if (at_word(p, "where")) {
        advance(p);
        if (!(fold->where = parse(p, RANK_COND)))
            return NULL;
    }
    if (!take(p, ':', "`:` and what to sum"))
        return NULL;
    dt_ast *body = parse(p, RANK_COND);
    if (!body)
        return NULL;
    *last = body;
    size_t end = p->token.from + 1;
    return take(p, ')', "`)`") ? finish(fold, end) : NULL;
}

/* Is the next token a name followed by `in`? Then sum( … is a fold. */
static bool at_bind(const parser *p) {
    if (p->token.kind != DT_TOKEN_NAME)
        return false;
    dt_token next = dt_lex(p->text, p->token.from + p->token.length, NULL);
    return next.kind == DT_TOKEN_NAME && next.length == 2 &&
           memcmp(p->text->data + next.from, "in", 2) == 0;
}

static dt_ast *parse_call(parser *p, dt_ast *call) {
    call->kind = DT_AST_CALL;
    advance(p); /* ( */
    bool foldable = strcmp(call->name, "sum") == 0 || strcmp(call->name, "min") == 0 ||
                    strcmp(call->name, "max") == 0;
    if (foldable && at_bind(p))
        return parse_fold(p, call);
    dt_ast **last = &call->child;
    for (;;) {
        dt_ast *argument = parse(p, RANK_COND);
        if (!argument)
            return NULL;
        *last = argument;
        last = &argument->next;
        if (!at_punct(p, ','))
            break;
        advance(p);
    }
    size_t end = p->token.from + 1;
    return take(p, ')', "`)` or `,`") ? finish(call, end) : NULL;
}

static dt_ast *parse_name(parser *p) {
    dt_token t = p->token;
    dt_ast *ast = make(p, DT_AST_NAME, t.from);
    if (!ast || !(ast->name = copy(p, t.from, t.length)))
        return NULL;
    advance(p);
    if (p->status != DT_OK)
        return NULL;
    if (at_punct(p, '('))
        return parse_call(p, ast);
    size_t end = t.from + t.length;
    return parse_indices(p, ast, &end) ? finish(ast, end) : NULL;
}

/* US.subsidy, CN.export_control:embargo */
static dt_ast *parse_move(parser *p) {
    dt_token t = p->token;
    const char *text = p->text->data + t.from;
    dt_ast *ast = make(p, t.kind == DT_TOKEN_MOVE ? DT_AST_MOVE : DT_AST_LEVEL, t.from);
    if (!ast)
        return NULL;
    const char *dot = memchr(text, '.', t.length);
    size_t player = (size_t)(dot - text);
    const char *colon = memchr(text, ':', t.length);
    size_t member_end = colon ? (size_t)(colon - text) : t.length;
    ast->name = copy(p, t.from, player);
    ast->member = copy(p, t.from + player + 1, member_end - player - 1);
    if (colon)
        ast->label = copy(p, t.from + member_end + 1, t.length - member_end - 1);
    if (p->status != DT_OK)
        return NULL;
    advance(p);
    return p->status == DT_OK ? finish(ast, t.from + t.length) : NULL;
}

static dt_ast *parse_prefix(parser *p) {
    dt_token t = p->token;
    switch (t.kind) {
    case DT_TOKEN_NUMBER: {
        dt_ast *ast = make(p, DT_AST_NUMBER, t.from);
        if (!ast || !(ast->name = copy(p, t.from, t.length)))
            return NULL;
        advance(p);
        return p->status == DT_OK ? finish(ast, t.from + t.length) : NULL;
    }
    case DT_TOKEN_NAME: return parse_name(p);
    case DT_TOKEN_MOVE:
    case DT_TOKEN_LEVEL: return parse_move(p);
    case DT_TOKEN_PUNCT: break;
    default: return expected(p, "a number, a name or `(`");
    }
    if (t.punct == '(') {
        advance(p);
        dt_ast *inner = p->status == DT_OK ? parse(p, RANK_COND) : NULL;
        size_t end = p->token.from + 1;
        if (!inner || !take(p, ')', "`)`"))
            return NULL;
        inner->begin = t.from;
        inner->end = end;
        return inner;
    }
    if (t.punct != '-' && t.punct != '+' && t.punct != '!')
        return expected(p, "a number, a name or `(`");
    advance(p);
    dt_ast *operand = p->status == DT_OK ? parse(p, RANK_UNARY) : NULL;
    dt_ast *ast = operand ? make(p, DT_AST_UNARY, t.from) : NULL;
    if (!ast)
        return NULL;
    ast->op = t.punct;
    ast->child = operand;
    return finish(ast, operand->end);
}

/* yes : no after the `?` */
static dt_ast *parse_cond(parser *p, dt_ast *condition) {
    advance(p);
    dt_ast *yes = p->status == DT_OK ? parse(p, RANK_COND) : NULL;
    if (!yes || !take(p, ':', "`:` of `?:`"))
        return NULL;
    dt_ast *no = parse(p, RANK_COND);
    dt_ast *ast = no ? make(p, DT_AST_COND, condition->begin) : NULL;
    if (!ast)
        return NULL;
    ast->child = condition;
    condition->next = yes;
    yes->next = no;
    return finish(ast, no->end);
}

/* Comparisons do not chain: a == b == c would compare a truth value. */
static bool refuse_chain(parser *p, int rank) {
    if ((rank != RANK_EQUAL && rank != RANK_RELATION) || rank_of(&p->token) != rank)
        return false;
    dt_diag_add(p->diag, DT_ERROR, dt_text_place(p->text, p->token.from, p->token.length),
                "comparisons do not chain: write a < b && b < c, or use parentheses");
    p->status = DT_ERR_INPUT;
    return true;
}

/* The operands after the first of a chain of operators of one rank. */
static dt_ast *parse_chain(parser *p, dt_ast *first, int rank) {
    dt_ast *chain = make(p, DT_AST_CHAIN, first->begin);
    if (!chain)
        return NULL;
    chain->child = first;
    dt_ast *last = first;
    while (rank_of(&p->token) == rank) {
        int op = p->token.punct;
        advance(p);
        dt_ast *operand = p->status == DT_OK ? parse_ranked(p, rank + 1) : NULL;
        if (!operand)
            return NULL;
        operand->join = op;
        last->next = operand;
        last = operand;
        if (refuse_chain(p, rank))
            return NULL;
    }
    return finish(chain, last->end);
}

/* An expression of operators of at least this rank. */
static dt_ast *parse_ranked(parser *p, int rank) {
    if (p->status != DT_OK)
        return NULL;
    dt_ast *left = parse_prefix(p);
    while (left && p->status == DT_OK) {
        int next = rank_of(&p->token);
        if (next == 0 || next < rank)
            break;
        if (next == RANK_COND) {
            left = parse_cond(p, left);
        } else if (next == RANK_POWER) {
            advance(p);
            dt_ast *exponent = p->status == DT_OK ? parse(p, RANK_UNARY) : NULL;
            dt_ast *power = exponent ? make(p, DT_AST_POWER, left->begin) : NULL;
            if (power) {
                power->child = left;
                left->next = exponent;
                finish(power, exponent->end);
            }
            left = power;
        } else {
            left = parse_chain(p, left, next);
        }
    }
    return p->status == DT_OK ? left : NULL;
}

/* The same one level deeper: inside parentheses, arguments, branches, under a sign. */
static dt_ast *parse(parser *p, int rank) {
    if (p->status == DT_OK && p->depth == DT_FORMULA_DEPTH) {
        dt_diag_add(p->diag, DT_ERROR, dt_text_place(p->text, p->token.from, p->token.length),
                    "the formula is nested deeper than %d", DT_FORMULA_DEPTH);
        p->status = DT_ERR_INPUT;
    }
    p->depth++;
    dt_ast *ast = parse_ranked(p, rank);
    p->depth--;
    return ast;
}

dt_ast *dt_parse_formula(const dt_text *text, size_t from, dt_arena *arena, dt_diag *diag,
                         dt_status *status) {
    parser p = {.text = text, .arena = arena, .diag = diag, .token = {.from = from}};
    advance(&p);
    dt_ast *ast = parse(&p, RANK_COND);
    if (ast && p.token.kind != DT_TOKEN_END) {
        bool colon = at_punct(&p, ':');
        expected(&p, colon               ? "an operator (a `:` belongs to `?:` or to sum, min, max)"
                     : at_punct(&p, '=') ? "an operator (equality is written ==)"
                                         : "an operator");
        ast = NULL;
    }
    *status = p.status;
    return ast;
}

dt_status dt_parse_head(const dt_text *text, bool short_form, dt_arena *arena, dt_diag *diag,
                        dt_ast_head *head, size_t *end) {
    parser p = {.text = text, .arena = arena, .diag = diag};
    advance(&p);
    *head = (dt_ast_head){.from = p.token.from, .length = p.token.length};
    head->name = take_name(&p, "a definition's name");
    dt_ast **last = &head->binds;
    while (p.status == DT_OK && at_punct(&p, '[')) {
        advance(&p);
        dt_ast *bind = parse_bind(&p);
        if (!bind || !take(&p, ']', "`]`"))
            break;
        *last = bind;
        last = &bind->next;
    }
    if (p.status == DT_OK && short_form && !at_punct(&p, '='))
        expected(&p, "`=` and a formula");
    if (p.status == DT_OK && !short_form && p.token.kind != DT_TOKEN_END)
        expected(&p, "`[index in set]` or the end of the name");
    *end = p.token.from + p.token.length;
    return p.status;
}
