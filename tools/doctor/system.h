/* What the machine has for the guards. */
#ifndef HG_DOCTOR_SYSTEM_H
#define HG_DOCTOR_SYSTEM_H

#include "program/forecast.h"

/* Adds remarks; `folder` is where recordings are to go, null: the folder for temporary files. */
void hg_system_check(struct hg_forecast *forecast, const char *const *manifests, size_t count, const char *folder);

#endif
