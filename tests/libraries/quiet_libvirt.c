/* Domains that outlive both references to their connection, of which one is used on another thread; and a connection
 * that outlives its domain.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.conn.created=4 handles.conn.freed=4 handles.domain.created=4 handles.domain.freed=4
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.conn.created=4 handles.conn.freed=4 handles.domain.created=4 handles.domain.freed=4
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.conn.created=4 handles.conn.freed=4 handles.domain.created=4 handles.domain.freed=4
 */
#include <libvirt/libvirt.h>

#include "scenario.h"

static virDomainPtr domain_of(virConnectPtr conn)
{
	virDomainPtr domain = virDomainLookupByName(conn, "test");
	CHECK(domain);
	return domain;
}

static void use(void *domain)
{
	const char *name = virDomainGetName(domain);
	CHECK(name && strcmp(name, "test") == 0 && virDomainGetID(domain) == 1);
}

static void outlive(void)
{
	struct side user;
	virConnectPtr conn = virConnectOpen("test:///default");
	virDomainPtr domain = domain_of(conn);
	CHECK(virConnectRef(conn) == 0);
	CHECK(virConnectClose(conn) >= 1 && virConnectClose(conn) == 1);
	use(domain);
	start(&user, "user", use, domain);
	join(&user);
	CHECK(virDomainFree(domain) == 0);
}

int main(void)
{
	for (int i = 0; i < 3; i++)
		outlive();
	virConnectPtr conn = virConnectOpen("test:///default");
	CHECK(virDomainFree(domain_of(conn)) == 0);
	CHECK(virConnectNumOfDomains(conn) == 1 && virConnectClose(conn) == 0);
	return 0;
}
