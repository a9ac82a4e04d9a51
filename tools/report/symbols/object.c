#include "report/symbols/object.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/symbols/object_places.h"

/* Any page that leaves room for the object; objects with fixed addresses stay where they belong. */
#define REPORTED_AT UINT64_C(0x100000000)

/* Where Debian's packages put debugging information. */
#define DEBUG_DIR "/usr/lib/debug"

/* ---- Opening ---- */

/* An object that had no build id when it was recorded cannot be verified, and is believed. */
static bool has_build_id(Dwfl_Module *module, const struct hg_record_module *recorded)
{
	const unsigned char *bits;
	GElf_Addr where;

	if (recorded->build_id_length == 0)
		return true;
	int length = dwfl_module_build_id(module, &bits, &where);
	return length == (int)recorded->build_id_length && memcmp(bits, recorded->build_id, (size_t)length) == 0;
}

/* Hands the file to libdwfl, which closes it in the end; closes it if libdwfl does not take it. */
static Dwfl_Module *report_file(struct hg_object *object, int fd)
{
	dwfl_report_begin(object->dwfl);
	Dwfl_Module *module = dwfl_report_elf(object->dwfl, object->path, object->path, fd, REPORTED_AT, true);
	if (!module)
		close(fd);
	return dwfl_report_end(object->dwfl, NULL, NULL) == 0 ? module : NULL;
}

/* Whether this file, -1 for none, is the object that was recorded, or describes it. */
static bool try_file(struct hg_objects *objects, struct hg_object *object, const struct hg_record_module *recorded,
                     int fd)
{
	GElf_Addr bias;

	if (fd < 0)
		return false;
	object->dwfl = dwfl_begin(&objects->callbacks);
	if (!object->dwfl) {
		close(fd);
		return false;
	}
	Dwfl_Module *module = report_file(object, fd);
	if (module && dwfl_module_getelf(module, &bias) && has_build_id(module, recorded)) {
		object->module = module;
		object->bias = bias;
		return true;
	}
	dwfl_end(object->dwfl);
	object->dwfl = NULL;
	return false;
}

/* A file that was separated from an object has its addresses and its build id. */
static bool try_folder(struct hg_objects *objects, struct hg_object *object, const struct hg_record_module *recorded,
                       const char *folder)
{
	return try_file(objects, object, recorded, hg_open_by_build_id(folder, recorded, "")) ||
	       try_file(objects, object, recorded, hg_open_by_build_id(folder, recorded, ".debug"));
}

static bool try_folders(struct hg_objects *objects, struct hg_object *object, const struct hg_record_module *recorded)
{
	const struct hg_sources *sources = &objects->model->sources;

	for (size_t i = 0; i < sources->debug_dir_count; i++)
		if (try_folder(objects, object, recorded, sources->debug_dirs[i]))
			return true;
	return (sources->sysroot && try_folder(objects, object, recorded,
	                                       hg_model_printf(objects->model, "%s" DEBUG_DIR, sources->sysroot))) ||
	       try_folder(objects, object, recorded, DEBUG_DIR);
}

/* Where a root is given, what has no build id is looked for only there: this machine's is hardly the same. */
static void open_object(struct hg_objects *objects, struct hg_object *object, const struct hg_record_module *recorded)
{
	const struct hg_sources *sources = &objects->model->sources;

	if (sources->sysroot && try_file(objects, object, recorded, hg_open_in_sysroot(sources->sysroot, object->path)))
		return;
	if ((!sources->sysroot || recorded->build_id_length > 0) &&
	    try_file(objects, object, recorded, hg_open_object(object->path)))
		return;
	if (try_folders(objects, object, recorded) || !sources->debuginfod)
		return;
	try_file(objects, object, recorded, hg_fetch_debuginfo(recorded));
}

/* ---- All ---- */

static const char *object_key(struct hg_model *model, const char *path, const struct hg_record_module *module)
{
	char id[2 * HG_BUILD_ID_MAX + 1] = "";

	for (uint32_t i = 0; i < module->build_id_length; i++)
		snprintf(id + 2 * i, 3, "%02x", module->build_id[i]);
	return hg_model_printf(model, "%s %s", id, path);
}

const struct hg_object *hg_object_get(struct hg_objects *objects, const char *path,
                                      const struct hg_record_module *module)
{
	struct hg_object *object;
	const char *key = object_key(objects->model, path, module);

	HASH_FIND_STR(objects->table, key, object);
	if (object)
		return object;
	object = hg_model_take(objects->model, sizeof(*object));
	object->key = key;
	object->path = path;
	open_object(objects, object, module);
	HASH_ADD_KEYPTR(hh, objects->table, object->key, strlen(object->key), object);
	return object;
}

/* First as libdwfl does it anyway: beside the object. */
static char *debuginfo_path(struct hg_model *model)
{
	const char *path = ":.debug";

	for (size_t i = 0; i < model->sources.debug_dir_count; i++)
		path = hg_model_printf(model, "%s:%s", path, model->sources.debug_dirs[i]);
	if (model->sources.sysroot)
		path = hg_model_printf(model, "%s:%s" DEBUG_DIR, path, model->sources.sysroot);
	path = hg_model_printf(model, "%s:" DEBUG_DIR, path);
	return memcpy(hg_model_take(model, strlen(path) + 1), path, strlen(path));
}

void hg_objects_init(struct hg_objects *objects, struct hg_model *model)
{
	*objects = (struct hg_objects){
	    .model = model,
	    .debuginfo_path = debuginfo_path(model),
	    .callbacks = {.find_elf = dwfl_build_id_find_elf,
	                  .find_debuginfo = dwfl_standard_find_debuginfo,
	                  .debuginfo_path = &objects->debuginfo_path},
	};
	/* libdwfl asks servers by itself if the environment names any. */
	if (!model->sources.debuginfod)
		unsetenv("DEBUGINFOD_URLS");
}

void hg_objects_drop(struct hg_objects *objects)
{
	for (const struct hg_object *object = objects->table; object; object = object->hh.next)
		dwfl_end(object->dwfl);
	HASH_CLEAR(hh, objects->table);
}
