/* One op on a handle that is picked at random from so many: what a thread remembers of few handles is not all there is.
 */
#include <math.h>
#include <stdlib.h>

#include "target.h"
#include "works.h"

enum { ORDER = 1 << 20, CALIBRATION = 20000, ROUND_NS = 4000000 };

struct handles {
	struct target **list;
	uint32_t *order; /* numbers of handles, as they are used */
	uint64_t calls;
};

/* The same in each process (George Marsaglia's xorshift, 2003). */
static uint64_t next_random(void)
{
	static uint64_t state = UINT64_C(88172645463325252);
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static bool open_all(struct handles *handles, unsigned count)
{
	handles->list = calloc(count, sizeof(struct target *));
	handles->order = calloc(ORDER, sizeof *handles->order);
	for (unsigned i = 0; handles->list && i < count; i++)
		if (!(handles->list[i] = target_open()))
			return false;
	for (unsigned i = 0; handles->order && i < ORDER; i++)
		handles->order[i] = (uint32_t)(next_random() % count);
	return handles->list && handles->order;
}

static __attribute__((noinline)) double time_calls(const struct handles *handles, uint64_t calls)
{
	static uint64_t at;
	uint64_t begun = target_now();
	for (uint64_t end = at + calls; at < end; at++)
		target_op(handles->list[handles->order[at % ORDER]]);
	return (double)(target_now() - begun) / (double)calls;
}

double hg_work_handles(unsigned count)
{
	static struct handles handles;
	if (!handles.calls) {
		if (!open_all(&handles, count))
			return NAN;
		for (unsigned i = 0; i < count; i++)
			target_op(handles.list[i]);
		time_calls(&handles, CALIBRATION);
		handles.calls = (uint64_t)(ROUND_NS / time_calls(&handles, CALIBRATION)) + 1;
	}
	return time_calls(&handles, handles.calls);
}
