/* Programs that were started without guards, from the list that a run's processes left beside their recordings. */
#ifndef HG_REPORT_READ_UNGUARDED_H
#define HG_REPORT_READ_UNGUARDED_H

#include "report/model/model.h"

/* Adds what stands in the list of this folder, if it has one. Nothing in it is trusted. */
void hg_load_launches(struct hg_model *model, const char *folder);

/* The same of every folder that a recording of the model lies in. */
void hg_load_all_launches(struct hg_model *model);

#endif
