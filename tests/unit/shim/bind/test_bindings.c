/* Each object's calls reach the copy of a library that it means, by a stub: also when there is a second copy, and
 * whichever way it was loaded. */
#include <string.h>
#include <sys/mman.h>

#include "bind/bindings.h"
#include "bind/definitions.h"
#include "bind/instances.h"
#include "bind/resolve.h"
#include "bind/slots.h"
#include "dynlink/got_slots.h"
#include "loaded.h"
#include "stubs.h"

static int called(void *user)
{
	return ((int (*)(void))symbol_in(user, "user_calls"))();
}

/* The word through which an object calls a function. */
struct word {
	const char *name;
	struct hg_got_slot got;
	bool any;
};

static bool find_call(const struct hg_got_slot *got, void *argument)
{
	struct word *word = argument;
	word->any = got->only_calls && strcmp(got->name, word->name) == 0;
	word->got = *got;
	return !word->any;
}

/* Where that leads. */
static const void *leads_to(void *handle, const char *name)
{
	struct hg_object object = object_of(handle);
	struct word word = {.name = name};
	hg_got_slots_each(&object, find_call, &word);
	ck_assert(word.any);
	return (const void *)hg_got_slot_function(&word.got);
}

static void *thing_of(void *user)
{
	return symbol_in(user, "thing_which");
}

static struct hg_slot *slot(void)
{
	return function("thing_which");
}

static bool is_stub(const void *function)
{
	return function == (const void *)(uintptr_t)thing_which;
}

START_TEST(of_one_copy_all_calls_come_by_the_stub)
{
	start_stubs();
	void *user = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert(is_stub(leads_to(user, "thing_which")));
	ck_assert_int_eq(called(user), 101);
	ck_assert_uint_eq(slot()->binding, HG_BINDING_ONE);
	ck_assert_ptr_eq(slot()->real, thing_of(user));
	ck_assert(is_stub(leads_to(user, "thing_which")));
}
END_TEST

static const void *address_in_data(void *user)
{
	return *(const void **)symbol_in(user, "user_pointer");
}

