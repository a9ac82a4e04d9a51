/* What a report need not give away: who ran the program, where at home, and with which arguments. */
#ifndef HG_REPORT_DESCRIBE_REDACT_H
#define HG_REPORT_DESCRIBE_REDACT_H

#include "report/model/model.h"
#include "report/model/request.h"

/* Leaves out of what is told: the arguments of command lines; the names of users, of whom the report knows by the home
 * folders in it, by whose the recordings are, and by who asks. "user" stands for each, and /home/user for their homes.
 * Below the root of the sources, which is redacted likewise, files keep their names. Names of functions, classes and
 * manifests are those of code, and stay. */
void hg_redact(struct hg_model *model, struct hg_report_options *options);

/* The same of what a recording has at rest no more. */
void hg_redact_coverage(const struct hg_redaction *redaction, struct hg_recording *recording);

#endif
