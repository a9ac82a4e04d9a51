/* Whether another thread than its creator has met a handle stands in its guard's word already: so a run in which no
 * handle goes from thread to thread costs its ops nothing. */
#include "provoke/watch.h"

#include "arch/preserving.h"
#include "base/counters.h"
#include "base/memory.h"
#include "bind/slots.h"
#include "entry/arguments.h"
#include "format/image.h"
#include "provoke/learned.h"
#include "thread/thread.h"

enum { CLASSES = 1 << 12 };   /* limit: PROVOKE_FULL */
enum { FUNCTIONS = 1 << 14 }; /* limit: PROVOKE_FULL */
enum { PATIENCE = 1000 };     /* no limit: a function that was called so often without coming near a free is let go */

static _Atomic bool suspected[CLASSES]; /* by the class's index */

/* By the function's symbol: calls that were seen, and what is known of it. */
static _Atomic uint32_t seen[FUNCTIONS];
#define PAIRED    UINT32_C(0x40000000) /* it stays */
#define LOOKED_UP UINT32_C(0x20000000) /* whether it is among the known ones was asked */

enum { KNOWN = 1 << 10 }; /* limit: PROVOKE_FULL */
static struct names {
	struct {
		const char *name;
		size_t length;
	} list[KNOWN];
	unsigned count;
} known_functions, known_classes;

static bool is_name(const struct names *names, unsigned number, const char *name, size_t length)
{
	size_t same = 0, most = names->list[number].length;
	while (same < length && same < most && names->list[number].name[same] == name[same])
		same++;
	return same == length && same == most;
}

static bool is_listed(const struct names *names, const char *name, size_t length)
{
	unsigned i = 0;
	while (i < names->count && !is_name(names, i, name, length))
		i++;
	return i < names->count;
}

static void list(struct names *names, const char *name, size_t length)
{
	if (is_listed(names, name, length))
		return;
	if (names->count == KNOWN) {
		hg_count(HG_COUNTER_PROVOKE_FULL);
		return;
	}
	names->list[names->count].name = name;
	names->list[names->count++].length = length;
}

void hg_watch_know(const char *function, size_t length)
{
	list(&known_functions, function, length);
}

void hg_watch_know_class(const char *name, size_t length)
{
	static struct hg_arena arena;
	char *copy = hg_arena_take(&arena, length);
	if (!copy)
		return;
	hg_copy(copy, name, length);
	list(&known_classes, copy, length);
}

static size_t length_of(const char *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return length;
}

/* What earlier runs say of the function and of its classes. Asked once: after that it is known by the symbol. */
static uint32_t look_up(const struct hg_slot *slot)
{
	const char *name = HG_IMAGE_TEXT(hg_image_of(slot), slot->name);
	const struct hg_image_use *use = hg_uses_of(slot);
	for (uint32_t i = 0; i < slot->use_count; i++) {
		const struct hg_class *class = hg_class_at(slot, use[i].class_index);
		if (class && class->index < CLASSES && is_listed(&known_classes, class->name, length_of(class->name)))
			atomic_store(&suspected[class->index], true);
	}
	uint32_t found = LOOKED_UP | (is_listed(&known_functions, name, length_of(name)) ? PAIRED : 0);
	return atomic_fetch_or(&seen[slot->symbol], found) | found;
}

static bool is_suspected(const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	for (uint32_t i = 0; i < slot->use_count; i++) {
		const struct hg_class *class = hg_class_at(slot, use[i].class_index);
		if (class && class->index < CLASSES && atomic_load(&suspected[class->index]))
			return true;
	}
	return false;
}

bool hg_watch_wants(const struct hg_slot *slot)
{
	if (!slot->class_runtime || slot->symbol >= FUNCTIONS)
		return false;
	uint32_t calls = atomic_load(&seen[slot->symbol]);
	if (!(calls & LOOKED_UP))
		calls = look_up(slot);
	return calls & PAIRED || ((calls & ~LOOKED_UP) < PATIENCE && is_suspected(slot));
}

static void rechoose(void *slot)
{
	hg_slot_changed(slot);
}

void hg_watch_seen(struct hg_slot *slot, bool paired)
{
	if (slot->symbol >= FUNCTIONS)
		return;
	_Atomic uint32_t *calls = &seen[slot->symbol];
	if (paired)
		atomic_fetch_or(calls, PAIRED);
	else if ((atomic_load(calls) & ~LOOKED_UP) < PATIENCE &&
	         (atomic_fetch_add(calls, 1) & ~LOOKED_UP) == PATIENCE - 1)
		hg_preserving(rechoose, slot);
}

static bool suspect(const struct hg_class *class)
{
	if (class && class->index >= CLASSES)
		hg_count(HG_COUNTER_PROVOKE_FULL);
	if (!class || class->index >= CLASSES || atomic_exchange(&suspected[class->index], true))
		return false;
	hg_learn_passed(class->name);
	return true;
}

static bool is_known(const struct hg_class *class)
{
	return class && (class->index >= CLASSES || atomic_load(&suspected[class->index]));
}

static _Atomic bool spreading;

/* What is made from handles of a suspected class is in flight on these. */
static void spread(struct hg_slot *slot)
{
	const struct hg_image_make *make = hg_makes_of(slot);
	for (uint32_t i = 0; slot->class_runtime && i < slot->make_count; i++)
		if (make[i].parent_class != HG_NONE && is_known(hg_class_at(slot, make[i].parent_class)) &&
		    suspect(hg_class_at(slot, make[i].class_index)))
			atomic_store(&spreading, true);
}

static void change(struct hg_slot *slot)
{
	hg_slot_changed(slot);
}

static void rechoose_all(void *unused)
{
	(void)unused;
	do {
		atomic_store(&spreading, false);
		hg_each_bound_slot(spread);
	} while (atomic_load(&spreading));
	hg_each_bound_slot(change);
}

void hg_watch_free(const struct hg_guard *guard, const struct hg_context *context)
{
	bool alone = hg_word_private(atomic_load(&guard->word)) && hg_guard_owner(guard) == context->serial;
	if (!alone && suspect(guard->class))
		hg_preserving(rechoose_all, NULL);
}
