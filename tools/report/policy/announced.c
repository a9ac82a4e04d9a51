#include "report/policy/announced.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one fingerprint, which several groups may have. */
struct announced {
	uint64_t fingerprint;
	uint64_t told;  /* as the file says */
	uint64_t found; /* as the recordings say */
};

struct list {
	struct announced *entries; /* ascending */
	size_t count;
};

static bool read_line(const char *line, struct announced *entry)
{
	int end = 0;

	*entry = (struct announced){0};
	return sscanf(line, "%16" SCNx64 " %9" SCNu64 "%n", &entry->fingerprint, &entry->told, &end) == 2 &&
	       strcmp(line + end, "\n") == 0;
}

static void add_line(struct list *list, const char *line)
{
	struct announced entry;

	if (!read_line(line, &entry))
		return;
	struct announced *entries = realloc(list->entries, (list->count + 1) * sizeof(*entries));
	if (!entries)
		return;
	list->entries = entries;
	entries[list->count++] = entry;
}

static int compare(const void *one, const void *other)
{
	uint64_t x = ((const struct announced *)one)->fingerprint, y = ((const struct announced *)other)->fingerprint;

	return (x > y) - (x < y);
}

/* Lines of one fingerprint become one. */
static void sum_up(struct list *list)
{
	size_t count = 0;

	if (list->count > 0)
		qsort(list->entries, list->count, sizeof(*list->entries), compare);
	for (size_t i = 0; i < list->count; i++) {
		if (count > 0 && list->entries[count - 1].fingerprint == list->entries[i].fingerprint)
			list->entries[count - 1].told += list->entries[i].told;
		else
			list->entries[count++] = list->entries[i];
	}
	list->count = count;
}

static struct list read_file(const char *path)
{
	struct list list = {0};
	char line[64];
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		add_line(&list, line);
	if (file)
		fclose(file);
	sum_up(&list);
	return list;
}

static struct announced *find(const struct list *list, uint64_t fingerprint)
{
	const struct announced key = {.fingerprint = fingerprint};

	return list->count > 0 ? bsearch(&key, list->entries, list->count, sizeof(key), compare) : NULL;
}

void hg_announced_apply(struct hg_model *model, const char *path)
{
	struct list list = read_file(path);
	struct announced *entry;

	for (struct hg_group *group = model->groups; group; group = group->hh.next)
		if ((entry = find(&list, group->fingerprint)))
			entry->found += group->count;
	for (struct hg_group *group = model->groups; group; group = group->hh.next) {
		entry = find(&list, group->fingerprint);
		group->announced = entry && entry->told >= entry->found;
	}
	free(list.entries);
}
