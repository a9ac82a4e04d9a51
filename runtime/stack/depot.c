/* A hash table of chains over one reserved range of addresses: a stack's number is its distance from the start in units
 * of 16 bytes. Insertion is one compare-and-swap at the head of a chain. */
#include "stack/depot.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/record.h"

enum {
	BUCKETS = 1 << 14, /* no limit: their chains are as long as need be */
	UNIT = 16,         /* no limit: sizes are rounded up to it */
	ROOM = 64 << 20    /* limit: STACKS_FULL */
};

struct stack {
	uint32_t next; /* number of the next in the chain */
	uint16_t depth, told_count;
	uint64_t hash;
	uint64_t pc[]; /* and behind them the frames that were told */
};

static _Atomic uint32_t buckets[BUCKETS];
static _Atomic(char *) store;
static _Atomic uint64_t used = UNIT; /* number 0 is no stack */

static struct stack *stack_at(uint32_t number)
{
	return (struct stack *)(atomic_load_explicit(&store, memory_order_acquire) + (uint64_t)number * UNIT);
}

static uint32_t *told_of(const struct stack *stack)
{
	return (uint32_t *)(stack->pc + stack->depth);
}

static bool same(const struct stack *stack, uint64_t hash, const struct hg_stack *wanted)
{
	if (stack->hash != hash || stack->depth != wanted->depth || stack->told_count != wanted->told_count)
		return false;
	for (unsigned i = 0; i < wanted->depth; i++)
		if (stack->pc[i] != wanted->pc[i])
			return false;
	for (unsigned i = 0; i < wanted->told_count; i++)
		if (told_of(stack)[i] != wanted->told[i])
			return false;
	return true;
}

static uint32_t find(uint32_t number, uint64_t hash, const struct hg_stack *wanted)
{
	while (number && !same(stack_at(number), hash, wanted))
		number = stack_at(number)->next;
	return number;
}

static bool open_store(void)
{
	char *none = NULL;
	if (atomic_load(&store))
		return true;
	char *fresh = hg_map_memory(ROOM);
	if (!fresh)
		return false;
	if (!atomic_compare_exchange_strong(&store, &none, fresh))
		hg_syscall(SYS_munmap, (long)fresh, ROOM, 0, 0, 0, 0);
	return true;
}

static uint32_t take(const struct hg_stack *wanted)
{
	uint64_t size = sizeof(struct stack) + 8 * (uint64_t)wanted->depth + 4 * (uint64_t)wanted->told_count;
	size = (size + UNIT - 1) & ~(uint64_t)(UNIT - 1);
	if (!open_store() || atomic_load(&used) + size > ROOM)
		return 0;
	uint64_t at = atomic_fetch_add(&used, size);
	return at + size <= ROOM ? (uint32_t)(at / UNIT) : 0;
}

static void fill_in(struct stack *stack, uint64_t hash, const struct hg_stack *from)
{
	stack->depth = (uint16_t)from->depth;
	stack->told_count = (uint16_t)from->told_count;
	stack->hash = hash;
	for (unsigned i = 0; i < from->depth; i++)
		stack->pc[i] = from->pc[i];
	for (unsigned i = 0; i < from->told_count; i++)
		told_of(stack)[i] = from->told[i];
}

static uint64_t hash_of(const struct hg_stack *stack)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a over words, as hg_checksum */
	for (unsigned i = 0; i < stack->depth; i++)
		hash = (hash ^ stack->pc[i]) * UINT64_C(1099511628211);
	for (unsigned i = 0; i < stack->told_count; i++)
		hash = (hash ^ stack->told[i]) * UINT64_C(1099511628211);
	return hash;
}

uint32_t hg_depot_put(const struct hg_stack *stack)
{
	uint64_t hash = hash_of(stack);
	_Atomic uint32_t *bucket = &buckets[(hash ^ hash >> 32) % BUCKETS];
	uint32_t head = atomic_load_explicit(bucket, memory_order_acquire);
	uint32_t number = find(head, hash, stack);
	if (number)
		return number;
	number = take(stack);
	if (!number) {
		hg_count(HG_COUNTER_STACKS_FULL);
		return 0;
	}
	fill_in(stack_at(number), hash, stack);
	/* Another thread may have put the same stack at the head meanwhile: then its number is the stack's. */
	for (;;) {
		stack_at(number)->next = head;
		if (atomic_compare_exchange_strong(bucket, &head, number))
			return number;
		uint32_t other = find(head, hash, stack);
		if (other)
			return other;
	}
}

const uint64_t *hg_depot_pc(uint32_t number)
{
	return stack_at(number)->pc;
}

struct hg_stack hg_depot_get(uint32_t number)
{
	const struct stack *stack = number ? stack_at(number) : NULL;
	struct hg_stack found = {0};
	if (stack) {
		found.pc = stack->pc;
		found.depth = stack->depth;
		found.told = told_of(stack);
		found.told_count = stack->told_count;
	}
	return found;
}
