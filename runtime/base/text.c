/* What the runtime needs of <string.h>, for itself alone: hidden, so that its calls come here. Those of the C library
 * can be hidden by functions of the program's, and by those of the sanitizers that it is built with, which must not be
 * called before these are ready: but the first look-up through dlsym is theirs, while they make themselves ready. */
#include <stdint.h>
#include <string.h>

typedef uint64_t __attribute__((aligned(1), may_alias)) loose;

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	char *out = to;
	const char *in = from;
	for (; size >= sizeof(loose); size -= sizeof(loose), in += sizeof(loose), out += sizeof(loose))
		*(loose *)out = *(const loose *)in;
	while (size--)
		*out++ = *in++;
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	if ((uintptr_t)to - (uintptr_t)from >= size)
		return memcpy(to, from, size);
	while (size--)
		((char *)to)[size] = ((const char *)from)[size];
	return to;
}

void *memset(void *at, int value, size_t size)
{
	char *out = at;
	loose pattern = (unsigned char)value * UINT64_C(0x0101010101010101);
	for (; size >= sizeof(loose); size -= sizeof(loose), out += sizeof(loose))
		*(loose *)out = pattern;
	while (size--)
		*out++ = (char)value;
	return at;
}

int memcmp(const void *one, const void *other, size_t size)
{
	const unsigned char *a = one, *b = other;
	for (; size; size--, a++, b++)
		if (*a != *b)
			return *a - *b;
	return 0;
}

size_t strlen(const char *text)
{
	const char *end = text;
	while (*end)
		end++;
	return (size_t)(end - text);
}

int strncmp(const char *one, const char *other, size_t most)
{
	for (; most && *one && *one == *other; most--)
		one++, other++;
	return most ? (unsigned char)*one - (unsigned char)*other : 0;
}

int strcmp(const char *one, const char *other)
{
	return strncmp(one, other, SIZE_MAX);
}

char *strchr(const char *text, int wanted)
{
	for (; *text != (char)wanted; text++)
		if (!*text)
			return NULL;
	return (char *)text;
}

char *strrchr(const char *text, int wanted)
{
	const char *found = NULL;
	for (; (text = strchr(text, wanted)) && *text; text++)
		found = text;
	return (char *)(wanted ? found : text);
}

size_t strcspn(const char *text, const char *unwanted)
{
	size_t length = 0;
	while (text[length] && !strchr(unwanted, text[length]))
		length++;
	return length;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	return memcpy(to, from, strlen(from) + 1);
}

char *strcat(char *restrict to, const char *restrict from)
{
	strcpy(to + strlen(to), from);
	return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t most)
{
	char *end = to + strlen(to);
	for (; most && *from; most--)
		*end++ = *from++;
	*end = '\0';
	return to;
}
