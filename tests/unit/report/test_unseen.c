/* The words for what the guards do not see: handles that no create was seen of, calls without one, and memory that is
 * filled twice. */
#include <string.h>

#include "format/image.h"
#include "format/reader.h"
#include "run.h"

/* Where the class says so itself, nothing is told that may be right. */
START_TEST(a_class_that_says_so_is_not_doubted)
{
	struct builder *builder = builder_of_kind(HG_KIND_LATE_OP, 1, 7);
	builder->classes[0].flags = HG_CLASS_UNSEEN;
	builder->totals[BUILDER_CLASS_COUNTERS + HG_CLASS_ADOPTED] = 2;
	ck_assert_has_not(flat(tell(builder)), "whose create was not seen");
}
END_TEST

START_TEST(a_second_free_may_be_another_handles_first)
{
	const char *text = flat(tell(builder_of_kind(HG_KIND_FREED_AGAIN, 2, 7)));
	ck_assert_has(
	    text,
	    "Thread 1 freed stream 0x99 with net_free although thread 7 had freed it with net_free, 500 ms before, ");
	ck_assert_has(text, "and nobody has seen it created since. Not every create of a stream can be seen: it may be "
	                    "another one. The free reached the library.");
	ck_assert_has(text, "Fix: Name every function that hands out such handles as a create");
	ck_assert_has_not(text, "Without the guard");
}
END_TEST

/* Of a handle whose create was not seen, or of a class with such handles, a late call may be right. */
START_TEST(what_was_not_seen_is_doubted)
{
	static const char *const doubt =
	    ": if the library hands out a stream by a function that the manifest does not name, the value may be a new "
	    "handle's, and the call right. Name every such function as a create; or say \"creates: some\" of the "
	    "class, "
	    "where that cannot be.";
	static const enum hg_kind kinds[] = {HG_KIND_LATE_OP, HG_KIND_REPEAT_FREE, HG_KIND_LATE_FREE};
	for (size_t i = 0; i < 3; i++) {
		struct builder *builder = builder_of_kind(kinds[i], 1, 7);
		ck_assert_has_not(flat(tell(builder)), doubt);
		builder = builder_of_kind(kinds[i], 1, 7);
		builder->totals[BUILDER_CLASS_COUNTERS + HG_CLASS_ADOPTED] = 2;
		const char *text = flat(tell(builder));
		ck_assert_int_eq(strstr(text, doubt) != NULL, i < 2);
		ck_assert_int_eq(strstr(text, " 2 of the class stream were met whose create was not seen") != NULL,
		                 i < 2);
		builder = builder_of_kind(kinds[i], 1, 7);
		struct hg_record_finding *finding = builder_finding_at(builder, 0);
		struct hg_record_party *party = (void *)hg_reader_party(finding, NULL);
		while (party->role != HG_PARTY_IN_FLIGHT)
			party = (void *)hg_reader_party(finding, party);
		party->role = HG_PARTY_CREATE;
		party->flags = HG_PARTY_ADOPTED;
		finding->checksum = hg_finding_checksum(finding);
		text = flat(tell(builder));
		ck_assert_int_eq(strstr(text, " No create of this stream was seen: if the library") != NULL, i < 2);
	}
}
END_TEST

/* A handler at exit is no function of the program's, and is run whatever comes of it. */
START_TEST(a_handler_at_exit_goes_on_where_calls_outlast_it)
{
	struct builder *builder = builder_of_kind(HG_KIND_DRAIN_TIMEOUT, 2, 0);
	struct hg_record_finding *finding = builder_finding_at(builder, 0);
	builder->symbols[2].roles |= HG_ROLE_AT_EXIT;
	finding->flags = HG_FINDING_PASSED;
	finding->checksum = hg_finding_checksum(finding);
	const char *text = flat(tell(builder));
	ck_assert_has(text, " with an exit handler of the library while ");
	ck_assert_has(text, " it was run all the same: the process was about to end.");
	ck_assert_has(text, "What it means: The free tore the handle down under the calls");
	ck_assert_has(text, "Fix: End the threads that use the library and join them before main returns");
}
END_TEST

