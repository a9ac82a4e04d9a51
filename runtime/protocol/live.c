/* Which store becomes visible to which load (W: the guard's word, P: the handle's place): a life that begins changes W,
 * then P, and looks at W again; one that ends changes W and then looks at P. So one of them sees the other, and nothing
 * stays in P that has ended. */
#include "protocol/live.h"

#include "base/counters.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/guard_word.h"
#include "record/recording.h"
#include "stack/depot.h"
#include "thread/event.h"

/* How many there are, and from the first one how many in which a handle may be. limit: LIVE_CUT */
enum { PLACES = 1024, REACH = 32 };

bool hg_live_kept;
static struct hg_record_live *table;

/* Whose place it is, with BUSY while its record changes; 0: nobody's. Apart from the records, which are large. */
static _Atomic uintptr_t owners[PLACES];
static const uintptr_t BUSY = 1;

/* Which stack was written into a place's record last: most handles are created where others were. */
static uint32_t stacks[PLACES];

/* From their first one no handle has been in more places than this: raised before one is taken, so that who looks at
 * them and sees less of it is seen by who takes one, as above. */
static _Atomic unsigned reached;

/* Go's linker lets other objects find this in each program that uses C. */
extern char _cgo_topofstack __attribute__((weak, visibility("default")));

unsigned hg_live_wanted(void)
{
	return &_cgo_topofstack ? PLACES : 0;
}

void hg_live_start(void)
{
	unsigned room;
	table = hg_recording_table(HG_EXTENT_LIVE, &room);
	/* A forked child's table is a new one. */
	for (unsigned i = 0; table && i < PLACES; i++) {
		atomic_store_explicit(&owners[i], 0, memory_order_relaxed);
		stacks[i] = 0;
	}
	hg_live_kept = table;
}

static unsigned place_of(const struct hg_guard *guard, unsigned number)
{
	uint64_t hash = (uint64_t)guard * UINT64_C(0x9e3779b97f4a7c15);
	return (unsigned)((hash >> 40) + number) % PLACES;
}

void hg_live_drop(const struct hg_guard *guard)
{
	unsigned end = atomic_load(&reached);
	for (unsigned i = 0; i < end; i++) {
		unsigned place = place_of(guard, i);
		uintptr_t owner = (uintptr_t)guard;
		if (atomic_load(&owners[place]) != owner ||
		    !atomic_compare_exchange_strong(&owners[place], &owner, owner | BUSY))
			continue;
		__atomic_store_n(&table[place].state, HG_LIVE_UNUSED, __ATOMIC_RELEASE);
		atomic_store(&owners[place], 0);
	}
}

static void reach(unsigned count)
{
	unsigned before = atomic_load(&reached);
	while (before < count && !atomic_compare_exchange_weak(&reached, &before, count))
		;
}

/* PLACES: none is free. */
static unsigned take_place(const struct hg_guard *guard)
{
	for (unsigned i = 0; i < REACH; i++) {
		unsigned place = place_of(guard, i);
		uintptr_t nobody = 0;
		if (atomic_load(&owners[place]))
			continue;
		reach(i + 1);
		if (atomic_compare_exchange_strong(&owners[place], &nobody, (uintptr_t)guard | BUSY))
			return place;
	}
	hg_count(HG_COUNTER_LIVE_CUT);
	return PLACES;
}

static void fill_in_stack(struct hg_record_live *record, uint32_t number)
{
	struct hg_stack stack = hg_depot_get(number);
	record->depth = stack.depth < HG_LIVE_DEPTH ? stack.depth : HG_LIVE_DEPTH;
	record->told_count = stack.told_count < HG_LIVE_TOLD ? stack.told_count : HG_LIVE_TOLD;
	record->flags = stack.depth > HG_LIVE_DEPTH || stack.told_count > HG_LIVE_TOLD ? HG_PARTY_STACK_CUT : 0;
	for (unsigned i = 0; i < record->depth; i++)
		record->pc[i] = stack.pc[i];
	for (unsigned i = 0; i < record->told_count; i++)
		record->told[i] = stack.told[i];
}

static void fill_in(unsigned place, const struct hg_guard *guard, const struct hg_event *create, uint32_t generation)
{
	struct hg_record_live *record = &table[place];
	record->value = guard->value;
	record->class_index = guard->class->index;
	record->generation = hg_guard_life(guard, generation);
	record->ticks = create->ticks;
	record->tid = create->tid;
	record->symbol = create->symbol;
	if (stacks[place] != create->stack)
		fill_in_stack(record, create->stack);
	stacks[place] = create->stack;
	__atomic_store_n(&record->state, HG_LIVE_KEPT, __ATOMIC_RELEASE);
}

void hg_live_keep(struct hg_guard *guard, const struct hg_event *create, uint32_t generation)
{
	/* What is left of an earlier life ended unseen. */
	hg_live_drop(guard);
	if (create->flags & ~HG_EVENT_CLOSED || !create->ticks || guard == guard->class->root ||
	    guard->class->flags & HG_CLASS_OUTLIVING)
		return;
	unsigned place = take_place(guard);
	if (place == PLACES)
		return;
	fill_in(place, guard, create, generation);
	atomic_store(&owners[place], (uintptr_t)guard);
	uint64_t word = atomic_load(&guard->word);
	if (hg_word_generation(word) != generation || !(word & HG_WORD_LIVE))
		hg_live_drop(guard);
}
