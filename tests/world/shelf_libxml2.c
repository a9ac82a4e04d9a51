/* Usage: world_libxml2 quiet|race
 * `quiet` parses, reads, writes, looks up, checks and saves documents on several threads, each those of its own. `race`
 * frees a reader while another thread waits in the function that reads for it, and a context while a path in it is
 * evaluated; uses what is freed, and frees the reader once more. */
#include <libxml/HTMLparser.h>
#include <libxml/relaxng.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlsave.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>

#include "quiet.h"

static const char text[] = "<a><b>1</b><b>2</b></a>";

static xmlDocPtr read_text(void)
{
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, 0);

	MUST(doc);
	return doc;
}

static xmlXPathContextPtr paths_of(xmlDocPtr doc)
{
	xmlXPathContextPtr paths = xmlXPathNewContext(doc);

	MUST(paths);
	return paths;
}

/* ---- What is allowed ---- */

static void look_up(xmlDocPtr doc)
{
	xmlXPathContextPtr paths = paths_of(doc);
	xmlXPathCompExprPtr path = xmlXPathCompile(BAD_CAST "//b");
	xmlXPathObjectPtr found = xmlXPathCompiledEval(path, paths);

	MUST(found && found->nodesetval->nodeNr == 2);
	xmlXPathFreeObject(found);
	xmlXPathFreeCompExpr(path);
	/* The names go, the context stays. */
	xmlXPathRegisteredVariablesCleanup(paths);
	xmlXPathRegisteredFuncsCleanup(paths);
	xmlXPathRegisteredNsCleanup(paths);
	xmlXPathFreeContext(paths);
}

static void save(xmlDocPtr doc)
{
	xmlBufferPtr buffer = xmlBufferCreate();
	xmlSaveCtxtPtr output = xmlSaveToBuffer(buffer, NULL, XML_SAVE_NO_DECL);

	MUST(xmlSaveDoc(output, doc) >= 0 && xmlSaveClose(output) >= 0);
	MUST(strncmp((const char *)xmlBufferContent(buffer), text, strlen(text)) == 0);
	xmlBufferFree(buffer);
}

static void parse_in_parts(void)
{
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(NULL, NULL, text, 4, NULL);

	MUST(xmlParseChunk(parser, text + 4, (int)strlen(text) - 4, 1) == 0);
	xmlDocPtr doc = parser->myDoc;
	xmlFreeParserCtxt(parser);
	MUST(xmlChildElementCount(xmlDocGetRootElement(doc)) == 2);
	xmlFreeDoc(doc);
	doc = htmlReadMemory("<p>a", 4, NULL, NULL, HTML_PARSE_NOERROR);
	MUST(doc);
	xmlFreeDoc(doc);
	MUST(!xmlReadMemory("<a>", 3, NULL, NULL, XML_PARSE_NOERROR));
}

static void read_and_write(void)
{
	xmlDocPtr doc;
	xmlTextReaderPtr reader = xmlReaderForMemory(text, (int)strlen(text), NULL, NULL, 0);
	xmlTextWriterPtr writer = xmlNewTextWriterDoc(&doc, 0);
	int count = 0;

	while (xmlTextReaderRead(reader) == 1)
		count += xmlTextReaderNodeType(reader) == XML_READER_TYPE_ELEMENT;
	MUST(count == 3 && xmlTextReaderClose(reader) == 0);
	xmlFreeTextReader(reader);
	MUST(xmlTextWriterStartDocument(writer, NULL, NULL, NULL) >= 0);
	MUST(xmlTextWriterWriteFormatElement(writer, BAD_CAST "a", "%d %s", 1, "text") >= 0);
	MUST(xmlTextWriterEndDocument(writer) >= 0);
	xmlFreeTextWriter(writer);
	reader = xmlReaderWalker(doc);
	MUST(xmlTextReaderRead(reader) == 1);
	xmlFreeTextReader(reader);
	xmlFreeDoc(doc);
}

