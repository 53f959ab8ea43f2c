/* The body of a strategic-form file: payoffs, or outcomes and a number of one for each profile. The
 * first player's strategy runs fastest there, the last player's in a scenario. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "deterra/game.h"
#include "nfg/parser.h"

/* Bytes that a payoff will take: in the scenario, and in the table model as a rational and a
 * double. */
enum { BYTES_EACH = 2 * sizeof(fmpq) + sizeof(double) };

/* The profiles in the order of the file, with their index in a scenario. */
typedef struct odometer {
    size_t players;
    uint32_t at[DT_MAX_PLAYERS], strategies[DT_MAX_PLAYERS];
    uint64_t stride[DT_MAX_PLAYERS], index;
} odometer;

static odometer start(const dt_scenario *s) {
    odometer o = {.players = s->players};
    uint64_t stride = 1;
    for (size_t i = s->players; i-- > 0;) {
        o.strategies[i] = (uint32_t)s->player[i].move[0].levels;
        o.stride[i] = stride;
        stride *= o.strategies[i];
    }
    return o;
}

static void turn(odometer *o) {
    for (size_t i = 0; i < o->players; i++) {
        o->index += o->stride[i];
        if (++o->at[i] < o->strategies[i])
            return;
        o->index -= o->stride[i] * o->strategies[i];
        o->at[i] = 0;
    }
}

/* How many words follow. */
static uint64_t count_words(const dt_nfg_parser *p) {
    dt_nfg_lexer ahead = p->lexer;
    uint64_t count = 0;
    for (; ahead.token.kind == DT_NFG_WORD; count++)
        dt_nfg_next(&ahead);
    return count;
}

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

/* Makes room for the payoffs, all 0, if the memory holds them. */
static dt_status make_room(dt_nfg_parser *p) {
    dt_payoff_spec *payoff = &p->scenario->payoff;
    double bytes = (double)p->profiles * (double)p->scenario->players * BYTES_EACH;
    uint64_t limit = dt_memory_limit();
    if (bytes > (double)limit) {
        char needed[32], there[32];
        return dt_nfg_wrong(p,
                            "the payoffs of %llu profiles of %zu players take %s, and there are "
                            "%s",
                            (unsigned long long)p->profiles, p->scenario->players,
                            dt_bytes_text(bytes, needed, sizeof needed),
                            dt_bytes_text((double)limit, there, sizeof there));
    }
    size_t count = (size_t)p->profiles * p->scenario->players;
    payoff->value = dt_arena_array(p->scenario->arena, count, sizeof *payoff->value);
    if (!payoff->value)
        return DT_ERR_MEMORY;
    for (size_t k = 0; k < count; k++)
        fmpq_init(&payoff->value[k]);
    payoff->values = count;
    return DT_OK;
}

/* Goes to the word behind `count` of them, or to what is no word. */
static void skip_words(dt_nfg_parser *p, uint64_t count) {
    for (; count > 0 && p->lexer.token.kind == DT_NFG_WORD; count--)
        dt_nfg_next(&p->lexer);
}

/* Makes sure of `each` words a profile and nothing else: "payoffs", of which one is a "payoff". */
static dt_status check_count(dt_nfg_parser *p, uint64_t each, const char *one, const char *all) {
    uint64_t there = count_words(p), wanted;
    if (__builtin_mul_overflow(p->profiles, each, &wanted))
        wanted = UINT64_MAX; /* more than any file holds */
    if (there == wanted)
        return DT_OK;
    skip_words(p, there < wanted ? there : wanted);
    char game[96];
    snprintf(game, sizeof game, "%llu profile%s of %zu player%s", (unsigned long long)p->profiles,
             plural(p->profiles), p->scenario->players, plural(p->scenario->players));
    if (there > wanted)
        return dt_nfg_wrong(p, "expected the end of the file after %llu %s (%s), found `%s`",
                            (unsigned long long)wanted, all, game, dt_nfg_shown(p).text);
    if (p->lexer.token.kind != DT_NFG_END)
        return dt_nfg_expected(p, "%s %llu of %llu (%s)", one, (unsigned long long)there + 1,
                               (unsigned long long)wanted, game);
    return dt_nfg_wrong(p, "too few %s: %s need %llu, and there %s %llu", all, game,
                        (unsigned long long)wanted, there == 1 ? "is" : "are",
                        (unsigned long long)there);
}

static dt_status read_end(dt_nfg_parser *p) {
    return p->lexer.token.kind == DT_NFG_END ? DT_OK
                                             : dt_nfg_expected(p, "the end of the file after the "
                                                                  "last profile");
}

static dt_status read_payoffs(dt_nfg_parser *p) {
    size_t players = p->scenario->players;
    dt_status status = check_count(p, players, "payoff", "payoffs");
    if (status == DT_OK)
        status = make_room(p);
    if (status != DT_OK)
        return status;
    bool wrong = false;
    odometer at = start(p->scenario);
    for (uint64_t k = 0; k < p->profiles; k++, turn(&at))
        for (size_t i = 0; i < players; i++, dt_nfg_next(&p->lexer))
            wrong |= !dt_nfg_payoff(p, &p->scenario->payoff.value[at.index * players + i]);
    status = read_end(p);
    return wrong ? DT_ERR_INPUT : status;
}

