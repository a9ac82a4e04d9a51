#include "manifest/yaml/syntax.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

/* libyaml's reader of characters has no mark, only an offset into the bytes. */
static struct hg_mark mark_of(const yaml_parser_t *parser)
{
	const unsigned char *text = parser->input.string.start, *end = parser->input.string.end;
	struct hg_mark mark = {1, 1};

	if (parser->error != YAML_READER_ERROR)
		return (struct hg_mark){(uint32_t)parser->problem_mark.line + 1,
		                        (uint32_t)parser->problem_mark.column + 1};
	for (size_t i = 0; i < parser->problem_offset && text + i < end; i++)
		mark =
		    text[i] == '\n' ? (struct hg_mark){mark.line + 1, 1} : (struct hg_mark){mark.line, mark.column + 1};
	return mark;
}

/* Finds the byte at a mark. Columns of marks count characters; a bad byte counts as one. */
static size_t offset_of(const char *text, size_t size, struct hg_mark mark)
{
	size_t at = 0;

	for (uint32_t line = 1; line < mark.line && at < size; at++)
		line += text[at] == '\n';
	for (uint32_t column = 1; column < mark.column && at < size; column++)
		for (at++; at < size && ((unsigned char)text[at] & 0xc0) == 0x80;)
			at++;
	return at;
}

static size_t key_length(const char *text, size_t end)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$-";
	size_t length = 0;

	while (length < end && text[end - 1 - length] && strchr(letters, text[end - 1 - length]))
		length++;
	return length;
}

/* The key that stands last before the mark, as far as can be told without YAML; the first of every manifest if none
 * does. To be freed. */
static char *key_before(const char *text, size_t size, struct hg_mark mark)
{
	for (size_t at = offset_of(text, size, mark); at > 0; at--) {
		if (text[at - 1] != ':' || (at < size && !strchr(" \t\r\n", text[at])))
			continue;
		size_t length = key_length(text, at - 1);
		if (length)
			return hg_copy_text(text + at - 1 - length, length);
	}
	return hg_format("handleguard");
}

char *hg_syntax_mistake(const yaml_parser_t *parser, struct hg_mark *mark)
{
	const char *text = (const char *)parser->input.string.start;
	size_t size = (size_t)(parser->input.string.end - parser->input.string.start);
	const char *problem = parser->problem ? parser->problem : "unreadable text";
	const char *context = parser->context ? parser->context : "";
	char *begun = *context ? hg_format(" %s that began at line %zu", context, parser->context_mark.line + 1)
	                       : hg_copy_text("", 0);

	*mark = mark_of(parser);
	char *key = key_before(text, size, *mark);
	/* Where a person forgot the quotes around "*1", libyaml complains of an alias. */
	char *words = hg_format("key '%s': found text that is not YAML (%s%s), expected YAML%s", key, problem, begun,
	                        strstr(problem, "alias") ? ": an out-argument is written in quotes: \"*1\"" : "");
	free(key);
	free(begun);
	return words;
}
