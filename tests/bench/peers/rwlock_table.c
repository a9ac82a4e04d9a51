/* The guard that one would write who cannot change the library: a table of reference counts in a preload, by handle, in
 * shards under a reader-writer lock each. An op finds its handle's entry under the shard's lock and counts itself in
 * and out; a free takes the entry out, and waits until nobody is counted. It tells of nothing; it keeps no stacks. */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "target.h"

enum { SHARDS = 64, FIRST_BUCKETS = 16 };

struct entry {
	struct entry *next;
	struct target *target;
	_Atomic unsigned in_flight;
};

static struct shard {
	pthread_rwlock_t lock;
	struct entry **buckets;
	size_t bucket_count, entries;
	char apart[TARGET_CACHE_LINE];
} shards[SHARDS];

static struct target *(*real_open)(void);
static void (*real_free)(struct target *);
static uint64_t (*real_op)(struct target *);

__attribute__((constructor)) static void bind(void)
{
	*(void **)&real_open = dlsym(RTLD_NEXT, "target_open");
	*(void **)&real_free = dlsym(RTLD_NEXT, "target_free");
	*(void **)&real_op = dlsym(RTLD_NEXT, "target_op");
	for (unsigned i = 0; i < SHARDS; i++) {
		pthread_rwlock_init(&shards[i].lock, NULL);
		shards[i].buckets = calloc(FIRST_BUCKETS, sizeof(struct entry *));
		shards[i].bucket_count = FIRST_BUCKETS;
	}
}

static uint64_t hash_of(const struct target *target)
{
	uint64_t hash = (uint64_t)(uintptr_t)target * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static struct shard *shard_of(const struct target *target)
{
	return &shards[hash_of(target) % SHARDS];
}

static struct entry **bucket_of(const struct shard *shard, const struct target *target)
{
	return &shard->buckets[hash_of(target) / SHARDS % shard->bucket_count];
}

static struct entry **place_of(const struct shard *shard, const struct target *target)
{
	struct entry **place = bucket_of(shard, target);
	while (*place && (*place)->target != target)
		place = &(*place)->next;
	return place;
}

/* Under the writer's lock, as all that follows that changes a shard. */
static void grow(struct shard *shard)
{
	struct shard larger = {.bucket_count = 2 * shard->bucket_count};
	larger.buckets = calloc(larger.bucket_count, sizeof(struct entry *));
	if (!larger.buckets)
		return;
	for (size_t i = 0; i < shard->bucket_count; i++)
		for (struct entry *entry = shard->buckets[i], *next; entry; entry = next) {
			struct entry **bucket = bucket_of(&larger, entry->target);
			next = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	free(shard->buckets);
	shard->buckets = larger.buckets;
	shard->bucket_count = larger.bucket_count;
}

struct target *target_open(void)
{
	struct target *target = real_open();
	struct entry *entry = target ? calloc(1, sizeof *entry) : NULL;
	if (!entry)
		return target;
	struct shard *shard = shard_of(target);
	entry->target = target;
	pthread_rwlock_wrlock(&shard->lock);
	if (++shard->entries > shard->bucket_count)
		grow(shard);
	struct entry **bucket = bucket_of(shard, target);
	entry->next = *bucket;
	*bucket = entry;
	pthread_rwlock_unlock(&shard->lock);
	return target;
}

static struct entry *enter(struct target *target)
{
	struct shard *shard = shard_of(target);
	pthread_rwlock_rdlock(&shard->lock);
	struct entry *entry = *place_of(shard, target);
	if (entry)
		atomic_fetch_add(&entry->in_flight, 1);
	pthread_rwlock_unlock(&shard->lock);
	return entry;
}

uint64_t target_op(struct target *target)
{
	struct entry *entry = enter(target);
	if (!entry)
		return 0;
	uint64_t result = real_op(target);
	atomic_fetch_sub(&entry->in_flight, 1);
	return result;
}

void target_free(struct target *target)
{
	struct shard *shard = shard_of(target);
	pthread_rwlock_wrlock(&shard->lock);
	struct entry **place = place_of(shard, target), *entry = *place;
	if (entry) {
		*place = entry->next;
		shard->entries--;
	}
	pthread_rwlock_unlock(&shard->lock);
	if (!entry)
		return;
	while (entry->in_flight)
		sched_yield();
	real_free(target);
	free(entry);
}
