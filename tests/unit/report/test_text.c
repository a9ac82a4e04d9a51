/* The words of the text report. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/image.h"
#include "format/reader.h"
#include "run.h"

START_TEST(the_first_page_proves_what_was_seen)
{
	struct builder *builder = builder_example();
	builder_class(builder, "unused");
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out, "handleguard: 1 finding in 1 recording: 1 error\n");
	ck_assert_has(resolved.out, "  program     /usr/bin/example\n"
	                            "  command     example --loud\n"
	                            "  process     1234 (parent 1000), recorded since an unknown time\n"
	                            "  mode        guard, drain wait, deadline 5 s, fence membarrier\n"
	                            "  end         exited by itself\n"
	                            "  functions   6 guarded: 4 bound, 3 called, 2 never called, 1 missing\n"
	                            "              never called: net_send, net_poll\n"
	                            "              in no library of the process: net_old\n"
	                            "  calls       1 234 569 guarded\n"
	                            "  handles     class                   created    adopted      freed     leaked"
	                            "       live\n"
	                            "              stream                        1          0          1          0"
	                            "          0\n"
	                            "              1 class without a handle\n");
	ck_assert_has_not(resolved.out, "gave up");
}
END_TEST

START_TEST(a_late_free_is_told_as_a_person_would)
{
	struct resolved resolved = tell(builder_example());
	ck_assert_has(resolved.out,
	              "\n1. error: late-free of stream, net_free against net_recv\n"
	              "   Free: 0x400100 in example+0x100\n"
	              "   Op:   0x400200 in example+0x200\n"
	              "   Fix: Count the users instead of checking a flag: each call takes a reference\n"
	              "   before it enters the library and drops it after; close only marks the handle\n"
	              "   closed and drops its own; whoever drops the last one frees.\n"
	              "\n"
	              "   3 times in process 1234, 100 ms after the start, last 500 ms after it\n"
	              "\n"
	              "   Thread 1236 (watcher) freed stream 0x5555 with net_free while thread 1235 (reader) "
	              "was in\n"
	              "   net_recv. The free waited 12.3 ms until the last of them had left.\n"
	              "\n"
	              "   The free: net_free in thread 1236 (watcher), 100 ms after the start:\n"
	              "     #0  0x400100 in /nowhere/example+0x100\n"
	              "     #1  0x400180 in /nowhere/example+0x180\n"
	              "\n"
	              "   In flight: net_recv in thread 1235 (reader):\n"
	              "     #0  0x400200 in /nowhere/example+0x200\n"
	              "\n"
	              "   Created by net_open in thread 1234, 1 us after the start:\n"
	              "     #0  0x400300 in /nowhere/example+0x300\n"
	              "\n"
	              "   Without the guard: The free would have torn the handle down");
	ck_assert_has(resolved.out, "\n   Usual cause: Check-then-use:");
}
END_TEST

START_TEST(the_users_own_frames_come_first_and_c_is_folded)
{
	struct resolved resolved = tell(builder_told_example());
	ck_assert_has(resolved.out, "   The free: net_free in thread 1236:\n"
	                            "     #0  net.(*Stream).Close at /mod/net/stream.go:12 (inlined)\n"
	                            "     #1  main.stop at /src/main.go:34\n"
	                            "\n"
	                            "   In flight: net_recv in thread 1235:\n"
	                            "     #0  main.read at /src/main.go:56\n"
	                            "\n");
}
END_TEST

START_TEST(a_full_report_has_the_frames_of_c_too)
{
	struct hg_report_options options = hg_report_defaults();
	options.full = true;
	struct resolved resolved = report_builder(options, builder_told_example());
	ck_assert_has(resolved.out, "     #1  main.stop at /src/main.go:34\n"
	                            "     in C:\n"
	                            "     #0  0x400100\n"
	                            "     #1  0x400180\n");
}
END_TEST

START_TEST(long_lists_are_cut)
{
	struct builder *builder = builder_example();
	char name[16];
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "net_%d", i);
		builder_symbol(builder, name, 0, HG_ROLE_OP, HG_SYMBOL_NAMED);
	}
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out, "26 guarded: 4 bound, 3 called, 22 never called, 1 missing\n");
	ck_assert_has(resolved.out, "net_9 and 10 more (--format json has all)\n");
	ck_assert_has_not(resolved.out, "net_10");
}
END_TEST

START_TEST(the_same_advice_is_given_once)
{
	struct builder *builder = builder_example();
	builder_site(builder, HG_KIND_LATE_FREE, 0, 2, 3, 1);
	builder_site(builder, HG_KIND_LATE_OP, 0, 3, 2, 1);
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out, "\n2. error: late-free");
	ck_assert_has(resolved.out, "Without the guard, usual cause: as of finding 1.\n\n3. error: late-op");
	ck_assert_has_not(resolved.out, "as of finding 2.");
	ck_assert_has_not(resolved.out, "as of finding 3.");
}
END_TEST

START_TEST(lines_are_not_too_long)
{
	struct resolved resolved = tell(builder_example());
	for (char *line = strtok(resolved.out, "\n"); line != NULL; line = strtok(NULL, "\n"))
		ck_assert_uint_le(strlen(line), 100);
}
END_TEST

START_TEST(a_repeat_free_says_who_was_first)
{
	const char *text = flat(tell(builder_of_kind(HG_KIND_REPEAT_FREE, 2, 7)));
	ck_assert_has(text,
	              "Thread 1 freed stream 0x99 with net_free although thread 7 had freed it with net_free, 500 ms "
	              "before. The second free did nothing.");
	ck_assert_has(text, "Two threads both took themselves for the one");
	ck_assert_has(text, "Close once:");
	text = flat(tell(builder_of_kind(HG_KIND_REPEAT_FREE, 2, 1)));
	ck_assert_has(text, "Two paths of one thread free the same handle");
}
END_TEST

START_TEST(a_thread_that_had_last_seen_an_older_handle_is_named)
{
	static const char quarantine[] = "With \"quarantine: true\" in the manifest";
	for (int quarantined = 0; quarantined < 2; quarantined++) {
		struct builder *builder = builder_of_kind(HG_KIND_LATE_FREE, 2, 0);
		struct hg_record_finding *finding = builder_finding_at(builder, 0);
		struct hg_record_party *party = (void *)hg_reader_party(finding, hg_reader_party(finding, NULL));
		party->flags = HG_PARTY_OLDER;
		finding->checksum = hg_finding_checksum(finding);
		builder->classes[0].flags = quarantined ? HG_CLASS_QUARANTINE : 0;
		const char *text = flat(tell(builder));
		ck_assert_has(text,
		              "Thread 1 had last seen an older stream of the same value, which is gone: its call of "
		              "net_recv may be meant for that one, and be a late one.");
		if (quarantined)
			ck_assert_has_not(text, quarantine);
		else
			ck_assert_has(text, quarantine);
	}
}
END_TEST

START_TEST(a_late_op_says_that_it_was_turned_away)
{
	const char *text = flat(tell(builder_of_kind(HG_KIND_LATE_OP, 1, 7)));
	ck_assert_has(text,
	              "Thread 1 called net_recv on stream 0x99 although thread 7 had freed it with net_free, 500 ms "
	              "before. It was rejected.");
	text = flat(tell(builder_of_kind(HG_KIND_LATE_OP, 1, 1)));
	ck_assert_has(text, "went on using a handle that it had itself freed");
}
END_TEST

START_TEST(observing_claims_no_rescue)
{
	struct builder *builder = builder_of_kind(HG_KIND_LATE_OP, 1, 7);
	builder->header->mode = HG_MODE_OBSERVE;
	const char *text = flat(tell(builder));
	ck_assert_has(text, "The call reached the library: the run only observed.");
	ck_assert_has_not(text, "rejected");
	ck_assert_has_not(text, "Without the guard");
}
END_TEST

START_TEST(what_could_not_be_held_up_is_told_as_what_happened)
{
	struct builder *builder = builder_of_kind(HG_KIND_REPEAT_FREE, 2, 7);
	struct hg_record_finding *finding = builder_finding_at(builder, 0);
	finding->flags = HG_FINDING_PASSED;
	finding->checksum = hg_finding_checksum(finding);
	const char *text = flat(tell(builder));
	ck_assert_has(text, "The second free had reached the library by then.");
	ck_assert_has(text, "What it means: The library was to free the same memory twice");
	ck_assert_has_not(text, "did nothing");
}
END_TEST

START_TEST(in_abort_mode_the_process_was_ended_there)
{
	struct builder *builder = builder_of_kind(HG_KIND_LATE_OP, 1, 7);
	builder->header->mode = HG_MODE_ABORT;
	const char *text = flat(tell(builder));
	ck_assert_has(text, "500 ms before. The process was aborted there, as the mode asks.");
	ck_assert_has_not(text, "rejected");
	ck_assert_has(text, "Without the guard: ");
}
END_TEST

/* The second is one whose calls the guard does not hold up, though it is in guard mode. */
START_TEST(only_what_was_prevented_is_said_to_be)
{
	ck_assert_has(tell(builder_of_kind(HG_KIND_STRAY, 1, 0)).out,
	              "What it means: The library was handed a value that");
	ck_assert_has(tell(builder_of_kind(HG_KIND_OVERLAP, 1, 0)).out,
	              "What it means: The library does not lock its handles");
	ck_assert_has(tell(builder_of_kind(HG_KIND_LATE_OP, 1, 7)).out,
	              "Without the guard: The call would have worked on freed");
	struct builder *builder = builder_of_kind(HG_KIND_LATE_OP, 1, 7);
	builder->header->mode = HG_MODE_OBSERVE;
	ck_assert_has(tell(builder).out, "What it means: The call worked on freed memory");
}
END_TEST

