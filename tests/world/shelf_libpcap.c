/* Usage: world_libpcap quiet|race
 * Reads packets from a savefile that comes through a pipe, so that a loop waits until this program lets it go on.
 * `quiet` ends the loop before it closes the capture; `race` closes it under the loop, and uses it once more. */
#include <pcap/pcap.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quiet.h"

static sem_t has_packet;

static void take_packet(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
	(void)user;
	(void)bytes;
	MUST(header->caplen == 4);
	sem_post(&has_packet);
}

static void *loop(void *capture)
{
	pcap_loop(capture, -1, take_packet, NULL);
	return NULL;
}

static void write_head(int fd)
{
	struct pcap_file_header head = {0xa1b2c3d4, PCAP_VERSION_MAJOR, PCAP_VERSION_MINOR, 0, 0, 64, DLT_RAW};

	MUST(write(fd, &head, sizeof(head)) == sizeof(head));
}

static void write_packet(int fd)
{
	unsigned int packet[5] = {1, 0, 4, 4, 0x45454545}; /* seconds, microseconds, lengths, bytes */

	MUST(write(fd, packet, sizeof(packet)) == sizeof(packet));
}

/* The capture, with a thread in its loop that has had one packet and waits for the next. */
static pcap_t *start_loop(int *pipe_end, pthread_t *thread)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	int ends[2];

	MUST(pipe(ends) == 0);
	write_head(ends[1]);
	pcap_t *capture = pcap_fopen_offline(fdopen(ends[0], "r"), why);
	MUST(capture && pcap_datalink(capture) == DLT_RAW);
	*thread = start(loop, capture);
	write_packet(ends[1]);
	sem_wait(&has_packet);
	*pipe_end = ends[1];
	return capture;
}

/* A dumper outlives the capture that it was opened with. */
static void copy_to_savefile(void)
{
	const unsigned char bytes[4] = "abcd";
	struct pcap_pkthdr header = {.caplen = 4, .len = 4};
	pcap_t *dead = pcap_open_dead(DLT_RAW, 64);
	pcap_dumper_t *dumper = pcap_dump_open(dead, "/dev/null");

	MUST(dead && dumper);
	pcap_close(dead);
	pcap_dump((unsigned char *)dumper, &header, bytes);
	MUST(pcap_dump_flush(dumper) == 0);
	pcap_dump_close(dumper);
}

static void quiet(void)
{
	pthread_t thread;
	int pipe_end;
	pcap_t *capture = start_loop(&pipe_end, &thread);

	pcap_breakloop(capture);
	write_packet(pipe_end);
	join(thread);
	close(pipe_end);
	pcap_close(capture);
	copy_to_savefile();
}

static void race(void)
{
	pthread_t thread;
	int pipe_end;
	pcap_t *capture = start_loop(&pipe_end, &thread);

	pcap_close(capture); /* gives up at the deadline, as the loop waits for a packet */
	MUST(pcap_snapshot(capture) == -1 && strcmp(pcap_geterr(capture), "this capture is closed") == 0);
	close(pipe_end);
	join(thread);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&has_packet, 0, 0) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
