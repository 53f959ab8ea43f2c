/* Complaints: diagnostics of one run, capped, so that a huge broken file is not a huge report. */
#include "scenario/complaint.h"

#include <string.h>

void dt_complain(dt_complaints *complaints, dt_severity severity, dt_place place,
                 const char *format, ...) {
    size_t *count = severity == DT_ERROR ? &complaints->errors : &complaints->warnings;
    if (++*count > DT_COMPLAINT_CAP)
        return;
    va_list args;
    va_start(args, format);
    dt_diag_vadd(complaints->diag, severity, place, format, args);
    va_end(args);
}

static void end(dt_diag *diag, dt_severity severity, size_t count, const char *what) {
    if (count > DT_COMPLAINT_CAP)
        dt_diag_add(diag, severity, DT_NOWHERE, "and %zu more %s%s", count - DT_COMPLAINT_CAP, what,
                    count - DT_COMPLAINT_CAP == 1 ? "" : "s");
}

void dt_complaints_end(const dt_complaints *complaints) {
    end(complaints->diag, DT_ERROR, complaints->errors, "error");
    end(complaints->diag, DT_WARNING, complaints->warnings, "warning");
}

dt_shown dt_show_bytes(const char *word, size_t length) {
    dt_shown shown;
    size_t room = sizeof shown.text - 1, keep = length;
    if (length > room) {
        keep = room - 3;
        while (keep > 0 && ((unsigned char)word[keep] & 0xC0) == 0x80)
            keep--; /* not in the middle of a character */
    }
    for (size_t i = 0; i < keep; i++)
        shown.text[i] = (unsigned char)word[i] < 0x20 || word[i] == 0x7F ? '?' : word[i];
    shown.text[keep] = '\0';
    if (keep < length)
        memcpy(shown.text + keep, "...", 4);
    return shown;
}

dt_shown dt_show(const char *word) {
    return dt_show_bytes(word, strlen(word));
}
