#include "dynlink/scope.h"

#include <dlfcn.h>
#include <string.h>

#include "dynlink/at_start.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"

enum kind {
	ROOT,   /* it was loaded by its name */
	GLOBAL, /* that was with RTLD_GLOBAL, or has become so */
	DEEP,   /* it came with a load with RTLD_DEEPBIND */
	PLACED, /* it is known with which load it came */
	KINDS   /* how many there are */
};

/* In the order in which it happened. An object goes by its dynamic section. */
struct fact {
	const void *object;
	enum kind kind;
};

enum { FACTS = KINDS * HG_OBJECTS_MOST }; /* no limit: all that can be known of the objects that there are */

static struct fact facts[FACTS];
static unsigned fact_count;

static bool is_known(const void *object, enum kind kind)
{
	for (unsigned i = 0; i < fact_count; i++)
		if (facts[i].object == object && facts[i].kind == kind)
			return true;
	return false;
}

static void learn(const void *object, enum kind kind)
{
	if (!is_known(object, kind))
		facts[fact_count++] = (struct fact){object, kind};
}

/* --- what an object brings with it --- */

/* The dynamic linker goes by the names under which an object was loaded. */
static bool is_named(const struct hg_object *object, const char *name)
{
	return (object->soname && strcmp(object->soname, name) == 0) || strcmp(object->path, name) == 0 ||
	       strcmp(object->file, name) == 0;
}

/* Of which loaded objects, and in view of which facts, something was found out. */
struct view {
	uint64_t loaded, unloaded;
	unsigned facts, object;
};

static struct view view_of(const struct hg_objects *objects, unsigned object)
{
	return (struct view){objects->loaded, objects->unloaded, fact_count, object};
}

static bool is_same(struct view one, struct view other)
{
	return one.loaded && one.loaded == other.loaded && one.unloaded == other.unloaded && one.facts == other.facts &&
	       one.object == other.object;
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
	memset(&closure, 0, sizeof closure);
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

static bool is_placed(const struct hg_object *object)
{
	return hg_loaded_at_start(object->low) || is_known(object->dynamic, PLACED);
}

bool hg_scope_is_placed(const struct hg_objects *objects, unsigned object)
{
	return is_placed(&objects->list[object]);
}

/* What the object brings with it and was not there before belongs to its load. */
static void place(const struct hg_objects *objects, unsigned root, bool deep)
{
	learn(objects->list[root].dynamic, ROOT);
	const struct closure *brought = closure_of(objects, root);
	for (unsigned i = 0; i < brought->count; i++) {
		const struct hg_object *object = &objects->list[brought->list[i]];
		if (is_placed(object))
			continue;
		learn(object->dynamic, PLACED);
		if (deep)
			learn(object->dynamic, DEEP);
	}
}

void hg_scope_loaded(const struct hg_objects *objects, unsigned root, int flags)
{
	if (!hg_loaded_at_start(objects->list[root].low))
		place(objects, root, flags & RTLD_DEEPBIND);
	if (flags & RTLD_GLOBAL)
		learn(objects->list[root].dynamic, GLOBAL);
}

/* What is new may lie where something else did before. */
void hg_scope_forget(const struct hg_objects *objects)
{
	static uint64_t loaded, unloaded;
	uint64_t fresh = objects->loaded - loaded;
	unsigned kept = 0;
	if (!fresh && unloaded == objects->unloaded)
		return;
	for (unsigned i = 0; i < fact_count; i++)
		if (hg_objects_with(objects, facts[i].object) + fresh < objects->count)
			facts[kept++] = facts[i];
	fact_count = kept;
	loaded = objects->loaded;
	unloaded = objects->unloaded;
}

void hg_scope_guess(const struct hg_objects *objects, int flags)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (!is_placed(&objects->list[i]))
			hg_scope_loaded(objects, i, flags);
}

/* The first, among what is not placed, that brings the last. */
bool hg_scope_is_latest(const struct hg_objects *objects, unsigned object)
{
	unsigned last = objects->count;
	while (last-- > 0)
		if (!is_placed(&objects->list[last]))
			break;
	for (unsigned i = 0; i <= last && last < objects->count; i++)
		if (!is_placed(&objects->list[i]) && closure_of(objects, i)->has[last])
			return !is_placed(&objects->list[object]) && closure_of(objects, i)->has[object];
	return false;
}

bool hg_scope_is_deep(const struct hg_objects *objects, unsigned object)
{
	return is_known(objects->list[object].dynamic, DEEP);
}

/* --- looking up --- */

bool hg_scope_is_library(const struct hg_objects *objects, unsigned object)
{
	unsigned i = object;
	if (hg_image_within(objects->list[object].low, objects->list[object].high))
		return false;
	while (i-- > 0)
		if (hg_image_within(objects->list[i].low, objects->list[i].high))
			return true;
	return false;
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

static bool find_global(const struct hg_objects *objects, const struct hg_wanted *wanted, struct hg_found *found)
{
	for (unsigned i = 0; i < objects->count; i++)
		if (hg_loaded_at_start(objects->list[i].low) && find_in(objects, i, wanted, found))
			return true;
	for (unsigned i = 0; i < fact_count; i++) {
		unsigned root = facts[i].kind == GLOBAL ? hg_objects_with(objects, facts[i].object) : HG_OBJECTS_MOST;
		if (root != HG_OBJECTS_MOST && find_with(objects, closure_of(objects, root), wanted, found))
			return true;
	}
	return false;
}

struct belonging {
	struct view view; /* for which it was made */
	uint16_t roots[2 * HG_OBJECTS_MOST];
	unsigned count;
};

static void add_if_brought(const struct hg_objects *objects, struct belonging *belonging, unsigned root,
                           unsigned object)
{
	if (root != HG_OBJECTS_MOST && closure_of(objects, root)->has[object])
		belonging->roots[belonging->count++] = (uint16_t)root;
}

/* The roots of the loads that an object belongs to, in their order. It is asked for each word of the object, and there
 * can be as many loads as a program has modules. Stays valid until another object is asked for. */
static const struct belonging *belonging_of(const struct hg_objects *objects, unsigned object)
{
	static struct belonging belonging;
	if (is_same(belonging.view, view_of(objects, object)))
		return &belonging;
	belonging.view = view_of(objects, object);
	belonging.count = 0;
	for (unsigned i = 0; i < fact_count; i++)
		if (facts[i].kind == ROOT)
			add_if_brought(objects, &belonging, hg_objects_with(objects, facts[i].object), object);
	/* What is only just being loaded: its root comes first. */
	bool placed = is_placed(&objects->list[object]);
	for (unsigned i = 0; i < objects->count && !placed; i++)
		if (!is_placed(&objects->list[i]))
			add_if_brought(objects, &belonging, i, object);
	return &belonging;
}

static bool find_local(const struct hg_objects *objects, unsigned from, const struct hg_wanted *wanted,
                       struct hg_found *found)
{
	const struct belonging *belonging = belonging_of(objects, from);
	for (unsigned i = 0; i < belonging->count; i++)
		if (find_with(objects, closure_of(objects, belonging->roots[i]), wanted, found))
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
