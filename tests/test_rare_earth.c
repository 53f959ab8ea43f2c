/* The rare-earth game: the sanity list of its economics, and an implementation of its own apart. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "brute.h"
#include "deterra/deterra.h"
#include "harness.h"

static const char *const MARKETS[3] = {"US", "JP", "CN"};
static const char *const SOURCES[5] = {"CN", "US", "JP", "VN", "RW"};

typedef struct contest {
    dt_diag *diag;
    dt_scenario *scenario;
    dt_game *game;
    dt_workspace *w;
    dt_exact_context *context;
} contest;

static contest open_contest(const char *name, size_t sets, const char *const *set) {
    char path[512];
    snprintf(path, sizeof path, "%s/configs/rare_earth/%s.cfg", DETERRA_ROOT, name);
    contest c = {.diag = dt_diag_new()};
    dt_config_options options = {.sets = sets, .set = set};
    dt_status status = dt_config_read(path, &options, c.diag, &c.scenario);
    if (status == DT_OK)
        status = dt_game_build(c.scenario, c.diag, &c.game);
    dt_diag_write(c.diag, stderr, false);
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
    CU_ASSERT_EQUAL(dt_diag_count(c.diag), 0);
    c.w = dt_workspace_new(c.game);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c.w);
    c.context = dt_game_context(c.game, c.w);
    return c;
}

static void close_contest(contest *c) {
    dt_workspace_free(c->game, c->w);
    dt_game_free(c->game);
    dt_scenario_free(c->scenario);
    dt_diag_free(c->diag);
}

static void profile_of(const contest *c, const char *text, uint32_t *profile) {
    bool all_named;
    dt_status status = dt_profile_parse(c->game, text, c->diag, profile, &all_named);
    if (status != DT_OK)
        dt_diag_write(c->diag, stderr, false);
    CU_ASSERT_EQUAL_FATAL(status, DT_OK);
}

static void draw_profile(const contest *c, brute_random *r, uint32_t *profile) {
    for (size_t i = 0; i < c->game->players; i++)
        profile[i] = (uint32_t)brute_draw(r, 0, (long)c->game->player[i].strategies - 1);
}

/* --- definitions at a profile --- */

typedef struct values {
    const contest *c;
    dt_parts part[8]; /* a list a player */
} values;

static values values_at(const contest *c, const uint32_t *profile) {
    values v = {.c = c};
    for (size_t i = 0; i < c->game->players; i++)
        CU_ASSERT_EQUAL_FATAL(
            c->game->model->definitions(c->game->self, c->w, i, profile, &v.part[i]), DT_OK);
    return v;
}

static void values_clear(values *v) {
    for (size_t i = 0; i < v->c->game->players; i++)
        dt_parts_clear(&v->part[i]);
}

static const dt_exact *find(const values *v, const char *label) {
    for (size_t i = 0; i < v->c->game->players; i++)
        for (size_t k = 0; k < v->part[i].count; k++)
            if (strcmp(v->part[i].part[k].label, label) == 0)
                return &v->part[i].part[k].value;
    return NULL;
}

/* name, name[a] or name[a][b] */
static const dt_exact *value(const values *v, const char *name, const char *a, const char *b) {
    char label[64];
    snprintf(label, sizeof label, "%s%s%s%s%s%s%s", name, a ? "[" : "", a ? a : "", a ? "]" : "",
             b ? "[" : "", b ? b : "", b ? "]" : "");
    const dt_exact *found = find(v, label);
    if (!found)
        fprintf(stderr, "\nno definition %s\n", label);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    return found;
}

static bool is_integer(const dt_exact *x, long wanted) {
    fmpq_t q;
    fmpq_init(q);
    fmpq_set_si(q, wanted, 1);
    bool is = dt_exact_is_rational(x) && fmpq_equal(q, x->rational);
    fmpq_clear(q);
    return is;
}

