/* A dead cell is used in every way in which code of the program's can refer to a function that is linked into it. None
 * of them reaches the library. What is compared stays the same, on both sides.
 *
 * finding: late-op cell c; call cell_touch in by_call; free cell_free in main; create cell_new in main
 * finding: late-op cell c x8; call cell_touch in main; free cell_free in main; create cell_new in main
 * finding: late-op cell c; call cell_touch in by_called_word; free cell_free in main; create cell_new in main
 * recording: handles.cell.created=1 handles.cell.freed=1 counters.references-left=0
 */
#include "caller.h"

int by_call(cell *c);
int by_jump(cell *c);
int by_branch(cell *c);
int by_address(cell *c);
int by_number(cell *c);
int by_word(cell *c);
int by_called_word(cell *c);
int by_loaded_word(cell *c);
int by_pushed_word(cell *c);
int by_vector(cell *c);
int address_is_word(void);
int cell_is_word(void);

int main(void)
{
	static int (*const ways[])(cell *) = {by_call, by_jump,        by_branch,      by_address,     by_number,
	                                      by_word, by_called_word, by_loaded_word, by_pushed_word, by_vector};
	cell *c = cell_new();
	tell("c", c);
	CHECK(address_is_word() && cell_is_word());
	CHECK(cell_free(c) == 0);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		CHECK(ways[i](c) == -1);
	CHECK(cell_faults() == 0);
	return 0;
}
