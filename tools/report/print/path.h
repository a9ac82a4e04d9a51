/* Files of the user's code, as formats for machines name them. */
#ifndef HG_REPORT_PRINT_PATH_H
#define HG_REPORT_PRINT_PATH_H

#include "report/model/model.h"
#include "report/model/request.h"

/* The file relative to the source root, if it lies below that; else as it is. */
const char *hg_path_in_source(const char *file, const struct hg_report_options *options);

/* The same as a reference of a URI: what stands for itself there stays, all else is written as %XX. An absolute path
 * becomes file:///... */
const char *hg_path_uri(struct hg_model *model, const char *path);

#endif