START_TEST(every_kind_has_its_words)
{
	static const struct {
		enum hg_kind kind;
		uint32_t symbol;
		const char *words;
		bool prevented;
	} kinds[] = {
	    {HG_KIND_DRAIN_TIMEOUT, 2, "the handle was leaked on purpose", true},
	    {HG_KIND_REENTRANT_FREE, 2, "from inside its own call of net_recv on it.", true},
	    {HG_KIND_ORPHAN, 1, "although the handle that it was made from had been freed.", true},
	    {HG_KIND_SEVERED, 2, "disconnected stream 0x99 with net_free while other holders still claimed it.", false},
	    {HG_KIND_UNWOUND, 1, "left net_recv on stream 0x99 by unwinding", false},
	    {HG_KIND_ABANDONED, 1, "never came back from net_recv on stream 0x99", false},
	    {HG_KIND_STRAY, 1, "a value that no create of the class had handed out.", false},
	    {HG_KIND_REBORN, 0, "net_open handed out stream 0x99, which still counted as live.", false},
	    {HG_KIND_EXHAUSTED, 0, "and got stream 0x99, and with it the limit of the class was reached.", false},
	    {HG_KIND_LEAK, 0, "stream 0x99 was still live when the process ended.", false},
	    {HG_KIND_OVERLAP, 0, "and the class allows one thread at a time.", false},
	    {HG_KIND_WRONG_THREAD, 0, "which is only for the thread that created it", false},
	    {HG_KIND_FREED_LATE, 2, "The last call in flight on stream 0x99 has left, on", false},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *text = flat(tell(builder_of_kind(kinds[i].kind, kinds[i].symbol, 0)));
		ck_assert_has(text, kinds[i].words);
		ck_assert_has(text, kinds[i].prevented ? "Without the guard: " : "What it means: ");
		ck_assert_has_not(text, kinds[i].prevented ? "What it means" : "Without the guard");
		ck_assert_has(text, "Usual cause: ");
		ck_assert_has(text, "Fix: ");
	}
}
END_TEST

