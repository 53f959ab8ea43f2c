/* What some players can guarantee: the LP with generated rows and columns. See guarantee.h.
 * SPDX: GPL-3.0-or-later */
#include "equilibrium/security/guarantee.h"

#include <flint/fmpq_vec.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "equilibrium/security/answers.h"
#include "equilibrium/security/guarantee_search.h"
#include "equilibrium/security/value_lp.h"
#include "equilibrium/shared/ball_number.h"
#include "equilibrium/shared/pool.h"

/* A side with no more joint strategies than this starts with all of them; descents make sense on
 * one with more than some thousand. */
enum { ALL_STRATEGIES = 256, FEW_STRATEGIES = 1024 };
/* Of the LP's coefficients, which are 1 at most: what is left of a payoff that is the centre. The
 * LP only has to find the basis; the proof has the payoffs as they are. */
static const double ROUNDING = 0x1p-46;
/* An answer that is better by less, in units of scale, is left to the proof: it is about what the
 * LP's tolerance hides. */
static const double SLACK = 1e-9;

/* --- the LP --- */

static double scaled(const dt_search *s, double payoff) {
    double u = (payoff - s->centre) / s->scale;
    return fabs(u) < ROUNDING ? 0 : u; /* scaled up to the others, it would lead GLPK astray */
}

/* Finds the ends of the payoffs from rows and columns not in the LP yet. */
static void widen(dt_search *s) {
    const dt_payoff_matrix *m = &s->matrix;
    for (size_t r = 0; r < m->side[DT_MATRIX_ROWS].count; r++)
        for (size_t c = r < s->lp_count[DT_MATRIX_ROWS] ? s->lp_count[DT_MATRIX_COLUMNS] : 0;
             c < m->side[DT_MATRIX_COLUMNS].count; c++) {
            s->low = fmin(s->low, m->value[r][c]);
            s->high = fmax(s->high, m->value[r][c]);
        }
}

/* A new LP counts payoffs from what a pure strategy secures, so that v is 0 or a little more, in
 * units of their range. */
static dt_status new_lp(dt_search *s) {
    const dt_payoff_matrix *m = &s->matrix;
    s->centre = -INFINITY;
    for (size_t c = 0; c < m->side[DT_MATRIX_COLUMNS].count; c++) {
        double least = INFINITY;
        for (size_t r = 0; r < m->side[DT_MATRIX_ROWS].count; r++)
            least = fmin(least, m->value[r][c]);
        s->centre = fmax(s->centre, least);
    }
    s->scale = s->high - s->low;
    if (!(s->scale > 0))
        s->scale = 1;
    if (!isfinite(s->scale)) { /* payoffs near the end of the doubles */
        s->scale = 0x1p1000;
        s->centre = 0;
    }
    dt_lp_free(s->lp);
    s->lp = NULL;
    s->lp_count[0] = s->lp_count[1] = 0;
    return dt_value_lp_new(&s->lp);
}

/* The basis of a new LP: the row that holds the team to least by itself, and the best column
 * against it. That is dual feasible. */
static dt_status start_basis(dt_search *s) {
    const dt_payoff_matrix *m = &s->matrix;
    size_t row = 0, column = 0;
    double least = INFINITY;
    for (size_t r = 0; r < m->side[DT_MATRIX_ROWS].count; r++) {
        size_t best = 0;
        for (size_t c = 1; c < m->side[DT_MATRIX_COLUMNS].count; c++)
            best = m->value[r][c] > m->value[r][best] ? c : best;
        if (m->value[r][best] < least) {
            least = m->value[r][best];
            row = r;
            column = best;
        }
    }
    dt_status status = dt_lp_set_column_place(s->lp, 0, DT_LP_BASIC);
    if (status == DT_OK)
        status = dt_lp_set_column_place(s->lp, 1 + column, DT_LP_BASIC);
    if (status == DT_OK)
        status = dt_lp_set_row_place(s->lp, 0, DT_LP_LOWER);
    return status == DT_OK ? dt_lp_set_row_place(s->lp, 1 + row, DT_LP_LOWER) : status;
}

