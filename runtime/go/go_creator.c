/* Who created a goroutine stands in the goroutine itself, at a place that differs from release to release. Its first
 * function stands there too, two words further on, and is known from the stack: so that is looked for. */
#include "go/go_creator.h"

#include "go/go_key.h"

/* no limit: places: between what a goroutine begins with, where the first function can stand as well, and more than any
 * release has */
enum { FIRST = 16, WORDS = 96, TO_FIRST_FUNCTION = 2 };

static bool is_in_code(const struct hg_go_image *image, uint64_t pc)
{
	return pc > image->text && pc <= image->text_end && hg_go_function_at(image, pc - 1);
}

/* Where it stood in other goroutines: no system call for that, as the calling thread's own one stays. */
static uint64_t at_known_place(const struct hg_goroutine *goroutine, uint64_t entry)
{
	const uint64_t *word = (const uint64_t *)goroutine->address;
	uint64_t i = goroutine->own ? hg_go_key_creator() : 0;
	return i && word[i + TO_FIRST_FUNCTION] == entry && is_in_code(goroutine->image, word[i]) ? word[i] : 0;
}

uint64_t hg_go_creator(const struct hg_goroutine *goroutine, uint64_t entry)
{
	uint64_t word[WORDS], known = at_known_place(goroutine, entry);
	if (known)
		return known;
	size_t words = hg_told_read(goroutine->address, word, sizeof word) / sizeof *word;
	for (size_t i = FIRST; i + TO_FIRST_FUNCTION < words; i++)
		if (word[i + TO_FIRST_FUNCTION] == entry && is_in_code(goroutine->image, word[i])) {
			hg_go_key_note_creator(i);
			return word[i];
		}
	return 0;
}
