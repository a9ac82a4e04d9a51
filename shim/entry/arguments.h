/* Which handles a call names, hands out, and under which conditions. */
#ifndef HG_ARGUMENTS_H
#define HG_ARGUMENTS_H

#include "bind/slots.h"
#include "entry/call.h"
#include "format/image.h"

struct hg_class;

static inline uint64_t hg_argument(const struct hg_call *call, unsigned index)
{
	if (index < HG_REGISTER_ARGUMENTS)
		return call->registers[index];
	return ((const uint64_t *)(call->fp + 16))[index - HG_REGISTER_ARGUMENTS];
}

/* Where the call returns to. */
static inline uint64_t hg_call_site(const struct hg_call *call)
{
	return ((const uint64_t *)call->fp)[1];
}

static inline const struct hg_class *hg_class_at(const struct hg_slot *slot, uint32_t index)
{
	const struct hg_image *image = hg_image_of(slot);
	return (const struct hg_class *)HG_IMAGE_AT(image, image->classes, struct hg_image_class)[index].runtime;
}

/* Whether the arguments say that a use or a make is meant. */
static inline bool hg_is_chosen(const struct hg_call *call, const struct hg_image_choice *choice)
{
	return !choice->argument || (int32_t)hg_argument(call, choice->argument - 1) == choice->value;
}

/* Whether a value names no handle. */
bool hg_names_none(const struct hg_class *class, uint64_t value);

/* How many handles there can be at a place among the arguments: one, or as many as an array has elements. */
uint32_t hg_handle_count(const struct hg_call *call, const struct hg_image_place *place);
/* The same of what a create hands out. */
uint32_t hg_made_count(const struct hg_call *call, const struct hg_image_make *make);

/* What stands where a handle is to be, by its number in an array: a handle or a value of `none`. False: the address of
 * what should hold it is null. */
bool hg_read_named(const struct hg_call *call, const struct hg_image_place *place, uint32_t number,
                   const struct hg_class *class, uint64_t *value);

/* The handle that a use finds in the arguments, by its number in an array. False if it names none. */
bool hg_read_handle(const struct hg_call *call, const struct hg_image_use *use, uint32_t number,
                    const struct hg_class *class, uint64_t *value);

/* The handle that a call has handed out, by its number in an array. False if it has not. */
bool hg_read_made(const struct hg_call *call, const struct hg_image_make *make, uint32_t number,
                  const struct hg_class *class, uint64_t *value);

/* Whether a condition holds of a function's result. */
bool hg_condition_holds(const struct hg_image_condition *condition, uint64_t result);

/* The bytes of an out-argument. */
uint64_t hg_zero_extent(const struct hg_call *call, const struct hg_image_zero *zero);

/* How many of these bytes above a caller's frame can be read. Touches general registers only. */
uint64_t hg_stack_arguments(uintptr_t from, uint64_t bytes);

#endif
