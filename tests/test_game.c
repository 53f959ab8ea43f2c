/* The game room: profiles as numbers and text, what is feasible, limits, and the visit of rows,
 * whose answer must not depend on the number of threads. */
#include <math.h>
#include <omp.h>

#include "formula_game.h"
#include "game/rows.h"
#include "harness.h"

static void profiles_are_numbered_last_fastest(void) {
    formula_game g = cast_game("", "1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    CU_ASSERT_EQUAL(g.game->profiles, 12);
    uint32_t profile[2];
    for (uint64_t i = 0; i < 12; i++) {
        dt_profile_decode(g.game, i, profile);
        CU_ASSERT_EQUAL(profile[0], i / 2);
        CU_ASSERT_EQUAL(profile[1], i % 2);
        CU_ASSERT_EQUAL(dt_profile_index(g.game, profile), i);
    }
    /* a player's strategies: the last move fastest */
    static const char *const m[] = {"lo", "lo", "mid", "mid", "hi", "hi"};
    for (uint32_t s = 0; s < 6; s++) {
        CU_ASSERT_STRING_EQUAL(dt_strategy_label(g.game, 0, s, 0), m[s]);
        CU_ASSERT_STRING_EQUAL(dt_strategy_label(g.game, 0, s, 1), s % 2 ? "on" : "off");
    }
    free_game(&g);
}

static void profiles_as_text(void) {
    formula_game g = cast_game("", "1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    uint32_t profile[2] = {3, 1};
    const char *whole = "A.m=mid, A.n=on, B.k=b"; /* B.one has one level: left out */
    char buffer[64];
    for (size_t size = strlen(whole) + 1; size <= sizeof buffer; size++) {
        CU_ASSERT_STRING_EQUAL(dt_profile_text(g.game, profile, buffer, size), whole);
    }
    for (size_t size = 4; size <= strlen(whole); size++) {
        memset(buffer, '#', sizeof buffer);
        dt_profile_text(g.game, profile, buffer, size);
        size_t length = strlen(buffer);
        CU_ASSERT(length < size);
        CU_ASSERT_EQUAL(buffer[size], '#'); /* nothing is written beyond */
        CU_ASSERT(length >= 3 && strcmp(buffer + length - 3, "…") == 0);
        CU_ASSERT_EQUAL(strncmp(buffer, whole, length - 3), 0);
    }
    free_game(&g);
    /* a cut never splits a character */
    g = build_game("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"ééééé\", "
                   "\"日本語\"]; } ); } ); payoffs = { kind = \"formula\"; A = \"1\"; };");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    for (size_t size = 4; size < 20; size++)
        for (uint32_t s = 0; s < 2; s++) {
            dt_profile_text(g.game, &s, buffer, size);
            size_t cut = strlen(buffer);
            const char *text = s ? "A.m=日本語" : "A.m=ééééé";
            if (size > strlen(text))
                continue;
            CU_ASSERT_FATAL(cut >= 3 && cut < size);
            cut -= 3;
            CU_ASSERT_EQUAL(strncmp(buffer, text, cut), 0);
            CU_ASSERT((text[cut] & 0xC0) != 0x80); /* what follows begins a character */
        }
    free_game(&g);
}

static void parses(const dt_game *game, const char *text, uint32_t a, uint32_t b, bool all) {
    dt_diag *diag = dt_diag_new();
    uint32_t profile[2] = {99, 99};
    bool named = !all;
    CU_ASSERT_EQUAL(dt_profile_parse(game, text, diag, profile, &named), DT_OK);
    CU_ASSERT_EQUAL(profile[0], a);
    CU_ASSERT_EQUAL(profile[1], b);
    CU_ASSERT_EQUAL(named, all);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 0);
    dt_diag_free(diag);
}

static void refuses(const dt_game *game, const char *text, const char *message) {
    dt_diag *diag = dt_diag_new();
    uint32_t profile[2];
    bool named;
    CU_ASSERT_EQUAL(dt_profile_parse(game, text, diag, profile, &named), DT_ERR_INPUT);
    CU_ASSERT_EQUAL(dt_diag_count(diag), 1);
    const dt_diag_entry *e = dt_diag_get(diag, 0);
    if (!e || strcmp(e->message, message) != 0)
        fprintf(stderr, "\n    %s\n    wanted %s\n", e ? e->message : "nothing", message);
    CU_ASSERT(e && strcmp(e->message, message) == 0);
    dt_diag_free(diag);
}

static void profiles_are_parsed(void) {
    formula_game g = cast_game("", "1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    parses(g.game, "A.m=mid, A.n=on, B.k=b", 3, 1, true);
    parses(g.game, "B.k=b,A.n=on,A.m=mid", 3, 1, true);
    parses(g.game, " A.m = hi ,\tB.k=a , A.n=off", 4, 0, true);
    parses(g.game, "A.m=hi,A.m=hi,A.n=off,B.k=a,B.one=only", 4, 0, true);
    parses(g.game, "A.n=on", 1, 0, false);
    parses(g.game, "", 0, 0, false);
    parses(g.game, ",,A.n=on,", 1, 0, false);
    refuses(g.game, "C.m=lo", "--profile: no such player `C`");
    refuses(g.game, "A.mm=lo", "--profile: the player has no move `mm`; did you mean `m`?");
    refuses(g.game, "A.m=mdi", "--profile: `A.m` has no level `mdi`; did you mean `mid`?");
    refuses(g.game, "A.m", "--profile: expected player.move=label instead of `A.m`");
    refuses(g.game, "Am=lo", "--profile: expected player.move=label instead of `Am=lo`");
    refuses(g.game, "m=A.lo", "--profile: expected player.move=label instead of `m=A.lo`");
    refuses(g.game, "A.m=lo,A.m=hi", "--profile: named twice with different levels: `A.m=hi`");
    free_game(&g);
    g = build_game("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; "
                   "}, { name = \"n\"; levels = [\"x\", \"y\"]; } ); feasible = [\"A.m + A.n <= "
                   "1\"]; }, { name = \"B\"; moves = ( { name = \"k\"; levels = [\"a\"]; } ); } ); "
                   "payoffs = { kind = \"formula\"; A = \"1\"; B = \"1\"; };");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    parses(g.game, "A.n=y", 1, 0, false); /* the first feasible strategy that has it */
    parses(g.game, "A.m=y, A.n=x", 2, 0, true);
    refuses(g.game, "A.m=y, A.n=y",
            "--profile: this combination of levels is not feasible for `A`");
    free_game(&g);
}

/* Builds a game of A (a, b: 0, 1, 2 each) and B with A's conditions. */
static formula_game feasible_game(const char *conditions) {
    char config[2048];
    snprintf(config, sizeof config,
             "parameters = { cap = 2.0; };\nplayers = ( { name = \"A\"; moves = ( { name = \"a\"; "
             "levels = [\"x\", \"y\", \"z\"]; }, { name = \"b\"; levels = [\"x\", \"y\", \"z\"]; } "
             ");\nfeasible = [ %s ]; }, { name = \"B\"; moves = ( { name = \"k\"; levels = [\"p\", "
             "\"q\"]; } ); } );\npayoffs = { kind = \"formula\"; define = ( \"spent = A.a + 2 * "
             "A.b\" ); A = \"10 * A.a + A.b\"; B = \"0\"; };\n",
             conditions);
    return build_game(config);
}

static void feasible_is(const char *conditions, size_t count, const char *const *left) {
    formula_game g = feasible_game(conditions);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    CU_ASSERT_EQUAL(g.game->player[0].strategies, count);
    CU_ASSERT_EQUAL(g.game->profiles, 2 * count);
    for (uint32_t s = 0; s < count && s < g.game->player[0].strategies; s++) {
        char found[3] = {dt_strategy_label(g.game, 0, s, 0)[0],
                         dt_strategy_label(g.game, 0, s, 1)[0], '\0'};
        CU_ASSERT_STRING_EQUAL(found, left[s]);
        /* the payoff is that of the labels, not of the old number */
        uint32_t profile[2] = {s, 1};
        dt_exact x;
        dt_exact_init(&x);
        dt_game_exact(g.game, g.workspace, 0, profile, &x, NULL);
        double wanted = 10 * (left[s][0] - 'x') + (left[s][1] - 'x');
        CU_ASSERT_EQUAL(dt_exact_double(dt_game_context(g.game, g.workspace), &x, NULL), wanted);
        dt_exact_clear(&x);
    }
    free_game(&g);
}

static void what_is_feasible(void) {
    feasible_is("\"A.a + A.b <= 1\"", 3, (const char *const[]){"xx", "xy", "yx"});
    feasible_is("\"A.a <= 1\", \"A.b >= 1\"", 4, (const char *const[]){"xy", "xz", "yy", "yz"});
    feasible_is("\"spent <= cap\"", 4, (const char *const[]){"xx", "xy", "yx", "zx"});
    feasible_is("\"A.a:z || A.b:z\"", 5, (const char *const[]){"xz", "yz", "zx", "zy", "zz"});
    feasible_is("\"sqrt(A.a) == A.b\"", 2, (const char *const[]){"xx", "yy"});
    feasible_is("\"A.a ? 1 / A.a > 0.6 : A.b == 2\"", 4,
                (const char *const[]){"xz", "yx", "yy", "yz"});
}

static void built_with_error(const char *config, const char *message) {
    formula_game g = build_game(config);
    CU_ASSERT_PTR_NULL(g.game);
    const dt_diag_entry *e = dt_diag_get(g.diag, 0);
    if (!e || strcmp(e->message, message) != 0)
        fprintf(stderr, "\n    %s\n    wanted %s\n", e ? e->message : "nothing", message);
    CU_ASSERT_EQUAL(dt_diag_count(g.diag), 1);
    CU_ASSERT(e && strcmp(e->message, message) == 0);
    free_game(&g);
}

static void infeasible_with(const char *conditions, const char *message) {
    formula_game g = feasible_game(conditions);
    CU_ASSERT_PTR_NULL(g.game);
    CU_ASSERT_EQUAL(dt_diag_count(g.diag), 1);
    const dt_diag_entry *e = dt_diag_get(g.diag, 0);
    if (!e || strcmp(e->message, message) != 0)
        fprintf(stderr, "\n    %s\n    wanted %s\n", e ? e->message : "nothing", message);
    CU_ASSERT(e && strcmp(e->message, message) == 0);
    free_game(&g);
}

static void what_cannot_be_feasible(void) {
    infeasible_with("\"A.a > 5\"", "`feasible` leaves `A` without any strategy");
    infeasible_with("\"A.a <= B.k\"", "what is feasible for `A` may depend on its own moves only");
    infeasible_with("\"1 / A.a > 0\"", "this condition cannot be decided: division by zero");
    infeasible_with(
        "\"sqrt(2) * sqrt(3) == sqrt(6)\"",
        "this condition cannot be decided: a sign that 4096 bits cannot tell from zero");
    infeasible_with("\"A.c > 5\"", "`A` has no move `c`");
}

static void tables_of_the_wrong_size(void) {
#define TWO_BY_TWO                                                                                 \
    "players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = [\"x\", \"y\"]; } ); }, { "    \
    "name = \"B\"; moves = ( { name = \"k\"; levels = [\"x\", \"y\"]; } ); } );\n"
    built_with_error(TWO_BY_TWO
                     "payoffs = { kind = \"table\"; values = ( (1, 2), (3, 4), (5, 6) ); };",
                     "wrong number of payoffs: 4 profiles of 2 players need 8 numbers, but there "
                     "are 6");
    formula_game g = build_game(
        TWO_BY_TWO
        "payoffs = { kind = \"table\"; values = ( (1, 2), (3, 4), (5, 6), (7, \"1/3\") ); };");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    for (uint32_t i = 0; i < 8; i++) { /* the last player is fastest, then the payoffs */
        uint32_t profile[2] = {i / 4, i / 2 % 2}, one[2] = {1, 1};
        double value, bound;
        dt_exact x;
        dt_exact_init(&x);
        CU_ASSERT_EQUAL(dt_game_exact(g.game, g.workspace, i % 2, profile, &x, g.diag), DT_OK);
        dt_game_block(g.game, g.workspace, i % 2, &(dt_box){profile, one}, &value, &bound);
        double wanted = i < 7 ? i + 1 : 1 / 3.0;
        CU_ASSERT_EQUAL(dt_exact_double(dt_game_context(g.game, g.workspace), &x, NULL), wanted);
        CU_ASSERT(fabs(value - wanted) <= bound);
        CU_ASSERT_EQUAL(bound == 0, i % 2 == 0); /* B's payoffs hold 1/3, which is no double */
        dt_exact_clear(&x);
    }
    free_game(&g);
}

/* `players` players with `moves` moves of two levels each; good until the next call. */
static const char *binary_players(int players, int moves) {
    static char config[1 << 15];
    config[0] = '\0';
    append(config, sizeof config, "players = ( ");
    for (int i = 0; i < players; i++) {
        append(config, sizeof config, "%s{ name = \"P%d\"; moves = ( ", i ? ", " : "", i);
        for (int m = 0; m < moves; m++)
            append(config, sizeof config, "%s{ name = \"m%d\"; levels = [\"a\", \"b\"]; }",
                   m ? ", " : "", m);
        append(config, sizeof config, " ); }");
    }
    append(config, sizeof config, " );\npayoffs = { kind = \"formula\";");
    for (int i = 0; i < players; i++)
        append(config, sizeof config, " P%d = \"P%d.m0\";", i, i);
    append(config, sizeof config, " };\n");
    return config;
}

static void limits(void) {
    const char *config = binary_players(62, 1);
    formula_game g = build_game(config);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    CU_ASSERT_EQUAL(g.game->profiles, UINT64_C(1) << 62);
    uint32_t profile[DT_MAX_PLAYERS];
    for (uint64_t i = 1; i < g.game->profiles / 3; i *= 3) {
        dt_profile_decode(g.game, i, profile);
        CU_ASSERT_EQUAL(dt_profile_index(g.game, profile), i);
    }
    free_game(&g);
    config = binary_players(63, 1);
    built_with_error(config,
                     "the game has 2^63 profiles or more: fewer moves or levels are needed");
    config = binary_players(64, 1);
    built_with_error(config,
                     "the game has 2^63 profiles or more: fewer moves or levels are needed");
    config = binary_players(13, 5); /* 65 moves */
    built_with_error(config, "more than 64 moves with several levels: the profiles cannot be "
                             "counted in 63 bits");
    config = binary_players(1, 23);
    built_with_error(config, "`P0` has more than 4194304 combinations of levels");
}

static void restrictions(void) {
    formula_game g = cast_game("", "1");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_restriction r;
    CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&r, g.game), DT_OK);
    CU_ASSERT_EQUAL(dt_restriction_profiles(&r), 12);
    CU_ASSERT_EQUAL(dt_restriction_others(&r, 0), 2);
    CU_ASSERT_EQUAL(dt_restriction_others(&r, 1), 6);
    dt_restriction_keep(&r, 0, (const bool[]){false, true, true, false, true, false});
    dt_restriction_keep(&r, 0, (const bool[]){true, false, true}); /* by place among those left */
    CU_ASSERT_EQUAL(r.count[0], 2);
    CU_ASSERT_EQUAL(r.strategy[0][0], 1);
    CU_ASSERT_EQUAL(r.strategy[0][1], 4);
    CU_ASSERT_EQUAL(dt_restriction_profiles(&r), 4);
    CU_ASSERT_EQUAL(dt_restriction_others(&r, 1), 2);
    dt_restriction_clear(&r);
    free_game(&g);
}

