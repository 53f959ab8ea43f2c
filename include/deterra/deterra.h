/* deterra: policy games from a config file to proven equilibria. Include this one.
 *
 *     dt_diag *diag = dt_diag_new();
 *     dt_scenario *scenario;
 *     dt_game *game;
 *     if (dt_config_read("game.cfg", NULL, diag, &scenario) == DT_OK &&
 *         dt_game_build(scenario, diag, &game) == DT_OK) {
 *         dt_result_list *results = dt_result_list_new();
 *         dt_solve_call call = {game, &scenario->concept_request[0], NULL, diag, results};
 *         dt_status status = dt_solve(&call);
 *         …
 *     }
 *     dt_diag_write(diag, stderr, false);
 *
 * Rooms: config.h and nfg.h read files into scenarios; game.h builds games and gives payoffs;
 * concept.h solves; certify.h proves; report.h writes. Every call that can fail returns a dt_status
 * and adds what went wrong to a dt_diag; the library prints nothing. SPDX: GPL-3.0-or-later */
#ifndef DETERRA_DETERRA_H
#define DETERRA_DETERRA_H

#include "deterra/certify.h"
#include "deterra/coalition.h"
#include "deterra/concept.h"
#include "deterra/config.h"
#include "deterra/diag.h"
#include "deterra/evaluation.h"
#include "deterra/exact.h"
#include "deterra/game.h"
#include "deterra/nfg.h"
#include "deterra/report.h"
#include "deterra/result.h"
#include "deterra/scenario.h"
#include "deterra/status.h"
#include "deterra/sweep.h"

#endif
