/* What runtime.asmcgocall leaves on the C stack has stood at the same two places from 1.20 to 1.26. Words of an
 * earlier, deeper call may stand at the other one: what is found is believed if the goroutine's stack goes on as it
 * must. */
#include "go/go_goroutine.h"

#include <string.h>

#include "go/go_key.h"

static bool read_word(struct hg_goroutine *goroutine, uint64_t address, uint64_t *word)
{
	if (address < goroutine->low || address % sizeof *word || address > goroutine->high - sizeof *word)
		return false;
	if (goroutine->own) {
		*word = *(const uint64_t *)address;
		return true;
	}
	uint64_t index = (address - goroutine->seen_at) / sizeof *word;
	if (address < goroutine->seen_at || index >= goroutine->seen_words) {
		uint64_t left = goroutine->high - address;
		size_t size = left < sizeof goroutine->seen ? left : sizeof goroutine->seen;
		goroutine->seen_at = address;
		goroutine->seen_words = hg_told_read(address, goroutine->seen, size) / sizeof *word;
		index = 0;
	}
	if (index >= goroutine->seen_words)
		return false;
	*word = goroutine->seen[index];
	return true;
}

/* Where the frame goes on that this one returns to: `size` is that of this one, without what a call pushes. */
#if defined(__x86_64__)
static bool go_on(struct hg_goroutine *goroutine, uint64_t size)
{
	uint64_t at = goroutine->sp + size;
	goroutine->sp = at + sizeof at;
	return read_word(goroutine, at, &goroutine->pc);
}

static bool pass_fault(struct hg_goroutine *goroutine)
{
	(void)goroutine;
	return true;
}
#else
static bool go_on(struct hg_goroutine *goroutine, uint64_t size)
{
	uint64_t at = goroutine->sp;
	goroutine->sp += size;
	if (size)
		return read_word(goroutine, at, &goroutine->pc);
	goroutine->pc = goroutine->link;
	return goroutine->fault;
}

/* The call of sigpanic, which no instruction has made, has saved the link register in a frame of its own. */
static bool pass_fault(struct hg_goroutine *goroutine)
{
	uint64_t at = goroutine->sp;
	goroutine->sp += 2 * sizeof at;
	return read_word(goroutine, at, &goroutine->link);
}
#endif

bool hg_goroutine_step(struct hg_goroutine *goroutine, const struct hg_go_pc *at)
{
	uint64_t pc = goroutine->pc;
	if (at->size < 0 || !go_on(goroutine, (uint64_t)at->size) || !goroutine->pc)
		return false;
	if (!goroutine->fault)
		hg_go_key_note(pc, (uint64_t)at->size / sizeof pc);
	goroutine->fault = at->is_for_fault;
	return !goroutine->fault || pass_fault(goroutine);
}

static bool is_called_from_cgocall(struct hg_goroutine goroutine)
{
	static const char name[] = "runtime.cgocall";
	struct hg_go_pc room;
	size_t length;
	if (!hg_goroutine_step(&goroutine, hg_go_pc(goroutine.image, hg_goroutine_at(&goroutine), &room)))
		return false;
	const struct hg_go_function *function = hg_go_function_at(goroutine.image, hg_goroutine_at(&goroutine));
	const char *found = function ? hg_go_name(goroutine.image, function->name, &length) : NULL;
	return found && length >= sizeof name - 1 && memcmp(found, name, sizeof name - 1) == 0;
}

/* What the calling thread's own frame of asmcgocall says is there, once it is known where it says so. */
static size_t read_saved(const struct hg_goroutine *goroutine, uint64_t from, uint64_t *to, size_t size)
{
	if (!goroutine->certain)
		return hg_told_read(from, to, size);
	memcpy(to, (const void *)from, size);
	return size;
}

/* `g` begins with the bounds of its stack. */
static bool is_goroutine(struct hg_goroutine *goroutine, uint64_t g, uint64_t depth)
{
	uint64_t bounds[2]; /* no limit: fixed */
	if (!g || g % sizeof g || !depth || read_saved(goroutine, g, bounds, sizeof bounds) != sizeof bounds)
		return false;
	if (bounds[0] >= bounds[1] || depth > bounds[1] - bounds[0] || bounds[1] % sizeof g)
		return false;
	goroutine->address = g;
	goroutine->low = bounds[0];
	goroutine->high = bounds[1];
	goroutine->sp = bounds[1] - depth;
	return is_called_from_cgocall(*goroutine);
}

static bool find_saved(struct hg_goroutine *goroutine, struct hg_go_image *image, uint64_t sp,
                       struct hg_told_spot *spot)
{
	uint64_t word[7]; /* no limit: as far as the two words can stand */
	unsigned saved = atomic_load_explicit(&image->saved, memory_order_relaxed);
	goroutine->certain = goroutine->own && saved;
	size_t words = read_saved(goroutine, sp, word, sizeof word) / sizeof *word;
#if defined(__x86_64__)
	enum { NEAR_DEPTH, NEAR_G, FAR_DEPTH = 5, FAR_G }; /* no limit: places */
	bool far = saved != HG_GO_SAVED_NEAR && words > FAR_G && is_goroutine(goroutine, word[FAR_G], word[FAR_DEPTH]);
#else
	enum { NEAR_G, NEAR_DEPTH, FAR_G, FAR_DEPTH };
	bool far = false;
#endif
	if (!far && (saved == HG_GO_SAVED_FAR || words < 2 || !is_goroutine(goroutine, word[NEAR_G], word[NEAR_DEPTH])))
		return false;
	atomic_store_explicit(&image->saved, far ? HG_GO_SAVED_FAR : HG_GO_SAVED_NEAR, memory_order_relaxed);
	spot->goroutine = sp + (far ? FAR_G : NEAR_G) * sizeof *word;
	spot->depth = sp + (far ? FAR_DEPTH : NEAR_DEPTH) * sizeof *word;
	spot->goroutine_pc = goroutine->pc;
	return true;
}

static unsigned go_call(const struct hg_told_at *at)
{
	unsigned i = 0;
	while (i < at->depth && !hg_go_image_of_call(at->pc[i]))
		i++;
	return i;
}

/* Behind code without unwinding information, such as the assembler of purego, which reaches C without cgo, a frame's
 * place is a guess that lies too low. But the call has pushed where it returns to. */
static bool find_saved_behind_return(struct hg_goroutine *goroutine, struct hg_go_image *image,
                                     const struct hg_told_at *at, unsigned call)
{
#if defined(__x86_64__)
	uint64_t word[64]; /* no limit: of others there are the frames of C */
	size_t words = hg_told_read(at->sp[call], word, sizeof word) / sizeof *word;
	for (size_t i = 0; i < words; i++)
		if (word[i] == at->pc[call])
			return find_saved(goroutine, image, at->sp[call] + (i + 1) * sizeof *word, at->spot);
#endif
	(void)goroutine, (void)image, (void)at, (void)call;
	return false;
}

bool hg_goroutine_of_call(struct hg_goroutine *goroutine, const struct hg_told_at *at)
{
	unsigned call = go_call(at);
	struct hg_go_image *image = call < at->depth ? hg_go_image_of_call(at->pc[call]) : NULL;
	if (!image)
		return false;
	goroutine->image = image;
	goroutine->own = at->own;
	goroutine->seen_words = 0;
	goroutine->fault = false;
	goroutine->seen_at = 0;
	goroutine->pc = at->pc[call];
	return find_saved(goroutine, image, at->sp[call], at->spot) ||
	       find_saved_behind_return(goroutine, image, at, call);
}
