/* The tree: what libconfig read, each setting hooked to its mark. */
#ifndef DT_CONFIG_TREE_H
#define DT_CONFIG_TREE_H

#include <libconfig.h>

#include "config/locate.h"

typedef struct dt_tree {
    config_t config;
    dt_marks marks; /* config_setting_get_hook gives a setting's dt_mark */
} dt_tree;

/* Parses the source. One syntax error or exceeded limit is complained of alone, DT_ERR_INPUT.
 * dt_tree_free in any case. */
dt_status dt_tree_parse(dt_tree *tree, const dt_source *source, dt_complaints *complaints);
void dt_tree_free(dt_tree *tree);

#endif
