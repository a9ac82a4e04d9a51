/* Reading a recording. All arithmetic on numbers from the file is done so that it cannot overflow: a bound is compared
 * with what is left, never with a sum. See reader.h for what is checked when. */
#include "format/reader.h"

#include <string.h>

static bool fail(struct hg_read_error *error, enum hg_read_problem problem, enum hg_extent_type section,
                 uint64_t offset)
{
	error->problem = problem;
	error->section = section;
	error->offset = offset;
	return false;
}

static bool check(struct hg_read_error *error, bool right, enum hg_read_problem problem, uint64_t offset,
                  uint64_t found, uint64_t expected)
{
	if (right)
		return true;
	error->found = found;
	error->expected = expected;
	return fail(error, problem, HG_EXTENT_NONE, offset);
}

/* ---- The header ---- */

#define FIELD(name) offsetof(struct hg_record_header, name)

static bool check_magic(const struct hg_reader *reader, struct hg_read_error *error)
{
	static const char zeros[sizeof reader->header->magic];
	size_t length = sizeof zeros;
	if (reader->size >= length && memcmp(reader->bytes, HG_RECORD_MAGIC, length) == 0)
		return true;
	if (reader->size >= length && memcmp(reader->bytes, zeros, length) == 0)
		return fail(error, HG_READ_UNFINISHED, HG_EXTENT_NONE, 0);
	if (reader->size == 0)
		return check(error, false, HG_READ_TRUNCATED, 0, 0, sizeof *reader->header);
	return fail(error, HG_READ_NOT_A_RECORDING, HG_EXTENT_NONE, 0);
}

/* The fields up to word_size stand where they stand in every version. */
static bool check_origin(const struct hg_reader *reader, struct hg_read_error *error)
{
	const struct hg_record_header *header = reader->header;
	return check(error, reader->size >= FIELD(header_size), HG_READ_TRUNCATED, reader->size, reader->size,
	             sizeof *header) &&
	       check(error, header->byte_order == HG_RECORD_BYTE_ORDER, HG_READ_BYTE_ORDER, FIELD(byte_order),
	             header->byte_order, HG_RECORD_BYTE_ORDER) &&
	       check(error, header->version == HG_RECORD_VERSION, HG_READ_VERSION, FIELD(version), header->version,
	             HG_RECORD_VERSION) &&
	       check(error, header->word_size == sizeof(uint64_t), HG_READ_WORD_SIZE, FIELD(word_size),
	             header->word_size, sizeof(uint64_t));
}

static bool check_header(const struct hg_reader *reader, struct hg_read_error *error)
{
	const struct hg_record_header *header = reader->header;
	return check(error, reader->size >= sizeof *header, HG_READ_TRUNCATED, reader->size, reader->size,
	             sizeof *header) &&
	       check(error, header->header_size == sizeof *header, HG_READ_HEADER_SIZE, FIELD(header_size),
	             header->header_size, sizeof *header) &&
	       check(error, header->file_size <= reader->size, HG_READ_TRUNCATED, reader->size, reader->size,
	             header->file_size) &&
	       check(error, header->command_length <= sizeof header->command, HG_READ_COMMAND_LENGTH,
	             FIELD(command_length), header->command_length, sizeof header->command) &&
	       check(error, header->extent_count <= HG_RECORD_EXTENTS, HG_READ_EXTENT_COUNT, FIELD(extent_count),
	             header->extent_count, HG_RECORD_EXTENTS);
}

/* ---- The extents ---- */

static uint64_t extent_room(const struct hg_record_extent *extent)
{
	return extent->stride == 0 ? 0 : extent->size / extent->stride;
}

