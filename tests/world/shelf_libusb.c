/* Usage: world_libusb quiet|race
 * No device is needed, so nothing is opened. `quiet` makes contexts and lists devices on several threads, some of the
 * default context, and has a thread handle events until it is interrupted. `race` ends a context while another thread
 * handles its events, and uses it afterwards. */
#include <libusb-1.0/libusb.h>
#include <sched.h>
#include <string.h>

#include "quiet.h"

static void list_devices(libusb_context *context)
{
	libusb_device **list;
	ssize_t count = libusb_get_device_list(context, &list);

	MUST(count >= 0);
	libusb_free_device_list(list, 1);
}

/* What a program does that has an event loop of its own. */
static void look_at_events(libusb_context *context)
{
	struct timeval until;
	const struct libusb_pollfd **descriptors = libusb_get_pollfds(context);

	MUST(descriptors);
	libusb_free_pollfds(descriptors);
	MUST(libusb_get_next_timeout(context, &until) == 0 && libusb_pollfds_handle_timeouts(context) == 1);
	MUST(libusb_try_lock_events(context) == 0 && libusb_event_handling_ok(context));
	MUST(libusb_handle_events_locked(context, &(struct timeval){0}) == 0);
	libusb_unlock_events(context);
	MUST(libusb_handle_events_timeout(context, &(struct timeval){0}) == 0);
}

static void *handle_events(void *context)
{
	MUST(libusb_handle_events(context) == 0);
	return NULL;
}

static pthread_t start_handling(libusb_context *context)
{
	pthread_t thread = start(handle_events, context);

	while (!libusb_event_handler_active(context))
		sched_yield();
	return thread;
}

static void *use_contexts(void *unused)
{
	for (int i = 0; i < 10; i++) {
		libusb_context *context;
		libusb_device_handle *handle = NULL;
		MUST(libusb_init(&context) == 0 && libusb_init(NULL) == 0);
		list_devices(context);
		list_devices(NULL);
		look_at_events(context);
		MUST(!libusb_open_device_with_vid_pid(context, 0xffff, 0xffff));
		MUST(libusb_wrap_sys_device(context, -1, &handle) != 0 && !handle);
		libusb_exit(NULL);
		pthread_t thread = start_handling(context);
		libusb_interrupt_event_handler(context);
		join(thread);
		libusb_exit(context);
	}
	return unused;
}

static void quiet(void)
{
	pthread_t threads[] = {start(use_contexts, NULL), start(use_contexts, NULL)};

	join(threads[0]);
	join(threads[1]);
}

static void race(void)
{
	libusb_context *context;
	libusb_device **list;

	MUST(libusb_init(&context) == 0 && libusb_init(NULL) == 0);
	pthread_t thread = start_handling(context);
	libusb_exit(context); /* the guards interrupt it */
	join(thread);
	MUST(libusb_get_device_list(context, &list) == LIBUSB_ERROR_NO_DEVICE);
	libusb_exit(NULL);
	MUST(libusb_get_device_list(NULL, &list) == LIBUSB_ERROR_NO_DEVICE);
	libusb_exit(context);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
