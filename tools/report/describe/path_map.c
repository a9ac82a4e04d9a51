#include "report/describe/path_map.h"

#include <string.h>

#include "report/describe/walk.h"

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

static void map_frame(void *context, struct hg_resolved_frame *frame)
{
	if (frame->file)
		frame->file = map_file(context, frame->file);
}

static void map_call(void *context, struct hg_resolved_call *call)
{
	hg_walk_frames(&call->stack, map_frame, context);
}

void hg_map_paths(struct hg_model *model, const struct hg_path_map *maps, size_t count)
{
	struct mapping mapping = {model, maps, count};

	if (count > 0)
		hg_walk_calls(model, map_call, &mapping);
}