/* What the distance of records must be, or at least be (threads), for each type. */
static uint32_t record_size(uint32_t type)
{
	switch (type) {
	case HG_EXTENT_CLASSES:
		return sizeof(struct hg_record_class);
	case HG_EXTENT_SYMBOLS:
		return sizeof(struct hg_record_symbol);
	case HG_EXTENT_MODULES:
		return sizeof(struct hg_record_module);
	case HG_EXTENT_THREADS:
		return sizeof(struct hg_record_thread);
	case HG_EXTENT_TOTALS:
		return sizeof(uint64_t);
	case HG_EXTENT_SITES:
		return sizeof(struct hg_record_site);
	case HG_EXTENT_LIVE:
		return sizeof(struct hg_record_live);
	case HG_EXTENT_LABELS:
		return sizeof(struct hg_record_label);
	case HG_EXTENT_TOLD:
		return sizeof(struct hg_record_told);
	case HG_EXTENT_NAMED:
		return sizeof(struct hg_record_named);
	case HG_EXTENT_REACHED:
		return sizeof(struct hg_record_reached);
	case HG_EXTENT_MANIFESTS:
		return sizeof(struct hg_record_manifest);
	case HG_EXTENT_UNNAMED:
		return sizeof(struct hg_record_unnamed);
	default:
		return 1;
	}
}

static bool stride_fits(const struct hg_record_extent *extent)
{
	if (extent->type == HG_EXTENT_THREADS || extent->type == HG_EXTENT_TOTALS)
		return extent->stride % sizeof(uint64_t) == 0 && extent->stride >= record_size(extent->type);
	return extent->stride == record_size(extent->type);
}

/* Only these tell by `used` which of their records are in use. */
static bool goes_by_used(uint32_t type)
{
	return type == HG_EXTENT_STRINGS || type == HG_EXTENT_CLASSES || type == HG_EXTENT_SYMBOLS ||
	       type == HG_EXTENT_MODULES || type == HG_EXTENT_LABELS || type == HG_EXTENT_TOLD ||
	       type == HG_EXTENT_NAMED || type == HG_EXTENT_REACHED || type == HG_EXTENT_MANIFESTS ||
	       type == HG_EXTENT_UNNAMED;
}

static bool check_extent(const struct hg_reader *reader, const struct hg_record_extent *extent,
                         struct hg_read_error *error)
{
	uint64_t at = (uint64_t)((const unsigned char *)extent - reader->bytes);
	if (!check(error, extent->type < HG_EXTENT_TYPE_COUNT, HG_READ_EXTENT_TYPE, at, extent->type,
	           HG_EXTENT_TYPE_COUNT - 1))
		return false;
	uint64_t alignment = extent->type == HG_EXTENT_STRINGS ? 8 : 4096;
	bool right = check(error, extent->offset % alignment == 0 && extent->offset >= sizeof *reader->header,
	                   HG_READ_EXTENT_OFFSET, at, extent->offset, alignment) &&
	             check(error, extent->offset <= reader->size && extent->size <= reader->size - extent->offset,
	                   HG_READ_EXTENT_SIZE, at, extent->size,
	                   extent->offset <= reader->size ? reader->size - extent->offset : 0) &&
	             check(error, stride_fits(extent), HG_READ_STRIDE, at, extent->stride, record_size(extent->type)) &&
	             check(error, !goes_by_used(extent->type) || extent->used <= extent_room(extent), HG_READ_USED, at,
	                   extent->used, extent_room(extent));
	if (!right)
		error->section = extent->type;
	return right;
}

static bool check_ring(struct hg_reader *reader, const struct hg_record_extent *extent, struct hg_read_error *error)
{
	if (reader->ring != NULL || extent->size == 0 || extent->size % HG_FINDING_ALIGN != 0)
		return fail(error, HG_READ_RING, HG_EXTENT_FINDINGS, extent->offset);
	reader->ring = extent;
	return true;
}

static bool check_extents(struct hg_reader *reader, struct hg_read_error *error)
{
	for (uint32_t i = 0; i < reader->header->extent_count; i++) {
		const struct hg_record_extent *extent = &reader->header->extents[i];
		if (extent->type == HG_EXTENT_NONE)
			continue;
		if (!check_extent(reader, extent, error))
			return false;
		if (extent->type == HG_EXTENT_FINDINGS && !check_ring(reader, extent, error))
			return false;
	}
	return true;
}

/* ---- Records by number ---- */

uint64_t hg_reader_limit(const struct hg_reader *reader, enum hg_extent_type type)
{
	uint64_t before = 0, limit = 0;
	for (uint32_t i = 0; i < reader->header->extent_count; i++) {
		const struct hg_record_extent *extent = &reader->header->extents[i];
		if (extent->type != type)
			continue;
		uint64_t room = extent_room(extent);
		/* Texts may lie beyond what is said to be in use. */
		bool counted = goes_by_used(type) && type != HG_EXTENT_STRINGS && extent->used < room;
		limit = before + (counted ? extent->used : room);
		before += room;
	}
	return limit;
}

