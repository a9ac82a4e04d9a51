/* What a program that knows nothing of boxes loads. */
#include "box.h"

int plugin_run(void);

int plugin_run(void)
{
	struct box *box = box_open();
#ifdef ONLY_OPEN
	int uses = 1;
#else
	int uses = box ? box_use(box) : 0;
#endif

	if (box)
		box_close(box);
	return uses == 1 ? 0 : 3;
}
