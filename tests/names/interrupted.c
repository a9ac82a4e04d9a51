/* Preloaded into the tool: what writes to recordings is killed, or hangs, at its Nth write (INTERRUPT="kill N" or
 * "hang N"). */
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset);

static bool is_recording(int fd)
{
	char link[64], path[4096] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return readlink(link, path, sizeof(path) - 1) > 0 && strstr(path, ".hgr");
}

static void interrupt(int fd)
{
	static int writes;
	const char *asked = getenv("INTERRUPT");
	int number = 0;
	char how[8] = "";

	if (!asked || !is_recording(fd) || sscanf(asked, "%7s %d", how, &number) != 2 || ++writes != number)
		return;
	if (strcmp(how, "kill") == 0)
		kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite64");

	interrupt(fd);
	return real(fd, bytes, size, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	return pwrite64(fd, bytes, size, offset);
}