static const char *describe_holders(enum hg_kind kind, uint32_t flags)
{
	struct builder *builder = builder_example();
	struct draft draft;
	builder->classes[0].limit = 31;
	builder->sites[0].key = 0;
	memset(builder->ring, 0, BUILDER_RING);
	builder->header->ring_head = 0;
	draft_begin(&draft, kind, 0, 0x99);
	draft.head->flags = flags;
	draft.head->unlisted_holders = 2;
	draft.head->unlisted_handles = 3;
	draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){0x400120}, 1);
	for (uint32_t tid = 7; tid < 9; tid++) {
		struct hg_record_party *party = draft_party(&draft, HG_PARTY_HOLDER, tid, 0, (uint64_t[]){0x400100}, 1);
		party->claims = tid - 6;
		party->value = 0x99 - tid;
	}
	builder_write_finding(builder, &draft);
	return flat(tell(builder));
}

START_TEST(who_was_cut_off_is_named)
{
	const char *text = describe_holders(HG_KIND_SEVERED, 0);
	ck_assert_has(text, "Thread 1 disconnected stream 0x99 with net_free while thread 8, from example, and 3 other "
	                    "holders still claimed it. It was cut off for everybody");
	ck_assert_has(text, "Cut off, from example: net_open in thread 7");
	ck_assert_has(text, "Cut off, with the latest of 2 claims, from example: net_open in thread 8");
	ck_assert_has(text, "and 2 more holders");
	text = describe_holders(HG_KIND_SEVERED, HG_FINDING_WITHHELD);
	ck_assert_has(text, "The disconnect was withheld: the handle lives on until nobody claims it any more.");
	ck_assert_has(text, "Would have been cut off, from example: net_open in thread 7");
	ck_assert_has_not(text, "It was cut off");
}
END_TEST