static dt_sign compare(const contest *c, const dt_exact *x, long wanted) {
    dt_exact y;
    fmpq_t q;
    dt_exact_init(&y);
    fmpq_init(q);
    fmpq_set_si(q, wanted, 1);
    dt_exact_set_fmpq(&y, q);
    dt_sign sign = dt_exact_compare(c->context, x, &y);
    fmpq_clear(q);
    dt_exact_clear(&y);
    return sign;
}

/* P[j] or another definition at a profile, as a double. */
static double at(const contest *c, const char *profile, const char *name, const char *j) {
    uint32_t p[DT_MAX_PLAYERS];
    profile_of(c, profile, p);
    values v = values_at(c, p);
    double radius, d = dt_exact_double(c->context, value(&v, name, j, NULL), &radius);
    CU_ASSERT(radius <= 1e-14 * fabs(d));
    values_clear(&v);
    return d;
}

/* --- parameters --- */

static const dt_parameter *parameter(const contest *c, const char *a, const char *b,
                                     const char *d) {
    const char *path[3] = {a, b, d};
    const dt_parameter *list = c->scenario->parameter, *found = NULL;
    size_t count = c->scenario->parameters;
    for (size_t step = 0; step < 3 && path[step]; step++) {
        found = NULL;
        for (size_t i = 0; i < count && !found; i++)
            if (strcmp(list[i].name, path[step]) == 0)
                found = &list[i];
        CU_ASSERT_PTR_NOT_NULL_FATAL(found);
        list = found->child;
        count = found->children;
    }
    return found;
}

static size_t check_leaves(const dt_parameter *list, size_t count) {
    size_t leaves = 0;
    for (size_t i = 0; i < count; i++) {
        const dt_parameter *p = &list[i];
        if (p->children) {
            leaves += check_leaves(p->child, p->children);
            continue;
        }
        leaves++;
        if (!p->unit || !p->source)
            fprintf(stderr, "\nno unit or source: %s\n", p->name);
        CU_ASSERT(p->unit && *p->unit);
        CU_ASSERT(p->source && *p->source);
        if (p->has_range) {
            CU_ASSERT(fmpq_cmp(&p->low, &p->high) < 0);
            CU_ASSERT(fmpq_cmp(&p->low, &p->value) <= 0);
            CU_ASSERT(fmpq_cmp(&p->value, &p->high) <= 0);
        } else { /* then it says why: by definition, or fixed by a sum */
            if (!p->note)
                fprintf(stderr, "\nneither range nor note: %s\n", p->name);
            CU_ASSERT(p->note && *p->note);
        }
    }
    return leaves;
}

static void parameters(void) {
    contest c = open_contest("baseline", 0, NULL);
    size_t leaves = check_leaves(c.scenario->parameter, c.scenario->parameters);
    CU_ASSERT(leaves >= 90);
    fmpq_t sum;
    fmpq_init(sum);
    for (size_t j = 0; j < 3; j++) { /* a market's shares add to 1, exactly */
        fmpq_zero(sum);
        for (size_t s = 0; s < 5; s++)
            fmpq_add(sum, sum, &parameter(&c, "share", MARKETS[j], SOURCES[s])->value);
        CU_ASSERT(fmpq_is_one(sum));
    }
    fmpq_clear(sum);
    close_contest(&c);
}

