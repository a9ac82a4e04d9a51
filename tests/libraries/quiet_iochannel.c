/* Channels of GLib are read, shut down by this thread or another one, and given up; or given up without.
 *
 * observed: same
 * recording: handles.channel.created=3 handles.channel.freed=3
 */
#include <glib.h>

#include "scenario.h"

static void shut(void *channel)
{
	CHECK(g_io_channel_shutdown(channel, FALSE, NULL) == G_IO_STATUS_NORMAL);
}

static GIOChannel *channel_that_was_read(void)
{
	char byte;
	gsize got;
	int ends[2];
	CHECK(pipe(ends) == 0 && write(ends[1], "xy", 2) == 2);
	GIOChannel *channel = g_io_channel_unix_new(ends[0]);
	CHECK(g_io_channel_read_chars(channel, &byte, 1, &got, NULL) == G_IO_STATUS_NORMAL && got == 1);
	close(ends[1]);
	return channel;
}

int main(void)
{
	struct side other;
	GIOChannel *own = channel_that_was_read(), *others = channel_that_was_read(),
	           *given_up = channel_that_was_read();
	shut(own);
	g_io_channel_unref(own);
	start(&other, "other", shut, others);
	join(&other);
	g_io_channel_unref(others);
	g_io_channel_unref(given_up);
	return 0;
}
