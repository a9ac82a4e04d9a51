/* A capture of three packets in a file, which needs no rights to be read. */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <pcap/pcap.h>
#include <string.h>
#include <unistd.h>

#include "scenario.h"

enum { PACKETS = 3, PACKET_BYTES = 64 };

static void write_capture(char *path)
{
	u_char bytes[PACKET_BYTES] = {0};
	struct pcap_pkthdr header = {.caplen = sizeof bytes, .len = sizeof bytes};
	strcpy(path, "/tmp/capture-XXXXXX");
	CHECK(close(mkstemp(path)) == 0);
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, sizeof bytes);
	tell("d", dead);
	pcap_dumper_t *dumper = pcap_dump_open(dead, path);
	CHECK(dumper);
	for (int i = 0; i < PACKETS; i++)
		pcap_dump((u_char *)dumper, &header, bytes);
	pcap_dump_close(dumper);
	pcap_close(dead);
}

static pcap_t *open_capture(void)
{
	char path[32], error[PCAP_ERRBUF_SIZE];
	write_capture(path);
	pcap_t *capture = pcap_open_offline(path, error);
	CHECK(capture && unlink(path) == 0);
	return capture;
}

#endif
