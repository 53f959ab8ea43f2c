/* Claims of dominance: in a row, and by visits of all rows. SPDX: GPL-3.0-or-later */
#include "equilibrium/dominance/claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "game/rows.h"

/* Rows per claim and thread that are kept for exact arithmetic until all rows were seen. */
enum { DOUBTS = 16 };

dt_sign dt_claim_judge(const dt_part_round *p, const dt_claim *c, const double *value,
                       const double *bound, double *gain) {
    uint32_t s = p->name[c->place];
    if (!c->weight) {
        uint32_t t = p->name[c->support[0]];
        double error = bound[t] + bound[s];
        *gain = value[t] - value[s];
        if (error == 0) /* both are exact */
            return value[t] > value[s] ? DT_POSITIVE : DT_NEGATIVE;
        if (fabs(*gain) * (1 - 0x1p-50) > error * (1 + 0x1p-50))
            return *gain > 0 ? DT_POSITIVE : DT_NEGATIVE;
        return DT_UNDECIDED;
    }
    double sum = -value[s], error = bound[s] + fabs(sum) * 0x1p-40;
    for (size_t k = 0; k < c->supports; k++) {
        uint32_t t = p->name[c->support[k]];
        double term = c->rounded[k] * value[t];
        sum += term;
        error += fabs(term) * 0x1p-40 + c->rounded[k] * bound[t];
        error += 0x1p-1070 * (1 + fabs(value[t])); /* weights and terms may underflow */
    }
    *gain = sum;
    if (sum - 2 * error > 0)
        return DT_POSITIVE;
    return sum + 2 * error < 0 ? DT_NEGATIVE : DT_UNDECIDED;
}

dt_status dt_claim_exactly(const dt_part_round *p, const dt_claim *c, dt_workspace *workspace,
                           const uint32_t *others, dt_sign *sign) {
    uint32_t profile[DT_MAX_PLAYERS];
    dt_exact gain, payoff;
    dt_exact_init(&gain);
    dt_exact_init(&payoff);
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    memcpy(profile, others, p->game->players * sizeof *profile);
    profile[p->player] = p->name[c->place];
    dt_status status = dt_game_exact(p->game, workspace, p->player, profile, &gain, NULL);
    if (status == DT_OK && dt_exact_scale(&gain, &gain, minus) != DT_EXACT_OK)
        status = DT_ERR_MEMORY;
    for (size_t k = 0; k < c->supports && status == DT_OK; k++) {
        profile[p->player] = p->name[c->support[k]];
        status = dt_game_exact(p->game, workspace, p->player, profile, &payoff, NULL);
        if (status == DT_OK &&
            ((c->weight && dt_exact_scale(&payoff, &payoff, c->weight + k) != DT_EXACT_OK) ||
             dt_exact_add(&gain, &gain, &payoff) != DT_EXACT_OK))
            status = DT_ERR_MEMORY;
    }
    if (status == DT_OK)
        *sign = dt_exact_sign(dt_game_context(p->game, workspace), &gain);
    fmpq_clear(minus);
    dt_exact_clear(&gain);
    dt_exact_clear(&payoff);
    return status;
}

/* What a visit of all rows keeps of a claim. */
typedef struct finding {
    dt_smallest broken; /* for certain, by gain */
    dt_smallest doubt;  /* doubles do not tell, by row; or proven not to hold, when `exactly` */
    uint64_t doubts;
    bool undecided;
} finding;

typedef struct visit {
    const dt_part_round *part;
    dt_claim *claim;
    size_t count;
    size_t *of; /* count: the claims that are open */
    bool exactly;
    finding *finding; /* count */
} visit;

typedef struct visit_local {
    finding *finding; /* count */
} visit_local;

static dt_status findings_open(const visit *v, finding **out) {
    finding *list = calloc(v->count + 1, sizeof *list);
    *out = list;
    dt_status status = list ? DT_OK : DT_ERR_MEMORY;
    for (size_t i = 0; i < v->count && status == DT_OK; i++) {
        status = dt_smallest_init(&list[i].broken, v->claim[v->of[i]].broken.limit);
        if (status == DT_OK)
            status = dt_smallest_init(&list[i].doubt, DOUBTS);
    }
    return status;
}

static void findings_clear(const visit *v, finding *list) {
    for (size_t i = 0; i < v->count && list; i++) {
        dt_smallest_clear(&list[i].broken);
        dt_smallest_clear(&list[i].doubt);
    }
    free(list);
}

static dt_status visit_open(void *shared, void *local) {
    return findings_open(shared, &((visit_local *)local)->finding);
}

