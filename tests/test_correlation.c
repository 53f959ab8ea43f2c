/* Objectives, coarse correlated equilibria and polygons of payoffs, against all vertices of the
 * polytope in rationals and against the whole LP. SPDX: GPL-3.0-or-later */
#include <flint/fmpq_mat.h>
#include <math.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "equilibrium/correlation/correlation.h"
#include "lp/lp.h"
#include "lp_games.h"

/* The result for an objective and sense, or NULL. */
static const dt_result *find(const lp_run *run, const char *objective, const char *sense) {
    for (size_t i = 0; i < run->list->count; i++)
        if (strcmp(run->list->result[i]->objective, objective) == 0 &&
            strcmp(run->list->result[i]->sense, sense) == 0)
            return run->list->result[i];
    return NULL;
}

static lp_run ask(const dt_concept *what, const dt_game *game, int threads, const char *objective,
                  const char *sense) {
    dt_setting two[] = {{.key = "objective", .text = objective}, {.key = "sense", .text = sense}};
    return lp_solve(what, game, threads, sense ? 2 : 1, two);
}

/* --- the polytope, written apart --- */

enum { MOST_PROFILES = 9, MOST_LINES = 40 };

typedef struct polytope {
    size_t players, profiles, rows, vertices;
    long a[MOST_LINES][MOST_PROFILES]; /* a p >= 0 */
    fmpq *payoff;                      /* vertices × players: expected */
    size_t room;
} polytope;

/* Rows of obedience, or of commitment; then p >= 0. */
static void read_rows(polytope *t, const dt_game *game, const long *payoff, bool coarse) {
    for (size_t i = 0; i < t->players; i++)
        for (uint32_t from = 0; from < (coarse ? 1 : game->player[i].strategies); from++)
            for (uint32_t to = 0; to < game->player[i].strategies; to++, t->rows++)
                for (size_t s = 0; s < t->profiles; s++) {
                    uint32_t profile[DT_MAX_PLAYERS];
                    dt_profile_decode(game, s, profile);
                    if (!coarse && profile[i] != from)
                        continue;
                    profile[i] = to;
                    t->a[t->rows][s] = payoff[s * t->players + i] -
                                       payoff[dt_profile_index(game, profile) * t->players + i];
                }
    for (size_t s = 0; s < t->profiles; s++)
        t->a[t->rows++][s] = 1;
}

static bool is_feasible(const polytope *t, const fmpq_mat_t x) {
    fmpq_t sum, term;
    fmpq_init(sum);
    fmpq_init(term);
    bool feasible = true;
    for (size_t r = 0; r < t->rows && feasible; r++) {
        fmpq_zero(sum);
        for (size_t s = 0; s < t->profiles; s++) {
            fmpq_set_si(term, t->a[r][s], 1);
            fmpq_addmul(sum, term, fmpq_mat_entry(x, (slong)s, 0));
        }
        feasible = fmpq_sgn(sum) >= 0;
    }
    fmpq_clear(sum);
    fmpq_clear(term);
    return feasible;
}

static void keep_vertex(polytope *t, const long *payoff, const fmpq_mat_t x) {
    fmpq_t u;
    fmpq_init(u);
    if (t->vertices == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        t->payoff = realloc(t->payoff, room * t->players * sizeof *t->payoff);
        for (size_t i = t->room * t->players; i < room * t->players; i++)
            fmpq_init(t->payoff + i);
        t->room = room;
    }
    for (size_t i = 0; i < t->players; i++) {
        fmpq *sum = t->payoff + t->vertices * t->players + i;
        fmpq_zero(sum);
        for (size_t s = 0; s < t->profiles; s++) {
            fmpq_set_si(u, payoff[s * t->players + i], 1);
            fmpq_addmul(sum, u, fmpq_mat_entry(x, (slong)s, 0));
        }
    }
    t->vertices++;
    fmpq_clear(u);
}

/* All vertices: n - 1 tight rows and sum p = 1. */
static polytope all_vertices(const dt_game *game, const long *payoff, bool coarse) {
    polytope t = {.players = game->players, .profiles = (size_t)game->profiles};
    slong n = (slong)t.profiles;
    read_rows(&t, game, payoff, coarse);
    /* rows of zeros are never tight in a basis */
    size_t used[MOST_LINES], lines = 0;
    for (size_t r = 0; r < t.rows; r++)
        for (size_t s = 0; s < t.profiles; s++)
            if (t.a[r][s]) {
                used[lines++] = r;
                break;
            }
    fmpq_mat_t m, b, x;
    fmpq_mat_init(m, n, n);
    fmpq_mat_init(b, n, 1);
    fmpq_mat_init(x, n, 1);
    fmpq_one(fmpq_mat_entry(b, 0, 0));
    for (unsigned set = 0; set < 1u << lines; set++) {
        if (__builtin_popcount(set) != (int)n - 1)
            continue;
        slong at = 1;
        for (slong s = 0; s < n; s++)
            fmpq_one(fmpq_mat_entry(m, 0, s));
        for (size_t l = 0; l < lines; l++)
            if (set >> l & 1) {
                for (slong s = 0; s < n; s++)
                    fmpq_set_si(fmpq_mat_entry(m, at, s), t.a[used[l]][s], 1);
                at++;
            }
        if (fmpq_mat_solve_fraction_free(x, m, b) && is_feasible(&t, x))
            keep_vertex(&t, payoff, x);
    }
    fmpq_mat_clear(m);
    fmpq_mat_clear(b);
    fmpq_mat_clear(x);
    CU_ASSERT(t.vertices > 0);
    return t;
}

static void polytope_clear(polytope *t) {
    for (size_t i = 0; i < t->room * t->players; i++)
        fmpq_clear(t->payoff + i);
    free(t->payoff);
}

