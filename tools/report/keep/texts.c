#include "report/keep/texts.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

enum { MOST_BYTES = 8 << 20 };

struct hg_interned {
	const char *text;
	uint32_t offset;
	UT_hash_handle hh;
};

uint32_t hg_text_table_add(struct hg_text_table *texts, const char *text)
{
	struct hg_interned *known;

	if (!text || *text == '\0' || texts->texts.size + strlen(text) > MOST_BYTES)
		return 0;
	HASH_FIND_STR(texts->table, text, known);
	if (known)
		return known->offset;
	known = hg_allocate(1, sizeof(*known));
	known->text = text;
	known->offset = hg_texts_add(&texts->texts, text);
	HASH_ADD_KEYPTR(hh, texts->table, known->text, strlen(known->text), known);
	return known->offset;
}

void hg_text_table_drop(struct hg_text_table *texts)
{
	struct hg_interned *known, *next;

	HASH_ITER(hh, texts->table, known, next) {
		HASH_DEL(texts->table, known);
		free(known);
	}
	free(texts->texts.bytes);
	*texts = (struct hg_text_table){0};
}
