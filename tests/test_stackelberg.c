/* Commitment: known answers, exhaustion, properties, messages. SPDX: GPL-3.0-or-later */
#include "brute.h"
#include "commitment_brute.h"
#include "lp_games.h"

#include <math.h>

#include "deterra/certify.h"
#include "equilibrium/stackelberg/stackelberg.h"
#include "lp/lp.h"

static lp_run commit(const dt_game *game, const char *leader, const char *commitment,
                     const char *ties, int threads) {
    dt_setting setting[] = {{.key = "leader", .text = leader},
                            {.key = "commitment", .text = commitment},
                            {.key = "ties", .text = ties}};
    return lp_solve(&dt_concept_stackelberg, game, threads, 3, setting);
}

static const dt_entry *named(const dt_result *r, const char *name) {
    for (size_t i = 0; r && i < r->named_values; i++)
        if (strcmp(r->named_value[i].name, name) == 0)
            return &r->named_value[i].entry;
    return NULL;
}

/* Is the leader's payoff that fraction? */
static int pays(const dt_result *r, const char *fraction) {
    const dt_entry *e = named(r, "leader_payoff");
    return e && lp_is(e->number, fraction);
}

static int attained(const dt_result *r) {
    const dt_entry *e = named(r, "attained");
    return e ? (int)e->truth : -2;
}

/* --- known answers ------------------------------------------------------------------------- */

/* Conitzer and Sandholm 2006, section 1 (and von Stengel and Zamir 2010, section 1): Row's first
 * strategy dominates, so the equilibrium pays 2; committing to the second pays 3, to an even
 * mixture 7/2, where Column is indifferent. Without Column's kindness 7/2 is a limit only. */
static void conitzer_sandholm(void) {
    static const long payoff[] = {2, 1, 4, 0, 1, 0, 3, 1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    lp_run run = commit(game, "P1", "mixed", "strong", 1);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(pays(run.result, "7/2"));
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    const dt_item *item = &run.result->item[0];
    CU_ASSERT_EQUAL(item->certificate, DT_CERT_EXACT);
    CU_ASSERT(item->mixture[0].count == 2 && lp_is(item->mixture[0].weight[0].probability, "1/2"));
    CU_ASSERT(item->mixture[1].count == 1 && item->mixture[1].weight[0].strategy == 1);
    CU_ASSERT(lp_is(item->payoff[0], "7/2") && lp_is(item->payoff[1], "1/2"));
    lp_close(&run);

    run = commit(game, "P1", "mixed", "weak", 1);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(pays(run.result, "7/2"));
    CU_ASSERT(run.result->items == 0 && attained(run.result) == DT_FALSE);
    CU_ASSERT_EQUAL(run.result->complete, DT_TRUE);
    CU_ASSERT_EQUAL(run.result->certificate, DT_CERT_EXACT);
    const dt_entry *limit = named(run.result, "limit_commitment");
    const dt_entry *inner = named(run.result, "inner_commitment");
    const dt_entry *reply = named(run.result, "induced_reply");
    CU_ASSERT_FATAL(limit && inner && reply);
    CU_ASSERT(limit->mixture.count == 2 && lp_is(limit->mixture.weight[1].probability, "1/2"));
    CU_ASSERT(reply->player == 1 && reply->mixture.weight[0].strategy == 1);
    lp_close(&run);

    static const char *const ties[] = {"strong", "weak"};
    for (int t = 0; t < 2; t++) { /* pure: 3 by committing to the second */
        run = commit(game, "P1", "pure", ties[t], 1);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
        CU_ASSERT(run.result->item[0].profile[0] == 1 && run.result->item[0].profile[1] == 1);
        CU_ASSERT(lp_is(run.result->item[0].payoff[0], "3"));
        CU_ASSERT_EQUAL(run.result->complete, DT_TRUE);
        lp_close(&run);
    }
    dt_game_free(game);
}

/* von Stackelberg 1934: linear duopoly with price 12 - q1 - q2 and no cost. Cournot's equilibrium
 * is (4, 4) with 16 each; the leader sells 6, the follower 3, and they earn 18 and 9. */
static void duopoly(void) {
    enum { Q = 13 };
    long payoff[2 * Q * Q];
    for (long p = 0; p < Q; p++)
        for (long q = 0; q < Q; q++) {
            payoff[2 * (p * Q + q)] = p * (12 - p - q);
            payoff[2 * (p * Q + q) + 1] = q * (12 - p - q);
        }
    dt_game *game = lp_table(2, (uint32_t[]){Q, Q}, payoff, 1);
    for (int leader = 0; leader < 2; leader++) {
        lp_run run = commit(game, leader ? "P2" : "P1", "pure", "weak", 1);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
        const dt_item *item = &run.result->item[0];
        CU_ASSERT(item->profile[leader] == 6 && item->profile[!leader] == 3);
        CU_ASSERT(lp_is(item->payoff[leader], "18") && lp_is(item->payoff[!leader], "9"));
        lp_close(&run);
    }
    dt_game_free(game);
}

/* von Stengel and Zamir 2010, Theorem 11: where the follower is always indifferent the leader gets
 * the most, over x, of the best or of the worst reply; and a reply that is best only on the edge of
 * the simplex counts for the strong value alone. */
static void degenerate(void) {
    /* a = (4 0; 0 4) with b = 0: strong 4; weak 2 at an even mixture, attained. */
    static const long same[] = {4, 0, 0, 0, 0, 0, 4, 0};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, same, 1);
    lp_run run = commit(game, "P1", "mixed", "strong", 2);
    CU_ASSERT(run.status == DT_OK && pays(run.result, "4"));
    CU_ASSERT_EQUAL(run.result->items, 2); /* a pure strategy for each reply */
    lp_close(&run);
    run = commit(game, "P1", "mixed", "weak", 2);
    CU_ASSERT(run.status == DT_OK && pays(run.result, "2") && attained(run.result) == DT_TRUE);
    CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
    CU_ASSERT(lp_is(run.result->item[0].mixture[0].weight[0].probability, "1/2"));
    lp_close(&run);
    dt_game_free(game);

    /* right is best at the first strategy alone, where it ties: 10 if the follower is kind. */
    static const long edge[] = {1, 0, 10, 0, 1, 0, 1, -1};
    game = lp_table(2, (uint32_t[]){2, 2}, edge, 1);
    run = commit(game, "P1", "mixed", "strong", 1);
    CU_ASSERT(run.status == DT_OK && pays(run.result, "10"));
    lp_close(&run);
    run = commit(game, "P1", "mixed", "weak", 1);
    CU_ASSERT(run.status == DT_OK && pays(run.result, "1") && attained(run.result) == DT_TRUE);
    lp_close(&run);
    dt_game_free(game);
}

