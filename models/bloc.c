/* Blocs: the game in which players who act as one are one player, on top of their own game. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "game/model.h"
#include "game/players.h"

enum { MOST_STRATEGIES = 1 << 22 };

/* A player of the inner game. */
typedef struct member {
    size_t bloc;
    uint32_t unit; /* how far apart two of his strategies are in the bloc's numbering */
    const fmpq *weight;
    double nearest; /* to the weight */
    bool exact;     /* it is the weight */
} member;

typedef struct blocs {
    dt_game *inner;
    const dt_game *outer;
    member *member; /* inner players */
} blocs;

struct dt_workspace {
    const blocs *b;
    dt_workspace *inner;
    uint64_t room;
    double *value, *bound; /* room */
};

static void blocs_free(void *self) {
    blocs *b = self;
    dt_game_free(b->inner);
    free(b->member);
    free(b);
}

static void workspace_free(dt_workspace *w) {
    dt_workspace_free(w->b->inner, w->inner);
    free(w->value);
    free(w->bound);
    free(w);
}

static dt_workspace *workspace_new(const void *self) {
    const blocs *b = self;
    dt_workspace *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->b = b;
    w->inner = dt_workspace_new(b->inner);
    if (!w->inner) {
        free(w);
        return NULL;
    }
    return w;
}

static dt_exact_context *context(dt_workspace *w) {
    return dt_game_context(w->b->inner, w->inner);
}

static dt_status make_room(dt_workspace *w, uint64_t lanes) {
    if (lanes <= w->room)
        return DT_OK;
    free(w->value);
    free(w->bound);
    w->value = malloc(lanes * sizeof *w->value);
    w->bound = malloc(lanes * sizeof *w->bound);
    w->room = w->value && w->bound ? lanes : 0;
    return w->room ? DT_OK : DT_ERR_MEMORY;
}

/* A box of the inner game and where its lanes stand among the outer ones. */
typedef struct piece {
    uint32_t first[DT_MAX_PLAYERS], count[DT_MAX_PLAYERS];
    uint64_t step[DT_MAX_PLAYERS]; /* outer lanes from one strategy to the next */
    uint64_t lanes, from;
} piece;

/* Adds weight × the members' payoffs in the workspace; `start`: to nothing yet. */
static void add(const dt_workspace *w, const member *m, size_t players, const piece *p, bool start,
                double *value, double *bound) {
    uint32_t at[DT_MAX_PLAYERS] = {0};
    bool one = m->exact && m->nearest == 1;
    uint64_t lane = p->from;
    for (uint64_t k = 0; k < p->lanes; k++) {
        double product = m->nearest * w->value[k], error = m->nearest * w->bound[k];
        if (!one)
            error = error * (1 + 0x1p-50) + fabs(product) * 0x1p-51 + 0x1p-1070;
        double sum = start ? product : value[lane] + product;
        bound[lane] = start ? error : (bound[lane] + error + fabs(sum) * 0x1p-52) * (1 + 0x1p-50);
        value[lane] = sum;
        for (size_t i = players; i-- > 0;) { /* the next lane of the inner box */
            lane += p->step[i];
            if (++at[i] < p->count[i])
                break;
            lane -= p->step[i] * p->count[i];
            at[i] = 0;
        }
    }
}

/* All strategies of a bloc are a box of its members' strategies; some are taken one by one. */
static dt_status block(const void *self, dt_workspace *w, size_t player, const dt_box *box,
                       double *value, double *bound) {
    const blocs *b = self;
    const dt_game *outer = b->outer, *inner = b->inner;
    uint64_t stride[DT_MAX_PLAYERS], combinations = 1;
    bool all[DT_MAX_PLAYERS] = {false};
    for (size_t i = outer->players; i-- > 0;) {
        stride[i] = i + 1 < outer->players ? stride[i + 1] * box->count[i + 1] : 1;
        all[i] = box->count[i] == outer->player[i].strategies;
        combinations *= all[i] ? 1 : box->count[i];
    }
    dt_status status = DT_OK;
    for (uint64_t c = 0; c < combinations && status == DT_OK; c++) {
        piece p = {.lanes = 1};
        uint32_t single[DT_MAX_PLAYERS] = {0};
        uint64_t rest = c;
        for (size_t i = outer->players; i-- > 0;) {
            if (all[i])
                continue;
            uint32_t offset = (uint32_t)(rest % box->count[i]);
            rest /= box->count[i];
            single[i] = box->first[i] + offset;
            p.from += offset * stride[i];
        }
        for (size_t i = 0; i < inner->players; i++) {
            const member *m = &b->member[i];
            uint32_t strategies = inner->player[i].strategies;
            p.first[i] = all[m->bloc] ? 0 : single[m->bloc] / m->unit % strategies;
            p.count[i] = all[m->bloc] ? strategies : 1;
            p.step[i] = all[m->bloc] ? m->unit * stride[m->bloc] : 0;
            p.lanes *= p.count[i];
        }
        status = make_room(w, p.lanes);
        bool start = true;
        for (size_t i = 0; i < inner->players && status == DT_OK; i++) {
            if (b->member[i].bloc != player)
                continue;
            status =
                dt_game_block(inner, w->inner, i, &(dt_box){p.first, p.count}, w->value, w->bound);
            if (status == DT_OK)
                add(w, &b->member[i], inner->players, &p, start, value, bound);
            start = false;
        }
    }
    return status;
}

