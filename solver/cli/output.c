/* Writing results: all of them or an error, never a truncated success. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static int complain(const char *path) {
    if (errno != ECANCELED) /* the writer has reasons of its own, and tells them */
        fprintf(stderr, "deterra: cannot write %s: %s\n", path, strerror(errno));
    return DT_EXIT_FAILED;
}

/* Everything into an open stream, which is closed. */
static bool write_all(FILE *out, const cli_writer *writer) {
    bool good = writer->write(writer->user, out) && !ferror(out);
    int kept = errno;
    good = fflush(out) == 0 && good;
    kept = good ? kept : errno;
    good = fclose(out) == 0 && good;
    if (good)
        return true;
    errno = kept == ECANCELED || !errno ? kept : errno;
    return false;
}

/* Beside the file first, then in its place: a full disk leaves the old file as it was. */
static bool replace_file(const char *path, mode_t mode, const cli_writer *writer) {
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    size_t size = (size_t)folder + sizeof ".deterra-XXXXXX";
    char *beside = malloc(size);
    if (!beside)
        return false;
    snprintf(beside, size, "%.*s.deterra-XXXXXX", folder, path);
    int handle = mkstemp(beside);
    FILE *out = handle < 0 ? NULL : fdopen(handle, "wb");
    bool good = out && fchmod(handle, mode) == 0;
    if (out)
        good = write_all(out, writer) && good;
    good = good && rename(beside, path) == 0;
    if (!good && handle >= 0) {
        int kept = errno;
        unlink(beside);
        errno = kept;
    }
    free(beside);
    return good;
}

static int write_file(const char *path, const cli_writer *writer) {
    struct stat info;
    bool exists = stat(path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) { /* a device or a pipe: no renaming */
        FILE *out = fopen(path, "wb");
        return out && write_all(out, writer) ? DT_EXIT_OK : complain(path);
    }
    if (exists && access(path, W_OK) != 0)
        return complain(path);
    mode_t mask = umask(0);
    umask(mask);
    char *target = exists ? realpath(path, NULL) : NULL; /* through a link to the file itself */
    bool good =
        (!exists || target) &&
        replace_file(target ? target : path, exists ? info.st_mode & 07777 : 0666 & ~mask, writer);
    int exit_status = good ? DT_EXIT_OK : complain(path);
    free(target);
    return exit_status;
}

bool cli_can_write(const cli_options *options) {
    if (!options->output)
        return true;
    struct stat info;
    if (stat(options->output, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            errno = EISDIR;
        if (!S_ISDIR(info.st_mode) && access(options->output, W_OK) == 0)
            return true;
    } else {
        const char *slash = strrchr(options->output, '/');
        size_t length = slash ? (size_t)(slash - options->output) + 1 : 1;
        char *folder = malloc(length + 1);
        if (!folder)
            return true; /* the write itself will tell */
        memcpy(folder, slash ? options->output : ".", length);
        folder[length] = '\0';
        bool good = access(folder, W_OK | X_OK) == 0;
        free(folder);
        if (good)
            return true;
    }
    complain(options->output);
    return false;
}

int cli_write_with(const cli_options *options, const cli_writer *writer) {
    if (options->output)
        return write_file(options->output, writer);
    errno = 0;
    return write_all(stdout, writer) ? DT_EXIT_OK : complain("standard output");
}

typedef struct whole_text {
    const char *text;
    size_t length;
} whole_text;

static bool write_text(void *user, FILE *out) {
    const whole_text *t = user;
    return fwrite(t->text, 1, t->length, out) == t->length;
}

int cli_write(const cli_options *options, const char *text, size_t length) {
    whole_text all = {text, length};
    return cli_write_with(options, &(cli_writer){write_text, &all});
}

int cli_write_document(const cli_options *options, const dt_document *document) {
    const dt_reporter *reporter = dt_reporter_find(options->format);
    char *text;
    size_t length;
    bool colour = !options->output && cli_colour(stdout);
    dt_status status = reporter->document(document, colour, &text, &length);
    if (status != DT_OK) {
        fprintf(stderr, "deterra: %s\n", dt_status_text(status));
        return DT_EXIT_FAILED;
    }
    int exit_status = cli_write(options, text, length);
    free(text);
    return exit_status;
}