/* The second comes when the first has been called. */
START_TEST(each_calls_its_own_of_two_copies)
{
	start_stubs();
	void *first = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_int_eq(called(first), 101);
	void *second = load_seen("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_eq(slot()->binding, HG_BINDING_AMBIGUOUS);
	/* Guarded, both; and who has taken the first one's address goes on to see the same. */
	ck_assert_ptr_ne(leads_to(first, "thing_which"), thing_of(first));
	ck_assert_ptr_ne(leads_to(second, "thing_which"), thing_of(second));
	ck_assert(is_stub(address_in_data(first)));
	ck_assert(!is_stub(address_in_data(second)));
	ck_assert_int_eq(called(first), 101);
	ck_assert_int_eq(called(second), 102);
}
END_TEST

START_TEST(so_it_is_with_words_that_are_filled_by_the_first_call)
{
	start_stubs();
	void *first = load_seen("libuser_lazy.so", RTLD_LAZY | RTLD_LOCAL);
	void *second = load_seen("libuser_of_2.so", RTLD_LAZY | RTLD_LOCAL);
	ck_assert_ptr_eq(slot()->real, thing_of(first)); /* nobody has called yet: it is what the name meant first */
	ck_assert_int_eq(called(second), 102);
	ck_assert_int_eq(called(first), 101);
	ck_assert_int_eq(called(second), 102);
}
END_TEST

START_TEST(two_that_have_come_at_once_are_told_apart)
{
	start_stubs();
	void *first = load("libuser_now.so", RTLD_NOW | RTLD_LOCAL),
	     *second = load("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL);
	hg_bindings_update(first, RTLD_NOW | RTLD_LOCAL, 0);
	hg_bindings_update(second, RTLD_NOW | RTLD_LOCAL, 0);
	ck_assert_int_eq(called(second), 102);
	ck_assert_int_eq(called(first), 101);
}
END_TEST

START_TEST(what_was_loaded_for_all_is_meant_first)
{
	start_stubs();
	load_seen("libthing_2.so", RTLD_NOW | RTLD_GLOBAL);
	void *user = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_int_eq(called(user), 102);
}
END_TEST

/* The dynamic linker has bound it past the stub. */
START_TEST(a_deep_load_is_led_to_the_stub_of_its_own)
{
	start_stubs();
	load_seen("libthing_2.so", RTLD_NOW | RTLD_GLOBAL);
	int flags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
	void *user = load("libuser_now.so", flags);
	ck_assert_ptr_eq(leads_to(user, "thing_which"), thing_of(user));
	hg_bindings_update(user, flags, 0);
	ck_assert_ptr_ne(leads_to(user, "thing_which"), thing_of(user));
	ck_assert_int_eq(called(user), 101);
}
END_TEST

/* An op of its own is nothing that the books need to know of: it is called without a stub. */
START_TEST(what_a_library_calls_of_its_own_passes_the_stub_by)
{
	start_stubs();
	void *first = load("libthing_1.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert(is_stub(leads_to(first, "thing_which")));
	hg_bindings_update(first, RTLD_NOW | RTLD_LOCAL, 0);
	ck_assert_ptr_eq(leads_to(first, "thing_which"), thing_of(first));
	void *second = load_seen("libthing_2.so", RTLD_NOW | RTLD_LOCAL); /* whose name the manifest does not know */
	ck_assert_ptr_eq(leads_to(second, "thing_which"), thing_of(second));
	ck_assert_int_eq(((int (*)(void))symbol_in(first, "thing_twice"))(), 11);
	ck_assert_int_eq(((int (*)(void))symbol_in(second, "thing_twice"))(), 12);
}
END_TEST

/* A free of its own comes by an entry that means "inside". */
START_TEST(what_a_library_frees_of_its_own_comes_by_an_entry_of_its_own)
{
	start_stubs();
	void *handle = load_seen("libthing_1.so", RTLD_NOW | RTLD_LOCAL);
	const void *entry = leads_to(handle, "thing_free");
	ck_assert_ptr_ne(entry, symbol_in(handle, "thing_free"));
	ck_assert_ptr_ne(entry, (const void *)(uintptr_t)thing_free);
	ck_assert_int_eq(thing_free(), 21);
	ck_assert_int_eq(((int (*)(void))symbol_in(handle, "thing_close"))(), 121);
}
END_TEST

/* What it brings is placed, though not all that is there. */
START_TEST(a_load_is_looked_at_while_another_one_is_under_way)
{
	start_stubs();
	void *first = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	atomic_fetch_add(&hg_loading, 1);
	void *second = load_seen("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert(!is_stub(leads_to(second, "thing_which")));
	atomic_fetch_sub(&hg_loading, 1);
	ck_assert_int_eq(called(first), 101);
	ck_assert_int_eq(called(second), 102);
}
END_TEST

/* So that what is loaded next does not lie where something was. */
static void fill_gaps(void)
{
	for (int i = 0; i < 256; i++)
		ck_assert_ptr_ne(mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED);
}

START_TEST(a_copy_that_has_gone_does_not_count)
{
	start_stubs();
	ck_assert_int_eq(dlclose(load_seen("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL)), 0);
	hg_bindings_update(NULL, 0, 0);
	fill_gaps();
	void *first = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_uint_eq(slot()->binding, HG_BINDING_ONE);
	ck_assert_uint_eq(slot()->only, (uint64_t)thing_of(first));
	ck_assert_int_eq(called(first), 101);
}
END_TEST

START_TEST(a_copy_that_comes_again_is_bound_again)
{
	start_stubs();
	void *first = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	for (int i = 0; i < 3; i++) {
		void *second = load_seen("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL);
		ck_assert_int_eq(called(second), 102);
		ck_assert_int_eq(called(first), 101);
		ck_assert_int_eq(dlclose(second), 0);
		hg_bindings_update(NULL, 0, 0);
	}
	ck_assert_int_eq(called(first), 101);
}
END_TEST

/* --- slots --- */

static struct hg_slot *bound[8];
static unsigned bound_count;

static void collect(struct hg_slot *one)
{
	if (strcmp(HG_IMAGE_TEXT(hg_image_of(one), one->name), "thing_which") == 0)
		bound[bound_count++] = one;
}

START_TEST(each_copy_has_a_slot_and_classes_of_its_own)
{
	start_stubs();
	void *first = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	void *second = load_seen("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL);
	hg_each_bound_slot(collect);
	/* The last one first: the preload object's, which only sends calls on, has the first copy's function. */
	ck_assert_uint_eq(bound_count, 3);
	ck_assert_ptr_eq(bound[2], slot());
	ck_assert_ptr_eq(bound[2]->real, thing_of(first));
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_uint_eq(bound[i]->binding, HG_BINDING_OWN);
		hg_name_slot(bound[i]);
	}
	ck_assert_ptr_ne(bound[0]->real, bound[1]->real);
	ck_assert(bound[0]->real == thing_of(second) || bound[1]->real == thing_of(second));
	ck_assert_uint_ne(bound[0]->class_runtime, bound[1]->class_runtime);
}
END_TEST

START_TEST(a_slot_is_bound_once)
{
	struct hg_object library = {.low = 1000, .high = 2000, .path = "one.so"},
	                 other = {.low = 5000, .high = 6000, .path = ""};
	start_stubs();
	ck_assert(hg_bind_slot(slot(), &library, &library));
	ck_assert(hg_bind_slot(slot(), &library, &library));
	ck_assert(!hg_bind_slot(slot(), &other, &other));
	ck_assert_ptr_eq(slot()->real, &library);
	ck_assert_uint_eq(slot()->library_low, 1000);
	ck_assert_uint_eq(slot()->library_size, 1000);
}
END_TEST

START_TEST(what_nobody_defines_is_told)
{
	start_stubs();
	ck_assert_ptr_null(hg_resolve(function("thing_none"), (const void *)(uintptr_t)called));
	ck_assert_uint_eq(counter(HG_COUNTER_UNRESOLVED), 1);
}
END_TEST

/* Who calls by a pointer that it was given means what the name meant first. */
START_TEST(a_caller_that_is_no_object_means_the_first)
{
	int on_stack;
	start_stubs();
	void *first = load_seen("libuser_now.so", RTLD_NOW | RTLD_LOCAL);
	called(first);
	load_seen("libuser_of_2.so", RTLD_NOW | RTLD_LOCAL);
	ck_assert_ptr_eq(hg_resolve(slot(), &on_stack)->real, thing_of(first));
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: bindings", of_one_copy_all_calls_come_by_the_stub, each_calls_its_own_of_two_copies,
	                 so_it_is_with_words_that_are_filled_by_the_first_call,
	                 two_that_have_come_at_once_are_told_apart, what_was_loaded_for_all_is_meant_first,
	                 a_deep_load_is_led_to_the_stub_of_its_own, what_a_library_calls_of_its_own_passes_the_stub_by,
	                 a_copy_that_comes_again_is_bound_again, each_copy_has_a_slot_and_classes_of_its_own,
	                 what_nobody_defines_is_told, a_slot_is_bound_once,
	                 what_a_library_frees_of_its_own_comes_by_an_entry_of_its_own,
	                 a_load_is_looked_at_while_another_one_is_under_way, a_copy_that_has_gone_does_not_count,
	                 a_caller_that_is_no_object_means_the_first);
}
