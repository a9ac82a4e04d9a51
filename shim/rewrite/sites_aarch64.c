/* Arm Architecture Reference Manual for A-profile, C4.1: the encodings.
 *
 * A branch of 26 bits reaches the stubs, and is changed in place. Any other instruction becomes a branch to a detour
 * near the stubs, which does what it did and comes back: so that one store changes it, no other instruction has a share
 * in it, and no register is touched but its own. */
#include "code/effects_aarch64.h"
#include "code/places_aarch64.h"
#include "rewrite/code_copy.h"
#include "rewrite/sites.h"

enum { REACH = 1 << 27 };                      /* no limit: of a branch of 26 bits */
enum { X16 = 16, X17 = 17, NO_REGISTER = 31 }; /* no limit: registers; the last is none, or the stack pointer */

static uint32_t code_at(uint64_t at)
{
	return *(const uint32_t *)at;
}

/* --- finding them --- */

static const struct hg_target *target_at(const struct hg_targets *targets, uint64_t address, bool is_word)
{
	bool may_be = hg_target_near(targets, address, 0) && hg_target_passes_sieve(targets, address);
	const struct hg_target *target = may_be ? hg_target_at(targets, address) : NULL;
	return target && target->is_word == is_word ? target : NULL;
}

static bool leads_beyond(uint64_t target, uint64_t low, uint64_t high)
{
	return target && (target < low || target >= high);
}

void hg_sites_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets,
                   hg_site_visit *visit, void *argument)
{
	struct hg_pages pages = {.known = 0};
	if (low < code->low || high > code->high || !targets->count)
		return;
	for (uint64_t at = low; at + sizeof(uint32_t) <= high; at += sizeof(uint32_t)) {
		const struct hg_target *target = NULL;
		uint64_t address = 0, to = hg_branch_target(code_at(at + code->moved), at);
		enum hg_place_use use = hg_place_in(code_at(at + code->moved), at, &pages, &address);
		if (leads_beyond(to, low, high))
			target = target_at(targets, to, false);
		else if (use != HG_PLACE_NONE)
			target = target_at(targets, address, use == HG_PLACE_READ);
		if (target)
			visit(&(struct hg_site){at, 0, target}, argument);
	}
}

/* --- leading them elsewhere --- */

static uint32_t branch(uint64_t at, uint64_t to)
{
	return 0x14000000 | ((to - at) / 4 & 0x3ffffff);
}

static bool reaches(uint64_t at, uint64_t to)
{
	return to - at + REACH < 2 * (uint64_t)REACH;
}

/* ADR: the stubs are near the detours. */
static uint32_t take(unsigned reg, uint64_t at, uint64_t to)
{
	uint64_t distance = to - at;
	return (uint32_t)(0x10000000 | (distance & 3) << 29 | (distance >> 2 & 0x7ffff) << 5 | reg);
}

/* A branch on a condition: this one leads over the next. */
static unsigned detour_of_branch(uint32_t *detour, uint32_t code, uint64_t at, uint64_t back, uint64_t stub)
{
	bool tests_bit = (code & 0x7e000000) == 0x36000000;
	detour[0] = (code & ~(tests_bit ? 0x7ffe0U : 0xffffe0U)) | 2 << 5;
	detour[1] = branch(at + 4, back);
	detour[2] = branch(at + 8, stub);
	return 3;
}

static bool is_adr(uint32_t code)
{
	return (code & 0x9f000000) == 0x10000000;
}

/* An address that is taken in one step. */
static unsigned detour_of_adr(uint32_t *detour, uint32_t code, uint64_t at, uint64_t back, uint64_t stub)
{
	detour[0] = take(code & NO_REGISTER, at, stub);
	detour[1] = branch(at + 4, back);
	return 2;
}

/* What it made is the stub's address instead, if it is the function's: on another way than the one that was seen there
 * may have been something else in its register. */
static unsigned detour_of_place(uint32_t *detour, uint32_t code, uint64_t at, uint64_t back, uint64_t stub,
                                uint64_t function)
{
	uint32_t made = code & NO_REGISTER, spare = made == X16 ? X17 : X16;
	detour[0] = code;
	detour[1] = 0xf81f0fe0 | spare;                           /* str spare, [sp, #-16]! */
	detour[2] = 0x58000000 | 6 << 5 | spare;                  /* ldr spare, function */
	detour[3] = 0xca000000 | made << 16 | spare << 5 | spare; /* eor spare, spare, made */
	detour[4] = 0xb5000000 | 2 << 5 | spare;                  /* cbnz spare, over the next */
	detour[5] = take(made, at + 20, stub);
	detour[6] = 0xf84107e0 | spare; /* ldr spare, [sp], #16 */
	detour[7] = branch(at + 28, back);
	__builtin_memcpy(&detour[8], &function, sizeof function);
	return 10;
}

static unsigned make_detour(uint32_t *detour, uint32_t code, uint64_t at, uint64_t back, uint64_t stub,
                            uint64_t function)
{
	if (hg_branch_target(code, at))
		return detour_of_branch(detour, code, at, back, stub);
	if (is_adr(code))
		return detour_of_adr(detour, code, at, back, stub);
	return detour_of_place(detour, code, at, back, stub, function);
}

static bool lead_by_detour(const struct hg_site *site, uint64_t base, const struct hg_text *text, struct hg_near *near,
                           uint64_t stub)
{
	uint32_t detour[HG_DETOUR_SIZE / sizeof(uint32_t)], code = code_at(base + site->at);
	uint64_t from = base + site->at, at = near->detours + near->detour_count * HG_DETOUR_SIZE;
	bool makes_none = !hg_branch_target(code, from) && (code & NO_REGISTER) == NO_REGISTER;
	if (near->detour_count == HG_DETOURS || !reaches(from, at) || !reaches(at, from) || makes_none)
		return false;
	near->detour_count++;
	unsigned length = make_detour(detour, code, at, from + 4, stub, base + site->target->function);
	return hg_text_write_aside(text, at, detour, length * sizeof *detour) &&
	       hg_text_write(text, from, branch(from, at));
}

bool hg_site_lead(const struct hg_site *site, uint64_t base, const struct hg_text *text, struct hg_near *near, int stub)
{
	uint64_t at = base + site->at, to = near->words[stub], named;
	uint32_t code = code_at(at);
	bool links = hg_branches(code, true, at, &named);
	if (!links && !hg_branches(code, false, at, &named))
		return lead_by_detour(site, base, text, near, to);
	return reaches(at, to) && hg_text_write(text, at, branch(at, to) | (uint32_t)links << 31);
}
