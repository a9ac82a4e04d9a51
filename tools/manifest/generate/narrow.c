#include "manifest/generate/narrow.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "program/elf/elf_file.h"

struct narrowing {
	const struct hg_guess *guess;
	bool *used; /* by class */
	bool *kept; /* by function */
};

static void note_import(void *context, const char *name, enum hg_place place)
{
	struct narrowing *narrowing = context;
	const struct hg_guess *guess = narrowing->guess;

	if (place != HG_PLACE_WANTED)
		return;
	for (size_t i = 0; i < guess->function_count; i++) {
		const struct hg_guess_function *function = &guess->functions[i];
		if (strcmp(function->prototype->name, name) != 0)
			continue;
		narrowing->kept[i] = true;
		for (size_t u = 0; u < function->use_count; u++)
			narrowing->used[function->uses[u].class_index] = true;
	}
}

/* A handle whose create is not seen, or whose end is not, is told of wrongly: another object may call these. */
static void keep_ends(struct narrowing *narrowing)
{
	const struct hg_guess *guess = narrowing->guess;

	for (size_t i = 0; i < guess->function_count; i++)
		for (size_t u = 0; u < guess->functions[i].use_count; u++) {
			const struct hg_guess_use *use = &guess->functions[i].uses[u];
			narrowing->kept[i] |= use->role != HG_GUESS_OP && narrowing->used[use->class_index];
		}
}

static bool is_kept(const struct narrowing *narrowing, const char *name)
{
	for (size_t i = 0; i < narrowing->guess->function_count; i++)
		if (strcmp(narrowing->guess->functions[i].prototype->name, name) == 0)
			return narrowing->kept[i];
	return false;
}

static void drop_others(const struct narrowing *narrowing, struct hg_exports *exports)
{
	size_t count = 0;

	for (size_t i = 0; i < exports->count; i++)
		if (is_kept(narrowing, exports->names[i]))
			exports->names[count++] = exports->names[i];
		else
			free(exports->names[i]);
	exports->count = count;
}

bool hg_guess_narrow(const struct hg_guess *guess, struct hg_exports *exports, const char *program, FILE *errors)
{
	struct narrowing narrowing = {guess, hg_allocate(guess->class_count, sizeof(bool)),
	                              hg_allocate(guess->function_count, sizeof(bool))};
	struct hg_elf_file file;
	bool opened = hg_elf_file_open(&file, program);

	if (opened) {
		hg_elf_file_symbols(&file, note_import, &narrowing);
		hg_elf_file_close(&file);
		keep_ends(&narrowing);
		drop_others(&narrowing, exports);
	} else {
		fprintf(errors, "%s: it is no program or module of this machine's word size that can be read\n",
		        program);
	}
	free(narrowing.used);
	free(narrowing.kept);
	return opened;
}
