/* Exact arithmetic without memory: GMP and FLINT know no error return, and would abort. */
#include <gmp.h>
#include <stdlib.h>
#include <unistd.h>

#include <flint/flint.h>

#include "cli/cli.h"

/* Nothing was written yet: files are, when all is solved. From any thread. */
static __attribute__((noreturn)) void give_up(void) {
    static const char words[] =
        "deterra: out of memory in exact arithmetic (or a number too long for it)\n";
    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written;
    _exit(DT_EXIT_FAILED);
}

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory)
        give_up();
    return memory;
}

static void *reallocate(void *old, size_t old_size, size_t size) {
    (void)old_size;
    void *memory = realloc(old, size);
    if (!memory)
        give_up();
    return memory;
}

static void release(void *memory, size_t size) {
    (void)size;
    free(memory);
}

void cli_guard_memory(void) {
    mp_set_memory_functions(allocate, reallocate, release);
    flint_set_abort(give_up);
}
