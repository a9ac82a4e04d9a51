#include "dynlink/scope.h"

#include <dlfcn.h>
#include <string.h>

#include "dynlink/at_start.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"

static uint32_t learned; /* how often something was */

/* --- what an object brings with it --- */

/* The dynamic linker goes by the names under which an object was loaded. */
static bool is_named(const struct hg_object *object, const char *name)
{
	return (object->soname && strcmp(object->soname, name) == 0) || strcmp(object->path, name) == 0 ||
	       strcmp(object->file, name) == 0;
}

/* Of which loaded objects, and after how much was learned of them, something was found out. */
struct view {
	uint64_t loaded, unloaded;
	uint32_t learned;
	unsigned object;
};

static struct view view_of(const struct hg_objects *objects, unsigned object)
{
	return (struct view){objects->loaded, objects->unloaded, learned, object};
}

static bool is_same(struct view one, struct view other)
{
	return one.loaded && one.loaded == other.loaded && one.unloaded == other.unloaded &&
	       one.learned == other.learned && one.object == other.object;
}

struct closure {
	struct view view; /* for which it was made */
	uint16_t list[HG_OBJECTS_MOST];
	unsigned count;
	bool has[HG_OBJECTS_MOST];
};

static void add(struct closure *closure, unsigned object)
{
	if (!closure->has[object])
		closure->list[closure->count++] = (uint16_t)object;
	closure->has[object] = true;
}

static void add_needed(const struct hg_objects *objects, struct closure *closure, const char *name)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (is_named(&objects->list[i], name)) {
			add(closure, i);
			return;
		}
}

/* In the dynamic linker's order: breadth first. Stays valid until the next one is made. */
static const struct closure *closure_of(const struct hg_objects *objects, unsigned root)
{
	static struct closure closure;
	if (is_same(closure.view, view_of(objects, root)))
		return &closure;
	memset(closure.has, 0, objects->count);
	closure.count = 0;
	closure.view = view_of(objects, root);
	add(&closure, root);
	for (unsigned i = 0; i < closure.count; i++) {
		const struct hg_object *object = &objects->list[closure.list[i]];
		for (const ElfW(Dyn) *entry = object->dynamic; entry && entry->d_tag != DT_NULL; entry++)
			if (entry->d_tag == DT_NEEDED)
				add_needed(objects, &closure, object->names + entry->d_un.d_val);
	}
	return &closure;
}

/* --- learning --- */

bool hg_scope_is_placed(const struct hg_objects *objects, unsigned object)
{
	struct hg_known *known = &objects->known[object];
	if (!known->placed && hg_loaded_at_start(objects->list[object].low))
		known->placed = known->at_start = true;
	return known->placed;
}

static bool is_at_start(const struct hg_objects *objects, unsigned object)
{
	return hg_scope_is_placed(objects, object) && objects->known[object].at_start;
}

static void note_when(uint32_t *when)
{
	if (!*when)
		*when = ++learned;
}

/* What the object brings with it and was not there before belongs to its load. */
static void place(const struct hg_objects *objects, unsigned root, bool deep)
{
	note_when(&objects->known[root].rooted);
	const struct closure *brought = closure_of(objects, root);
	for (unsigned i = 0; i < brought->count; i++) {
		struct hg_known *known = &objects->known[brought->list[i]];
		if (hg_scope_is_placed(objects, brought->list[i]))
			continue;
		known->placed = true;
		known->deep = deep;
		learned++;
	}
}

void hg_scope_loaded(const struct hg_objects *objects, unsigned root, int flags)
{
	if (!hg_loaded_at_start(objects->list[root].low))
		place(objects, root, flags & RTLD_DEEPBIND);
	if (flags & RTLD_GLOBAL)
		note_when(&objects->known[root].global);
}

void hg_scope_guess(const struct hg_objects *objects, int flags)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (!hg_scope_is_placed(objects, i))
			hg_scope_loaded(objects, i, flags);
}

/* The first, among what is not placed, that brings the last. */
bool hg_scope_is_latest(const struct hg_objects *objects, unsigned object)
{
	unsigned last = objects->count;
	while (last-- > 0)
		if (!hg_scope_is_placed(objects, last))
			break;
	for (unsigned i = 0; i <= last && last < objects->count; i++)
		if (!hg_scope_is_placed(objects, i) && closure_of(objects, i)->has[last])
			return !hg_scope_is_placed(objects, object) && closure_of(objects, i)->has[object];
	return false;
}

bool hg_scope_is_deep(const struct hg_objects *objects, unsigned object)
{
	return objects->known[object].deep;
}

