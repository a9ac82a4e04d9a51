/* A dead cell is used in every way in which code of the program's can refer to a function that is linked into it. None
 * of them reaches the library. What is compared stays the same, on both sides.
 *
 * finding: late-op cell c; call cell_touch in by_call; free cell_free in main; create cell_new in main
 * finding: late-op cell c x8; call cell_touch in main; free cell_free in main; create cell_new in main
 * finding: late-op cell c; call cell_touch in by_called_word; free cell_free in main; create cell_new in main
 * recording: handles.cell.created=1 handles.cell.freed=1 counters.references-left=0
 */
#include "caller.h"

#if defined(__x86_64__)
#define WAYS(way)                                                                                                      \
	way(by_call) way(by_jump) way(by_branch) way(by_address) way(by_number) way(by_word) way(by_called_word)       \
	    way(by_loaded_word) way(by_pushed_word) way(by_vector)
#else
#define WAYS(way)                                                                                                      \
	way(by_call) way(by_jump) way(by_branch) way(by_zero) way(by_bit) way(by_address) way(by_near_address)         \
	    way(by_word) way(by_called_word) way(by_shared_page)
#endif

#define DECLARED(way) int way(cell *c);
#define NAMED(way)    way,
WAYS(DECLARED)

int address_is_word(void);
int cell_is_word(void);

int main(void)
{
	static int (*const ways[])(cell *) = {WAYS(NAMED)};
	cell *c = cell_new();
	tell("c", c);
	CHECK(address_is_word() && cell_is_word());
	CHECK(cell_free(c) == 0);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		CHECK(ways[i](c) == -1);
	CHECK(cell_faults() == 0);
	return 0;
}
