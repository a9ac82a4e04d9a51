/* Blobs: what comes over a connection of their own. */
#include <errno.h>

#include "courier.h"
#include "link.h"

struct courier_blob {
	struct link link;
};

int courier_blob_open(int port, courier_blob **blob)
{
	int connection = link_dial(port);

	if (connection < 0)
		return connection;
	*blob = link_new(sizeof **blob, connection);
	return *blob ? 0 : -ENOMEM;
}

int64_t courier_blob_read(courier_blob *blob, char *bytes, size_t size)
{
	return link_receive(&blob->link, bytes, size);
}

int courier_blob_wake(courier_blob *blob)
{
	return link_wake(&blob->link, SHUT_RDWR);
}

void courier_blob_free(courier_blob *blob)
{
	link_free(&blob->link);
}
