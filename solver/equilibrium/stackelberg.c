/* Concept "stackelberg": one player commits first and the others see it and reply (von Stackelberg
 * 1934). To a mixed strategy, against one follower, by a linear program for each reply (Conitzer
 * and Sandholm 2006); to a pure one, against any number of followers who play a pure equilibrium
 * among themselves. Strong: those who are indifferent do what suits the leader (Leitmann 1978);
 * weak: what harms him, and then the best may be a supremum that no commitment attains (von Stengel
 * and Zamir 2010). SPDX: GPL-3.0-or-later */
#include "equilibrium/stackelberg/stackelberg.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "equilibrium/concepts.h"

/* Payoffs of mixed commitment stand in memory, with a linear program in each thread. */
enum { MOST_PROFILES = 4000000 };

static const dt_key stackelberg_keys[] = {
    {"leader", DT_KEY_WORD, NULL, true, "the player who commits first"},
    {"commitment", DT_KEY_WORD, "mixed|pure", false,
     "to a mixed strategy (default with one follower) or to a pure one (default with more)"},
    {"ties", DT_KEY_WORD, "strong|weak", false,
     "indifferent followers do what is best for the leader (strong, the default) or worst (weak)"},
    {0},
};

typedef struct question {
    size_t leader, follower; /* the last of the followers that have a choice, or any */
    size_t followers;        /* that have a choice */
    bool mixed;
    dt_ties ties;
} question;

static dt_status read_leader(const dt_solve_call *call, question *q) {
    const dt_game *game = call->game;
    const dt_setting *setting = dt_request_setting(call->request, "leader");
    dt_nearest search = {setting->text, NULL, 0};
    for (size_t p = 0; p < game->players; p++) {
        q->leader = p;
        if (strcmp(game->player[p].name, setting->text) == 0)
            return DT_OK;
        dt_nearest_offer(&search, game->player[p].name);
    }
    dt_diag_add(call->diag, DT_ERROR, setting->place,
                "stackelberg: there is no player `%s` to lead%s%s%s", setting->text,
                search.best ? "; did you mean `" : "", search.best ? search.best : "",
                search.best ? "`?" : "");
    return DT_ERR_INPUT;
}

static const char *word(const dt_solve_call *call, const char *key, const char *otherwise) {
    const dt_setting *setting = dt_request_setting(call->request, key);
    return setting ? setting->text : otherwise;
}

/* "CN, JP and VN" */
static void list_followers(const dt_game *game, const question *q, char *text, size_t size) {
    size_t used = 0, left = q->followers;
    *text = '\0';
    for (size_t p = 0; p < game->players && used < size; p++) {
        if (p == q->leader || game->player[p].strategies < 2)
            continue;
        left--;
        int n = snprintf(text + used, size - used, "%s%s", game->player[p].name,
                         left > 1    ? ", "
                         : left == 1 ? " and "
                                     : "");
        used += n > 0 ? (size_t)n : 0;
    }
}

static dt_status refuse_mixed(const dt_solve_call *call, const question *q) {
    char followers[256];
    list_followers(call->game, q, followers, sizeof followers);
    const char *leader = call->game->player[q->leader].name;
    dt_diag_add(call->diag, DT_ERROR, call->request->place,
                "stackelberg with commitment=mixed applies to one follower, and here %s reply to "
                "%s; commitment=pure commits %s to a strategy after which they play a pure "
                "equilibrium, and maximin with player=%s gives what %s secures whatever they do",
                followers, leader, leader, leader, leader);
    return DT_ERR_INPUT;
}

static dt_status read_question(const dt_solve_call *call, question *q) {
    const dt_game *game = call->game;
    *q = (question){0};
    dt_status status = read_leader(call, q);
    if (status != DT_OK)
        return status;
    if (game->players < 2) {
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "stackelberg applies to games with a follower, and %s is the only player; "
                    "pure-nash gives the best strategies",
                    game->player[0].name);
        return DT_ERR_INPUT;
    }
    q->follower = q->leader == 0;
    for (size_t p = 0; p < game->players; p++)
        if (p != q->leader && game->player[p].strategies > 1) {
            q->follower = p;
            q->followers++;
        }
    q->mixed = strcmp(word(call, "commitment", q->followers > 1 ? "pure" : "mixed"), "mixed") == 0;
    q->ties = strcmp(word(call, "ties", "strong"), "strong") == 0 ? DT_TIES_STRONG : DT_TIES_WEAK;
    if (q->mixed && q->followers > 1)
        return refuse_mixed(call, q);
    if (q->mixed && game->profiles > MOST_PROFILES) {
        dt_diag_add(call->diag, DT_ERROR, call->request->place,
                    "stackelberg with commitment=mixed holds all payoffs in memory: at most %d "
                    "profiles, and this game has %llu; commitment=pure applies",
                    MOST_PROFILES, (unsigned long long)game->profiles);
        return DT_ERR_INPUT;
    }
    return DT_OK;
}

static dt_status stackelberg_solve(const dt_solve_call *call) {
    question q;
    dt_status status = read_question(call, &q);
    if (status != DT_OK)
        return status;
    dt_result_list *list = call->results;
    dt_result *result = dt_result_add(list, "stackelberg", DT_SHAPE_EQUILIBRIA);
    if (!result)
        return DT_ERR_MEMORY;
    status = dt_result_setting(list, result, "leader", "%s", call->game->player[q.leader].name);
    if (status == DT_OK)
        status = dt_result_setting(list, result, "commitment", "%s", q.mixed ? "mixed" : "pure");
    if (status == DT_OK)
        status = dt_result_setting(list, result, "ties", "%s",
                                   q.ties == DT_TIES_STRONG ? "strong" : "weak");
    if (status != DT_OK)
        return status;
    return q.mixed ? dt_commit_mixed(call, q.leader, q.follower, q.ties, 0, result)
                   : dt_commit_pure(call, q.leader, q.ties, result);
}

/* Pure: a search in each committed game, at worst by rows. Mixed: two payoffs a profile, exactly.
 */
static double stackelberg_work(const dt_game *game) {
    return 2.0 * (double)game->players * (double)game->profiles;
}

static double stackelberg_memory(const dt_game *game) {
    double profiles = game->profiles < MOST_PROFILES ? (double)game->profiles : MOST_PROFILES;
    return 200 * profiles; /* whole numbers, doubles, and a linear program's entries */
}

const dt_concept dt_concept_stackelberg = {
    .name = "stackelberg",
    .summary = "what a leader gets by committing first, to a pure or a mixed strategy",
    .keys = stackelberg_keys,
    .has_equilibria = true,
    .solve = stackelberg_solve,
    .work = stackelberg_work,
    .memory = stackelberg_memory,
};
