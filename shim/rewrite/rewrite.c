#include "rewrite/rewrite.h"

#include "base/counters.h"
#include "bind/bindings.h"
#include "bind/images.h"
#include "bind/instances.h"
#include "bind/linked_in.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "dynlink/at_start.h"
#include "dynlink/file_symbols.h"
#include "dynlink/preloads.h"
#include "format/record.h"
#include "process/linker.h"
#include "protocol/tables.h"
#include "rewrite/code_copy.h"
#include "rewrite/handed_out.h"
#include "rewrite/near.h"
#include "rewrite/registered.h"
#include "rewrite/sites.h"
#include "rewrite/wrapped.h"

struct rewriting {
	const struct hg_objects *objects;
	unsigned number;
	const struct hg_object *object;
	struct hg_near near;
	bool mapped, unmappable;
	struct hg_text text;
	const struct hg_sides *sides;
	const struct hg_part *part; /* the code at hand */
};

/* --- where to --- */

/* A slot of its own: the stub that the preload object exports can come to mean another copy of the library. Calls that
 * come by it are the program's, wherever they stand. */
static struct hg_slot *slot_of(struct rewriting *rewriting, const struct hg_target *target)
{
	void *real = (void *)(rewriting->object->base + target->function);
	if (!rewriting->mapped && !rewriting->unmappable) {
		rewriting->mapped = hg_near_map(rewriting->objects, rewriting->object, &rewriting->near);
		rewriting->unmappable = !rewriting->mapped;
	}
	struct hg_slot *slot =
	    rewriting->mapped ? hg_instance_slot(target->slot, rewriting->objects, rewriting->number, real) : NULL;
	if (!slot)
		return NULL;
	slot->library_size = 0;
	/* Not by its first call: what is led to the guards shall not be taken for what is out of their sight. */
	hg_name_slot_of(rewriting->objects, slot);
	return slot;
}

/* The object's file can be gone by the time that somebody wants to know. */
static void note_led(const struct rewriting *rewriting, const struct hg_slot *slot)
{
	if (!slot->class_runtime)
		return;
	hg_symbol_led(slot->symbol);
	if (rewriting->sides->approximate)
		hg_symbol_add_flag(slot->symbol, HG_SYMBOL_NEARLY);
}

static bool rewrite(struct rewriting *rewriting, const struct hg_site *site)
{
	struct hg_slot *slot = slot_of(rewriting, site->target);
	int number = slot ? hg_near_stub(&rewriting->near, slot) : HG_NEAR_NONE;
	if (number == HG_NEAR_NONE ||
	    !hg_site_lead(site, rewriting->object->base, &rewriting->text, &rewriting->near, number))
		return false;
	note_led(rewriting, slot);
	return true;
}

/* --- what --- */

static void visit(const struct hg_site *site, void *argument)
{
	struct rewriting *rewriting = argument;
	const struct hg_sides *sides = rewriting->sides;
	const struct hg_part *function = hg_part_at(sides->parts, sides->count, site->target->function);
	/* Guards are a call of another function, which leaves other registers alone. */
	bool may_be_led = rewriting->part->side == HG_SIDE_BINDING && !hg_compiled_with(rewriting->part, function);
	if (!may_be_led || !rewrite(rewriting, site))
		hg_count(HG_COUNTER_REFERENCES_LEFT);
}

static void add_functions(const struct hg_object *object, const struct hg_sides *sides, struct hg_targets *targets)
{
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		struct hg_slot *slot =
		    part->flags & HG_PART_CODE && part->flags & HG_PART_INTERFACE ? hg_find_slot(part->name) : NULL;
		if (slot && hg_wrapped_is(object, object->base + part->low))
			continue;
		if (slot && !hg_targets_add(targets, (struct hg_target){part->low, part->low, false, slot}))
			return;
	}
	hg_targets_sort(targets);
}

/* A table of the binding's own that holds a function: it is not known who calls by it. */
static bool is_in_table(const struct hg_sides *sides, uint64_t word)
{
	const struct hg_part *part = hg_part_at(sides->parts, sides->count, word);
	return part && part->side != HG_SIDE_LIBRARY;
}

/* Where the linker has not made it an address right away, code takes a function's from a word; from one that stays as
 * it is, for it is read-only. */
static void add_words(const struct hg_object *object, const struct hg_sides *sides, struct hg_targets *targets)
{
	uintptr_t low = (object->relro_low + sizeof(uint64_t) - 1) & -sizeof(uint64_t);
	for (uintptr_t at = low; at + sizeof(uint64_t) <= object->relro_high; at += sizeof(uint64_t)) {
		const struct hg_target *function = hg_target_at(targets, *(const uint64_t *)at - object->base);
		if (!function)
			continue;
		if (is_in_table(sides, at - object->base))
			hg_count(HG_COUNTER_REFERENCES_LEFT);
		if (!hg_targets_add(targets, (struct hg_target){at - object->base, function->at, true, function->slot}))
			break;
	}
	hg_targets_sort(targets);
}

static void rewrite_parts(const struct hg_object *object, const struct hg_sides *sides, void *argument)
{
	static struct hg_targets targets;
	struct rewriting *rewriting = argument;
	struct hg_bytes code = hg_code_of_object(object);
	targets.count = 0;
	rewriting->sides = sides;
	add_functions(object, sides, &targets);
	add_words(object, sides, &targets);
	for (size_t i = 0; i < sides->count; i++) {
		const struct hg_part *part = &sides->parts[i];
		rewriting->part = part;
		if (part->flags & HG_PART_CODE && part->side != HG_SIDE_LIBRARY)
			hg_sites_each(&code, part->low, part->high, &targets, visit, rewriting);
	}
}

/* --- which objects --- */

/* The program, and what it loads while it runs. What it was linked with is a library as a rule. Where the runtime is a
 * part of the program, so are the functions that it calls itself. */
static bool may_hide(const struct hg_objects *objects, unsigned number)
{
	const struct hg_object *object = &objects->list[number];
	return !hg_linker_is_absent() && (number == 0 || !hg_loaded_at_start(object->low)) &&
	       !hg_image_within(object->low, object->high);
}

enum { LINKED_IN = 1, HANDED_OUT = 2, WRAPPED = 4 }; /* no limit: what there is to do */

static unsigned wants(const struct hg_objects *objects, unsigned number)
{
	const struct hg_object *object = &objects->list[number];
	unsigned wanted = hg_handed_out_any(object) ? HANDED_OUT : 0;
	if (may_hide(objects, number) && hg_linked_in_any(object))
		wanted |= LINKED_IN;
	if (hg_wrapped_any(object))
		wanted |= WRAPPED;
	return wanted;
}

static void work(const struct hg_objects *objects, unsigned number, unsigned wanted)
{
	struct rewriting rewriting = {.objects = objects, .number = number, .object = &objects->list[number]};
	if (wanted & WRAPPED)
		hg_wrapped_lead(objects, number);
	if (wanted & HANDED_OUT)
		hg_handed_out_lead(objects, number);
	if (!(wanted & LINKED_IN))
		return;
	hg_text_open(&rewriting.text, rewriting.object);
	hg_linked_in_with(rewriting.object, rewrite_parts, &rewriting);
	hg_count_by(HG_COUNTER_REFERENCES_LEFT, hg_text_close(&rewriting.text));
}

void hg_rewrite_start(void)
{
	static const struct hg_on_new on_new = {wants, work, hg_registered_watch};
	hg_bindings_tell(&on_new);
}
