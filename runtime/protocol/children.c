/* A parent's list consists of places. None is ever taken out of it: a child that is made from another handle leaves its
 * place empty, and the parent's next child takes it. So whoever goes through the list never loses the way, and it is as
 * long as there were ever children at once. It stays with the guard for all its lives, and for the values that its
 * memory is used for later; a child whose value is made from the same parent again keeps its place.
 *
 * `empty` is the first empty place, with a count of all changes in its upper half: or a place that was taken and left
 * again while another thread takes it would seem to be as it was. */
#include "protocol/children.h"

#include "base/numbered.h"

struct place {
	struct hg_guard *_Atomic child; /* null: it is empty */
	uint32_t next;                  /* of the parent's; 0: there is none */
	_Atomic uint32_t next_empty;
};

static struct hg_numbered places = {.size = sizeof(struct place), .next = HG_NUMBERED_FIRST};
static _Atomic bool missing;

static struct place *place_at(uint32_t number)
{
	return hg_numbered_at(&places, number);
}

static const uint64_t ONE_CHANGE = UINT64_C(1) << 32; /* no limit: a place in the word */

static uint64_t changed(uint64_t empty, uint32_t number)
{
	return ((empty & ~(ONE_CHANGE - 1)) + ONE_CHANGE) | number;
}

/* 0: none is empty. */
static uint32_t take_empty(struct hg_guard *parent)
{
	_Atomic uint64_t *first = &hg_guard_more(parent)->empty;
	uint64_t empty = atomic_load(first), next;
	do {
		if (!(uint32_t)empty)
			return 0;
		next = changed(empty, atomic_load(&place_at((uint32_t)empty)->next_empty));
	} while (!atomic_compare_exchange_weak(first, &empty, next));
	return (uint32_t)empty;
}

static void leave(struct hg_guard *parent, uint32_t number)
{
	_Atomic uint64_t *first = &hg_guard_more(parent)->empty;
	struct place *place = place_at(number);
	uint64_t empty = atomic_load(first);
	atomic_store(&place->child, NULL);
	do
		atomic_store(&place->next_empty, (uint32_t)empty);
	while (!atomic_compare_exchange_weak(first, &empty, changed(empty, number)));
}

/* 0: there is no memory. */
static uint32_t add_for(struct hg_guard *child, struct hg_guard *parent)
{
	_Atomic uint32_t *first = &hg_guard_more(parent)->first_place;
	uint32_t number = hg_numbered_make(&places);
	if (!number)
		return 0;
	struct place *place = place_at(number);
	atomic_store(&place->child, child);
	place->next = atomic_load(first);
	while (!atomic_compare_exchange_weak(first, &place->next, number))
		;
	return number;
}

/* The place that the child has now; 0: it is missing in the list. */
static uint32_t list(struct hg_guard *child, struct hg_guard *parent)
{
	uint32_t number = take_empty(parent);
	if (number)
		atomic_store(&place_at(number)->child, child);
	else
		number = add_for(child, parent);
	if (!number)
		atomic_store(&missing, true);
	return number;
}

void hg_children_move(struct hg_guard *child, struct hg_guard *last, struct hg_guard *parent)
{
	uint32_t *own = &hg_guard_more(child)->place, left = *own;
	if (left && last == parent)
		return;
	*own = parent ? list(child, parent) : 0;
	if (left)
		leave(last, left);
}

void hg_children_each(struct hg_guard *parent, void (*visit)(struct hg_guard *child, void *argument), void *argument)
{
	const struct place *place;
	for (uint32_t number = atomic_load(&hg_guard_more(parent)->first_place); number; number = place->next) {
		place = place_at(number);
		struct hg_guard *child = atomic_load(&place->child);
		if (child)
			visit(child, argument);
	}
}

bool hg_children_are_missing(void)
{
	return atomic_load(&missing);
}
