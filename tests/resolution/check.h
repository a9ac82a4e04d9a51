#ifndef CHECK_H
#define CHECK_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin.h"
#include "thing.h"

/* Ends the program with a word if two integers differ. */
#define SAME(found, expected)                                                                                          \
	do {                                                                                                           \
		int found_ = (found), expected_ = (expected);                                                          \
		if (found_ != expected_) {                                                                             \
			fprintf(stderr, "%s:%d: %s is %d, not %d\n", __FILE__, __LINE__, #found, found_, expected_);   \
			exit(1);                                                                                       \
		}                                                                                                      \
	} while (0)

static inline const struct plugin *load(const char *path, int flags)
{
	void *handle = dlopen(path, flags);
	const struct plugin *plugin = handle ? dlsym(handle, "plugin") : NULL;
	if (!plugin) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	return plugin;
}

#endif
