/* The checks of blocs. */
#include <string.h>

#include "base/nearest.h"
#include "scenario/validate.h"

static void check_member(const dt_scenario *s, size_t bloc, size_t member,
                         dt_complaints *complaints) {
    const char *name = s->bloc[bloc].member[member];
    dt_place place = s->bloc[bloc].member_place[member];
    dt_nearest search = {name, NULL, 0};
    bool known = false;
    for (size_t p = 0; p < s->players; p++) {
        dt_nearest_offer(&search, s->player[p].name);
        known = known || strcmp(s->player[p].name, name) == 0;
    }
    if (!known) {
        dt_complain(complaints, DT_ERROR, place, "there is no player `%s` for a bloc%s%s%s",
                    dt_show(name).text, search.best ? "; did you mean `" : "",
                    search.best ? dt_show(search.best).text : "", search.best ? "`?" : "");
        return;
    }
    for (size_t b = 0; b <= bloc; b++)
        for (size_t m = 0; m < (b < bloc ? s->bloc[b].members : member); m++)
            if (strcmp(s->bloc[b].member[m], name) == 0) {
                dt_complain(complaints, DT_ERROR, place, "player `%s` is in a bloc already",
                            dt_show(name).text);
                return;
            }
}

static bool is_member(const dt_scenario *s, const char *name) {
    for (size_t b = 0; b < s->blocs; b++)
        for (size_t m = 0; m < s->bloc[b].members; m++)
            if (strcmp(s->bloc[b].member[m], name) == 0)
                return true;
    return false;
}

static void check_weights(const dt_bloc_spec *bloc, dt_complaints *complaints) {
    bool positive = false;
    for (size_t m = 0; m < bloc->members; m++) {
        positive = positive || fmpq_sgn(&bloc->weight[m]) > 0;
        if (fmpq_sgn(&bloc->weight[m]) < 0)
            dt_complain(complaints, DT_ERROR, bloc->place,
                        "the weight of `%s` in a bloc is below 0: %.10g",
                        dt_show(bloc->member[m]).text, fmpq_get_d(&bloc->weight[m]));
    }
    if (bloc->members && !positive)
        dt_complain(complaints, DT_ERROR, bloc->place,
                    "a bloc needs a member whose weight is above 0");
}

/* A bloc's name may be that of its only member, but of no other player or bloc. */
static void check_name(const dt_scenario *s, size_t bloc, dt_complaints *complaints) {
    const dt_bloc_spec *here = &s->bloc[bloc];
    if (!here->name)
        return;
    bool taken = false;
    for (size_t b = 0; b < bloc; b++)
        taken = taken || (s->bloc[b].name && strcmp(s->bloc[b].name, here->name) == 0);
    for (size_t p = 0; p < s->players; p++)
        taken = taken || (strcmp(s->player[p].name, here->name) == 0 &&
                          !(here->members == 1 && strcmp(here->member[0], here->name) == 0));
    if (taken)
        dt_complain(complaints, DT_ERROR, here->place,
                    "`%s` cannot name a bloc: it already names a player or a bloc",
                    dt_show(here->name).text);
}

void dt_validate_blocs(const dt_scenario *s, dt_complaints *complaints) {
    if (!s->blocs)
        return;
    if (s->blocs < 2)
        dt_complain(complaints, DT_ERROR, s->blocs_place,
                    "a game needs two blocs or more: a player who stands alone is a bloc of one");
    for (size_t b = 0; b < s->blocs; b++) {
        if (!s->bloc[b].members)
            dt_complain(complaints, DT_ERROR, s->bloc[b].place, "a bloc needs a member");
        for (size_t m = 0; m < s->bloc[b].members; m++)
            check_member(s, b, m, complaints);
        check_weights(&s->bloc[b], complaints);
        check_name(s, b, complaints);
    }
    for (size_t p = 0; p < s->players; p++)
        if (!is_member(s, s->player[p].name))
            dt_complain(complaints, DT_ERROR, s->blocs_place,
                        "player `%s` is in no bloc: who stands alone is a bloc of one, [\"%s\"]",
                        dt_show(s->player[p].name).text, dt_show(s->player[p].name).text);
}