static dt_status exact(const void *self, dt_workspace *w, size_t player, const uint32_t *profile,
                       dt_exact *payoff, dt_payoff_fault *fault) {
    const blocs *b = self;
    const dt_game *inner = b->inner;
    uint32_t at[DT_MAX_PLAYERS];
    for (size_t i = 0; i < inner->players; i++)
        at[i] = profile[b->member[i].bloc] / b->member[i].unit % inner->player[i].strategies;
    dt_exact part;
    dt_exact_init(&part);
    dt_exact_set_si(payoff, 0);
    dt_status status = DT_OK;
    for (size_t i = 0; i < inner->players && status == DT_OK; i++) {
        if (b->member[i].bloc != player)
            continue;
        status = inner->model->exact(inner->self, w->inner, i, at, &part, fault);
        if (status != DT_OK)
            break;
        fmpq_t weight;
        fmpq_init(weight);
        fmpq_set(weight, b->member[i].weight);
        dt_exact_fault failed = dt_exact_scale(&part, &part, weight);
        fmpq_clear(weight);
        if (failed == DT_EXACT_OK)
            failed = dt_exact_add(payoff, payoff, &part);
        if (failed == DT_EXACT_MEMORY)
            status = DT_ERR_MEMORY;
        else if (failed != DT_EXACT_OK) {
            strncpy(fault->message, dt_exact_fault_text(failed), sizeof fault->message - 1);
            status = DT_ERR_INPUT;
        }
    }
    dt_exact_clear(&part);
    return status;
}

static void memory(const void *self, uint64_t lanes, uint64_t *shared, uint64_t *workspace) {
    const blocs *b = self;
    b->inner->model->memory(b->inner->self, lanes, shared, workspace);
    *workspace += sizeof(dt_workspace) + 2 * lanes * sizeof(double);
}

static bool rational(const void *self) {
    const blocs *b = self;
    return b->inner->model->rational(b->inner->self);
}

/* The largest size that a member's payoff may have, by its bounds over all profiles; infinite where
 * nothing is known. */
static double largest(const dt_game *inner, size_t player) {
    uint64_t set[64];
    size_t moves = 0;
    double low = 0, high = 0;
    if (!inner->model->boxes || !inner->model->boxes(inner->self))
        return INFINITY;
    for (size_t i = 0; i < inner->players; i++)
        for (size_t m = 0; m < inner->player[i].moves; m++) {
            uint32_t levels = inner->player[i].move[m].levels;
            if (levels < 2)
                continue;
            if (moves == 64 || levels > 64)
                return INFINITY;
            set[moves++] = UINT64_MAX >> (64 - levels);
        }
    dt_workspace *w = dt_workspace_new(inner);
    bool known = w && inner->model->range(inner->self, w, player, set, &low, &high) == DT_OK &&
                 isfinite(low) && isfinite(high);
    if (w)
        dt_workspace_free(inner, w);
    return known ? fmax(fabs(low), fabs(high)) : INFINITY;
}

/* Sums of finite doubles need not be finite: so the members' bounds must allow it, or there is only
 * one summand that no weight enlarges. */
static bool total(const void *self, size_t player) {
    const blocs *b = self;
    size_t members = 0;
    bool small = true;
    double sum = 0;
    for (size_t i = 0; i < b->inner->players; i++) {
        const member *m = &b->member[i];
        if (m->bloc != player)
            continue;
        if (!b->inner->model->total(b->inner->self, i))
            return false;
        members++;
        small = small && m->nearest <= 1;
    }
    if (members == 1 && small)
        return true;
    for (size_t i = 0; i < b->inner->players; i++)
        if (b->member[i].bloc == player)
            sum += b->member[i].nearest * largest(b->inner, i);
    return sum < 1e300; /* false for NaN */
}

static const dt_model_ops OPS = {
    .kind = "bloc",
    .free = blocs_free,
    .workspace_new = workspace_new,
    .workspace_free = workspace_free,
    .block = block,
    .exact = exact,
    .context = context,
    .memory = memory,
    .rational = rational,
    .total = total,
};

/* The bloc of each inner player and his weight. */
static dt_status place_members(const dt_scenario *s, blocs *b) {
    for (size_t i = 0; i < b->inner->players; i++) {
        member *here = &b->member[i];
        for (size_t k = 0; k < s->blocs; k++)
            for (size_t m = 0; m < s->bloc[k].members; m++)
                if (strcmp(s->bloc[k].member[m], b->inner->player[i].name) == 0) {
                    int same;
                    here->bloc = k;
                    here->weight = &s->bloc[k].weight[m];
                    fmpq_t weight;
                    fmpq_init(weight);
                    fmpq_set(weight, here->weight);
                    here->nearest = dt_fmpq_double(weight, &same);
                    here->exact = same;
                    fmpq_clear(weight);
                }
        if (!here->weight)
            return DT_ERR_USAGE; /* a scenario that was not validated */
    }
    return DT_OK;
}

