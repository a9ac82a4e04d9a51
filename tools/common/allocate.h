/* Memory that is always there: where none is left, the tool says so and ends, as it cannot do its work without. */
#ifndef HG_COMMON_ALLOCATE_H
#define HG_COMMON_ALLOCATE_H

#include <stddef.h>
#include <stdint.h>

void *hg_allocate(size_t count, size_t size); /* zeroed; never NULL, also for nothing */
char *hg_copy_text(const char *text, size_t length);
char *hg_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* NUL-terminated texts one after another, named by their offset; the first is the empty one. */
struct hg_texts {
	char *bytes;
	size_t size;
	size_t capacity;
};

uint32_t hg_texts_add(struct hg_texts *texts, const char *text);

#endif
