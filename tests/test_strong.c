/* Strong and coalition-proof pure equilibria. SPDX: GPL-3.0-or-later */
#include "brute.h"
#include "lp/lp.h"
#include "lp_games.h"

enum { PLAYERS = 4 };

/* The profiles of a result, as a set of indices. */
static uint64_t found(const dt_game *game, const dt_result *result) {
    uint64_t set = 0;
    for (size_t k = 0; k < result->items; k++)
        set |= UINT64_C(1) << dt_profile_index(game, result->item[k].profile);
    return set;
}

static const dt_named_table *broken(const dt_result *result) {
    for (size_t t = 0; t < result->named_tables; t++)
        if (strcmp(result->named_table[t]->name, "broken") == 0)
            return result->named_table[t];
    return NULL;
}

static lp_run solve_kind(const dt_concept *what, const dt_game *game, bool weak, int threads) {
    dt_setting setting = {.key = "deviation", .text = "weak"};
    return lp_solve(what, game, threads, weak, &setting);
}

/* Aumann 1959: none, as both gain by not defecting. Bernheim, Peleg and Whinston 1987: mutual
 * defection is coalition-proof, as each would leave any joint deviation. */
static void prisoners(void) {
    static const long payoff[] = {3, 3, 0, 5, 5, 0, 1, 1};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_strong_nash, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT(run.result->items == 0 && run.result->certificate == DT_CERT_EXACT);
    CU_ASSERT_EQUAL(run.result->complete, DT_TRUE);
    const dt_named_table *table = broken(run.result);
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    CU_ASSERT_EQUAL_FATAL(table->rows, 1);
    CU_ASSERT_EQUAL(dt_profile_index(game, table->cell[0].profile), 3);
    CU_ASSERT_STRING_EQUAL(table->cell[1].text, "P1+P2");
    CU_ASSERT_EQUAL(dt_profile_index(game, table->cell[2].profile), 0);
    CU_ASSERT_STRING_EQUAL(run.result->note[0], "There is 1 pure Nash equilibrium.");
    lp_close(&run);
    run = lp_solve(&dt_concept_coalition_proof, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(found(game, run.result), UINT64_C(1) << 3);
    CU_ASSERT_EQUAL(run.result->item[0].certificate, DT_CERT_EXACT);
    lp_close(&run);
    dt_game_free(game);
}

static void battle_of_the_sexes(void) {
    static const long payoff[] = {2, 1, 0, 0, 0, 0, 1, 2};
    dt_game *game = lp_table(2, (uint32_t[]){2, 2}, payoff, 1);
    const dt_concept *both[] = {&dt_concept_strong_nash, &dt_concept_coalition_proof};
    for (int c = 0; c < 2; c++) {
        lp_run run = lp_solve(both[c], game, 1, 0, NULL);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL(found(game, run.result), 9);
        CU_ASSERT_PTR_NULL(broken(run.result));
        lp_close(&run);
    }
    dt_game_free(game);
}

/* The three-player game with which Bernheim, Peleg and Whinston 1987 begin: (1, 1, 1) is better for
 * all than (2, 2, 2), but players 1 and 2 would leave it together; so only (2, 2, 2) is
 * coalition-proof, though not efficient, and no equilibrium is strong. */
static void three_players(void) {
    static const long payoff[] = {0,  0,  10, -2, -2, 0, -5, -5, 0,  -5, -5, 0,
                                  -5, -5, 0,  -5, -5, 0, 1,  1,  -5, -1, -1, 5};
    dt_game *game = lp_table(3, (uint32_t[]){2, 2, 2}, payoff, 1);
    lp_run run = lp_solve(&dt_concept_coalition_proof, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(found(game, run.result), UINT64_C(1) << 7);
    const dt_named_table *table = broken(run.result);
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    CU_ASSERT_EQUAL(dt_profile_index(game, table->cell[0].profile), 0);
    CU_ASSERT_STRING_EQUAL(table->cell[1].text, "P1+P2");
    CU_ASSERT_EQUAL(dt_profile_index(game, table->cell[2].profile), 6);
    lp_close(&run);
    run = lp_solve(&dt_concept_strong_nash, game, 1, 0, NULL);
    CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
    CU_ASSERT_EQUAL(run.result->items, 0);
    CU_ASSERT_EQUAL_FATAL(broken(run.result)->rows, 2);
    CU_ASSERT_STRING_EQUAL(broken(run.result)->cell[4].text, "P1+P2+P3");
    lp_close(&run);
    dt_game_free(game);
}

/* --- by exhaustion, from the definitions --- */

/* The players who play differently. */
static uint32_t differ(const brute *b, uint64_t s, uint64_t t) {
    uint32_t set = 0;
    for (size_t i = 0; i < b->players; i++)
        if (brute_strategy(b, s, i) != brute_strategy(b, t, i))
            set |= UINT32_C(1) << i;
    return set;
}

static bool all_better(const brute *b, uint32_t coalition, uint64_t s, uint64_t t) {
    for (size_t i = 0; i < b->players; i++)
        if (coalition >> i & 1 && fmpq_cmp(brute_payoff(b, t, i), brute_payoff(b, s, i)) <= 0)
            return false;
    return true;
}

static bool some_better(const brute *b, uint32_t coalition, uint64_t s, uint64_t t) {
    bool some = false;
    for (size_t i = 0; i < b->players; i++) {
        if (!(coalition >> i & 1))
            continue;
        int c = fmpq_cmp(brute_payoff(b, t, i), brute_payoff(b, s, i));
        if (c < 0)
            return false;
        some = some || c > 0;
    }
    return some;
}

/* Every coalition, single players too, and every profile that differs at its members alone. In the
 * weak form singles count by strict gains, as in a Nash equilibrium. */
static bool slow_strong(const brute *b, uint64_t s, bool weak) {
    for (uint32_t c = 1; c < UINT32_C(1) << b->players; c++)
        for (uint64_t t = 0; t < b->profiles; t++)
            if (!(differ(b, s, t) & ~c) &&
                (weak ? some_better(b, c, s, t) : all_better(b, c, s, t)))
                return false;
    return true;
}

static bool slow_proof(const brute *b, uint32_t coalition, uint64_t s, signed char *memo);

/* Is s self-enforcing for the coalition where the others stay: coalition-proof for each proper part
 * of it? */
static bool slow_enforcing(const brute *b, uint32_t coalition, uint64_t s, signed char *memo) {
    for (uint32_t part = (coalition - 1) & coalition; part; part = (part - 1) & coalition)
        if (!slow_proof(b, part, s, memo))
            return false;
    return true;
}

/* The definition of Bernheim, Peleg and Whinston 1987, word for word. */
static bool slow_proof(const brute *b, uint32_t coalition, uint64_t s, signed char *memo) {
    signed char *known = &memo[s << b->players | coalition];
    if (*known)
        return *known > 0;
    bool good = slow_enforcing(b, coalition, s, memo);
    for (uint64_t t = 0; t < b->profiles && good; t++)
        if (!(differ(b, s, t) & ~coalition) && all_better(b, coalition, s, t))
            good = !slow_enforcing(b, coalition, t, memo);
    *known = good ? 1 : -1;
    return good;
}

static void random_games(void) {
    brute_random random = {77};
    int strong = 0, proof = 0, apart = 0, weaker = 0, nash = 0;
    for (int round = 0; round < 1500; round++) {
        size_t n = (size_t)brute_draw(&random, 1, PLAYERS);
        uint32_t size[PLAYERS];
        for (size_t i = 0; i < n; i++)
            size[i] = (uint32_t)brute_draw(&random, 1, n == 4 ? 2 : n == 3 ? 3 : 5);
        brute b = brute_new(n, size);
        long range = round % 3 == 0 ? 1 : round % 3 == 1 ? 4 : 100;
        for (uint64_t k = 0; k < b.profiles * n; k++)
            fmpq_set_si(b.payoff + k, brute_draw(&random, 0, range), round % 2 ? 3 : 1);
        if (round % 4 < 2) /* to play low is worth a little, and costs the others more */
            for (uint64_t s = 0; s < b.profiles; s++)
                for (size_t i = 0; i < n; i++)
                    for (size_t j = 0; j < n; j++)
                        fmpq_add_si(brute_payoff(&b, s, i), brute_payoff(&b, s, i),
                                    brute_strategy(&b, s, j) * (i == j ? -range : range));
        dt_game *game;
        CU_ASSERT_EQUAL_FATAL(dt_game_from_table(n, size, b.payoff, &game), DT_OK);
        uint64_t want[3] = {0}, here[3];
        signed char *memo = calloc(b.profiles << n, 1);
        fmpq_t zero;
        fmpq_init(zero);
        for (uint64_t s = 0; s < b.profiles; s++) {
            uint64_t bit = UINT64_C(1) << s;
            want[0] |= slow_strong(&b, s, false) ? bit : 0;
            want[1] |= slow_strong(&b, s, true) ? bit : 0;
            want[2] |= slow_proof(&b, (UINT32_C(1) << n) - 1, s, memo) ? bit : 0;
            nash += brute_is_equilibrium(&b, s, zero);
        }
        fmpq_clear(zero);
        for (int k = 0; k < 3; k++) {
            const dt_concept *what = k == 2 ? &dt_concept_coalition_proof : &dt_concept_strong_nash;
            lp_run run = solve_kind(what, game, k == 1, 1 + round % 3);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            here[k] = found(game, run.result);
            CU_ASSERT_EQUAL(here[k], want[k]);
            for (size_t i = 0; i < run.result->items; i++) {
                const dt_item *item = &run.result->item[i];
                CU_ASSERT_EQUAL(item->certificate, DT_CERT_EXACT);
                if (k == 1) {
                    CU_ASSERT_EQUAL(item->pareto_efficient, DT_TRUE);
                    CU_ASSERT(brute_is_efficient(&b, dt_profile_index(game, item->profile)));
                }
            }
            /* what is listed as broken is broken by what is listed */
            const dt_named_table *table = broken(run.result);
            for (size_t r = 0; table && r < table->rows; r++) {
                const dt_entry *row = &table->cell[r * table->columns];
                uint64_t s = dt_profile_index(game, row[0].profile);
                uint64_t t = dt_profile_index(game, row[2].profile);
                uint32_t c = 0;
                for (size_t i = 0; i < n; i++)
                    c |= strstr(row[1].text, game->player[i].name) ? UINT32_C(1) << i : 0;
                CU_ASSERT(!(differ(&b, s, t) & ~c));
                CU_ASSERT(k == 1 ? some_better(&b, c, s, t) : all_better(&b, c, s, t));
                if (k == 2)
                    CU_ASSERT(slow_enforcing(&b, c, t, memo));
            }
            lp_close(&run);
        }
        strong += here[0] != 0;
        weaker += here[0] != here[1];
        proof += here[2] != 0;
        apart += here[2] != here[0];
        free(memo);
        dt_game_free(game);
        brute_free(&b);
    }
    CU_ASSERT(nash > 500 && strong > 300 && weaker > 50 && proof > 300 && apart > 100);
}

/* Gains that doubles cannot see: together both would have 1/3 + 1e-20, or just 1/3. */
static void below_the_doubles(void) {
    for (int more = -1; more <= 1; more++) {
        fmpq *payoff = _fmpq_vec_init(8);
        fmpz_t big;
        fmpz_init(big);
        fmpz_set_ui(big, 10);
        fmpz_pow_ui(big, big, 20);
        fmpq_t little;
        fmpq_init(little);
        fmpq_set_si(little, more, 1);
        fmpq_div_fmpz(little, little, big);
        /* (a, a): 1/3 + little each; (b, b): 1/3 each; apart: 0 each */
        for (size_t k = 0; k < 2; k++) {
            fmpq_set_si(payoff + k, 1, 3);
            fmpq_set_si(payoff + 6 + k, 1, 3);
            fmpq_add(payoff + k, payoff + k, little);
        }
        dt_game *game;
        CU_ASSERT_EQUAL_FATAL(dt_game_from_table(2, (uint32_t[]){2, 2}, payoff, &game), DT_OK);
        uint64_t want = more > 0 ? 1 : more < 0 ? 8 : 9;
        for (int k = 0; k < 3; k++) {
            const dt_concept *what = k == 2 ? &dt_concept_coalition_proof : &dt_concept_strong_nash;
            lp_run run = solve_kind(what, game, k == 1, 1);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL(found(game, run.result), want);
            lp_close(&run);
        }
        dt_game_free(game);
        fmpq_clear(little);
        fmpz_clear(big);
        _fmpq_vec_clear(payoff, 8);
    }
}

/* Payoffs a + b sqrt(2): (1, 1) pays sqrt(2) to each, (2, 2) pays 2 or 1. */
static void irrational(void) {
    for (long two = 1; two <= 2; two++) {
        const long a[] = {0, 0, -1, -1, -1, -1, two, two}, b[] = {1, 1, 0, 0, 0, 0, 0, 0};
        lp_surd g;
        lp_surd_init(&g, 2, (uint32_t[]){2, 2}, a, b);
        for (int k = 0; k < 3; k++) {
            const dt_concept *what = k == 2 ? &dt_concept_coalition_proof : &dt_concept_strong_nash;
            lp_run run = solve_kind(what, &g.game, k == 1, 1);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL(found(&g.game, run.result), two == 1 ? 1 : 8);
            CU_ASSERT_EQUAL(run.result->item[0].certificate, DT_CERT_BALL);
            lp_close(&run);
        }
    }
}

/* A joint gain that no ball decides: an atom between 0 and 1, which may be 0, on top of what the
 * equilibrium (2, 2) pays. */
static dt_status hidden_exact(const void *self, dt_workspace *workspace, size_t player,
                              const uint32_t *profile, dt_exact *payoff, dt_payoff_fault *fault) {
    (void)self;
    (void)player;
    (void)fault;
    dt_exact_context *context = lp_surd_context(workspace);
    dt_exact one;
    dt_exact_init(&one);
    dt_exact_set_si(&one, 1);
    dt_exact_set_si(payoff, 0);
    dt_exact_fault failed = DT_EXACT_OK;
    if (profile[0] == 0 && profile[1] == 0)
        failed = dt_exact_undecided_positive(context, payoff, &one);
    if (!failed && profile[0] == profile[1])
        failed = dt_exact_add(payoff, payoff, &one);
    dt_exact_clear(&one);
    return failed ? DT_ERR_MEMORY : DT_OK;
}

static dt_status hidden_block(const void *self, dt_workspace *workspace, size_t player,
                              const dt_box *box, double *value, double *bound) {
    const lp_surd *g = self;
    (void)workspace;
    (void)player;
    for (uint64_t lane = 0; lane < dt_box_lanes(&g->game, box); lane++) {
        uint32_t second = box->first[1] + (uint32_t)(lane % box->count[1]);
        uint32_t first = box->first[0] + (uint32_t)(lane / box->count[1]);
        value[lane] = first != second ? 0 : first == 0 ? 1.5 : 1;
        bound[lane] = first == 0 && second == 0 ? 0.5 : 0;
    }
    return DT_OK;
}

static void undecided(void) {
    static const long zero[8] = {0};
    lp_surd g;
    lp_surd_init(&g, 2, (uint32_t[]){2, 2}, zero, zero);
    dt_model_ops ops = *g.game.model;
    ops.exact = hidden_exact;
    ops.block = hidden_block;
    g.game.model = &ops;
    for (int k = 0; k < 3; k++) {
        const dt_concept *what = k == 2 ? &dt_concept_coalition_proof : &dt_concept_strong_nash;
        lp_run run = solve_kind(what, &g.game, k == 1, 1);
        CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
        CU_ASSERT_EQUAL_FATAL(run.result->items, 2); /* neither is proven better for both */
        CU_ASSERT_EQUAL(run.result->item[0].certificate, DT_CERT_NUMERIC);
        CU_ASSERT_EQUAL(run.result->item[1].certificate, DT_CERT_NUMERIC);
        CU_ASSERT_EQUAL_FATAL(run.result->notes, 1);
        CU_ASSERT(strstr(run.result->note[0], "could not be decided") != NULL);
        CU_ASSERT_EQUAL_FATAL(dt_diag_count(run.diag), 1);
        CU_ASSERT(strstr(dt_diag_get(run.diag, 0)->message, "numeric") != NULL);
        lp_close(&run);
    }
}

/* Rows in many chunks: a coordination game of 4 × 8 strategies, all threads alike, and the
 * deviation that is found the same. */
static void threads(void) {
    enum { K = 8 };
    size_t profiles = K * K * K * K;
    long *payoff = calloc(profiles * 4, sizeof *payoff);
    uint32_t size[] = {K, K, K, K};
    for (size_t s = 0; s < K; s++) { /* all play s: s each */
        size_t at = ((s * K + s) * K + s) * K + s;
        for (size_t i = 0; i < 4; i++)
            payoff[at * 4 + i] = (long)s + 1;
    }
    dt_game *game = lp_table(4, size, payoff, 1);
    for (int k = 0; k < 3; k++) {
        const dt_concept *what = k == 2 ? &dt_concept_coalition_proof : &dt_concept_strong_nash;
        uint64_t first = 0;
        for (int n = 1; n <= 4; n++) {
            lp_run run = solve_kind(what, game, k == 1, n);
            CU_ASSERT_EQUAL_FATAL(run.status, DT_OK);
            CU_ASSERT_EQUAL_FATAL(run.result->items, 1);
            CU_ASSERT_EQUAL(dt_profile_index(game, run.result->item[0].profile), profiles - 1);
            const dt_named_table *table = broken(run.result);
            uint64_t hash = 0;
            for (size_t r = 0; r < table->rows; r++)
                hash = hash * 1000003 + dt_profile_index(game, table->cell[3 * r + 2].profile);
            first = n == 1 ? hash : first;
            CU_ASSERT_EQUAL(hash, first);
            lp_close(&run);
        }
    }
    dt_game_free(game);
    free(payoff);
}

static void refused(void) {
    uint32_t size[13];
    long payoff[13] = {0};
    for (size_t i = 0; i < 13; i++)
        size[i] = 1;
    dt_game *game = lp_table(13, size, payoff, 1);
    const dt_concept *all[] = {&dt_concept_strong_nash, &dt_concept_coalition_proof,
                               &dt_concept_coalitions};
    for (int c = 0; c < 3; c++) {
        lp_run run = lp_solve(all[c], game, 1, 0, NULL);
        CU_ASSERT_EQUAL(run.status, DT_ERR_INPUT);
        CU_ASSERT_EQUAL_FATAL(dt_diag_errors(run.diag), 1);
        const char *message = dt_diag_get(run.diag, 0)->message;
        CU_ASSERT(strstr(message, all[c]->name) == message);
        CU_ASSERT(strstr(message, "at most 12 players, not 13") != NULL);
        CU_ASSERT_EQUAL(run.list->count, 0);
        lp_close(&run);
    }
    dt_game_free(game);
    static const long two[8] = {1, 1, 0, 0, 0, 0, 1, 1};
    game = lp_table(2, (uint32_t[]){2, 2}, two, 1);
    volatile sig_atomic_t stop = 1;
    dt_control control = {.stop = &stop};
    for (int c = 0; c < 3; c++) {
        dt_concept_request request = {.name = all[c]->name};
        dt_diag *diag = dt_diag_new();
        dt_result_list *list = dt_result_list_new();
        dt_solve_call call = {game, &request, &control, diag, list};
        CU_ASSERT_EQUAL(all[c]->solve(&call), DT_ERR_INTERRUPTED);
        dt_result_list_free(list);
        dt_diag_free(diag);
    }
    dt_game_free(game);
}

int main(void) {
    static const dt_case cases[] = {
        {"prisoner's dilemma", prisoners},
        {"battle of the sexes", battle_of_the_sexes},
        {"Bernheim, Peleg and Whinston's three players", three_players},
        {"random games against the definitions", random_games},
        {"gains below the doubles", below_the_doubles},
        {"irrational payoffs", irrational},
        {"gains that cannot be decided", undecided},
        {"threads", threads},
        {"refused, and stopped", refused},
    };
    int status = DT_RUN_SUITE("strong", cases);
    dt_lp_thread_end();
    flint_cleanup_master();
    return status;
}
