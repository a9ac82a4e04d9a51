/* What is the same on every processor. A call through a word is a load and a call by a register, with other
 * instructions in between, or a call by the word itself. What the registers were that the word's address is made of is
 * found in what they are in the called function, as far as that is still the same; or made anew as the instructions
 * before made it.
 *
 * Whatever is not certain is not known. Other code may come in between past the load: all ways to the call are
 * followed, and have to load from one word. A function that is called may jump on to the guarded one, and until then
 * use the registers that it need not keep: what one of these holds counts only where another one confirms it. */
#include "code/called_word.h"

#include <stddef.h>

#include "base/sys.h"
#include "code/code_run.h"

enum { DEPTH = 4, FORKS = 16, NESTED = 4 }; /* no limit: compilers make no longer chains, and seldom more ways */

uint64_t *hg_called_word_at(const struct hg_called_words *words, uint64_t at)
{
	for (unsigned i = 0; i < words->count && at >= words->low && at < words->high; i++)
		if (words->at[i] == at)
			return &words->at[i];
	return NULL;
}

/* --- what stood in a register --- */

/* What is known of the code before a call or jump, on one of the ways there. Its positions are between the steps of the
 * run: 0 is the end, where the registers are as at the entry; a step has its number after it. */
struct search {
	const struct hg_code *code;
	const struct hg_entry_state *entry;
	const struct hg_run *run;
	const struct search *onward; /* where the way goes on after the run's end; null: there it ends */
	unsigned position;           /* in that one */
	unsigned reg;                /* which is looked for from the run's end */
	bool kept_only;              /* what need not be kept tells nothing: nothing would confirm it */
	unsigned pushed;             /* bytes by which the stack ends before where it does at the entry's call */
};

static bool is_kept(unsigned reg)
{
	return hg_kept_registers >> reg & 1;
}

static bool changes(const struct search *search, unsigned step, unsigned reg)
{
	return hg_run_step(search->run, step)->changes >> reg & 1;
}

static bool effect_of(const struct search *search, unsigned step, unsigned reg, struct hg_effect *effect)
{
	return hg_effect_on(hg_run_at(search->run, step), search->run->code_high, reg, effect);
}

/* Whether the step gives the register the content of another one, to which it adds only a number. */
static bool follows_from(const struct search *search, unsigned step, unsigned reg, unsigned *from, uint64_t *added)
{
	struct hg_effect effect;
	if (!effect_of(search, step, reg, &effect) || effect.loads || effect.index != HG_NO_REGISTER ||
	    effect.base == HG_NO_REGISTER)
		return false;
	*from = effect.base;
	*added = effect.offset;
	return true;
}

/* What a register points to may lie nowhere. */
static uint64_t content(uint64_t word)
{
	return word % sizeof(uint64_t) == 0 && hg_readable((const void *)word) ? *(const uint64_t *)word : 0;
}

/* From its entry state, if nothing after the position has done more to it than add numbers. */
static bool value_kept(const struct search *search, unsigned reg, unsigned position, uint64_t *value)
{
	const struct hg_entry_state *entry = search->entry;
	bool kept_only = search->kept_only;
	uint64_t added = reg == HG_STACK_POINTER ? search->pushed : 0, number = 0;
	unsigned from;
	for (; search; position = search->position, search = search->onward)
		for (unsigned step = position; step-- > 0; added += number) {
			number = 0;
			if (changes(search, step, reg) &&
			    (!follows_from(search, step, reg, &from, &number) || from != reg))
				return false;
		}
	*value = entry->registers[reg] - added;
	return entry->known >> reg & 1 && (is_kept(reg) || !kept_only);
}

/* What was in the register, if this step has given it to another that has kept it. */
static bool value_copied(const struct search *search, unsigned reg, unsigned step, uint64_t *value)
{
	uint32_t changed = hg_run_step(search->run, step)->changes;
	unsigned other = (unsigned)__builtin_ctz(changed | UINT32_C(1) << 31), from;
	uint64_t added;
	if (changed != UINT32_C(1) << other || other == reg || !follows_from(search, step, other, &from, &added) ||
	    from != reg || !value_kept(search, other, step, value))
		return false;
	*value -= added;
	return true;
}

