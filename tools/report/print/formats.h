/* The formats of reports, and how the command line names them. */
#ifndef HG_REPORT_PRINT_FORMATS_H
#define HG_REPORT_PRINT_FORMATS_H

#include <stdbool.h>

#include "report/model/request.h"
#include "report/print/print.h"

struct hg_report_format_entry {
	const char *name;
	const char *help; /* what it is for */
	hg_report_printer *print;
};

extern const struct hg_report_format_entry hg_report_formats[HG_REPORT_FORMATS];

/* "text|json|..." */
const char *hg_report_format_names(void);

/* Reads FORMAT:FILE, or FILE alone, whose format is `bare`; the target points into the text. False after saying what is
 * wrong with it. */
bool hg_report_target_read(const char *program, const char *text, enum hg_report_format bare,
                           struct hg_report_target *target);

#endif
