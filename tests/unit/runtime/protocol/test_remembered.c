/* What a thread remembers of handles: as many as it uses, and nothing that the slow path has more to do with. */
#include <sys/wait.h>
#include <unistd.h>

#include "api/start.h"
#include "format/image.h"
#include "harness.h"
#include "protocol/remembered.h"
#include "protocol/tables.h"
#include "thread/cache.h"

enum { HANDLES = 1000, MANY = 40000, DISTANCES = 64 };

static const struct hg_class *things;
static struct hg_guard *guards[HANDLES], *many[MANY];

static void begin(unsigned handles)
{
	start();
	things = new_class(1000);
	for (unsigned i = 0; i < handles; i++)
		guards[i] = born(things, (i + 1) * UINT64_C(96));
}

static bool remembered_by(struct hg_context *context, const struct hg_guard *guard)
{
	const struct hg_cache_entry *entry = hg_cache_at(context, guard->value);
	return entry->class == things && entry->value == guard->value && entry->guard == guard;
}

static bool remembered(const struct hg_guard *guard)
{
	return remembered_by(hg_context, guard);
}

static unsigned counted;

static void count_guard(struct hg_guard *guard)
{
	counted += guard->class == things;
}

/* As the fast path does: true if it finds the handle. */
static bool used(struct hg_guard *guard)
{
	bool there = remembered(guard);
	if (!there)
		ck_assert(hg_remember_again(hg_context, things, guard->value));
	ck_assert(remembered(guard));
	return there;
}

static unsigned used_all(unsigned handles)
{
	unsigned there = 0;
	for (unsigned i = 0; i < handles; i++)
		there += used(guards[i]);
	return there;
}

START_TEST(a_cache_grows_with_the_handles_in_use)
{
	begin(HANDLES);
	ck_assert_uint_eq(hg_cache_size(hg_context), HG_CACHE_FIRST);
	for (int i = 0; i < 80; i++)
		used_all(HANDLES);
	ck_assert_uint_eq(hg_cache_size(hg_context), HG_CACHE_INSIDE);
	ck_assert_uint_ge(used_all(HANDLES), HANDLES * 8 / 10);
	ck_assert_uint_eq(hg_caches_inside(), HG_CACHE_INSIDE);
}
END_TEST

static void begin_many(void)
{
	begin(0);
	for (unsigned i = 0; i < MANY; i++)
		many[i] = born(things, (i + 1) * UINT64_C(96));
}

static void use_each_of_many(void)
{
	for (unsigned round = 0; round < 4; round++)
		for (unsigned i = 0; i < MANY; i++)
			used(many[i]);
}

static void *find_remembered(void *context)
{
	for (unsigned i = 0; i < MANY; i++)
		ck_assert(!remembered_by(context, many[i]) || hg_cache_names(context, many[i], many[i]->value));
	struct hg_guard *own = born(things, (MANY + 1) * UINT64_C(96));
	ck_assert(!hg_cache_names(context, own, own->value));
	counted = 0;
	hg_cache_each(context, count_guard);
	return NULL;
}

/* No more than a few entries a handle: a cache goes beyond its context once there are so many handles. */
START_TEST(a_cache_of_very_many_handles_goes_on_beyond_the_context)
{
	begin_many();
	use_each_of_many();
	ck_assert_uint_gt(hg_cache_size(hg_context), HG_CACHE_INSIDE);
	ck_assert_uint_eq(hg_caches_beyond(), hg_cache_size(hg_context));
	ck_assert_uint_le(hg_caches_beyond(), 4 * MANY);
	ck_assert_uint_eq(hg_caches_inside(), 0);
	unsigned there = 0;
	for (unsigned i = 0; i < MANY; i++)
		there += remembered(many[i]);
	ck_assert_uint_ge(there, MANY / 2);
	join(spawn(find_remembered, hg_context));
	ck_assert_uint_eq(counted, there);
}
END_TEST

static void *use_many(void *unused)
{
	(void)unused;
	struct hg_context *context = hg_context_here();
	ck_assert_uint_eq(hg_cache_size(context), HG_CACHE_FIRST);
	for (unsigned i = 0; i < MANY; i++)
		ck_assert(!remembered(many[i]));
	struct hg_frame *in;
	for (unsigned i = 0; i < MANY; i++) {
		ck_assert_int_eq(enter(many[i], &in), HG_ENTERED);
		hg_guard_leave(many[i], in);
	}
	use_each_of_many();
	ck_assert_uint_gt(hg_cache_size(context), HG_CACHE_INSIDE);
	return context;
}

START_TEST(who_gets_a_context_with_a_large_cache_begins_with_a_small_one)
{
	begin_many();
	struct hg_context *first = join(spawn(use_many, NULL));
	ck_assert_uint_eq(hg_caches_beyond(), 0);
	ck_assert_ptr_eq(join(spawn(use_many, NULL)), first);
	ck_assert_uint_eq(hg_caches_beyond(), 0);
}
END_TEST

START_TEST(a_cache_of_few_handles_stays_small)
{
	begin(8);
	for (int i = 0; i < 1000; i++)
		used_all(8);
	ck_assert_uint_eq(hg_cache_size(hg_context), HG_CACHE_FIRST);
}
END_TEST

START_TEST(what_is_remembered_stays_so_when_the_cache_grows)
{
	begin(HANDLES);
	for (unsigned i = 0; hg_cache_size(hg_context) == HG_CACHE_FIRST; i++) {
		const struct hg_guard *before[HG_CACHE_FIRST];
		for (unsigned n = 0; n < HG_CACHE_FIRST; n++)
			before[n] = hg_context->first[n].guard;
		used(guards[i % HANDLES]);
		for (unsigned n = 0; hg_cache_size(hg_context) > HG_CACHE_FIRST && n < HG_CACHE_FIRST; n++)
			ck_assert(!before[n] || remembered(before[n]));
	}
}
END_TEST

