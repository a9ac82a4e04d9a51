#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "program/forecast.h"

void hg_forecast_remark(struct hg_forecast *forecast, enum hg_remark_level level, const char *about, const char *format,
                        ...)
{
	struct hg_remark *longer = realloc(forecast->remarks, (forecast->remark_count + 1) * sizeof(*longer));
	va_list arguments;
	char *text = NULL;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		abort();
	va_end(arguments);
	if (!longer)
		abort();
	forecast->remarks = longer;
	longer[forecast->remark_count++] = (struct hg_remark){level, about, text};
}

void hg_forecast_judge(struct hg_forecast *forecast, enum hg_forecast_verdict verdict, const char *why, ...)
{
	va_list arguments;
	char *text = NULL;

	va_start(arguments, why);
	if (vasprintf(&text, why, arguments) < 0)
		abort();
	va_end(arguments);
	free(forecast->why);
	forecast->why = text;
	forecast->verdict = verdict;
}
