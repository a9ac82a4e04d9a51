/* JSON that is written item by item: what the largest report needs in memory is one item. */
#ifndef HG_REPORT_PRINT_JSON_STREAM_H
#define HG_REPORT_PRINT_JSON_STREAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Members of an object, without its brackets. Takes the object. */
void hg_json_members(FILE *out, json_t *object);

/* A list that is being written: `"name": [`, the items, and `]`. */
struct hg_json_list {
	FILE *out;
	bool begun;
};

struct hg_json_list hg_json_list_begin(FILE *out, const char *name);
/* Takes the item. */
void hg_json_list_add(struct hg_json_list *list, json_t *item);
void hg_json_list_end(const struct hg_json_list *list);

#endif
