/* Boxes of profiles: what gains and payoffs are said to lie between holds at every profile, and the
 * search by boxes finds what a look at every profile finds. */
#include <math.h>

#include "deterra/certify.h"
#include "equilibrium/pure/boxes.h"
#include "harness.h"
#include "random_formulas.h"

enum { MOST_MOVES = 8 };

/* Where each player's moves start among all moves. */
static size_t first_move(const dt_game *game, size_t player) {
    size_t first = 0;
    for (size_t i = 0; i < player; i++)
        first += game->player[i].moves;
    return first;
}

static uint16_t level_at(const dt_game *game, const uint32_t *profile, size_t player, size_t move) {
    const dt_player *p = &game->player[player];
    return p->level[profile[player] * p->moves + move];
}

static bool in_box(const dt_game *game, const uint64_t *set, uint64_t index) {
    uint32_t profile[DT_MAX_PLAYERS];
    dt_profile_decode(game, index, profile);
    size_t at = 0;
    for (size_t i = 0; i < game->players; i++)
        for (size_t m = 0; m < game->player[i].moves; m++, at++)
            if (!(set[at] >> level_at(game, profile, i, m) & 1))
                return false;
    return true;
}

static void random_box(const dt_game *game, uint64_t *set) {
    size_t at = 0;
    uint64_t kind = next_random() % 3; /* mostly open, mostly closed, anything */
    for (size_t i = 0; i < game->players; i++)
        for (size_t m = 0; m < game->player[i].moves; m++, at++) {
            uint32_t levels = game->player[i].move[m].levels;
            uint64_t all = (UINT64_C(1) << levels) - 1, one = UINT64_C(1) << next_random() % levels;
            uint64_t some = (next_random() & all) | one;
            set[at] = next_random() % 4 == 0 ? some : kind == 0 ? all : kind == 1 ? one : some;
        }
}

/* Is low <= x <= high, as far as can be told? */
static bool between(const arb_t x, double low, double high) {
    arb_t end;
    arb_init(end);
    arb_set_d(end, low);
    bool good = !arb_lt(x, end);
    arb_set_d(end, high);
    good = good && !arb_gt(x, end);
    arb_clear(end);
    return good;
}

/* The profile with one move of a player at another level. */
static uint64_t changed_profile(const dt_game *game, uint64_t index, size_t player, size_t move,
                                uint16_t level) {
    uint32_t profile[DT_MAX_PLAYERS];
    dt_profile_decode(game, index, profile);
    const dt_player *p = &game->player[player];
    for (uint32_t s = 0; s < p->strategies; s++) {
        bool same = true;
        for (size_t m = 0; m < p->moves; m++)
            same = same && p->level[s * p->moves + m] ==
                               (m == move ? level : level_at(game, profile, player, m));
        if (same) {
            profile[player] = s;
            return dt_profile_index(game, profile);
        }
    }
    return UINT64_MAX;
}

static unsigned wrong;

static void complain(const formula_game *g, size_t player, const char *what) {
    const dt_text *f = &g->scenario->payoff.formula[player].text;
    if (wrong++ < 6)
        fprintf(stderr, "\n    %s: %s\n", what, f->length < 600 ? f->data : "(a long formula)");
}

static void check_range(const formula_game *g, const answer *list, const uint64_t *set,
                        size_t player) {
    const dt_game *game = g->game;
    double low, high;
    CU_ASSERT_EQUAL(game->model->range(game->self, g->workspace, player, set, &low, &high), DT_OK);
    bool known = isfinite(low) && isfinite(high);
    for (uint64_t k = 0; k < game->profiles; k++) {
        const answer *a = &list[k * game->players + player];
        if (!known || !in_box(game, set, k) || a->undecided)
            continue;
        if (a->none || !between(a->ball, low, high))
            complain(g, player, "range");
    }
}

