/* Code that is none: whatever the bytes are, they are read within their bounds, and no processor's time is lost. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "code/called_word.h"
#include "code/effects.h"
#include "harness.h"

enum { ROUNDS = 10000, STARTS = 4, MOST = 600, LONGEST = 15 };

/* A page, before and after which nothing can be read. */
static uint8_t *page;
static size_t page_size;

static uint64_t any(void)
{
	static uint64_t state = 88172645463325252;
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static bool map_page(void)
{
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *low = mmap(NULL, 3 * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page = low + page_size;
	return low != MAP_FAILED && mprotect(page, page_size, PROT_READ | PROT_WRITE) == 0;
}

/* Bytes of this program with some changes, or any at all. */
static void fill(uint8_t *at, size_t size)
{
	const uint8_t *code = (const uint8_t *)&hg_called_word;
	memcpy(at, code, size);
	unsigned changes = any() % 2 ? (unsigned)(any() % 8) : (unsigned)size;
	for (unsigned i = 0; i < changes; i++)
		at[any() % size] = (uint8_t)any();
}

static bool is_odd(uint64_t word, const void *argument)
{
	(void)argument;
	return word % 2;
}

/* Functions that begin anywhere, from the first byte on. */
static void set_starts(int32_t *starts, size_t size)
{
	int32_t at = 0;
	for (unsigned i = 0; i < STARTS; i++, at += (int32_t)(any() % (size / STARTS + 1)))
		starts[2 * i] = at;
}

static void set_registers(struct hg_entry_state *entry)
{
	entry->known = (uint32_t)any();
	for (unsigned i = 0; i < HG_ENTRY_REGISTERS; i++)
		entry->registers[i] = any() % 2 ? any() : (uint64_t)page + any() % page_size;
}

static void read_code(const struct hg_code *code)
{
	struct hg_entry_state entry;
	uint64_t function;
	set_registers(&entry);
	for (int i = 0; i < 8; i++) {
		entry.site = i ? code->low - 2 + any() % (code->high - code->low + 4) : any();
		hg_called_word(code, &entry, &function);
		ck_assert_msg(!function || hg_code_end_of(code, function), "a function that does not begin there");
	}
	for (unsigned i = 0; i < STARTS; i++)
		hg_jumps_through(code, &entry, code->base + (uint64_t)code->starts[2 * i], is_odd, NULL);
}

START_TEST(bytes_at_the_end_of_what_can_be_read)
{
	int32_t starts[2 * STARTS] = {0};
	for (int i = 0; i < ROUNDS; i++) {
		size_t size = 1 + any() % MOST;
		uint8_t *low = page + page_size - size;
		struct hg_code code = {.low = (uint64_t)low, .high = (uint64_t)low + size, .base = (uint64_t)low};
		fill(low, size);
		set_starts(starts, size);
		code.starts = starts;
		code.start_count = STARTS;
		read_code(&code);
	}
}
END_TEST

START_TEST(instruction_that_does_not_end)
{
	struct hg_instruction instruction;
	struct hg_effect effect;
	uint64_t high = (uint64_t)page + page_size;
	for (int i = 0; i < ROUNDS; i++) {
		fill(page + page_size - LONGEST, LONGEST);
		for (uint64_t at = high - LONGEST; at < high; at++) {
			hg_read_instruction(at, high, &instruction);
			ck_assert_uint_le(at + instruction.length, high);
			hg_effect_on(at, high, (unsigned)(any() % HG_ENTRY_REGISTERS), &effect);
			hg_goes_by(at, high, &effect);
		}
	}
}
END_TEST

/* What the first bytes say does not depend on what follows, and is the same where just these can be read. */
START_TEST(instruction_at_the_end)
{
	struct hg_instruction instruction, last;
	for (int i = 0; i < ROUNDS; i++) {
		fill(page, LONGEST);
		hg_read_instruction((uint64_t)page, (uint64_t)page + page_size, &instruction);
		if (!instruction.length)
			continue;
		uint8_t *at = page + page_size - instruction.length;
		memcpy(at, page, instruction.length);
		hg_read_instruction((uint64_t)at, (uint64_t)page + page_size, &last);
		ck_assert_uint_eq(last.length, instruction.length);
		ck_assert_uint_eq(last.changes, instruction.changes);
		ck_assert_int_eq(last.way, instruction.way);
		hg_read_instruction((uint64_t)at, (uint64_t)page + page_size - 1, &last);
		ck_assert_uint_eq(last.length, 0);
	}
}
END_TEST

int main(void)
{
	if (!map_page())
		return EXIT_FAILURE;
	return RUN_SUITE("any bytes", bytes_at_the_end_of_what_can_be_read, instruction_that_does_not_end,
	                 instruction_at_the_end);
}
