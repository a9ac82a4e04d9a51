#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"

#define LARGEST (64 << 20) /* no manifest is as big */

static char *read_all(FILE *file, size_t *size)
{
	struct stat status;
	char *text;

	if (fstat(fileno(file), &status) < 0)
		return NULL;
	if (!S_ISREG(status.st_mode) || status.st_size > LARGEST) {
		errno = S_ISREG(status.st_mode) ? EFBIG : S_ISDIR(status.st_mode) ? EISDIR : ENOTSUP;
		return NULL;
	}
	text = hg_allocate(1, (size_t)status.st_size + 1);
	*size = fread(text, 1, (size_t)status.st_size, file);
	return text;
}

char *hg_file_text(const char *path, size_t *size, FILE *errors)
{
	FILE *file = fopen(path, "re");
	char *text = file ? read_all(file, size) : NULL;

	if (!text)
		fprintf(errors, "%s: cannot read the manifest: %s\n", path, strerror(errno));
	if (file)
		fclose(file);
	return text;
}