static void check_gains(const formula_game *g, const answer *list, const uint64_t *set,
                        size_t player, const dt_change *change, size_t count, bool every) {
    const dt_game *game = g->game;
    double low[DT_MOST_CHANGES], high[DT_MOST_CHANGES], blur[DT_MOST_CHANGES * MOST_MOVES];
    CU_ASSERT_EQUAL(game->model->gains(game->self, g->workspace, player, set, change, count, every,
                                       low, high, blur),
                    DT_OK);
    size_t first = first_move(game, player);
    arb_t gain;
    arb_init(gain);
    for (size_t c = 0; c < count; c++) {
        uint64_t before[MOST_MOVES];
        memcpy(before, set, sizeof before);
        before[change[c].move] = UINT64_C(1) << change[c].from;
        if (!isfinite(low[c]) || !isfinite(high[c]))
            continue;
        for (uint64_t k = 0; k < game->profiles; k++) {
            if (!in_box(game, before, k))
                continue;
            uint64_t other = changed_profile(game, k, player, change[c].move - first, change[c].to);
            const answer *a = &list[k * game->players + player];
            const answer *b = &list[other * game->players + player];
            if (a->undecided || b->undecided || a->none || b->none)
                continue;
            arb_sub(gain, b->ball, a->ball, PRECISION);
            if (!between(gain, low[c], high[c]))
                complain(g, player, "gain");
        }
    }
    arb_clear(gain);
}

static void check_game(const formula_game *g) {
    const dt_game *game = g->game;
    answer *list = all_answers(g);
    for (int round = 0; round < 30; round++) {
        uint64_t set[MOST_MOVES];
        random_box(game, set);
        size_t player = next_random() % game->players, count = 0;
        dt_change change[DT_MOST_CHANGES];
        for (size_t m = 0; m < game->player[player].moves; m++) {
            uint16_t levels = (uint16_t)game->player[player].move[m].levels;
            for (uint16_t from = 0; from < levels; from++)
                for (uint16_t to = 0; to < levels; to++)
                    if (from != to && count < 11) /* more than go at a time */
                        change[count++] =
                            (dt_change){(uint32_t)(first_move(game, player) + m), from, to};
        }
        check_range(g, list, set, player);
        check_gains(g, list, set, player, change, count, round % 2);
    }
    free_answers(g, list);
}

