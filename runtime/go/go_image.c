/* Where Go's tables lie is found by their looks: sections have names on disk only, and in programs that are independent
 * of their place the table has no section of its own up to 1.25. Each object is looked at once. */
#include "go/go_image.h"

#include <string.h>

#include "base/elf_tables.h"
#include "process/linker.h"
#include "process/process.h"

enum { IMAGES = 8, ALIGNMENT = 8 }; /* no limit: of others there are the frames of C; where a table may begin */
static const uint32_t MAGIC_1_20 = 0xfffffff1;

static struct hg_go_image images[IMAGES];
static _Atomic unsigned image_count;
static _Atomic uint64_t known_changes;
static _Atomic uint32_t updating; /* the process in which a thread is at it; a child of it begins anew */

struct span {
	const uint8_t *low, *high;
};

/* What of the object's file is mapped there. */
static bool is_mapped(const struct dl_phdr_info *info, int part, struct span *data)
{
	const ElfW(Phdr) *header = &info->dlpi_phdr[part];
	if (header->p_type != PT_LOAD || !(header->p_flags & PF_R))
		return false;
	const uint8_t *start = (const uint8_t *)(info->dlpi_addr + header->p_vaddr);
	data->high = start + header->p_filesz;
	data->low = (const uint8_t *)(((uint64_t)start + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1));
	return data->low < data->high;
}

/* What the file holds behind an address; 0: it is none of the object's. */
static uint64_t data_behind(const struct dl_phdr_info *info, uint64_t address)
{
	struct span data;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (is_mapped(info, i, &data) && address >= (uint64_t)data.low && address < (uint64_t)data.high)
			return (uint64_t)data.high - address;
	return 0;
}

/* --- which objects are Go's --- */

extern const char __ehdr_start __attribute__((visibility("hidden")));

/* This library asks for the name that tells Go's objects, so it has that too. */
static bool is_this_library(const struct dl_phdr_info *info)
{
	return info->dlpi_addr == (uint64_t)&__ehdr_start;
}

/* Where the linker has not hashed the names, they are looked through. */
static bool is_among(const ElfW(Dyn) * entry, const struct hg_elf_tables *tables, const char *name)
{
	uint64_t size = 0;
	for (; entry->d_tag != DT_NULL; entry++)
		size = entry->d_tag == DT_STRSZ ? entry->d_un.d_val : size;
	return tables->names && memmem(tables->names, size, name, strlen(name) + 1);
}

/* Go's linker lets other objects find this in all that use C. Large objects that are not Go's are not looked through.
 */
static bool uses_cgo(const struct dl_phdr_info *info)
{
	static const char name[] = "_cgo_topofstack";
	const ElfW(Dyn) *entry = NULL;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			entry = (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	if (!entry)
		return false;
	struct hg_elf_tables tables = hg_elf_tables_of(info->dlpi_addr, entry);
	return tables.hash ? hg_elf_symbol(&tables, name, STT_FUNC) != NULL : is_among(entry, &tables, name);
}

/* Programs that reach C without cgo (purego) have no such name; but Go's linker has left a note in them, too. */
static bool has_note(const struct dl_phdr_info *info)
{
	static const char owner[4] = "Go"; /* no limit: fixed */
	enum { BUILD_ID = 4 };             /* no limit: a type */
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
		if (info->dlpi_phdr[i].p_type == PT_NOTE &&
		    data_behind(info, (uint64_t)note) >= sizeof *note + sizeof owner && note->n_type == BUILD_ID &&
		    note->n_namesz == sizeof owner && memcmp(note + 1, owner, sizeof owner) == 0)
			return true;
	}
	return false;
}

/* --- the table --- */

static bool is_header(const uint8_t *at, uint64_t room)
{
	const struct hg_go_header *header = (const struct hg_go_header *)at;
	return header->magic == MAGIC_1_20 && !header->zero[0] && !header->zero[1] &&
	       (header->quantum == 1 || header->quantum == 4) && header->pointer == sizeof(void *) &&
	       header->function_count && header->function_count < room / 8 && header->names >= sizeof *header &&
	       header->names < header->units && header->units <= header->files && header->files <= header->pcs &&
	       header->pcs <= header->functions && header->functions < room &&
	       8 * header->function_count + 4 <= room - header->functions;
}

