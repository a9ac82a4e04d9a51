/* The default context beside one of the program's own, each opened and closed as often as it should be, and opened
 * anew.
 *
 * observed: same
 * recording: handles.context.created=3 handles.context.freed=3
 */
#include <libusb.h>

#include "scenario.h"

static void list_devices(libusb_context *context)
{
	libusb_device **list;
	CHECK(libusb_get_device_list(context, &list) >= 0);
	libusb_free_device_list(list, 1);
}

int main(void)
{
	libusb_context *own;
	CHECK(libusb_init(NULL) == 0 && libusb_init(&own) == 0 && libusb_init(NULL) == 0);
	list_devices(NULL);
	list_devices(own);
	libusb_exit(NULL);
	list_devices(NULL);
	libusb_exit(NULL);
	list_devices(own);
	libusb_exit(own);
	CHECK(libusb_init(NULL) == 0);
	list_devices(NULL);
	libusb_exit(NULL);
	return 0;
}
