/* The part of the text report's coverage about functions that calls reach otherwise than through the dynamic linker. */
#include <stdlib.h>
#include <string.h>

#include "report/print/print.h"

enum { MOST_LISTED = 12 };

struct page {
	FILE *out;
	struct hg_model *model;
	const struct hg_recording *recording;
	int indent;
};

/* One paragraph; nothing if it is empty. */
static void print(const struct page *page, const char *text)
{
	if (text[0] == '\0')
		return;
	fprintf(page->out, "%*s", page->indent, "");
	hg_print_paragraph(page->out, text, page->indent, page->indent + 2);
}

static const char *and_more(struct hg_model *model, const char *list, size_t count)
{
	return count > MOST_LISTED
	           ? hg_model_printf(model, "%s and %zu more (--format json has all)", list, count - MOST_LISTED)
	           : list;
}

/* ---- Tables ---- */

static void list_by_table(const struct page *page)
{
	const char *list = "";
	size_t count = 0;

	for (size_t i = 0; i < page->recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &page->recording->coverage[i];
		if (coverage->by_table && count++ < MOST_LISTED)
			list = hg_model_printf(page->model, count > 1 ? "%s, %s" : "%shanded out in a table: %s", list,
			                       coverage->function);
	}
	print(page, and_more(page->model, list, count));
}

/* ---- Linked in ---- */

static bool is_in(const struct hg_coverage *coverage, const char *object)
{
	return coverage->reached && strcmp(coverage->reached_in, object) == 0;
}

static long inlined_copies(const struct hg_elf_reached *reached)
{
	return reached->inlined;
}

static long calls_of_clones(const struct hg_elf_reached *reached)
{
	return (long)reached->clones;
}

/* Of what there is an unseen number: "3 inlined copies of box_use, 1 inlined copy of box_open in OBJECT are not seen".
 */
static void print_unseen(const struct page *page, const char *object, long (*number)(const struct hg_elf_reached *),
                         const char *one, const char *many)
{
	const char *list = "";
	size_t count = 0;
	long all = 0;

	for (size_t i = 0; i < page->recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &page->recording->coverage[i];
		long unseen = is_in(coverage, object) ? number(coverage->reached) : 0;
		if (unseen <= 0)
			continue;
		all += unseen;
		if (count++ < MOST_LISTED)
			list = hg_model_printf(page->model, "%s%s%ld %s of %s", list, count > 1 ? ", " : "", unseen,
			                       unseen == 1 ? one : many, coverage->function);
	}
	if (count > 0)
		print(page, hg_model_printf(page->model, "%s in %s %s not seen: the numbers of calls are approximate",
		                            and_more(page->model, list, count), object, all == 1 ? "is" : "are"));
}

/* Of all functions in an object. */
struct sum {
	size_t led, left;
	bool inlined_known, nearly, unread;
};

static struct sum sum_of(const struct page *page, const char *object)
{
	struct sum sum = {.inlined_known = true};

	for (size_t i = 0; i < page->recording->coverage_count; i++) {
		const struct hg_coverage *coverage = &page->recording->coverage[i];
		if (!is_in(coverage, object))
			continue;
		sum.led += coverage->exported ? 0 : coverage->reached->led;
		sum.left += coverage->exported ? 0 : coverage->reached->left;
		sum.inlined_known &= coverage->reached->inlined >= 0;
		sum.nearly |= coverage->reached->nearly;
		sum.unread |= coverage->reached->unread;
	}
	return sum;
}

static const char *references_of(struct hg_model *model, const char *object, const struct sum *sum)
{
	if (sum->unread)
		return hg_model_printf(model,
		                       "linked into %s, whose file is gone: the process has led %zu references to "
		                       "functions of the library outside it to guards; what is inlined is not known",
		                       object, sum->led);
	return sum->led + sum->left == 0
	           ? ""
	           : hg_model_printf(model,
	                             "linked into %s: of %zu references to functions of the library outside it "
	                             "%zu are led to guards",
	                             object, sum->led + sum->left, sum->led);
}

static void print_references(const struct page *page, const char *object)
{
	struct sum sum = sum_of(page, object);

	print(page, references_of(page->model, object, &sum));
	if (sum.nearly)
		print(page, hg_model_printf(page->model,
		                            "which functions of %s are the library's is known but approximately: its "
		                            "symbol table names no source files, or both were compiled as one",
		                            object));
	if (!sum.inlined_known && !sum.unread)
		print(page,
		      hg_model_printf(page->model,
		                      "%s has no debugging information, so that it is not known how often functions "
		                      "of the library are inlined, which is not seen",
		                      object));
}

/* The object, if no function before has it; null: one has, or it is none. */
static const char *new_object(const struct hg_recording *recording, size_t index)
{
	const struct hg_coverage *coverage = &recording->coverage[index];

	for (size_t i = 0; coverage->reached && i < index; i++)
		if (is_in(&recording->coverage[i], coverage->reached_in))
			return NULL;
	return coverage->reached ? coverage->reached_in : NULL;
}

void hg_print_text_reached(FILE *out, struct hg_model *model, const struct hg_recording *recording, int indent)
{
	const struct page page = {out, model, recording, indent};

	list_by_table(&page);
	for (size_t i = 0; i < recording->coverage_count; i++) {
		const char *object = new_object(recording, i);
		if (!object)
			continue;
		print_references(&page, object);
		print_unseen(&page, object, inlined_copies, "inlined copy", "inlined copies");
		print_unseen(&page, object, calls_of_clones, "call of a copy that the compiler has made",
		             "calls of copies that the compiler has made");
	}
}
