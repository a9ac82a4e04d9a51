/* Machine code, and through which word of memory a call or a jump in it went. */
#include <string.h>

#include "code/called_word.h"
#include "harness.h"

enum { SIZE = 256, CALL_AT = 100, RBX = 3, R12 = 12, RAX = 0 };

/* Code and words of one library. */
static struct {
	_Alignas(16) uint8_t code[SIZE];
	uint64_t words[8];
} library;

static struct hg_code code_of_library(void)
{
	return (struct hg_code){.low = (uint64_t)library.code, .high = (uint64_t)library.code + SIZE};
}

static void put(unsigned at, const void *bytes, unsigned count)
{
	memcpy(library.code + at, bytes, count);
}

/* A displacement of four bytes from its end to a place. */
static void put_distance(unsigned at, const void *to)
{
	int32_t distance = (int32_t)((const uint8_t *)to - (library.code + at + 4));
	put(at, &distance, sizeof distance);
}

static void empty(void)
{
	memset(library.code, 0x90, SIZE);
	memset(library.words, 0, sizeof library.words);
}

static struct hg_entry_state returns_to(unsigned at)
{
	return (struct hg_entry_state){.site = (uint64_t)library.code + at};
}

static void know(struct hg_entry_state *entry, unsigned number, const void *value)
{
	entry->registers[number] = (uint64_t)value;
	entry->known |= 1u << number;
}

static void check_word(const struct hg_entry_state *entry, const void *word)
{
	struct hg_code code = code_of_library();
	uint64_t function;
	ck_assert_uint_eq(hg_called_word(&code, entry, &function), (uint64_t)word);
}

START_TEST(call_through_a_word)
{
	put(CALL_AT, "\xff\x15", 2);
	put_distance(CALL_AT + 2, &library.words[3]);
	struct hg_entry_state entry = returns_to(CALL_AT + 6);
	check_word(&entry, &library.words[3]);
}
END_TEST

START_TEST(call_of_a_stub)
{
	static const char *const stubs[] = {"\xff\x25", "\xf2\xff\x25", "\xf3\x0f\x1e\xfa\xff\x25",
	                                    "\xf3\x0f\x1e\xfa\xf2\xff\x25"};
	for (size_t i = 0; i < sizeof stubs / sizeof *stubs; i++) {
		unsigned length = (unsigned)strlen(stubs[i]);
		empty();
		put(16, stubs[i], length);
		put_distance(16 + length, &library.words[i]);
		put(CALL_AT, "\xe8", 1);
		put_distance(CALL_AT + 1, library.code + 16);
		struct hg_entry_state entry = returns_to(CALL_AT + 5);
		check_word(&entry, &library.words[i]);
	}
}
END_TEST

START_TEST(call_by_a_table_in_a_register)
{
	struct hg_entry_state entry = returns_to(CALL_AT + 3);
	know(&entry, RBX, library.words);
	put(CALL_AT, "\xff\x53\x10", 3); /* call *16(%rbx) */
	check_word(&entry, &library.words[2]);
	entry = returns_to(CALL_AT + 5);
	know(&entry, R12, library.words);
	put(CALL_AT, "\x41\xff\x54\x24\x08", 5); /* call *8(%r12) */
	check_word(&entry, &library.words[1]);
}
END_TEST

START_TEST(call_by_a_register_that_is_not_known)
{
	struct hg_entry_state entry = returns_to(CALL_AT + 3);
	put(CALL_AT, "\xff\x53\x10", 3); /* call *16(%rbx) */
	check_word(&entry, NULL);
}
END_TEST

START_TEST(register_that_was_loaded_from_a_word)
{
	put(CALL_AT - 20, "\x48\x8b\x1d", 3); /* mov word(%rip), %rbx */
	put_distance(CALL_AT - 17, &library.words[5]);
	put(CALL_AT, "\xff\xd3", 2); /* call *%rbx */
	library.words[5] = (uint64_t)(library.code + 8);
	struct hg_entry_state entry = returns_to(CALL_AT + 2);
	know(&entry, RBX, library.code + 8);
	check_word(&entry, &library.words[5]);
}
END_TEST

