/* What a call gets that is rejected, or whose free is left to the last op: a result, errno, and nothing stale where
 * it looks for more. */
#include "call/reject.h"

#include <errno.h>

#include "around/entered.h"
#include "base/counters.h"
#include "bind/slots.h"
#include "call/throw.h"
#include "entry/arguments.h"
#include "format/record.h"
#include "protocol/sanitizers.h"

static uint64_t within_bound(uint64_t bytes)
{
	if (bytes <= HG_ZERO_MOST)
		return bytes;
	hg_count(HG_COUNTER_ZERO_CUT);
	return HG_ZERO_MOST;
}

/* Not by libc, whose memset uses vector registers. */
static void clear(void *at, uint64_t bytes)
{
#if defined(__x86_64__)
	__asm__ volatile("rep stosb" : "+D"(at), "+c"(bytes) : "a"(0) : "memory");
#else
	for (volatile char *byte = at; bytes; bytes--)
		*byte++ = 0;
#endif
}

static void clear_argument(void *at, uint64_t bytes)
{
	clear(at, bytes);
	hg_sanitizer_written(at, bytes);
}

static void zero_arguments(const struct hg_call *call)
{
	const struct hg_image *image = hg_image_of(call->slot);
	const struct hg_image_zero *zero =
	    HG_IMAGE_AT(image, image->zeros, struct hg_image_zero) + call->slot->first_zero;
	for (uint32_t i = 0; i < call->slot->zero_count; i++) {
		bool result = zero[i].argument == HG_ZERO_RESULT;
		uint64_t at = result ? call->others[0] : hg_argument(call, zero[i].argument);
		if (at)
			clear_argument((void *)at, within_bound(hg_zero_extent(call, &zero[i])));
	}
}

uint64_t hg_reject_value(const struct hg_slot *slot)
{
	if (slot->reject.type == HG_TYPE_TEXT)
		return (uint64_t)HG_IMAGE_TEXT(hg_image_of(slot), slot->reject.value);
	return slot->reject.value;
}

void hg_return_deferred(struct hg_call *call)
{
	call->result[0] = call->slot->deferred;
	call->deferred = true;
}

enum hg_action hg_reject(struct hg_call *call)
{
	hg_pop_create_frame(call);
	hg_leave_ops(call);
	hg_pop_free_frame(call);
	zero_arguments(call);
	if (call->slot->reject.error && !call->deferred)
		errno = call->slot->reject.error;
	/* A struct in memory is returned as its address, which is the hidden first argument. */
	if (call->slot->returns == HG_TYPE_VOID)
		call->result[0] = call->registers[0];
	if (call->slot->throws && !call->deferred)
		hg_throw(call);
	return HG_REJECTED;
}
