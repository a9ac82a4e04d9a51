/* main [idle]: uses a box; `idle` loads the library only. */
#include "box.h"

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0;
	struct box *box = box_open();
	if (!box || box_use(box) != 1 || box_look(box) != 1)
		return 3;
	box_close(box);
	return 0;
}
