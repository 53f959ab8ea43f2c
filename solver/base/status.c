/* Status texts and the version. */
#include "deterra/status.h"

const char *dt_status_text(dt_status status) {
    switch (status) {
    case DT_OK: return "done";
    case DT_ERR_INPUT: return "the input is wrong";
    case DT_ERR_USAGE: return "the call is wrong";
    case DT_ERR_MEMORY: return "out of memory";
    case DT_ERR_IO: return "reading or writing failed";
    case DT_ERR_SOLVER: return "a solver failed";
    case DT_ERR_INTERRUPTED: return "interrupted";
    }
    return "unknown status";
}

const char *dt_version(void) {
    return DETERRA_VERSION;
}
