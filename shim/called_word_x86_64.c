/* x86-64. Library code calls and jumps through words of memory: rip-relative ones (`call *word(%rip)`, and the stubs of
 * the procedure linkage table, which end in `jmp *word(%rip)`), and those that a register points to (`call *16(%rax)`).
 * (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2: CALL E8 and FF /2, JMP E9 and FF /4, the
 * ModR/M byte; ENDBR64 is F3 0F 1E FA.) */
#include "called_word.h"

#include <stddef.h>

#include "steps.h"

enum { LONGEST = 8 }; /* no limit: no instruction that matters has more bytes */
/* no limit: codes of instructions */
enum { CALL_DIRECT = 0xe8, JUMP_DIRECT = 0xe9, INDIRECT = 0xff, EXTENDED = 0x41, CALL = 2, JUMP = 4 };
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

struct unaligned {
	int32_t value;
} __attribute__((packed));

static int32_t word_at(const uint8_t *at)
{
	return ((const struct unaligned *)at)->value;
}

/* `at` is where the displacement stands, the last part of the instruction. */
static uint64_t target(const uint8_t *at)
{
	return (uint64_t)at + sizeof(int32_t) + (uint64_t)(int64_t)word_at(at);
}

static void know(struct hg_entry_state *entry, unsigned number, uint64_t value)
{
	entry->registers[number] = value;
	entry->known |= 1u << number;
}

void hg_entry_state_of(const struct hg_call *call, struct hg_entry_state *entry)
{
	static const uint8_t arguments[] = {RDI, RSI, RDX, RCX, R8, R9};
	const uint64_t *frame = (const uint64_t *)call->fp;
	entry->site = hg_call_site(call);
	entry->known = 0;
	for (unsigned i = 0; i < sizeof arguments; i++)
		know(entry, arguments[i], call->registers[i]);
	know(entry, RAX, call->others[0]);
	know(entry, R10, call->others[1]);
	/* cppcheck-suppress arrayIndexOutOfBounds; on other processors there are fewer */
	know(entry, R15, call->others[2]);
	know(entry, RSP, call->fp + 16);
	know(entry, RBP, frame[0]);
	know(entry, RBX, frame[-1]);
	know(entry, R12, frame[-2]);
	know(entry, R13, frame[-3]);
	know(entry, R14, frame[-4]);
}

/* --- one instruction --- */

struct operand {
	uint64_t word;   /* 0: in none */
	uint64_t target; /* of a register or a direct one */
	unsigned length; /* 0: it is no such instruction */
};

static bool value_of(const struct hg_entry_state *entry, unsigned number, uint64_t *value)
{
	*value = entry->registers[number];
	return entry->known >> number & 1;
}

/* FF /2 or /4 at `at`, by its ModR/M byte. What cannot be known has a length, and nothing else. */
static struct operand indirect(const struct hg_entry_state *entry, const uint8_t *at, unsigned operation)
{
	struct operand operand = {0};
	const uint8_t *start = at;
	unsigned more = *at == EXTENDED ? 8 : 0;
	at += more != 0;
	if (at[0] != INDIRECT || (at[1] >> 3 & 7) != operation)
		return operand;
	unsigned mode = at[1] >> 6, base = at[1] & 7;
	uint64_t value, displacement = 0;
	at += 2;
	if (mode == 0 && base == RBP) {
		operand.word = target(at);
		operand.length = (unsigned)(at + 4 - start);
		return operand;
	}
	bool plain = mode == 3 || base != RSP;
	if (!plain) {
		/* A base without an index. */
		plain = (*at >> 3 & 7) == RSP && !(mode == 0 && (*at & 7) == RBP);
		base = *at++ & 7;
	}
	if (mode == 1)
		displacement = (uint64_t)(int64_t)(int8_t)*at++;
	if (mode == 2) {
		displacement = (uint64_t)(int64_t)word_at(at);
		at += 4;
	}
	operand.length = (unsigned)(at - start);
	if (!plain || !value_of(entry, base | more, &value))
		return operand;
	if (mode == 3)
		operand.target = value;
	else
		operand.word = value + displacement;
	return operand;
}

/* The word of a stub in the procedure linkage table; 0: it is none. */
static uint64_t word_of_stub(const struct hg_code *code, uint64_t at)
{
	static const uint32_t landing_pad = 0xfa1e0ff3;
	enum { MOST = 12, BND = 0xf2, WORD = 0x25 }; /* no limit: no stub is longer */
	const uint8_t *stub = (const uint8_t *)at;
	if (at < code->low || at + MOST > code->high)
		return 0;
	if ((uint32_t)word_at(stub) == landing_pad)
		stub += sizeof landing_pad;
	stub += *stub == BND;
	return stub[0] == INDIRECT && stub[1] == WORD ? target(stub + 2) : 0;
}

/* A word that a library's dynamic linker may have filled lies near its code; what a register points to may lie nowhere.
 */
static uint64_t content(uint64_t word)
{
	return word % sizeof(uint64_t) == 0 && hg_readable((const void *)word) ? *(const uint64_t *)word : 0;
}

/* --- loads --- */

/* no limit: codes of instructions, and how many loads lead from a table to a function */
enum { LOAD = 0x8b, ADDRESS = 0x8d, WIDE = 0x48, WIDE_BASE = 0x49, WIDE_TARGET = 0x4c, WIDE_BOTH = 0x4d, LOADS = 2 };

static uint64_t value_before(const struct hg_entry_state *entry, unsigned number, const uint8_t *at,
                             const uint8_t *begin, int loads);