/* Three players of 40, 50 and 30 strategies: more rows than a chunk holds. */
static formula_game large_game(const char *formula) {
    static char config[1 << 14];
    char *p = config;
    static const int levels[] = {40, 50, 30};
    p += sprintf(p, "players = (");
    for (int i = 0; i < 3; i++) {
        p += sprintf(p, "%s { name = \"%c\"; moves = ( { name = \"m\"; levels = [", i ? "," : "",
                     'A' + i);
        for (int l = 0; l < levels[i]; l++)
            p += sprintf(p, "%s\"l%d\"", l ? ", " : "", l);
        p += sprintf(p, "]; } ); }");
    }
    sprintf(p, " );\npayoffs = { kind = \"formula\"; A = \"%s\"; B = \"0\"; C = \"0\"; };\n",
            formula);
    return build_game(config);
}

typedef struct tally {
    unsigned char seen[40 * 50 * 30];
    uint64_t rows, wrong, locals, skip_every;
    uint64_t stop_after;
} tally;

static dt_status count_row(void *shared, void *local, const dt_row *row, bool *enough) {
    tally *t = shared;
    uint64_t *mine = local;
    ++*mine;
#pragma omp critical(test_rows)
    {
        t->seen[row->index]++;
        t->rows++;
        if (t->stop_after && t->rows >= t->stop_after)
            *enough = true;
        /* A = 10000 a + 100 b + c, over c: others are (a, b), b fastest */
        for (uint32_t c = 0; c < row->lanes; c++) {
            double wanted =
                (double)(10000 * (row->index / 50) + 100 * (row->index % 50)) + (double)c;
            t->wrong += row->value[c] != wanted || row->bound[c] != 0;
        }
        t->wrong += row->lanes != 30 || row->profile[0] != row->index / 50 ||
                    row->profile[1] != row->index % 50 || row->profile[2] != 0;
    }
    return DT_OK;
}

