#include "bind/plain_slots.h"

#include <stdbool.h>

#include "format/record.h"

/* What else a class may say makes no difference to a call that hands out a handle, or names one that is live. */
enum {
	PLAIN_CLASS = HG_CLASS_CLOSED | HG_CLASS_STRAY_REFUSED | HG_CLASS_UNSEEN | HG_CLASS_OUTLIVING |
	              HG_CLASS_QUARANTINE | HG_CLASS_OWN_PROCESS | HG_CLASS_OWN_PROCESS_STRICT
};

static bool is_plain_create(const struct hg_slot *slot)
{
	const struct hg_image_make *make = hg_makes_of(slot);
	bool stored = make->place.indirect == HG_INDIRECT && !make->place.stride;
	return slot->roles == HG_ROLE_CREATE && !slot->use_count && slot->make_count == 1 &&
	       make->parent_class == HG_NONE && !make->floating && (make->from_return || stored);
}

static bool is_plain_free(const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	return slot->roles == HG_ROLE_FREE && slot->use_count == 1 && !slot->make_count && use->frees == HG_USE_FREES &&
	       use->all == HG_ALL_ONE && use->indirect == HG_DIRECT && !use->stride && !use->choice.argument &&
	       use->none != HG_NONE_REFUSED && !(use->ways & ~HG_USE_REENTRANT);
}

enum hg_plain hg_slot_plainness(const struct hg_slot *slot, const struct hg_class *class)
{
	if (class->flags & ~(uint32_t)PLAIN_CLASS)
		return HG_PLAIN_NOT;
	if (is_plain_create(slot))
		return HG_PLAIN_CREATE;
	return is_plain_free(slot) ? HG_PLAIN_FREE : HG_PLAIN_NOT;
}
