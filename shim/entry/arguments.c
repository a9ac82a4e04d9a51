/* Which handles a call names, hands out, and under which conditions. */
#include "entry/arguments.h"

#include "arch/preserving.h"
#include "base/memory.h"
#include "base/sys.h"
#include "entry/java_call.h"
#include "protocol/class.h"
#include "thread/thread.h"

/* --- how much of the caller's stack there is --- */

struct probe {
	const void *address;
	bool readable;
};

static void probe(void *argument)
{
	struct probe *what = argument;
	what->readable = hg_readable(what->address);
}

/* Apart, so that the registers are seen to be saved just around it (check_registers.py). */
static __attribute__((noinline)) bool can_be_read(uintptr_t address)
{
	struct probe what = {.address = (const void *)address};
	hg_preserving(probe, &what);
	return what.readable;
}

static bool on_own_stack(uintptr_t address)
{
	const struct hg_context *context = hg_context;
	return context && address - context->stack_low < context->stack_high - context->stack_low;
}

/* The trampolines come here where the stack arguments that they would hand on reach into another page than the frame
 * lies in. If the caller is the outermost function on a coroutine's stack and has fewer arguments, nothing need be
 * there. */
uint64_t hg_stack_arguments(uintptr_t from, uint64_t bytes)
{
	enum { PAGE = 4096 }; /* no limit: the smallest page that there is */
	uintptr_t page = (from + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
	for (; page < from + bytes; page += PAGE)
		if (!on_own_stack(page) && !can_be_read(page))
			return page - from;
	return bytes;
}

/* --- values --- */

bool hg_names_none(const struct hg_class *class, uint64_t value)
{
	for (uint32_t i = 0; i < class->none_count; i++)
		if (((uint64_t) class->nones[i] & class->mask) == value)
			return true;
	return false;
}

/* Bytes of a handle in memory. Not by counting bits: where that is a call of libgcc, it uses a vector register. */
static size_t width(const struct hg_class *class)
{
	return (64 - (size_t)__builtin_clzll(class->mask)) / 8;
}

uint32_t hg_handle_count(const struct hg_call *call, const struct hg_image_place *place)
{
	if (!place->stride)
		return 1;
	if (place->indirect == HG_JAVA_ARRAY)
		return hg_java_array_count(call, place);
	int32_t count = place->fixed ? place->count : (int32_t)hg_argument(call, place->count);
	return count > 0 ? (uint32_t)count : 0;
}

uint32_t hg_made_count(const struct hg_call *call, const struct hg_image_make *make)
{
	return make->from_return ? 1 : hg_handle_count(call, &make->place);
}

bool hg_read_named(const struct hg_call *call, const struct hg_image_place *place, uint32_t number,
                   const struct hg_class *class, uint64_t *value)
{
	bool elsewhere = place->indirect == HG_CONSTANT || place->indirect == HG_JAVA_ARRAY;
	uint64_t raw = elsewhere ? place->offset : hg_argument(call, place->argument);
	bool in_memory = place->indirect == HG_INDIRECT || place->indirect == HG_INDIRECT_STRUCT;
	if (in_memory && !raw)
		return false;
	if (place->indirect == HG_JAVA_ARRAY && !hg_java_array_read(call, place, number, &raw))
		return false;
	if (in_memory)
		hg_copy(&raw, (const char *)raw + place->offset + (size_t)number * place->stride, width(class));
	*value = raw & class->mask;
	return true;
}

bool hg_read_handle(const struct hg_call *call, const struct hg_image_use *use, uint32_t number,
                    const struct hg_class *class, uint64_t *value)
{
	struct hg_image_place place = hg_place_of_use(use);
	return hg_read_named(call, &place, number, class, value) && !hg_names_none(class, *value);
}

static int64_t result_as(uint64_t result, uint32_t type)
{
	switch (type) {
	case HG_TYPE_I8:
		return (int8_t)result;
	case HG_TYPE_I16:
		return (int16_t)result;
	case HG_TYPE_I32:
		return (int32_t)result;
	case HG_TYPE_U8:
		return (uint8_t)result;
	case HG_TYPE_U16:
		return (uint16_t)result;
	case HG_TYPE_U32:
		return (uint32_t)result;
	default:
		return (int64_t)result;
	}
}

bool hg_condition_holds(const struct hg_image_condition *condition, uint64_t raw)
{
	return condition->test == HG_TEST_ALWAYS || hg_result_fulfils(condition, result_as(raw, condition->type));
}

bool hg_read_made(const struct hg_call *call, const struct hg_image_make *make, uint32_t number,
                  const struct hg_class *class, uint64_t *value)
{
	if (!hg_is_chosen(call, &make->choice) || !hg_condition_holds(&make->when, call->result[0]))
		return false;
	*value = call->result[0] & class->mask;
	if (!make->from_return && !hg_read_named(call, &make->place, number, class, value))
		return false;
	return !hg_names_none(class, *value);
}

/* An array is as long as its caller says it is; all but the low half of a wider count is left out, so that this is
 * never more than there is. */
uint64_t hg_zero_extent(const struct hg_call *call, const struct hg_image_zero *zero)
{
	if (!zero->counted)
		return zero->bytes;
	int32_t count = (int32_t)hg_argument(call, zero->count);
	return count > 0 ? (uint64_t)count * zero->bytes : 0;
}