/* The best of sum weight u over the vertices. */
static void best_of(const polytope *t, const long *weight, fmpq_t best) {
    fmpq_t sum, w;
    fmpq_init(sum);
    fmpq_init(w);
    for (size_t v = 0; v < t->vertices; v++) {
        fmpq_zero(sum);
        for (size_t i = 0; i < t->players; i++) {
            fmpq_set_si(w, weight[i], 1);
            fmpq_addmul(sum, w, t->payoff + v * t->players + i);
        }
        if (v == 0 || fmpq_cmp(sum, best) > 0)
            fmpq_set(best, sum);
    }
    fmpq_clear(sum);
    fmpq_clear(w);
}

static void least_of(const fmpq *u, size_t players, fmpq_t least) {
    fmpq_set(least, u);
    for (size_t i = 1; i < players; i++)
        if (fmpq_cmp(u + i, least) < 0)
            fmpq_set(least, u + i);
}

/* Two players: the best of min(x, y) is at a vertex or where a segment between two meets x = y. */
static void fairest_of(const polytope *t, fmpq_t best) {
    fmpq_t d, e, q, r;
    fmpq_init(d);
    fmpq_init(e);
    fmpq_init(q);
    fmpq_init(r);
    for (size_t v = 0; v < t->vertices; v++) {
        const fmpq *a = t->payoff + 2 * v;
        least_of(a, 2, q);
        if (v == 0 || fmpq_cmp(q, best) > 0)
            fmpq_set(best, q);
        for (size_t w = 0; w < v; w++) {
            const fmpq *b = t->payoff + 2 * w;
            fmpq_sub(d, a, a + 1);
            fmpq_sub(e, b, b + 1);
            if (fmpq_sgn(d) * fmpq_sgn(e) >= 0)
                continue;
            fmpq_sub(r, d, e); /* a + q (b - a), q = d / (d - e) */
            fmpq_div(q, d, r);
            fmpq_sub(r, b, a);
            fmpq_mul(r, r, q);
            fmpq_add(r, r, a);
            if (fmpq_cmp(r, best) > 0)
                fmpq_set(best, r);
        }
    }
    fmpq_clear(d);
    fmpq_clear(e);
    fmpq_clear(q);
    fmpq_clear(r);
}

/* (b - a) × (c - a) > 0 */
static int side(const fmpq *a, const fmpq *b, const fmpq *c) {
    fmpq_t p, q, r;
    fmpq_init(p);
    fmpq_init(q);
    fmpq_init(r);
    fmpq_sub(p, b, a);
    fmpq_sub(q, c + 1, a + 1);
    fmpq_mul(r, p, q);
    fmpq_sub(p, b + 1, a + 1);
    fmpq_sub(q, c, a);
    fmpq_mul(p, p, q);
    fmpq_sub(r, r, p);
    int sign = fmpq_sgn(r);
    fmpq_clear(p);
    fmpq_clear(q);
    fmpq_clear(r);
    return sign;
}

static int by_place(const void *a, const void *b) {
    const fmpq *x = *(const fmpq *const *)a, *y = *(const fmpq *const *)b;
    int order = fmpq_cmp(x, y);
    return order ? order : fmpq_cmp(x + 1, y + 1);
}

/* The convex hull against the clock, from the lowest of the leftmost (Andrew 1979). */
static size_t hull(const fmpq **point, size_t n, const fmpq **out) {
    size_t kept = 0, distinct = 0;
    qsort(point, n, sizeof *point, by_place);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_place(&point[i], &point[distinct - 1]) != 0)
            point[distinct++] = point[i];
    if (distinct == 1) {
        out[0] = point[0];
        return 1;
    }
    for (int upper = 0; upper < 2; upper++) {
        size_t start = kept;
        for (size_t k = 0; k < distinct; k++) {
            const fmpq *p = point[upper ? distinct - 1 - k : k];
            while (kept >= start + 2 && side(out[kept - 2], out[kept - 1], p) <= 0)
                kept--;
            out[kept++] = p;
        }
        kept--; /* the first of the other chain */
    }
    return kept;
}

/* --- what is said of a distribution --- */

/* A distribution that everyone obeys, or commits to, and that pays what is said. */
static void check_atoms(const dt_game *game, const long *payoff, bool coarse, size_t atoms,
                        const dt_atom *atom, const dt_number *paid) {
    size_t n = game->players;
    fmpq_t sum, p, u;
    fmpq_init(sum);
    fmpq_init(p);
    fmpq_init(u);
    for (size_t a = 0; a < atoms; a++) {
        lp_read(p, atom[a].probability);
        CU_ASSERT(fmpq_sgn(p) > 0);
        fmpq_add(sum, sum, p);
    }
    CU_ASSERT(fmpq_is_one(sum));
    for (size_t i = 0; i < n; i++) {
        fmpq_zero(sum);
        for (size_t a = 0; a < atoms; a++) {
            lp_read(p, atom[a].probability);
            fmpq_set_si(u, payoff[dt_profile_index(game, atom[a].profile) * n + i], 1);
            fmpq_addmul(sum, p, u);
        }
        lp_read(u, paid[i]);
        CU_ASSERT(fmpq_equal(sum, u));
        for (uint32_t from = 0; from < (coarse ? 1 : game->player[i].strategies); from++)
            for (uint32_t to = 0; to < game->player[i].strategies; to++) {
                fmpq_zero(sum);
                for (size_t a = 0; a < atoms; a++) {
                    uint32_t profile[DT_MAX_PLAYERS];
                    memcpy(profile, atom[a].profile, n * sizeof *profile);
                    if (!coarse && profile[i] != from)
                        continue;
                    long here = payoff[dt_profile_index(game, profile) * n + i];
                    profile[i] = to;
                    fmpq_set_si(u, here - payoff[dt_profile_index(game, profile) * n + i], 1);
                    lp_read(p, atom[a].probability);
                    fmpq_addmul(sum, p, u);
                }
                CU_ASSERT(fmpq_sgn(sum) >= 0);
            }
    }
    fmpq_clear(sum);
    fmpq_clear(p);
    fmpq_clear(u);
}