/* Puts the matrix's new rows and columns into the LP. */
static dt_status extend_lp(dt_search *s, dt_lp_method *method) {
    const dt_payoff_matrix *m = &s->matrix;
    size_t columns = m->side[DT_MATRIX_COLUMNS].count, rows = m->side[DT_MATRIX_ROWS].count;
    size_t *in = s->lp_count;
    widen(s);
    *method = DT_LP_DUAL;
    dt_status status = DT_OK;
    bool fresh = !s->lp || s->high / 4 - s->low / 4 > s->scale;
    if (fresh)
        status = new_lp(s);
    else if (in[DT_MATRIX_COLUMNS] < columns)
        *method = DT_LP_PRIMAL;
    double *payoff = malloc((columns > rows ? columns : rows) * sizeof *payoff);
    if (!payoff)
        return DT_ERR_MEMORY;
    for (; status == DT_OK && in[DT_MATRIX_ROWS] < rows; in[DT_MATRIX_ROWS]++) {
        for (size_t c = 0; c < in[DT_MATRIX_COLUMNS]; c++)
            payoff[c] = scaled(s, m->value[in[DT_MATRIX_ROWS]][c]);
        status = dt_value_lp_add_row(s->lp, payoff);
    }
    for (; status == DT_OK && in[DT_MATRIX_COLUMNS] < columns; in[DT_MATRIX_COLUMNS]++) {
        for (size_t r = 0; r < rows; r++)
            payoff[r] = scaled(s, m->value[r][in[DT_MATRIX_COLUMNS]]);
        status = dt_value_lp_add_column(s->lp, payoff);
    }
    free(payoff);
    return status == DT_OK && fresh ? start_basis(s) : status;
}

static dt_status read_weights(dt_search *s, int side) {
    size_t count = s->matrix.side[side].count;
    double *weight = realloc(s->weight[side], count * sizeof *weight), sum = 0;
    if (!weight)
        return DT_ERR_MEMORY;
    s->weight[side] = weight;
    for (size_t k = 0; k < count; k++) {
        double w =
            side == DT_MATRIX_COLUMNS ? dt_lp_primal(s->lp, k + 1) : -dt_lp_dual(s->lp, k + 1);
        weight[k] = fmax(w, 0);
        sum += weight[k];
    }
    for (size_t k = 0; k < count; k++) /* GLPK promises no dual solution where it gives up */
        weight[k] = sum > 0 ? weight[k] / sum : 1.0 / (double)count;
    return DT_OK;
}

static dt_status solve_lp(dt_search *s) {
    dt_lp_method method;
    dt_status status = extend_lp(s, &method);
    if (status == DT_OK)
        status = dt_value_lp_solve(s->lp, method, dt_control_stop(s->control));
    if (status == DT_ERR_SOLVER) {
        char name[256];
        dt_diag_add(
            s->diag, DT_ERROR, DT_NOWHERE,
            "the linear program of %s's security level has no answer (GLPK: %s)",
            dt_team_name(s->game, s->matrix.side[DT_MATRIX_COLUMNS].team, name, sizeof name),
            s->lp && *dt_lp_message(s->lp) ? dt_lp_message(s->lp) : "no optimum found");
    }
    if (status == DT_OK)
        status = read_weights(s, DT_MATRIX_COLUMNS);
    if (status == DT_OK)
        status = read_weights(s, DT_MATRIX_ROWS);
    if (status == DT_OK)
        s->v = s->centre + s->scale * dt_lp_primal(s->lp, 0);
    return status;
}

void dt_search_basis(const dt_search *s, dt_lp_place *rows, dt_lp_place *columns) {
    for (size_t i = 0; i < dt_lp_rows(s->lp); i++)
        rows[i] = dt_lp_row_place(s->lp, i);
    for (size_t j = 0; j < dt_lp_columns(s->lp); j++)
        columns[j] = dt_lp_column_place(s->lp, j);
}

/* --- generation --- */

/* Adds what was found; *grew is set where some of it is new. */
static dt_status add_found(dt_search *s, int side, dt_smallest *found, bool *grew) {
    uint64_t index[DT_SEARCH_MOST];
    dt_smallest_sort(found);
    for (size_t i = 0; i < found->count; i++)
        index[i] = found->entry[i].index;
    size_t added;
    dt_status status = dt_payoff_matrix_add(&s->matrix, side, index, found->count, &added);
    *grew = *grew || added > 0;
    return status;
}

