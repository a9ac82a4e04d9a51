#include "program/elf/unnamed.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "program/elf/elf_file.h"

struct search {
	const struct hg_unnamed_question *question;
	struct hg_unnamed *table;
	size_t number; /* of the object at hand */
	bool
	    *skipped; /* objects whose own use does not count: the library itself, preload objects, what is no object */
};

static bool is_in_list(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
		if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

static void add_offered(void *context, const char *name, enum hg_place place)
{
	struct search *search = context;
	struct hg_unnamed *known;

	if (place != HG_PLACE_EXPORTED)
		return;
	HASH_FIND_STR(search->table, name, known);
	if (known)
		return;
	known = hg_allocate(1, sizeof(*known));
	known->function = hg_copy_text(name, strlen(name));
	known->library = search->number;
	HASH_ADD_KEYPTR(hh, search->table, known->function, strlen(known->function), known);
}

static void note_used(void *context, const char *name, enum hg_place place)
{
	struct search *search = context;
	struct hg_unnamed *known;

	if (place != HG_PLACE_WANTED)
		return;
	HASH_FIND_STR(search->table, name, known);
	if (!known || known->used)
		return;
	known->used = true;
	known->user = search->number;
}

static void read_library(struct search *search)
{
	const char *path = search->question->objects[search->number];
	bool *skipped = &search->skipped[search->number];
	struct hg_elf_file file;

	*skipped = true;
	if (!hg_elf_file_open(&file, path))
		return;
	bool meant = !file.preload && hg_elf_file_is_meant(&file, path, search->question->patterns);
	if (meant)
		hg_elf_file_dynamic_symbols(&file, add_offered, search);
	*skipped = meant || file.preload;
	hg_elf_file_close(&file);
}

static void read_user(struct search *search)
{
	struct hg_elf_file file;

	if (search->skipped[search->number] || !hg_elf_file_open(&file, search->question->objects[search->number]))
		return;
	hg_elf_file_dynamic_symbols(&file, note_used, search);
	hg_elf_file_close(&file);
}

static bool is_answer(const struct hg_unnamed_question *question, const struct hg_unnamed *function)
{
	return function->used && !question->is_named(question->context, function->function) &&
	       !is_in_list(question->unguarded, function->function);
}

/* Few of a library's functions are used: what is named is asked of these only. */
static void drop_others(struct search *search)
{
	struct hg_unnamed *at, *next;

	HASH_ITER(hh, search->table, at, next) {
		if (is_answer(search->question, at))
			continue;
		HASH_DEL(search->table, at);
		free(at->function);
		free(at);
	}
}

static int compare(const struct hg_unnamed *one, const struct hg_unnamed *other)
{
	return strcmp(one->function, other->function);
}

struct hg_unnamed *hg_unnamed_find(const struct hg_unnamed_question *question)
{
	struct search search = {.question = question};

	if (question->patterns[0] == '\0')
		return NULL; /* no object is the library */
	search.skipped = hg_allocate(question->object_count, sizeof(*search.skipped));
	for (search.number = 0; search.number < question->object_count; search.number++)
		read_library(&search);
	for (search.number = 0; search.table && search.number < question->object_count; search.number++)
		read_user(&search);
	drop_others(&search);
	free(search.skipped);
	HASH_SORT(search.table, compare);
	return search.table;
}

void hg_unnamed_drop(struct hg_unnamed *table)
{
	struct hg_unnamed *at, *next;

	HASH_ITER(hh, table, at, next) {
		HASH_DEL(table, at);
		free(at->function);
		free(at);
	}
}
