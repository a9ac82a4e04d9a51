/* Stubs are put near the code that refers to them, wherever there is room. */
#include <sys/mman.h>

#include "harness.h"
#include "loaded.h"
#include "rewrite/near.h"

static void *handle;
static struct hg_near near;

/* What is unmapped once the objects are known: what maps memory until then, as a sanitizer does, takes none of it.
 * A sanitizer's copy has much code and data between the stubs and their slots. */
static char *gap;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROOM = 1 << 22 };
#else
enum { ROOM = 1 << 19 };
#endif

static void map_near(const struct hg_objects *objects, void *mapped)
{
	if (gap)
		munmap(gap, ROOM);
	*(bool *)mapped = hg_near_map(objects, &objects->list[number_of(objects, handle)], &near);
}

static bool maps_near(void)
{
	bool mapped = false;
	with_objects(map_near, &mapped);
	return mapped;
}

static const uint64_t STEP = 1 << 16;

/* As a virtual machine does: heap, code, stacks and arenas, one beside the other. */
static void fill(uint64_t low, uint64_t high)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	for (uint64_t at = low & -STEP; at < high; at += STEP)
		mmap((void *)at, STEP, PROT_NONE, flags, -1, 0); // NOLINT: an address
}

enum { FARTHEST = 1 << 30 };

START_TEST(below_the_object_as_a_rule)
{
	handle = load("libtorn.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert(maps_near());
	ck_assert_uint_lt(near.stubs, object_of(handle).low);
}
END_TEST

START_TEST(above_it_where_all_below_is_taken)
{
	handle = load("libtorn.so", RTLD_NOW | RTLD_LOCAL);
	struct hg_object object = object_of(handle);
	fill(object.low - FARTHEST, object.low);
	ck_assert(maps_near());
	ck_assert_uint_lt(near.stubs - object.high, FARTHEST);
}
END_TEST

/* The kernel may have a free place that is far away. */
static char *map_within_reach(const struct hg_object *object)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	uint64_t at = (object->low & -STEP) - ROOM;
	while (mmap((void *)at, ROOM, PROT_NONE, flags, -1, 0) == MAP_FAILED) // NOLINT: an address
		at -= STEP;
	ck_assert_uint_lt(object->high - at, FARTHEST);
	return (char *)at; // NOLINT: the same
}

START_TEST(in_a_gap_where_all_around_is_taken)
{
	handle = load("libtorn.so", RTLD_NOW | RTLD_LOCAL);
	struct hg_object object = object_of(handle);
	gap = map_within_reach(&object);
	fill(object.low - FARTHEST, object.low);
	fill(object.high, object.high + FARTHEST);
	ck_assert(maps_near());
	/* Or a little below: less than a step may be free there. */
	ck_assert_uint_lt(near.stubs + STEP - (uint64_t)gap, ROOM + STEP);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: stubs near code", below_the_object_as_a_rule, above_it_where_all_below_is_taken,
	                 in_a_gap_where_all_around_is_taken);
}