/* --- exhaustion ---------------------------------------------------------------------------- */

/* A random bimatrix game; few values, so that ties are common. */
typedef struct sample {
    uint32_t size[2];
    long a[32], b[32], payoff[64];
} sample;

static void draw_sample(sample *g, uint64_t *state, size_t most_rows, size_t most_columns,
                        long range) {
    g->size[0] = (uint32_t)lp_draw(state, 1, (long)most_rows);
    g->size[1] = (uint32_t)lp_draw(state, 1, (long)most_columns);
    size_t count = g->size[0] * g->size[1];
    for (size_t k = 0; k < count; k++) {
        g->a[k] = g->payoff[2 * k] = lp_draw(state, -range, range);
        g->b[k] = g->payoff[2 * k + 1] = lp_draw(state, -range, range);
    }
}

static void mixed_against_vertices(void) {
    uint64_t state = 4711;
    fmpq_t want, got;
    fmpq_init(want);
    fmpq_init(got);
    int not_attained = 0, degenerate_gap = 0;
    for (int round = 0; round < 400; round++) {
        sample g;
        bool small =
            round % 10 != 0; /* three strategies of the leader take longer by brute force */
        draw_sample(&g, &state, small ? 2 : 3, small ? 4 : 3, round % 3 ? 2 : 9);
        bimatrix apart = {g.size[0], g.size[1], g.a, g.b};
        dt_game *game = lp_table(2, g.size, g.payoff, 3);
        lp_run strong = commit(game, "P1", "mixed", "strong", 1 + round % 2);
        CU_ASSERT_EQUAL_FATAL(strong.status, DT_OK);
        brute_strong(&apart, want);
        fmpq_div_fmpz(want, want, (fmpz[]){3});
        lp_read(got, named(strong.result, "leader_payoff")->number);
        CU_ASSERT(fmpq_equal(want, got));
        CU_ASSERT(strong.result->items > 0);
        for (size_t i = 0; i < strong.result->items; i++)
            CU_ASSERT_EQUAL(strong.result->item[i].certificate, DT_CERT_EXACT);

        lp_run weak = commit(game, "P1", "mixed", "weak", 1 + round % 2);
        CU_ASSERT_EQUAL_FATAL(weak.status, DT_OK);
        bool reached = brute_weak(&apart, want);
        fmpq_div_fmpz(want, want, (fmpz[]){3});
        degenerate_gap += fmpq_cmp(want, got) < 0;
        lp_read(got, named(weak.result, "leader_payoff")->number);
        CU_ASSERT(fmpq_equal(want, got));
        CU_ASSERT_EQUAL(attained(weak.result), reached ? DT_TRUE : DT_FALSE);
        CU_ASSERT_EQUAL(weak.result->items > 0, reached);
        not_attained += !reached;
        for (size_t i = 0; i < weak.result->items; i++) /* the commitment pays at worst the value */
            CU_ASSERT(lp_is(weak.result->item[i].payoff[0],
                            named(weak.result, "leader_payoff")->number.exact));
        lp_close(&strong);
        lp_close(&weak);
        dt_game_free(game);
    }
    CU_ASSERT(not_attained > 20 && degenerate_gap > 5);
    fmpq_clear(want);
    fmpq_clear(got);
}

