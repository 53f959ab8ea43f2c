/* What a deterra function returns: every call that can fail says how. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_STATUS_H
#define DETERRA_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dt_status {
    DT_OK = 0,
    DT_ERR_INPUT,       /* a config, formula, profile or setting is wrong (exit 3)          */
    DT_ERR_USAGE,       /* the command line or the call is wrong (exit 2)                   */
    DT_ERR_MEMORY,      /* an allocation failed (exit 1)                                    */
    DT_ERR_IO,          /* reading or writing failed (exit 1)                               */
    DT_ERR_SOLVER,      /* a solver gave up: an LP without an answer, a broken basis (exit 1) */
    DT_ERR_INTERRUPTED, /* the caller asked to stop, see dt_control (exit 130)              */
} dt_status;

/* A short English phrase for a status; never NULL, never to be freed. */
const char *dt_status_text(dt_status status);

/* The library's version, "major.minor.patch". */
const char *dt_version(void);

#ifdef __cplusplus
}
#endif
#endif
