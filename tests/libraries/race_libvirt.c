/* A connection that is used after its last reference was dropped, though a domain holds it; and a domain after its own.
 *
 * finding: late-op conn c; call virConnectNumOfDomains in main; free virConnectClose in main; create virConnectOpen in main
 * finding: late-op domain d; call virDomainGetName in main; free virDomainFree in main;
 *     create virDomainLookupByName in main
 * recording: handles.conn.freed=1 handles.domain.freed=1
 */
#include <libvirt/libvirt.h>

#include "scenario.h"

int main(void)
{
	virConnectPtr conn = virConnectOpen("test:///default");
	virDomainPtr domain = virDomainLookupByName(conn, "test");
	tell("c", conn);
	tell("d", domain);
	CHECK(virConnectClose(conn) == 1);
	CHECK(virConnectNumOfDomains(conn) == -1);
	CHECK(virDomainFree(domain) == 0);
	CHECK(virDomainGetName(domain) == NULL);
	return 0;
}