/* Pure commitment by enumeration of the followers' deviations. */
static void pure_against_enumeration(void) {
    uint64_t state = 99;
    int empty = 0, several = 0, none = 0;
    for (int round = 0; round < 300; round++) {
        uint32_t size[3];
        size_t players = round % 5 == 0 ? 2 : 3,
               leader = (size_t)lp_draw(&state, 0, (long)players - 1);
        for (size_t p = 0; p < players; p++)
            size[p] = (uint32_t)lp_draw(&state, 1, 4);
        brute b = brute_new(players, size);
        long payoff[3 * 64], range = round % 2 ? 2 : 50;
        for (size_t k = 0; k < players * b.profiles; k++) {
            payoff[k] = lp_draw(&state, -range, range);
            fmpq_set_si(b.payoff + k, payoff[k], 1);
        }
        dt_game *game = lp_table(players, size, payoff, 1);
        for (int weak = 0; weak < 2; weak++) {
            bool listed[64] = {false}, any = false;
            long best = 0;
            long each[4];
            uint64_t counts[4] = {0};
            for (uint64_t k = 0; k < b.profiles; k++) {
                bool stable = true;
                for (size_t p = 0; p < players; p++)
                    for (uint32_t s = 0; s < size[p] && p != leader; s++)
                        stable = stable && payoff[brute_deviate(&b, k, p, s) * players + p] <=
                                               payoff[k * players + p];
                uint32_t c = brute_strategy(&b, k, leader);
                long value = payoff[k * players + leader];
                if (!stable)
                    continue;
                if (!counts[c]++ || (weak ? value < each[c] : value > each[c]))
                    each[c] = value;
                listed[k] = true;
            }
            uint64_t without = 0;
            for (uint32_t c = 0; c < size[leader]; c++) {
                without += counts[c] == 0;
                several += counts[c] > 1;
                if (counts[c] && (!any || each[c] > best))
                    best = each[c];
                any = any || counts[c];
            }
            size_t outcomes = 0;
            for (uint64_t k = 0; k < b.profiles; k++) {
                listed[k] = listed[k] && payoff[k * players + leader] == best &&
                            each[brute_strategy(&b, k, leader)] == best;
                outcomes += listed[k];
            }
            lp_run run = commit(game, game->player[leader].name, "pure", weak ? "weak" : "strong",
                                1 + round % 2);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL(run.result->items, outcomes);
            CU_ASSERT_EQUAL(run.result->complete, DT_TRUE);
            for (size_t i = 0; i < run.result->items; i++) {
                CU_ASSERT(listed[dt_profile_index(game, run.result->item[i].profile)]);
                CU_ASSERT_EQUAL(run.result->item[i].certificate, DT_CERT_EXACT);
                CU_ASSERT_EQUAL(run.result->item[i].payoff[leader].value, (double)best);
            }
            const dt_named_table *table = run.result->named_table[0];
            CU_ASSERT_EQUAL_FATAL(table->rows, size[leader]);
            for (uint32_t c = 0; c < size[leader]; c++) {
                const dt_entry *row = &table->cell[c * table->columns];
                CU_ASSERT(row[0].mixture.weight[0].strategy == c && row[1].count == counts[c]);
                CU_ASSERT_EQUAL(row[2].kind, counts[c] ? DT_ENTRY_NUMBER : DT_ENTRY_NONE);
                if (counts[c])
                    CU_ASSERT_EQUAL(row[2].number.value, (double)each[c]);
            }
            CU_ASSERT_EQUAL(run.result->notes, without > 0);
            empty += without > 0;
            none += !any;
            lp_close(&run);
        }
        dt_game_free(game);
        brute_free(&b);
    }
    CU_ASSERT(empty > 20 && several > 20 && none > 2);
}