/* --- the two variants --- */

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void shared_economics(void) {
    contest a = open_contest("baseline", 0, NULL), b = open_contest("coarse", 0, NULL);
    CU_ASSERT_EQUAL(a.game->profiles, 43046721);
    CU_ASSERT_EQUAL(b.game->profiles, 6561);
    const dt_payoff_spec *p = &a.scenario->payoff, *q = &b.scenario->payoff;
    CU_ASSERT_EQUAL_FATAL(p->definitions, q->definitions);
    CU_ASSERT(p->definitions > 50);
    for (size_t i = 0; i < p->definitions; i++) {
        CU_ASSERT(same_text(p->definition[i].text.data, q->definition[i].text.data));
        CU_ASSERT(same_text(p->definition[i].body.data, q->definition[i].body.data));
        CU_ASSERT(p->definition[i].unit && *p->definition[i].unit);
    }
    CU_ASSERT_EQUAL_FATAL(p->formulas, 4);
    CU_ASSERT_EQUAL_FATAL(q->formulas, 4);
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT_STRING_EQUAL(p->formula[i].text.data, q->formula[i].text.data);
    CU_ASSERT_EQUAL_FATAL(a.scenario->players, 4);
    for (size_t i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL_FATAL(a.scenario->player[i].moves, 4);
        CU_ASSERT_STRING_EQUAL(a.scenario->player[i].name, b.scenario->player[i].name);
        size_t chosen = 0;
        for (size_t m = 0; m < 4; m++) {
            const dt_move_spec *x = &a.scenario->player[i].move[m];
            const dt_move_spec *y = &b.scenario->player[i].move[m];
            CU_ASSERT_STRING_EQUAL(x->name, y->name);
            CU_ASSERT_EQUAL_FATAL(x->levels, 3);
            chosen += y->levels == 3;
            CU_ASSERT(y->levels == 1 || y->levels == 3);
            for (size_t l = 0; l < y->levels; l++) {
                CU_ASSERT_STRING_EQUAL(x->level[l].label, y->level[l].label);
                CU_ASSERT(fmpq_equal(&x->level[l].value, &y->level[l].value));
                CU_ASSERT(fmpq_get_d(&x->level[l].value) == (double)l / 2);
            }
        }
        CU_ASSERT_EQUAL(chosen, 2);
    }
    close_contest(&a);
    close_contest(&b);
}

/* --- the sanity list --- */

static void no_move(void) {
    static const char *const names[] = {"baseline", "coarse"};
    for (size_t n = 0; n < 2; n++) {
        contest c = open_contest(names[n], 0, NULL);
        uint32_t zero[DT_MAX_PLAYERS] = {0};
        dt_exact x;
        dt_exact_init(&x);
        for (size_t i = 0; i < 4; i++) {
            CU_ASSERT_EQUAL(dt_game_exact(c.game, c.w, i, zero, &x, c.diag), DT_OK);
            CU_ASSERT(is_integer(&x, 0));
        }
        dt_exact_clear(&x);
        values v = values_at(&c, zero);
        fmpq_t q;
        fmpq_init(q);
        size_t flows = 0;
        for (size_t j = 0; j < 3; j++) {
            CU_ASSERT(is_integer(value(&v, "P", MARKETS[j], NULL), 1));
            if (j < 2)
                CU_ASSERT(is_integer(value(&v, "F", MARKETS[j], NULL), 1));
            for (size_t s = 0; s < 5; s++) {
                CU_ASSERT(is_integer(value(&v, "p", MARKETS[j], SOURCES[s]), 1));
                char label[32];
                snprintf(label, sizeof label, "q[%s][%s]", MARKETS[j], SOURCES[s]);
                const dt_exact *flow = find(&v, label); /* no payoff rests on q[CN][RW] */
                if (!flow)
                    continue;
                flows++;
                fmpq_mul(q, &parameter(&c, "base", MARKETS[j], NULL)->value,
                         &parameter(&c, "share", MARKETS[j], SOURCES[s])->value);
                CU_ASSERT(dt_exact_is_rational(flow) && fmpq_equal(flow->rational, q));
            }
        }
        CU_ASSERT(flows >= 14);
        fmpq_clear(q);
        values_clear(&v);
        close_contest(&c);
    }
}

