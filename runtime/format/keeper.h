/* How a process that cannot reach the folder for recordings any more, because it has become another user or has another
 * root, asks `handleguard run` for a file in it: one packet each way on a connection to the abstract socket of the name
 * HG_KEEPER_PREFIX and the folder's own name. With an answer without error comes the file's descriptor. */
#ifndef HG_FORMAT_KEEPER_H
#define HG_FORMAT_KEEPER_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define HG_KEEPER_PREFIX "handleguard/"

enum hg_keeper_verb {
	HG_KEEPER_CREATE, /* a new file */
	HG_KEEPER_OPEN    /* one that is there */
};

struct hg_keeper_request {
	uint32_t verb;
	char name[252]; /* of the file, without folder. no limit: the runtime gives shorter ones */
};

struct hg_keeper_answer {
	int32_t error; /* an errno; 0: none */
};

static_assert(sizeof(struct hg_keeper_request) == 256, "layout");

/* The address that belongs to a folder. Returns its size, 0 if the folder's name is too long for one. */
static inline socklen_t hg_keeper_address(const char *folder, struct sockaddr_un *address)
{
	const char *slash = strrchr(folder, '/'), *name = slash ? slash + 1 : folder;
	size_t prefix = sizeof HG_KEEPER_PREFIX - 1, length = strlen(name);

	if (1 + prefix + length > sizeof address->sun_path)
		return 0;
	address->sun_family = AF_UNIX;
	address->sun_path[0] = '\0';
	memcpy(address->sun_path + 1, HG_KEEPER_PREFIX, prefix);
	memcpy(address->sun_path + 1 + prefix, name, length);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + prefix + length);
}

#endif
