/* The parts of the JSON report, for formats that have them in another order or another dress. */
#ifndef HG_REPORT_PRINT_JSON_H
#define HG_REPORT_PRINT_JSON_H

#include <jansson.h>

#include "report/model/model.h"

json_t *hg_json_recording(struct hg_model *model, const struct hg_recording *recording);
json_t *hg_json_finding(struct hg_model *model, const struct hg_group *group);

/* What was held back so that it could happen, or null. */
json_t *hg_json_provoked(struct hg_model *model, const struct hg_resolved_finding *finding);

/* Of a recording, or of several that were merged. */
json_t *hg_json_coverage(const struct hg_recording *recording);
json_t *hg_json_handles(const struct hg_recording *recording);

/* The whole, which takes the two arrays; null: it is to be without. */
json_t *hg_json_report(struct hg_model *model, json_t *recordings, json_t *findings);

#endif
