/* Some of a game's players taken together. */
#include "game/team.h"

#include <stdio.h>
#include <string.h>

uint64_t dt_team_all(const dt_game *game) {
    return UINT64_MAX >> (64 - game->players);
}

uint64_t dt_team_strategies(const dt_game *game, uint64_t team) {
    uint64_t product = 1;
    for (size_t i = 0; i < game->players; i++)
        if (dt_team_has(team, i))
            product *= game->player[i].strategies;
    return product;
}

uint64_t dt_team_stride(const dt_game *game, uint64_t team, size_t player) {
    uint64_t product = 1;
    for (size_t i = player + 1; i < game->players; i++)
        if (dt_team_has(team, i))
            product *= game->player[i].strategies;
    return product;
}

void dt_team_decode(const dt_game *game, uint64_t team, uint64_t index, uint32_t *profile) {
    for (size_t i = game->players; i-- > 0;) {
        if (!dt_team_has(team, i))
            continue;
        profile[i] = (uint32_t)(index % game->player[i].strategies);
        index /= game->player[i].strategies;
    }
}

uint64_t dt_team_encode(const dt_game *game, uint64_t team, const uint32_t *profile) {
    uint64_t index = 0;
    for (size_t i = 0; i < game->players; i++)
        if (dt_team_has(team, i))
            index = index * game->player[i].strategies + profile[i];
    return index;
}

size_t dt_team_largest(const dt_game *game, uint64_t team) {
    size_t largest = game->players;
    for (size_t i = 0; i < game->players; i++)
        if (dt_team_has(team, i) &&
            (largest == game->players ||
             game->player[i].strategies >= game->player[largest].strategies))
            largest = i;
    return largest;
}

char *dt_team_name(const dt_game *game, uint64_t team, char *buffer, size_t size) {
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < game->players; i++) {
        if (!dt_team_has(team, i))
            continue;
        const char *name = game->player[i].name, *join = used ? "+" : "";
        if (used + strlen(join) + strlen(name) + sizeof "+…" > size) {
            snprintf(buffer + used, size - used, "%s…", join);
            break;
        }
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", join, name);
    }
    return buffer;
}