/* From what the registers hold at the entry. */
static bool value_left(const struct search *search, unsigned reg, unsigned position, uint64_t *value)
{
	if (value_kept(search, reg, position, value))
		return true;
	for (; search; position = search->position, search = search->onward)
		for (unsigned step = position; step-- > 0;)
			if (value_copied(search, reg, step, value))
				return true;
			else if (changes(search, step, reg))
				return false;
	return false;
}

static bool value_before(const struct search *search, unsigned reg, unsigned position, int depth, uint64_t *value);

/* The sum that an instruction makes, or the address that it loads from. */
static bool sum_of(const struct search *search, const struct hg_effect *effect, unsigned position, int depth,
                   uint64_t *sum)
{
	uint64_t base = 0, index = 0;
	if (effect->base != HG_NO_REGISTER && !value_before(search, effect->base, position, depth, &base))
		return false;
	if (effect->index != HG_NO_REGISTER && !value_before(search, effect->index, position, depth, &index))
		return false;
	*sum = base + effect->offset + (effect->index != HG_NO_REGISTER ? hg_extended(effect, index) : 0);
	return true;
}

/* Whether code may come to this position by another way than by the step before it. */
static bool is_joined(const struct search *search, unsigned position)
{
	const struct hg_run *run = search->run;
	return run->ambiguous || position == run->count || hg_run_join(run, position, 0) ||
	       !hg_run_goes_on(run, position);
}

/* From the instructions that have made it. */
static bool value_made(const struct search *search, unsigned reg, unsigned position, int depth, uint64_t *value)
{
	struct hg_effect effect;
	for (; depth && !is_joined(search, position); position++) {
		if (value_copied(search, reg, position, value))
			return true;
		if (!changes(search, position, reg))
			continue;
		if (!effect_of(search, position, reg, &effect) ||
		    !sum_of(search, &effect, position + 1, depth - 1, value))
			return false;
		*value = effect.loads ? content(*value) : *value;
		return *value || !effect.loads;
	}
	return false;
}

/* In the register at the position. */
static bool value_before(const struct search *search, unsigned reg, unsigned position, int depth, uint64_t *value)
{
	return value_left(search, reg, position, value) || value_made(search, reg, position, depth, value);
}

/* --- which word --- */

static uint64_t function_in(const struct hg_code *code, uint64_t at)
{
	return hg_code_end_of(code, at) ? at : 0;
}

/* What the ways come to by which a register can have been filled. */
struct answer {
	unsigned reg;
	bool loaded;   /* from a word, which is asked for */
	uint64_t word; /* from which all have loaded it; 0: none so far */
	bool unknown;  /* there is one of which that is not known, or another word */
	unsigned forks;
	uint64_t leading_on; /* a function of the library that may have been loaded instead, if it has put the register
	                      * to another use before it jumped on; 0: none */
};

/* One way loads from here. */
static void judge_word(const struct search *search, uint64_t word, struct answer *answer)
{
	const struct hg_entry_state *entry = search->entry;
	uint64_t value = word ? content(word) : 0;
	bool is_other = entry->known >> answer->reg & 1 && value != entry->registers[answer->reg];
	if (value && is_other && !answer->forks && !is_kept(answer->reg))
		answer->leading_on = function_in(search->code, value);
	if (!value || is_other || (answer->word && answer->word != word))
		answer->unknown = true;
	answer->word = word;
}

/* One way fills the register by this step. */
static void judge(const struct search *search, unsigned reg, unsigned step, struct answer *answer)
{
	struct hg_effect effect;
	uint64_t value;
	bool known = effect_of(search, step, reg, &effect) && sum_of(search, &effect, step + 1, DEPTH, &value);
	if (answer->loaded) {
		judge_word(search, known && effect.loads ? value : 0, answer);
		return;
	}
	if (known && effect.loads)
		value = content(value);
	answer->unknown |= !known || value != search->entry->registers[answer->reg];
}

