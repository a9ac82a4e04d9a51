#include "report/symbols/object_places.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of Linux 5.6, on each machine; the C library has had the number since 2.32. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

enum { FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

/* The file if it is a regular one. */
static int regular(int fd)
{
	struct stat status;

	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
		return fd;
	close(fd);
	return -1;
}

int hg_open_object(const char *path)
{
	return regular(path[0] == '/' ? open(path, FLAGS) : -1);
}

/* Before Linux 5.6, and where a filter forbids it, links that are absolute lead out of the root; a build id tells what
 * is found there from what is meant. */
int hg_open_in_sysroot(const char *sysroot, const char *path)
{
	const struct open_how how = {.flags = FLAGS, .resolve = RESOLVE_IN_ROOT};
	char *joined = NULL;

	if (path[0] != '/')
		return -1;
	int root = open(sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -1;
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM) && asprintf(&joined, "%s%s", sysroot, path) >= 0)
		fd = open(joined, FLAGS);
	free(joined);
	close(root);
	return regular(fd);
}

int hg_open_by_build_id(const char *folder, const struct hg_record_module *module, const char *suffix)
{
	char id[2 * HG_BUILD_ID_MAX + 1] = "";
	char *path = NULL;

	if (module->build_id_length < 2)
		return -1;
	for (uint32_t i = 0; i < module->build_id_length; i++)
		snprintf(id + 2 * i, 3, "%02x", module->build_id[i]);
	if (asprintf(&path, "%s/.build-id/%.2s/%s%s", folder, id, id + 2, suffix) < 0)
		return -1;
	int fd = hg_open_object(path);
	free(path);
	return fd;
}

/* ---- Servers ---- */

struct client {
	void *(*begin)(void);
	int (*find)(void *client, const unsigned char *build_id, int length, char **path);
	void (*end)(void *client);
};

static bool find_client(struct client *client)
{
	void *library = dlopen("libdebuginfod.so.1", RTLD_LAZY | RTLD_LOCAL);
	void *begin = library ? dlsym(library, "debuginfod_begin") : NULL;
	void *find = library ? dlsym(library, "debuginfod_find_debuginfo") : NULL;
	void *end = library ? dlsym(library, "debuginfod_end") : NULL;

	memcpy(&client->begin, &begin, sizeof(begin));
	memcpy(&client->find, &find, sizeof(find));
	memcpy(&client->end, &end, sizeof(end));
	return begin && find && end;
}

int hg_fetch_debuginfo(const struct hg_record_module *module)
{
	struct client client;
	char *path = NULL;

	if (module->build_id_length == 0 || !find_client(&client))
		return -1;
	void *session = client.begin();
	int fd = session ? client.find(session, module->build_id, (int)module->build_id_length, &path) : -1;
	if (session)
		client.end(session);
	free(path);
	return fd;
}
