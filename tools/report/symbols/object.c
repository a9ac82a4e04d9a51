#include "report/symbols/object.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Any page that leaves room for the object; objects with fixed addresses stay where they belong. */
#define REPORTED_AT UINT64_C(0x100000000)

static char *debuginfo_path; /* null: the standard places */

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .debuginfo_path = &debuginfo_path,
};

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

/* Opens regular files only: a recording may name a pipe or a device, from which nothing ever comes, or data without an
 * end. */
static int open_file(const char *path)
{
	struct stat status;
	int fd = path[0] == '/' ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
		return fd;
	close(fd);
	return -1;
}

/* Hands the file to libdwfl, which closes it in the end; closes it if libdwfl does not take it. */
static Dwfl_Module *report_file(struct hg_object *object, int fd)
{
	object->dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module = NULL;
	if (object->dwfl) {
		dwfl_report_begin(object->dwfl);
		module = dwfl_report_elf(object->dwfl, object->path, object->path, fd, REPORTED_AT, true);
	}
	if (!module)
		close(fd);
	return module;
}

static void open_object(struct hg_object *object, const struct hg_record_module *recorded)
{
	int fd = open_file(object->path);

	if (fd < 0)
		return;
	Dwfl_Module *module = report_file(object, fd);
	if (!object->dwfl)
		return;
	if (dwfl_report_end(object->dwfl, NULL, NULL) != 0 || !module)
		return;
	GElf_Addr bias;
	if (!dwfl_module_getelf(module, &bias) || !has_build_id(module, recorded))
		return;
	object->module = module;
	object->bias = bias;
}

static const char *object_key(struct hg_model *model, const char *path, const struct hg_record_module *module)
{
	char id[2 * HG_BUILD_ID_MAX + 1] = "";

	for (uint32_t i = 0; i < module->build_id_length; i++)
		snprintf(id + 2 * i, 3, "%02x", module->build_id[i]);
	return hg_model_printf(model, "%s %s", id, path);
}

const struct hg_object *hg_object_get(struct hg_model *model, struct hg_object **objects, const char *path,
                                      const struct hg_record_module *module)
{
	struct hg_object *object;
	const char *key = object_key(model, path, module);

	HASH_FIND_STR(*objects, key, object);
	if (object)
		return object;
	object = hg_model_take(model, sizeof(*object));
	object->key = key;
	object->path = path;
	open_object(object, module);
	HASH_ADD_KEYPTR(hh, *objects, object->key, strlen(object->key), object);
	return object;
}

void hg_objects_drop(struct hg_object **objects)
{
	for (const struct hg_object *object = *objects; object; object = object->hh.next)
		dwfl_end(object->dwfl);
	HASH_CLEAR(hh, *objects);
}
