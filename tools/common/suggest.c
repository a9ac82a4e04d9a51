#include "common/suggest.h"

#include <stdio.h>
#include <string.h>

#include "common/nearest.h"

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

/* Checks a word of short options. False after saying which of them there is not. `*next` says whether the last of them
 * takes the next word as its argument. */
static bool letters_known(const struct argp_option *options, const char *program, const char *letters, bool *next)
{
	for (*next = false; *letters != '\0'; letters++) {
		const struct argp_option *option = option_lettered(options, *letters);
		if (!option && *letters != '?') {
			fprintf(stderr, "%s: there is no option -%c; %s --help lists them\n", program, *letters,
			        program);
			return false;
		}
		if (option && option->arg && !(option->flags & OPTION_ARG_OPTIONAL)) {
			*next = letters[1] == '\0';
			return true;
		}
	}
	return true;
}

static void say_unknown(const struct argp_option *options, const char *program, const char *name)
{
	const char *words[128] = {"help", "usage"};
	size_t count = 2;

	for (const struct argp_option *option = options; option->name || option->key || option->doc; option++)
		if (option->name && count < sizeof(words) / sizeof(*words))
			words[count++] = option->name;
	const char *nearest = hg_nearest(name, words, count);
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
			bool next;
			if (!letters_known(options, argv[0], argv[i] + 1, &next))
				return false;
			i += next;
			continue;
		}
		char name[64];
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
