/* Through which word of memory did a call go? The shapes in shapes.S are run, and judged from within what they call;
 * those of signed pointers are only read. */
#include <inttypes.h>
#include <link.h>
#include <stdio.h>

#include "called_word.h"

struct shape {
	void (*run)(uint64_t *table, uint64_t function, uint64_t index);
	const char *name;
	int64_t word, jumps;
};
extern const struct shape __start_shapes[], __stop_shapes[];
extern const uint64_t __start_signed_sites[], __stop_signed_sites[];
extern const uint32_t signed_jump[], calls_stub[], taking[], taking_end[];
enum { WORDS = 8 };
extern uint64_t table[WORDS];
void judge(unsigned called);

struct hg_entry_state seen;
static struct hg_code code;
static const struct shape *now;
static unsigned judged, failed;

static void fail(const char *name, const char *what, uint64_t word)
{
	printf("%s: %s %#" PRIx64 " (the table is at %p)\n", name, what, word, (void *)table);
	failed++;
}

static bool is_word(uint64_t word, const void *argument)
{
	return word == (uint64_t)argument;
}

static void judge_jumps(uint64_t function)
{
	for (int64_t i = 0; i < WORDS; i++)
		if (hg_jumps_through(&code, &seen, function, is_word, &table[i]) != (i == now->word))
			fail(now->name, "jumps or not through", (uint64_t)&table[i]);
}

void judge(unsigned called)
{
	uint64_t function, word;
	seen.known = UINT32_C(0xbff803ff); /* as the trampolines leave them: without x10 to x18, and x30 */
	word = hg_called_word(&code, &seen, &function);
	judged++;
	if (now->jumps) {
		judge_jumps(function);
		return;
	}
	if (word != (now->word < 0 ? 0 : (uint64_t)&table[now->word]))
		fail(now->name, "word", word);
	if (function != table[called] && (function || now->word >= 0))
		fail(now->name, "function", function);
}

/* --- what is only read --- */

static void read_signed(void)
{
	uint64_t function, word;
	struct hg_entry_state entry = {.registers = {[0] = (uint64_t)table, [3] = table[1]}, .known = 1 | 1 << 3};
	for (const uint64_t *site = __start_signed_sites; site < __stop_signed_sites; site++) {
		entry.site = *site;
		word = hg_called_word(&code, &entry, &function);
		if (word != (uint64_t)&table[1])
			fail("signed call", "word", word);
	}
	if (__stop_signed_sites - __start_signed_sites != 4)
		fail("signed calls", "are fewer", 4);
	if (!hg_jumps_through(&code, &entry, (uint64_t)signed_jump, is_word, &table[1]))
		fail("signed jump", "does not go through", (uint64_t)&table[1]);
	entry.site = (uint64_t)(calls_stub + 1);
	word = hg_called_word(&code, &entry, &function);
	if (word != (uint64_t)&table[3])
		fail("stub that checks a signature", "word", word);
}

static void read_taken(void)
{
	static const bool taken[WORDS] = {[1] = true, [2] = true, [3] = true};
	uint64_t at[WORDS];
	struct hg_called_words words = {
	    .low = (uint64_t)table, .high = (uint64_t)(table + WORDS), .at = at, .count = WORDS};
	for (unsigned i = 0; i < WORDS; i++)
		at[i] = (uint64_t)&table[i];
	hg_find_taken_words((uint64_t)taking, (uint64_t)taking_end, &words);
	for (unsigned i = 0; i < WORDS; i++)
		if ((at[i] == 0) != taken[i])
			fail("code that takes words", "is wrong about", (uint64_t)&table[i]);
}

/* --- the rest --- */

/* The program's code, and where its functions begin. */
static int find_code(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	(void)argument;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uint64_t at = info->dlpi_addr + segment->p_vaddr;
		if (segment->p_type == PT_LOAD && segment->p_flags & PF_X) {
			code.low = at;
			code.high = at + segment->p_memsz;
		}
		if (segment->p_type == PT_GNU_EH_FRAME) {
			code.base = at;
			code.start_count = ((const uint32_t *)at)[2];
			code.starts = (const int32_t *)at + 3;
		}
	}
	return 1;
}

int main(void)
{
	dl_iterate_phdr(find_code, NULL);
	for (now = __start_shapes; now < __stop_shapes; now++)
		now->run(table, table[6], 3);
	if (judged != __stop_shapes - __start_shapes)
		fail("shapes", "that were judged", judged);
	read_signed();
	read_taken();
	return failed != 0;
}