/* --- properties ---------------------------------------------------------------------------- */

/* Commitment is worth no less than any equilibrium, and the weak one no less than what the leader
 * secures (von Stengel and Zamir 2010, section 1); in constant-sum games all are one number. */
static void against_other_concepts(void) {
    uint64_t state = 2024;
    fmpq_t strong, weak, secure, nash;
    fmpq_init(strong);
    fmpq_init(weak);
    fmpq_init(secure);
    fmpq_init(nash);
    int equilibria = 0;
    for (int round = 0; round < 80; round++) {
        uint32_t size[2] = {(uint32_t)lp_draw(&state, 2, 12), (uint32_t)lp_draw(&state, 2, 12)};
        long payoff[2 * 144], range = round % 4 == 0 ? 1 : 30;
        bool constant = round % 5 == 0;
        for (size_t k = 0; k < size[0] * size[1]; k++) {
            payoff[2 * k] = lp_draw(&state, -range, range);
            payoff[2 * k + 1] = constant ? 7 - payoff[2 * k] : lp_draw(&state, -range, range);
        }
        dt_game *game = lp_table(2, size, payoff, 7);
        dt_setting player = {.key = "player", .text = "P1"};
        lp_run s = commit(game, "P1", "mixed", "strong", 1),
               w = commit(game, "P1", "mixed", "weak", 2);
        lp_run m = lp_solve(&dt_concept_maximin, game, 1, 1, &player);
        lp_run n = lp_solve(&dt_concept_pure_nash, game, 1, 0, NULL);
        CU_ASSERT_FATAL(s.status == DT_OK && w.status == DT_OK);
        CU_ASSERT_FATAL(m.status == DT_OK && n.status == DT_OK);
        lp_read(strong, named(s.result, "leader_payoff")->number);
        lp_read(weak, named(w.result, "leader_payoff")->number);
        lp_read(secure, m.result->security[0].value);
        CU_ASSERT(fmpq_cmp(strong, weak) >= 0 && fmpq_cmp(weak, secure) >= 0);
        CU_ASSERT(!constant || (fmpq_equal(strong, secure) && fmpq_equal(weak, secure)));
        for (size_t i = 0; i < n.result->items; i++) {
            lp_read(nash, n.result->item[i].payoff[0]);
            CU_ASSERT(fmpq_cmp(strong, nash) >= 0);
            equilibria++;
        }
        lp_close(&s);
        lp_close(&w);
        lp_close(&m);
        lp_close(&n);
        dt_game_free(game);
    }
    CU_ASSERT(equilibria > 50);
    fmpq_clear(strong);
    fmpq_clear(weak);
    fmpq_clear(secure);
    fmpq_clear(nash);
}

