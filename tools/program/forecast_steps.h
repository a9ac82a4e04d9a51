/* The steps by which a forecast is made (forecast.c), after the manifests' functions are known. */
#ifndef HG_PROGRAM_FORECAST_STEPS_H
#define HG_PROGRAM_FORECAST_STEPS_H

#include "program/forecast.h"

/* Notes for each function what the objects of the program's start say of it. */
void hg_forecast_read_objects(struct hg_forecast *forecast);

/* Adds the remark on functions that the manifest's library lacks, `count` of `all` like this one, and what may be
 * meant. */
void hg_forecast_remark_absent(struct hg_forecast *forecast, const struct hg_forecast_function *like, size_t count,
                               size_t all);

/* Adds the remarks on functions that the program uses of a manifest's library, and the manifest does not name. */
void hg_forecast_remark_unnamed(struct hg_forecast *forecast);

/* Adds the remarks on the functions, and the verdict. */
void hg_forecast_conclude(struct hg_forecast *forecast);

#endif
