/* Reading a file as what it is: a config or a strategic-form game. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"

enum {
    GLANCE = 512,           /* bytes that tell what a file is */
    STREAM_BYTES = 64 << 20 /* of a pipe, which is read whole before it is known what it holds */
};

static bool is_named_nfg(const char *path) {
    size_t length = strlen(path);
    return length >= 4 && strcasecmp(path + length - 4, ".nfg") == 0;
}

/* A pipe or a device, standard input included: it can be read but once. */
static bool is_stream(const char *path) {
    struct stat info;
    if (strcmp(path, "-") == 0)
        return true;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

/* The first bytes of a file; 0 where there are none. */
static size_t glance(const char *path, char text[GLANCE]) {
    int handle = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = handle < 0 ? -1 : read(handle, text, GLANCE);
    if (handle >= 0)
        close(handle);
    return length > 0 ? (size_t)length : 0;
}

static bool begins_as_database(const char *text, size_t length) {
    static const char HEAD[] = "SQLite format 3"; /* with its NUL byte */
    return length >= sizeof HEAD && memcmp(text, HEAD, sizeof HEAD) == 0;
}

bool cli_is_database(const char *path) {
    char text[GLANCE] = "";
    size_t length = is_stream(path) ? 0 : glance(path, text);
    return begins_as_database(text, length);
}

static dt_status refuse(const char *path, dt_load why, int error, dt_diag *diag) {
    char reason[128];
    if (why == DT_LOAD_MEMORY)
        return DT_ERR_MEMORY;
    if (why == DT_LOAD_TOO_LARGE)
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                    "`%s` is too large: what is not a file holds at most 64 MB", path);
    else
        dt_diag_add(diag, DT_ERROR, DT_NOWHERE, "cannot read `%s`: %s", path,
                    dt_load_reason(why, error, reason, sizeof reason));
    return DT_ERR_INPUT;
}

/* Read once, then given to the reader that it is for. */
static dt_status read_stream(const char *path, const dt_config_options *config, bool *nfg,
                             dt_diag *diag, dt_scenario **out) {
    dt_file file;
    dt_load loaded = dt_file_load(path, true, STREAM_BYTES, &file);
    if (loaded != DT_LOAD_OK)
        return refuse(path, loaded, errno, diag);
    *nfg = *nfg || dt_nfg_begins(file.data, file.length);
    dt_status status = *nfg ? dt_nfg_read_text(path, file.data, file.length, diag, out)
                            : dt_config_read_text(path, file.data, file.length, config, diag, out);
    free(file.data);
    return status;
}

dt_status cli_read(const cli_options *options, dt_diag *diag, dt_scenario **partial,
                   dt_scenario **out) {
    const char *path = options->config;
    *out = NULL;
    dt_config_options config = {options->sets, options->set, options->concepts,
                                options->concept_spec, partial};
    bool nfg = is_named_nfg(path);
    dt_status status;
    if (is_stream(path)) {
        status = read_stream(path, &config, &nfg, diag, out);
    } else {
        char text[GLANCE];
        size_t length = glance(path, text);
        if (begins_as_database(text, length)) {
            dt_diag_add(diag, DT_ERROR, DT_NOWHERE,
                        "`%s` is an SQLite database and no config: `deterra table` and `deterra "
                        "export` read the stores of sweeps",
                        path);
            return DT_ERR_INPUT;
        }
        nfg = nfg || dt_nfg_begins(text, length);
        status = nfg ? dt_nfg_read(path, diag, out) : dt_config_read(path, &config, diag, out);
    }
    if (status != DT_OK || !nfg)
        return status;
    status = dt_config_apply(&config, *out, diag);
    if (status != DT_OK) {
        dt_scenario_free(*out);
        *out = NULL;
    }
    return status;
}
