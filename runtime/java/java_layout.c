#include "java/java_layout.h"

#include <stddef.h>
#include <string.h>

/* The table of fields: where its rows begin, how long one is, and where in it stand what. */
struct fields {
	const char *rows;
	uint64_t stride, type, name, is_static, offset, address;
};

static bool read_word(const struct hg_elf_tables *object, const char *name, uint64_t *word)
{
	const uint64_t *found = hg_elf_symbol(object, name, STT_OBJECT);
	*word = found ? *found : 0;
	return found;
}

static bool find_fields(const struct hg_elf_tables *object, struct fields *fields)
{
	uint64_t rows;
	bool found = read_word(object, "gHotSpotVMStructs", &rows) && rows &&
	             read_word(object, "gHotSpotVMStructEntryArrayStride", &fields->stride) && fields->stride &&
	             read_word(object, "gHotSpotVMStructEntryTypeNameOffset", &fields->type) &&
	             read_word(object, "gHotSpotVMStructEntryFieldNameOffset", &fields->name) &&
	             read_word(object, "gHotSpotVMStructEntryIsStaticOffset", &fields->is_static) &&
	             read_word(object, "gHotSpotVMStructEntryOffsetOffset", &fields->offset) &&
	             read_word(object, "gHotSpotVMStructEntryAddressOffset", &fields->address);
	fields->rows = (const char *)rows;
	return found;
}

static const char *text_in(const char *row, uint64_t offset)
{
	return *(const char *const *)(row + offset);
}

/* What moved between a thread and its base class from one version to the next is looked for in both. */
static bool is_of(const char *type, const char *wanted)
{
	return strcmp(type, wanted) == 0 || (strcmp(wanted, "JavaThread") == 0 && strcmp(type, "Thread") == 0);
}

/* The offset of a field, or the address of a static one. The last row has no names. */
static bool find(const struct fields *fields, const char *type, const char *name, uint64_t *value)
{
	for (const char *row = fields->rows; text_in(row, fields->type); row += fields->stride) {
		if (strcmp(text_in(row, fields->name), name) != 0 || !is_of(text_in(row, fields->type), type))
			continue;
		bool is_static = *(const int32_t *)(row + fields->is_static);
		*value = *(const uint64_t *)(row + (is_static ? fields->address : fields->offset));
		return true;
	}
	return false;
}

static const struct {
	const char *type, *name;
	size_t to; /* in struct hg_java_layout */
} wanted[] = {
    {"JavaThread", "_thread_state", offsetof(struct hg_java_layout, state)},
    {"JavaThread", "_anchor", offsetof(struct hg_java_layout, anchor)},
    {"JavaThread", "_osthread", offsetof(struct hg_java_layout, system)},
    {"JavaThread", "_threadObj", offsetof(struct hg_java_layout, object)},
    {"JavaThread", "_stack_base", offsetof(struct hg_java_layout, stack_base)},
    {"JavaThread", "_stack_size", offsetof(struct hg_java_layout, stack_size)},
    {"JavaFrameAnchor", "_last_Java_sp", offsetof(struct hg_java_layout, last_sp)},
    {"OSThread", "_pthread_id", offsetof(struct hg_java_layout, thread)},
    {"OSThread", "_thread_id", offsetof(struct hg_java_layout, tid)},
    {"ThreadsSMRSupport", "_java_thread_list", offsetof(struct hg_java_layout, list)},
    {"ThreadsList", "_length", offsetof(struct hg_java_layout, length)},
    {"ThreadsList", "_threads", offsetof(struct hg_java_layout, threads)},
};

/* Of versions that nobody has looked at nothing is guessed. */
static enum hg_java_reference reference_of(const struct fields *fields)
{
	enum { PLAIN = 17, GLOBAL = 21, LATEST = 25 }; /* no limit: versions */
	uint64_t at;
	int32_t major = find(fields, "Abstract_VM_Version", "_vm_major_version", &at) ? *(const int32_t *)at : 0;
	if (major >= GLOBAL && major <= LATEST)
		return HG_JAVA_REFERENCE_GLOBAL;
	return major == PLAIN ? HG_JAVA_REFERENCE_PLAIN : HG_JAVA_REFERENCE_UNKNOWN;
}

struct hg_java_layout hg_java_layout;

bool hg_java_layout_read(const struct hg_elf_tables *object)
{
	struct hg_java_layout *layout = &hg_java_layout;
	struct fields fields;
	if (!find_fields(object, &fields))
		return false;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!find(&fields, wanted[i].type, wanted[i].name, (uint64_t *)((char *)layout + wanted[i].to)))
			return false;
	if (!find(&fields, "JavaThread", "_vthread", &layout->virtual_object))
		layout->virtual_object = 0;
	layout->reference = reference_of(&fields);
	return true;
}