static dt_status copy_move(dt_arena *arena, const dt_move *from, const char *owner, dt_move *to) {
    const char **label = dt_arena_array(arena, from->levels, sizeof *label);
    fmpq *value = dt_arena_array(arena, from->levels, sizeof *value);
    to->name = owner ? dt_arena_format(arena, "%s.%s", owner, from->name)
                     : dt_arena_copy(arena, from->name, strlen(from->name));
    if (!label || !value || !to->name)
        return DT_ERR_MEMORY;
    for (uint32_t l = 0; l < from->levels; l++) {
        label[l] = from->label[l]; /* the inner game lives as long */
        fmpq_init(&value[l]);
        fmpq_set(&value[l], &from->value[l]);
    }
    to->label = label;
    to->value = value;
    to->levels = from->levels;
    return DT_OK;
}

/* A strategy's levels are its members' one behind the other. */
static dt_status list_strategies(const blocs *b, size_t k, dt_arena *arena, dt_player *player) {
    const dt_game *inner = b->inner;
    uint16_t *level =
        dt_arena_array(arena, (size_t)player->strategies * player->moves, sizeof *level);
    if (!level)
        return DT_ERR_MEMORY;
    player->level = level;
    for (uint32_t s = 0; s < player->strategies; s++)
        for (size_t i = 0; i < inner->players; i++) {
            const dt_player *own = &inner->player[i];
            if (b->member[i].bloc != k)
                continue;
            uint32_t at = s / b->member[i].unit % own->strategies;
            memcpy(level, own->level + (size_t)at * own->moves, own->moves * sizeof *level);
            level += own->moves;
        }
    return DT_OK;
}

static dt_status make_bloc(const dt_scenario *s, blocs *b, size_t k, dt_arena *arena, dt_diag *diag,
                           dt_player *player) {
    const dt_game *inner = b->inner;
    const dt_bloc_spec *spec = &s->bloc[k];
    uint64_t strategies = 1;
    size_t moves = 0;
    const char *name = spec->name;
    for (size_t i = inner->players; i-- > 0;)
        if (b->member[i].bloc == k) {
            b->member[i].unit = (uint32_t)strategies;
            strategies *= inner->player[i].strategies;
            moves += inner->player[i].moves;
            if (strategies > MOST_STRATEGIES) {
                dt_diag_add(diag, DT_ERROR, spec->place,
                            "a bloc has more than %d combinations of its members' strategies: "
                            "use fewer levels",
                            MOST_STRATEGIES);
                return DT_ERR_INPUT;
            }
        }
    for (size_t m = 0; m < spec->members && !spec->name; m++)
        name = m ? dt_arena_format(arena, "%s+%s", name, spec->member[m]) : spec->member[m];
    player->name = name ? dt_arena_copy(arena, name, strlen(name)) : NULL;
    dt_move *move = dt_arena_array(arena, moves, sizeof *move);
    if (!player->name || !move)
        return DT_ERR_MEMORY;
    player->move = move;
    dt_status status = DT_OK;
    for (size_t i = 0; i < inner->players && status == DT_OK; i++)
        for (size_t m = 0; b->member[i].bloc == k && m < inner->player[i].moves && status == DT_OK;
             m++) {
            status =
                copy_move(arena, &inner->player[i].move[m],
                          spec->members > 1 ? inner->player[i].name : NULL, &move[player->moves]);
            player->moves += status == DT_OK;
        }
    player->strategies = (uint32_t)strategies;
    return status == DT_OK ? list_strategies(b, k, arena, player) : status;
}

dt_status dt_bloc_game(const dt_scenario *scenario, dt_game *inner, dt_diag *diag, dt_game **out) {
    dt_game *game = calloc(1, sizeof *game);
    blocs *b = calloc(1, sizeof *b);
    dt_status status = DT_ERR_MEMORY;
    if (game && b && (game->arena = dt_arena_new())) {
        dt_player *player = dt_arena_array(game->arena, scenario->blocs, sizeof *player);
        b->inner = inner;
        b->outer = game;
        b->member = calloc(inner->players, sizeof *b->member);
        if (player && b->member)
            status = place_members(scenario, b);
        game->player = player;
        for (size_t k = 0; k < scenario->blocs && status == DT_OK; k++) {
            game->players = k + 1; /* for dt_game_free, also after an error */
            status = make_bloc(scenario, b, k, game->arena, diag, &player[k]);
        }
    }
    if (status == DT_OK) {
        game->profiles = inner->profiles;
        game->model = &OPS;
        game->self = b;
        *out = game;
        return DT_OK;
    }
    if (b)
        free(b->member);
    free(b);
    dt_game_free(game);
    return status;
}
