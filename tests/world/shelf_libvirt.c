/* Usage: world_libvirt quiet|race
 * `quiet` asks a hypervisor that the library only pretends (test:///default) for domains, snapshots, networks and
 * storage, on several threads that share a connection, and lets domains outlive it. `race` closes a connection and
 * frees a domain while another thread is in a call on them, and uses the connection and a stream afterwards. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <semaphore.h>
#include <string.h>

#include "quiet.h"

static virConnectPtr connection(void)
{
	virConnectPtr conn = virConnectOpen("test:///default");

	MUST(conn);
	return conn;
}

static virDomainPtr domain_of(virConnectPtr conn)
{
	virDomainPtr domain = virDomainLookupByName(conn, "test");

	MUST(domain);
	return domain;
}

/* ---- What is allowed ---- */

static void list_domains(virConnectPtr conn)
{
	virDomainPtr *domains;
	int count = virConnectListAllDomains(conn, &domains, 0);

	MUST(count >= 1 && virConnectNumOfDomains(conn) >= 1);
	for (int i = 0; i < count; i++)
		MUST(virDomainGetName(domains[i]) && virDomainFree(domains[i]) == 0);
	free(domains);
}

static void ask_a_domain(virConnectPtr conn)
{
	virDomainInfo info;
	virDomainPtr domain = domain_of(conn), same = virDomainLookupByID(conn, (int)virDomainGetID(domain));

	MUST(virDomainGetInfo(domain, &info) == 0 && virDomainRef(domain) == 0 && virDomainFree(domain) == 0);
	MUST(virDomainGetConnect(domain) == conn && strcmp(virDomainGetName(same), "test") == 0);
	char *xml = virDomainGetXMLDesc(domain, 0);
	MUST(xml && virDomainIsActive(domain) == 1);
	free(xml);
	MUST(virDomainFree(same) == 0 && virDomainFree(domain) == 0);
	MUST(!virDomainLookupByName(conn, "nobody") && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN);
}

static void define_a_domain(virConnectPtr conn, const char *name)
{
	char xml[200];

	snprintf(xml, sizeof(xml),
	         "<domain type='test'><name>%s</name><memory>1024</memory><os><type>hvm</type></os></domain>", name);
	virDomainPtr domain = virDomainDefineXML(conn, xml);
	MUST(domain && virDomainCreate(domain) == 0);
	virDomainSnapshotPtr snapshot = virDomainSnapshotCreateXML(domain, "<domainsnapshot/>", 0);
	MUST(snapshot && virDomainSnapshotGetDomain(snapshot) == domain && virDomainSnapshotNum(domain, 0) == 1);
	MUST(virDomainSnapshotDelete(snapshot, 0) == 0 && virDomainDestroy(domain) == 0 &&
	     virDomainUndefine(domain) == 0);
	/* The snapshot holds the domain. */
	MUST(virDomainFree(domain) == 0 && virDomainSnapshotGetName(snapshot));
	MUST(virDomainSnapshotFree(snapshot) == 0);
}

static void ask_the_others(virConnectPtr conn)
{
	virNetworkPtr network = virNetworkLookupByName(conn, "default");
	MUST(network && virNetworkIsActive(network) == 1 && virNetworkFree(network) == 0);
	virStoragePoolPtr pool = virStoragePoolLookupByName(conn, "default-pool");
	MUST(pool && virStoragePoolNumOfVolumes(pool) >= 0 && virStoragePoolFree(pool) == 0);
	virInterfacePtr interface = virInterfaceLookupByName(conn, "eth1");
	MUST(interface && virInterfaceGetMACString(interface) && virInterfaceFree(interface) == 0);
	virStreamPtr stream = virStreamNew(conn, 0);
	MUST(stream && virStreamRef(stream) == 0 && virStreamFree(stream) == 0 && virStreamFree(stream) == 0);
}

static atomic_int number;

/* A thread with a reference of its own. */
static void *use_connection(void *shared)
{
	char name[32];
	virConnectPtr conn = shared;

	snprintf(name, sizeof(name), "guest-%d", number++);
	for (int i = 0; i < 20; i++) {
		list_domains(conn);
		ask_a_domain(conn);
		define_a_domain(conn, name);
		ask_the_others(conn);
	}
	MUST(virConnectClose(conn) >= 0);
	return NULL;
}

static void quiet(void)
{
	virConnectPtr conn = connection();

	MUST(virConnectRef(conn) == 0 && virConnectRef(conn) == 0);
	pthread_t threads[] = {start(use_connection, conn), start(use_connection, conn)};
	virDomainPtr domain = domain_of(conn);
	MUST(virConnectClose(conn) >= 1);
	MUST(strcmp(virDomainGetName(domain), "test") == 0);
	join(threads[0]);
	join(threads[1]);
	/* The domain is what holds the connection now. */
	MUST(virDomainGetID(domain) == 1 && virDomainFree(domain) == 0);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;

/* The library calls it in the call that has failed. */
static void wait_inside(void *unused, virErrorPtr error)
{
	MUST(!unused && error);
	sem_post(&is_inside);
	sem_wait(&may_go_on);
}

static void *fail_to_find(void *conn)
{
	virDomainLookupByName(conn, "nobody");
	return NULL;
}

static void *fail_to_attach(void *domain)
{
	virDomainAttachDevice(domain, "nonsense");
	return NULL;
}

static void close_under_a_call(void)
{
	virConnectPtr conn = connection();

	virConnSetErrorFunc(conn, NULL, wait_inside);
	pthread_t thread = start(fail_to_find, conn);
	sem_wait(&is_inside);
	virConnectClose(conn); /* gives up at the deadline */
	MUST(virConnectNumOfDomains(conn) == -1);
	sem_post(&may_go_on);
	join(thread);
	MUST(!virConnectGetHostname(conn) && virConnectClose(conn) <= 0);
}

static void free_under_a_call(void)
{
	virConnectPtr conn = connection();
	virDomainPtr domain = domain_of(conn);
	virStreamPtr stream = virStreamNew(conn, 0);

	virConnSetErrorFunc(conn, NULL, wait_inside);
	pthread_t thread = start(fail_to_attach, domain);
	sem_wait(&is_inside);
	virDomainFree(domain);
	sem_post(&may_go_on);
	join(thread);
	virConnSetErrorFunc(conn, NULL, NULL);
	MUST(virStreamFree(stream) == 0 && virStreamAbort(stream) == -1);
	MUST(virConnectClose(conn) == 0);
}

static void ignore(void *unused, virErrorPtr error)
{
	MUST(!unused && error);
}

static void race(void)
{
	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	close_under_a_call();
	free_under_a_call();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && virInitialize() == 0);
	virSetErrorFunc(NULL, ignore);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