/* sum over s of p q = base P^(1 - eps) in every market, in balls of 256 bits. */
static void check_spending(const contest *c, const values *v) {
    arb_t sum, told, x, y, power;
    arb_init(sum);
    arb_init(told);
    arb_init(x);
    arb_init(y);
    arb_init(power);
    for (size_t j = 0; j < 3; j++) {
        arb_zero(sum);
        for (size_t s = 0; s < 5; s++) {
            char label[32];
            snprintf(label, sizeof label, "q[%s][%s]", MARKETS[j], SOURCES[s]);
            const dt_exact *flow = find(v, label);
            dt_exact_enclose(c->context, x, value(v, "p", MARKETS[j], SOURCES[s]), 256);
            if (flow) {
                dt_exact_enclose(c->context, y, flow, 256);
            } else { /* from the flow of another source: q is proportional to w p^(-eta), eta = 2 */
                dt_exact_enclose(c->context, y, value(v, "q", MARKETS[j], "CN"), 256);
                dt_exact_enclose(c->context, power, value(v, "p", MARKETS[j], "CN"), 256);
                arb_div(power, power, x, 256);
                arb_mul(power, power, power, 256);
                arb_mul(y, y, power, 256);
                dt_exact_enclose(c->context, power, value(v, "w", MARKETS[j], SOURCES[s]), 256);
                arb_mul(y, y, power, 256);
                dt_exact_enclose(c->context, power, value(v, "w", MARKETS[j], "CN"), 256);
                arb_div(y, y, power, 256);
            }
            arb_addmul(sum, x, y, 256);
        }
        arb_set_fmpq(power, &parameter(c, "eps", NULL, NULL)->value, 256);
        arb_sub_ui(power, power, 1, 256);
        arb_neg(power, power);
        dt_exact_enclose(c->context, x, value(v, "P", MARKETS[j], NULL), 256);
        arb_pow(told, x, power, 256);
        arb_set_fmpq(y, &parameter(c, "base", MARKETS[j], NULL)->value, 256);
        arb_mul(told, told, y, 256);
        CU_ASSERT(arb_overlaps(sum, told));
        CU_ASSERT(arb_rel_accuracy_bits(sum) > 200);
        CU_ASSERT(arb_rel_accuracy_bits(told) > 200);
    }
    arb_clear(sum);
    arb_clear(told);
    arb_clear(x);
    arb_clear(y);
    arb_clear(power);
}

static void identities(void) {
    contest c = open_contest("baseline", 0, NULL);
    brute_random r = {1969};
    for (int k = 0; k < 60; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        draw_profile(&c, &r, profile);
        values v = values_at(&c, profile);
        check_spending(&c, &v);
        values_clear(&v);
    }
    close_contest(&c);
}

static void terms_add_up(void) {
    contest c = open_contest("baseline", 0, NULL);
    brute_random r = {1970};
    dt_exact sum, payoff;
    dt_exact_init(&sum);
    dt_exact_init(&payoff);
    fmpq_t zero;
    fmpq_init(zero);
    static const size_t wanted[4] = {10, 14, 14, 10};
    for (int k = 0; k < 40; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        draw_profile(&c, &r, profile);
        for (size_t i = 0; i < 4; i++) {
            dt_parts terms;
            dt_payoff_fault fault;
            CU_ASSERT_EQUAL_FATAL(
                c.game->model->terms(c.game->self, c.w, i, profile, &terms, &fault), DT_OK);
            CU_ASSERT_EQUAL(terms.count, wanted[i]);
            dt_exact_set_fmpq(&sum, zero);
            for (size_t t = 0; t < terms.count; t++) {
                CU_ASSERT_PTR_NOT_NULL_FATAL(terms.part[t].unit);
                CU_ASSERT_STRING_EQUAL(terms.part[t].unit, "M$/yr");
                CU_ASSERT_EQUAL(dt_exact_add(&sum, &sum, &terms.part[t].value), DT_EXACT_OK);
            }
            dt_parts_clear(&terms);
            CU_ASSERT_EQUAL(dt_game_exact(c.game, c.w, i, profile, &payoff, c.diag), DT_OK);
            CU_ASSERT_EQUAL(dt_exact_compare(c.context, &sum, &payoff), DT_ZERO);
        }
    }
    fmpq_clear(zero);
    dt_exact_clear(&sum);
    dt_exact_clear(&payoff);
    close_contest(&c);
}

