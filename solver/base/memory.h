/* How much memory there is, and large arrays of numbers. */
#ifndef DT_BASE_MEMORY_H
#define DT_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that this process may hold at most: what the machine has, or less where the process's
 * address space (ulimit -v) or its control groups (Slurm, containers) are limited. */
uint64_t dt_memory_limit(void);

/* As much of it as the machine can give now without swapping: what others use is not there. */
uint64_t dt_memory_available(void);

/* An uninitialised array for free(); NULL when out of memory. Where it is large it starts at a
 * multiple of 2 MB and asks for huge pages: walks at a large stride then miss the TLB seldom. */
double *dt_large_array(uint64_t count);

/* "1.38 GB" into buffer, which is returned. */
char *dt_bytes_text(double bytes, char *buffer, size_t size);

#endif
