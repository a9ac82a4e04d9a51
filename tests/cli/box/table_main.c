/* table_main [late]: uses a box by the library's table; `late` once more after it was closed. */
#include "table.h"

int main(int argc, char **argv)
{
	const struct box_functions *library = box_functions();
	struct box *box = library->open();

	(void)argv;
	if (!box || library->use(box) != 1 || library->use_twice(box) != 2 + 3)
		return 3;
	library->close(box);
	return argc > 1 && library->use(box) != 0 ? 4 : 0;
}