/* Some linkers put data beside code: that is looked through last. */
static bool find_table(const struct dl_phdr_info *info, struct hg_go_image *image, bool beside_code)
{
	struct span data;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		if (!(info->dlpi_phdr[i].p_flags & PF_X) == beside_code || !is_mapped(info, i, &data))
			continue;
		uint64_t last = sizeof(struct hg_go_header);
		for (const uint8_t *at = data.low; (uint64_t)(data.high - at) > last; at += ALIGNMENT)
			if (is_header(at, (uint64_t)(data.high - at))) {
				image->table = at;
				image->size = (uint64_t)(data.high - at);
				return true;
			}
	}
	return false;
}

/* Words of the runtime's moduledata, which is how the program itself finds the table. The same from 1.20 to 1.26. */
enum {
	TABLE,
	NAMES = 1,
	UNITS = 4,
	FILES = 7,
	FUNCTIONS = 13,
	TEXT = 22,
	TEXT_END,
	PLAIN,
	PLAIN_END,
	GOFUNC = 40
}; /* no limit: places */

static bool is_moduledata(const uint64_t *word, const struct hg_go_image *image)
{
	const struct hg_go_header *header = hg_go_header(image);
	uint64_t table = (uint64_t)image->table;
	return word[TABLE] == table && word[NAMES] == table + header->names && word[UNITS] == table + header->units &&
	       word[FILES] == table + header->files && word[FUNCTIONS] == table + header->functions &&
	       word[TEXT] < word[TEXT_END];
}

static bool find_text(const struct dl_phdr_info *info, struct hg_go_image *image)
{
	struct span data;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_flags & PF_X || !is_mapped(info, i, &data))
			continue;
		const uint64_t *word = (const uint64_t *)data.low;
		for (; (uint64_t)(data.high - (const uint8_t *)word) > GOFUNC * sizeof *word; word++)
			if (is_moduledata(word, image)) {
				image->text = word[TEXT];
				image->text_end = word[TEXT_END];
				image->funcdata = word[GOFUNC];
				image->plain = word[PLAIN];
				image->plain_end = word[PLAIN_END];
				return true;
			}
	}
	return false;
}

/* --- what it says --- */

/* So many bytes of the table from there on, or null. */
static const void *part(const struct hg_go_image *image, uint64_t at, uint64_t size)
{
	return at <= image->size && size <= image->size - at ? image->table + at : NULL;
}

struct row {
	uint32_t entry, function;
};

static const struct row *rows_of(const struct hg_go_image *image)
{
	return (const struct row *)(image->table + hg_go_header(image)->functions);
}

static const struct hg_go_function *function_of(const struct hg_go_image *image, uint64_t number)
{
	uint64_t at = hg_go_header(image)->functions + rows_of(image)[number].function;
	const struct hg_go_function *function = part(image, at, sizeof *function);
	uint64_t more = function ? 4 * ((uint64_t)function->pcdata_count + function->funcdata_count) : 0;
	return part(image, at, sizeof *function + more);
}

const struct hg_go_function *hg_go_function_at(const struct hg_go_image *image, uint64_t pc)
{
	const struct row *rows = rows_of(image);
	uint64_t low = 0, high = hg_go_header(image)->function_count, at = pc - image->text;
	if (pc < image->text || pc >= image->text_end || at >= rows[high].entry || at < rows[0].entry)
		return NULL;
	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;
		if (rows[middle].entry <= at)
			low = middle;
		else
			high = middle;
	}
	return function_of(image, low);
}

const char *hg_go_name(const struct hg_go_image *image, int32_t at, size_t *length)
{
	const struct hg_go_header *header = hg_go_header(image);
	uint64_t room = header->units - header->names;
	const char *name = at >= 0 && (uint64_t)at < room ? part(image, header->names, room) : NULL;
	*length = name ? strnlen(name + at, room - (uint64_t)at) : 0;
	return name ? name + at : "";
}

bool hg_go_is_named(const struct hg_go_image *image, const struct hg_go_function *function, const char *name)
{
	size_t length;
	const char *found = hg_go_name(image, function->name, &length);
	return length == strlen(name) && memcmp(found, name, length) == 0;
}

bool hg_go_code_of(const struct hg_go_image *image, const char *name, uint64_t *code, uint64_t *end)
{
	uint64_t count = hg_go_header(image)->function_count, i = 0;
	const struct hg_go_function *function = NULL;
	while (i < count && !((function = function_of(image, i)) && hg_go_is_named(image, function, name)))
		i++;
	if (i == count)
		return false;
	*code = image->text + rows_of(image)[i].entry;
	*end = image->text + rows_of(image)[i + 1].entry;
	return true;
}

struct steps {
	const uint8_t *at, *end;
};

