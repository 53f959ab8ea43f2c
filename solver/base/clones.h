/* Versions of a function for wider vectors, chosen when the program starts. */
#ifndef DT_BASE_CLONES_H
#define DT_BASE_CLONES_H

/* Not under the address sanitizer: the choice runs before it is ready. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#endif
