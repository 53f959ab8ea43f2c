/* The progress of a long work in several loops, told as one. */
#include "game/stages.h"

static void report(void *user, const char *what, uint64_t done, uint64_t total) {
    const dt_stages *s = user;
    double part = total ? (double)done / (double)total : 0, units = s->before + s->share * part;
    uint64_t told = units < (double)s->total ? (uint64_t)units : s->total;
    (void)what;
    s->control->progress(s->control->user, s->what, told, s->total);
}

dt_control dt_stages_next(dt_stages *stages, double share) {
    stages->before += stages->share;
    stages->share = share;
    dt_control control = stages->control ? *stages->control : (dt_control){0};
    if (control.progress) {
        control.progress = report;
        control.user = stages;
    }
    return control;
}