static bool wanted_row(void *shared, uint64_t index) {
    const tally *t = shared;
    return !t->skip_every || index % t->skip_every != 0;
}

static dt_status add_local(void *shared, void *local) {
    ((tally *)shared)->locals += *(uint64_t *)local;
    return DT_OK;
}

static void each_row_once(void) {
    formula_game g = large_game("10000 * A.m + 100 * B.m + C.m");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_restriction r;
    CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&r, g.game), DT_OK);
    static tally t;
    for (int threads = 1; threads <= 4; threads++)
        for (uint64_t skip = 0; skip < 4; skip += 3) {
            t = (tally){.skip_every = skip};
            dt_control control = {.threads = threads};
            dt_row_visitor v = {.size = sizeof(uint64_t),
                                .shared = &t,
                                .wanted = wanted_row,
                                .row = count_row,
                                .close = add_local};
            CU_ASSERT_EQUAL(dt_rows_visit(g.game, &r, 0, 2, &control, "test", g.diag, &v), DT_OK);
            for (uint64_t i = 0; i < 2000; i++)
                if (t.seen[i] != (wanted_row(&t, i) ? 1 : 0))
                    t.wrong++;
            CU_ASSERT_EQUAL(t.wrong, 0);
            CU_ASSERT_EQUAL(t.rows, skip ? 1333 : 2000);
            CU_ASSERT_EQUAL(t.locals, t.rows);
        }
    t = (tally){.stop_after = 5};
    dt_row_visitor v = {.size = sizeof(uint64_t), .shared = &t, .row = count_row};
    dt_control one = {.threads = 1};
    CU_ASSERT_EQUAL(dt_rows_visit(g.game, &r, 0, 2, &one, "test", g.diag, &v), DT_OK);
    CU_ASSERT(t.rows >= 5 && t.rows < 2000); /* ended early, at the end of a chunk */
    volatile sig_atomic_t stop = 1;
    dt_control stopped = {.threads = 2, .stop = &stop};
    CU_ASSERT_EQUAL(dt_rows_visit(g.game, &r, 0, 2, &stopped, "test", g.diag, &v),
                    DT_ERR_INTERRUPTED);
    dt_restriction_clear(&r);
    free_game(&g);
}

