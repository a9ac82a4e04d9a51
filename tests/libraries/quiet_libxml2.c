/* Nodes are asked for time and again, used, and forgotten: none of them is freed, leaked or reborn, and they end with
 * their document. The next document is another one, though its nodes may have the addresses of the last one's.
 *
 * recording: handles.document.created=3 handles.document.freed=3
 * recording: handles.node.created=6 handles.node.freed=6 handles.node.adopted=0 handles.node.live=0
 */
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "scenario.h"

static const char text[] = "<list><item>one</item></list>";

static void read_once(void)
{
	xmlDoc *document = xmlReadMemory(text, sizeof text - 1, NULL, NULL, 0);
	for (int i = 0; i < 2; i++) {
		xmlNode *root = xmlDocGetRootElement(document);
		CHECK(xmlChildElementCount(root) == 1);
		xmlChar *content = xmlNodeGetContent(xmlFirstElementChild(root));
		CHECK(xmlStrEqual(content, (const xmlChar *)"one"));
		xmlFree(content);
	}
	xmlFreeDoc(document);
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		read_once();
	return 0;
}
