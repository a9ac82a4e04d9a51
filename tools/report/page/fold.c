#include "report/page/fold.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/allocate.h"

struct hg_fold_entry {
	const char *text;
	size_t number;
	UT_hash_handle hh;
};

/* Takes the text. */
static size_t number_of(struct hg_fold *fold, struct hg_fold_table *table, char *text)
{
	struct hg_fold_entry *entry;
	size_t length = strlen(text);

	HASH_FIND(hh, table->entries, text, length, entry);
	if (!entry) {
		char *kept = hg_model_take(fold->model, length + 1);
		entry = hg_model_take(fold->model, sizeof(*entry));
		entry->text = memcpy(kept, text, length);
		entry->number = HASH_COUNT(table->entries);
		HASH_ADD_KEYPTR(hh, table->entries, entry->text, length, entry);
	}
	free(text);
	return entry->number;
}

/* ---- One value ---- */

static char *dump(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	return text ? text : hg_copy_text("null", strlen("null"));
}

static size_t keys_of(struct hg_fold *fold, json_t *object)
{
	json_t *keys = json_array();

	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at))
		json_array_append_new(keys, json_string(json_object_iter_key(at)));
	size_t number = number_of(fold, &fold->keys, dump(keys));
	json_decref(keys);
	return number;
}

static size_t fold_value(struct hg_fold *fold, json_t *value);

/* An object has no items of an array, and an array none of an object. */
static size_t fold_members(struct hg_fold *fold, json_t *value)
{
	char *text = NULL;
	size_t length = 0;
	FILE *list = open_memstream(&text, &length);

	if (!list)
		abort();
	fprintf(list, "[%zu", json_is_object(value) ? keys_of(fold, value) + 1 : 0);
	for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
		fprintf(list, ",%zu", fold_value(fold, json_object_iter_value(at)));
	for (size_t i = 0; i < json_array_size(value); i++)
		fprintf(list, ",%zu", fold_value(fold, json_array_get(value, i)));
	fputc(']', list);
	fclose(list);
	return number_of(fold, &fold->values, text);
}

static size_t fold_value(struct hg_fold *fold, json_t *value)
{
	if (json_is_object(value) || json_is_array(value))
		return fold_members(fold, value);
	return number_of(fold, &fold->values, dump(value));
}

size_t hg_fold(struct hg_fold *fold, json_t *value)
{
	size_t number = fold_value(fold, value);

	json_decref(value);
	return number;
}

/* ---- All of them ---- */

static void print_table(FILE *out, const char *name, const struct hg_fold_table *table)
{
	fprintf(out, "\"%s\": [", name);
	for (const struct hg_fold_entry *entry = table->entries; entry; entry = entry->hh.next)
		fprintf(out, entry == table->entries ? "\n%s" : ",\n%s", entry->text);
	fputs("]", out);
}

void hg_fold_print(FILE *out, const struct hg_fold *fold)
{
	print_table(out, "keys", &fold->keys);
	fputs(",\n", out);
	print_table(out, "values", &fold->values);
}

void hg_fold_drop(struct hg_fold *fold)
{
	HASH_CLEAR(hh, fold->keys.entries);
	HASH_CLEAR(hh, fold->values.entries);
}