/* In a restriction the others' profiles are those left, and the row is still whole. */
static dt_status restricted_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)local, (void)enough;
    tally *t = shared;
    uint32_t a = row->index / 2 ? 37 : 2, b = row->index % 2 ? 44 : 11;
    t->wrong += row->profile[0] != a || row->profile[1] != b || row->lanes != 30;
    for (uint32_t c = 0; c < row->lanes; c++)
        t->wrong += row->value[c] != 10000.0 * a + 100.0 * b + c;
    t->rows++;
    return DT_OK;
}

static void rows_of_a_restriction(void) {
    formula_game g = large_game("10000 * A.m + 100 * B.m + C.m");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_restriction r;
    CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&r, g.game), DT_OK);
    bool keep[50] = {0};
    keep[2] = keep[37] = true;
    dt_restriction_keep(&r, 0, keep);
    memset(keep, 0, sizeof keep);
    keep[11] = keep[44] = true;
    dt_restriction_keep(&r, 1, keep);
    memset(keep, 0, sizeof keep);
    keep[7] = true;
    dt_restriction_keep(&r, 2, keep);
    static tally t;
    t = (tally){0};
    dt_control one = {.threads = 1};
    CU_ASSERT_EQUAL(dt_rows_visit(g.game, &r, 0, 2, &one, "test", g.diag,
                                  &(dt_row_visitor){.shared = &t, .row = restricted_row}),
                    DT_OK);
    CU_ASSERT_EQUAL(t.rows, 4);
    CU_ASSERT_EQUAL(t.wrong, 0);
    dt_restriction_clear(&r);
    free_game(&g);
}

