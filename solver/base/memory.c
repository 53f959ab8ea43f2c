/* How much memory there is, and large arrays of numbers. */
#define _DEFAULT_SOURCE /* madvise */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { HUGE_PAGE = 1 << 21, CACHE_LINE = 64, PATH = 4096 };

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

/* The number in the file; UINT64_MAX where there is none ("max"). */
static uint64_t number_in(const char *path) {
    unsigned long long number = UINT64_MAX;
    FILE *file = fopen(path, "r");
    if (file) {
        if (fscanf(file, "%llu", &number) != 1)
            number = UINT64_MAX;
        fclose(file);
    }
    return number;
}

/* The least limit of a control group and of those that it is part of. */
static uint64_t group_limit(const char *root, const char *group, const char *name) {
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s%s", root, group);
    uint64_t limit = UINT64_MAX;
    for (size_t end = strlen(path); end >= strlen(root);) {
        snprintf(path + end, sizeof path - end, "/%s", name);
        limit = least(limit, number_in(path));
        do
            end--;
        while (end >= strlen(root) && path[end] != '/');
    }
    return limit;
}

/* Of the process's control groups, version 2 and version 1. */
static uint64_t groups_limit(void) {
    FILE *file = fopen("/proc/self/cgroup", "r");
    if (!file)
        return UINT64_MAX;
    char line[PATH];
    uint64_t limit = UINT64_MAX;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        const char *memory = strstr(line, ":memory:");
        if (strncmp(line, "0::", 3) == 0)
            limit = least(limit, group_limit("/sys/fs/cgroup", line + 3, "memory.max"));
        else if (memory)
            limit = least(
                limit, group_limit("/sys/fs/cgroup/memory", memory + 8, "memory.limit_in_bytes"));
    }
    fclose(file);
    return limit;
}

uint64_t dt_memory_limit(void) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t limit = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
    struct rlimit space;
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        limit = least(limit, space.rlim_cur);
    return least(limit, groups_limit());
}

uint64_t dt_memory_available(void) {
    uint64_t limit = dt_memory_limit();
    FILE *file = fopen("/proc/meminfo", "r");
    char line[256];
    while (file && fgets(line, sizeof line, file)) {
        unsigned long long kilobytes;
        if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1)
            limit = least(limit, 1024 * (uint64_t)kilobytes);
    }
    if (file)
        fclose(file);
    return limit;
}

double *dt_large_array(uint64_t count) {
    uint64_t bytes;
    void *array;
    if (__builtin_mul_overflow(count, sizeof(double), &bytes) || bytes > PTRDIFF_MAX)
        return NULL;
    if (posix_memalign(&array, bytes < HUGE_PAGE ? CACHE_LINE : HUGE_PAGE, bytes) != 0)
        return NULL;
    if (bytes >= HUGE_PAGE)
        madvise(array, bytes, MADV_HUGEPAGE); /* only advice: it may be declined */
    return array;
}

char *dt_bytes_text(double bytes, char *buffer, size_t size) {
    static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB", "ZB"};
    size_t i = 0;
    for (; bytes >= 999.5 && i < 7; i++)
        bytes /= 1000;
    snprintf(buffer, size, "%.3g %s", bytes, unit[i]);
    return buffer;
}
