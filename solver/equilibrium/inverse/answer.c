/* What the answers of both kinds of change have in common. SPDX: GPL-3.0-or-later */
#include "base/arena.h"
#include "equilibrium/inverse/inverse.h"

dt_status dt_inverse_step(dt_inverse *q) {
    const dt_control *control = q->call->control;
    if (control && control->stop && *control->stop)
        return DT_ERR_INTERRUPTED;
    if (control && control->progress && q->seen % 64 == 0)
        control->progress(control->user, "deviations read", q->seen, q->deviations);
    q->seen++;
    return DT_OK;
}

static dt_status too_large(dt_inverse *q, dt_status status) {
    if (status == DT_ERR_INPUT)
        dt_diag_add(q->call->diag, DT_ERROR, q->call->request->place,
                    "inverse: a number of the answer is beyond the range of a double");
    return status;
}

dt_status dt_inverse_fmpq(dt_inverse *q, const fmpq_t x, dt_number *out) {
    return too_large(q, dt_number_from_fmpq(q->call->results, x, out));
}

dt_status dt_inverse_exact(dt_inverse *q, dt_exact_context *context, const dt_exact *x,
                           dt_number *out) {
    return too_large(q, dt_number_from_exact(q->call->results, context, x, out));
}

dt_status dt_inverse_value(dt_inverse *q, const char *name, dt_number number) {
    return dt_result_value(q->call->results, q->result, name, dt_entry_number(number));
}

dt_named_table *dt_inverse_deviations(dt_inverse *q, const char *name, const char *title,
                                      const char *last) {
    const char *column[] = {"player", "deviation", "gain_before", last};
    return dt_result_table(q->call->results, q->result, name, title, 4, column);
}

dt_status dt_inverse_deviation(dt_inverse *q, dt_named_table *table, size_t player,
                               uint32_t strategy, dt_number gain, dt_number last) {
    dt_result_list *list = q->call->results;
    dt_entry *row = dt_result_row(list, table);
    dt_weight *weight = dt_arena_array(list->arena, 1, sizeof *weight);
    if (!row || !weight)
        return DT_ERR_MEMORY;
    *weight = (dt_weight){.strategy = strategy, .probability = {1, 0, "1"}};
    row[0] = dt_entry_player(player);
    row[1] = dt_entry_strategy(player, (dt_mixture){1, weight});
    row[2] = dt_entry_number(gain);
    row[3] = dt_entry_number(last);
    return DT_OK;
}

dt_status dt_inverse_conclude(dt_inverse *q, const dt_verdict *verdict, dt_certificate proven) {
    dt_result_list *list = q->call->results;
    dt_certificate checked =
        verdict->equilibrium == DT_TRUE ? verdict->certificate : DT_CERT_NUMERIC;
    q->result->certificate = checked > proven ? checked : proven;
    dt_status status =
        dt_result_value(list, q->result, "equilibrium_after", dt_entry_truth(verdict->equilibrium));
    if (status == DT_OK && verdict->equilibrium == DT_UNKNOWN)
        status = dt_result_note(list, q->result,
                                "Whether the profile is an equilibrium of the changed game could "
                                "not be decided by balls of 4096 bits.");
    return status;
}
