/* Texts that are to be kept in a recording, each once. */
#ifndef HG_REPORT_KEEP_TEXTS_H
#define HG_REPORT_KEEP_TEXTS_H

#include "common/allocate.h"

struct hg_interned;

struct hg_text_table {
	struct hg_texts texts;
	struct hg_interned *table;
};

/* Where the text stands among the texts; 0: null, or there is no more room. The text must stay where it is. */
uint32_t hg_text_table_add(struct hg_text_table *texts, const char *text);

void hg_text_table_drop(struct hg_text_table *texts);

#endif
