#include "go/arguments.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

/* The linker leaves symbols out of test binaries unless it is told not to. */
#define KEEP_SYMBOLS "-s=false -w=false"

/* What follows the flag's name in the word: "" or "=VALUE"; null: it is another word. */
static const char *after_name(const char *word, const char *name)
{
	size_t dashes = strspn(word, "-"), length = strlen(name);

	if (dashes < 1 || dashes > 2 || strncmp(word + dashes, name, length) != 0)
		return NULL;
	const char *rest = word + dashes + length;
	return *rest == '\0' || *rest == '=' ? rest : NULL;
}

bool hg_go_has_flag(char *const *words, const char *name)
{
	for (; *words && !after_name(*words, "args"); words++)
		if (after_name(*words, name))
			return true;
	return false;
}

/* `-ldflags` of the user's with ours. Those that are for packages of a pattern (PATTERN=FLAGS) stay as they are. */
static char *joined(const char *value)
{
	const char *first = value + strspn(value, " \t'\"");

	if (*first != '-' && *first != '\0')
		return hg_format("-ldflags=%s", value);
	char quote = first > value && (first[-1] == '\'' || first[-1] == '"') ? first[-1] : '\0';
	size_t length = strlen(first);
	if (quote != '\0' && length > 0 && first[length - 1] == quote && !memchr(first, quote, length - 1))
		length--;
	return hg_format("-ldflags=%.*s%s" KEEP_SYMBOLS, (int)length, first, length > 0 ? " " : "");
}

/* The last that GOFLAGS has, without its quotes; to be freed; null: none. Flags are apart by spaces, and one with
 * spaces in it stands in quotes. */
static char *from_environment(void)
{
	const char *flags = getenv("GOFLAGS");
	char *value = NULL;

	while (flags && *(flags += strspn(flags, " \t\n\r"))) {
		char quote = *flags == '\'' || *flags == '"' ? *flags++ : '\0';
		const char ends[] = {quote, '\0'};
		size_t length = strcspn(flags, quote != '\0' ? ends : " \t\n\r");
		char *flag = hg_copy_text(flags, length);
		const char *rest = after_name(flag, "ldflags");
		if (rest && *rest == '=') {
			free(value);
			value = hg_copy_text(rest + 1, strlen(rest + 1));
		}
		free(flag);
		flags += length + (quote != '\0' && flags[length] == quote);
	}
	return value;
}

static char *first_flags(void)
{
	char *value = from_environment();
	char *flags = joined(value ? value : "");

	free(value);
	return flags;
}

char **hg_go_command(char *const *words, const char *exec)
{
	size_t count = 0, used = 0;

	while (words[count])
		count++;
	char **command = hg_allocate(count + 5, sizeof(*command));
	command[used++] = hg_copy_text("go", 2);
	command[used++] = hg_copy_text("test", 4);
	command[used++] = hg_format("-exec=%s", exec);
	/* Of flags that are for all packages the last one counts. */
	command[used++] = first_flags();
	for (bool is_for_tests = false; *words; words++) {
		const char *rest = is_for_tests ? NULL : after_name(*words, "ldflags");
		is_for_tests |= after_name(*words, "args") != NULL;
		if (rest && *rest == '=')
			command[used++] = joined(rest + 1);
		else if (rest && words[1])
			command[used++] = joined(*++words);
		else
			command[used++] = hg_copy_text(*words, strlen(*words));
	}
	return command;
}

void hg_go_drop(char **command)
{
	for (char **word = command; word && *word; word++)
		free(*word);
	free(command);
}

char *hg_go_quoted(const char *word)
{
	if (strchr(word, '\'') && strchr(word, '"'))
		return NULL;
	const char *quote = strchr(word, '\'') ? "\"" : "'";
	return hg_format("%s%s%s", quote, word, quote);
}