START_TEST(who_holds_the_last_handles_is_listed)
{
	const char *text = describe_holders(HG_KIND_EXHAUSTED, 0);
	ck_assert_has(text, "the last of the 31 handles that the class can have at once.");
	ck_assert_has(text, "0x91     net_open, thread 8, 2 claims, from example");
	ck_assert_has(text, "0x92     net_open, thread 7, from example");
	ck_assert_has(text, "and 3 more live handles");
}
END_TEST

START_TEST(a_split_half_is_recognised)
{
	struct builder *builder = builder_example();
	builder->symbols[0].roles = HG_ROLE_CREATE | HG_ROLE_FREE;
	ck_assert_has(flat(tell(builder)), "The handle is one half of a handle that was split");
}
END_TEST

START_TEST(a_deferred_free_says_that_it_did_not_wait)
{
	struct builder *builder = builder_example();
	struct draft draft;
	draft_begin(&draft, HG_KIND_LATE_FREE, 0, 0x99);
	draft.head->flags = HG_FINDING_DEFERRED;
	draft_party(&draft, HG_PARTY_CALL, 1, 2, NULL, 0);
	builder_write_finding(builder, &draft);
	ck_assert_has(flat(tell(builder)), "The free returned at once, and was left to the last of them to leave.");
}
END_TEST

START_TEST(a_stack_that_is_gone_says_so)
{
	struct resolved resolved = tell(builder_of_kind(HG_KIND_LATE_FREE, 2, 0));
	ck_assert_has(resolved.out, "(the call ended before its stack could be walked)");
}
END_TEST

START_TEST(what_was_given_up_is_told_with_its_meaning)
{
	struct builder *builder = builder_example();
	builder->header->counters[HG_COUNTER_FRAMES_FULL] = 3;
	builder_reserve(builder, 512);
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out, "  gave up     frames-full 3: calls in flight beyond the first 64 of a thread");
	ck_assert_has(resolved.out, "              findings-torn 1: ");
}
END_TEST

static void one_frame(struct hg_record_thread *thread, int at, uint64_t guard, uint64_t slot, uint64_t value,
                      uint64_t fp)
{
	thread->frames[at] =
	    (struct hg_frame){.guard = guard, .slot = slot, .value = value, .fp = fp, .caller = 0x400100};
}