/* The word that the `mov` or `lea` at `at` has as its operand, if it sets this register; 0: it does not. */
static uint64_t loaded_word(const struct hg_entry_state *entry, unsigned number, const uint8_t *at,
                            const uint8_t *begin, int loads)
{
	unsigned prefix = at[0], mode = at[2] >> 6, base = (at[2] & 7) | (prefix & 1) << 3;
	if (prefix != WIDE && prefix != WIDE_BASE && prefix != WIDE_TARGET && prefix != WIDE_BOTH)
		return 0;
	if ((at[1] != LOAD && at[1] != ADDRESS) || ((at[2] >> 3 & 7) | (prefix & 4) << 1) != number || mode == 3)
		return 0;
	if (mode == 0 && (at[2] & 7) == RBP)
		return target(at + 3);
	if ((at[2] & 7) == RSP)
		return 0;
	uint64_t value = value_before(entry, base, at, begin, loads);
	uint64_t offset = mode == 1   ? (uint64_t)(int64_t)(int8_t)at[3]
	                  : mode == 2 ? (uint64_t)(int64_t)word_at(at + 3)
	                              : 0;
	return value ? value + offset : 0;
}

/* Where the last load into a register before `at` has read it from; 0: it is not seen. */
static uint64_t word_before(const struct hg_entry_state *entry, unsigned number, const uint8_t *at,
                            const uint8_t *begin, int loads)
{
	enum { SHORTEST = 3, NEAR = 48 }; /* no limit: compilers put what belongs together nearer */
	uint64_t word = 0;
	for (const uint8_t *load = at - SHORTEST; loads && !word && load >= begin && at - load < NEAR; load--)
		if (load[1] == LOAD)
			word = loaded_word(entry, number, load, begin, loads - 1);
	return word;
}

static uint64_t value_before(const struct hg_entry_state *entry, unsigned number, const uint8_t *at,
                             const uint8_t *begin, int loads)
{
	enum { SHORTEST = 3, NEAR = 48 }; /* no limit: compilers put what belongs together nearer */
	uint64_t word = word_before(entry, number, at, begin, loads);
	if (word)
		return content(word);
	for (const uint8_t *load = at - SHORTEST; load >= begin && at - load < NEAR; load--)
		if (load[1] == ADDRESS && (word = loaded_word(entry, number, load, begin, 0)))
			return word;
	return 0;
}

/* The word that a jump or call by a register goes through, by what was loaded into it. */
static uint64_t word_of_register(const struct hg_entry_state *entry, const uint8_t *at, const uint8_t *begin)
{
	unsigned more = *at == EXTENDED ? 8 : 0;
	return word_before(entry, (at[more != 0 ? 2 : 1] & 7) | more, at, begin, LOADS);
}

/* --- a call --- */

static uint64_t function_in(const struct hg_code *code, uint64_t at)
{
	return hg_code_end_of(code, at) ? at : 0;
}

uint64_t hg_called_word(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t *function)
{
	enum { SHORTEST = 2, DIRECT = 5 }; /* no limit: lengths of instructions */
	const uint8_t *after = (const uint8_t *)entry->site;
	*function = 0;
	if (entry->site < code->low + LONGEST || entry->site > code->high)
		return 0;
	if (after[-DIRECT] == CALL_DIRECT) {
		uint64_t to = target(after - 4), word = word_of_stub(code, to);
		*function = function_in(code, to);
		if (word || *function)
			return word;
	}
	for (unsigned length = LONGEST; length >= SHORTEST; length--) {
		struct operand operand = indirect(entry, after - length, CALL);
		if (operand.length != length)
			continue;
		*function = function_in(code, operand.word ? content(operand.word) : operand.target);
		if (!operand.word && !*function)
			operand.word = word_of_register(entry, after - length, (const uint8_t *)code->low);
		return operand.word;
	}
	return 0;
}

/* --- jumps --- */

enum { HOPS = 2 }; /* no limit: chains of jumps are not made longer */

static bool jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                          hg_word_test *is_own, const void *argument, int hops)
{
	uint64_t end = hg_code_end_of(code, function);
	for (uint64_t at = function; at + 2 <= end && at + LONGEST <= code->high; at++) {
		const uint8_t *instruction = (const uint8_t *)at;
		uint64_t word = 0, to = 0;
		if (*instruction == JUMP_DIRECT) {
			to = target(instruction + 1);
			word = word_of_stub(code, to);
		} else if (*instruction == INDIRECT || *instruction == EXTENDED) {
			struct operand operand = indirect(entry, instruction, JUMP);
			bool by_register = operand.length && !operand.word;
			word = by_register ? word_of_register(entry, instruction, (const uint8_t *)function)
			                   : operand.word;
		}
		if (word && is_own(word, argument))
			return true;
		if (to && hops && to != function && function_in(code, to) &&
		    jumps_through(code, entry, to, is_own, argument, hops - 1))
			return true;
	}
	return false;
}

bool hg_jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                      hg_word_test *is_own, const void *argument)
{
	return jumps_through(code, entry, function, is_own, argument, HOPS);
}

/* --- all of the code --- */

/* Whatever else has the word's address as its operand: a move, a comparison, a push. */
void hg_find_taken_words(uint64_t code_low, uint64_t code_high, struct hg_called_words *words)
{
	enum { CALL_WORD = 0x15, JUMP_WORD = 0x25 };
	unsigned left = words->count;
	for (uint64_t at = code_low + 2; left && at + 4 <= code_high; at++) {
		const uint8_t *code = (const uint8_t *)at;
		uint64_t to = target(code);
		if (to < words->low || to >= words->high)
			continue;
		bool goes = code[-2] == INDIRECT && (code[-1] == CALL_WORD || code[-1] == JUMP_WORD);
		uint64_t *word = goes ? NULL : hg_called_word_at(words, to);
		if (word) {
			*word = 0;
			left--;
		}
	}
}
