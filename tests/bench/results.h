/* What was measured, what was aimed at, and how both are told. */
#ifndef RESULTS_H
#define RESULTS_H

#include "harness.h"

/* Keeps the figures (sorted from here on) of all variants of a measurement. */
void hg_results_add(const struct hg_measurement *measurement, unsigned rounds, double *figures[HG_VARIANTS]);

void hg_results_print(void);
void hg_results_save(const char *path);

#endif