/* The first fault stands late in the first chunk of rows, others at once in the next: the first is
 * named, whichever a thread meets first. */
static void the_first_fault_is_named(void) {
    formula_game g = large_game("1 / ((A.m - 10)^2 + (B.m - 40)^2 + (C.m - 5)^2) + 1 / (A.m - 11)");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    for (int run = 0; run < 50; run++)
        for (int threads = 1; threads <= 4; threads *= 2) {
            dt_control control = {.threads = threads};
            dt_diag *diag = dt_diag_new();
            CU_ASSERT_EQUAL(dt_game_verify(g.game, &control, diag), DT_ERR_INPUT);
            CU_ASSERT_EQUAL(dt_diag_count(diag), 1);
            const dt_diag_entry *e = dt_diag_get(diag, 0);
            CU_ASSERT(e && strcmp(e->message, "the payoff of `A` does not exist: division by zero, "
                                              "at A.m=l10, B.m=l40, C.m=l5") == 0);
            dt_diag_free(diag);
        }
    free_game(&g);
}

static void verify_gives(const char *formula, const char *message) {
    formula_game g = cast_game("", formula);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_status status = dt_game_verify(g.game, NULL, g.diag);
    const dt_diag_entry *e = dt_diag_get(g.diag, 0);
    bool good = message ? status == DT_ERR_INPUT && e && strcmp(e->message, message) == 0
                        : status == DT_OK && !e;
    if (!good)
        fprintf(stderr, "\n    %s: %s\n    wanted %s\n", formula, e ? e->message : "nothing",
                message ? message : "nothing");
    CU_ASSERT(good);
    free_game(&g);
}

