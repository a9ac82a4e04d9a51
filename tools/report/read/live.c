#include "report/read/live.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "format/record.h"

/* The number that the process has for itself, which is another one in a container; 0: not known. */
static uint32_t own_number(pid_t pid)
{
	char path[64], line[256];
	uint32_t number = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "re");
	while (file && number == 0 && fgets(line, sizeof(line), file))
		if (strncmp(line, "NSpid:", strlen("NSpid:")) == 0)
			number = (uint32_t)strtoul(strrchr(line, '\t') + 1, NULL, 10);
	if (file)
		fclose(file);
	return number;
}

/* A forked child has its parent's recording mapped until it begins its own. */
static bool is_recording_of(const char *path, uint32_t number)
{
	struct hg_record_header header;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool is = fd >= 0 && pread(fd, &header, sizeof(header), 0) == sizeof(header) &&
	          memcmp(header.magic, HG_RECORD_MAGIC, sizeof(header.magic)) == 0 && header.pid == number;

	if (fd >= 0)
		close(fd);
	return is;
}

/* The process may have another root. */
static char *path_of(pid_t pid, uint32_t number, const char *mapped)
{
	char *path = strdup(mapped);

	if (path && is_recording_of(path, number))
		return path;
	free(path);
	if (asprintf(&path, "/proc/%d/root%s", (int)pid, mapped) < 0)
		return NULL;
	if (is_recording_of(path, number))
		return path;
	free(path);
	return NULL;
}

char *hg_live_recording(pid_t pid)
{
	char name[64], *line = NULL, *found = NULL;
	size_t room = 0;
	ssize_t length;
	uint32_t number = own_number(pid);

	snprintf(name, sizeof(name), "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(name, "re");
	while (maps && !found && (length = getline(&line, &room, maps)) > 0) {
		line[length - 1] = '\0';
		const char *path = strchr(line, '/');
		if (path && hg_has_suffix(path, HG_RECORD_SUFFIX))
			found = path_of(pid, number, path);
	}
	if (maps)
		fclose(maps);
	free(line);
	return found;
}

static pid_t next_process(pid_t after)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;
	pid_t next = 0;

	while (folder && (entry = readdir(folder))) {
		pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? (pid_t)strtol(entry->d_name, NULL, 10) : 0;
		if (pid > after && (next == 0 || pid < next))
			next = pid;
	}
	if (folder)
		closedir(folder);
	return next;
}

pid_t hg_live_next(pid_t pid, char **path)
{
	while ((pid = next_process(pid)) > 0)
		if ((*path = hg_live_recording(pid)))
			return pid;
	return 0;
}
