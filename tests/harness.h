/* The few lines every suite shares: a main that runs CUnit in basic mode and fails loudly. */
#ifndef DT_TESTS_HARNESS_H
#define DT_TESTS_HARNESS_H

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

typedef struct dt_case {
    const char *name;
    CU_TestFunc run;
} dt_case;

/* Runs the cases as one suite; the process's exit status. */
static inline int dt_run_suite(const char *suite, const dt_case *cases, size_t count) {
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite handle = CU_add_suite(suite, NULL, NULL);
    for (size_t i = 0; handle && i < count; i++)
        if (!CU_add_test(handle, cases[i].name, cases[i].run))
            handle = NULL;
    if (!handle)
        return 1;
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures() + CU_get_number_of_tests_failed();
    unsigned run = CU_get_number_of_tests_run();
    CU_cleanup_registry();
    return failed || run != count;
}

#define DT_RUN_SUITE(suite, cases) dt_run_suite(suite, cases, sizeof(cases) / sizeof *(cases))

#endif
