#include "run/launch_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char *path_in(const char *folder)
{
	char *path = NULL;

	if (asprintf(&path, "%s/" HG_LAUNCHES_FILE, folder) < 0)
		abort();
	return path;
}

/* Room is proved by taking it: a store into it must not be the end of a program. */
static void *map_new(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && posix_fallocate(fd, 0, sizeof(struct hg_launches)) == 0)
		at = mmap(NULL, sizeof(struct hg_launches), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	return at == MAP_FAILED ? NULL : at;
}

struct hg_launches *hg_launches_make(const char *folder)
{
	char *path = path_in(folder);
	struct hg_launches *launches = map_new(path);

	if (launches) {
		launches->magic = HG_LAUNCHES_MAGIC;
		launches->version = HG_LAUNCHES_VERSION;
	} else {
		unlink(path);
	}
	free(path);
	return launches;
}

bool hg_launches_noted(const struct hg_launches *launches)
{
	bool noted = launches && (launches->cut > 0 || launches->refused > 0);

	for (int i = 0; launches && i < HG_LAUNCHES; i++)
		noted |= launches->list[i].state == HG_LAUNCH_WRITTEN && launches->list[i].times > 0;
	return noted;
}

void hg_launches_drop(struct hg_launches *launches, const char *folder)
{
	char *path = launches && !hg_launches_noted(launches) ? path_in(folder) : NULL;

	if (path)
		unlink(path);
	free(path);
	if (launches)
		munmap(launches, sizeof(*launches));
}
