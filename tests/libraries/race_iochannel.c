/* A channel of GLib is read, and shut down once more, after its shutdown; the references that are dropped after that
 * are no repeats.
 *
 * finding: late-op channel c; call g_io_channel_read_chars in main; free g_io_channel_shutdown in shut on closer;
 *     create g_io_channel_unix_new in main
 * finding: late-op channel c; call g_io_channel_shutdown in main; free g_io_channel_shutdown in shut on closer;
 *     create g_io_channel_unix_new in main
 * recording: handles.channel.created=1 handles.channel.freed=1
 */
#include <glib.h>

#include "scenario.h"

static sem_t done, over;

static void shut(void *channel)
{
	CHECK(g_io_channel_shutdown(channel, FALSE, NULL) == G_IO_STATUS_NORMAL);
	sem_post(&done);
	sem_wait(&over);
}

int main(void)
{
	struct side closer;
	char byte;
	gsize got;
	int ends[2];
	CHECK(pipe(ends) == 0 && sem_init(&done, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	GIOChannel *channel = g_io_channel_unix_new(ends[0]);
	tell("c", channel);
	g_io_channel_ref(channel);
	start(&closer, "closer", shut, channel);
	sem_wait(&done);
	CHECK(g_io_channel_read_chars(channel, &byte, 1, &got, NULL) == G_IO_STATUS_ERROR);
	CHECK(g_io_channel_shutdown(channel, FALSE, NULL) == G_IO_STATUS_ERROR);
	sem_post(&over);
	join(&closer);
	g_io_channel_unref(channel);
	g_io_channel_unref(channel);
	close(ends[1]);
	return 0;
}
