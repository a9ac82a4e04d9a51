/* Classes and symbols: in the process and in its recording alike. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "protocol/tables.h"

START_TEST(a_class_is_recorded_as_it_is_in_force)
{
	start();
	static const int64_t nones[] = {0, -1};
	const struct hg_class *class = hg_class_add(&(struct hg_class_description){.name = "stream",
	                                                                           .manifest = "net",
	                                                                           .flags = 1,
	                                                                           .drain = HG_DRAIN_DEFER + 1,
	                                                                           .deadline_ms = 250,
	                                                                           .nones = nones,
	                                                                           .none_count = 2,
	                                                                           .mask = UINT32_MAX});
	ck_assert_uint_eq(class->deadline_ns, 250000000);
	ck_assert_uint_eq(class->drain, HG_DRAIN_DEFER);
	ck_assert_uint_eq(class->mask, UINT32_MAX);
	ck_assert_ptr_eq(class->nones, nones);
	const struct hg_reader *reader = read_back();
	const struct hg_record_class *record = hg_reader_class(reader, class->index);
	ck_assert_str_eq(hg_reader_text(reader, record->name), "stream");
	ck_assert_str_eq(hg_reader_text(reader, record->manifest), "net");
	ck_assert_uint_eq(record->deadline_ns, 250000000);
	ck_assert_uint_eq(record->drain, HG_DRAIN_DEFER);
}
END_TEST

START_TEST(what_a_class_leaves_open_is_the_runs)
{
	setenv("HANDLEGUARD_DRAIN", "defer", 1);
	setenv("HANDLEGUARD_DEADLINE_MS", "77", 1);
	start();
	const struct hg_class *class =
	    hg_class_add(&(struct hg_class_description){.name = "a", .manifest = "m", .deadline_ms = -1});
	ck_assert_uint_eq(class->deadline_ns, 77000000);
	ck_assert_uint_eq(class->drain, HG_DRAIN_DEFER);
}
END_TEST

START_TEST(symbols_are_found_by_slot)
{
	start();
	char slots[3];
	uint32_t index[3];
	for (int i = 0; i < 3; i++)
		index[i] = hg_symbol_add(&(struct hg_symbol_description){
		    .name = "f", .manifest = "m", .slot = &slots[i], .roles = HG_ROLE_OP, .state = HG_SYMBOL_NAMED});
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(hg_symbol_of_slot(&slots[i]), index[i]);
	ck_assert_uint_eq(hg_symbol_of_slot(&index), UINT32_MAX);
}
END_TEST

START_TEST(binding_is_recorded)
{
	start();
	char slot;
	uint32_t one = hg_symbol_add(&(struct hg_symbol_description){
	    .name = "one", .manifest = "m", .slot = &slot, .roles = HG_ROLE_FREE, .state = HG_SYMBOL_NAMED});
	uint32_t two = hg_symbol_add(&(struct hg_symbol_description){
	    .name = "two", .manifest = "m", .roles = HG_ROLE_OP, .state = HG_SYMBOL_NAMED});
	hg_symbol_bind(one, &slot, "/lib/libone.so");
	hg_symbol_bind(two, NULL, NULL);
	const struct hg_reader *reader = read_back();
	const struct hg_record_symbol *symbol = hg_reader_symbol(reader, one);
	ck_assert_uint_eq(symbol->state, HG_SYMBOL_BOUND);
	ck_assert_uint_eq(symbol->real, (uint64_t)&slot);
	ck_assert_uint_eq(symbol->roles, HG_ROLE_FREE);
	ck_assert_str_eq(hg_reader_text(reader, symbol->library), "/lib/libone.so");
	ck_assert_str_eq(hg_reader_text(reader, symbol->name), "one");
	ck_assert_uint_eq(hg_reader_symbol(reader, two)->state, HG_SYMBOL_MISSING);
}
END_TEST

START_TEST(references_that_are_led_are_counted_beside_the_flags)
{
	start();
	uint32_t flags = HG_SYMBOL_OPTIONAL | HG_SYMBOL_NEARLY, led = HG_SYMBOL_LED_SHIFT;
	uint32_t one = hg_symbol_add(&(struct hg_symbol_description){
	    .name = "one", .manifest = "m", .state = HG_SYMBOL_NAMED, .flags = HG_SYMBOL_OPTIONAL});
	uint32_t many = hg_symbol_add(&(struct hg_symbol_description){
	    .name = "many", .manifest = "m", .state = HG_SYMBOL_NAMED, .flags = HG_SYMBOL_OPTIONAL});
	hg_symbol_led(one);
	for (unsigned i = 0; i < 2 * HG_SYMBOL_LED_MOST; i++)
		hg_symbol_led(many);
	hg_symbol_add_flag(one, HG_SYMBOL_NEARLY);
	hg_symbol_add_flag(many, HG_SYMBOL_NEARLY);
	const struct hg_reader *reader = read_back();
	ck_assert_uint_eq(hg_reader_symbol(reader, one)->flags, flags | UINT32_C(1) << led);
	ck_assert_uint_eq(hg_reader_symbol(reader, many)->flags, flags | HG_SYMBOL_LED_MOST << led);
}
END_TEST

START_TEST(announced_places_are_there_and_full_tables_say_so)
{
	hg_tables_expect(500, 100);
	start();
	unsigned symbols = 0, classes = 0;
	while (hg_class_add(&(struct hg_class_description){.name = "c", .manifest = "m"}))
		classes++;
	while (hg_symbol_add(&(struct hg_symbol_description){.name = "s", .manifest = "m", .state = HG_SYMBOL_NAMED}) !=
	       UINT32_MAX)
		symbols++;
	ck_assert_uint_ge(classes, 100);
	ck_assert_uint_ge(symbols, 500);
	ck_assert_uint_eq(counter(HG_COUNTER_SYMBOLS_FULL), 1);
	/* Each symbol and class that was accepted has its counter in every thread's record. */
	ck_assert_uint_ge(hg_recording_counters(), hg_class_counter_index(classes - 1, HG_CLASS_LEAKED) + 1);
	ck_assert_uint_ge(hg_recording->class_counters, symbols);
	read_back();
}
END_TEST

