/* Random games of formulas of all kinds, and their exact payoffs. */
#ifndef DT_TESTS_RANDOM_FORMULAS_H
#define DT_TESTS_RANDOM_FORMULAS_H

#include "formula_game.h"

enum { PRECISION = 256 };

static uint64_t state = 88172645463325252u;

static inline uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

typedef struct writer {
    char text[1 << 14];
    size_t used;
    bool integers; /* only what keeps integers integers */
} writer;

static inline void put(writer *w, const char *text) {
    size_t n = strlen(text);
    if (w->used + n + 1 < sizeof w->text) {
        memcpy(w->text + w->used, text, n + 1);
        w->used += n;
    }
}

static inline void write_leaf(writer *w) {
    static const char *const leaf[] = {"A.x",   "A.y", "B.z",   "C.u", "C.v", "A.x:q", "B.z:s",
                                       "C.u:p", "0.3", "(1/3)", "0.1", "2",   "p",     "0"};
    static const char *const whole[] = {"A.i", "B.j", "C.k", "A.i:p", "C.k:q", "2", "0", "-3", "1"};
    put(w, w->integers ? whole[next_random() % 9] : leaf[next_random() % 14]);
}

static inline void write_formula(writer *w, int depth) {
    static const char *const binary[] = {" + ",  " - ",  " * ",  " + ",  " < ",
                                         " <= ", " == ", " && ", " || ", " / "};
    static const char *const power[] = {"2", "3", "0.5", "1.7", "-1", "0.7", "0", "-0.5", "5"};
    static const char *const call[] = {"min(", "max(", "abs(", "sqrt(abs(", "exp(", "log(1 + abs("};
    if (depth <= 0 || next_random() % 8 == 0) {
        write_leaf(w);
        return;
    }
    uint64_t kind = next_random() % 12;
    if (kind < 6) {
        put(w, "(");
        write_formula(w, depth - 1);
        put(w, binary[next_random() % (w->integers ? 9 : 10)]);
        write_formula(w, depth - 1);
        put(w, ")");
    } else if (kind < 8) {
        put(w, "(");
        write_formula(w, depth - 1);
        put(w, " ? ");
        write_formula(w, depth - 1);
        put(w, " : ");
        write_formula(w, depth - 1);
        put(w, ")");
    } else if (kind < 10) {
        size_t f = next_random() % (w->integers ? 3 : 6);
        put(w, call[f]);
        write_formula(w, depth - 1);
        if (f < 2) {
            put(w, ", ");
            write_formula(w, depth - 1);
        }
        put(w, f == 3 || f == 5 ? "))" : ")");
    } else if (kind == 10) {
        put(w, next_random() % 2 ? "(!" : "(-");
        write_formula(w, depth - 1);
        put(w, ")");
    } else {
        put(w, "(");
        write_formula(w, depth - 2);
        put(w, ")^");
        put(w, power[next_random() % (w->integers ? 2 : 9)]);
    }
}

static inline formula_game random_game(bool integers, int depth) {
    static writer w;
    char *config = malloc(4 * sizeof w.text), *p = config;
    if (!p)
        abort();
    p += sprintf(
        p, "%s",
        integers ? "players = ( { name = \"A\"; moves = ( { name = \"i\"; levels = [\"p\", "
                   "\"q\", \"r\"]; values = (-2, 0, 5); } ); }, { name = \"B\"; moves = ( { "
                   "name = \"j\"; levels = [\"p\", \"q\"]; values = (1, 0.25); } ); }, { name "
                   "= \"C\"; moves = ( { name = \"k\"; levels = [\"p\", \"q\", \"r\"]; } ); } "
                   ");\n"
                 : "parameters = { p = 1.3; };\nplayers = ( { name = \"A\"; moves = ( { name = "
                   "\"x\"; levels = [\"p\", \"q\"]; values = (0.1, 0.2); }, { name = \"y\"; "
                   "levels = [\"p\", \"q\"]; values = (0.3, -1); } ); }, { name = \"B\"; moves "
                   "= ( { name = \"z\"; levels = [\"p\", \"q\", \"s\"]; values = (0, 0.2, 0.3); "
                   "} ); }, { name = \"C\"; moves = ( { name = \"u\"; levels = [\"p\", \"q\"]; "
                   "}, { name = \"v\"; levels = [\"p\", \"q\"]; values = (-0.1, 2); } ); } );\n");
    p += sprintf(p, "payoffs = { kind = \"formula\";");
    for (int i = 0; i < 3; i++) {
        w = (writer){.integers = integers};
        write_formula(&w, depth);
        p += sprintf(p, " %c = \"%s\";", 'A' + i, w.text);
    }
    sprintf(p, " };\n");
    formula_game g = build_game(config);
    if (!g.game) {
        dt_diag_write(g.diag, stderr, false);
        fprintf(stderr, "%s", config);
    }
    free(config);
    return g;
}

/* The exact payoffs of all players at all profiles, as balls; `none` where there is none. */
typedef struct answer {
    arb_t ball;
    bool none, undecided, rational;
} answer;

static inline answer *all_answers(const formula_game *g) {
    size_t count = (size_t)g->game->profiles * g->game->players;
    answer *list = calloc(count, sizeof *list);
    dt_exact x;
    dt_exact_init(&x);
    dt_exact_context *c = dt_game_context(g->game, g->workspace);
    for (size_t k = 0; list && k < count; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_profile_decode(g->game, k / g->game->players, profile);
        arb_init(list[k].ball);
        list[k].none =
            dt_game_exact(g->game, g->workspace, k % g->game->players, profile, &x, NULL) != DT_OK;
        if (list[k].none)
            continue;
        list[k].undecided = dt_exact_is_undecided(c, &x);
        list[k].rational = dt_exact_is_rational(&x);
        dt_exact_enclose(c, list[k].ball, &x, PRECISION);
    }
    dt_exact_clear(&x);
    return list;
}

static inline void free_answers(const formula_game *g, answer *list) {
    for (size_t k = 0; list && k < g->game->profiles * g->game->players; k++)
        arb_clear(list[k].ball);
    free(list);
}

#endif