static void embargo(void) {
    contest c = open_contest("baseline", 0, NULL);
    uint32_t profile[DT_MAX_PLAYERS];
    profile_of(&c, "CN.export_control=embargo", profile);
    values v = values_at(&c, profile);
    CU_ASSERT_EQUAL(compare(&c, value(&v, "P", "US", NULL), 1), DT_POSITIVE);
    CU_ASSERT_EQUAL(compare(&c, value(&v, "P", "JP", NULL), 1), DT_POSITIVE);
    CU_ASSERT(is_integer(value(&v, "P", "CN", NULL), 1)); /* China buys at home */
    CU_ASSERT(is_integer(value(&v, "F", "US", NULL), 1)); /* before the wedge nothing moved */
    values_clear(&v);
    close_contest(&c);
    /* the stock alone: without aid the subsidy changes nothing but what is in store */
    static const char *const off[] = {"aidmax.US=0.2", "aidmax.JP=0"};
    static const char *const more[] = {"aidmax.US=0.2", "aidmax.JP=0", "stock.US=0.2",
                                       "stock.JP=0.5"};
    c = open_contest("baseline", 2, off);
    double none = at(&c, "CN.export_control=embargo", "P", "JP");
    double half = at(&c, "CN.export_control=embargo, JP.subsidy=half", "P", "JP");
    double full = at(&c, "CN.export_control=embargo, JP.subsidy=full", "P", "JP");
    double us = at(&c, "CN.export_control=embargo, US.subsidy=price_floor", "P", "US");
    CU_ASSERT(none > half && half > full && full > 1);
    close_contest(&c);
    c = open_contest("baseline", 4, more);
    CU_ASSERT(at(&c, "CN.export_control=embargo, JP.subsidy=full", "P", "JP") < full);
    CU_ASSERT(at(&c, "CN.export_control=embargo, US.subsidy=price_floor", "P", "US") < us);
    CU_ASSERT(at(&c, "CN.export_control=embargo", "P", "JP") == none);
    close_contest(&c);
}

static void licence_and_subsidy(void) {
    contest c = open_contest("baseline", 0, NULL);
    /* a licence bites who acts against China more, an embargo most */
    double idle = at(&c, "CN.export_control=licence", "P", "US");
    double acting = at(&c, "CN.export_control=licence, US.export_control=full", "P", "US");
    double shut = at(&c, "CN.export_control=embargo, US.export_control=full", "P", "US");
    CU_ASSERT(1 < idle && idle < acting && acting < shut);
    double none = at(&c, "US.subsidy=none", "dep", "US");
    double half = at(&c, "US.subsidy=half", "dep", "US");
    double full = at(&c, "US.subsidy=price_floor", "dep", "US");
    CU_ASSERT(none > half && half > full);
    CU_ASSERT(fabs(none - 0.741) < 1e-15);
    /* dependence is measured before the wedge: an embargo is no gain in security */
    CU_ASSERT(at(&c, "CN.export_control=embargo", "dep", "US") == none);
    close_contest(&c);
}

static void no_reach(void) {
    static const char *const sets[] = {"reach.US=0", "reach.JP=0", "reach.CN=0"};
    contest c = open_contest("baseline", 3, sets);
    static const char *const us[] = {"none", "some", "full"}, *const cn[] = {"keep", "allow",
                                                                             "promote"};
    static const char *const vn[] = {"none", "some", "open"};
    for (int k = 0; k < 81; k++) {
        char text[256];
        snprintf(text, sizeof text,
                 "US.capacity_transfer=%s, CN.capacity_transfer=%s, JP.capacity_transfer=%s, "
                 "VN.capacity_transfer=%s",
                 us[k / 27], cn[k / 9 % 3], us[k / 3 % 3], vn[k % 3]);
        uint32_t profile[DT_MAX_PLAYERS];
        profile_of(&c, text, profile);
        values v = values_at(&c, profile);
        for (size_t j = 0; j < 3; j++)
            CU_ASSERT(is_integer(value(&v, "P", MARKETS[j], NULL), 1));
        values_clear(&v);
    }
    close_contest(&c);
    c = open_contest("baseline", 0, NULL); /* with reach they do move */
    CU_ASSERT(at(&c, "CN.capacity_transfer=promote, VN.capacity_transfer=open", "dep", "US") <
              0.741);
    close_contest(&c);
}

/* --- the reference implementation --- */

static char *slurp(const char *path) {
    FILE *in = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    char *text = calloc(1, 1 << 16);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT(fread(text, 1, (1 << 16) - 1, in) > 0);
    fclose(in);
    return text;
}

