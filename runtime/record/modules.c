#include "record/modules.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/counters.h"
#include "base/sys.h"
#include "format/build_id.h"
#include "format/record.h"
#include "process/linker.h"
#include "process/process.h"
#include "record/recording.h"

static _Atomic uint32_t updating; /* the process that is at it: a child may have been forked meanwhile; 0: none */
static _Atomic unsigned long long known_changes;

static void text_range(const struct dl_phdr_info *info, struct hg_record_module *module)
{
	module->low = UINT64_MAX;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X))
			continue;
		uint64_t low = info->dlpi_addr + header->p_vaddr, high = low + header->p_memsz;
		module->low = low < module->low ? low : module->low;
		module->high = high > module->high ? high : module->high;
	}
}

static void copy_build_id(const char *notes, uint64_t size, struct hg_record_module *module)
{
	uint32_t length = 0;
	const uint8_t *id = hg_build_id_in(notes, size, &length);
	if (id && length > HG_BUILD_ID_MAX)
		hg_count(HG_COUNTER_NAMES_FULL);
	else if (id) {
		memcpy(module->build_id, id, length);
		module->build_id_length = length;
	}
}

static void describe(const struct dl_phdr_info *info, struct hg_record_module *module)
{
	module->load_bias = info->dlpi_addr;
	text_range(info, module);
	if (!hg_linker_is_absent() && (uint64_t)describe - module->low < module->high - module->low)
		module->flags |= HG_MODULE_RUNTIME;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE && !module->build_id_length)
			copy_build_id((const char *)info->dlpi_addr + info->dlpi_phdr[i].p_vaddr,
			              info->dlpi_phdr[i].p_memsz, module);
}

struct update {
	struct hg_record_module *table;
	unsigned known;           /* modules there were before this update */
	unsigned char seen[2048]; /* no limit: the recording has room for fewer */
};

static bool known_module(struct update *update, const struct hg_record_module *module)
{
	for (unsigned i = 0; i < update->known; i++) {
		const struct hg_record_module *other = &update->table[i];
		if (!other->unloaded_ticks && other->load_bias == module->load_bias && other->low == module->low &&
		    other->high == module->high && memcmp(other->build_id, module->build_id, HG_BUILD_ID_MAX) == 0) {
			update->seen[i] = 1;
			return true;
		}
	}
	return false;
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	struct hg_record_module module = {.loaded_ticks = hg_ticks()};
	describe(info, &module);
	if (module.high == 0 || known_module(argument, &module))
		return 0;
	struct hg_record_module *record = hg_recording_append(HG_EXTENT_MODULES);
	if (!record) {
		hg_count(HG_COUNTER_MODULES_FULL);
		return 0;
	}
	/* The program itself has no name here. */
	module.path = hg_recording_text(info->dlpi_name[0] ? info->dlpi_name : hg_recording->executable);
	*record = module;
	__atomic_store_n(&record->state, 1, __ATOMIC_RELEASE);
	return 0;
}

static unsigned count_known(const struct hg_record_module *table, unsigned room)
{
	unsigned known = 0;
	while (known < room && table[known].state)
		known++;
	return known;
}

bool hg_modules_update(void)
{
	uint64_t changes = hg_linker_changes();
	uint32_t me = hg_process_pid();
	if (changes == atomic_load(&known_changes))
		return true;
	if (atomic_exchange(&updating, me) == me)
		return false;
	unsigned room;
	struct update update = {.table = hg_recording_table(HG_EXTENT_MODULES, &room)};
	update.known = count_known(update.table, room < sizeof update.seen ? room : sizeof update.seen);
	hg_linker_visit(visit, &update);
	for (unsigned i = 0; i < update.known; i++)
		if (!update.seen[i] && !update.table[i].unloaded_ticks)
			__atomic_store_n(&update.table[i].unloaded_ticks, hg_ticks(), __ATOMIC_RELAXED);
	atomic_store(&known_changes, changes);
	atomic_store(&updating, 0);
	return true;
}
