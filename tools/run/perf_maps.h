/* Perf maps: files in /tmp in which Node says where the functions of JavaScript lie that it has compiled, so that the
 * report can name them. Node is asked for them by NODE_OPTIONS, which its children inherit. */
#ifndef HG_RUN_PERF_MAPS_H
#define HG_RUN_PERF_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Whether the program is Node, or a script that Node runs. */
bool hg_perf_maps_has_node(const char *program, const char *path);

/* What NODE_OPTIONS says, and then that maps are written; to be freed. Null: it says something of maps itself. */
char *hg_perf_maps_options(const char *node_options);

/* Takes the map of a process away, if this user has written it since then. */
void hg_perf_maps_remove(uint32_t pid, const struct timespec *since);

#endif
