/* The printers: each tells the whole model in one format. */
#ifndef HG_REPORT_PRINT_PRINT_H
#define HG_REPORT_PRINT_PRINT_H

#include <stdio.h>

#include "common/typeset.h"
#include "report/model/model.h"
#include "report/model/request.h"

/* With what a report to this stream is painted. */
struct hg_paint hg_paint_of(FILE *out, const struct hg_report_options *options);

typedef void hg_report_printer(FILE *out, struct hg_model *model, const struct hg_report_options *options);
hg_report_printer hg_print_text;
hg_report_printer hg_print_json;
hg_report_printer hg_print_ndjson;
hg_report_printer hg_print_sarif;
hg_report_printer hg_print_junit;
hg_report_printer hg_print_github;
hg_report_printer hg_print_html;
hg_report_printer hg_print_suppressions;
hg_report_printer hg_print_trace;

/* The report in one line: how much was found, whether a process came to grief inside a guarded call, and, unless
 * `elsewhere` is null, in which files the rest is. */
void hg_print_headline(FILE *out, struct hg_model *model, const struct hg_paint *paint,
                       const struct hg_report_options *elsewhere);

size_t hg_count_recordings(const struct hg_model *model);

/* A line for each finding. */
void hg_print_summary(FILE *out, struct hg_model *model, const struct hg_paint *paint,
                      const struct hg_report_options *options);

/* The findings of the text report. */
void hg_print_text_group(FILE *out, struct hg_model *model, const struct hg_paint *paint, const struct hg_group *group,
                         size_t number, bool full);
/* Its first lines, at most 12 of 80 columns: kind, test, the user's lines on each side, and the fix. */
void hg_print_text_head(FILE *out, struct hg_model *model, const struct hg_paint *paint, const struct hg_group *group,
                        size_t number);
/* "    #0 recv_loop  reader.c:12" for each frame. */
void hg_print_text_stack(FILE *out, struct hg_model *model, const struct hg_paint *paint,
                         const struct hg_resolved_stack *stack, int indent, bool full);

/* How functions are reached otherwise than through the dynamic linker, and what of that is not seen. */
void hg_print_text_reached(FILE *out, struct hg_model *model, const struct hg_recording *recording, int indent);

enum hg_colour hg_level_colour(enum hg_level level);

#endif
