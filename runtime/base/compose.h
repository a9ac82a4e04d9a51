/* Names put together piece by piece: the first use of snprintf costs a process more than the file that it names. Each
 * returns where the next piece goes, which is where the text ends so far. */
#ifndef HG_COMPOSE_H
#define HG_COMPOSE_H

#include <stddef.h>
#include <stdint.h>

/* At most so many letters of it. */
static inline char *hg_put_most(char *to, const char *text, size_t most)
{
	while (most-- && *text)
		*to++ = *text++;
	*to = 0;
	return to;
}

static inline char *hg_put(char *to, const char *text)
{
	return hg_put_most(to, text, SIZE_MAX);
}

static inline char *hg_put_number(char *to, uint32_t number)
{
	char digits[10]; /* no limit: as many as a number of 32 bits has */
	unsigned length = 0;
	do
		digits[length++] = (char)('0' + number % 10);
	while ((number /= 10));
	while (length)
		*to++ = digits[--length];
	*to = 0;
	return to;
}

#endif
