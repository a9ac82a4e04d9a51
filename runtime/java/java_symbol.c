#include "java/java_symbol.h"

#include <stdint.h>
#include <string.h>

enum { SPARE = 8 }; /* no limit: an escape and the end */

static void append(struct hg_java_symbol *symbol, const char *text)
{
	while (*text)
		symbol->text[symbol->length++] = *text++;
	symbol->text[symbol->length] = '\0';
}

static bool is_plain(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

static const char *escape_of(char letter)
{
	switch (letter) {
	case '/':
		return "_";
	case '_':
		return "_1";
	case ';':
		return "_2";
	case '[':
		return "_3";
	default:
		return NULL;
	}
}

/* A character of the VM's UTF-8, of which none takes more than three bytes; *bytes: how many it took. */
static uint32_t character_at(const char *text, size_t room, size_t *bytes)
{
	const unsigned char *at = (const unsigned char *)text;
	*bytes = at[0] < 0xc0 ? 1 : at[0] < 0xe0 ? 2 : 3;
	*bytes = *bytes < room ? *bytes : room;
	if (*bytes == 2)
		return (at[0] & 0x1fU) << 6 | (at[1] & 0x3fU);
	if (*bytes == 3)
		return (at[0] & 0x0fU) << 12 | (at[1] & 0x3fU) << 6 | (at[2] & 0x3fU);
	return at[0];
}

static void append_number(struct hg_java_symbol *symbol, uint32_t character)
{
	char text[] = "_00000";
	for (size_t i = 5; i > 1; i--, character >>= 4)
		text[i] = "0123456789abcdef"[character & 15];
	append(symbol, text);
}

/* What would be too long is left off. */
static bool append_mangled(struct hg_java_symbol *symbol, const char *text, size_t length)
{
	size_t bytes = 1;
	for (size_t i = 0; i < length; i += bytes) {
		if (symbol->length + SPARE > sizeof symbol->text)
			return false;
		uint32_t character = character_at(text + i, length - i, &bytes);
		if (character < 0x80 && is_plain(text[i]))
			append(symbol, (char[]){text[i], '\0'});
		else if (character < 0x80 && escape_of(text[i]))
			append(symbol, escape_of(text[i]));
		else
			append_number(symbol, character);
	}
	return symbol->length + SPARE <= sizeof symbol->text;
}

bool hg_java_symbol(struct hg_java_symbol *symbol, const char *class, const char *method, const char *signature)
{
	size_t length = strlen(class);
	const char *end = signature ? strchr(signature, ')') : NULL;
	if (length < 2 || (signature && !end))
		return false;
	symbol->length = 0;
	append(symbol, "Java_");
	if (!append_mangled(symbol, class + 1, length - 2))
		return false;
	append(symbol, "_");
	if (!append_mangled(symbol, method, strlen(method)) || !signature)
		return !signature && symbol->length + SPARE <= sizeof symbol->text;
	append(symbol, "__");
	return append_mangled(symbol, signature + 1, (size_t)(end - signature - 1));
}
