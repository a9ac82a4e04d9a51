#include "told/peek.h"

#include <string.h>

#include "told/told.h"

void hg_peek_begin(struct hg_peek *peek, bool plain)
{
	peek->plain = plain;
	peek->held = false;
	peek->oldest = 0;
	for (unsigned i = 0; i < HG_PEEK_WINDOWS; i++)
		peek->at[i] = 0;
}

/* A window lies within a page, so that all of it can be read or nothing. */
static const unsigned char *window_at(struct hg_peek *peek, uintptr_t from)
{
	for (unsigned i = 0; i < HG_PEEK_WINDOWS; i++)
		if (peek->at[i] == from)
			return peek->window[i];
	unsigned i = peek->oldest++ % HG_PEEK_WINDOWS;
	peek->at[i] = 0;
	if (hg_told_read(from, peek->window[i], HG_PEEK_WINDOW) != HG_PEEK_WINDOW)
		return NULL;
	peek->at[i] = from;
	return peek->window[i];
}

bool hg_peek(struct hg_peek *peek, uintptr_t from, void *to, size_t size)
{
	if (from < HG_PEEK_WINDOW || from + size < from)
		return false;
	if (peek->plain) {
		memcpy(to, (const void *)from, size);
		return true;
	}
	for (char *out = to; size;) {
		uintptr_t start = from & -(uintptr_t)HG_PEEK_WINDOW, skip = from - start;
		size_t part = HG_PEEK_WINDOW - skip < size ? HG_PEEK_WINDOW - skip : size;
		const unsigned char *window = window_at(peek, start);
		if (!window)
			return false;
		memcpy(out, window + skip, part);
		out += part;
		from += part;
		size -= part;
	}
	return true;
}