START_TEST(a_call_in_flight_is_told_once_with_the_handles_that_it_has)
{
	struct builder *builder = builder_example();
	struct hg_record_thread *thread = (void *)builder->threads;
	one_frame(thread, 0, 0x1000, builder->symbols[1].slot, 0x51, 0x7000);
	one_frame(thread, 1, 0x1100, builder->symbols[1].slot, 0x52, 0x7000);
	one_frame(thread, 2, 0x1000, builder->symbols[1].slot, 0x53, 0x6000);
	one_frame(thread, 3, HG_FRAME_FREE, builder->symbols[0].slot, 0, 0x5000);
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out,
	              "  was in      net_recv of stream 0x51, 0x52 in thread 1235 (reader), called from\n");
	ck_assert_has(resolved.out, "\n              net_recv of stream 0x53 in thread 1235 (reader), called from\n");
	ck_assert_has(resolved.out, "\n              net_open in thread 1235 (reader), called from\n");
	ck_assert_has_not(resolved.out, "0x0");
}
END_TEST

/* Whichever is the more frequent. */
START_TEST(causes_come_before_what_they_lead_to)
{
	struct builder *builder = builder_example();
	builder_site(builder, HG_KIND_LATE_OP, 0, 1, 2, 100);
	builder_site(builder, HG_KIND_REPEAT_FREE, 0, 2, 2, 50);
	builder_site(builder, HG_KIND_REENTRANT_FREE, 0, 2, 1, 1);
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out, "\n1. error: late-free");
	ck_assert_has(resolved.out, "\n2. error: reentrant-free");
	ck_assert_has(resolved.out, "\n3. error: repeat-free");
	ck_assert_has(resolved.out, "\n4. error: late-op");
}
END_TEST

static void write_orphan(struct builder *builder, uint32_t symbol, uint64_t pc, uint32_t child_symbol)
{
	struct draft draft;
	draft_begin(&draft, HG_KIND_ORPHAN, 0, 0x99);
	draft_party(&draft, HG_PARTY_CALL, 1, symbol, &pc, 1);
	if (child_symbol != UINT32_MAX)
		draft_party(&draft, HG_PARTY_CHILD, 1, child_symbol, (uint64_t[]){0x400130}, 1);
	draft_party(&draft, HG_PARTY_CREATE, 1, 0, (uint64_t[]){0x400140}, 1);
	builder_write_finding(builder, &draft);
}

START_TEST(a_parents_free_comes_first_and_once_whichever_its_children)
{
	struct builder *builder = builder_example();
	for (int i = 0; i < 3; i++)
		write_orphan(builder, 1, 0x400150, UINT32_MAX);
	write_orphan(builder, 2, 0x400160, 0);
	write_orphan(builder, 2, 0x400160, 1);
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out, "\n2. error: orphan of stream, net_free\n");
	ck_assert_has(resolved.out, "\n   2 times");
	ck_assert_has(strstr(resolved.out, "\n   2 times"), "\n3. error: orphan of stream, net_recv\n");
	ck_assert_has(strstr(resolved.out, "\n3. error"), "\n   3 times");
	ck_assert_has(resolved.out, "handleguard: 3 findings");
}
END_TEST

START_TEST(who_created_a_goroutine_stands_behind_its_frames)
{
	struct builder *builder = builder_new();
	struct draft draft;
	uint32_t class = builder_class(builder, "stream");
	uint32_t close = builder_symbol(builder, "net_free", class, HG_ROLE_FREE, HG_SYMBOL_BOUND);
	uint32_t told[] = {builder_told(builder, "main.stop", "/src/main.go", 34, HG_LANGUAGE_GO),
	                   builder_told(builder, "context.(*afterFuncCtx).cancel.func1", "/go/src/context/context.go",
	                                356, HG_LANGUAGE_GO | HG_TOLD_CREATOR)};
	draft_begin(&draft, HG_KIND_LATE_FREE, class, 0x5555);
	draft_told(&draft, draft_party(&draft, HG_PARTY_CALL, 1236, close, (uint64_t[]){0x400100}, 1), told, 2);
	builder_write_finding(builder, &draft);
	struct resolved resolved = tell(builder);
	ck_assert_has(resolved.out,
	              "     #0  main.stop at /src/main.go:34\n"
	              "     created by context.(*afterFuncCtx).cancel.func1 at /go/src/context/context.go:356\n");
	ck_assert_has(flat(resolved),
	              "The free came from a function that context.AfterFunc runs when the context is done.");
}
END_TEST

