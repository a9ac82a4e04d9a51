/* Each thread frees the parsers that it has created; a parser for an entity goes before the one that it was made from.
 *
 * observed: same
 * recording: handles.parser.created=4 handles.parser.freed=4 handles.parser.live=0
 */
#include <expat.h>

#include "scenario.h"

static void parse(void *unused)
{
	(void)unused;
	XML_Parser parser = XML_ParserCreate(NULL);
	XML_Parser entity = XML_ExternalEntityParserCreate(parser, "", NULL);
	CHECK(parser && entity);
	CHECK(XML_Parse(parser, "<a/>", 4, 1) == XML_STATUS_OK);
	XML_ParserFree(entity);
	XML_ParserFree(parser);
}

int main(void)
{
	struct side other;
	start(&other, "other", parse, NULL);
	parse(NULL);
	join(&other);
	return 0;
}