START_TEST(register_that_was_loaded_from_a_table)
{
	library.words[0] = (uint64_t)&library.words[4];
	library.words[5] = (uint64_t)library.code;
	put(CALL_AT - 24, "\x48\x8b\x1d", 3); /* mov table(%rip), %rbx */
	put_distance(CALL_AT - 21, &library.words[0]);
	put(CALL_AT - 8, "\x48\x8b\x43\x08", 4); /* mov 8(%rbx), %rax */
	put(CALL_AT, "\xff\xd0", 2);             /* call *%rax */
	struct hg_entry_state entry = returns_to(CALL_AT + 2);
	check_word(&entry, &library.words[5]);
}
END_TEST

START_TEST(no_call_at_all)
{
	struct hg_entry_state entry = returns_to(CALL_AT);
	check_word(&entry, NULL);
	entry.site = (uint64_t)library.code;
	check_word(&entry, NULL);
	entry.site = (uint64_t)library.code + SIZE + 1;
	check_word(&entry, NULL);
}
END_TEST

/* --- jumps --- */

static bool is_word(uint64_t word, const void *argument)
{
	return word == (uint64_t)argument;
}

/* The library's functions begin at 0, 64 and 128. */
static bool jumps(unsigned function, const void *word)
{
	int32_t starts[6] = {0, 0, 64, 0, 128, 0};
	struct hg_code code = code_of_library();
	struct hg_entry_state entry = returns_to(0);
	code.base = code.low;
	code.starts = starts;
	code.start_count = 3;
	return hg_jumps_through(&code, &entry, code.low + function, is_word, word);
}

START_TEST(function_that_ends_in_a_jump)
{
	put(30, "\xff\x25", 2);
	put_distance(32, &library.words[1]);
	ck_assert(jumps(0, &library.words[1]));
	ck_assert(!jumps(0, &library.words[2]));
	ck_assert(!jumps(64, &library.words[1]));
	ck_assert_msg(!jumps(8, &library.words[1]), "no function begins there");
}
END_TEST

START_TEST(function_that_jumps_to_another)
{
	put(30, "\xe9", 1);
	put_distance(31, library.code + 64);
	put(70, "\xff\x25", 2);
	put_distance(72, &library.words[1]);
	ck_assert(jumps(0, &library.words[1]));
}
END_TEST

/* --- words that are taken --- */

START_TEST(word_that_is_more_than_called)
{
	uint64_t at[3];
	struct hg_called_words words = {
	    .low = (uint64_t)library.words, .high = (uint64_t)(library.words + 8), .at = at, .count = 3};
	for (unsigned i = 0; i < 3; i++)
		at[i] = (uint64_t)&library.words[i];
	put(10, "\xff\x15", 2); /* call */
	put_distance(12, &library.words[0]);
	put(30, "\x48\x8b\x05", 3); /* mov to %rax */
	put_distance(33, &library.words[1]);
	put(50, "\xff\x25", 2); /* jmp */
	put_distance(52, &library.words[2]);
	hg_find_taken_words((uint64_t)library.code, (uint64_t)library.code + SIZE, &words);
	ck_assert_uint_eq(at[0], (uint64_t)&library.words[0]);
	ck_assert_uint_eq(at[1], 0);
	ck_assert_uint_eq(at[2], (uint64_t)&library.words[2]);
}
END_TEST

int main(void)
{
	empty();
	return RUN_SUITE("called word", call_through_a_word, call_of_a_stub, call_by_a_table_in_a_register,
	                 call_by_a_register_that_is_not_known, register_that_was_loaded_from_a_word,
	                 register_that_was_loaded_from_a_table, no_call_at_all, function_that_ends_in_a_jump,
	                 function_that_jumps_to_another, word_that_is_more_than_called);
}
