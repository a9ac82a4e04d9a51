/* The words for the numbers of a recording. */
#ifndef HG_REPORT_MODEL_NAMES_H
#define HG_REPORT_MODEL_NAMES_H

#include <stdbool.h>

#include "format/record.h"

const char *hg_kind_name(enum hg_kind kind);
/* When such a finding is made, in a few words. */
const char *hg_kind_meaning(enum hg_kind kind);
enum hg_level hg_kind_level(enum hg_kind kind);
/* Whether a finding of this kind, given this level, fails a run: not what only point l has shown, short of an error. */
bool hg_kind_fails(enum hg_kind kind, enum hg_level level, enum hg_level fail_on);
const char *hg_level_name(enum hg_level level);
const char *hg_counter_name(enum hg_counter counter);
const char *hg_counter_meaning(enum hg_counter counter);
/* "?" for what is none. */
const char *hg_mode_name(uint32_t mode);
const char *hg_drain_name(uint32_t drain);
const char *hg_after_deadline_name(uint32_t after_deadline);
const char *hg_fence_name(uint32_t fence);
/* Of one or more roles: "create", "op", "free", "create+op", ... */
const char *hg_roles_name(uint32_t roles);

#endif