/* --- closed forms --- */

/* A game in the manner of Moulin and Vial (1978), Int. J. Game Theory 7, 201-221. Dominance leaves
 * (3, 3), so it is the only correlated equilibrium. To toss a coin between (5, 2) and (2, 5) is a
 * coarse one: it pays 7/2 each, and against it commitments pay 5/2, 5/2 and 1. No profile pays more
 * than 7 in sum. */
static void commitment(void) {
    static const long payoff[] = {3, 3, 1, 1, 4, 1, 1, 4, 5, 2, 0, 0, 1, 1, 0, 0, 2, 5};
    dt_game *game = lp_table(2, (uint32_t[]){3, 3}, payoff, 1);
    lp_run run = ask(&dt_concept_correlated, game, 1, "welfare", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(find(&run, "welfare", "max")->value, "6"));
    lp_close(&run);
    run = ask(&dt_concept_coarse_correlated, game, 1, "welfare", "max");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(run.result->value, "7"));
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    check_atoms(game, payoff, true, run.result->atoms, run.result->atom, run.result->payoff);
    lp_close(&run);
    run = ask(&dt_concept_coarse_correlated, game, 1, "worst-off", "max");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(run.result->value, "7/2"));
    lp_close(&run);
    dt_game_free(game);
}

/* Aumann's chicken (1974): the worst-off player gets 21/4 at best, 2 at worst; the polygon has the
 * two pure equilibria, the best (21/4, 21/4) and the worst (18/5, 18/5) symmetric one. */