/* Of a call by thread 1 two million ticks after the start, and a free by thread 7 one million ticks after it. */
static const char *with_labels(const struct hg_record_label *labels, const char *const *texts, size_t count)
{
	struct builder *builder = builder_of_kind(HG_KIND_LATE_OP, 1, 7);
	for (size_t i = 0; i < count; i++)
		builder_label(builder, builder->header->start_ticks + labels[i].ticks, labels[i].tid, texts[i]);
	return flat(tell(builder));
}
#define WITH_LABELS(texts, ...)                                                                                        \
	with_labels((const struct hg_record_label[]){__VA_ARGS__}, texts,                                              \
	            sizeof((const struct hg_record_label[]){__VA_ARGS__}) / sizeof(struct hg_record_label))
#define TEXTS(...)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}

START_TEST(the_test_of_each_side_is_named)
{
	ck_assert_has(WITH_LABELS(TEXTS("test_a", "test_b", "test_c"), {500000, 7, 0}, {600000, 1, 0}, {2500000, 1, 0}),
	              "Test: test_b; the free: test_a Op: ");
	ck_assert_has(WITH_LABELS(TEXTS("test_a", "test_a"), {500000, 7, 0}, {600000, 1, 0}), "Test: test_a Op: ");
}
END_TEST

START_TEST(the_test_of_a_thread_that_says_none_is_a_guess)
{
	ck_assert_has(WITH_LABELS(TEXTS("test_a", "test_b"), {500000, 7, 0}, {1500000, 9, 0}),
	              "Test: test_b?; the free: test_a Op: ");
	const char *text = WITH_LABELS(TEXTS("test_a", "", "test_b"), {500000, 9, 0}, {600000, 9, 0}, {2500000, 9, 0});
	ck_assert_ptr_null(strstr(text, "Test:"));
}
END_TEST

START_TEST(texts_of_a_recording_cannot_talk_to_the_terminal)
{
	struct builder *builder = builder_example();
	struct hg_record_thread *thread = (void *)builder->threads;
	thread->frames[0].guard = 8;
	strcpy(thread->name, "\033[31mred\a\xff");
	strcpy(builder->header->executable, "/tmp/\033]0;title\007");
	builder->header->command_length = sizeof "sh\0-c\0echo 'a\nb'\033";
	memcpy(builder->header->command, "sh\0-c\0echo 'a\nb'\033", builder->header->command_length);
	struct resolved resolved = tell(builder);
	ck_assert_has_not(resolved.out, "\033");
	ck_assert_has_not(resolved.out, "\007");
	ck_assert_has(resolved.out, "(\\x1b[31mred\\x07\xef\xbf\xbd)");
	ck_assert_has(resolved.out, "command     sh -c $'echo \\'a\\nb\\'\\x1b'\n");
}
END_TEST

int main(void)
{
	return RUN_SUITE(
	    "text", the_first_page_proves_what_was_seen, the_users_own_frames_come_first_and_c_is_folded,
	    who_created_a_goroutine_stands_behind_its_frames, a_full_report_has_the_frames_of_c_too,
	    a_late_free_is_told_as_a_person_would, lines_are_not_too_long, long_lists_are_cut,
	    the_same_advice_is_given_once, a_repeat_free_says_who_was_first, a_late_op_says_that_it_was_turned_away,
	    a_thread_that_had_last_seen_an_older_handle_is_named, observing_claims_no_rescue,
	    what_could_not_be_held_up_is_told_as_what_happened, in_abort_mode_the_process_was_ended_there,
	    only_what_was_prevented_is_said_to_be, every_kind_has_its_words, who_was_cut_off_is_named,
	    who_holds_the_last_handles_is_listed, a_split_half_is_recognised, a_deferred_free_says_that_it_did_not_wait,
	    a_stack_that_is_gone_says_so, what_was_given_up_is_told_with_its_meaning, the_test_of_each_side_is_named,
	    the_test_of_a_thread_that_says_none_is_a_guess, a_call_in_flight_is_told_once_with_the_handles_that_it_has,
	    causes_come_before_what_they_lead_to, a_parents_free_comes_first_and_once_whichever_its_children,
	    texts_of_a_recording_cannot_talk_to_the_terminal);
}
