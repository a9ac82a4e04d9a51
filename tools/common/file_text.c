#include "common/file_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/allocate.h"

/* Why an open file is not read, to be freed; NULL: it can be. */
static char *problem_of(int fd, const char *what, size_t most, struct stat *status)
{
	if (fd < 0 || fstat(fd, status) < 0)
		return hg_format("%s", strerror(errno));
	if (S_ISDIR(status->st_mode))
		return hg_format("%s", strerror(EISDIR));
	if (!S_ISREG(status->st_mode))
		return hg_format("it is a pipe or a device, not a file");
	if ((size_t)status->st_size > most)
		return hg_format("it is larger than %zu MiB, which no %s is", most >> 20, what);
	return NULL;
}

static char *read_all(int fd, size_t expected, size_t *size)
{
	char *text = hg_allocate(1, expected + 1);
	ssize_t length = 1;

	for (*size = 0; length > 0; *size += (size_t)(length > 0 ? length : 0))
		length = read(fd, text + *size, expected - *size);
	return text;
}

char *hg_file_text(const char *path, const char *what, size_t most, size_t *size, FILE *errors)
{
	/* Not waiting: somebody may have named a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *problem = problem_of(fd, what, most, &status);
	char *text = problem ? NULL : read_all(fd, (size_t)status.st_size, size);

	if (problem)
		fprintf(errors, "%s: cannot read the %s: %s\n", path, what, problem);
	free(problem);
	if (fd >= 0)
		close(fd);
	return text;
}
