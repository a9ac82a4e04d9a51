#include "provoke/learned_words.h"

#include <string.h>

#include "provoke/call_sites.h"

unsigned hg_learned_split(const char *line, size_t length, struct hg_word_of words[HG_LEARNED_WORDS])
{
	unsigned count = 0;
	for (size_t i = 0; i <= length; i++) {
		size_t begin = i;
		while (i < length && line[i] != ' ')
			i++;
		if (i == begin || count == HG_LEARNED_WORDS)
			return 0;
		words[count++] = (struct hg_word_of){line + begin, i - begin};
	}
	return count;
}

bool hg_learned_is(const struct hg_word_of *word, const char *text)
{
	return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

static bool is_hex(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
}

/* The end of the hexadecimal digits from there on; null: there are none, or more than a word has. */
static const char *after_hex(const char *from, const char *end)
{
	enum { DIGITS = 16 }; /* no limit: no number has more */
	const char *at = from;
	while (at < end && is_hex(*at))
		at++;
	return at == from || at - from > DIGITS ? NULL : at;
}

bool hg_learned_is_site(const struct hg_word_of *word)
{
	const char *end = word->text + word->length, *at = memchr(word->text, '@', word->length), *plus = end - 1;
	if (!at || at == word->text)
		return false;
	/* The last plus: an object's name may have some. */
	while (plus > at && *plus != '+')
		plus--;
	if (plus <= at + 1 || end - plus < 4 || plus[1] != '0' || plus[2] != 'x')
		return false;
	const char *offset = after_hex(plus + 3, end);
	return offset && (offset == end || (*offset == '#' && after_hex(offset + 1, end) == end));
}

bool hg_learned_number(const struct hg_word_of *word, uint32_t *number)
{
	uint64_t value = 0;
	for (size_t i = 0; i < word->length; i++) {
		if (word->text[i] < '0' || word->text[i] > '9')
			return false;
		value = 10 * value + (uint64_t)(word->text[i] - '0');
		if (value > UINT32_MAX)
			return false;
	}
	*number = (uint32_t)value;
	return word->length != 0;
}

unsigned hg_learned_point(const struct hg_word_of *word)
{
	for (unsigned point = 0; word->length == 1 && point < HG_POINTS; point++)
		if (HG_POINT_LETTERS[point] == *word->text)
			return point;
	return HG_POINTS;
}