uint64_t hg_reader_used(const struct hg_record_header *header, const struct hg_record_extent *extent)
{
	if (extent->type == HG_EXTENT_FINDINGS && header->ring_head < extent->size)
		return header->ring_head;
	bool counted = goes_by_used(extent->type) && extent->used < extent_room(extent);
	return counted ? extent->used * extent->stride : extent->size;
}

/* The extent that holds record `*index` of a type, with `*index` made relative to it; null: none. */
static const struct hg_record_extent *find_extent(const struct hg_reader *reader, enum hg_extent_type type,
                                                  uint64_t *index)
{
	for (uint32_t i = 0; i < reader->header->extent_count; i++) {
		const struct hg_record_extent *extent = &reader->header->extents[i];
		if (extent->type != type)
			continue;
		if (*index < extent_room(extent))
			return extent;
		*index -= extent_room(extent);
	}
	return NULL;
}

static const void *record_at(const struct hg_reader *reader, enum hg_extent_type type, uint64_t index)
{
	const struct hg_record_extent *extent = find_extent(reader, type, &index);
	if (extent == NULL || (goes_by_used(type) && index >= extent->used))
		return NULL;
	return reader->bytes + extent->offset + index * extent->stride;
}

const struct hg_record_class *hg_reader_class(const struct hg_reader *reader, uint64_t index)
{
	return record_at(reader, HG_EXTENT_CLASSES, index);
}

const struct hg_record_symbol *hg_reader_symbol(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_symbol *symbol = record_at(reader, HG_EXTENT_SYMBOLS, index);
	return symbol != NULL && symbol->state != HG_SYMBOL_UNUSED ? symbol : NULL;
}

const struct hg_record_module *hg_reader_module(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_module *module = record_at(reader, HG_EXTENT_MODULES, index);
	return module != NULL && module->state != 0 ? module : NULL;
}

const struct hg_record_thread *hg_reader_thread(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_thread *thread = record_at(reader, HG_EXTENT_THREADS, index);
	return thread != NULL && thread->state != HG_THREAD_UNUSED ? thread : NULL;
}

const struct hg_record_site *hg_reader_site(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_site *site = record_at(reader, HG_EXTENT_SITES, index);
	return site != NULL && site->key != 0 ? site : NULL;
}

const struct hg_record_live *hg_reader_live(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_live *live = record_at(reader, HG_EXTENT_LIVE, index);
	bool whole = live != NULL && live->depth <= HG_LIVE_DEPTH && live->told_count <= HG_LIVE_TOLD;
	return whole && live->state == HG_LIVE_KEPT ? live : NULL;
}

const struct hg_record_told *hg_reader_told(const struct hg_reader *reader, uint64_t index)
{
	return record_at(reader, HG_EXTENT_TOLD, index);
}

const struct hg_record_named *hg_reader_named(const struct hg_reader *reader, uint64_t index)
{
	return record_at(reader, HG_EXTENT_NAMED, index);
}

const struct hg_record_reached *hg_reader_reached(const struct hg_reader *reader, uint64_t index)
{
	return record_at(reader, HG_EXTENT_REACHED, index);
}

const struct hg_record_manifest *hg_reader_manifest(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_manifest *manifest = record_at(reader, HG_EXTENT_MANIFESTS, index);
	return manifest != NULL && manifest->state != 0 ? manifest : NULL;
}

const struct hg_record_unnamed *hg_reader_unnamed(const struct hg_reader *reader, uint64_t index)
{
	return record_at(reader, HG_EXTENT_UNNAMED, index);
}

const struct hg_record_label *hg_reader_label(const struct hg_reader *reader, uint64_t index)
{
	const struct hg_record_label *label = record_at(reader, HG_EXTENT_LABELS, index);
	return label != NULL && label->ticks != 0 ? label : NULL;
}

