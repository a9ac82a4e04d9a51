#include "report/symbols/made_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *after(const char *text, const char *beginning)
{
	size_t length = strlen(beginning);

	return strncmp(text, beginning, length) == 0 ? text + length : NULL;
}

static const char *after_any(const char *text, const char *const *beginnings, size_t count)
{
	const char *rest = NULL;

	for (size_t i = 0; i < count && !rest; i++)
		rest = after(text, beginnings[i]);
	return rest;
}

static const char *part(struct hg_model *model, const char *from, const char *to)
{
	return hg_model_text(model, from, (size_t)(to - from));
}

/* ---- V8: "JS:~close /app/stream.js:12:8", of whichever kind and stage of compiling; before Node 20 without column
 * ---- */

static const char *of_v8(const char *name)
{
	static const char *const kinds[] = {"JS:", "LazyCompile:", "Function:", "Eval:", "Script:"};
	const char *rest = after_any(name, kinds, sizeof(kinds) / sizeof(*kinds));

	return rest && *rest && strchr("~^+*'", *rest) ? rest + 1 : rest;
}

/* The last colon in front of `end`, if nothing but digits follows it there. */
static const char *number_before(const char *start, const char *end)
{
	const char *at = end;

	while (at > start && isdigit((unsigned char)at[-1]))
		at--;
	return at > start && at < end && at[-1] == ':' ? at - 1 : NULL;
}

/* The name of a function may have a space ("get size"), as may that of a file. */
static const char *find_file(const char *text)
{
	static const char *const beginnings[] = {" /", " file://", " node:"};
	const char *found = NULL;

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		const char *at = strstr(text, beginnings[i]);
		found = at && (!found || at < found) ? at : found;
	}
	return found ? found : strrchr(text, ' ');
}

static bool read_javascript(struct hg_model *model, const char *text, struct hg_resolved_frame *frame)
{
	const char *last = number_before(text, text + strlen(text)), *space = find_file(text);
	const char *before = last ? number_before(text, last) : NULL, *line = before ? before : last;

	if (!line || !space || space >= line)
		return false;
	const char *file = after(space + 1, "file://");
	frame->function = space == text ? "(anonymous)" : part(model, text, space);
	frame->file = part(model, file ? file : space + 1, line);
	frame->line = atoi(line + 1);
	frame->begins = true;
	frame->language = "javascript";
	return true;
}

/* ---- CPython: "py::close:/app/stream.py" ---- */

static bool read_python(struct hg_model *model, const char *text, struct hg_resolved_frame *frame)
{
	const char *colon = strchr(text, ':');

	if (!colon)
		return false;
	frame->function = part(model, text, colon);
	frame->file = hg_model_string(model, colon + 1);
	frame->language = "python";
	return true;
}

void hg_made_name(struct hg_model *model, const char *name, struct hg_resolved_frame *frame)
{
	const char *javascript = of_v8(name), *python = after(name, "py::");

	if ((javascript && read_javascript(model, javascript, frame)) || (python && read_python(model, python, frame)))
		return;
	frame->function = name;
}
