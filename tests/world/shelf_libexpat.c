/* Usage: world_libexpat quiet|race
 * `quiet` parses documents on several threads, with handlers that stop the parse, and with an entity that is parsed on
 * a thread of its own. `race` frees a parser while another thread is in a handler of it, asks it where it is meanwhile
 * and afterwards; frees one inside of a handler, and one before the parser of an entity of it. */
#include <expat.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>

#include "quiet.h"

static const char document[] = "<!DOCTYPE a [<!ENTITY part SYSTEM 'part'>]><a><b/>&part;</a>";

static XML_Parser parser_with(XML_StartElementHandler begin, void *data)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	MUST(parser);
	XML_SetElementHandler(parser, begin, NULL);
	XML_SetUserData(parser, data);
	return parser;
}

/* ---- What is allowed ---- */

static void XMLCALL count_element(void *count, const XML_Char *name, const XML_Char **attributes)
{
	MUST(name && attributes);
	++*(int *)count;
}

static void *parse_part(void *part)
{
	MUST(XML_Parse(part, "<c/>", 4, XML_TRUE) == XML_STATUS_OK);
	XML_ParserFree(part);
	return NULL;
}

static int XMLCALL parse_elsewhere(XML_Parser parser, const XML_Char *context, const XML_Char *base,
                                   const XML_Char *system, const XML_Char *public)
{
	MUST(!base && !public && strcmp(system, "part") == 0);
	XML_Parser part = XML_ExternalEntityParserCreate(parser, context, NULL);
	MUST(part);
	join(start(parse_part, part));
	return XML_STATUS_OK;
}

static void *parse_documents(void *unused)
{
	for (int i = 0; i < 50; i++) {
		int count = 0;
		XML_Parser parser = parser_with(count_element, &count);
		XML_SetExternalEntityRefHandler(parser, parse_elsewhere);
		MUST(XML_Parse(parser, document, 20, XML_FALSE) == XML_STATUS_OK);
		MUST(XML_Parse(parser, document + 20, (int)strlen(document) - 20, XML_TRUE) == XML_STATUS_OK);
		MUST(count == 3 && XML_GetCurrentLineNumber(parser) == 1);
		MUST(XML_ParserReset(parser, NULL) == XML_TRUE);
		MUST(XML_Parse(parser, "<a>", 3, XML_TRUE) == XML_STATUS_ERROR);
		MUST(XML_GetErrorCode(parser) == XML_ERROR_NO_ELEMENTS);
		XML_ParserFree(parser);
	}
	return unused;
}

static void XMLCALL stop_there(void *parser, const XML_Char *name, const XML_Char **attributes)
{
	MUST(name && attributes && XML_StopParser(parser, XML_TRUE) == XML_STATUS_OK);
}

static void stop_and_resume(void)
{
	XML_ParsingStatus status;
	XML_Parser parser = parser_with(stop_there, NULL);

	XML_UseParserAsHandlerArg(parser);
	void *buffer = XML_GetBuffer(parser, 4);
	MUST(buffer);
	memcpy(buffer, "<a/>", 4);
	MUST(XML_ParseBuffer(parser, 4, XML_TRUE) == XML_STATUS_SUSPENDED);
	XML_GetParsingStatus(parser, &status);
	MUST(status.parsing == XML_SUSPENDED && XML_ResumeParser(parser) == XML_STATUS_OK);
	XML_ParserFree(parser);
}

static XML_Content *kept;

static void XMLCALL keep_model(void *parser, const XML_Char *name, XML_Content *model)
{
	MUST(parser && name);
	kept = model;
}

static void keep_a_model(void)
{
	static const char declared[] = "<!DOCTYPE a [<!ELEMENT a (b, c)>]><a/>";
	XML_Parser parser = XML_ParserCreate_MM(NULL, NULL, NULL);

	XML_UseParserAsHandlerArg(parser);
	XML_SetElementDeclHandler(parser, keep_model);
	MUST(XML_Parse(parser, declared, (int)strlen(declared), XML_TRUE) == XML_STATUS_OK && kept->numchildren == 2);
	XML_FreeContentModel(parser, kept);
	XML_ParserFree(parser);
}

static void quiet(void)
{
	pthread_t one = start(parse_documents, NULL), other = start(parse_documents, NULL);

	for (int i = 0; i < 50; i++) {
		stop_and_resume();
		keep_a_model();
	}
	join(one);
	join(other);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;

static void XMLCALL wait_inside(void *unused, const XML_Char *name, const XML_Char **attributes)
{
	MUST(!unused && name && attributes);
	sem_post(&is_inside);
	sem_wait(&may_go_on);
}

static void *parse_one(void *parser)
{
	XML_Parse(parser, "<a/>", 4, XML_TRUE);
	return NULL;
}

static void free_under_a_handler(void)
{
	XML_Parser parser = parser_with(wait_inside, NULL);

	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	pthread_t thread = start(parse_one, parser);
	sem_wait(&is_inside);
	MUST(XML_GetCurrentColumnNumber(parser) == 0); /* two threads in one parser */
	XML_ParserFree(parser);                        /* gives up at the deadline */
	MUST(XML_GetCurrentLineNumber(parser) == 0 && XML_GetErrorCode(parser) != XML_ERROR_NONE);
	sem_post(&may_go_on);
	join(thread);
}

static void XMLCALL free_inside(void *parser, const XML_Char *name, const XML_Char **attributes)
{
	MUST(name && attributes);
	XML_ParserFree(parser);
}

static void free_its_own(void)
{
	XML_Parser parser = parser_with(free_inside, NULL);

	XML_UseParserAsHandlerArg(parser);
	parse_one(parser);
}

static int XMLCALL keep_part(XML_Parser parser, const XML_Char *context, const XML_Char *base, const XML_Char *system,
                             const XML_Char *public)
{
	MUST(!base && system && !public);
	XML_SetUserData(parser, XML_ExternalEntityParserCreate(parser, context, NULL));
	return XML_STATUS_OK;
}

static void free_before_its_part(void)
{
	XML_Parser parser = parser_with(NULL, NULL);

	XML_SetExternalEntityRefHandler(parser, keep_part);
	MUST(XML_Parse(parser, document, (int)strlen(document), XML_TRUE) == XML_STATUS_OK);
	XML_Parser part = XML_GetUserData(parser);
	XML_ParserFree(parser);
	MUST(XML_Parse(part, "<c/>", 4, XML_TRUE) == XML_STATUS_ERROR);
	XML_ParserFree(part);
}

static void race(void)
{
	free_under_a_handler();
	free_its_own();
	free_before_its_part();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
