/* Files that lie elsewhere than where they were compiled. */
#ifndef HG_REPORT_DESCRIBE_PATH_MAP_H
#define HG_REPORT_DESCRIBE_PATH_MAP_H

#include "report/model/model.h"
#include "report/model/request.h"

/* Reads FROM=TO, to which the map points. False: it is none. */
bool hg_path_map_read(const char *text, struct hg_path_map *map);

/* Names the files of all frames anew: one that is FROM, or lies below it, as if TO stood there. The first map that fits
 * counts. */
void hg_map_paths(struct hg_model *model, const struct hg_path_map *maps, size_t count);

#endif
