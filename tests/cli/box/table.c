#include "table.h"

static int use_twice(struct box *box);

static const struct box_functions functions = {box_open, box_use, box_peek, box_close, use_twice};
static const struct box_functions *volatile own = &functions;

static int use_twice(struct box *box)
{
	return own->use(box) + own->use(box);
}

const struct box_functions *box_functions(void)
{
	return own;
}
