#include "call/hands_out.h"

#include "arch/preserving.h"
#include "base/sys.h"
#include "bind/slots.h"
#include "entry/arguments.h"
#include "rewrite/table.h"

struct handing {
	const struct hg_call *call;
	bool returned;
};

/* Where the table is; 0: nowhere yet, or the call has failed. */
static uint64_t address_of(const struct handing *handing, const struct hg_image_table *table)
{
	const struct hg_call *call = handing->call;
	if (table->place == HG_TABLE_ARGUMENT)
		return hg_argument(call, table->argument);
	if (!handing->returned)
		return 0;
	if (table->place == HG_TABLE_RESULT)
		return call->result[0];
	const uint64_t *stored = (const uint64_t *)hg_argument(call, table->argument);
	return hg_readable(stored) ? *stored : 0;
}

static void hand_out(void *argument)
{
	const struct handing *handing = argument;
	const struct hg_slot *slot = handing->call->slot;
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_table *table = HG_IMAGE_AT(image, image->tables, const struct hg_image_table);
	uint64_t from = (slot->image - image->slots) / sizeof *slot;
	for (uint32_t i = 0; i < image->table_count; i++, table++)
		if (table->from == from)
			hg_table_lead(image, table, address_of(handing, table), !handing->returned);
}

void hg_hand_out(struct hg_call *call, bool returned)
{
	hg_preserving(hand_out, &(struct handing){call, returned});
}
