/* What the library's own sources share. */
#ifndef CELLS_H
#define CELLS_H

#include "cell.h"
#include "oracle.h"

struct cell {
	struct body body;
	cell_callback on_free;
	void *data;
};

__attribute__((visibility("hidden"))) cell *cell_make(void);

#endif
