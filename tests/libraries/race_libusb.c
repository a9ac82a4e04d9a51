/* The default context, which is null, is closed for the last time while a thread handles its events; and used after
 * that.
 *
 * finding: late-free context c; call libusb_exit in main; op libusb_handle_events in handle_events on events;
 *     create libusb_init in main; drained; woken libusb_interrupt_event_handler
 * finding: late-op context c; call libusb_get_device_list in main; free libusb_exit in main; create libusb_init in main
 * recording: handles.context.created=1 handles.context.freed=1
 */
#include <libusb.h>
#include <sched.h>

#include "scenario.h"

static void handle_events(void *unused)
{
	(void)unused;
	CHECK(libusb_handle_events(NULL) == 0);
}

int main(void)
{
	struct side events;
	libusb_device **list;
	CHECK(libusb_init(NULL) == 0 && libusb_init(NULL) == 0);
	tell_number("c", 0);
	libusb_exit(NULL);
	start(&events, "events", handle_events, NULL);
	while (!libusb_event_handler_active(NULL))
		sched_yield();
	libusb_exit(NULL);
	join(&events);
	CHECK(libusb_get_device_list(NULL, &list) == LIBUSB_ERROR_NO_DEVICE);
	return 0;
}
