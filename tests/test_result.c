/* Result lists and their numbers: correct rounding against exact comparison. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "deterra/result.h"
#include "harness.h"

static void lists(void) {
    dt_result_list *list = dt_result_list_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(list);
    dt_result *first = NULL;
    for (int i = 0; i < 100; i++) {
        char name[32];
        snprintf(name, sizeof name, "concept-%d", i);
        dt_result *r = dt_result_add(list, name, DT_SHAPE_SECURITY);
        CU_ASSERT_PTR_NOT_NULL_FATAL(r);
        first = first ? first : r;
    }
    CU_ASSERT_EQUAL(list->count, 100);
    CU_ASSERT_PTR_EQUAL(list->result[0], first);
    CU_ASSERT_STRING_EQUAL(list->result[99]->concept_name, "concept-99");
    CU_ASSERT_EQUAL(list->result[99]->shape, DT_SHAPE_SECURITY);
    CU_ASSERT_EQUAL(list->result[99]->items, 0);
    for (int i = 0; i < 9; i++) {
        CU_ASSERT_EQUAL(dt_result_note(list, first, "note %d", i), DT_OK);
        CU_ASSERT_EQUAL(dt_result_setting(list, first, i % 2 ? "odd" : "even", "%g", i / 2.0),
                        DT_OK);
    }
    CU_ASSERT_EQUAL(first->notes, 9);
    CU_ASSERT_STRING_EQUAL(first->note[8], "note 8");
    CU_ASSERT_EQUAL(first->settings, 9);
    CU_ASSERT_STRING_EQUAL(first->setting[3].key, "odd");
    CU_ASSERT_STRING_EQUAL(first->setting[3].text, "1.5");
    dt_result_list_free(list);
    dt_result_list_free(NULL);
}

static void certificates(void) {
    CU_ASSERT_STRING_EQUAL(dt_certificate_name(DT_CERT_NONE), "");
    CU_ASSERT_STRING_EQUAL(dt_certificate_name(DT_CERT_EXACT), "exact");
    CU_ASSERT_STRING_EQUAL(dt_certificate_name(DT_CERT_BALL), "ball");
    CU_ASSERT_STRING_EQUAL(dt_certificate_name(DT_CERT_NUMERIC), "numeric");
}

static dt_number number_of(dt_result_list *list, const fmpq_t q) {
    dt_number n = {NAN, NAN, NULL};
    CU_ASSERT_EQUAL(dt_number_from_fmpq(list, q, &n), DT_OK);
    CU_ASSERT_EQUAL(n.radius, 0);
    return n;
}

static void known_numbers(void) {
    static const struct {
        const char *text;
        double value;
    } known[] = {
        {"0", 0},
        {"1/3", 1.0 / 3},
        {"-21/2", -10.5},
        {"1/10", 0.1},
        {"9007199254740993", 9007199254740992.0},             /* a tie goes to even */
        {"9007199254740995", 9007199254740996.0},             /* likewise, upwards */
        {"900719925474099300001/100000", 9007199254740994.0}, /* just above the tie */
        {"-9007199254740993", -9007199254740992.0},
    };
    dt_result_list *list = dt_result_list_new();
    fmpq_t q;
    fmpq_init(q);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CU_ASSERT_EQUAL(fmpq_set_str(q, known[i].text, 10), 0);
        dt_number n = number_of(list, q);
        CU_ASSERT_EQUAL(n.value, known[i].value);
        CU_ASSERT_STRING_EQUAL(n.exact, known[i].text);
    }
    fmpq_one(q);
    fmpq_div_2exp(q, q, 1074);
    CU_ASSERT_EQUAL(number_of(list, q).value, 0x1p-1074); /* the smallest double */
    fmpq_div_2exp(q, q, 1);
    CU_ASSERT_EQUAL(number_of(list, q).value, 0); /* half of it: a tie with 0 */
    fmpq_one(q);
    fmpq_mul_2exp(q, q, 1100);
    dt_number n;
    CU_ASSERT_EQUAL(dt_number_from_fmpq(list, q, &n), DT_ERR_INPUT);
    fmpq_clear(q);
    dt_result_list_free(list);
}

/* |q - d| as a rational. */
static void distance(fmpq_t out, const fmpq_t q, double d) {
    arf_t x;
    arf_init(x);
    arf_set_d(x, d);
    arf_get_fmpq(out, x);
    fmpq_sub(out, q, out);
    fmpq_abs(out, out);
    arf_clear(x);
}

static void random_numbers_round_to_nearest(void) {
    dt_result_list *list = dt_result_list_new();
    flint_rand_t random;
    flint_randinit(random);
    fmpq_t q, here, beside;
    fmpq_init(q);
    fmpq_init(here);
    fmpq_init(beside);
    for (int i = 0; i < 3000; i++) {
        fmpq_randbits(q, random, 1 + (flint_bitcnt_t)(i % 300));
        double value = number_of(list, q).value;
        distance(here, q, value);
        for (int side = -1; side <= 1; side += 2) {
            distance(beside, q, nextafter(value, side * HUGE_VAL));
            CU_ASSERT_TRUE(fmpq_cmp(here, beside) <= 0);
        }
    }
    fmpq_clear(beside);
    fmpq_clear(here);
    fmpq_clear(q);
    flint_randclear(random);
    dt_result_list_free(list);
}

static void exact_and_double(void) {
    dt_result_list *list = dt_result_list_new();
    dt_exact_context *context = dt_exact_context_new();
    dt_exact x;
    dt_exact_init(&x);
    fmpq_set_si(x.rational, 7, 2);
    dt_number n;
    CU_ASSERT_EQUAL(dt_number_from_exact(list, context, &x, &n), DT_OK);
    CU_ASSERT_EQUAL(n.value, 3.5);
    CU_ASSERT_EQUAL(n.radius, 0);
    CU_ASSERT_STRING_EQUAL(n.exact, "7/2");

    fmpq_set_si(x.rational, 2, 1); /* log 2 is a ball */
    CU_ASSERT_EQUAL(dt_exact_log(context, &x, &x), DT_EXACT_OK);
    CU_ASSERT_EQUAL(dt_number_from_exact(list, context, &x, &n), DT_OK);
    CU_ASSERT_EQUAL(n.value, 0.6931471805599453);
    CU_ASSERT_TRUE(n.radius > 0 && n.radius < 1e-15);
    CU_ASSERT_PTR_NULL(n.exact);
    dt_exact_clear(&x);
    dt_exact_context_free(context);

    n = dt_number_from_double(-0.0, 0.5);
    CU_ASSERT_FALSE(signbit(n.value));
    CU_ASSERT_EQUAL(n.radius, 0.5);
    CU_ASSERT_PTR_NULL(n.exact);
    dt_result_list_free(list);
}

static const dt_case cases[] = {
    {"lists, notes and settings", lists},
    {"certificate names", certificates},
    {"known numbers", known_numbers},
    {"random numbers round to nearest", random_numbers_round_to_nearest},
    {"exact numbers and doubles", exact_and_double},
};

int main(void) {
    int failed = DT_RUN_SUITE("result", cases);
    flint_cleanup_master();
    return failed;
}
