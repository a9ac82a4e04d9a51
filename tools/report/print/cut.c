#include "report/print/cut.h"

#include <string.h>

enum { DOTS = 3 };

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t hg_columns(const char *text)
{
	size_t columns = 0;

	for (; *text != '\0'; text++)
		columns += begins_character(*text);
	return columns;
}

/* Where the character begins before which there are so many. */
static const char *character(const char *text, size_t number)
{
	while (*text != '\0' && (number > 0 || !begins_character(*text)))
		number -= begins_character(*text++);
	return text;
}

const char *hg_cut_middle(struct hg_model *model, const char *text, size_t columns)
{
	size_t all = hg_columns(text);

	if (all <= columns)
		return text;
	size_t kept = columns > DOTS ? columns - DOTS : 1;
	size_t front = kept / 2;
	return hg_model_printf(model, "%.*s...%s", (int)(character(text, front) - text), text,
	                       character(text, all - (kept - front)));
}

const char *hg_cut_path(struct hg_model *model, const char *path, size_t columns)
{
	const char *rest = path;

	if (hg_columns(path) <= columns)
		return path;
	while (rest && hg_columns(rest) + DOTS > columns)
		rest = strchr(rest + 1, '/');
	if (rest)
		return hg_model_printf(model, "...%s", rest);
	const char *slash = strrchr(path, '/');
	return hg_cut_middle(model, slash ? slash + 1 : path, columns);
}