/* One look for answers of a side. */
static dt_status look(dt_search *s, int side, bool everywhere, bool *grew) {
    if (dt_search_complete(s, side))
        return DT_OK;
    const dt_matrix_side *mine = &s->matrix.side[side];
    if (!everywhere && (mine->strategies < FEW_STRATEGIES || __builtin_popcountll(mine->team) < 2))
        return DT_OK;
    dt_smallest found;
    dt_status status = dt_smallest_init(&found, DT_SEARCH_MOST);
    if (status == DT_OK)
        status = everywhere ? dt_search_all(s, side, SLACK, &found)
                            : dt_search_descend(s, side, SLACK, &found);
    if (status == DT_OK)
        status = add_found(s, side, &found, grew);
    dt_smallest_clear(&found);
    return status;
}

/* Solves the LP again and again, until neither side has an answer that it lacks. */
static dt_status generate(dt_search *s) {
    for (;;) {
        dt_status status = solve_lp(s);
        bool grew = false;
        for (int everywhere = 0; everywhere < 2 && !grew; everywhere++)
            for (int side = DT_MATRIX_ROWS; side >= 0 && !grew && status == DT_OK; side--)
                status = look(s, side, everywhere, &grew);
        if (status != DT_OK || !grew)
            return status;
    }
}

static dt_status start(dt_search *s) {
    dt_status status = DT_OK;
    for (int side = 0; side < 2 && status == DT_OK; side++) {
        uint64_t index[ALL_STRATEGIES], count = s->matrix.side[side].strategies;
        count = count <= ALL_STRATEGIES ? count : 1;
        for (uint64_t k = 0; k < count; k++)
            index[k] = k;
        status = dt_payoff_matrix_add(&s->matrix, side, index, count, NULL);
    }
    return status;
}

static dt_status search(dt_search *s, dt_guarantee *out) {
    bool try_exact = true;
    for (;;) { /* a proof a turn, or what the LP lacks for it */
        dt_status status = generate(s);
        bool proved = false, grew = false;
        dt_smallest broken[2] = {{0}, {0}};
        for (int side = 0; side < 2 && status == DT_OK; side++)
            status = dt_smallest_init(&broken[side], DT_SEARCH_MOST);
        if (status == DT_OK && try_exact)
            status = dt_search_prove(s, out, &proved, broken);
        if (status == DT_OK && !proved && broken[0].count + broken[1].count == 0) {
            try_exact = false;
            status = dt_search_enclose(s, out, broken);
        }
        for (int side = 0; side < 2; side++) {
            if (status == DT_OK && !proved)
                status = add_found(s, side, &broken[side], &grew);
            dt_smallest_clear(&broken[side]);
        }
        if (status != DT_OK || !grew)
            return status;
    }
}

/* --- the guarantee --- */

typedef struct ranked_weight {
    uint64_t strategy;
    const fmpq *weight;
} ranked_weight;

static int by_strategy(const void *a, const void *b) {
    const ranked_weight *x = a, *y = b;
    return x->strategy < y->strategy ? -1 : x->strategy > y->strategy;
}

dt_status dt_search_strategy(const dt_search *s, const fmpq *x, dt_guarantee *out) {
    const dt_matrix_side *columns = &s->matrix.side[DT_MATRIX_COLUMNS];
    ranked_weight *list = malloc(columns->count * sizeof *list);
    uint64_t *strategy = malloc(columns->count * sizeof *strategy);
    size_t n = 0;
    if (!list || !strategy) {
        free(list);
        free(strategy);
        return DT_ERR_MEMORY;
    }
    for (size_t c = 0; c < columns->count; c++)
        if (!fmpq_is_zero(x + c))
            list[n++] = (ranked_weight){columns->index[c], x + c};
    qsort(list, n, sizeof *list, by_strategy);
    if (out->weight)
        _fmpq_vec_clear(out->weight, (slong)out->support);
    free(out->strategy);
    out->support = n;
    out->strategy = strategy;
    out->weight = _fmpq_vec_init((slong)n);
    for (size_t k = 0; k < n; k++) {
        strategy[k] = list[k].strategy;
        fmpq_set(out->weight + k, list[k].weight);
    }
    free(list);
    return DT_OK;
}

