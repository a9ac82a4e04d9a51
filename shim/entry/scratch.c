#include "entry/scratch.h"

#include "bind/slots.h"
#include "entry/arguments.h"
#include "format/image.h"

static const struct hg_image_zero *zeros_of(const struct hg_slot *slot)
{
	const struct hg_image *image = hg_image_of(slot);
	return HG_IMAGE_AT(image, image->zeros, struct hg_image_zero) + slot->first_zero;
}

static const struct hg_image_use *free_of(const struct hg_slot *slot)
{
	const struct hg_image_use *use = hg_uses_of(slot);
	for (uint32_t i = 0; i < slot->use_count; i++)
		if (hg_use_ends(&use[i]))
			return &use[i];
	return NULL;
}

static uint64_t rounded(uint64_t bytes)
{
	return (bytes + 7) & ~UINT64_C(7);
}

/* Arguments on the stack are not kept. How long a struct is that holds the handle, nobody says. */
static bool can_be_kept(const struct hg_image_use *ended)
{
	return ended && ended->argument < HG_REGISTER_ARGUMENTS && ended->indirect != HG_INDIRECT_STRUCT;
}

bool hg_result_in_memory(const struct hg_call *call)
{
	const struct hg_image_zero *zero = zeros_of(call->slot);
	for (uint32_t i = 0; i < call->slot->zero_count; i++)
		if (zero[i].argument == HG_ZERO_RESULT)
			return true;
	return false;
}

bool hg_scratch_size(const struct hg_call *call, uint64_t *bytes)
{
	const struct hg_image_use *ended = free_of(call->slot);
	const struct hg_image_zero *zero = zeros_of(call->slot);
	if (!can_be_kept(ended))
		return false;
	*bytes = ended->indirect == HG_INDIRECT ? sizeof(uint64_t) : 0;
	for (uint32_t i = 0; i < call->slot->zero_count; i++) {
		bool result = zero[i].argument == HG_ZERO_RESULT;
		uint64_t extent = hg_zero_extent(call, &zero[i]);
		if (result ? extent > HG_RESULT_MOST : zero[i].argument >= HG_REGISTER_ARGUMENTS)
			return false;
		*bytes += result ? 0 : rounded(extent);
	}
	return *bytes <= HG_SCRATCH_MOST;
}

void hg_scratch(const struct hg_call *call, uint64_t value, uint64_t *memory, uint64_t *registers)
{
	const struct hg_image_use *ended = free_of(call->slot);
	const struct hg_image_zero *zero = zeros_of(call->slot);
	for (uint32_t i = 0; i < call->slot->zero_count; i++) {
		if (zero[i].argument == HG_ZERO_RESULT || !registers[zero[i].argument])
			continue;
		registers[zero[i].argument] = (uint64_t)memory;
		memory += rounded(hg_zero_extent(call, &zero[i])) / sizeof *memory;
	}
	if (ended->indirect != HG_INDIRECT)
		return;
	*memory = value;
	registers[ended->argument] = (uint64_t)memory;
}
