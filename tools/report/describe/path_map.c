#include "report/describe/path_map.h"

#include <string.h>
#include <utlist.h>

bool hg_path_map_read(const char *text, struct hg_path_map *map)
{
	const char *sign = strchr(text, '=');

	if (!sign || sign == text)
		return false;
	*map = (struct hg_path_map){.from = text, .from_length = (size_t)(sign - text), .to = sign + 1};
	while (map->from_length > 1 && map->from[map->from_length - 1] == '/')
		map->from_length--;
	return true;
}

struct mapping {
	struct hg_model *model;
	const struct hg_path_map *maps;
	size_t count;
};

static bool fits(const struct hg_path_map *map, const char *file)
{
	const char *rest = file + map->from_length;

	return strncmp(file, map->from, map->from_length) == 0 && (*rest == '/' || *rest == '\0' || rest[-1] == '/');
}

static const char *map_file(const struct mapping *mapping, const char *file)
{
	for (size_t i = 0; i < mapping->count; i++) {
		const struct hg_path_map *map = &mapping->maps[i];
		if (!fits(map, file))
			continue;
		const char *rest = file + map->from_length + strspn(file + map->from_length, "/");
		size_t length = strlen(map->to);
		bool parted = length == 0 || map->to[length - 1] == '/' || *rest == '\0';
		return hg_model_printf(mapping->model, "%s%s%s", map->to, parted ? "" : "/", rest);
	}
	return file;
}

static void map_frames(const struct mapping *mapping, struct hg_resolved_frame *frames, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (frames[i].file)
			frames[i].file = map_file(mapping, frames[i].file);
}

static void map_call(const struct mapping *mapping, struct hg_resolved_call *call)
{
	if (!call)
		return;
	map_frames(mapping, call->stack.frames, call->stack.count);
	map_frames(mapping, call->stack.told, call->stack.told_count);
}

static void map_calls(const struct mapping *mapping, struct hg_resolved_call *calls)
{
	struct hg_resolved_call *call;

	DL_FOREACH(calls, call)
		map_call(mapping, call);
}

static void map_finding(const struct mapping *mapping, struct hg_resolved_finding *finding)
{
	map_call(mapping, finding->call);
	map_call(mapping, finding->free);
	map_call(mapping, finding->create);
	map_calls(mapping, finding->in_flight);
	map_calls(mapping, finding->children);
	map_calls(mapping, finding->holders);
}

void hg_map_paths(struct hg_model *model, const struct hg_path_map *maps, size_t count)
{
	const struct mapping mapping = {model, maps, count};
	const struct hg_recording *recording;
	struct hg_op_in_flight *op;

	if (count == 0)
		return;
	for (const struct hg_group *group = model->groups; group; group = group->hh.next)
		map_finding(&mapping, group->resolved);
	DL_FOREACH(model->recordings, recording)
		DL_FOREACH(recording->in_flight, op)
			map_call(&mapping, &op->call);
}