START_TEST(the_library_as_a_whole_has_no_number)
{
	struct builder *builder = builder_of_kind(HG_KIND_OVERLAP, 1, 0);
	builder->classes[0].flags = HG_CLASS_CONSTANT;
	const char *text = flat(tell(builder));
	ck_assert_has(text, " called net_recv on the stream as a whole while ");
	ck_assert_has(text, "Fix: Hold one lock of the program's own around every call of the library");
	builder = builder_of_kind(HG_KIND_OVERLAP, 1, 0);
	text = flat(tell(builder));
	ck_assert_has(text, " called net_recv on stream 0x99 while ");
	ck_assert_has_not(text, "around every call of the library");
}
END_TEST

static struct builder *without_handle(uint64_t value, bool after_frees)
{
	struct builder *builder = builder_example();
	struct draft draft;
	builder->sites[0].key = 0;
	memset(builder->ring, 0, BUILDER_RING);
	builder->header->ring_head = 0;
	draft_begin(&draft, HG_KIND_NULL_OP, 0, value);
	draft.head->ticks = builder->header->start_ticks + 2000000;
	draft_party(&draft, HG_PARTY_CALL, 1, 1, (uint64_t[]){0x400100}, 1)->ticks = draft.head->ticks;
	for (uint64_t i = 0; after_frees && i < 2; i++) {
		uint64_t pc = 0x400120 + i;
		struct hg_record_party *party = draft_party(&draft, HG_PARTY_RECENT, 7 + (uint32_t)i, 2, &pc, 1);
		party->ticks = draft.head->ticks - (i + 1) * 100000;
		party->value = 0x100 + i;
	}
	builder_write_finding(builder, &draft);
	return builder;
}

START_TEST(a_call_without_a_handle_names_the_last_frees_of_its_class)
{
	const char *text = flat(tell(without_handle(0, true)));
	ck_assert_has(text,
	              "Thread 1 called net_recv without a handle: where it is to be given a stream, there was a null. "
	              "It was rejected. Of the class stream, thread 7 had freed 0x100 with net_free, 50 ms before; "
	              "thread 8 had freed 0x101 with net_free, 100 ms before.");
	ck_assert_has(text,
	              "Without the guard: The library does not look whether it was given a handle: it would have");
	ck_assert_has(text, "Usual cause: Half of a fix of check-then-use");
	text = flat(tell(without_handle(0xffffffff, false)));
	ck_assert_has(text,
	              "there was 0xffffffff, which names none. It was rejected. No free of a stream had begun before.");
	struct builder *observed = without_handle(0, false);
	observed->header->mode = HG_MODE_OBSERVE;
	text = flat(tell(observed));
	ck_assert_has(text, "a null. The call reached the library: the run only observed. No free");
	ck_assert_has(text, "What it means: The library does not look whether it was given a handle: it follows");
}
END_TEST

START_TEST(memory_that_is_filled_again_is_no_new_handle)
{
	struct builder *builder = builder_of_kind(HG_KIND_REBORN, 0, 0);
	builder->classes[0].flags = HG_CLASS_IN_PLACE;
	const char *text = flat(tell(builder));
	ck_assert_has(text,
	              "net_open filled stream 0x99, which it had been given before and which still counted as live.");
	ck_assert_has(text, "What it means: What the library had allocated for the handle before is lost");
	ck_assert_has(text, "Fix: End the handle before its memory is filled again");
}
END_TEST

int main(void)
{
	return RUN_SUITE("unseen", what_was_not_seen_is_doubted, a_class_that_says_so_is_not_doubted,
	                 the_library_as_a_whole_has_no_number, a_second_free_may_be_another_handles_first,
	                 a_handler_at_exit_goes_on_where_calls_outlast_it,
	                 a_call_without_a_handle_names_the_last_frees_of_its_class,
	                 memory_that_is_filled_again_is_no_new_handle);
}
