/* The threads that the runtime makes to have ops woken, told by their name: an emulator has threads of its own. */
#ifndef WAKERS_H
#define WAKERS_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline bool is_waker(const char *task)
{
	char path[300], name[32] = "";
	snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
	FILE *file = fopen(path, "r");
	if (file && !fgets(name, sizeof name, file))
		*name = '\0';
	if (file)
		fclose(file);
	return strcmp(name, "handleguard\n") == 0;
}

static inline int wakers(void)
{
	DIR *tasks = opendir("/proc/self/task");
	int count = 0;
	for (struct dirent *entry; tasks && (entry = readdir(tasks));)
		count += is_waker(entry->d_name);
	if (tasks)
		closedir(tasks);
	return count;
}

#endif