dt_status dt_guarantee_find(const dt_game *game, uint64_t team, const dt_control *control,
                            dt_diag *diag, dt_guarantee *out) {
    *out = (dt_guarantee){0};
    fmpq_init(out->value);
    arb_init(out->ball);
    dt_search s = {
        .game = game, .control = control, .diag = diag, .low = INFINITY, .high = -INFINITY};
    s.workspace = calloc(game->players, sizeof *s.workspace);
    dt_status status = dt_payoff_matrix_init(&s.matrix, game, team);
    if (status == DT_OK && !s.workspace)
        status = DT_ERR_MEMORY;
    if (status == DT_OK)
        status = start(&s);
    if (status == DT_OK)
        status = search(&s, out);
    dt_lp_free(s.lp);
    dt_payoff_matrix_clear(&s.matrix);
    for (size_t i = 0; s.workspace && i < game->players; i++)
        dt_workspace_free(game, s.workspace[i]);
    free(s.workspace);
    free(s.weight[0]);
    free(s.weight[1]);
    return status;
}

void dt_guarantee_clear(dt_guarantee *guarantee) {
    if (guarantee->weight)
        _fmpq_vec_clear(guarantee->weight, (slong)guarantee->support);
    free(guarantee->strategy);
    fmpq_clear(guarantee->value);
    arb_clear(guarantee->ball);
    guarantee->weight = NULL;
    guarantee->strategy = NULL;
}

dt_status dt_guarantee_report(const dt_guarantee *guarantee, size_t player, dt_result_list *list,
                              dt_security *out) {
    *out = (dt_security){.player = player};
    dt_status status = DT_OK;
    if (guarantee->exact)
        status = dt_number_from_fmpq(list, guarantee->value, &out->value);
    else
        out->value = dt_number_from_ball(guarantee->ball);
    dt_mixture *strategy = &out->strategy;
    strategy->weight = dt_arena_array(list->arena, guarantee->support, sizeof *strategy->weight);
    if (!strategy->weight)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < guarantee->support && status == DT_OK; k++) {
        strategy->weight[k].strategy = (uint32_t)guarantee->strategy[k];
        status = dt_number_from_weight(list, guarantee->weight + k, guarantee->exact,
                                       &strategy->weight[k].probability);
        strategy->count += status == DT_OK;
    }
    return status;
}

dt_status dt_guarantee_results(const dt_solve_call *call, size_t first, size_t end,
                               dt_result *result) {
    result->security = dt_arena_array(call->results->arena, end - first, sizeof *result->security);
    if (!result->security)
        return DT_ERR_MEMORY;
    result->certificate = DT_CERT_EXACT;
    result->searched = call->game->profiles;
    dt_status status = DT_OK;
    for (size_t p = first; p < end && status == DT_OK; p++) {
        dt_guarantee guarantee;
        status =
            dt_guarantee_find(call->game, UINT64_C(1) << p, call->control, call->diag, &guarantee);
        if (status == DT_OK && !guarantee.exact)
            result->certificate = DT_CERT_BALL;
        if (status == DT_OK)
            status = dt_guarantee_report(&guarantee, p, call->results,
                                         &result->security[result->securities++]);
        dt_guarantee_clear(&guarantee);
    }
    dt_lp_thread_end();
    return status;
}

/* --- what to expect --- */

/* A support as large as games that are given by formulas have, or half of the smaller side for
 * small ones. */
static double usual_support(double mine, double theirs) {
    return fmin(fmin(mine, theirs) / 2 + 1, 4);
}

/* Three visits of each side, about: two to generate, one to prove. */
double dt_guarantee_work(const dt_game *game, uint64_t team) {
    uint64_t others = dt_team_all(game) & ~team;
    double mine = (double)dt_team_strategies(game, team), paid = __builtin_popcountll(team);
    double theirs = (double)dt_team_strategies(game, others);
    return 3 * paid * usual_support(mine, theirs) *
           (dt_answers_work(game, team) + dt_answers_work(game, others));
}

/* Doubles, rationals and the LP's own of the joint strategies that are in. */
double dt_guarantee_memory(const dt_game *game, uint64_t team) {
    double columns = fmin((double)dt_team_strategies(game, team), 512);
    double rows = fmin((double)dt_team_strategies(game, dt_team_all(game) & ~team), 512);
    return (columns + 1) * (rows + 1) * 100;
}
