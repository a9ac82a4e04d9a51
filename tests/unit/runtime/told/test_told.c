/* Frames of the languages above C: what the recording keeps of them, each once. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format/reader.h"
#include "format/user_place.h"
#include "harness.h"
#include "record/recording.h"
#include "told/told.h"
#include "told/told_frame.h"
#include "told/told_place.h"

enum { WORKERS = 4, TEXTS = 500 };

static uint32_t text(const char *words)
{
	return hg_told_text(words, strlen(words));
}

static uint32_t frame(const char *function, const char *file, uint32_t line)
{
	return hg_told_number(&(struct hg_record_told){
	    .function = text(function), .file = text(file), .line = line, .flags = HG_LANGUAGE_GO});
}

START_TEST(a_text_is_kept_once)
{
	start();
	uint32_t one = hg_told_text("main.run, and more", strlen("main.run"));
	ck_assert_uint_eq(text("main.run"), one);
	ck_assert_uint_ne(text("main.runs"), one);
	ck_assert_uint_eq(text(""), 0);
	ck_assert_str_eq(hg_reader_text(read_back(), one), "main.run");
}
END_TEST

START_TEST(a_text_that_is_too_long_is_cut_and_counted)
{
	char longest[2000];
	start();
	memset(longest, 'x', sizeof longest);
	uint32_t number = hg_told_text(longest, sizeof longest);
	ck_assert_uint_eq(strlen(hg_reader_text(read_back(), number)), 1023);
	ck_assert_uint_eq(counter(HG_COUNTER_TOLD_FULL), 1);
}
END_TEST

START_TEST(a_frame_is_kept_once_and_read_back)
{
	start();
	uint32_t one = frame("main.run", "/src/main.go", 7), other = frame("main.run", "/src/main.go", 8);
	ck_assert_uint_ne(one, HG_TOLD_NONE);
	ck_assert_uint_ne(one, other);
	ck_assert_uint_eq(frame("main.run", "/src/main.go", 7), one);
	const struct hg_reader *reader = read_back();
	const struct hg_record_told *told = hg_reader_told(reader, one);
	ck_assert_ptr_nonnull(told);
	ck_assert_str_eq(hg_reader_text(reader, told->function), "main.run");
	ck_assert_str_eq(hg_reader_text(reader, told->file), "/src/main.go");
	ck_assert_uint_eq(told->line, 7);
	ck_assert_ptr_null(hg_reader_told(reader, other + 1));
}
END_TEST

START_TEST(what_there_is_no_room_for_is_counted)
{
	struct hg_record_told record = {.flags = HG_LANGUAGE_GO};
	start();
	while (hg_told_number(&record) != HG_TOLD_NONE)
		record.line++;
	ck_assert_uint_gt(record.line, 10000);
	ck_assert_uint_ge(counter(HG_COUNTER_TOLD_FULL), 1);
	record.line = 5;
	ck_assert_uint_ne(hg_told_number(&record), HG_TOLD_NONE);
}
END_TEST

static pthread_barrier_t together;
static uint32_t kept[WORKERS][TEXTS];

static void *keep_all(void *argument)
{
	uint64_t worker = (uint64_t)argument;
	for (unsigned i = 0; i < TEXTS; i++) {
		char words[32];
		if (i % 20 == 0)
			pthread_barrier_wait(&together);
		snprintf(words, sizeof words, "main.f%u", i);
		kept[worker][i] = frame(words, "/src/main.go", i);
	}
	return NULL;
}

START_TEST(threads_with_the_same_frame_get_one_number)
{
	pthread_t threads[WORKERS];
	start();
	pthread_barrier_init(&together, NULL, WORKERS);
	for (uint64_t i = 0; i < WORKERS; i++)
		threads[i] = spawn(keep_all, (void *)i);
	for (int i = 0; i < WORKERS; i++)
		join(threads[i]);
	for (int i = 0; i < TEXTS; i++)
		for (int worker = 1; worker < WORKERS; worker++)
			ck_assert_uint_eq(kept[worker][i], kept[0][i]);
}
END_TEST

START_TEST(reading_stops_where_memory_ends)
{
	char copy[64];
	long page = sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(memory + page, (size_t)page, PROT_NONE);
	memset(memory, 'm', (size_t)page);
	start();
	ck_assert_uint_eq(hg_told_read((uint64_t)memory, copy, sizeof copy), sizeof copy);
	ck_assert_uint_eq(copy[63], 'm');
	ck_assert_uint_eq(hg_told_read((uint64_t)(memory + page - 16), copy, sizeof copy), 16);
	ck_assert_uint_eq(hg_told_read((uint64_t)(memory + page), copy, sizeof copy), 0);
	ck_assert_uint_eq(hg_told_read(8, copy, sizeof copy), 0);
}
END_TEST

/* The place of `count` frames of the binding's folder under one of a user's at a line. */
static uint64_t place_under(unsigned count, uint32_t line)
{
	uint32_t told[20];
	for (unsigned i = 0; i < count; i++)
		told[i] = frame("net.(*Stream).Close", "/mod/net/stream.go", 10 + i);
	told[count] = frame("main.run", "/src/main.go", line);
	told[count + 1] = frame("main.main", "/src/main.go", 3);
	return hg_told_place(told, count + 2);
}

START_TEST(a_place_reaches_out_past_the_binding)
{
	start();
	ck_assert_uint_ne(place_under(1, 7), place_under(1, 8));
	ck_assert_uint_ne(place_under(6, 7), place_under(6, 8));
	ck_assert_uint_eq(place_under(6, 7), place_under(6, 7));
	ck_assert_uint_eq(hg_told_place(NULL, 0), 0);
}
END_TEST

START_TEST(what_lies_further_out_is_no_other_place)
{
	start();
	uint32_t one[] = {frame("net.Close", "/mod/net/a.go", 1), frame("main.run", "/src/m.go", 2),
	                  frame("main.all", "/src/m.go", 3), frame("main.main", "/src/m.go", 4)};
	uint32_t other[] = {one[0], one[1], one[2], frame("main.main", "/src/m.go", 5)};
	ck_assert_uint_eq(hg_told_place(one, 4), hg_told_place(other, 4));
}
END_TEST

int main(void)
{
	return RUN_SUITE("told", a_text_is_kept_once, a_text_that_is_too_long_is_cut_and_counted,
	                 a_frame_is_kept_once_and_read_back, what_there_is_no_room_for_is_counted,
	                 threads_with_the_same_frame_get_one_number, reading_stops_where_memory_ends,
	                 a_place_reaches_out_past_the_binding, what_lies_further_out_is_no_other_place);
}