static void known_equilibria(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/data/rare_earth_%s.json", DETERRA_ROOT, name);
    char *text = slurp(path);
    cJSON *json = cJSON_Parse(text);
    free(text);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "equilibria");
    CU_ASSERT_FATAL(cJSON_IsArray(list));
    contest c = open_contest(name, 0, NULL);
    dt_result_list *results = dt_result_list_new();
    dt_concept_request request = {.name = "pure-nash"};
    dt_solve_call call = {c.game, &request, NULL, c.diag, results};
    CU_ASSERT_EQUAL(dt_game_verify(c.game, NULL, c.diag), DT_OK);
    CU_ASSERT_EQUAL_FATAL(dt_solve(&call), DT_OK);
    CU_ASSERT_EQUAL(dt_diag_count(c.diag), 0);
    const dt_result *r = results->result[0];
    CU_ASSERT_EQUAL(r->complete, DT_TRUE);
    CU_ASSERT_EQUAL_FATAL(r->items, (size_t)cJSON_GetArraySize(list));
    for (size_t k = 0; k < r->items; k++) {
        const dt_item *item = &r->item[k];
        const cJSON *wanted = cJSON_GetArrayItem(list, (int)k);
        const cJSON *moves = cJSON_GetObjectItemCaseSensitive(wanted, "profile");
        const cJSON *payoffs = cJSON_GetObjectItemCaseSensitive(wanted, "payoffs");
        CU_ASSERT(item->certificate == DT_CERT_EXACT || item->certificate == DT_CERT_BALL);
        CU_ASSERT_EQUAL(item->strict, DT_TRUE);
        for (size_t i = 0; i < 4; i++) {
            const dt_player *p = &c.game->player[i];
            const cJSON *of = cJSON_GetObjectItemCaseSensitive(moves, p->name);
            for (size_t m = 0; m < p->moves; m++) {
                const char *label =
                    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(of, p->move[m].name));
                CU_ASSERT_PTR_NOT_NULL_FATAL(label);
                CU_ASSERT_STRING_EQUAL(dt_strategy_label(c.game, i, item->profile[i], m), label);
            }
            double u = cJSON_GetObjectItemCaseSensitive(payoffs, p->name)->valuedouble;
            CU_ASSERT_DOUBLE_EQUAL(item->payoff[i].value, u, 1e-9);
        }
    }
    dt_result_list_free(results);
    close_contest(&c);
    cJSON_Delete(json);
}

static void coarse_equilibria(void) {
    known_equilibria("coarse");
}
static void baseline_equilibria(void) {
    known_equilibria("baseline");
}

#ifndef __SANITIZE_ADDRESS__ /* too slow there */
/* 1.5e11 profiles, and none is an equilibrium: only boxes can tell. */
static void fine_has_none(void) {
    contest c = open_contest("fine", 0, NULL);
    dt_result_list *results = dt_result_list_new();
    dt_concept_request request = {.name = "pure-nash"};
    dt_solve_call call = {c.game, &request, NULL, c.diag, results};
    CU_ASSERT_EQUAL_FATAL(dt_solve(&call), DT_OK);
    CU_ASSERT_EQUAL(results->result[0]->complete, DT_TRUE);
    CU_ASSERT_EQUAL(results->result[0]->items, 0);
    dt_result_list_free(results);
    close_contest(&c);
}
#endif