static dt_status visit_row(void *shared, void *local, const dt_row *row, bool *enough) {
    (void)enough;
    const visit *v = shared;
    visit_local *l = local;
    for (size_t i = 0; i < v->count; i++) {
        const dt_claim *c = &v->claim[v->of[i]];
        finding *f = &l->finding[i];
        double gain;
        dt_sign sign = dt_claim_judge(v->part, c, row->value, row->bound, &gain);
        if (sign == DT_POSITIVE)
            continue;
        if (sign == DT_NEGATIVE) {
            dt_smallest_offer(&f->broken, gain, row->index);
            continue;
        }
        f->doubts++;
        if (!v->exactly) {
            dt_smallest_offer(&f->doubt, 0, row->index);
            continue;
        }
        dt_status status = dt_claim_exactly(v->part, c, row->workspace, row->profile, &sign);
        if (status != DT_OK)
            return status;
        if (sign == DT_UNDECIDED)
            f->undecided = true;
        else if (sign != DT_POSITIVE)
            dt_smallest_offer(&f->doubt, 0, row->index);
    }
    return DT_OK;
}

static dt_status visit_close(void *shared, void *local) {
    visit *v = shared;
    finding *list = ((visit_local *)local)->finding;
    for (size_t i = 0; i < v->count && list; i++) {
        dt_smallest_merge(&v->finding[i].broken, &list[i].broken);
        dt_smallest_merge(&v->finding[i].doubt, &list[i].doubt);
        v->finding[i].doubts += list[i].doubts;
        v->finding[i].undecided = v->finding[i].undecided || list[i].undecided;
    }
    findings_clear(v, list);
    return DT_OK;
}

static dt_status run(visit *v) {
    const dt_part_round *p = v->part;
    dt_row_visitor visitor = {.size = sizeof(visit_local),
                              .shared = v,
                              .open = visit_open,
                              .row = visit_row,
                              .close = visit_close};
    return dt_rows_visit(p->game, p->left, p->player, p->player, p->control,
                         "profiles searched for dominance", p->diag, &visitor);
}

/* The others' profile of a row. */
static void decode(const dt_part_round *p, uint64_t index, uint32_t *profile) {
    for (size_t i = p->game->players; i-- > 0;) {
        profile[i] = 0;
        if (i == p->player)
            continue;
        profile[i] = p->left->strategy[i][index % p->left->count[i]];
        index /= p->left->count[i];
    }
}

/* The doubts that were kept of a claim, exactly. */
static dt_status settle_doubts(const dt_part_round *p, dt_claim *c, const finding *f,
                               dt_workspace *workspace) {
    dt_status status = DT_OK;
    for (size_t k = 0; k < f->doubt.count && status == DT_OK; k++) {
        uint32_t profile[DT_MAX_PLAYERS];
        dt_sign sign = DT_UNDECIDED;
        if (dt_part_stopped(p))
            return DT_ERR_INTERRUPTED;
        decode(p, f->doubt.entry[k].index, profile);
        status = dt_claim_exactly(p, c, workspace, profile, &sign);
        if (sign == DT_UNDECIDED)
            c->undecided = true;
        else if (sign != DT_POSITIVE)
            dt_smallest_offer(&c->broken, 0, f->doubt.entry[k].index);
    }
    c->settled = c->broken.count > 0 || f->doubts <= DOUBTS;
    return status;
}

/* Reads a visit's findings; claims with more doubts than were kept stay open. */
static dt_status read_findings(visit *v, dt_workspace *workspace) {
    dt_status status = DT_OK;
    for (size_t i = 0; i < v->count && status == DT_OK; i++) {
        dt_claim *c = &v->claim[v->of[i]];
        const finding *f = &v->finding[i];
        dt_smallest_merge(&c->broken, &f->broken);
        c->settled = v->exactly || c->broken.count > 0 || f->doubts == 0;
        if (v->exactly) {
            dt_smallest_merge(&c->broken, &f->doubt);
            c->undecided = f->undecided;
        } else if (!c->settled) {
            status = settle_doubts(v->part, c, f, workspace);
        }
    }
    return status;
}

static dt_status decide_by_rows(const dt_part_round *p, dt_claim *claim, size_t claims,
                                bool exactly, dt_workspace *workspace) {
    visit v = {.part = p, .claim = claim, .exactly = exactly};
    v.of = calloc(claims + 1, sizeof *v.of);
    if (!v.of)
        return DT_ERR_MEMORY;
    for (size_t i = 0; i < claims; i++)
        if (!claim[i].settled)
            v.of[v.count++] = i;
    dt_status status = DT_OK;
    if (v.count > 0) {
        status = findings_open(&v, &v.finding);
        if (status == DT_OK)
            status = run(&v);
        if (status == DT_OK)
            status = read_findings(&v, workspace);
        findings_clear(&v, v.finding);
    }
    free(v.of);
    return status;
}

dt_status dt_claims_decide(const dt_part_round *p, dt_claim *claim, size_t claims) {
    for (size_t i = 0; i < claims; i++)
        claim[i].settled = claim[i].undecided = false;
    if (claims == 0)
        return DT_OK;
    dt_workspace *workspace = dt_workspace_new(p->game);
    dt_status status = workspace ? dt_claims_by_boxes(p, claim, claims) : DT_ERR_MEMORY;
    for (int exactly = 0; exactly < 2 && status == DT_OK; exactly++)
        status = decide_by_rows(p, claim, claims, exactly, workspace);
    if (workspace)
        dt_workspace_free(p->game, workspace);
    for (size_t i = 0; i < claims; i++)
        if (claim[i].broken.count)
            claim[i].undecided = false;
    return status;
}