/* Null if the text does not lie, with its end, in one extent. `used` does not matter: it may be older than the text. */
static const char *find_text(const struct hg_reader *reader, uint32_t text)
{
	uint64_t start = text;
	if (text == 0)
		return "";
	const struct hg_record_extent *extent = find_extent(reader, HG_EXTENT_STRINGS, &start);
	if (extent == NULL)
		return NULL;
	const char *found = (const char *)reader->bytes + extent->offset + start;
	return memchr(found, 0, extent->size - start) != NULL ? found : NULL;
}

const char *hg_reader_text(const struct hg_reader *reader, uint32_t text)
{
	const char *found = find_text(reader, text);
	return found != NULL ? found : "";
}

/* ---- What every record must keep to ---- */

static bool reject(const struct hg_reader *reader, struct hg_read_error *error, enum hg_read_problem problem,
                   enum hg_extent_type section, const void *record)
{
	return fail(error, problem, section, (uint64_t)((const unsigned char *)record - reader->bytes));
}

static bool check_texts(const struct hg_reader *reader, struct hg_read_error *error, enum hg_extent_type section,
                        const void *record, const uint32_t *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (find_text(reader, texts[i]) != NULL)
			continue;
		error->found = texts[i];
		error->expected = hg_reader_limit(reader, HG_EXTENT_STRINGS);
		return reject(reader, error, HG_READ_TEXT, section, record);
	}
	return true;
}

static bool check_classes(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_CLASSES);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_class *class = hg_reader_class(reader, i);
		if (class != NULL && !check_texts(reader, error, HG_EXTENT_CLASSES, class,
		                                  (uint32_t[]){class->name, class->manifest}, 2))
			return false;
	}
	return true;
}

static bool check_symbols(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_SYMBOLS);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_symbol *symbol = hg_reader_symbol(reader, i);
		if (symbol != NULL &&
		    !check_texts(reader, error, HG_EXTENT_SYMBOLS, symbol,
		                 (uint32_t[]){symbol->name, symbol->library, symbol->manifest, symbol->patterns}, 4))
			return false;
	}
	return true;
}

static bool check_module(const struct hg_reader *reader, const struct hg_record_module *module,
                         struct hg_read_error *error)
{
	error->found = module->build_id_length;
	error->expected = HG_BUILD_ID_MAX;
	if (module->build_id_length > HG_BUILD_ID_MAX)
		return reject(reader, error, HG_READ_BUILD_ID, HG_EXTENT_MODULES, module);
	error->found = module->high;
	error->expected = module->low;
	if (module->low > module->high)
		return reject(reader, error, HG_READ_RANGE, HG_EXTENT_MODULES, module);
	return check_texts(reader, error, HG_EXTENT_MODULES, module, &module->path, 1);
}

static bool check_modules(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MODULES);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_module *module = hg_reader_module(reader, i);
		if (module != NULL && !check_module(reader, module, error))
			return false;
	}
	return true;
}

static bool check_labels(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_LABELS);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_label *label = hg_reader_label(reader, i);
		if (label && !check_texts(reader, error, HG_EXTENT_LABELS, label, &label->text, 1))
			return false;
	}
	return true;
}

static bool check_told(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_TOLD);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_told *told = hg_reader_told(reader, i);
		if (told == NULL)
			return true;
		if (!check_texts(reader, error, HG_EXTENT_TOLD, told, (uint32_t[]){told->function, told->file}, 2))
			return false;
	}
	return true;
}

static bool check_named(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_NAMED);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_named *named = hg_reader_named(reader, i);
		if (named && !check_texts(reader, error, HG_EXTENT_NAMED, named,
		                          (uint32_t[]){named->function, named->file, named->language}, 3))
			return false;
	}
	return true;
}

static bool check_reached(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_REACHED);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_reached *reached = hg_reader_reached(reader, i);
		if (reached && !check_texts(reader, error, HG_EXTENT_REACHED, reached,
		                            (uint32_t[]){reached->reach, reached->object, reached->used_by}, 3))
			return false;
	}
	return true;
}

static bool check_manifests(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_MANIFESTS);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_manifest *manifest = hg_reader_manifest(reader, i);
		if (manifest && !check_texts(reader, error, HG_EXTENT_MANIFESTS, manifest,
		                             (uint32_t[]){manifest->name, manifest->patterns, manifest->unguarded}, 3))
			return false;
	}
	return true;
}

