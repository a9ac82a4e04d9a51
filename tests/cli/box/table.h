/* The library as one that exports a table of its functions, and nothing else. */
#ifndef TABLE_H
#define TABLE_H

#include "box.h"

struct box_functions {
	struct box *(*open)(void);
	int (*use)(struct box *box);
	int (*peek)(struct box *box);
	void (*close)(struct box *box);
	int (*use_twice)(struct box *box); /* by the table */
};

__attribute__((visibility("default"))) const struct box_functions *box_functions(void);

#endif
