#include "python/python_read.h"

enum { LONGEST = 1 << 30 }; /* no limit: what says that it is longer is none */

static size_t put_utf8(uint32_t c, char *out)
{
	if (c >= 0x20 && c < 0x7f) {
		out[0] = (char)c;
		return 1;
	}
	bool unprintable = c < 0x20 || c == 0x7f || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff;
	if (unprintable || c < 0x80) {
		out[0] = (char)(unprintable ? '?' : c);
		return 1;
	}
	size_t more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	for (size_t i = more; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xff00 >> (more + 1) & 0xff) | c);
	return more + 1;
}

/* How a str keeps its characters. */
struct form {
	unsigned bytes; /* of each: 1, 2 or 4 */
	bool compact, ascii;
};

/* The state is a row of bit fields. In free-threaded builds from 3.14 on the first, `interned`, has eight bits; else
 * two, and then the next is not 0. */
static struct form form_of(uint32_t state)
{
	uint32_t bits = state >> 2 & 0x3f ? state >> 2 : state >> 8;
	return (struct form){.bytes = bits & 0x7, .compact = bits >> 3 & 1, .ascii = bits >> 4 & 1};
}

/* The character at the head of a row of them. */
static uint32_t character(const char *at, unsigned bytes)
{
	uint32_t c = 0;
	if (bytes == 1)
		return (unsigned char)*at;
	__builtin_memcpy(&c, at, bytes);
	return c;
}

static size_t copy_characters(struct hg_peek *peek, uintptr_t from, uint64_t length, unsigned bytes, char *out,
                              size_t room)
{
	enum { MOST = 4, CHUNK = 128 }; /* no limit: bytes of a character; what is read at once */
	char chunk[CHUNK];
	size_t used = 0, at = CHUNK;
	for (uint64_t left = length * bytes; left && used + MOST <= room; left -= bytes, at += bytes) {
		if (at == CHUNK) {
			if (!hg_peek_held(peek, from, chunk, left < CHUNK ? left : CHUNK))
				return 0;
			from += CHUNK;
			at = 0;
		}
		used += put_utf8(character(chunk + at, bytes), out + used);
	}
	return used;
}

size_t hg_python_text(const struct hg_python *python, struct hg_peek *peek, uintptr_t object, char *out, size_t room)
{
	const struct hg_python_layout *layout = &python->layout;
	if (!hg_python_is(python, peek, object, python->text_type))
		return 0;
	uint64_t length = hg_peek_held_word(peek, object + layout->text.length);
	uint32_t state = 0;
	if (!hg_peek_held(peek, object + layout->text.state, &state, sizeof state))
		return 0;
	struct form form = form_of(state);
	if (!form.compact || (form.bytes != 1 && form.bytes != 2 && form.bytes != 4) || length > LONGEST)
		return 0;
	uintptr_t from = object + (form.ascii ? layout->text.ascii : layout->text.compact);
	return copy_characters(peek, from, length, form.bytes, out, room);
}
