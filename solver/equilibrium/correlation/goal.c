/* Objectives: see goal.h. SPDX: GPL-3.0-or-later */
#include "equilibrium/correlation/goal.h"

#include <ctype.h>
#include <flint/fmpq_vec.h>
#include <flint/fmpz_vec.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"

enum { LONGEST_NUMBER = 400 };

void dt_goal_init(dt_goal *goal, size_t players) {
    *goal = (dt_goal){.sign = 1, .players = players};
    fmpz_init_set_ui(goal->most, 1);
    fmpq_init(goal->unit);
    fmpq_one(goal->unit);
}

void dt_goal_clear(dt_goal *goal) {
    for (size_t p = 0; p < goal->players; p++)
        fmpz_clear(goal->weight + p);
    fmpz_clear(goal->most);
    fmpq_clear(goal->unit);
    goal->players = 0;
}

void dt_goal_player(dt_goal *goal, size_t player) {
    fmpq one[DT_MAX_PLAYERS] = {{0}};
    for (size_t p = 0; p < goal->players; p++)
        fmpq_init(one + p);
    fmpq_one(one + player);
    dt_goal_weights(goal, one);
}

void dt_goal_welfare(dt_goal *goal) {
    fmpq one[DT_MAX_PLAYERS];
    for (size_t p = 0; p < goal->players; p++) {
        fmpq_init(one + p);
        fmpq_one(one + p);
    }
    dt_goal_weights(goal, one);
}

void dt_goal_worst_off(dt_goal *goal) {
    dt_goal_welfare(goal);
    goal->worst = true;
}

bool dt_goal_weights(dt_goal *goal, const fmpq *weight) {
    fmpz_t common, gcd;
    fmpz_init_set_ui(common, 1);
    fmpz_init(gcd);
    fmpz_zero(goal->most);
    goal->worst = false;
    for (size_t p = 0; p < goal->players; p++)
        fmpz_lcm(common, common, fmpq_denref(weight + p));
    for (size_t p = 0; p < goal->players; p++) {
        fmpz_divexact(goal->weight + p, common, fmpq_denref(weight + p));
        fmpz_mul(goal->weight + p, goal->weight + p, fmpq_numref(weight + p));
        fmpz_gcd(gcd, gcd, goal->weight + p);
    }
    bool any = !fmpz_is_zero(gcd);
    fmpq_t ratio;
    fmpq_init(ratio);
    if (any) {
        fmpq_set_fmpz_frac(goal->unit, gcd, common);
        _fmpz_vec_scalar_divexact_fmpz(goal->weight, goal->weight, (slong)goal->players, gcd);
        for (size_t p = 0; p < goal->players; p++)
            if (fmpz_cmpabs(goal->weight + p, goal->most) > 0)
                fmpz_abs(goal->most, goal->weight + p);
        for (size_t p = 0; p < goal->players; p++) {
            fmpq_set_fmpz_frac(ratio, goal->weight + p, goal->most);
            goal->rough[p] = dt_fmpq_double(ratio, NULL);
        }
    }
    fmpq_clear(ratio);
    fmpz_clear(common);
    fmpz_clear(gcd);
    return any;
}

/* A sum of players as it is read. */
typedef struct reading {
    const dt_game *game;
    const dt_setting *setting;
    const char *who;
    dt_diag *diag;
    const char *at;
    fmpq weight[DT_MAX_PLAYERS];
} reading;

static void skip_spaces(reading *r) {
    while (isspace((unsigned char)*r->at))
        r->at++;
}

/* How many characters of a number stand here: digits, points, slashes, and an exponent. */
static size_t number_length(const char *text) {
    size_t n = strspn(text, "0123456789./");
    if (n && (text[n] == 'e' || text[n] == 'E')) {
        size_t sign = text[n + 1] == '+' || text[n + 1] == '-';
        size_t digits = strspn(text + n + 1 + sign, "0123456789");
        size_t end = n + 1 + sign + digits;
        if (digits && !isalnum((unsigned char)text[end]) && text[end] != '_')
            return end;
    }
    return n;
}

static dt_status refuse(const reading *r, const char *what, const char *word, size_t length) {
    dt_diag_add(r->diag, DT_ERROR, r->setting->place, "%s: in the objective '%s', %s '%.*s'",
                r->who, r->setting->text, what, (int)length, word);
    return DT_ERR_INPUT;
}