/* Payoffs from 1e-9 to 1e9: the value scales with the leader's, and not with the follower's. */
static void badly_scaled(void) {
    uint64_t state = 5;
    enum { M = 6, N = 5, SIZE = 2 * M * N };
    fmpq *payoff = _fmpq_vec_init(SIZE);
    fmpq_t scale[2], first, here;
    fmpq_init(scale[0]);
    fmpq_init(scale[1]);
    fmpq_init(first);
    fmpq_init(here);
    for (int round = 0; round < 10; round++) {
        long whole[SIZE];
        for (size_t k = 0; k < SIZE; k++)
            whole[k] = lp_draw(&state, -20, 20);
        for (int s = 0; s < 4; s++) {
            for (int p = 0; p < 2; p++) { /* by 1; 1e9 and 1e-9; 1e-9 and 1e9; 1e-9 both */
                int small = (s == 1 && p == 1) || (s == 2 && p == 0) || s == 3;
                fmpq_set_si(scale[p], s == 0 ? 1 : 1000000000, 1);
                if (small)
                    fmpq_inv(scale[p], scale[p]);
            }
            for (size_t k = 0; k < SIZE; k++) {
                fmpq_set_si(payoff + k, whole[k], 1);
                fmpq_mul(payoff + k, payoff + k, scale[k % 2]);
            }
            dt_game *game = NULL;
            CU_ASSERT_EQUAL_FATAL(dt_game_from_table(2, (uint32_t[]){M, N}, payoff, &game), DT_OK);
            for (int weak = 0; weak < 2; weak++) {
                lp_run run = commit(game, "P1", "mixed", weak ? "weak" : "strong", 1);
                CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
                lp_read(here, named(run.result, "leader_payoff")->number);
                CU_ASSERT(named(run.result, "leader_payoff")->number.exact != NULL);
                fmpq_div(here, here, scale[0]);
                if (s == 0 && !weak)
                    fmpq_set(first, here);
                CU_ASSERT(weak || fmpq_equal(here, first));
                CU_ASSERT(fmpq_cmp(here, first) <= 0);
                lp_close(&run);
            }
            dt_game_free(game);
        }
    }
    _fmpq_vec_clear(payoff, SIZE);
    fmpq_clear(scale[0]);
    fmpq_clear(scale[1]);
    fmpq_clear(first);
    fmpq_clear(here);
}

/* Irrational payoffs: all times sqrt(2), the value is sqrt(2) times that of the rational game,
 * within a radius that says so. */
static void balls(void) {
    uint64_t state = 31;
    int ball = 0;
    for (int round = 0; round < 40; round++) {
        sample g;
        draw_sample(&g, &state, 4, 5, 30);
        long zero[64] = {0};
        dt_game *game = lp_table(2, g.size, g.payoff, 1);
        lp_surd surd;
        lp_surd_init(&surd, 2, g.size, zero, g.payoff);
        for (int weak = 0; weak < 2; weak++) {
            const char *ties = weak ? "weak" : "strong";
            lp_run exact = commit(game, "P1", "mixed", ties, 1);
            lp_run run = commit(&surd.game, "A", "mixed", ties, 2);
            CU_ASSERT_EQUAL_FATAL(exact.status, DT_OK);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            dt_number want = named(exact.result, "leader_payoff")->number;
            dt_number got = named(run.result, "leader_payoff")->number;
            double error = fabs(got.value - want.value * 1.4142135623730951);
            CU_ASSERT(error <= got.radius + 1e-13 * (1 + fabs(want.value)));
            dt_certificate c =
                run.result->items ? run.result->item[0].certificate : run.result->certificate;
            bool certain = got.exact || got.radius < 1e-9;
            CU_ASSERT(c == (certain ? DT_CERT_BALL : DT_CERT_NUMERIC));
            CU_ASSERT(!weak || attained(run.result) == DT_UNKNOWN);
            ball += certain;
            lp_close(&exact);
            lp_close(&run);
        }
        lp_run pure = commit(&surd.game, "A", "pure", "strong", 1);
        lp_run same = commit(game, "P1", "pure", "strong", 1);
        CU_ASSERT_FATAL(pure.status == DT_OK && same.status == DT_OK);
        CU_ASSERT_EQUAL_FATAL(pure.result->items, same.result->items);
        for (size_t i = 0; i < pure.result->items; i++)
            CU_ASSERT(memcmp(pure.result->item[i].profile, same.result->item[i].profile,
                             2 * sizeof(uint32_t)) == 0);
        lp_close(&pure);
        lp_close(&same);
        dt_game_free(game);
    }
    CU_ASSERT(ball > 60);
}

/* --- budget, threads, interrupts, certificates --------------------------------------------- */

static dt_game *random_game(uint64_t seed, uint32_t m, uint32_t n) {
    long *payoff = malloc(2 * (size_t)m * n * sizeof *payoff);
    for (size_t k = 0; k < 2 * (size_t)m * n; k++)
        payoff[k] = lp_draw(&seed, 0, 99);
    dt_game *game = lp_table(2, (uint32_t[]){m, n}, payoff, 1);
    free(payoff);
    return game;
}

