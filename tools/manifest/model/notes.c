#include "manifest/model/notes.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

struct hg_note {
	struct hg_mark mark;
	size_t order; /* of being found: notes about one place stay in that order */
	char *text;
};

void hg_notes_add(struct hg_notes *notes, struct hg_mark mark, char *text)
{
	if (notes->count == notes->room) {
		notes->room = 2 * notes->room + 16;
		struct hg_note *list = hg_allocate(notes->room, sizeof(*list));
		if (notes->count)
			memcpy(list, notes->list, notes->count * sizeof(*list));
		free(notes->list);
		notes->list = list;
	}
	notes->list[notes->count] = (struct hg_note){mark, notes->count, text};
	notes->count++;
}

static int compare(const void *a, const void *b)
{
	const struct hg_note *x = a, *y = b;

	if (x->mark.line != y->mark.line)
		return x->mark.line < y->mark.line ? -1 : 1;
	if (x->mark.column != y->mark.column)
		return x->mark.column < y->mark.column ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void hg_notes_print(struct hg_notes *notes, const char *path, const char *before, size_t most, FILE *out)
{
	if (notes->count)
		qsort(notes->list, notes->count, sizeof(*notes->list), compare);
	for (size_t i = 0; i < notes->count && i < most; i++) {
		const struct hg_note *note = &notes->list[i];
		fprintf(out, "%s:%u:%u: %s%s\n", path, note->mark.line, note->mark.column, before, note->text);
	}
}

void hg_notes_drop(struct hg_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		free(notes->list[i].text);
	free(notes->list);
	*notes = (struct hg_notes){0};
}
