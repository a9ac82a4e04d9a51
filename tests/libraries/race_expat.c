/* What a finalizer's thread does: it frees a parser whose own thread is done with it; then one whose own thread is in
 * the middle of a document, which is told of both.
 *
 * finding: wrong-thread parser p; call XML_ParserFree in free_it on finalizer; create XML_ParserCreate in main
 * finding: wrong-thread parser q; call XML_ParserFree in free_used on finalizer; create XML_ParserCreate in main
 * finding: late-free parser q; call XML_ParserFree in free_used on finalizer; op XML_Parse in main;
 *     create XML_ParserCreate in main; drained
 * recording: handles.parser.created=2 handles.parser.freed=2
 */
#include <expat.h>

#include "scenario.h"

static struct side finalizer;

static void free_it(void *parser)
{
	XML_ParserFree(parser);
}

static void free_used(void *parser)
{
	XML_ParserFree(parser);
}

static void XMLCALL begin_element(void *parser, const XML_Char *name, const XML_Char **attributes)
{
	(void)name;
	(void)attributes;
	start(&finalizer, "finalizer", free_used, parser);
	await_drain(&finalizer);
}

int main(void)
{
	XML_Parser parser = XML_ParserCreate(NULL), used = XML_ParserCreate(NULL);
	tell("p", parser);
	CHECK(XML_Parse(parser, "<a/>", 4, 1) == XML_STATUS_OK);
	start(&finalizer, "finalizer", free_it, parser);
	join(&finalizer);
	tell("q", used);
	XML_SetUserData(used, used);
	XML_SetStartElementHandler(used, begin_element);
	CHECK(XML_Parse(used, "<a/>", 4, 1) == XML_STATUS_OK);
	join(&finalizer);
	return 0;
}