static bool next_number(struct steps *steps, uint32_t *number)
{
	*number = 0;
	for (int shift = 0; steps->at < steps->end && shift < 35; shift += 7) { /* no limit: a number is no longer */
		uint8_t byte = *steps->at++;
		*number |= (uint32_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

int32_t hg_go_value(const struct hg_go_image *image, const struct hg_go_function *function, uint32_t table, uint64_t pc)
{
	const struct hg_go_header *header = hg_go_header(image);
	const uint8_t *start = part(image, header->pcs + table, 1);
	struct steps steps = {start, image->table + header->functions};
	uint64_t at = image->text + function->entry;
	uint32_t value = UINT32_MAX, change, length;
	if (!table || !start)
		return -1;
	while (next_number(&steps, &change) && (change || steps.at == start + 1) && next_number(&steps, &length)) {
		value += change & 1 ? ~(change >> 1) : change >> 1;
		at += (uint64_t)length * header->quantum;
		if (pc < at)
			return (int32_t)value;
	}
	return -1;
}

/* --- the images --- */

/* There are two asmcgocall: one for each of Go's ways to pass arguments. The kind of function that is the compiler's
 * own comes in the runtime's list behind that of systemstack_switch. All three stand close together. */
static bool find_calls(struct hg_go_image *image)
{
	uint64_t count = hg_go_header(image)->function_count;
	unsigned found = 0;
	for (uint64_t i = 0; i < count && (found < 2 || !image->wrapper); i++) {
		const struct hg_go_function *function = function_of(image, i);
		if (function && hg_go_is_named(image, function, "runtime.systemstack_switch"))
			image->wrapper = (uint8_t)(function->id + 1);
		if (!function || found == 2 || !hg_go_is_named(image, function, "runtime.asmcgocall"))
			continue;
		image->calls[found] = image->text + rows_of(image)[i].entry;
		image->ends[found++] = image->text + rows_of(image)[i + 1].entry;
	}
	return found;
}

struct update {
	uint64_t changes;
	bool seen[IMAGES];
};

static bool is_known(const struct hg_go_image *fresh, struct update *update)
{
	unsigned count = atomic_load(&image_count);
	for (unsigned i = 0; i < count; i++)
		if (images[i].table == fresh->table && images[i].text == fresh->text) {
			update->seen[i] = true;
			return true;
		}
	return false;
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	struct update *update = argument;
	struct hg_go_image fresh = {0};
	unsigned count = atomic_load(&image_count);
	(void)size;
	if (is_this_library(info) || !(uses_cgo(info) || has_note(info)) ||
	    !(find_table(info, &fresh, false) || find_table(info, &fresh, true)) || !find_text(info, &fresh) ||
	    is_known(&fresh, update))
		return 0;
	fresh.data = fresh.funcdata;
	fresh.data_end = fresh.funcdata + data_behind(info, fresh.funcdata);
	if (fresh.plain > fresh.plain_end || fresh.plain_end - fresh.plain > data_behind(info, fresh.plain))
		fresh.plain = fresh.plain_end = 0;
	if (count == IMAGES || !find_calls(&fresh))
		return 0;
	images[count] = fresh;
	update->seen[count] = true;
	atomic_store_explicit(&image_count, count + 1, memory_order_release);
	return 0;
}

/* Another thread that is just at it is not waited for: this once there are no frames of what was loaded just now. */
bool hg_go_images_update(void)
{
	struct update update = {.changes = hg_linker_changes_held()};
	uint32_t me = hg_process_pid();
	if (update.changes != atomic_load(&known_changes) && atomic_exchange(&updating, me) != me) {
		hg_linker_visit(visit, &update);
		for (unsigned i = 0; i < atomic_load(&image_count); i++)
			atomic_store(&images[i].gone, !update.seen[i]);
		atomic_store(&known_changes, update.changes);
		atomic_store(&updating, 0);
	}
	return atomic_load(&image_count);
}

bool hg_go_images_settled(void)
{
	return atomic_load(&updating) != hg_process_pid();
}

struct hg_go_image *hg_go_image_of_call(uint64_t return_address)
{
	unsigned count = atomic_load_explicit(&image_count, memory_order_acquire);
	for (unsigned i = 0; i < count; i++)
		for (int k = 0; k < 2; k++)
			if (!atomic_load(&images[i].gone) && return_address > images[i].calls[k] &&
			    return_address <= images[i].ends[k])
				return &images[i];
	return NULL;
}

void hg_go_images_each(void (*each)(const struct hg_go_image *image, void *argument), void *argument)
{
	unsigned count = atomic_load_explicit(&image_count, memory_order_acquire);
	for (unsigned i = 0; i < count; i++)
		if (!atomic_load(&images[i].gone))
			each(&images[i], argument);
}
