/* A binding that has the library linked into its own object: it uses a box. */
#include "box.h"

int binding_run(void);

int binding_run(void)
{
	struct box *box = box_open();
	int uses = box ? box_use(box) : 0;

	if (box)
		box_close(box);
	return uses == 1 ? 0 : 3;
}