static void follow(const struct search *search, unsigned reg, unsigned position, struct answer *answer);

/* Whether this jump is being followed already: it brings nothing new. */
static bool is_followed(const struct search *search, uint64_t after, unsigned reg)
{
	while (search && (search->run->after != after || search->reg != reg))
		search = search->onward;
	return search;
}

static unsigned nesting(const struct search *search)
{
	return search->onward ? 1 + nesting(search->onward) : 0;
}

static void follow_join(const struct search *search, const struct hg_join *join, unsigned reg, unsigned position,
                        struct answer *answer)
{
	struct hg_run room;
	struct search other = *search;
	other.run = NULL;
	other.onward = search;
	other.position = position;
	other.reg = reg;
	uint64_t after = search->run->after - (uint64_t)(int64_t)join->after;
	if (is_followed(search, after, reg))
		return;
	if (answer->forks++ < FORKS && nesting(search) < NESTED)
		other.run = hg_run_to(search->code, after, &room);
	if (!other.run)
		answer->unknown = true;
	else
		follow(&other, reg, 0, answer);
}

/* All ways to the position but that from the step before it. Whether there are any. */
static bool follow_joins(const struct search *search, unsigned reg, unsigned position, struct answer *answer)
{
	const struct hg_run *run = search->run;
	const struct hg_join *join = hg_run_join(run, position, 0);
	bool any = join;
	for (; join && !answer->unknown; join = hg_run_join(run, position, (unsigned)(join - run->joins) + 1))
		follow_join(search, join, reg, position, answer);
	return any;
}

/* Goes back on all ways to where the register was filled. */
static void follow(const struct search *search, unsigned reg, unsigned position, struct answer *answer)
{
	const struct hg_run *run = search->run;
	uint64_t added;
	unsigned from;
	for (; !run->ambiguous && !answer->unknown; position++) {
		bool joined = follow_joins(search, reg, position, answer);
		if (joined && !run->tables && !hg_run_goes_on(run, position))
			return;
		if (answer->unknown || position == run->count || !hg_run_goes_on(run, position))
			break;
		if (!changes(search, position, reg))
			continue;
		if (!follows_from(search, position, reg, &from, &added) || added || from == reg) {
			judge(search, reg, position, answer);
			return;
		}
		reg = from;
	}
	answer->unknown = true;
}

static bool is_known(const struct search *search, unsigned reg)
{
	return reg == HG_NO_REGISTER || search->entry->known >> reg & 1;
}

/* Whether the called function has to keep the register, or all ways to the call bring into it what it still holds. */
static bool is_confirmed(const struct search *search, unsigned reg)
{
	struct answer answer = {.reg = reg};
	if (reg != HG_NO_REGISTER && !is_kept(reg) && is_known(search, reg))
		follow(search, reg, 0, &answer);
	return !answer.unknown;
}

/* The word by which the run's last instruction goes; 0: none, or it is not known which. */
static uint64_t word_of(struct search *search, uint64_t *leading_on)
{
	const struct hg_run *run = search->run;
	struct hg_instruction last;
	struct hg_effect effect;
	uint64_t word;
	*leading_on = 0;
	if (!hg_goes_by(run->end, run->after, &effect))
		return 0;
	/* After a jump to the guarded function nothing comes in between. */
	hg_read_instruction(run->end, run->after, &last);
	search->kept_only =
	    last.way == HG_WAY_CALL && !(is_known(search, effect.base) && is_known(search, effect.index));
	struct answer answer = {.reg = effect.base, .loaded = true};
	if (!effect.loads) {
		follow(search, effect.base, 0, &answer);
		*leading_on = answer.leading_on;
		return answer.unknown ? 0 : answer.word;
	}
	bool known = is_confirmed(search, effect.base) && is_confirmed(search, effect.index) &&
	             sum_of(search, &effect, 0, DEPTH, &word);
	return known ? word : 0;
}

