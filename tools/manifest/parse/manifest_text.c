#include "manifest/parse/manifest_text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/allocate.h"

#define LARGEST (1 << 20) /* ten thousand functions have room */

/* Why an open file is not read; NULL: it can be. */
static const char *problem_of(int fd, struct stat *status)
{
	if (fd < 0 || fstat(fd, status) < 0)
		return strerror(errno);
	if (S_ISDIR(status->st_mode))
		return strerror(EISDIR);
	if (!S_ISREG(status->st_mode))
		return "it is a pipe or a device, not a file";
	return status->st_size > LARGEST ? "it is larger than 1 MiB, which no manifest is" : NULL;
}

static char *read_all(int fd, size_t expected, size_t *size)
{
	char *text = hg_allocate(1, expected + 1);
	ssize_t length = 1;

	for (*size = 0; length > 0; *size += (size_t)(length > 0 ? length : 0))
		length = read(fd, text + *size, expected - *size);
	return text;
}

char *hg_file_text(const char *path, size_t *size, FILE *errors)
{
	/* Not waiting: somebody may have named a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	const char *problem = problem_of(fd, &status);
	char *text = problem ? NULL : read_all(fd, (size_t)status.st_size, size);

	if (problem)
		fprintf(errors, "%s: cannot read the manifest: %s\n", path, problem);
	if (fd >= 0)
		close(fd);
	return text;
}