START_TEST(classes_beyond_the_table_are_counted)
{
	start();
	struct hg_class_description description = {.name = "a", .manifest = "m", .deadline_ms = -1};
	while (hg_class_add(&description))
		ck_assert_uint_eq(counter(HG_COUNTER_CLASSES_FULL), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_CLASSES_FULL), 1);
}
END_TEST

START_TEST(symbols_beyond_the_table_are_counted)
{
	start();
	struct hg_symbol_description description = {.name = "f", .manifest = "m", .state = HG_SYMBOL_NAMED};
	while (hg_symbol_add(&description) != UINT32_MAX)
		ck_assert_uint_eq(counter(HG_COUNTER_SYMBOLS_FULL), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_SYMBOLS_FULL), 1);
}
END_TEST

START_TEST(names_beyond_the_texts_are_counted)
{
	static char name[1001];
	start();
	memset(name, 'n', sizeof name - 1);
	while (hg_recording_text(name))
		ck_assert_uint_eq(counter(HG_COUNTER_NAMES_FULL), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_NAMES_FULL), 1);
	ck_assert_uint_eq(hg_recording_text(""), 0);
	ck_assert_uint_eq(counter(HG_COUNTER_NAMES_FULL), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("tables", a_class_is_recorded_as_it_is_in_force, what_a_class_leaves_open_is_the_runs,
	                 symbols_are_found_by_slot, binding_is_recorded,
	                 references_that_are_led_are_counted_beside_the_flags,
	                 announced_places_are_there_and_full_tables_say_so, classes_beyond_the_table_are_counted,
	                 symbols_beyond_the_table_are_counted, names_beyond_the_texts_are_counted);
}
