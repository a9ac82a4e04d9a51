/* Notes about places of a manifest's file: kept until all of them are there, then printed in the order of the file. */
#ifndef HG_MANIFEST_MODEL_NOTES_H
#define HG_MANIFEST_MODEL_NOTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A place in the manifest's file, both counted from 1. */
struct hg_mark {
	uint32_t line;
	uint32_t column;
};

struct hg_notes {
	struct hg_note *list;
	size_t count, room;
};

/* Takes over the text, which is to be freed. */
void hg_notes_add(struct hg_notes *notes, struct hg_mark mark, char *text);
/* Prints "PATH:LINE:COLUMN: " and the text, which begins with `before`, a line a note, at most so many. */
void hg_notes_print(struct hg_notes *notes, const char *path, const char *before, size_t most, FILE *out);
void hg_notes_drop(struct hg_notes *notes);

#endif