/* Beyond the budget of the exact step the answer is numeric, near the exact one, and says so. */
static void beyond_the_budget(void) {
    dt_game *game = random_game(77, 20, 20);
    for (int weak = 0; weak < 2; weak++) {
        lp_run exact = commit(game, "P1", "mixed", weak ? "weak" : "strong", 1);
        lp_run run = {.diag = dt_diag_new(), .list = dt_result_list_new()};
        dt_concept_request request = {.name = "stackelberg"};
        dt_solve_call call = {
            .game = game, .request = &request, .diag = run.diag, .results = run.list};
        dt_result *r = dt_result_add(run.list, "stackelberg", DT_SHAPE_EQUILIBRIA);
        CU_ASSERT_EQUAL_FATAL(
            dt_commit_mixed(&call, 0, 1, weak ? DT_TIES_WEAK : DT_TIES_STRONG, 1, r), DT_OK);
        dt_number want = named(exact.result, "leader_payoff")->number;
        dt_number got = named(r, "leader_payoff")->number;
        CU_ASSERT(!got.exact && got.radius > 0 && got.radius < 1e-6);
        CU_ASSERT(fabs(got.value - want.value) <= got.radius);
        CU_ASSERT_EQUAL(r->items ? r->item[0].certificate : r->certificate, DT_CERT_NUMERIC);
        CU_ASSERT(r->notes == 1 && strstr(r->note[0], "budget"));
        lp_close(&exact);
        lp_close(&run);
        dt_game_free(NULL);
    }
    dt_game_free(game);
}

static void same_for_any_threads(void) {
    dt_game *game = random_game(3, 25, 25);
    char first[8192] = "";
    for (int threads = 1; threads <= 4; threads++) {
        lp_run run = commit(game, "P2", "mixed", "strong", threads);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        char text[8192] = "";
        for (size_t i = 0; i < run.result->items; i++)
            for (size_t k = 0; k < run.result->item[i].mixture[1].count; k++)
                snprintf(text + strlen(text), sizeof text - strlen(text), "%u %s;",
                         run.result->item[i].mixture[1].weight[k].strategy,
                         run.result->item[i].mixture[1].weight[k].probability.exact);
        if (threads == 1)
            strcpy(first, text);
        CU_ASSERT(*first && strcmp(first, text) == 0);
        lp_close(&run);
    }
    dt_game_free(game);
}

static void interrupts(void) {
    dt_game *game = random_game(3, 25, 25);
    static const char *const how[] = {"mixed", "pure"};
    for (int h = 0; h < 2; h++) {
        volatile sig_atomic_t stop = 1;
        dt_setting setting[] = {{.key = "leader", .text = "P1"},
                                {.key = "commitment", .text = how[h]}};
        dt_concept_request request = {.name = "stackelberg", .settings = 2, .setting = setting};
        dt_control control = {.threads = 2, .stop = &stop};
        lp_run run = {.diag = dt_diag_new(), .list = dt_result_list_new()};
        dt_solve_call call = {.game = game,
                              .request = &request,
                              .control = &control,
                              .diag = run.diag,
                              .results = run.list};
        CU_ASSERT_EQUAL(dt_solve(&call), DT_ERR_INTERRUPTED);
        lp_close(&run);
    }
    dt_game_free(game);
}

