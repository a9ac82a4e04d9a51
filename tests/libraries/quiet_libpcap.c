/* A capture is read with one filter after the other, all of them in the same memory, and closed once.
 *
 * recording: handles.pcap.created=2 handles.pcap.freed=2 handles.filter.created=3 handles.filter.freed=3
 * recording: handles.dumper.created=1 handles.dumper.freed=1
 */
#include "capture.h"

static void read_with(pcap_t *capture, struct bpf_program *filter)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	CHECK(pcap_compile(capture, filter, "greater 10", 1, PCAP_NETMASK_UNKNOWN) == 0);
	CHECK(pcap_setfilter(capture, filter) == 0);
	CHECK(pcap_next_ex(capture, &header, &bytes) == 1 && header->caplen == PACKET_BYTES);
	pcap_freecode(filter);
}

int main(void)
{
	struct bpf_program filter;
	pcap_t *capture = open_capture();
	for (int i = 0; i < PACKETS; i++)
		read_with(capture, &filter);
	CHECK(pcap_compile(capture, &filter, "no such filter", 1, PCAP_NETMASK_UNKNOWN) != 0);
	pcap_close(capture);
	return 0;
}