static void random_formula_games(void) {
    wrong = 0;
    int checked = 0;
    for (int game = 0; game < 600; game++) {
        formula_game g = random_game(game % 5 == 0, 2 + game % 5);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        if (g.game->model->boxes(g.game->self)) { /* the payoffs are known to exist */
            check_game(&g);
            checked++;
        }
        free_game(&g);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(checked > 200);
}

/* --- the search --- */

/* Three players of two moves of four levels each, 4096 profiles. */
#define SMOOTH                                                                                     \
    "players = ( { name = \"A\"; moves = ( { name = \"x\"; levels = [\"a\", \"b\", \"c\", "        \
    "\"d\"]; "                                                                                     \
    "values = (0, 0.3, 0.7, 1); }, { name = \"y\"; levels = [\"a\", \"b\", \"c\", \"d\"]; values " \
    "= (0, 0.25, 0.5, 1); } ); }, { name = \"B\"; moves = ( { name = \"x\"; levels = [\"a\", "     \
    "\"b\", \"c\", \"d\"]; values = (-1, 0, 0.5, 1); }, { name = \"y\"; levels = [\"a\", \"b\", "  \
    "\"c\", \"d\"]; values = (0, 1, 2, 3); } ); }, { name = \"C\"; moves = ( { name = \"x\"; "     \
    "levels = [\"a\", \"b\", \"c\", \"d\"]; values = (0, 0.1, 0.2, 0.4); }, { name = \"y\"; "      \
    "levels = [\"a\", \"b\", \"c\", \"d\"]; values = (1, 0.9, 0.6, 0); } ); } );\n"

static double draw(void) {
    return ((double)(next_random() % 81) - 40) / 16;
}

/* A payoff such as models have: prices, shares, costs. */
static void write_smooth(char *to, size_t room, char self) {
    static const char *const move[] = {"A.x", "A.y", "B.x", "B.y", "C.x", "C.y"};
    to[0] = '\0';
    append(to, room, "%g * %c.x + %g * %c.y - %g * %c.x^2", draw(), self, draw(), self,
           fabs(draw()), self);
    for (int k = 0; k < 3; k++) {
        const char *p = move[next_random() % 6], *q = move[next_random() % 6],
                   *r = move[next_random() % 6];
        switch (next_random() % 6) {
        case 0: append(to, room, " + %g * %s * %s", draw(), p, q); break;
        case 1: append(to, room, " + %g * (3 + %s + %s)^1.7", draw(), p, q); break;
        case 2: append(to, room, " + %g * %s / (5 + %s * %s)", draw(), p, q, r); break;
        case 3: append(to, room, " + %g * max(%s - %s, %s)", draw(), p, q, r); break;
        case 4: append(to, room, " + %g * exp(0.3 * %s * %s)", draw(), p, q); break;
        default: append(to, room, " + %g * log(5 + %s * %s)", draw(), p, q);
        }
    }
}

static formula_game smooth_game(void) {
    char config[1 << 13], payoff[1 << 10];
    snprintf(config, sizeof config, "%spayoffs = { kind = \"formula\";", SMOOTH);
    for (char self = 'A'; self <= 'C'; self++) {
        write_smooth(payoff, sizeof payoff, self);
        append(config, sizeof config, " %c = \"%s\";", self, payoff);
    }
    append(config, sizeof config, " };\n");
    return build_game(config);
}

/* Three players of two moves of three or two levels, 324 profiles, and payoffs in which own and
 * others' moves meet in quotients and powers: first-order ends of gains are wide there. */
static formula_game curved_game(void) {
    static const char *const move[] = {"A.x", "A.y", "B.x", "B.y", "C.x", "C.y"};
    static const char *const exponent[] = {"1.7", "0.4", "-0.6", "-2.5", "3"};
    char config[1 << 13];
    snprintf(config, sizeof config, "players = (");
    for (char c = 'A'; c <= 'C'; c++)
        append(config, sizeof config,
               "%s{ name = \"%c\"; moves = ( { name = \"x\"; levels = [\"a\", \"b\", \"c\"]; "
               "values = (0, 0.4, 1); }, { name = \"y\"; levels = [%s]; } ); }",
               c == 'A' ? "" : ", ", c, c == 'C' ? "\"a\", \"b\", \"c\"" : "\"a\", \"b\"");
    append(config, sizeof config, " );\npayoffs = { kind = \"formula\";");
    for (char self = 'A'; self <= 'C'; self++) {
        append(config, sizeof config, " %c = \"%g * %c.x", self, draw(), self);
        for (int k = 0; k < 3; k++) {
            const char *p = move[next_random() % 6], *q = move[next_random() % 6],
                       *r = move[next_random() % 6];
            const char *e = exponent[next_random() % 5];
            double a = draw();
            switch (next_random() % 6) {
            case 0:
                append(config, sizeof config, " + %g * (2 + %s) / (1.5 + %s * %c.y + %c.x)", a, p,
                       q, self, self);
                break;
            case 1:
                append(config, sizeof config, " + %g * (1.2 + %s + %s * %c.x)^%s", a, p, q, self,
                       e);
                break;
            case 2:
                append(config, sizeof config, " + %g * sqrt(1 + %s + %c.x) / (1 + %s^2)", a, p,
                       self, q);
                break;
            case 3:
                append(config, sizeof config, " + %g * log(1 + %s + %c.x * %s) * exp(-%s * %c.y)",
                       a, p, self, q, r, self);
                break;
            case 4:
                append(config, sizeof config,
                       " + %g * max(%s - %c.x, %s * %c.y) * min(%s, 0.5 + %c.x)", a, p, self, q,
                       self, r, self);
                break;
            default:
                append(config, sizeof config,
                       " + %g * abs(%s - %c.x) * (%s > 0.2 ? %c.x * %s : 1 - %c.y)", a, p, self, q,
                       self, r, self);
            }
        }
        append(config, sizeof config, "\";");
    }
    append(config, sizeof config, " };\n");
    return build_game(config);
}

static void gains_in_curved_games(void) {
    wrong = 0;
    for (int k = 0; k < 60; k++) {
        formula_game g = curved_game();
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        CU_ASSERT(g.game->model->boxes(g.game->self));
        check_game(&g);
        free_game(&g);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* What the rewriting for boxes takes apart and puts together again. */
static void collected_formulas(void) {
    static const char *const formula[] = {
        "3 * max(A.m, B.k) + min(A.m, B.k)",
        "B.k * (0.5 * max(A.m - A.n, 0) - 4 * min(A.m - A.n, 0)) - A.m * min(A.m, B.k)",
        "(A.m + 4)^1.5 * (B.k + 2) / ((B.k + 5) * (A.m + 4)^1.5) - A.n * B.k",
        "exp(A.n) * A.m / (exp(A.n) * 7) + exp(A.n) * (A.m - 2) - exp(A.n) * (B.k - 3)",
        "A.m * (B.k + 3) * (A.n - 1) - (A.n - 1) * B.k - 2 * (A.n - 1) - (B.k - 1) * A.m",
        "A.m * A.m * B.k - A.m * A.m * A.n + A.m * A.m - A.m * A.m * 1",
        "abs(A.m - 1) * (A.n ? B.k : 3) + abs(A.m - 1) * max(B.k, A.n * 4)",
        "(A.m - A.m) * B.k + A.n - A.n + 0 * B.k",
    };
    for (size_t i = 0; i < sizeof formula / sizeof *formula; i++) {
        formula_game g = cast_game("", formula[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        answer *list = all_answers(&g);
        wrong = 0;
        check_game(&g);
        for (uint64_t k = 0; k < g.game->profiles; k++) { /* at one profile the ends are close */
            uint32_t profile[DT_MAX_PLAYERS];
            uint64_t set[MOST_MOVES];
            double low, high;
            size_t at = 0;
            dt_profile_decode(g.game, k, profile);
            for (size_t p = 0; p < g.game->players; p++)
                for (size_t m = 0; m < g.game->player[p].moves; m++)
                    set[at++] = UINT64_C(1) << level_at(g.game, profile, p, m);
            g.game->model->range(g.game->self, g.workspace, 0, set, &low, &high);
            CU_ASSERT(high - low < 1e-11);
            wrong += !between(list[k * 2].ball, low, high);
        }
        if (wrong)
            fprintf(stderr, "\n    %s\n", formula[i]);
        CU_ASSERT_EQUAL(wrong, 0);
        free_answers(&g, list);
        free_game(&g);
    }
}

static void smooth_games(void) {
    wrong = 0;
    for (int game = 0; game < 6; game++) {
        formula_game g = smooth_game();
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        check_game(&g);
        free_game(&g);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static bool listed(const dt_candidates *c, uint64_t profile) {
    for (size_t i = 0; i < c->count; i++)
        if (c->profile[i] == profile)
            return true;
    return false;
}

/* All equilibria of the exact payoffs are candidates, and candidates are in order. */
static size_t check_search(const formula_game *g, int threads) {
    const dt_game *game = g->game;
    CU_ASSERT_FATAL(dt_boxes_apply(game));
    dt_candidates found;
    bool finished;
    dt_control control = {.threads = threads};
    CU_ASSERT_EQUAL(dt_search_boxes(game, 0, 100000, &control, &found, &finished), DT_OK);
    dt_verdict v;
    fmpq_t none;
    fmpq_init(none);
    CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, game), DT_OK);
    size_t equilibria = 0;
    for (uint64_t k = 0; k < game->profiles && finished; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_profile_decode(game, k, profile);
        bool candidate = listed(&found, k);
        double value[16], bound[16];
        bool near = true; /* by the fast payoffs: spares most of the exact work */
        for (size_t i = 0; i < game->players && near; i++) {
            dt_game_row(game, g->workspace, i, i, profile, value, bound);
            for (uint32_t s = 0; s < game->player[i].strategies; s++)
                near = near && !(value[s] - bound[s] > value[profile[i]] + bound[profile[i]]);
        }
        if (!near) {
            CU_ASSERT_FALSE(candidate);
            continue;
        }
        CU_ASSERT_EQUAL(dt_certify_profile(game, g->workspace, profile, none, NULL, NULL, &v),
                        DT_OK);
        equilibria += v.equilibrium == DT_TRUE;
        if (v.equilibrium != DT_FALSE && !candidate)
            wrong++;
    }
    for (size_t i = 1; i < found.count; i++)
        CU_ASSERT(found.profile[i - 1] < found.profile[i]);
    dt_verdict_clear(&v, game);
    fmpq_clear(none);
    dt_candidates_clear(&found);
    return finished ? equilibria : SIZE_MAX;
}

static void searches_are_complete(void) {
    wrong = 0;
    size_t finished = 0, some = 0;
    for (int k = 0; k < 60; k++) {
        formula_game g = smooth_game();
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        size_t equilibria = check_search(&g, 1 + k % 3);
        finished += equilibria != SIZE_MAX;
        some += equilibria != SIZE_MAX && equilibria > 0;
        free_game(&g);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(finished > 30 && some > 10);
}

/* The rare-earth game with some moves at five levels, the others at one of these. */
static formula_game rare_earth_part(int open_moves) {
    static const char *const player[] = {"US", "CN", "JP", "VN"};
    static const char *const move[] = {"export_control", "subsidy", "capacity_transfer",
                                       "patent_licensing"};
    static const char *const value[] = {"0", "0.25", "0.5", "0.75", "1"};
    bool open[16] = {false};
    while (open_moves > 0) {
        size_t k = next_random() % 16;
        open_moves -= !open[k];
        open[k] = true;
    }
    static char config[1 << 13];
    snprintf(config, sizeof config, "players = (");
    for (size_t i = 0; i < 4; i++) {
        append(config, sizeof config, "%s { name = \"%s\"; moves = (", i ? "," : "", player[i]);
        for (size_t m = 0; m < 4; m++) {
            append(config, sizeof config, "%s { name = \"%s\"; ", m ? "," : "", move[m]);
            if (open[4 * i + m])
                append(config, sizeof config,
                       "levels = [\"a\", \"b\", \"c\", \"d\", \"e\"]; values = (0, 0.25, 0.5, "
                       "0.75, 1); }");
            else
                append(config, sizeof config, "levels = [\"a\"]; values = (%s); }",
                       value[next_random() % 5]);
        }
        append(config, sizeof config, " ); }");
    }
    append(config, sizeof config,
           " );\n@include \"" DETERRA_ROOT "/configs/rare_earth/economics.cfg\"\n");
    return build_game(config);
}

/* Boxes find what elimination and a look at all rows find. */
static void parts_of_the_rare_earth_game(void) {
    size_t some = 0, finished_some = 0;
    for (int k = 0; k < 8; k++) {
        formula_game g = rare_earth_part(7);
        if (!g.game)
            dt_diag_write(g.diag, stderr, false);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        dt_candidates boxes, rows;
        bool finished;
        CU_ASSERT_EQUAL(dt_search_boxes(g.game, 0, 100000, NULL, &boxes, &finished), DT_OK);
        CU_ASSERT_EQUAL(dt_near_equilibria(g.game, 0, 100000, NULL, g.diag, &rows), DT_OK);
        if (finished) {
            CU_ASSERT_EQUAL(boxes.count, rows.count);
            for (size_t i = 0; i < boxes.count && i < rows.count; i++)
                CU_ASSERT_EQUAL(boxes.profile[i], rows.profile[i]);
            finished_some++;
            some += boxes.count > 0;
        }
        dt_candidates_clear(&boxes);
        dt_candidates_clear(&rows);
        free_game(&g);
    }
    CU_ASSERT(finished_some >= 4 && some >= 1);
}

/* Gains of an ulp or two, and of none at all that only rationals can see. */
static void gains_of_ulps(void) {
    static const char *const payoff[] = {
        "x * (0.1 + 0.2 - 0.3)",                               /* exactly 0: all tie */
        "x * (0.1 + 0.2 - 0.30000000000000004)",               /* about -4e-17 a unit */
        "x * (0.1 + 0.2 - 0.29999999999999999)",               /* about 1e-17 a unit */
        "1e15 + x / 3 - x * 0.3333333333333333",               /* about 3e-17 beside 1e15 */
        "(1 + x)^0.5 * (1 + x)^0.5 - x",                       /* 1, whatever x */
        "(2 + x)^1.5 - (2 + x) * sqrt(2 + x)",                 /* 0, whatever x */
        "1e8 * ((1 + x * 1e-9)^2 - 1 - x * 2e-9) - x * 1e-13", /* 1e-10 x^2 less that */
    };
    static const size_t equilibria[] = {4, 1, 1, 1, 4, 4, 1};
    wrong = 0;
    for (size_t i = 0; i < sizeof payoff / sizeof *payoff; i++) {
        char config[1 << 12], formula[256];
        size_t used = 0;
        for (const char *p = payoff[i]; *p; p++) /* x stands for A's move */
            used += (size_t)snprintf(formula + used, sizeof formula - used, "%s",
                                     *p == 'x' ? "A.x" : (char[]){*p, '\0'});
        snprintf(config, sizeof config,
                 "%spayoffs = { kind = \"formula\"; A = \"%s - A.y\"; B = \"B.x - B.y\"; C = "
                 "\"C.x * C.y + C.y\"; };\n",
                 SMOOTH, formula);
        formula_game g = build_game(config);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        size_t found = check_search(&g, 2);
        if (found != equilibria[i])
            fprintf(stderr, "\n    %s: %zu\n", payoff[i], found);
        CU_ASSERT_EQUAL(found, equilibria[i]);
        free_game(&g);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Where more is left than is wanted the search gives way. */
static void gives_way(void) {
    formula_game g = build_game(SMOOTH "payoffs = { kind = \"formula\"; A = \"1\"; B = \"C.x\"; C "
                                       "= \"A.x * B.y\"; };\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_candidates found;
    bool finished = true;
    CU_ASSERT_EQUAL(dt_search_boxes(g.game, 0, 100, NULL, &found, &finished), DT_OK);
    CU_ASSERT_FALSE(finished);
    CU_ASSERT_EQUAL(found.count, 0);
    dt_box_forecast forecast;
    CU_ASSERT_EQUAL(dt_boxes_forecast(g.game, 0, 0, NULL, &forecast), DT_OK);
    CU_ASSERT(forecast.probes > 0);
    CU_ASSERT(isfinite(forecast.seconds) && forecast.seconds > 0);
    volatile sig_atomic_t stop = 1;
    dt_control control = {.stop = &stop};
    CU_ASSERT_EQUAL(dt_boxes_forecast(g.game, 0, 1, &control, &forecast), DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(dt_search_boxes(g.game, 0, 1, &control, &found, &finished), DT_ERR_INTERRUPTED);
    CU_ASSERT_EQUAL(found.count, 0);
    free_game(&g);
}

static void limits(void) {
    formula_game g = cast_game("", "A.m"); /* a move of one level, too */
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    CU_ASSERT(dt_boxes_apply(g.game));
    free_game(&g);
    g = build_game(
        "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"a\", \"b\"]; "
        "}, { name = \"n\"; levels = [\"a\", \"b\"]; } ); feasible = [\"A.m + A.n < 2\"]; "
        "} ); payoffs = { kind = \"formula\"; A = \"A.m\"; };");
    if (!g.game)
        dt_diag_write(g.diag, stderr, false);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    CU_ASSERT_FALSE(dt_boxes_apply(g.game)); /* not every combination is a strategy */
    free_game(&g);
}

static const dt_case cases[] = {
    {"random formula games", random_formula_games},
    {"gains in curved games", gains_in_curved_games},
    {"collected formulas", collected_formulas},
    {"smooth games", smooth_games},
    {"searches are complete", searches_are_complete},
    {"parts of the rare-earth game", parts_of_the_rare_earth_game},
    {"gains of ulps", gains_of_ulps},
    {"gives way", gives_way},
    {"limits", limits},
};

int main(void) {
    return DT_RUN_SUITE("boxes", cases);
}
