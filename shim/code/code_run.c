/* An instruction is found by those before it, from where the function begins: on x86-64 nothing else tells where one
 * ends. What follows the call or the jump is read for jumps back. */
#include "code/code_run.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/memory.h"
#include "base/sys.h"

/* no limit: what is longer is not read, which would take too long */
enum { LONGEST_FUNCTION = 1 << 17, REACH = 512 };
enum { ELSEWHERE = 4 }; /* no limit: with more, it is not known what joins */

/* Where else a function's code may lie: what compilers expect to run rarely stands apart. */
struct places {
	unsigned count;
	uint64_t low[ELSEWHERE];
};

static bool is_within(uint64_t at, uint64_t low, uint64_t high)
{
	return at >= low && at < high;
}

static uint64_t end_of(const struct hg_code *code, uint64_t low)
{
	uint64_t end = hg_code_end_of(code, low);
	return end && end < code->high ? end : code->high;
}

/* --- joins --- */

static void note_join(struct hg_run *run, uint64_t from, const struct hg_instruction *instruction)
{
	uint64_t after = from + instruction->length;
	struct hg_join join = {.after = (int32_t)(run->after - after),
	                       .to = (uint16_t)(run->after - instruction->target)};
	bool is_near = (int64_t)(run->after - after) == join.after;
	if (run->join_count == HG_RUN_JOINS || !is_near || instruction->changes)
		run->ambiguous = true;
	else
		run->joins[run->join_count++] = join;
}

/* A jump that leaves the function leads to its other part, or to another function. */
static void note_place(const struct hg_code *code, struct hg_run *run, struct places *places,
                       const struct hg_instruction *instruction)
{
	uint64_t low = hg_code_start_of(code, instruction->target);
	bool ends = instruction->way == HG_WAY_JUMP && low == instruction->target;
	if (ends || !is_within(instruction->target, code->low, code->high) || !hg_code_end_of(code, low))
		return;
	for (unsigned i = 0; i < places->count; i++)
		if (places->low[i] == low)
			return;
	if (places->count == ELSEWHERE)
		run->ambiguous = true;
	else
		places->low[places->count++] = low;
}

static void note_way(const struct hg_code *code, struct hg_run *run, struct places *places, uint64_t at,
                     const struct hg_instruction *instruction)
{
	uint64_t to = instruction->target;
	run->tables |= instruction->way == HG_WAY_JUMP && !to;
	if (!to || instruction->way == HG_WAY_CALL)
		return;
	if (is_within(to, run->after - REACH, run->after))
		note_join(run, at, instruction);
	else if (places && !is_within(to, run->low, run->high))
		note_place(code, run, places, instruction);
}

static void find_joins(const struct hg_code *code, struct hg_run *run, struct places *places, uint64_t low,
                       uint64_t high)
{
	struct hg_instruction instruction;
	run->ambiguous |= high - low > LONGEST_FUNCTION;
	for (uint64_t at = low; at < high && !run->ambiguous; at += instruction.length) {
		hg_read_instruction(at, high, &instruction);
		note_way(code, run, places, at, &instruction);
		run->ambiguous |= !instruction.length;
	}
}

/* How far before the end of all the position lies. */
static unsigned back_of(const struct hg_run *run, unsigned position)
{
	return position ? hg_run_step(run, position - 1)->back : (unsigned)(run->after - run->end);
}

/* Also those that lead into the middle of an instruction: past a prefix. */
const struct hg_join *hg_run_join(const struct hg_run *run, unsigned position, unsigned from)
{
	unsigned back = back_of(run, position), next = position ? back_of(run, position - 1) : 0;
	for (unsigned i = from; i < run->join_count; i++)
		if (run->joins[i].to <= back && run->joins[i].to > next)
			return &run->joins[i];
	return NULL;
}

