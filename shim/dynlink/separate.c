#include "dynlink/separate.h"

#include <stdlib.h>
#include <string.h>

#include "format/build_id.h"

/* Kept as they are when the process starts: later the environment may be changing. */
static char folders[][HG_SEPARATE_PATH] = {"", "", "/usr/lib/debug"};

static void keep(const char *variable, char *folder)
{
	const char *value = secure_getenv(variable);
	size_t size = value ? strlen(value) : 0;
	if (size && size < HG_SEPARATE_PATH)
		memcpy(folder, value, size + 1);
}

void hg_separate_start(void)
{
	keep("HANDLEGUARD_DEBUG_DIR", folders[0]);
	keep("HANDLEGUARD_SYMBOLS", folders[1]);
}

void hg_separate_begin(const struct hg_object *object, struct hg_separate_search *search)
{
	*search = (struct hg_separate_search){0};
	for (unsigned i = 0; i < object->segment_count && !search->id; i++)
		if (object->segments[i].p_type == PT_NOTE)
			search->id = hg_build_id_in((const void *)(object->base + object->segments[i].p_vaddr),
			                            object->segments[i].p_memsz, &search->length);
}

/* FOLDER/.build-id/ab/cdef.debug */
static bool write_path(const struct hg_separate_search *search, const char *folder, char *path)
{
	static const char digits[] = "0123456789abcdef", middle[] = "/.build-id/", suffix[] = ".debug";
	size_t size = strlen(folder);
	if (!size || size + sizeof middle + sizeof suffix + 2 * (size_t)search->length + 1 > HG_SEPARATE_PATH)
		return false;
	memcpy(path, folder, size);
	memcpy(path + size, middle, sizeof middle);
	char *at = path + size + sizeof middle - 1;
	for (uint32_t i = 0; i < search->length; i++) {
		*at++ = digits[search->id[i] >> 4];
		*at++ = digits[search->id[i] & 15];
		if (i == 0)
			*at++ = '/';
	}
	memcpy(at, suffix, sizeof suffix);
	return true;
}

bool hg_separate_next(struct hg_separate_search *search, char path[HG_SEPARATE_PATH])
{
	while (search->id && search->length > 1 && search->folder < sizeof folders / sizeof *folders) {
		if (write_path(search, folders[search->folder++], path))
			return true;
	}
	return false;
}
