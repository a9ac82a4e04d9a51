/* Through which word of memory did a call go? The shapes in shapes_*.S are run, and judged from within what they call;
 * those that not every processor can run are only read. */
#include <inttypes.h>
#include <link.h>
#include <stdio.h>

#include "code/called_word.h"
#include "code/code_run.h"

struct shape {
	void (*run)(uint64_t *table, uint64_t function, uint64_t index);
	const char *name;
	int64_t word, jumps;
};
extern const struct shape __start_shapes[], __stop_shapes[];
extern const uint64_t __start_read_sites[], __stop_read_sites[];
extern const uint8_t calls_stub[], taking[], taking_end[];
#if defined(__x86_64__)
/* As the trampolines leave them: without r11. Registers that stand for rdi and rax, the length of a call of a stub, and
 * how many shapes are only read. */
enum { KNOWN = 0xf7ff, FIRST = 7, CALLED = 0, CALL_LENGTH = 5, READ = 14 };
#else
/* Without x10 to x18, and x30. */
#define KNOWN UINT32_C(0xbff803ff)
enum { FIRST = 0, CALLED = 3, CALL_LENGTH = 4, READ = 4 };
extern const uint8_t signed_jump[];
#endif
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

/* By code that is read for it, and then, twice, by what has been kept of that. */
static uint64_t called_word(uint64_t *function)
{
	static struct hg_runs runs;
	uint64_t again;
	code.runs = NULL;
	uint64_t word = hg_called_word(&code, &seen, function);
	code.runs = &runs;
	for (int i = 0; i < 2; i++)
		if (hg_called_word(&code, &seen, &again) != word || again != *function)
			fail(now->name, "another word or function", again);
	return word;
}

void judge(unsigned called)
{
	uint64_t function, word;
	seen.known = KNOWN;
	word = called_word(&function);
	judged++;
	if (now->jumps) {
		if (word && word != (uint64_t)&table[now->word])
			fail(now->name, "word", word);
		judge_jumps(function);
		return;
	}
	if (word != (now->word < 0 ? 0 : (uint64_t)&table[now->word]))
		fail(now->name, "word", word);
	if (function != table[called] && (function || now->word >= 0))
		fail(now->name, "function", function);
}

/* --- what is only read --- */

static void read_sites(void)
{
	uint64_t function, word;
	struct hg_entry_state entry = {.registers = {[FIRST] = (uint64_t)table, [CALLED] = table[1]},
	                               .known = 1U << FIRST | 1U << CALLED};
	for (const uint64_t *site = __start_read_sites; site < __stop_read_sites; site++) {
		entry.site = *site;
		word = hg_called_word(&code, &entry, &function);
		if (word != (uint64_t)&table[1])
			fail("call that is read", "word", word),
			    printf("its number is %d\n", (int)(site - __start_read_sites));
	}
	if (__stop_read_sites - __start_read_sites != READ)
		fail("calls that are read", "are as many", (uint64_t)(__stop_read_sites - __start_read_sites));
	entry.site = (uint64_t)(calls_stub + CALL_LENGTH);
	word = hg_called_word(&code, &entry, &function);
	if (word != (uint64_t)&table[3])
		fail("stub", "word", word);
#if defined(__aarch64__)
	if (!hg_jumps_through(&code, &entry, (uint64_t)signed_jump, is_word, &table[1]))
		fail("signed jump", "does not go through", (uint64_t)&table[1]);
#endif
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
	read_sites();
	read_taken();
	return failed != 0;
}
