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
	uint32_t depth;
	uint64_t hash;
	uint64_t pc[];
};

static _Atomic uint32_t buckets[BUCKETS];
static _Atomic(char *) store;
static _Atomic uint64_t used = UNIT; /* number 0 is no stack */

static struct stack *stack_at(uint32_t number)
{
	return (struct stack *)(atomic_load_explicit(&store, memory_order_acquire) + (uint64_t)number * UNIT);
}

static bool same(const struct stack *stack, uint64_t hash, const uint64_t *pc, unsigned depth)
{
	if (stack->hash != hash || stack->depth != depth)
		return false;
	for (unsigned i = 0; i < depth; i++)
		if (stack->pc[i] != pc[i])
			return false;
	return true;
}

static uint32_t find(uint32_t number, uint64_t hash, const uint64_t *pc, unsigned depth)
{
	while (number && !same(stack_at(number), hash, pc, depth))
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

static uint32_t take(unsigned depth)
{
	uint64_t size = (sizeof(struct stack) + 8 * (uint64_t)depth + UNIT - 1) & ~(uint64_t)(UNIT - 1);
	if (!open_store() || atomic_load(&used) + size > ROOM)
		return 0;
	uint64_t at = atomic_fetch_add(&used, size);
	return at + size <= ROOM ? (uint32_t)(at / UNIT) : 0;
}

uint32_t hg_depot_put(const uint64_t *pc, unsigned depth)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a over words, as hg_checksum */
	for (unsigned i = 0; i < depth; i++)
		hash = (hash ^ pc[i]) * UINT64_C(1099511628211);
	_Atomic uint32_t *bucket = &buckets[(hash ^ hash >> 32) % BUCKETS];
	uint32_t head = atomic_load_explicit(bucket, memory_order_acquire);
	uint32_t number = find(head, hash, pc, depth);
	if (number)
		return number;
	number = take(depth);
	if (!number) {
		hg_count(HG_COUNTER_STACKS_FULL);
		return 0;
	}
	struct stack *stack = stack_at(number);
	stack->depth = depth;
	stack->hash = hash;
	for (unsigned i = 0; i < depth; i++)
		stack->pc[i] = pc[i];
	/* Another thread may have put the same stack at the head meanwhile: then its number is the stack's. */
	for (;;) {
		stack->next = head;
		if (atomic_compare_exchange_strong(bucket, &head, number))
			return number;
		uint32_t other = find(head, hash, pc, depth);
		if (other)
			return other;
	}
}

const uint64_t *hg_depot_get(uint32_t stack, unsigned *depth)
{
	*depth = stack ? stack_at(stack)->depth : 0;
	return stack ? stack_at(stack)->pc : NULL;
}
