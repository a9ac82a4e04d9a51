/* What is accepted: suppressions, baselines, and other levels for kinds of findings. */
#ifndef HG_REPORT_POLICY_POLICY_H
#define HG_REPORT_POLICY_POLICY_H

#include <stdio.h>

#include "report/model/model.h"

/* Adds what a file of suppressions and levels says. Its path must live as long as the policy. False after saying what
 * is wrong with it, mistake by mistake. */
bool hg_policy_read(struct hg_policy *policy, const char *path, FILE *errors);

/* Adds the findings of an earlier report in JSON, of which none counts. False after saying what is wrong with it. */
bool hg_policy_read_baseline(struct hg_policy *policy, const char *path, FILE *errors);

void hg_policy_drop(struct hg_policy *policy);

/* Sets level, suppression and baseline of all groups, and puts those that count first. */
void hg_policy_apply(struct hg_policy *policy, struct hg_model *model);

/* Says which suppressions are of no use: no finding fits them, or they have expired. */
void hg_policy_tell_idle(const struct hg_policy *policy, const char *program, FILE *out);

#endif