/* Objects of one size lie at even distances. Chance would let 3 of 100 of these meet. */
START_TEST(addresses_at_even_distances_do_not_meet)
{
	static bool taken[HG_CACHE_INSIDE];
	begin(0);
	hg_cache_resize(hg_context, HG_CACHE_INSIDE);
	for (uint64_t distance = 1; distance <= DISTANCES; distance++) {
		unsigned met = 0;
		for (unsigned i = 0; i < HG_CACHE_INSIDE; i++)
			taken[i] = false;
		for (uint64_t i = 0; i < HANDLES; i++) {
			uint64_t value = UINT64_C(0x55d0c0de1240) + i * distance * 16;
			bool *place = &taken[hg_cache_at(hg_context, value) - hg_context->first];
			met += *place;
			*place = true;
		}
		ck_assert_msg(met < HANDLES / 10, "at a distance of %u, %u meet", (unsigned)distance * 16, met);
	}
}
END_TEST

static void *remember_none(void *guard)
{
	hg_context_here();
	struct hg_guard *stranger = guard;
	ck_assert(!hg_remember_again(hg_context, things, stranger->value));
	ck_assert(hg_context->cache_mask != 0 && !remembered(stranger));
	return NULL;
}

START_TEST(a_stranger_s_private_handle_is_not_remembered)
{
	begin(1);
	join(spawn(remember_none, guards[0]));
}
END_TEST

/* Whoever looks for it again has not remembered it meanwhile. */
static void forget(struct hg_guard *guard)
{
	*hg_cache_at(hg_context, guard->value) = (struct hg_cache_entry){0};
}

START_TEST(what_is_freed_is_not_remembered)
{
	begin(1);
	begin_free(guards[0], HG_FREE_WAIT, 1000);
	forget(guards[0]);
	ck_assert(!hg_remember_again(hg_context, things, guards[0]->value));
	ck_assert(!hg_remember_again(hg_context, things, guards[0]->value + 1));
}
END_TEST

START_TEST(what_is_orphaned_is_not_remembered)
{
	begin(1);
	const struct hg_class *parents = new_flagged_class(1000, HG_CLASS_PARENT);
	struct hg_guard *parent = born(parents, 1), *child = born_of(things, 2, parent);
	free_with(parent, HG_CHILDREN_ORPHANED);
	forget(child);
	ck_assert(orphaned(child));
	ck_assert(!hg_remember_again(hg_context, things, child->value));
}
END_TEST

/* That the thread remembers an earlier one is to be noted by the slow path. */
START_TEST(the_next_life_of_what_is_remembered_is_not)
{
	begin(1);
	begin_free(guards[0], HG_FREE_WAIT, 1000);
	struct hg_cache_entry before = *hg_cache_at(hg_context, guards[0]->value);
	born(things, guards[0]->value);
	*hg_cache_at(hg_context, guards[0]->value) = before;
	ck_assert(!hg_remember_again(hg_context, things, guards[0]->value));
	forget(guards[0]);
	ck_assert(hg_remember_again(hg_context, things, guards[0]->value));
}
END_TEST

static void *use(void *guard)
{
	struct hg_frame *in;
	hg_context_here();
	ck_assert_int_eq(enter(guard, &in), HG_ENTERED);
	hg_guard_leave(guard, in);
	return NULL;
}

/* Of a class whose handles are their process's alone, each op of a child asks. */
START_TEST(what_another_process_made_is_not_remembered)
{
	start();
	things = new_flagged_class(1000, HG_CLASS_OWN_PROCESS);
	struct hg_guard *guard = born(things, 1);
	join(spawn(use, guard));
	forget(guard);
	ck_assert(hg_remember_again(hg_context, things, 1));
	pid_t child = fork();
	if (child == 0) {
		struct hg_context *context = hg_context_here();
		_exit(hg_remember_again(context, things, 1));
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

static void *use_all(void *unused)
{
	(void)unused;
	hg_context_here();
	ck_assert_uint_eq(hg_cache_size(hg_context), HG_CACHE_FIRST);
	for (unsigned i = 0; i < hg_cache_size(hg_context); i++)
		ck_assert_ptr_null(hg_context->first[i].guard);
	for (unsigned i = 0; i < HANDLES; i++)
		use(guards[i]);
	for (int i = 0; i < 80; i++)
		used_all(HANDLES);
	ck_assert_uint_eq(hg_cache_size(hg_context), HG_CACHE_INSIDE);
	return hg_context;
}

START_TEST(who_gets_another_thread_s_context_begins_with_a_small_cache)
{
	begin(HANDLES);
	struct hg_context *first = join(spawn(use_all, NULL));
	ck_assert_ptr_eq(join(spawn(use_all, NULL)), first);
}
END_TEST

int main(void)
{
	return RUN_SUITE("remembered", a_cache_grows_with_the_handles_in_use, a_cache_of_few_handles_stays_small,
	                 a_cache_of_very_many_handles_goes_on_beyond_the_context,
	                 who_gets_a_context_with_a_large_cache_begins_with_a_small_one,
	                 what_is_remembered_stays_so_when_the_cache_grows, addresses_at_even_distances_do_not_meet,
	                 a_stranger_s_private_handle_is_not_remembered, what_is_freed_is_not_remembered,
	                 what_is_orphaned_is_not_remembered, the_next_life_of_what_is_remembered_is_not,
	                 what_another_process_made_is_not_remembered,
	                 who_gets_another_thread_s_context_begins_with_a_small_cache);
}
