#include "dynlink/objects.h"

#include "base/counters.h"
#include "format/record.h"
#include "process/linker.h"

struct holding {
	void (*work)(const struct hg_objects *, void *);
	void *argument;
	bool done;
};

/* Filled and read while the lock is held. */
static struct hg_object list[HG_OBJECTS_MOST];

static int note(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct hg_objects *objects = argument;
	if (objects->count == HG_OBJECTS_MOST) {
		hg_count(HG_COUNTER_OBJECTS_CUT);
		return 1;
	}
	objects->loaded = info->dlpi_adds;
	objects->unloaded = info->dlpi_subs;
	hg_object_describe(info, &list[objects->count++]);
	return 0;
}

/* Called for the first object, with the lock held: who holds it may visit again. */
static int hold(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)info;
	(void)size;
	struct holding *holding = argument;
	struct hg_objects objects = {.list = list};
	if (hg_linker_visit(note, &objects) == 0) {
		holding->work(&objects, holding->argument);
		holding->done = true;
	}
	return 1;
}

bool hg_objects_hold(void (*work)(const struct hg_objects *objects, void *argument), void *argument)
{
	struct holding holding = {.work = work, .argument = argument};
	hg_linker_visit(hold, &holding);
	return holding.done;
}

unsigned hg_objects_at(const struct hg_objects *objects, const void *address)
{
	for (unsigned i = 0; i < objects->count; i++)
		if ((uintptr_t)address - objects->list[i].low < objects->list[i].high - objects->list[i].low)
			return i;
	return HG_OBJECTS_MOST;
}

unsigned hg_objects_with(const struct hg_objects *objects, const void *dynamic)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (objects->list[i].dynamic == dynamic)
			return i;
	return HG_OBJECTS_MOST;
}