static bool check_unnamed(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_UNNAMED);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_unnamed *unnamed = hg_reader_unnamed(reader, i);
		if (unnamed &&
		    !check_texts(reader, error, HG_EXTENT_UNNAMED, unnamed,
		                 (uint32_t[]){unnamed->manifest, unnamed->function, unnamed->object, unnamed->used_by},
		                 4))
			return false;
	}
	return true;
}

static bool check_sites(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t limit = hg_reader_limit(reader, HG_EXTENT_SITES);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_site *site = hg_reader_site(reader, i);
		if (site == NULL || site->kind < HG_KIND_COUNT)
			continue;
		error->found = site->kind;
		error->expected = HG_KIND_COUNT - 1;
		return reject(reader, error, HG_READ_KIND, HG_EXTENT_SITES, site);
	}
	return true;
}

/* Threads whose counters end before the class counters begin could not be summed. */
static bool check_counters(const struct hg_reader *reader, struct hg_read_error *error)
{
	uint64_t needed = reader->header->class_counters;
	for (uint32_t i = 0; i < reader->header->extent_count; i++) {
		const struct hg_record_extent *extent = &reader->header->extents[i];
		if (extent->type != HG_EXTENT_THREADS)
			continue;
		uint64_t room = (extent->stride - sizeof(struct hg_record_thread)) / sizeof(uint64_t);
		if (room >= needed)
			continue;
		error->found = room;
		error->expected = needed;
		return fail(error, HG_READ_COUNTERS, HG_EXTENT_THREADS, extent->offset);
	}
	return true;
}

bool hg_reader_open(struct hg_reader *reader, const void *bytes, uint64_t size, struct hg_read_error *error)
{
	*error = (struct hg_read_error){.problem = HG_READ_NONE};
	*reader = (struct hg_reader){.bytes = bytes, .size = size, .header = bytes};
	if ((uintptr_t)bytes % sizeof(uint64_t) != 0)
		return fail(error, HG_READ_ALIGNMENT, HG_EXTENT_NONE, 0);
	return check_magic(reader, error) && check_origin(reader, error) && check_header(reader, error) &&
	       check_extents(reader, error) && check_counters(reader, error) && check_classes(reader, error) &&
	       check_symbols(reader, error) && check_modules(reader, error) && check_labels(reader, error) &&
	       check_told(reader, error) && check_named(reader, error) && check_reached(reader, error) &&
	       check_manifests(reader, error) && check_unnamed(reader, error) && check_sites(reader, error);
}

/* ---- Counters ---- */

static uint64_t sum_extent(const struct hg_reader *reader, const struct hg_record_extent *extent, uint64_t counter)
{
	uint64_t sum = 0;
	uint64_t room = (extent->stride - sizeof(struct hg_record_thread)) / sizeof(uint64_t);
	if (counter >= room)
		return 0;
	for (uint64_t i = 0; i < extent_room(extent); i++) {
		const void *record = reader->bytes + extent->offset + i * extent->stride;
		const struct hg_record_thread *thread = record;
		if (thread->state != HG_THREAD_UNUSED)
			sum += thread->counters[counter];
	}
	return sum;
}

static uint64_t sum_counter(const struct hg_reader *reader, uint64_t counter)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < reader->header->extent_count; i++) {
		const struct hg_record_extent *extent = &reader->header->extents[i];
		if (extent->type == HG_EXTENT_THREADS)
			sum += sum_extent(reader, extent, counter);
		else if (extent->type == HG_EXTENT_TOTALS && counter < extent->size / sizeof(uint64_t))
			sum += *(const uint64_t *)(const void *)(reader->bytes + extent->offset +
			                                         counter * sizeof(uint64_t));
	}
	return sum;
}

uint64_t hg_reader_calls(const struct hg_reader *reader, uint32_t symbol)
{
	return symbol < reader->header->class_counters ? sum_counter(reader, symbol) : 0;
}

uint64_t hg_reader_handles(const struct hg_reader *reader, uint32_t class_index, enum hg_class_counter counter)
{
	uint64_t first = (uint64_t)class_index * HG_CLASS_COUNTERS;
	return sum_counter(reader, reader->header->class_counters + first + counter);
}
