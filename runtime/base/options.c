#include "base/options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hg_options hg_options;

typedef void complaint(const char *variable, const char *value, const char *expected);

/* The index of `value` among words parted by '|', or -1. */
static int index_of(const char *words, const char *value)
{
	size_t length = strlen(value);
	for (int index = 0;; index++) {
		size_t word = strcspn(words, "|");
		if (word == length && memcmp(words, value, length) == 0)
			return index;
		if (!words[word])
			return -1;
		words += word + 1;
	}
}

static uint32_t read_choice(const char *value, const char *variable, const char *words, uint32_t standard,
                            complaint *complain)
{
	int index = value ? index_of(words, value) : (int)standard;
	if (index >= 0)
		return (uint32_t)index;
	complain(variable, value, words);
	return standard;
}

static uint64_t read_number(const char *value, const char *variable, uint64_t standard, uint64_t low, uint64_t high,
                            complaint *complain)
{
	if (!value)
		return standard;
	char *end = NULL;
	errno = 0;
	unsigned long long number = strtoull(value, &end, 10);
	if (value[0] >= '0' && value[0] <= '9' && !*end && errno == 0 && number >= low && number <= high)
		return number;
	char expected[80]; /* no limit: it is not longer */
	snprintf(expected, sizeof expected, "a whole number from %llu to %llu", (unsigned long long)low,
	         (unsigned long long)high);
	complain(variable, value, expected);
	return standard;
}

static void read_path(char *to, const char *value, const char *variable, const char *standard, complaint *complain)
{
	if (value && (!*value || strlen(value) >= PATH_MAX)) {
		complain(variable, value, "a path");
		value = NULL;
	}
	strcpy(to, value ? value : standard);
}

/* A bit for each letter, by its place in `letters`. */
static uint32_t read_letters(const char *value, const char *variable, const char *letters, const char *standard,
                             complaint *complain)
{
	uint32_t bits = 0;
	bool known = value && *value;
	for (const char *letter = known ? value : standard; known && *letter; letter++) {
		const char *place = strchr(letters, *letter);
		known = place != NULL;
		bits |= known ? UINT32_C(1) << (place - letters) : 0;
	}
	if (known)
		return bits;
	if (value)
		complain(variable, value, letters);
	return read_letters(standard, variable, letters, standard, complain);
}

void hg_options_read(struct hg_options *options, char *(*get)(const char *), complaint *complain)
{
#define HG_OPTION_CHOICE(field, environment, name, words, standard, help)                                              \
	options->field = read_choice(get(environment), environment, words, standard, complain);
#define HG_OPTION_NUMBER(field, environment, name, unit, standard, low, high, help)                                    \
	options->field = read_number(get(environment), environment, standard, low, high, complain);
#define HG_OPTION_PATH(field, environment, name, placeholder, standard, help)                                          \
	read_path(options->field, get(environment), environment, standard, complain);
#define HG_OPTION_SWITCH(field, environment, name, help)                                                               \
	options->field = read_choice(get(environment), environment, "off|on", 0, complain);
#define HG_OPTION_LETTERS(field, environment, name, letters, standard, help)                                           \
	options->field = read_letters(get(environment), environment, letters, standard, complain);
#include "format/options.def"
#undef HG_OPTION_CHOICE
#undef HG_OPTION_NUMBER
#undef HG_OPTION_PATH
#undef HG_OPTION_SWITCH
#undef HG_OPTION_LETTERS
}
