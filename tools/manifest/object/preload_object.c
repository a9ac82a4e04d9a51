#include "manifest/object/preload_object.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest/object/object.h"

/* Over a limit of the user's, to be told instead of killed. */
static const char *emit(const struct hg_preload_object *object, int fd)
{
	void (*kept)(int) = signal(SIGXFSZ, SIG_IGN);
	const char *problem = hg_sections_emit(object, fd);

	signal(SIGXFSZ, kept);
	return problem;
}

static mode_t object_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0755 & ~mask;
}

/* Writes a file beside it, which then takes its name: nobody ever loads half an object. */
static const char *store(const struct hg_preload_object *object, const char *path, char *temporary)
{
	int fd = mkostemp(temporary, O_CLOEXEC);
	const char *problem;

	if (fd < 0)
		return strerror(errno);
	problem = emit(object, fd);
	if (!problem && fchmod(fd, object_mode()) < 0)
		problem = strerror(errno);
	if (close(fd) < 0 && !problem)
		problem = strerror(errno);
	if (!problem && rename(temporary, path) < 0)
		problem = strerror(errno);
	if (problem)
		unlink(temporary);
	return problem;
}

int hg_object_write(const struct hg_image *image, const char *runtime_directory, const char *path, FILE *errors)
{
	struct hg_preload_object object = {.image = image, .machine = hg_machine_find(image->machine)};
	const char *problem;

	if (!object.machine || strpbrk(runtime_directory, ":;")) {
		fprintf(errors,
		        object.machine ? "%s: the runtime's folder '%s' has a colon or semicolon in its name, "
		                         "which a library search path cannot express\n"
		                       : "%s: no preload objects for this machine, only for x86_64 and aarch64\n",
		        path, runtime_directory);
		return -1;
	}
	char *temporary = hg_format("%s.XXXXXX", path);
	hg_object_compose(&object, runtime_directory);
	problem = store(&object, path, temporary);
	if (problem)
		fprintf(errors, "%s: cannot write the preload object: %s\n", path, problem);
	hg_object_release(&object);
	free(temporary);
	return problem ? -1 : 0;
}

static bool same_contents(int one, int other)
{
	char here[4096], there[sizeof(here)];
	ssize_t length;

	if (lseek(one, 0, SEEK_SET) != 0)
		return false;
	do {
		length = read(one, here, sizeof(here));
		if (length < 0 || read(other, there, sizeof(there)) != length)
			return false;
		if (memcmp(here, there, (size_t)length) != 0)
			return false;
	} while (length > 0);
	return true;
}

/* Into memory, for the disk may be full. */
static bool is_as_composed(struct hg_preload_object *object, const char *runtime_directory, int fd)
{
	int memory = memfd_create("handleguard", MFD_CLOEXEC);
	bool same;

	if (memory < 0)
		return false;
	hg_object_compose(object, runtime_directory);
	same = !emit(object, memory) && same_contents(memory, fd);
	hg_object_release(object);
	close(memory);
	return same;
}

bool hg_object_is(const struct hg_image *image, const char *runtime_directory, const char *path)
{
	struct hg_preload_object object = {.image = image, .machine = hg_machine_find(image->machine)};
	int fd = object.machine ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	bool same = fd >= 0 && is_as_composed(&object, runtime_directory, fd);

	if (fd >= 0)
		close(fd);
	return same;
}
