/* A node is used after its document was freed, which nothing of the node tells.
 *
 * finding: late-op node n; call xmlNodeGetContent in main; free xmlFreeDoc in main; create xmlDocGetRootElement in main
 * recording: handles.document.freed=1 handles.node.freed=1
 */
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "scenario.h"

int main(void)
{
	static const char text[] = "<list/>";
	xmlDoc *document = xmlReadMemory(text, sizeof text - 1, NULL, NULL, 0);
	xmlNode *node = xmlDocGetRootElement(document);
	tell("n", node);
	CHECK(xmlChildElementCount(node) == 0);
	xmlFreeDoc(document);
	CHECK(!xmlNodeGetContent(node));
	return 0;
}
