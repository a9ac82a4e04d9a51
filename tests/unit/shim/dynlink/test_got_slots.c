/* The words of an object that its relocations fill: which there are, where they lead, and leading them elsewhere. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "dynlink/got_slots.h"
#include "harness.h"
#include "loaded.h"

/* The slots that lead to the library, by their kind. */
struct slots {
	struct hg_got_slot call, address, data;
	unsigned calls, addresses, in_data;
};

static bool note(const struct hg_got_slot *got, void *argument)
{
	struct slots *slots = argument;
	if (strncmp(got->name, "thing_", 6))
		return true;
	if (got->only_calls) {
		slots->call = *got;
		slots->calls++;
	} else if (got->in_code) {
		slots->address = *got;
		slots->addresses++;
	} else {
		slots->data = *got;
		slots->in_data++;
	}
	return true;
}

static struct hg_object object;
static struct slots slots;
static void *user;

static void find_slots(const char *name, int flags)
{
	user = load(name, flags);
	object = object_of(user);
	hg_got_slots_each(&object, note, &slots);
}

static int elsewhere(void)
{
	return 50;
}

static int call_it(void)
{
	return ((int (*)(void))symbol_in(user, "user_calls"))();
}

START_TEST(an_object_has_a_slot_for_each_way_of_use)
{
	find_slots("libuser_lazy.so", RTLD_LAZY | RTLD_LOCAL);
	ck_assert_uint_eq(slots.calls, 1);
	ck_assert_uint_eq(slots.addresses, 1);
	ck_assert_uint_eq(slots.in_data, 1);
	ck_assert_ptr_eq(slots.data.at, symbol_in(user, "user_pointer"));
	/* Of what it is linked with. */
	ck_assert_uint_eq(hg_got_slot_function(&slots.address), (uint64_t)symbol_in(user, "thing_twice"));
	ck_assert_uint_eq(hg_got_slot_function(&slots.data), (uint64_t)symbol_in(user, "thing_which"));
}
END_TEST

START_TEST(a_jump_slot_is_lazy_until_its_first_call)
{
	find_slots("libuser_lazy.so", RTLD_LAZY | RTLD_LOCAL);
	ck_assert(hg_got_slot_is_lazy(&slots.call));
	ck_assert(!hg_got_slot_is_lazy(&slots.address));
	ck_assert_int_eq(call_it(), 101);
	ck_assert(!hg_got_slot_is_lazy(&slots.call));
	ck_assert_uint_eq(hg_got_slot_function(&slots.call), (uint64_t)symbol_in(user, "thing_which"));
}
END_TEST

START_TEST(a_slot_leads_where_it_is_rebound_to)
{
	find_slots("libuser_lazy.so", RTLD_LAZY | RTLD_LOCAL);
	ck_assert(hg_got_slot_rebind(&slots.call, (const void *)(uintptr_t)elsewhere));
	ck_assert_int_eq(call_it(), 150);
	ck_assert_uint_eq(hg_got_slot_function(&slots.call), (uint64_t)elsewhere);
	ck_assert(!hg_got_slot_is_lazy(&slots.call));
}
END_TEST

/* The kernel says whether it could have written there. */
static bool is_writable(void *at)
{
	int ends[2];
	char byte = *(volatile char *)at;
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], &byte, 1), 1);
	bool written = read(ends[0], at, 1) == 1;
	ck_assert(written || errno == EFAULT);
	close(ends[0]);
	close(ends[1]);
	return written;
}

/* As distributions link: the dynamic linker has made the page read-only, and so it is afterwards. */
START_TEST(a_read_only_slot_is_rebound_and_read_only_again)
{
	find_slots("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert(!is_writable(slots.address.at));
	ck_assert(hg_got_slot_rebind(&slots.address, (const void *)(uintptr_t)elsewhere));
	ck_assert(!is_writable(slots.address.at));
	void *(*address)(void) = (void *(*)(void))symbol_in(user, "user_address");
	ck_assert_ptr_eq(address(), (void *)(uintptr_t)elsewhere);
	ck_assert(is_writable(slots.data.at));
}
END_TEST

static bool stop(const struct hg_got_slot *got, void *count)
{
	(void)got;
	++*(unsigned *)count;
	return false;
}

START_TEST(a_walk_ends_where_it_is_told_to)
{
	unsigned count = 0;
	find_slots("libuser_lazy.so", RTLD_LAZY | RTLD_LOCAL);
	hg_got_slots_each(&object, stop, &count);
	ck_assert_uint_eq(count, 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: GOT slots", an_object_has_a_slot_for_each_way_of_use,
	                 a_jump_slot_is_lazy_until_its_first_call, a_slot_leads_where_it_is_rebound_to,
	                 a_read_only_slot_is_rebound_and_read_only_again, a_walk_ends_where_it_is_told_to);
}