#define MISSING(WHY, WHERE) "the payoff of `A` does not exist: " WHY ", at " WHERE

static void verifying(void) {
    verify_gives("1 / (A.m + 1)", NULL);
    verify_gives("log(A.m + 0.1) + sqrt(A.n)", NULL);
    verify_gives("A.m ? 1 / A.m : 0", NULL); /* the branch with the fault is not taken */
    verify_gives("A.m == 0 || 1 / A.m > 0", NULL);
    verify_gives("A.m^0.7 + A.m^1.7", NULL); /* 0^0.7: the fast bound fails, the payoff exists */
    verify_gives("1 / (A.m - 1 + A.n)", MISSING("division by zero", "A.m=mid, A.n=off, B.k=a"));
    verify_gives("1 / (A.m * A.n - 1)", MISSING("division by zero", "A.m=hi, A.n=on, B.k=a"));
    verify_gives("log(B.k)",
                 MISSING("log of a number that is not positive", "A.m=lo, A.n=off, B.k=a"));
    verify_gives("1e300 * (1 + A.m)^1000",
                 MISSING("a number beyond the range of a double", "A.m=mid, A.n=off, B.k=a"));
    verify_gives("exp(1000 * A.m)",
                 MISSING("a number beyond the range of a double", "A.m=mid, A.n=off, B.k=a"));
}

/* A comparison or condition does not swallow a fault inside it. */
static void verifying_inside_conditions(void) {
    static const char *const first = MISSING("division by zero", "A.m=lo, A.n=off, B.k=a");
    verify_gives("1 / A.m > 3", first);
    verify_gives("1 / A.m == 3", first);
    verify_gives("1 / A.m ? 1 : 2", first);
    verify_gives("!(1 / A.m)", first);
    verify_gives("1 / A.m && B.k", first);
    verify_gives("1 / A.m || B.k", first);
    verify_gives("(1 / A.m)^0", first);
    verify_gives("log(A.m) < 0",
                 MISSING("log of a number that is not positive", "A.m=lo, A.n=off, B.k=a"));
}