/* Wrong claims are refused. */
static void certificates(void) {
    static const long payoff[] = {2, 1, 4, 0, 1, 0, 3, 1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    dt_workspace *w = dt_workspace_new(game);
    dt_verdict v;
    CU_ASSERT_EQUAL_FATAL(dt_verdict_init(&v, game), DT_OK);
    static const struct {
        long up, down; /* of 10 */
        uint32_t reply;
        bool for_leader;
        dt_truth holds;
    } claim[] = {
        {5, 5, 1, true, DT_TRUE},  {5, 5, 1, false, DT_FALSE},  {5, 5, 0, false, DT_TRUE},
        {5, 5, 0, true, DT_FALSE}, {6, 4, 1, true, DT_FALSE},   {4, 6, 1, false, DT_TRUE},
        {5, 6, 1, true, DT_FALSE}, {-1, 11, 1, true, DT_FALSE}, {10, 0, 0, true, DT_TRUE},
    };
    fmpq *x = _fmpq_vec_init(2);
    for (size_t i = 0; i < sizeof claim / sizeof *claim; i++) {
        fmpq_set_si(x, claim[i].up, 10);
        fmpq_set_si(x + 1, claim[i].down, 10);
        dt_commitment_claim c = {.leader = 0,
                                 .follower = 1,
                                 .weight = x,
                                 .reply = claim[i].reply,
                                 .for_leader = claim[i].for_leader};
        CU_ASSERT_EQUAL(dt_certify_commitment(game, w, &c, NULL, NULL, &v), DT_OK);
        CU_ASSERT_EQUAL(v.equilibrium, claim[i].holds);
    }
    _fmpq_vec_clear(x, 2);
    dt_verdict_clear(&v, game);
    dt_workspace_free(game, w);
    dt_game_free(game);
}

/* --- messages ------------------------------------------------------------------------------ */

static void expect_message(const dt_game *game, size_t settings, dt_setting *setting,
                           const char *part) {
    lp_run run = {.diag = dt_diag_new(), .list = dt_result_list_new()};
    dt_concept_request request = {.name = "stackelberg", .settings = settings, .setting = setting};
    dt_control control = {.threads = 1};
    dt_solve_call call = {.game = game,
                          .request = &request,
                          .control = &control,
                          .diag = run.diag,
                          .results = run.list};
    CU_ASSERT_EQUAL(dt_solve(&call), DT_ERR_INPUT);
    CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
    const char *message = dt_diag_get(run.diag, 0)->message;
    CU_ASSERT(strstr(message, part) != NULL);
    if (!strstr(message, part))
        printf("\n%s\nhas no \"%s\"\n", message, part);
    lp_close(&run);
}

static void messages(void) {
    long payoff[3 * 8] = {0};
    dt_game *three = lp_table(3, (uint32_t[]){2, 2, 2}, payoff, 1);
    dt_game *one = lp_table(1, (uint32_t[]){2}, payoff, 1);
    expect_message(three, 0, NULL, "stackelberg needs `leader`");
    expect_message(three, 1, (dt_setting[]){{.key = "leader", .text = "P4"}},
                   "there is no player `P4` to lead; did you mean `P1`?");
    expect_message(
        three, 2,
        (dt_setting[]){{.key = "leader", .text = "P2"}, {.key = "commitment", .text = "mixed"}},
        "applies to one follower, and here P1 and P3 reply to P2; commitment=pure");
    expect_message(three, 2,
                   (dt_setting[]){{.key = "leader", .text = "P2"}, {.key = "ties", .text = "nice"}},
                   "`ties` of stackelberg takes one of strong|weak, not `nice`");
    expect_message(one, 1, (dt_setting[]){{.key = "leader", .text = "P1"}},
                   "P1 is the only player; pure-nash");
    dt_game_free(one);
    dt_game_free(three);
    /* A third player without a choice is no follower. */
    static const long two[] = {2, 1, 0, 4, 0, 0, 1, 0, 0, 3, 1, 0};
    dt_game *idle = lp_table(3, (uint32_t[]){2, 2, 1}, two, 1);
    lp_run run = commit(idle, "P1", "mixed", "strong", 1);
    CU_ASSERT(run.status == DT_OK && pays(run.result, "7/2"));
    lp_close(&run);
    dt_game_free(idle);
}

int main(void) {
    static const dt_case cases[] = {
        {"Conitzer and Sandholm's example", conitzer_sandholm},
        {"Stackelberg's duopoly", duopoly},
        {"degenerate games", degenerate},
        {"mixed commitment against all vertices", mixed_against_vertices},
        {"pure commitment against enumeration", pure_against_enumeration},
        {"against maximin, minimax, Nash", against_other_concepts},
        {"payoffs from 1e-9 to 1e9", badly_scaled},
        {"irrational payoffs", balls},
        {"beyond the exact step's budget", beyond_the_budget},
        {"the same for any threads", same_for_any_threads},
        {"interrupts", interrupts},
        {"certificates", certificates},
        {"messages", messages},
    };
    int status = DT_RUN_SUITE("stackelberg", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
