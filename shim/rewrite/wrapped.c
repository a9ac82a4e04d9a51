#include "rewrite/wrapped.h"

#include "base/counters.h"
#include "bind/images.h"
#include "bind/inside.h"
#include "bind/instances.h"
#include "bind/rebound.h"
#include "bind/resolve.h"
#include "format/links.h"
#include "format/record.h"

enum { WORDS = 4096 }; /* limit: WORDS_FULL */

static const struct hg_links_head *head_of(const struct hg_object *object)
{
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

static const void *stub_for(const struct hg_objects *objects, unsigned number, const struct hg_link *link,
                            struct hg_slot *slot)
{
	void *real = (void *)link->function;
	/* A stub: the object has been met before, with other manifests. */
	if (hg_objects_at(objects, real) == hg_objects_at(objects, (const void *)hg_wrapped_lead))
		return NULL;
	struct hg_slot *own = hg_instance_slot(slot, objects, number, real);
	const void *stub = own ? hg_instance_stub(own) : NULL;
	/* Not by its first call: what is led to the guards shall not be taken for what is out of their sight. */
	if (stub)
		hg_name_slot_of(objects, own);
	else
		hg_count(HG_COUNTER_SECOND_COPY);
	return stub;
}

/* The call is the library's own if the code that makes it is: what is not known of a stripped object is taken for that
 * while its thread is in another guarded call (inside.h). */
void hg_wrapped_lead(const struct hg_objects *objects, unsigned number)
{
	static struct hg_own_word words[WORDS];
	const struct hg_links_head *head = head_of(&objects->list[number]);
	struct hg_link *link = (struct hg_link *)away(&head->first);
	const struct hg_link *end = away(&head->end);
	static const void *stubs[WORDS];
	unsigned count = 0;
	struct hg_link *first = link;
	for (; link < end && count < WORDS; link++) {
		struct hg_slot *slot = hg_find_slot(away(&link->name));
		stubs[count] = slot ? stub_for(objects, number, link, slot) : NULL;
		words[count++] = (struct hg_own_word){(uint64_t)&link->function, hg_name_hash(away(&link->name))};
	}
	if (link < end)
		hg_count(HG_COUNTER_WORDS_FULL);
	hg_inside_note_words(&objects->list[number], words, count);
	for (unsigned i = 0; i < count; i++)
		if (stubs[i])
			__atomic_store_n(&first[i].function, (uint64_t)stubs[i], __ATOMIC_RELEASE);
}