/* Payoffs of random profiles under random parameters, read from the other implementation. */
static void reference_payoffs(void) {
    if (system("/usr/bin/python3 -c 'import numpy' >/dev/null 2>&1") != 0) {
        fputs("\n    skipped: /usr/bin/python3 has no numpy\n", stderr);
        return;
    }
    static const struct {
        const char *name;
        long low, high; /* thousandths */
    } drawn[] = {
        {"eta", 1200, 5000},      {"eps", 100, 800},         {"harm", 200000, 9000000},
        {"stake.US", 1000, 9000}, {"resolve", 0, 2000},      {"prem", 500, 5000},
        {"reach.US", 0, 200},     {"position", 0, 9000000},  {"lure", 0, 1000},
        {"cntech.VN", 0, 330},    {"ore.CN", 0, 100},        {"compulsory", 0, 1000},
        {"idle", 0, 500},         {"backshare", 0, 1000},    {"dread.JP", 100000, 5000000},
        {"access", 0, 2000000},   {"favour.JP", 0, 1000000}, {"toll", 0, 1000},
        {"margin.US", 50, 400},   {"stock.JP", 0, 500},      {"contain.JP", 0, 1000},
    };
    enum { DRAWN = sizeof drawn / sizeof *drawn, EACH = 4 };
    brute_random r = {2010};
    for (int k = 0; k < 24; k++) {
        char set[EACH][64], command[4096];
        const char *sets[EACH];
        size_t count = k < 8 ? 0 : EACH; /* the first ones at the base values */
        for (size_t s = 0; s < count; s++) {
            size_t d = (size_t)brute_draw(&r, 0, DRAWN - 1);
            long x = brute_draw(&r, drawn[d].low, drawn[d].high);
            snprintf(set[s], sizeof set[s], "%s=%ld.%03ld", drawn[d].name, x / 1000, x % 1000);
            sets[s] = set[s];
        }
        contest c = open_contest("baseline", count, sets);
        uint32_t profile[DT_MAX_PLAYERS];
        draw_profile(&c, &r, profile);
        size_t used = (size_t)snprintf(command, sizeof command,
                                       "/usr/bin/python3 '%s/tests/reference/rare_earth.py' point",
                                       DETERRA_ROOT);
        for (size_t i = 0; i < 4; i++)
            for (size_t m = 0; m < 4; m++)
                used += (size_t)snprintf(command + used, sizeof command - used, " %s",
                                         dt_strategy_label(c.game, i, profile[i], m));
        for (size_t s = 0; s < count; s++)
            used += (size_t)snprintf(command + used, sizeof command - used, " --set %s", set[s]);
        FILE *in = popen(command, "r");
        CU_ASSERT_PTR_NOT_NULL_FATAL(in);
        char line[256];
        size_t seen = 0;
        while (fgets(line, sizeof line, in)) {
            if (line[0] == ' ')
                continue;
            CU_ASSERT_FATAL(seen < 4);
            size_t i = seen++;
            size_t name = strlen(c.game->player[i].name);
            CU_ASSERT(strncmp(line, c.game->player[i].name, name) == 0);
            double told = strtod(line + name, NULL), radius;
            dt_exact x;
            dt_exact_init(&x);
            CU_ASSERT_EQUAL(dt_game_exact(c.game, c.w, i, profile, &x, c.diag), DT_OK);
            double u = dt_exact_double(c.context, &x, &radius);
            if (!(fabs(u - told) <= 1e-9 + 1e-11 * fabs(u)))
                fprintf(stderr, "\n%s: %.17g, the reference has %.17g\n", command, u, told);
            CU_ASSERT(fabs(u - told) <= 1e-9 + 1e-11 * fabs(u));
            dt_exact_clear(&x);
        }
        CU_ASSERT_EQUAL(seen, 4);
        CU_ASSERT_EQUAL(pclose(in), 0);
        close_contest(&c);
    }
}

static const dt_case cases[] = {
    {"parameters have value, unit, source, range", parameters},
    {"both variants share the economics", shared_economics},
    {"no move pays 0 to all, exactly", no_move},
    {"spending adds up at random profiles", identities},
    {"terms add up to the payoff", terms_add_up},
    {"an embargo raises prices, stock less", embargo},
    {"licence and subsidy", licence_and_subsidy},
    {"without reach capacity moves no price", no_reach},
    {"coarse equilibria", coarse_equilibria},
    {"baseline equilibria", baseline_equilibria},
#ifndef __SANITIZE_ADDRESS__
    {"the fine game has no equilibrium", fine_has_none},
#endif
    {"payoffs of the reference implementation", reference_payoffs},
};

int main(void) {
    return DT_RUN_SUITE("rare earths", cases);
}
