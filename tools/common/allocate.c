#include "common/allocate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *need(void *memory)
{
	if (!memory) {
		fputs("handleguard: out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

void *hg_allocate(size_t count, size_t size)
{
	return need(calloc(count ? count : 1, size));
}

char *hg_copy_text(const char *text, size_t length)
{
	return need(strndup(text, length));
}

char *hg_format(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return need(text);
}

static uint32_t append(struct hg_texts *texts, const char *text)
{
	size_t length = strlen(text) + 1, offset = texts->size;

	if (offset + length > texts->capacity) {
		texts->capacity = 2 * (offset + length);
		texts->bytes = need(realloc(texts->bytes, texts->capacity));
	}
	memcpy(texts->bytes + offset, text, length);
	texts->size += length;
	return (uint32_t)offset;
}

uint32_t hg_texts_add(struct hg_texts *texts, const char *text)
{
	if (!texts->size)
		append(texts, "");
	return text[0] ? append(texts, text) : 0;
}
