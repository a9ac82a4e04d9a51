/* The runtime's own functions of <string.h> do what those of the C library do. They are tested under other names. */
#include <stdio.h>

#include "harness.h"

#define memcpy  own_memcpy
#define memmove own_memmove
#define memset  own_memset
#define memcmp  own_memcmp
#define strlen  own_strlen
#define strncmp own_strncmp
#define strcmp  own_strcmp
#define strchr  own_strchr
#define strrchr own_strrchr
#define strcspn own_strcspn
#define strcpy  own_strcpy
#define strcat  own_strcat
#define strncat own_strncat
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#include "base/text.c"
#pragma GCC diagnostic pop
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strncmp
#undef strcmp
#undef strchr
#undef strrchr
#undef strcspn
#undef strcpy
#undef strcat
#undef strncat

enum { SIZE = 64 };

static const char *const texts[] = {"",          "a",    "b",     "ab", "abc", "abd", "/lib/libc.so.6",
                                    "libc.so.6", "\xff", "aXbXc", "X"};
enum { TEXTS = sizeof texts / sizeof *texts };

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void fill(char *bytes)
{
	for (int i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 7);
}

START_TEST(bytes_are_copied_moved_and_set)
{
	for (size_t from = 0; from < 20; from++)
		for (size_t to = 0; to < 20; to++)
			for (size_t size = 0; size < 20; size++) {
				char mine[SIZE], theirs[SIZE], source[SIZE];
				fill(mine);
				fill(theirs);
				memset(source, 1, sizeof source);
				ck_assert_ptr_eq(own_memmove(mine + to, mine + from, size), mine + to);
				memmove(theirs + to, theirs + from, size);
				ck_assert_mem_eq(mine, theirs, SIZE);
				ck_assert_ptr_eq(own_memcpy(mine + to, source + from, size), mine + to);
				memcpy(theirs + to, source + from, size);
				ck_assert_ptr_eq(own_memset(mine + from, 0x1a5, size), mine + from);
				memset(theirs + from, 0x1a5, size);
				ck_assert_mem_eq(mine, theirs, SIZE);
			}
}
END_TEST

START_TEST(texts_are_compared)
{
	for (int i = 0; i < TEXTS; i++)
		for (int j = 0; j < TEXTS; j++) {
			const char *a = texts[i], *b = texts[j];
			size_t least = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
			ck_assert_int_eq(sign(own_strcmp(a, b)), sign(strcmp(a, b)));
			ck_assert_int_eq(sign(own_memcmp(a, b, least)), sign(memcmp(a, b, least)));
			ck_assert_uint_eq(own_strcspn(a, b), strcspn(a, b));
			for (size_t most = 0; most < 5; most++)
				ck_assert_int_eq(sign(own_strncmp(a, b, most)), sign(strncmp(a, b, most)));
		}
}
END_TEST

START_TEST(characters_are_found)
{
	for (int i = 0; i < TEXTS; i++) {
		ck_assert_uint_eq(own_strlen(texts[i]), strlen(texts[i]));
		for (int c = 0; c < 256; c++) {
			ck_assert_ptr_eq(own_strchr(texts[i], c), strchr(texts[i], c));
			ck_assert_ptr_eq(own_strrchr(texts[i], c), strrchr(texts[i], c));
		}
	}
}
END_TEST

START_TEST(texts_are_put_together)
{
	for (int i = 0; i < TEXTS; i++)
		for (int j = 0; j < TEXTS; j++) {
			char text[SIZE], expected[SIZE];
			snprintf(expected, sizeof expected, "%s%s%.2s", texts[i], texts[j], texts[i]);
			own_strcat(own_strcpy(text, texts[i]), texts[j]);
			ck_assert_str_eq(own_strncat(text, texts[i], 2), expected);
		}
}
END_TEST

int main(void)
{
	return RUN_SUITE("text", bytes_are_copied_moved_and_set, texts_are_compared, characters_are_found,
	                 texts_are_put_together);
}
