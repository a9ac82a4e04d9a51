#include "stand_in.h"

#include "steps.h"

static const struct hg_image_zero *zeros_of(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	return HG_IMAGE_AT(image, image->zeros, struct hg_image_zero) + slot->first_zero;
}

/* The use that is the free, if its argument is the address of the handle or of what holds it. Null: it is the handle.
 */
static const struct hg_image_use *handle_behind(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	const struct hg_image_use *use = HG_IMAGE_AT(image, image->uses, struct hg_image_use) + slot->first_use;
	for (uint32_t i = 0; i < slot->use_count; i++)
		if (use[i].frees && use[i].indirect)
			return &use[i];
	return NULL;
}

static uint64_t rounded(uint64_t bytes)
{
	return (bytes + 7) & ~UINT64_C(7);
}

/* A null argument, or one on the stack, has nothing that stands in for it. */
static bool is_given(const struct hg_call *call, unsigned argument)
{
	return argument < HG_REGISTER_ARGUMENTS && call->registers[argument];
}

bool hg_result_in_memory(const struct hg_call *call)
{
	const struct hg_image_zero *zero = zeros_of(call->slot);
	for (uint32_t i = 0; i < call->slot->zero_count; i++)
		if (zero[i].argument == HG_ZERO_RESULT)
			return true;
	return false;
}

bool hg_stand_in_size(const struct hg_call *call, uint64_t *bytes)
{
	const struct hg_image_use *behind = handle_behind(call->slot);
	const struct hg_image_zero *zero = zeros_of(call->slot);
	/* How long a struct is that holds a handle, nobody says. */
	if (behind && (behind->indirect == HG_INDIRECT_STRUCT || !is_given(call, behind->argument)))
		return false;
	*bytes = behind ? sizeof(uint64_t) : 0;
	for (uint32_t i = 0; i < call->slot->zero_count; i++) {
		uint64_t extent = hg_zero_extent(call, &zero[i]);
		if (zero[i].argument == HG_ZERO_RESULT && extent > HG_RESULT_MOST)
			return false;
		if (zero[i].argument != HG_ZERO_RESULT && zero[i].argument >= HG_REGISTER_ARGUMENTS)
			return false;
		*bytes += rounded(extent);
	}
	return *bytes <= HG_STAND_IN_MOST;
}

void hg_stand_in(const struct hg_call *call, uint64_t value, uint64_t *memory, uint64_t *registers)
{
	const struct hg_image_use *behind = handle_behind(call->slot);
	const struct hg_image_zero *zero = zeros_of(call->slot);
	for (uint32_t i = 0; i < call->slot->zero_count; i++) {
		if (!is_given(call, zero[i].argument))
			continue;
		registers[zero[i].argument] = (uint64_t)memory;
		memory += rounded(hg_zero_extent(call, &zero[i])) / sizeof *memory;
	}
	if (!behind)
		return;
	*memory = value;
	registers[behind->argument] = (uint64_t)memory;
}