static dt_status read_weight(reading *r, fmpq_t weight) {
    fmpq_one(weight);
    skip_spaces(r);
    size_t n = number_length(r->at);
    if (n) {
        char text[LONGEST_NUMBER];
        if (n >= sizeof text)
            return refuse(r, "this weight is too long:", r->at, n);
        memcpy(text, r->at, n);
        text[n] = '\0';
        if (!dt_number_parse(text, weight))
            return refuse(r, "a weight is a decimal or a fraction, not", r->at, n);
        r->at += n;
        skip_spaces(r);
        if (*r->at == '*')
            r->at++;
        skip_spaces(r);
    }
    return DT_OK;
}

static dt_status read_player(reading *r, size_t *player) {
    size_t n = strcspn(r->at, " \t\n+-*");
    char word[64];
    if (n == 0)
        return refuse(r, "a player's name is missing before", r->at, strlen(r->at));
    for (size_t p = 0; p < r->game->players; p++)
        if (strlen(r->game->player[p].name) == n &&
            memcmp(r->game->player[p].name, r->at, n) == 0) {
            *player = p;
            r->at += n;
            return DT_OK;
        }
    memcpy(word, r->at, n < sizeof word ? n : sizeof word - 1);
    word[n < sizeof word ? n : sizeof word - 1] = '\0';
    if (strcasecmp(word, "nan") == 0 || strcasecmp(word, "inf") == 0 ||
        strcasecmp(word, "infinity") == 0)
        return refuse(r, "a weight is a finite decimal or a fraction, not", word, strlen(word));
    dt_nearest search = {word, NULL, 0};
    for (size_t p = 0; p < r->game->players; p++)
        dt_nearest_offer(&search, r->game->player[p].name);
    dt_nearest_offer(&search, "welfare");
    dt_nearest_offer(&search, "worst-off");
    dt_diag_add(r->diag, DT_ERROR, r->setting->place,
                "%s: there is no player '%s'%s%s%s: the objective is \"welfare\", \"worst-off\", "
                "a player's name or a weighted sum of players such as \"%s - 1/2 %s\"",
                r->who, word, search.best ? "; did you mean '" : "", search.best ? search.best : "",
                search.best ? "'?" : "", r->game->player[0].name,
                r->game->player[r->game->players - 1].name);
    return DT_ERR_INPUT;
}

static dt_status read_sum(reading *r) {
    fmpq_t weight;
    fmpq_init(weight);
    dt_status status = DT_OK;
    bool first = true;
    skip_spaces(r);
    do {
        int sign = 1;
        size_t player = 0;
        if (*r->at == '+' || *r->at == '-')
            sign = *r->at++ == '-' ? -1 : 1;
        else if (!first)
            status = refuse(r, "a + or - is missing before", r->at, strlen(r->at));
        first = false;
        if (status == DT_OK)
            status = read_weight(r, weight);
        if (status == DT_OK)
            status = read_player(r, &player);
        if (status != DT_OK)
            break;
        if (sign < 0)
            fmpq_neg(weight, weight);
        fmpq_add(r->weight + player, r->weight + player, weight);
        skip_spaces(r);
    } while (*r->at);
    fmpq_clear(weight);
    return status;
}

dt_status dt_goal_parse(dt_goal *goal, const dt_game *game, const dt_setting *setting,
                        const char *who, dt_diag *diag) {
    if (strcmp(setting->text, "welfare") == 0) {
        dt_goal_welfare(goal);
        return DT_OK;
    }
    if (strcmp(setting->text, "worst-off") == 0) {
        dt_goal_worst_off(goal);
        return DT_OK;
    }
    for (size_t p = 0; p < game->players; p++)
        if (strcmp(game->player[p].name, setting->text) == 0) {
            dt_goal_player(goal, p);
            return DT_OK;
        }
    reading r = {.game = game, .setting = setting, .who = who, .diag = diag, .at = setting->text};
    for (size_t p = 0; p < game->players; p++)
        fmpq_init(r.weight + p);
    dt_status status = read_sum(&r);
    if (status == DT_OK && !dt_goal_weights(goal, r.weight)) {
        dt_diag_add(diag, DT_ERROR, setting->place,
                    "%s: all weights of the objective '%s' are 0: any equilibrium is as good", who,
                    setting->text);
        status = DT_ERR_INPUT;
    }
    for (size_t p = 0; p < game->players; p++)
        fmpq_clear(r.weight + p);
    return status;
}
