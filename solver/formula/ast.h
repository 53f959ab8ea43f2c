/* The syntax tree of a formula, and its parser. */
#ifndef DT_FORMULA_AST_H
#define DT_FORMULA_AST_H

#include "base/arena.h"
#include "deterra/diag.h"

typedef enum dt_ast_kind {
    DT_AST_NUMBER,
    DT_AST_NAME,  /* name, its indices as children */
    DT_AST_MOVE,  /* name.member */
    DT_AST_LEVEL, /* name.member:label */
    DT_AST_UNARY, /* op - + ! */
    DT_AST_CHAIN, /* a op b op c …: operators of one rank, left to right, in the children's `join`
                   */
    DT_AST_POWER,
    DT_AST_COND, /* condition, yes, no */
    DT_AST_CALL, /* name(children) */
    DT_AST_FOLD, /* name(binds where: body): sum, min, max */
    DT_AST_BIND, /* name in member */
} dt_ast_kind;

typedef struct dt_ast {
    dt_ast_kind kind;
    int op;              /* of a unary: - + ! */
    int join;            /* the operator before this operand of a chain, a DT_PUNCT */
    size_t from, length; /* in the formula's text */
    size_t begin, end;   /* the same with the parentheses around it */
    const char *name, *member, *label;
    struct dt_ast *child, *next; /* first child, next sibling */
    struct dt_ast *where;        /* of a fold, or NULL */
} dt_ast;

/* head of a definition: name and its index variables */
typedef struct dt_ast_head {
    const char *name;
    size_t from, length;
    dt_ast *binds; /* DT_AST_BIND list */
} dt_ast_head;

enum { DT_FORMULA_DEPTH = 256 };

/* Parses `text` from byte `from` to its end. NULL after an error (added to diag) or when memory
 * runs out (*status tells). Trees live in the arena. */
dt_ast *dt_parse_formula(const dt_text *text, size_t from, dt_arena *arena, dt_diag *diag,
                         dt_status *status);
/* Parses "name[j in set]…" from the start of text; *end is the byte after it: of the '=' in the
 * short form (then `short_form`), else the end of the text. */
dt_status dt_parse_head(const dt_text *text, bool short_form, dt_arena *arena, dt_diag *diag,
                        dt_ast_head *head, size_t *end);
/* The place of a tree in its text. */
dt_place dt_ast_place(const dt_text *text, const dt_ast *ast);

#endif