/* Interval arithmetic proves at once that a payoff exists: without a visit of all rows. */
static void safe_formulas_are_proven(void) {
    static const char *const safe[] = {"1 / (A.m + 1)", "A.m^2 / (B.k^2 + 1)",
                                       "(A.m + 0.5)^0.7 / exp(B.k)", "log(A.m + 1)",
                                       "sqrt(A.m + 1) + abs(B.k) + max(A.n, 2)"};
    static const char *const unsafe[] = {"1 / A.m", "log(A.m)", "exp(400 * A.m)", "1 / (A.m - 0.5)",
                                         "(A.m - 1)^0.5"};
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
        formula_game g = cast_game("", safe[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        bool total = g.game->model->total(g.game->self, 0);
        if (!total)
            fprintf(stderr, "\n    not proven: %s\n", safe[i]);
        CU_ASSERT(total);
        free_game(&g);
        g = cast_game("", unsafe[i]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
        CU_ASSERT_FALSE(g.game->model->total(g.game->self, 0));
        free_game(&g);
    }
}

/* Where the exact payoff stands in for a failed fast one, the bound holds too: 1e-400 is 0 ± 1e-300
 * or so as a double, not 0 ± 0. */
static dt_status check_tiny(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)local, (void)enough;
    tally *t = shared;
    for (uint32_t i = 0; i < row->lanes; i++) {
        t->wrong += !isfinite(row->value[i]) || !isfinite(row->bound[i]);
        t->wrong += row->profile[0] < 2 && row->value[i] == 0 && row->bound[i] == 0;
    }
    t->rows++;
    return DT_OK;
}

static void bounds_of_tiny_payoffs(void) {
    formula_game g = cast_game("", "A.m^0.7 + 1e-200 * 1e-200 * (A.m + 1)");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    dt_restriction r;
    CU_ASSERT_EQUAL_FATAL(dt_restriction_init(&r, g.game), DT_OK);
    static tally t;
    t = (tally){0};
    CU_ASSERT_EQUAL(dt_rows_visit(g.game, &r, 0, 1, NULL, "test", g.diag,
                                  &(dt_row_visitor){.shared = &t, .row = check_tiny}),
                    DT_OK);
    CU_ASSERT_EQUAL(t.rows, 6);
    CU_ASSERT_EQUAL(t.wrong, 0);
    dt_restriction_clear(&r);
    free_game(&g);
}

/* A game without a choice still names where its payoff is missing. */
static void a_single_profile(void) {
    formula_game g = build_game("players = ( { name = \"A\"; moves = ( { name = \"m\"; levels = "
                                "[\"x\"]; } ); } ); payoffs = { kind = \"formula\"; A = \"1 / "
                                "A.m\"; };");
    CU_ASSERT_PTR_NOT_NULL_FATAL(g.game);
    CU_ASSERT_EQUAL(dt_game_verify(g.game, NULL, g.diag), DT_ERR_INPUT);
    const dt_diag_entry *e = dt_diag_get(g.diag, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    size_t length = strlen(e->message);
    CU_ASSERT(length > 4 && strcmp(e->message + length - 4, " at ") != 0); /* not ", at nothing" */
    free_game(&g);
}

static const dt_case cases[] = {
    {"profiles are numbered, the last fastest", profiles_are_numbered_last_fastest},
    {"profiles as text", profiles_as_text},
    {"profiles are parsed", profiles_are_parsed},
    {"what is feasible", what_is_feasible},
    {"what cannot be feasible", what_cannot_be_feasible},
    {"tables of the wrong size", tables_of_the_wrong_size},
    {"limits", limits},
    {"restrictions", restrictions},
    {"each row once", each_row_once},
    {"rows of a restriction", rows_of_a_restriction},
    {"the first fault is named", the_first_fault_is_named},
    {"verifying", verifying},
    {"verifying inside conditions", verifying_inside_conditions},
    {"safe formulas are proven", safe_formulas_are_proven},
    {"bounds of tiny payoffs", bounds_of_tiny_payoffs},
    {"a single profile", a_single_profile},
};

int main(void) {
    return DT_RUN_SUITE("game", cases);
}