bool hg_run_goes_on(const struct hg_run *run, unsigned position)
{
	while (position < run->count && hg_run_step(run, position)->way == HG_WAY_PASS &&
	       !hg_run_join(run, position + 1, 0))
		position++;
	enum hg_way way = position < run->count ? hg_run_step(run, position)->way : HG_WAY_ON;
	return way != HG_WAY_JUMP && way != HG_WAY_END;
}

/* --- the run --- */

static void add_step(struct hg_run *run, uint64_t at, const struct hg_instruction *instruction)
{
	if (run->after - at > REACH)
		return;
	run->newest = (run->newest + 1) % HG_RUN;
	run->steps[run->newest] = (struct hg_run_step){
	    .changes = instruction->changes, .back = (uint16_t)(run->after - at), .way = (uint8_t)instruction->way};
	run->count += run->count < HG_RUN;
}

static bool read_run(const struct hg_code *code, struct hg_run *run, struct places *places)
{
	struct hg_instruction instruction;
	run->code_high = code->high;
	run->count = run->newest = run->join_count = 0;
	run->ambiguous = run->tables = run->unread = false;
	if (run->low < code->low || run->after <= run->low || run->after > code->high ||
	    run->after - run->low > LONGEST_FUNCTION)
		return false;
	for (run->end = run->low;; run->end += instruction.length) {
		hg_read_instruction(run->end, run->after, &instruction);
		if (!instruction.length)
			return false;
		note_way(code, run, places, run->end, &instruction);
		if (run->end + instruction.length == run->after)
			return true;
		add_step(run, run->end, &instruction);
	}
}

bool hg_run_from(const struct hg_code *code, uint64_t low, uint64_t after, struct hg_run *run)
{
	run->low = low;
	run->high = run->after = after;
	return read_run(code, run, NULL);
}

static void read_to(const struct hg_code *code, uint64_t after, struct hg_run *run)
{
	struct places places = {.count = 0};
	run->low = hg_code_start_of(code, after - 1);
	run->high = end_of(code, run->low);
	run->after = after;
	run->unread = !read_run(code, run, &places);
	if (run->unread)
		return;
	find_joins(code, run, &places, after, run->high);
	for (unsigned i = 0; i < places.count && !run->ambiguous; i++)
		find_joins(code, run, NULL, places.low[i], end_of(code, places.low[i]));
}

/* --- those that are kept --- */

static const struct hg_run *kept_run(const struct hg_runs *runs, unsigned place)
{
	return atomic_load_explicit(&runs->list[place % HG_RUNS], memory_order_acquire);
}

/* Where the run stands or could stand: the first of these places that is its own or empty. */
static const struct hg_run *find_kept(const struct hg_runs *runs, uint64_t after, unsigned *place)
{
	enum { TRIES = 8 }; /* no limit: what finds no place is read anew each time */
	unsigned first = (unsigned)(after * UINT64_C(0x9e3779b97f4a7c15) >> 32);
	for (*place = first; *place != first + TRIES; ++*place) {
		const struct hg_run *run = kept_run(runs, *place);
		if (!run || run->after == after)
			return run;
	}
	return NULL;
}

static void keep(struct hg_runs *runs, unsigned place, const struct hg_run *run)
{
	static struct hg_arena arena;
	const struct hg_run *none = NULL;
	struct hg_run *kept = kept_run(runs, place) ? NULL : hg_arena_take(&arena, sizeof *kept);
	if (!kept)
		return;
	hg_copy(kept, run, sizeof *kept);
	/* Who comes second has kept it in vain. */
	atomic_compare_exchange_strong(&runs->list[place % HG_RUNS], &none, kept);
}

const struct hg_run *hg_run_to(const struct hg_code *code, uint64_t after, struct hg_run *room)
{
	unsigned place = 0;
	if (after <= code->low || after > code->high)
		return NULL;
	const struct hg_run *run = code->runs ? find_kept(code->runs, after, &place) : NULL;
	if (!run) {
		run = room;
		read_to(code, after, room);
		if (code->runs)
			keep(code->runs, place, room);
	}
	return run->unread ? NULL : run;
}
