#include "report/print/json_stream.h"

void hg_json_members(FILE *out, json_t *object)
{
	json_dumpf(object, out, JSON_INDENT(1) | JSON_EMBED);
	json_decref(object);
}

struct hg_json_list hg_json_list_begin(FILE *out, const char *name)
{
	fprintf(out, "\"%s\": [", name);
	return (struct hg_json_list){.out = out};
}

void hg_json_list_add(struct hg_json_list *list, json_t *item)
{
	fputs(list->begun ? ",\n" : "\n", list->out);
	json_dumpf(item, list->out, JSON_INDENT(1) | JSON_ENCODE_ANY);
	json_decref(item);
	list->begun = true;
}

void hg_json_list_end(const struct hg_json_list *list)
{
	fputs("\n]", list->out);
}
