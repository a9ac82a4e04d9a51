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
static struct hg_known known[HG_OBJECTS_MOST];
static struct hg_objects kept = {.list = list, .known = known};
static bool whole; /* else there were more than fit, or a fork has cut off who changed it */

/* --- what is new --- */

struct listing {
	unsigned before, next; /* how many there were; the first of them that may be met again */
	unsigned met;          /* they come first */
};

static void lose(unsigned number)
{
	kept.lost += known[number].defines;
}

/* Objects keep their order: what comes before the one that is met is gone. */
static bool meet(struct listing *listing, const struct dl_phdr_info *info)
{
	while (listing->next < listing->before && !hg_object_is(&list[listing->next], info))
		lose(listing->next++);
	return listing->next < listing->before;
}

static void add(struct listing *listing, const struct dl_phdr_info *info)
{
	unsigned number = kept.count++;
	if (!meet(listing, info)) {
		hg_object_describe(info, &list[number]);
		known[number] = (struct hg_known){0};
		return;
	}
	if (number != listing->next) {
		list[number] = list[listing->next];
		known[number] = known[listing->next];
	}
	listing->next++;
	listing->met++;
}

static int note(struct dl_phdr_info *info, size_t size, void *listing)
{
	(void)size;
	if (kept.count == HG_OBJECTS_MOST) {
		hg_count(HG_COUNTER_OBJECTS_CUT);
		return 1;
	}
	kept.loaded = info->dlpi_adds;
	kept.unloaded = info->dlpi_subs;
	add(listing, info);
	return 0;
}

struct renewal {
	unsigned number, first;
};

static int renew(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct renewal *renewal = argument;
	unsigned number = renewal->number++;
	if (number < renewal->first)
		return 0;
	lose(number);
	hg_object_describe(info, &list[number]);
	known[number] = (struct hg_known){0};
	return 0;
}

/* What is new may lie where something else did before, and be taken for that. */
static void renew_last(const struct listing *listing, uint64_t fresh)
{
	unsigned first = fresh < kept.count ? kept.count - (unsigned)fresh : 0;
	if (first < listing->met)
		hg_linker_visit(renew, &(struct renewal){.first = first});
}

static void list_all(void)
{
	struct listing listing = {.before = whole ? kept.count : 0};
	uint64_t loaded = kept.loaded;
	kept.lost += !whole;
	kept.count = 0;
	whole = false;
	if (hg_linker_visit(note, &listing) != 0)
		return;
	while (listing.next < listing.before)
		lose(listing.next++);
	renew_last(&listing, kept.loaded - loaded);
	whole = true;
}

/* --- holding --- */

/* Called for the first object, with the lock held: who holds it may visit again. */
static int hold(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct holding *holding = argument;
	if (!whole || kept.loaded != info->dlpi_adds || kept.unloaded != info->dlpi_subs)
		list_all();
	if (whole) {
		holding->work(&kept, holding->argument);
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
