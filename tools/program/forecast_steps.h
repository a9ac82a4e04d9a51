/* The steps by which a forecast is made (forecast.c), after the manifests' functions are known. */
#ifndef HG_PROGRAM_FORECAST_STEPS_H
#define HG_PROGRAM_FORECAST_STEPS_H

#include "program/forecast.h"

/* Notes for each function what the objects of the program's start say of it. */
void hg_forecast_read_objects(struct hg_forecast *forecast);

/* Adds the remarks on the functions, and the verdict. */
void hg_forecast_conclude(struct hg_forecast *forecast);

#endif