/* The outcomes of a file, a payoff for each player. */
typedef struct outcomes {
    size_t count, room;
    fmpq *payoff;
} outcomes;

static dt_status grow(outcomes *list, size_t players) {
    if (list->count < list->room)
        return DT_OK;
    size_t room = list->room ? 2 * list->room : 16;
    fmpq *grown = realloc(list->payoff, room * players * sizeof *grown);
    if (!grown)
        return DT_ERR_MEMORY;
    list->payoff = grown;
    list->room = room;
    return DT_OK;
}

static void clear(outcomes *list, size_t players) {
    for (size_t k = 0; k < list->count * players; k++)
        fmpq_clear(&list->payoff[k]);
    free(list->payoff);
}

/* { "name" 1, 2 } */
static dt_status read_outcome(dt_nfg_parser *p, outcomes *list) {
    size_t players = p->scenario->players;
    dt_status status = grow(list, players);
    if (status != DT_OK)
        return status;
    fmpq *payoff = &list->payoff[list->count++ * players];
    for (size_t i = 0; i < players; i++)
        fmpq_init(&payoff[i]);
    dt_nfg_next(&p->lexer);
    if (p->lexer.token.kind != DT_NFG_QUOTED)
        return dt_nfg_expected(p, "the name of outcome %zu in quotation marks", list->count);
    dt_nfg_next(&p->lexer);
    bool wrong = false;
    for (size_t i = 0; i < players; i++) {
        if (p->lexer.token.kind == DT_NFG_CLOSE)
            return dt_nfg_wrong(p, "outcome %zu has %zu payoff%s for %zu players", list->count, i,
                                plural(i), players);
        if (p->lexer.token.kind != DT_NFG_WORD)
            return dt_nfg_expected(p, "the payoff of `%s` in outcome %zu",
                                   dt_show(p->scenario->player[i].name).text, list->count);
        wrong |= !dt_nfg_payoff(p, &payoff[i]);
        dt_nfg_next(&p->lexer);
        if (p->lexer.token.kind == DT_NFG_COMMA)
            dt_nfg_next(&p->lexer);
    }
    if (p->lexer.token.kind != DT_NFG_CLOSE)
        return dt_nfg_expected(p, "`}` after the %zu payoff%s of outcome %zu", players,
                               plural(players), list->count);
    dt_nfg_next(&p->lexer);
    return wrong ? DT_ERR_INPUT : DT_OK;
}

static dt_status read_list(dt_nfg_parser *p, outcomes *list) {
    dt_nfg_next(&p->lexer);
    while (p->lexer.token.kind == DT_NFG_OPEN) {
        dt_status status = read_outcome(p, list);
        if (status != DT_OK)
            return status;
    }
    if (p->lexer.token.kind != DT_NFG_CLOSE)
        return dt_nfg_expected(p, "`{` and an outcome, or `}` after the last one");
    dt_nfg_next(&p->lexer);
    return DT_OK;
}

/* The number of an outcome for each profile; 0 is the null outcome, which pays 0. */
static dt_status read_numbers(dt_nfg_parser *p, const outcomes *list) {
    size_t players = p->scenario->players;
    dt_status status = check_count(p, 1, "outcome number", "outcome numbers");
    if (status == DT_OK)
        status = make_room(p);
    if (status != DT_OK)
        return status;
    bool wrong = false;
    odometer at = start(p->scenario);
    for (uint64_t k = 0; k < p->profiles; k++, turn(&at), dt_nfg_next(&p->lexer)) {
        uint64_t number;
        if (!dt_nfg_count(p, &number)) {
            dt_nfg_wrong(p, "`%s` is not an outcome number", dt_nfg_shown(p).text);
            wrong = true;
        } else if (number > list->count) {
            dt_nfg_wrong(p, "there is no outcome %s: the file lists %zu", dt_nfg_shown(p).text,
                         list->count);
            wrong = true;
        } else if (number > 0) {
            for (size_t i = 0; i < players; i++)
                fmpq_set(&p->scenario->payoff.value[at.index * players + i],
                         &list->payoff[(number - 1) * players + i]);
        }
    }
    status = read_end(p);
    return wrong ? DT_ERR_INPUT : status;
}

static dt_status read_outcomes(dt_nfg_parser *p) {
    outcomes list = {0};
    dt_status status = read_list(p, &list);
    if (status == DT_OK)
        status = read_numbers(p, &list);
    clear(&list, p->scenario->players);
    return status;
}

dt_status dt_nfg_body(dt_nfg_parser *p) {
    dt_payoff_spec *payoff = &p->scenario->payoff;
    payoff->kind = "table";
    payoff->place = payoff->values_place = dt_nfg_place(&p->lexer);
    switch (p->lexer.token.kind) {
    case DT_NFG_OPEN: return read_outcomes(p);
    case DT_NFG_WORD:
    case DT_NFG_END: return read_payoffs(p);
    default: return dt_nfg_expected(p, "payoffs, or `{` and the list of outcomes");
    }
}
