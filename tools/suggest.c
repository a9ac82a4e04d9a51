#include "suggest.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_WORD = 32 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau's distance (neighbours may swap once), one row of the table for each letter of `left`; three are kept. */
size_t hg_edit_distance(const char *left, const char *right)
{
	size_t rows[3][LONGEST_WORD + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];
	size_t width = strlen(right);

	if (width > LONGEST_WORD)
		return width;
	for (size_t j = 0; j <= width; j++)
		above[j] = j;
	for (size_t i = 1; left[i - 1] != '\0'; i++) {
		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t replaced = above[j - 1] + (left[i - 1] != right[j - 1]);
			row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[width];
}

const char *hg_suggest(const char *typed, const char *const *words, size_t count)
{
	const char *nearest = NULL;
	size_t limit = strlen(typed) / 3 + 1;

	for (size_t i = 0; i < count; i++) {
		size_t distance = hg_edit_distance(typed, words[i]);
		if (distance <= limit && distance < strlen(words[i])) {
			nearest = words[i];
			limit = distance - (distance > 0);
		}
		if (distance == 0)
			break;
	}
	return nearest;
}

static const struct argp_option *option_named(const struct argp_option *options, const char *name, size_t length)
{
	const struct argp_option *prefixed = NULL;

	for (const struct argp_option *option = options; option->name || option->key || option->doc; option++) {
		if (!option->name || strncmp(option->name, name, length) != 0)
			continue;
		prefixed = option;
		if (option->name[length] == '\0')
			break;
	}
	return prefixed;
}

static const struct argp_option *option_lettered(const struct argp_option *options, char letter)
{
	for (const struct argp_option *option = options; option->name || option->key || option->doc; option++)
		if (option->key == letter)
			return option;
	return NULL;
}

/* Does this word of short options take the next word as its argument? */
static bool letters_take_next(const struct argp_option *options, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		const struct argp_option *option = option_lettered(options, *letters);
		if (option && option->arg && !(option->flags & OPTION_ARG_OPTIONAL))
			return letters[1] == '\0';
	}
	return false;
}

static void say_unknown(const struct argp_option *options, const char *program, const char *name)
{
	const char *words[128] = {"help", "usage"};
	size_t count = 2;

	for (const struct argp_option *option = options; option->name || option->key || option->doc; option++)
		if (option->name && count < sizeof(words) / sizeof(words[0]))
			words[count++] = option->name;
	const char *nearest = hg_suggest(name, words, count);
	fprintf(stderr, "%s: there is no option --%s; ", program, name);
	if (nearest)
		fprintf(stderr, "did you mean --%s?\n", nearest);
	else
		fprintf(stderr, "%s --help lists them\n", program);
}

bool hg_options_known(const struct argp_option *options, bool stop_at_argument, int argc, char *const *argv)
{
	static const struct argp_option own[] = {{.name = "help"}, {.name = "usage"}, {.name = "version"}, {0}};

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			if (stop_at_argument)
				break;
			continue;
		}
		if (argv[i][1] != '-') {
			i += letters_take_next(options, argv[i] + 1);
			continue;
		}
		char name[LONGEST_WORD + 1];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(argv[i] + 2, "="), argv[i] + 2);
		const struct argp_option *option = option_named(options, name, strlen(name));
		if (!option && !option_named(own, name, strlen(name))) {
			say_unknown(options, argv[0], name);
			return false;
		}
		i += option && option->arg && !(option->flags & OPTION_ARG_OPTIONAL) && !strchr(argv[i], '=');
	}
	return true;
}
