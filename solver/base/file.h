/* A file's bytes, read up to a limit. */
#ifndef DT_BASE_FILE_H
#define DT_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct dt_file {
    char *data; /* to be freed */
    size_t length;
    dev_t device; /* with inode: which file it is, whatever its name */
    ino_t inode;
} dt_file;

typedef enum dt_load {
    DT_LOAD_OK,
    DT_LOAD_SYSTEM, /* errno tells */
    DT_LOAD_DIRECTORY,
    DT_LOAD_SPECIAL, /* a pipe or device where only a file may stand */
    DT_LOAD_TOO_LARGE,
    DT_LOAD_MEMORY,
} dt_load;

/* Reads `path`, "-" being standard input. A regular file beyond `limit` bytes is refused by its
 * size, anything else once it has given more. Pipes and devices are read only where `any` is
 * true: an included one could wait for ever. */
dt_load dt_file_load(const char *path, bool any, size_t limit, dt_file *out);

/* Why a file was not read, in words, into buffer, which is returned; `error` is the errno of the
 * failure. Not of DT_LOAD_TOO_LARGE: the caller knows the limit and what it is of. */
char *dt_load_reason(dt_load why, int error, char *buffer, size_t size);

#endif
