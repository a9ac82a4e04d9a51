/* libyaml keeps lists of what is open, of anchors and of directives, and walks through a whole list for each new entry.
 * With a megabyte of brackets that takes hours. Reading the events one by one, a look at how long the lists are is
 * enough. */
#include "manifest/yaml/limits.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "common/allocate.h"

/* Far beyond any manifest, which nests seven levels and needs no anchor and no directive. */
enum { MOST_LEVELS = 32, MOST_ANCHORS = 1000, MOST_DIRECTIVES = 16 };

static char *excess_of_directives(const char *text, size_t size, struct hg_mark *mark)
{
	unsigned directives = 0;
	uint32_t line = 1;

	for (const char *at = text, *end = text + size; at < end; line++) {
		if (*at == '%' && ++directives > MOST_DIRECTIVES) {
			*mark = (struct hg_mark){line, 1};
			return hg_format(
			    "key 'handleguard': found more than %d lines that begin with '%%', expected none",
			    MOST_DIRECTIVES);
		}
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	return NULL;
}

struct tally {
	unsigned levels, anchors;
};

static void take(struct tally *tally, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		tally->anchors += event->data.scalar.anchor != NULL;
		break;
	case YAML_SEQUENCE_START_EVENT:
		tally->levels++;
		tally->anchors += event->data.sequence_start.anchor != NULL;
		break;
	case YAML_MAPPING_START_EVENT:
		tally->levels++;
		tally->anchors += event->data.mapping_start.anchor != NULL;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		tally->levels--;
		break;
	default:
		break;
	}
}

static char *words_of(const struct tally *tally)
{
	if (tally->levels > MOST_LEVELS)
		return hg_format("key 'handleguard': found more than %d levels of maps and lists, expected fewer",
		                 MOST_LEVELS);
	if (tally->anchors > MOST_ANCHORS)
		return hg_format("key 'handleguard': found more than %d anchors, expected fewer", MOST_ANCHORS);
	return NULL;
}

static char *excess_of_events(yaml_parser_t *parser, struct hg_mark *mark)
{
	struct tally tally = {0};
	yaml_event_t event;
	char *words = NULL;

	for (bool more = true; more && !words && yaml_parser_parse(parser, &event);) {
		more = event.type != YAML_STREAM_END_EVENT;
		take(&tally, &event);
		words = words_of(&tally);
		*mark = (struct hg_mark){(uint32_t)event.start_mark.line + 1, (uint32_t)event.start_mark.column + 1};
		yaml_event_delete(&event);
	}
	return words;
}

char *hg_yaml_excess(const char *text, size_t size, struct hg_mark *mark)
{
	char *words = excess_of_directives(text, size, mark);
	yaml_parser_t parser;

	if (words || !yaml_parser_initialize(&parser))
		return words;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	words = excess_of_events(&parser, mark);
	yaml_parser_delete(&parser);
	return words;
}
