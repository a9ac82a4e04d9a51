#include "rewrite/wrapped.h"

#include "base/counters.h"
#include "bind/images.h"
#include "bind/inside.h"
#include "bind/instances.h"
#include "bind/rebound.h"
#include "bind/resolve.h"
#include "format/links.h"
#include "format/record.h"
#include "process/linker.h"

enum { WORDS = 4096 }; /* limit: WORDS_FULL */

/* Of a program that the runtime is a part of. */
extern const struct hg_links_head handleguard_links_here __attribute__((weak, visibility("hidden")));

static const struct hg_links_head *head_of(const struct hg_object *object)
{
	if (hg_linker_is_absent())
		return (uintptr_t)&handleguard_links_here - object->low < object->high - object->low
		           ? &handleguard_links_here
		           : NULL;
	struct hg_wanted wanted = hg_wanted_name(HG_LINKS_SYMBOL);
	const ElfW(Sym) *symbol = hg_object_find(object, &wanted);
	return symbol ? hg_object_address(object, symbol) : NULL;
}

bool hg_wrapped_any(const struct hg_object *object)
{
	return head_of(object) != NULL;
}

static const void *away(const int32_t *from)
{
	return (const char *)from + *from;
}

bool hg_wrapped_is(const struct hg_object *object, uint64_t code)
{
	const struct hg_links_head *head = head_of(object);
	const struct hg_link *link = head ? away(&head->first) : NULL, *end = head ? away(&head->end) : NULL;
	while (link < end && ((uint64_t)away(&link->wrapper) != code || !(link->flags & HG_LINK_PROGRAMS)))
		link++;
	return link < end;
}

static const void *stub_for(const struct hg_objects *objects, unsigned number, const struct hg_link *link,
                            struct hg_slot *slot)
{
	void *real = (void *)link->function;
	/* The object has been met before, with other manifests. */
	if (hg_instance_is_stub(real))
		return NULL;
	struct hg_slot *own = hg_instance_slot(slot, objects, number, real);
	const void *stub = own ? hg_instance_stub(own) : NULL;
	if (own && link->flags & HG_LINK_PROGRAMS)
		own->library_size = 0;
	/* Not by its first call: what is led to the guards shall not be taken for what is out of their sight. */
	if (stub)
		hg_name_slot_of(objects, own);
	else
		hg_count(HG_COUNTER_SECOND_COPY);
	return stub;
}

/* The call is the library's own if the code that makes it is: what is not known of a stripped object is taken for that
 * while its thread is in another guarded call (inside.h). But for those that are the program's, wherever they stand. */
void hg_wrapped_lead(const struct hg_objects *objects, unsigned number)
{
	static struct hg_own_word words[WORDS];
	static const void *stubs[WORDS];
	const struct hg_links_head *head = head_of(&objects->list[number]);
	struct hg_link *first = (struct hg_link *)away(&head->first), *end = (struct hg_link *)away(&head->end);
	unsigned count = 0, asked = 0;
	for (struct hg_link *link = first; link < end && count < WORDS; link++) {
		const char *name = away(&link->name);
		struct hg_slot *slot = hg_find_slot(name);
		stubs[count++] = slot ? stub_for(objects, number, link, slot) : NULL;
		if (!(link->flags & HG_LINK_PROGRAMS))
			words[asked++] = (struct hg_own_word){(uint64_t)&link->function, hg_name_hash(name)};
	}
	if (first + count < end)
		hg_count(HG_COUNTER_WORDS_FULL);
	if (asked)
		hg_inside_note_words(&objects->list[number], words, asked);
	for (unsigned i = 0; i < count; i++)
		if (stubs[i])
			__atomic_store_n(&first[i].function, (uint64_t)stubs[i], __ATOMIC_RELEASE);
}