/* The word of a stub in the procedure linkage table; 0: it is none. */
static uint64_t word_of_stub(const struct hg_code *code, uint64_t stub)
{
	enum { LENGTH = 6 }; /* no limit: no stub is longer */
	static const struct hg_entry_state nothing;
	struct hg_instruction instruction = {.way = HG_WAY_ON};
	struct hg_run run;
	struct search search = {.code = code, .entry = &nothing, .run = &run};
	uint64_t at = stub, leading_on;
	if (stub < code->low)
		return 0;
	for (int i = 0; i < LENGTH && instruction.way == HG_WAY_ON; i++, at += instruction.length) {
		hg_read_instruction(at, code->high, &instruction);
		if (!instruction.length)
			return 0;
	}
	if (instruction.way != HG_WAY_JUMP || instruction.target || !hg_run_from(code, stub, at, &run))
		return 0;
	return word_of(&search, &leading_on);
}

/* --- a call --- */

/* Where a call by a word or a register went, if that lies in the code. */
static uint64_t function_called(const struct search *search, uint64_t word, uint64_t leading_on)
{
	const struct hg_entry_state *entry = search->entry;
	struct hg_effect effect;
	uint64_t function = word ? function_in(search->code, content(word)) : leading_on;
	bool by_register = hg_goes_by(search->run->end, search->run->code_high, &effect) && !effect.loads;
	if (function || !by_register || !(entry->known >> effect.base & 1))
		return function;
	return function_in(search->code, entry->registers[effect.base]);
}

uint64_t hg_called_word(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t *function)
{
	struct hg_run room;
	struct search search = {.code = code, .entry = entry, .run = hg_run_to(code, entry->site, &room)};
	struct hg_instruction call;
	uint64_t leading_on;
	*function = 0;
	if (!search.run)
		return 0;
	hg_read_instruction(search.run->end, search.run->after, &call);
	if (call.way != HG_WAY_CALL)
		return 0;
	if (call.target) {
		*function = function_in(code, call.target);
		return word_of_stub(code, call.target);
	}
	uint64_t word = word_of(&search, &leading_on);
	*function = function_called(&search, word, leading_on);
	return word;
}

/* --- jumps --- */

enum { HOPS = 2 }; /* no limit: no function ends in more jumps */

static bool jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                          hg_word_test *is_own, const void *argument, int hops);

/* Whether a function's jump, which ends here, goes through an own word, or to a function that ends in such a one. */
static bool jump_goes_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                              uint64_t after, uint64_t to, hg_word_test *is_own, const void *argument, int hops)
{
	struct hg_run room;
	/* A jump finds the return address on the stack that a call has not put there yet. */
	struct search search = {.code = code,
	                        .entry = entry,
	                        .run = to ? NULL : hg_run_to(code, after, &room),
	                        .pushed = HG_PUSHED_BY_CALLS};
	uint64_t leading_on;
	uint64_t word = to ? word_of_stub(code, to) : search.run ? word_of(&search, &leading_on) : 0;
	if (word && is_own(word, argument))
		return true;
	return to && hops && to != function && function_in(code, to) &&
	       jumps_through(code, entry, to, is_own, argument, hops - 1);
}

static bool jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                          hg_word_test *is_own, const void *argument, int hops)
{
	struct hg_instruction instruction;
	uint64_t end = hg_code_end_of(code, function);
	for (uint64_t at = function; at < end; at += instruction.length) {
		hg_read_instruction(at, end, &instruction);
		if (!instruction.length)
			return false;
		if (instruction.way == HG_WAY_JUMP && jump_goes_through(code, entry, function, at + instruction.length,
		                                                        instruction.target, is_own, argument, hops))
			return true;
	}
	return false;
}

bool hg_jumps_through(const struct hg_code *code, const struct hg_entry_state *entry, uint64_t function,
                      hg_word_test *is_own, const void *argument)
{
	return jumps_through(code, entry, function, is_own, argument, HOPS);
}
