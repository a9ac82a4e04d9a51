/* A binding that makes its pointer null as it closes the capture, and asks for statistics then: libpcap follows the
 * null. A filter is used after it was freed.
 *
 * finding: late-op filter f; call pcap_setfilter in main; free pcap_freecode in main; create pcap_compile in main
 * finding: null-op pcap none g0; call pcap_stats in statistics; recent pcap_close in shut of p; recent pcap_close in write_capture<open_capture of d
 * finding: null-op pcap none g0; call pcap_close in shut; recent pcap_close in shut of p; recent pcap_close in write_capture<open_capture of d
 * recording: handles.pcap.created=2 handles.pcap.freed=2 handles.filter.created=1 handles.filter.freed=1
 */
#include "capture.h"

static struct owner {
	pcap_t *capture;
} owner;

static void shut(void)
{
	pcap_close(owner.capture);
	owner.capture = NULL;
}

static int statistics(void)
{
	struct pcap_stat counts;
	return pcap_stats(owner.capture, &counts);
}

int main(void)
{
	struct bpf_program filter = {0};
	owner.capture = open_capture();
	tell("f", &filter);
	tell("p", owner.capture);
	tell("none", NULL);
	CHECK(pcap_compile(owner.capture, &filter, "greater 10", 1, PCAP_NETMASK_UNKNOWN) == 0);
	pcap_freecode(&filter);
	CHECK(pcap_setfilter(owner.capture, &filter) == -1);
	shut();
	CHECK(statistics() == -1);
	shut();
	return 0;
}
