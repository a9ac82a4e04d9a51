/* A handle that is only for the thread that created it is used by another one.
 *
 * finding: wrong-thread diary d; call gate_diary_touch in touch_it on reader; create gate_diary_open in main
 */
#include "scenario.h"

static void touch_it(void *diary)
{
	CHECK(gate_diary_touch(diary) == 1);
}

int main(void)
{
	struct side reader;
	gate *diary = gate_diary_open();
	tell("d", diary);
	CHECK(gate_diary_touch(diary) == 1);
	start(&reader, "reader", touch_it, diary);
	join(&reader);
	CHECK(gate_diary_touch(diary) == 1);
	gate_diary_close(diary);
	return 0;
}
