/* (symbol, caller) -> the real function. */
#include "bind/resolve.h"

#include <string.h>

#include "api/start.h"
#include "base/counters.h"
#include "base/memory.h"
#include "base/say.h"
#include "bind/bindings.h"
#include "bind/definitions.h"
#include "bind/images.h"
#include "bind/slots.h"
#include "dynlink/elf_lookup.h"
#include "dynlink/elf_object.h"
#include "dynlink/objects.h"
#include "dynlink/preloads.h"
#include "format/record.h"
#include "protocol/tables.h"

/* --- the real function --- */

static void say_missing(struct hg_slot *slot, const char *name)
{
	hg_count(HG_COUNTER_UNRESOLVED);
	/* Once: a program may call it in a loop. */
	if (!slot->class_runtime || __atomic_exchange_n(&slot->missing, 1, __ATOMIC_RELAXED))
		return;
	hg_symbol_bind(slot->symbol, NULL, NULL);
	hg_say(name, " is defined by no loaded library; its callers get its reject value", NULL, NULL);
}

static struct hg_arena arena;

/* What a caller means holds until something is loaded or unloaded. */
static void remember(struct hg_slot *slot, const struct hg_object *object, struct hg_slot *target, uint32_t changes)
{
	struct hg_caller *known = (struct hg_caller *)slot->callers;
	while (known && (known->low != object->low || known->size != object->high - object->low))
		known = known->next;
	struct hg_caller *fresh = known ? known : hg_arena_take(&arena, sizeof *fresh);
	if (!fresh)
		return;
	__atomic_store_n(&fresh->changes, changes - 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&fresh->slot, target, __ATOMIC_RELEASE);
	__atomic_store_n(&fresh->changes, changes, __ATOMIC_RELEASE);
	if (known)
		return;
	fresh->low = object->low;
	fresh->size = object->high - object->low;
	fresh->next = (struct hg_caller *)slot->callers;
	__atomic_store_n(&slot->callers, (uint64_t)fresh, __ATOMIC_RELEASE);
}

struct question {
	struct hg_slot *slot;
	const void *caller;
	struct hg_slot *answer;
	bool newly_ambiguous;
};

static void answer(const struct hg_objects *objects, void *argument)
{
	struct question *question = argument;
	struct hg_slot *slot = question->slot;
	unsigned from = hg_objects_at(objects, question->caller);
	uint32_t changes = atomic_load(&hg_changes), before = slot->binding;
	hg_definitions_note(objects, slot);
	question->newly_ambiguous = slot->binding != before;
	question->answer = hg_bindings_of_caller(slot, objects, from);
	if (question->answer && slot->binding == HG_BINDING_AMBIGUOUS && from != HG_OBJECTS_MOST &&
	    !atomic_load(&hg_loading))
		remember(slot, &objects->list[from], question->answer, changes);
}

/* With more objects than can be looked at the first definition has to do. */
static bool is_library(const struct hg_definition *object, const void *unused)
{
	(void)unused;
	return !hg_image_within(object->low, object->high);
}

static struct hg_slot *bind_first(struct hg_slot *slot)
{
	struct hg_definition found;
	if (!slot->real && hg_elf_find(HG_IMAGE_TEXT(hg_image_of(slot), slot->name), is_library, NULL, &found))
		hg_bind_slot(slot, found.address,
		             &(struct hg_object){.low = found.low, .high = found.high, .path = found.library});
	return slot->real ? slot : NULL;
}

struct hg_slot *hg_resolve(struct hg_slot *slot, const void *caller)
{
	struct hg_image *image = hg_image_of(slot);
	struct question question = {.slot = slot, .caller = caller};
	if (hg_process_start())
		hg_adopt_images();
	if (!hg_objects_hold(answer, &question))
		return bind_first(slot);
	if (question.newly_ambiguous && !atomic_load(&hg_loading))
		hg_bindings_update(NULL, 0, 0);
	if (!question.answer)
		say_missing(slot, HG_IMAGE_TEXT(image, slot->name));
	return question.answer;
}

void hg_name_slot_of(const struct hg_objects *objects, struct hg_slot *slot)
{
	if (slot->named)
		return;
	hg_image_add_symbol(slot);
	unsigned library = hg_objects_at(objects, slot->real);
	if (slot->class_runtime && library != HG_OBJECTS_MOST)
		hg_symbol_bind(slot->symbol, slot->real, objects->list[library].path);
	hg_slot_changed(slot);
	/* Last: who sees it sees the rest, or that there was no more room. */
	__atomic_store_n(&slot->named, 1, __ATOMIC_RELEASE);
}

static void name(const struct hg_objects *objects, void *slot)
{
	hg_name_slot_of(objects, slot);
}

void hg_name_slot(struct hg_slot *slot)
{
	hg_objects_hold(name, slot);
}