static void check(xmlDocPtr doc)
{
	static const char grammar[] =
	    "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><zeroOrMore><element name='b'>"
	    "<text/></element></zeroOrMore></element>";
	static const char definition[] =
	    "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'><s:element name='a'/></s:schema>";
	xmlRelaxNGParserCtxtPtr grammar_parser = xmlRelaxNGNewMemParserCtxt(grammar, (int)strlen(grammar));
	xmlRelaxNGPtr relaxng = xmlRelaxNGParse(grammar_parser);
	xmlRelaxNGFreeParserCtxt(grammar_parser);
	xmlRelaxNGValidCtxtPtr check = xmlRelaxNGNewValidCtxt(relaxng);
	MUST(xmlRelaxNGValidateDoc(check, doc) == 0);
	xmlRelaxNGFreeValidCtxt(check);
	xmlRelaxNGFree(relaxng);

	xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(definition, (int)strlen(definition));
	xmlSchemaPtr schema = xmlSchemaParse(parser);
	xmlSchemaFreeParserCtxt(parser);
	xmlSchemaValidCtxtPtr other_check = xmlSchemaNewValidCtxt(schema);
	MUST(xmlSchemaValidateDoc(other_check, doc) == 0);
	xmlSchemaFreeValidCtxt(other_check);
	xmlSchemaFree(schema);
}

static void match(void)
{
	xmlRegexpPtr regexp = xmlRegexpCompile(BAD_CAST "a+");
	xmlRegExecCtxtPtr matching = xmlRegNewExecCtxt(regexp, NULL, NULL);

	MUST(xmlRegexpExec(regexp, BAD_CAST "aaa") == 1 && xmlRegExecPushString(matching, BAD_CAST "b", NULL) < 0);
	xmlRegFreeExecCtxt(matching);
	xmlRegFreeRegexp(regexp);
}

static void *use_documents(void *unused)
{
	for (int i = 0; i < 20; i++) {
		xmlDocPtr doc = read_text(), copy = xmlCopyDoc(doc, 1);
		look_up(doc);
		xmlFreeDoc(doc);
		save(copy);
		check(copy);
		xmlDocSetRootElement(copy, xmlNewDocNode(copy, NULL, BAD_CAST "c", NULL));
		xmlFreeDoc(copy);
		parse_in_parts();
		read_and_write();
		match();
	}
	return unused;
}

static void quiet(void)
{
	xmlInitParser();
	pthread_t threads[] = {start(use_documents, NULL), start(use_documents, NULL)};
	use_documents(NULL);
	join(threads[0]);
	join(threads[1]);
	xmlCleanupParser();
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;

static void wait_inside(void)
{
	sem_post(&is_inside);
	sem_wait(&may_go_on);
}

/* What a reader reads as it is made is there at once. */
static int wait_and_read(void *is_made, char *buffer, int size)
{
	MUST(size >= 4);
	if (*(atomic_bool *)is_made)
		wait_inside();
	memcpy(buffer, "<a>\n", 4);
	return 4;
}

static void *read_one(void *reader)
{
	xmlTextReaderRead(reader);
	return NULL;
}

static void free_under_a_read(void)
{
	atomic_bool is_made = false;
	xmlTextReaderPtr reader = xmlReaderForIO(wait_and_read, NULL, &is_made, NULL, NULL, XML_PARSE_NOERROR);

	MUST(reader);
	is_made = true;
	pthread_t thread = start(read_one, reader);
	sem_wait(&is_inside);
	MUST(xmlTextReaderDepth(reader) == 0); /* two threads in one reader */
	xmlFreeTextReader(reader);             /* gives up at the deadline */
	MUST(xmlTextReaderDepth(reader) == -1);
	xmlFreeTextReader(reader);
	is_made = false;
	sem_post(&may_go_on);
	join(thread);
}

static void wait_in_path(xmlXPathParserContextPtr evaluation, int count)
{
	MUST(count == 0);
	wait_inside();
	xmlXPathReturnTrue(evaluation);
}

static void *evaluate(void *paths)
{
	xmlXPathFreeObject(xmlXPathEval(BAD_CAST "wait()", paths));
	return NULL;
}

static void free_under_a_path(void)
{
	xmlDocPtr doc = read_text();
	xmlXPathContextPtr paths = paths_of(doc);

	MUST(xmlXPathRegisterFunc(paths, BAD_CAST "wait", wait_in_path) == 0);
	pthread_t thread = start(evaluate, paths);
	sem_wait(&is_inside);
	xmlXPathFreeContext(paths); /* gives up at the deadline */
	MUST(!xmlXPathEval(BAD_CAST "/", paths));
	sem_post(&may_go_on);
	join(thread);
	xmlFreeDoc(doc);
}

static void race(void)
{
	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	free_under_a_read();
	free_under_a_path();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
