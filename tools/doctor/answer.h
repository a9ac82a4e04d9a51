/* The answers of the doctor, for people and for programs. */
#ifndef HG_DOCTOR_ANSWER_H
#define HG_DOCTOR_ANSWER_H

#include <stdio.h>

#include "program/forecast.h"

void hg_answer_print_text(FILE *out, const struct hg_forecast *forecast);
/* As doctor.schema.json describes it. */
void hg_answer_print_json(FILE *out, const struct hg_forecast *forecast, char *const *command);

#endif