static void chicken(void) {
    static const long payoff[] = {6, 6, 2, 7, 7, 2, 0, 0};
    static const char *const corner[][2] = {
        {"2", "7"}, {"18/5", "18/5"}, {"7", "2"}, {"21/4", "21/4"}};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    lp_run run = ask(&dt_concept_correlated, game, 1, "worst-off", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(find(&run, "worst-off", "max")->value, "21/4"));
    CU_ASSERT(lp_is(find(&run, "worst-off", "min")->value, "2"));
    lp_close(&run);
    run = ask(&dt_concept_correlated, game, 1, "2*P1 - 1/2 P2", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(lp_is(find(&run, "2*P1 - 1/2 P2", "max")->value, "13"));  /* (7, 2) */
    CU_ASSERT(lp_is(find(&run, "2*P1 - 1/2 P2", "min")->value, "1/2")); /* (2, 7) */
    lp_close(&run);
    run = lp_solve(&dt_concept_payoff_polygon, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    CU_ASSERT_EQUAL_FATAL(run.result->vertices, 4);
    for (size_t v = 0; v < 4; v++)
        for (size_t i = 0; i < 2; i++)
            CU_ASSERT(lp_is(run.result->vertex[v].payoff[i], corner[v][i]));
    lp_close(&run);
    dt_game_free(game);
}

/* Where everyone has two strategies, coarse is no weaker: the rows of b are those of (a, b). */
static void two_strategies(void) {
    uint64_t state = 99;
    for (int round = 0; round < 20; round++) {
        long payoff[24];
        for (size_t i = 0; i < 24; i++)
            payoff[i] = lp_draw(&state, 0, round < 10 ? 4 : 50);
        dt_game *game = lp_table(3, (uint32_t[]){2, 2, 2}, payoff, 1);
        lp_run fine = lp_solve(&dt_concept_correlated, game, 1, 0, NULL);
        lp_run coarse = lp_solve(&dt_concept_coarse_correlated, game, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(fine.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(coarse.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(fine.list->count, 8);
        CU_ASSERT_EQUAL_FATAL(coarse.list->count, 8);
        for (size_t i = 0; i < 8; i++)
            CU_ASSERT_STRING_EQUAL(fine.list->result[i]->value.exact,
                                   coarse.list->result[i]->value.exact);
        lp_close(&fine);
        lp_close(&coarse);
        dt_game_free(game);
    }
}

/* --- random games --- */

static void check_goals(const dt_concept *what, const dt_game *game, const long *payoff,
                        const polytope *t, uint64_t *state) {
    bool coarse = what == &dt_concept_coarse_correlated;
    fmpq_t best, value;
    fmpq_init(best);
    fmpq_init(value);
    long weight[3] = {lp_draw(state, 1, 5), -lp_draw(state, 1, 5), lp_draw(state, -3, 3)};
    char text[80];
    int used = snprintf(text, sizeof text, "%ld P1 - %ld*P2", weight[0], -weight[1]);
    if (t->players == 3)
        snprintf(text + used, sizeof text - (size_t)used, " %c %ld.0 P3", weight[2] < 0 ? '-' : '+',
                 labs(weight[2]));
    for (int least = 0; least < 2; least++) {
        lp_run run = ask(what, game, 1, text, least ? "min" : "max");
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        check_atoms(game, payoff, coarse, run.result->atoms, run.result->atom, run.result->payoff);
        for (size_t i = 0; i < t->players; i++)
            weight[i] *= least ? -1 : 1;
        best_of(t, weight, best);
        lp_read(value, run.result->value);
        if (least)
            fmpq_neg(value, value);
        CU_ASSERT(fmpq_equal(value, best));
        lp_close(&run);
    }
    lp_run run = ask(what, game, 1, "worst-off", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    for (size_t i = 0; i < 2; i++) {
        const dt_result *r = run.list->result[i];
        CU_ASSERT_EQUAL(r->certificate, DT_CERT_EXACT);
        check_atoms(game, payoff, coarse, r->atoms, r->atom, r->payoff);
    }
    if (t->players == 2) {
        fairest_of(t, best);
        lp_read(value, find(&run, "worst-off", "max")->value);
        CU_ASSERT(fmpq_equal(value, best));
    }
    for (size_t v = 0; v < t->vertices; v++) {
        least_of(t->payoff + v * t->players, t->players, value);
        if (v == 0 || fmpq_cmp(value, best) < 0)
            fmpq_set(best, value);
    }
    lp_read(value, find(&run, "worst-off", "min")->value);
    CU_ASSERT(fmpq_equal(value, best));
    lp_close(&run);
    fmpq_clear(best);
    fmpq_clear(value);
}

static void check_polygon(const dt_game *game, const long *payoff, const polytope *t, bool coarse,
                          size_t x, size_t y) {
    dt_setting setting[] = {{.key = "x", .text = game->player[x].name},
                            {.key = "y", .text = game->player[y].name},
                            {.key = "of", .text = coarse ? "coarse-correlated" : "correlated"}};
    lp_run run = lp_solve(&dt_concept_payoff_polygon, game, 2, 3, setting);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    fmpq *flat = _fmpq_vec_init((slong)(2 * t->vertices));
    const fmpq **point = malloc(t->vertices * sizeof *point);
    const fmpq **corner = malloc((2 * t->vertices + 2) * sizeof *corner);
    for (size_t v = 0; v < t->vertices; v++) {
        fmpq_set(flat + 2 * v, t->payoff + v * t->players + x);
        fmpq_set(flat + 2 * v + 1, t->payoff + v * t->players + y);
        point[v] = flat + 2 * v;
    }
    size_t n = hull(point, t->vertices, corner);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    CU_ASSERT_EQUAL(run.result->vertices, n);
    fmpq_t at;
    fmpq_init(at);
    for (size_t v = 0; v < n && n == run.result->vertices; v++) {
        const dt_vertex *vertex = &run.result->vertex[v];
        lp_read(at, vertex->payoff[x]);
        CU_ASSERT(fmpq_equal(at, corner[v]));
        lp_read(at, vertex->payoff[y]);
        CU_ASSERT(fmpq_equal(at, corner[v] + 1));
        check_atoms(game, payoff, coarse, vertex->atoms, vertex->atom, vertex->payoff);
    }
    fmpq_clear(at);
    _fmpq_vec_clear(flat, (slong)(2 * t->vertices));
    free(point);
    free(corner);
    lp_close(&run);
}

/* Few values, so that many games are degenerate; and many. */
static void against_vertices(void) {
    static const uint32_t sizes[][3] = {{2, 2, 1}, {2, 3, 1}, {2, 2, 2}, {4, 2, 1}};
    uint64_t state = 2024;
    for (int round = 0; round < 48; round++) {
        const uint32_t *size = sizes[round % 4];
        size_t players = round % 4 == 2 ? 3 : 2, n = size[0] * size[1] * size[2];
        long payoff[27], range = round < 24 ? 2 : 30;
        for (size_t i = 0; i < n * players; i++)
            payoff[i] = lp_draw(&state, -range, range);
        /* some zero-sum ones, and some in which the players agree: points and segments */
        for (size_t s = 0; s < n && players == 2 && round % 12 >= 9; s++)
            payoff[2 * s + 1] = round % 12 == 9 ? -payoff[2 * s] : payoff[2 * s];
        dt_game *game = lp_table(players, size, payoff, 1);
        for (int coarse = 0; coarse < 2; coarse++) {
            polytope t = all_vertices(game, payoff, coarse);
            check_goals(coarse ? &dt_concept_coarse_correlated : &dt_concept_correlated, game,
                        payoff, &t, &state);
            check_polygon(game, payoff, &t, coarse, 0, 1);
            if (players == 3)
                check_polygon(game, payoff, &t, coarse, 2, 0);
            polytope_clear(&t);
        }
        dt_game_free(game);
    }
}

/* The whole LP at once, in doubles: max of sum weight u, or of the least payoff. */
static double whole_lp(const dt_game *game, const long *payoff, bool coarse, const double *weight,
                       bool worst) {
    size_t n = game->players, rows = 1, first[4];
    dt_lp *lp;
    dt_lp_outcome outcome;
    for (size_t i = 0; i < n; i++) {
        size_t k = game->player[i].strategies;
        first[i] = rows;
        rows += coarse ? k : k * k;
    }
    CU_ASSERT_EQUAL_FATAL(dt_lp_new(DT_LP_MAX, &lp), DT_OK);
    for (size_t r = 0; r < rows + n; r++)
        dt_lp_add_row(lp,
                      r == 0              ? 1
                      : r < rows || worst ? 0
                                          : -INFINITY,
                      r == 0 ? 1 : INFINITY, 0, NULL, NULL);
    for (uint64_t s = 0; s < game->profiles; s++) {
        size_t row[128], entries = 1;
        double value[128] = {1}, cost = 0;
        uint32_t profile[4];
        row[0] = 0;
        for (size_t i = 0; i < n; i++) {
            dt_profile_decode(game, s, profile);
            uint32_t a = profile[i], k = game->player[i].strategies;
            cost += worst ? 0 : weight[i] * (double)payoff[s * n + i];
            for (uint32_t b = 0; b < k; b++) {
                profile[i] = b;
                row[entries] = first[i] + (coarse ? 0 : a * k) + b;
                value[entries++] =
                    (double)(payoff[s * n + i] - payoff[dt_profile_index(game, profile) * n + i]);
            }
            row[entries] = rows + i;
            value[entries++] = (double)payoff[s * n + i];
        }
        dt_lp_add_column(lp, 0, INFINITY, cost, entries, row, value);
    }
    double minus[4] = {-1, -1, -1, -1};
    size_t last[4] = {rows, rows + 1, rows + 2, rows + 3};
    if (worst)
        dt_lp_add_column(lp, -INFINITY, INFINITY, 1, n, last, minus);
    CU_ASSERT_EQUAL(dt_lp_solve(lp, DT_LP_PRIMAL, NULL, &outcome), DT_OK);
    CU_ASSERT_EQUAL(outcome, DT_LP_OPTIMAL);
    double best = dt_lp_value(lp);
    dt_lp_free(lp);
    return best;
}

/* Appends all that is exact in the results. */
static void collect(const lp_run *run, char *text, size_t size) {
    for (size_t i = 0; i < run->list->count; i++) {
        const dt_result *r = run->list->result[i];
        for (size_t v = 0; v < (r->vertices ? r->vertices : 1); v++) {
            const dt_atom *atom = r->vertices ? r->vertex[v].atom : r->atom;
            size_t atoms = r->vertices ? r->vertex[v].atoms : r->atoms;
            for (size_t a = 0; a < atoms; a++) {
                size_t used = strlen(text);
                snprintf(text + used, size - used, "%u %s;", atom[a].profile[0],
                         atom[a].probability.exact);
            }
        }
    }
}

/* Three sizes of four-player and smaller games against the whole LP; the same whatever the threads.
 */
static void against_whole(void) {
    static const uint32_t sizes[][4] = {{4, 4, 4, 1}, {3, 3, 3, 3}, {9, 8, 1, 1}, {5, 6, 4, 5}};
    static const size_t players[] = {3, 4, 2, 4};
    static const double ones[4] = {1, 1, 1, 1}, mixed[4] = {1, -2, 0.5, 0};
    static const char *const name[] = {"welfare", "P1 - 2 P2 + 0.5 P3", "worst-off"};
    uint64_t state = 31337;
    for (int round = 0; round < 8; round++) {
        const uint32_t *size = sizes[round % 4];
        size_t n = players[round % 4], profiles = size[0] * size[1] * size[2] * size[3];
        long *payoff = malloc(profiles * n * sizeof *payoff), range = round < 4 ? 99 : 2;
        for (size_t i = 0; i < profiles * n; i++)
            payoff[i] = lp_draw(&state, 0, range);
        dt_game *game = lp_table(n, size, payoff, 1);
        for (int coarse = 0; coarse < 2; coarse++)
            for (int goal = 0; goal < 3; goal++) {
                enum { TEXT = 1 << 20 };
                char *text[3];
                if (n == 2 && goal == 1)
                    continue;
                for (int threads = 1, k = 0; threads <= 4; threads *= 2, k++) {
                    text[k] = calloc(TEXT, 1);
                    lp_run run =
                        ask(coarse ? &dt_concept_coarse_correlated : &dt_concept_correlated, game,
                            threads, name[goal], "max");
                    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
                    const dt_result *r = run.result;
                    CU_ASSERT_EQUAL(r->certificate, DT_CERT_EXACT);
                    if (k == 0) {
                        check_atoms(game, payoff, coarse, r->atoms, r->atom, r->payoff);
                        CU_ASSERT_DOUBLE_EQUAL(
                            r->value.value,
                            whole_lp(game, payoff, coarse, goal ? mixed : ones, goal == 2), 1e-6);
                    }
                    collect(&run, text[k], TEXT);
                    CU_ASSERT_STRING_EQUAL(text[0], text[k]);
                    lp_close(&run);
                }
                for (int k = 0; k < 3; k++)
                    free(text[k]);
            }
        free(payoff);
        dt_game_free(game);
    }
}

/* 14 strategies: enough profiles for pricing to use threads, and a basis with probabilities near
 * the simplex method's tolerance. Exact all the same, and the same bytes. */
static void many_profiles(void) {
    enum { K = 14, N = K * K * K * K, TEXT = 1 << 20 };
    uint64_t state = 5;
    long *payoff = malloc(4 * N * sizeof *payoff);
    for (size_t i = 0; i < 4 * N; i++)
        payoff[i] = lp_draw(&state, 0, 99);
    dt_game *game = lp_table(4, (uint32_t[]){K, K, K, K}, payoff, 1);
    char *text[3];
    for (int k = 0; k < 3; k++) {
        text[k] = calloc(TEXT, 1);
        lp_run run = ask(&dt_concept_correlated, game, 1 << k, "welfare", "max");
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
        if (k == 0)
            check_atoms(game, payoff, false, run.result->atoms, run.result->atom,
                        run.result->payoff);
        collect(&run, text[k], TEXT);
        CU_ASSERT_STRING_EQUAL(text[0], text[k]);
        lp_close(&run);
    }
    for (int k = 0; k < 3; k++)
        free(text[k]);
    free(payoff);
    dt_game_free(game);
}

/* Chicken times sqrt(2), and one more for B. The best corners for A and B together are
 * (21/4 sqrt 2, 21/4 sqrt 2 + 1) and (7 sqrt 2, 2 sqrt 2 + 1); between them x = y at
 * 21/4 sqrt 2 + 7/20. Polygons of balls are numeric. */
static void irrational(void) {
    static const long a[] = {0, 1, 0, 1, 0, 1, 0, 1}, b[] = {6, 6, 2, 7, 7, 2, 0, 0};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, a, b);
    lp_run run = ask(&dt_concept_correlated, &g.game, 1, "worst-off", NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    const dt_result *r = find(&run, "worst-off", "max");
    CU_ASSERT_EQUAL(r->certificate, DT_CERT_BALL);
    CU_ASSERT_DOUBLE_EQUAL(r->value.value, 5.25 * sqrt(2) + 0.35, 1e-14);
    CU_ASSERT(r->value.radius < 1e-13 && !r->value.exact);
    r = find(&run, "worst-off", "min");
    CU_ASSERT_EQUAL(r->certificate, DT_CERT_BALL);
    CU_ASSERT_DOUBLE_EQUAL(r->value.value, 2 * sqrt(2), 1e-14);
    lp_close(&run);
    run = ask(&dt_concept_coarse_correlated, &g.game, 1, "2/3 A + B", "max");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_BALL);
    CU_ASSERT_DOUBLE_EQUAL(run.result->value.value, 8.75 * sqrt(2) + 1, 1e-13);
    lp_close(&run);
    run = lp_solve(&dt_concept_payoff_polygon, &g.game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->vertices, 4);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_NUMERIC);
    CU_ASSERT_EQUAL(run.result->notes, 1);
    lp_close(&run);
}

/* Eight players with one common payoff of 2^60 and a little: all profiles are the same in doubles,
 * and 256 of them are more than a master of 17 rows starts with. The best is the largest payoff,
 * which only the exact multipliers find. */
static void beyond_doubles(void) {
    static const uint32_t sizes[8] = {2, 2, 2, 2, 2, 2, 2, 2};
    uint64_t state = 8;
    for (int round = 0; round < 5; round++) {
        long payoff[8 * 256], most = 0, base = 1L << 60;
        for (size_t s = 0; s < 256; s++) {
            long common = lp_draw(&state, 0, 120);
            most = common > most ? common : most;
            for (size_t i = 0; i < 8; i++)
                payoff[8 * s + i] = base + common;
        }
        dt_game *game = lp_table(8, sizes, payoff, 1);
        for (int coarse = 0; coarse < 2; coarse++) {
            lp_run run = ask(coarse ? &dt_concept_coarse_correlated : &dt_concept_correlated, game,
                             1, round % 2 ? "P3" : "worst-off", "max");
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
            char text[32];
            snprintf(text, sizeof text, "%ld", base + most);
            CU_ASSERT(lp_is(run.result->value, text));
            lp_close(&run);
        }
        dt_game_free(game);
    }
}

/* Without the budget for the exact step, an enclosure that holds the exact optimum; a tie that
 * balls cannot decide is numeric, and says so. */
static void over_budget(void) {
    static const long plain[] = {6, 6, 2, 7, 7, 2, 0, 0}, pennies[] = {1, -1, -1, 1, -1, 1, 1, -1};
    for (int tie = 0; tie < 2; tie++) {
        dt_game *game = lp_table(2, (uint32_t[]){2, 2}, tie ? pennies : plain, 1);
        dt_diag *diag = dt_diag_new();
        dt_result_list *list = dt_result_list_new();
        dt_concept_request request = {.name = "correlated"};
        dt_control control = {.threads = 1};
        dt_solve_call call = {game, &request, &control, diag, list};
        dt_correlation c;
        dt_correlated answer;
        dt_goal goal;
        dt_goal_init(&goal, 2);
        dt_goal_player(&goal, 0);
        if (!tie)
            dt_goal_welfare(&goal);
        CU_ASSERT_EQUAL_FATAL(dt_correlation_open(&c, &call, "correlated", false, DT_KEEP_AS_FITS),
                              DT_OK);
        c.master.budget = 1;
        CU_ASSERT_EQUAL_FATAL(dt_correlation_answer(&c, &goal, &answer), DT_OK);
        CU_ASSERT(!answer.rational);
        fmpq_t truth;
        fmpq_init(truth);
        fmpq_set_si(truth, tie ? 0 : 21, tie ? 1 : 2);
        CU_ASSERT(arb_contains_fmpq(answer.value_ball, truth));
        if (tie) {
            CU_ASSERT_EQUAL(answer.certificate, DT_CERT_NUMERIC);
            CU_ASSERT_PTR_NOT_NULL_FATAL(answer.why);
            CU_ASSERT(strstr(answer.why, "longer than its budget") != NULL);
        } else {
            CU_ASSERT_EQUAL(answer.certificate, DT_CERT_BALL);
        }
        fmpq_clear(truth);
        dt_correlated_clear(&answer);
        dt_goal_clear(&goal);
        dt_correlation_close(&c);
        dt_result_list_free(list);
        dt_diag_free(diag);
        dt_game_free(game);
    }
}

/* --- payoffs kept, taken from the table, or computed whenever they are asked for --- */

typedef struct kept_run {
    dt_correlation c;
    dt_goal goal;
    dt_correlated answer;
    dt_diag *diag;
    dt_result_list *list;
} kept_run;

static void open_kept(kept_run *k, const dt_game *game, bool coarse, dt_keeping keeping,
                      const char *objective, int threads) {
    static dt_control control[5];
    static dt_concept_request request = {.name = "test"};
    dt_setting setting = {.text = objective};
    control[threads].threads = threads;
    k->diag = dt_diag_new();
    k->list = dt_result_list_new();
    dt_solve_call call = {game, &request, &control[threads], k->diag, k->list};
    dt_goal_init(&k->goal, game->players);
    CU_ASSERT_EQUAL_FATAL(dt_goal_parse(&k->goal, game, &setting, "test", k->diag), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_correlation_open(&k->c, &call, "test", coarse, keeping), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_correlation_answer(&k->c, &k->goal, &k->answer), DT_OK);
}

static void close_kept(kept_run *k) {
    dt_correlated_clear(&k->answer);
    dt_correlation_close(&k->c);
    dt_goal_clear(&k->goal);
    dt_result_list_free(k->list);
    dt_diag_free(k->diag);
}

/* The same doubles priced, the same answer. */
static void compare_kept(const dt_game *game, bool coarse, const char *objective) {
    kept_run run[3];
    static const dt_keeping keeping[3] = {DT_KEEP_ALL, DT_KEEP_NONE, DT_KEEP_AS_FITS};
    for (int i = 0; i < 3; i++) {
        open_kept(&run[i], game, coarse, keeping[i], objective, i == 1 ? 4 : 1);
        const dt_correlated *a = &run[0].answer, *b = &run[i].answer;
        const dt_master *m = &run[0].c.master, *n = &run[i].c.master;
        CU_ASSERT_EQUAL(run[i].c.o.kept, i != 1);
        CU_ASSERT_EQUAL_FATAL(m->o->profiles, n->o->profiles);
        CU_ASSERT_EQUAL(memcmp(m->reduced, n->reduced, m->o->profiles * sizeof(double)), 0);
        CU_ASSERT_EQUAL(a->certificate, b->certificate);
        CU_ASSERT_EQUAL_FATAL(a->rational, b->rational);
        CU_ASSERT_EQUAL_FATAL(a->count, b->count);
        CU_ASSERT(fmpq_equal(a->value, b->value));
        for (size_t s = 0; s < a->count; s++) {
            CU_ASSERT_EQUAL(a->profile[s], b->profile[s]);
            CU_ASSERT(a->rational ? fmpq_equal(a->probability + s, b->probability + s)
                                  : arb_equal(a->ball + s, b->ball + s));
        }
    }
    for (int i = 0; i < 3; i++)
        close_kept(&run[i]);
}

static void kept_or_computed(void) {
    static const uint32_t sizes[][4] = {{4, 4, 4, 1}, {3, 5, 2, 4}, {9, 7, 1, 1}, {1, 6, 5, 3}};
    static const size_t players[] = {3, 4, 2, 4};
    static const char *const name[] = {"welfare", "P1 - 2 P2", "worst-off"};
    static const char *const surd_name[] = {"welfare", "A - 2 B", "worst-off"};
    uint64_t state = 99;
    for (int round = 0; round < 12; round++) {
        const uint32_t *size = sizes[round % 4];
        size_t n = players[round % 4], profiles = size[0] * size[1] * size[2] * size[3];
        long *a = malloc(profiles * n * sizeof *a), *b = malloc(profiles * n * sizeof *b);
        for (size_t i = 0; i < profiles * n; i++) {
            a[i] = lp_draw(&state, -50, 50);
            b[i] = lp_draw(&state, -9, 9);
            if (round % 2 && i / n / (profiles / size[0]) == 0 && i % n == 0)
                a[i] -= 500; /* dominated: the game left is not the whole */
        }
        dt_game *game = lp_table(n, size, a, round < 6 ? 1 : 7);
        lp_surd g;
        lp_surd_init(&g, n, size, a, b);
        for (int i = 0; i < 6; i++) {
            compare_kept(game, i % 2, name[i / 2]);
            compare_kept(&g.game, i % 2, surd_name[i / 2]);
        }
        dt_game_free(game);
        free(a);
        free(b);
    }
}

/* Payoffs of 0 and 1, and digits of 1e-11 below: in doubles the reduced costs of what these decide
 * are within the tolerance, and not all profiles are in a small master. Only the exact pricing
 * finds the optimum. */
static void near_ties(void) {
    static const uint32_t sizes[][3] = {{3, 3, 1}, {2, 2, 2}, {2, 4, 1}};
    const long unit = 100000000000;
    uint64_t state = 2024;
    fmpq_t best, value;
    fmpq_init(best);
    fmpq_init(value);
    for (int round = 0; round < 30; round++) {
        const uint32_t *size = sizes[round % 3];
        size_t n = size[2] > 1 ? 3 : 2, profiles = size[0] * size[1] * size[2];
        long payoff[3 * MOST_PROFILES];
        for (size_t i = 0; i < profiles * n; i++)
            payoff[i] = unit * lp_draw(&state, 0, 1) + lp_draw(&state, 0, 9);
        dt_game *game = lp_table(n, size, payoff, 1);
        for (int coarse = n == 2; coarse < 2; coarse++) { /* vertices are few */
            polytope t = all_vertices(game, payoff, coarse);
            for (int goal = 0; goal < 2; goal++) {
                lp_run run = ask(coarse ? &dt_concept_coarse_correlated : &dt_concept_correlated,
                                 game, 1, goal ? "P1" : "welfare", "max");
                CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
                CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
                best_of(&t, goal ? (long[]){1, 0, 0} : (long[]){1, 1, 1}, best);
                lp_read(value, run.result->value);
                CU_ASSERT(fmpq_equal(value, best));
                lp_close(&run);
            }
            polytope_clear(&t);
        }
        dt_game_free(game);
    }
    fmpq_clear(best);
    fmpq_clear(value);
}

static volatile sig_atomic_t stop_flag;

static void on_alarm(int signal_number) {
    (void)signal_number;
    stop_flag = 1;
}

static void count_steps(void *user, const char *what, uint64_t done, uint64_t total) {
    if (what && strcmp(what, "steps to the optimum made") == 0) {
        CU_ASSERT(done <= total && total == 1000);
        ++*(int *)user;
    }
}

/* The least welfare of 65 536 profiles takes a minute; an alarm after some seconds stops it at
 * once, inside GLPK. */
static void interrupted(void) {
    enum { K = 16, N = K * K * K * K };
    uint64_t state = 7;
    long *payoff = malloc(4 * N * sizeof *payoff);
    for (size_t i = 0; i < 4 * N; i++)
        payoff[i] = lp_draw(&state, 0, 99);
    dt_game *game = lp_table(4, (uint32_t[]){K, K, K, K}, payoff, 1);
    dt_diag *diag = dt_diag_new();
    dt_result_list *list = dt_result_list_new();
    dt_setting two[] = {{.key = "objective", .text = "welfare"}, {.key = "sense", .text = "min"}};
    dt_concept_request request = {.name = "correlated", .settings = 2, .setting = two};
    int steps = 0;
    dt_control control = {
        .threads = 1, .stop = &stop_flag, .progress = count_steps, .user = &steps};
    dt_solve_call call = {game, &request, &control, diag, list};
    struct itimerval timer = {.it_value = {4, 0}};
    struct timespec before, after;
    signal(SIGALRM, on_alarm);
    clock_gettime(CLOCK_MONOTONIC, &before);
    setitimer(ITIMER_REAL, &timer, NULL);
    CU_ASSERT_EQUAL(dt_solve(&call), DT_ERR_INTERRUPTED);
    clock_gettime(CLOCK_MONOTONIC, &after);
    double took =
        (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
    CU_ASSERT(took > 3.9 && took < 6);
    CU_ASSERT(steps > 0);
    CU_ASSERT_EQUAL(list->count, 0);
    dt_result_list_free(list);
    dt_diag_free(diag);
    dt_game_free(game);
    free(payoff);
}

/* --- bad input --- */

static void refused(const dt_concept *what, const dt_game *game, size_t settings,
                    dt_setting *setting, const char *message) {
    lp_run run = lp_solve(what, game, 1, settings, setting);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL(run.list->count, 0);
    CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
    if (!strstr(dt_diag_get(run.diag, 0)->message, message))
        printf("\n    %s\n", dt_diag_get(run.diag, 0)->message);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, message) != NULL);
    lp_close(&run);
}

static void bad_settings(void) {
    static const long payoff[] = {6, 6, 2, 7, 7, 2, 0, 0};
    static const char *const bad[][2] = {
        {"P3", "there is no player 'P3'; did you mean 'P1'?"},
        {"wealth", "there is no player 'wealth'"},
        {"P1 + P3", "there is no player 'P3'"},
        {"0 P1 + 0 P2", "all weights of the objective '0 P1 + 0 P2' are 0"},
        {"P1 - P1", "all weights"},
        {"nan*P1", "a weight is a finite decimal or a fraction, not 'nan'"},
        {"inf P1", "a weight is a finite decimal or a fraction, not 'inf'"},
        {"-Infinity P1", "a weight is a finite decimal or a fraction, not 'Infinity'"},
        {"1e999 P1", "a weight is a decimal or a fraction, not '1e999'"},
        {"1/0 P1", "a weight is a decimal or a fraction, not '1/0'"},
        {"1.2.3 P1", "a weight is a decimal or a fraction, not '1.2.3'"},
        {"2", "a player's name is missing"},
        {"P1 P2", "a + or - is missing before 'P2'"},
        {"P1 +", "a player's name is missing"},
        {"", "a player's name is missing"},
        {"P1 + + P2", "a player's name is missing"},
    };
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dt_setting setting = {.key = "objective", .text = bad[i][0]};
        refused(&dt_concept_correlated, game, 1, &setting, bad[i][1]);
        refused(&dt_concept_coarse_correlated, game, 1, &setting, bad[i][1]);
    }
    dt_setting sense = {.key = "sense", .text = "best"};
    refused(&dt_concept_coarse_correlated, game, 1, &sense,
            "coarse-correlated: sense is \"max\" or \"min\", not 'best'");
    dt_setting x[] = {{.key = "x", .text = "P9"}, {.key = "y", .text = "P1"}};
    refused(&dt_concept_payoff_polygon, game, 2, x, "there is no player 'P9'");
    x[0].text = "P1";
    refused(&dt_concept_payoff_polygon, game, 2, x, "two different players, not both 'P1'");
    dt_setting y = {.key = "y", .text = "P1"}; /* then x is the other one */
    lp_run run = lp_solve(&dt_concept_payoff_polygon, game, 1, 1, &y);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(run.result->axis[0] == 1 && run.result->axis[1] == 0);
    lp_close(&run);
    dt_game_free(game);
    game = lp_table(1, (uint32_t[]){2}, payoff, 1);
    refused(&dt_concept_payoff_polygon, game, 0, NULL, "takes two players, and the game has one");
    dt_game_free(game);
}

/* Weights and payoffs of any size: scaled out exactly; a value beyond doubles is an error. */
static void extreme_weights(void) {
    static const long payoff[] = {6, 6, 2, 7, 7, 2, 0, 0};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    lp_run run = ask(&dt_concept_correlated, game, 1, "1e300 P1 + 1e300 P2", "max");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_DOUBLE_EQUAL(run.result->value.value / 10.5e300, 1, 1e-15);
    lp_close(&run);
    run = ask(&dt_concept_correlated, game, 1, "1e-300*P1 + 1e-300*P2", "max");
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_DOUBLE_EQUAL(run.result->value.value / 10.5e-300, 1, 1e-15);
    lp_close(&run);
    dt_setting setting = {.key = "objective", .text = "1e308 P1 + 1e308 P2"};
    run = lp_solve(&dt_concept_correlated, game, 1, 1, &setting);
    CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
    CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
    CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "beyond a double's range") != NULL);
    lp_close(&run);
    dt_game_free(game);
}

int main(void) {
    static const dt_case cases[] = {
        {"ties within the tolerance", near_ties},
        {"coarse where dominance leaves one profile", commitment},
        {"chicken: worst-off, weights, polygon", chicken},
        {"two strategies each: coarse is correlated", two_strategies},
        {"random games against all vertices", against_vertices},
        {"random games against the whole LP", against_whole},
        {"many profiles, any threads", many_profiles},
        {"irrational payoffs", irrational},
        {"beyond doubles", beyond_doubles},
        {"over budget", over_budget},
        {"payoffs kept or computed", kept_or_computed},
        {"interrupted", interrupted},
        {"bad settings", bad_settings},
        {"extreme weights", extreme_weights},
    };
    int status = DT_RUN_SUITE("correlation", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
