/* A file's bytes, read up to a limit. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 16384 };

/* Reads to the end of the file, or until more than `limit` bytes came. */
static dt_load read_all(int handle, size_t hint, size_t limit, dt_file *out) {
    size_t room = hint < limit ? hint + 1 : limit + 1;
    if (room < FIRST_ROOM)
        room = FIRST_ROOM;
    out->data = malloc(room);
    out->length = 0;
    while (out->data) {
        ssize_t got = read(handle, out->data + out->length, room - out->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return DT_LOAD_SYSTEM;
        if (got == 0)
            return DT_LOAD_OK;
        out->length += (size_t)got;
        if (out->length > limit)
            return DT_LOAD_TOO_LARGE;
        if (out->length == room) {
            room = 2 * room < limit ? 2 * room : limit + 1;
            char *grown = realloc(out->data, room);
            if (!grown)
                return DT_LOAD_MEMORY;
            out->data = grown;
        }
    }
    return DT_LOAD_MEMORY;
}

static dt_load load_handle(int handle, bool any, size_t limit, dt_file *out) {
    struct stat info;
    if (fstat(handle, &info) != 0)
        return DT_LOAD_SYSTEM;
    if (S_ISDIR(info.st_mode))
        return DT_LOAD_DIRECTORY;
    if (!S_ISREG(info.st_mode) && !any)
        return DT_LOAD_SPECIAL;
    out->device = info.st_dev;
    out->inode = info.st_ino;
    size_t size = S_ISREG(info.st_mode) && info.st_size > 0 ? (size_t)info.st_size : 0;
    return size > limit ? DT_LOAD_TOO_LARGE : read_all(handle, size, limit, out);
}

dt_load dt_file_load(const char *path, bool any, size_t limit, dt_file *out) {
    memset(out, 0, sizeof *out);
    bool standard = any && strcmp(path, "-") == 0;
    /* without O_NONBLOCK a named pipe would wait for its writer before it can be refused */
    int handle =
        standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | (any ? 0 : O_NONBLOCK));
    if (handle < 0)
        return DT_LOAD_SYSTEM;
    dt_load result = load_handle(handle, any, limit, out);
    int error = errno;
    if (!standard)
        close(handle);
    if (result != DT_LOAD_OK) {
        free(out->data);
        out->data = NULL;
    }
    errno = error;
    return result;
}

char *dt_load_reason(dt_load why, int error, char *buffer, size_t size) {
    if (why == DT_LOAD_DIRECTORY)
        snprintf(buffer, size, "it is a directory");
    else if (why == DT_LOAD_SPECIAL)
        snprintf(buffer, size, "it is not a regular file");
    else if (strerror_r(error, buffer, size) != 0)
        snprintf(buffer, size, "error %d", error);
    return buffer;
}