/* --- looking up --- */

/* Where the first preload object lies among the objects, all of which come before what is loaded later. */
static unsigned first_preload(const struct hg_objects *objects)
{
	static const struct hg_image *listed; /* last, when it was found */
	static unsigned first;
	if (listed && listed == hg_preload_first())
		return first;
	for (first = 0; first < objects->count; first++)
		if (hg_image_within(objects->list[first].low, objects->list[first].high)) {
			listed = hg_preload_first();
			break;
		}
	return first;
}

bool hg_scope_is_library(const struct hg_objects *objects, unsigned object)
{
	return object > first_preload(objects) &&
	       !hg_image_within(objects->list[object].low, objects->list[object].high);
}

static bool find_in(const struct hg_objects *objects, unsigned object, const struct hg_wanted *wanted,
                    struct hg_found *found)
{
	const ElfW(Sym) *symbol =
	    hg_scope_is_library(objects, object) ? hg_object_find(&objects->list[object], wanted) : NULL;
	if (symbol)
		*found = (struct hg_found){object, symbol};
	return symbol != NULL;
}

static bool find_with(const struct hg_objects *objects, const struct closure *closure, const struct hg_wanted *wanted,
                      struct hg_found *found)
{
	for (unsigned i = 0; i < closure->count; i++)
		if (find_in(objects, closure->list[i], wanted, found))
			return true;
	return false;
}

/* Objects in the order in which something was learned of them: that of their loads. */
struct order {
	struct view view; /* for which it was made */
	uint16_t list[2 * HG_OBJECTS_MOST];
	uint32_t when[HG_OBJECTS_MOST];
	unsigned count;
};

static void insert(struct order *order, unsigned object, uint32_t when)
{
	unsigned at = order->count++;
	for (; at > 0 && order->when[at - 1] > when; at--) {
		order->list[at] = order->list[at - 1];
		order->when[at] = order->when[at - 1];
	}
	order->list[at] = (uint16_t)object;
	order->when[at] = when;
}

/* Stays valid until something is loaded. */
static const struct order *globals_of(const struct hg_objects *objects)
{
	static struct order globals;
	if (is_same(globals.view, view_of(objects, 0)))
		return &globals;
	globals.view = view_of(objects, 0);
	globals.count = 0;
	for (unsigned i = 0; i < objects->count; i++)
		if (objects->known[i].global)
			insert(&globals, i, objects->known[i].global);
	return &globals;
}

static bool find_global(const struct hg_objects *objects, const struct hg_wanted *wanted, struct hg_found *found)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (is_at_start(objects, i) && find_in(objects, i, wanted, found))
			return true;
	const struct order *globals = globals_of(objects);
	for (unsigned i = 0; i < globals->count; i++)
		if (find_with(objects, closure_of(objects, globals->list[i]), wanted, found))
			return true;
	return false;
}

/* The roots of the loads that an object belongs to, in their order. It is asked for each word of the object, and there
 * can be as many loads as a program has modules. Stays valid until another object is asked for. */
static const struct order *belonging_of(const struct hg_objects *objects, unsigned object)
{
	static struct order belonging;
	if (is_same(belonging.view, view_of(objects, object)))
		return &belonging;
	belonging.view = view_of(objects, object);
	belonging.count = 0;
	for (unsigned i = 0; i < objects->count; i++)
		if (objects->known[i].rooted && closure_of(objects, i)->has[object])
			insert(&belonging, i, objects->known[i].rooted);
	/* What is only just being loaded: its root comes first. */
	bool placed = hg_scope_is_placed(objects, object);
	for (unsigned i = 0; i < objects->count && !placed; i++)
		if (!hg_scope_is_placed(objects, i) && closure_of(objects, i)->has[object])
			belonging.list[belonging.count++] = (uint16_t)i;
	return &belonging;
}

static bool find_local(const struct hg_objects *objects, unsigned from, const struct hg_wanted *wanted,
                       struct hg_found *found)
{
	const struct order *belonging = belonging_of(objects, from);
	for (unsigned i = 0; i < belonging->count; i++)
		if (find_with(objects, closure_of(objects, belonging->list[i]), wanted, found))
			return true;
	return false;
}

bool hg_scope_find(const struct hg_objects *objects, unsigned from, const struct hg_wanted *wanted,
                   struct hg_found *found)
{
	if (hg_scope_is_deep(objects, from))
		return find_local(objects, from, wanted, found) || find_global(objects, wanted, found);
	return find_global(objects, wanted, found) || find_local(objects, from, wanted, found);
}
