/* Found object by object, not through dlsym, which does not see what was opened by RTLD_LOCAL, as plugins open Python.
 */
#include "python/python_process.h"

#include <string.h>

#include "base/counters.h"
#include "base/elf_tables.h"
#include "process/linker.h"
#include "process/process.h"

struct hg_python hg_python_list[HG_PYTHONS_MOST];
_Atomic unsigned hg_python_count;

static struct hg_elf_tables program; /* its own tables */
static bool seen[HG_PYTHONS_MOST];

static struct hg_elf_tables tables_of(const struct dl_phdr_info *info)
{
	for (unsigned i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			return hg_elf_tables_of(info->dlpi_addr,
			                        (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr));
	return (struct hg_elf_tables){0};
}

/* --- what it exports --- */

/* A program that is linked with it may have a copy of a variable, which then is the variable. */
static uintptr_t variable(const struct hg_python *python, const char *name)
{
	void *copy = hg_elf_symbol(&program, name, STT_OBJECT);
	return (uintptr_t)(copy ? copy : hg_elf_symbol(&python->object, name, STT_OBJECT));
}

static void *function(const struct hg_python *python, const char *name, const char *other)
{
	void *found = hg_elf_symbol(&python->object, name, STT_FUNC);
	return found || !other ? found : hg_elf_symbol(&python->object, other, STT_FUNC);
}

/* As in PY_VERSION_HEX; 0: it is only known as a text. */
static uint32_t version_number(const struct hg_python *python)
{
	const unsigned long *number = (const unsigned long *)variable(python, "Py_Version");
	return number ? (uint32_t)*number : 0;
}

/* Up to 3.10, and of the level only that it is a release's. */
static uint32_t version_of_text(const struct hg_python *python)
{
	const char *(*text)(void) = (const char *(*)(void))function(python, "Py_GetVersion", NULL);
	const char *digit = text ? text() : "";
	uint32_t minor = 0;
	if (digit[0] != '3' || digit[1] != '.')
		return 0;
	for (digit += 2; *digit >= '0' && *digit <= '9'; digit++)
		minor = minor * 0xa + (uint32_t)(*digit - '0');
	return UINT32_C(0x030000f0) | minor << 16;
}

/* False: not enough is known of it to read it. */
static bool describe(struct hg_python *python)
{
	uint32_t version = version_number(python);
	version = version ? version : version_of_text(python);
	python->minor = version >> 16 & 0xff;
	python->code_type = variable(python, "PyCode_Type");
	python->text_type = variable(python, "PyUnicode_Type");
	python->bytes_type = variable(python, "PyBytes_Type");
	python->weak_type = variable(python, "_PyWeakref_RefType");
	python->none = variable(python, "_Py_NoneStruct");
	*(void **)&python->state_of_thread = function(python, "PyGILState_GetThisThreadState", NULL);
	*(void **)&python->state_attached =
	    function(python, "_PyThreadState_UncheckedGet", "PyThreadState_GetUnchecked");
	*(void **)&python->first_interpreter = function(python, "PyInterpreterState_Head", NULL);
	*(void **)&python->main_interpreter = function(python, "PyInterpreterState_Main", NULL);
	*(void **)&python->is_finalizing = function(python, "Py_IsFinalizing", "_Py_IsFinalizing");
	return hg_python_layout_of(version, python->runtime, &python->layout) && python->code_type &&
	       python->text_type && python->bytes_type && python->weak_type && python->none &&
	       python->state_of_thread && python->state_attached && python->first_interpreter &&
	       python->main_interpreter && python->is_finalizing;
}

/* --- the list --- */

/* An object can be listed before the dynamic linker has made it ready; an interpreter that has started was made ready
 * before. */
static void look_if_started(struct hg_python *python)
{
	const int *started = hg_python_started_at(version_number(python), python->runtime);
	if (atomic_load(&python->state) != HG_PYTHON_LOADED || (started && !__atomic_load_n(started, __ATOMIC_ACQUIRE)))
		return;
	bool known = started && describe(python);
	if (!known)
		hg_count(HG_COUNTER_PYTHON_UNKNOWN);
	atomic_store(&python->state, known ? HG_PYTHON_STARTED : HG_PYTHON_UNKNOWN);
}

/* What was unloaded stays gone, also if the same is loaded there again: others may just be reading what is known of it.
 */
static void note(const struct hg_elf_tables *object, const void *runtime)
{
	unsigned count = atomic_load(&hg_python_count), i = 0;
	while (i < count && hg_python_list[i].runtime != runtime)
		i++;
	if (i == HG_PYTHONS_MOST) {
		hg_count(HG_COUNTER_PYTHON_UNKNOWN);
		return;
	}
	seen[i] = true;
	if (i < count)
		return;
	hg_python_list[i].object = *object;
	hg_python_list[i].runtime = runtime;
	atomic_store(&hg_python_count, count + 1);
}

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	(void)argument;
	struct hg_elf_tables object = tables_of(info);
	if (!program.symbols)
		program = object; /* it comes first */
	const void *runtime = hg_elf_symbol(&object, "_PyRuntime", STT_OBJECT);
	if (runtime)
		note(&object, runtime);
	return 0;
}

/* --- when it is looked for --- */

static _Atomic uint32_t updating; /* the process that is at it: a child may have been forked meanwhile; 0: none */
static _Atomic unsigned long long known_changes;

static void look_for_objects(unsigned long long changes)
{
	memset(seen, 0, sizeof seen);
	hg_linker_visit(visit, NULL);
	for (unsigned i = 0; i < atomic_load(&hg_python_count); i++)
		if (!seen[i])
			atomic_store(&hg_python_list[i].state, HG_PYTHON_GONE);
	atomic_store(&known_changes, changes);
}

void hg_pythons_update(void)
{
	uint64_t changes = hg_linker_changes_held();
	uint32_t me = hg_process_pid();
	bool changed = changes != atomic_load(&known_changes), waiting = false;
	for (unsigned i = 0; i < atomic_load(&hg_python_count); i++)
		waiting |= atomic_load(&hg_python_list[i].state) == HG_PYTHON_LOADED;
	if ((!changed && !waiting) || atomic_exchange(&updating, me) == me)
		return;
	if (changed)
		look_for_objects(changes);
	for (unsigned i = 0; i < atomic_load(&hg_python_count); i++)
		if (atomic_load(&hg_python_list[i].state) == HG_PYTHON_LOADED)
			look_if_started(&hg_python_list[i]);
	atomic_store(&updating, 0);
}

bool hg_pythons_settled(void)
{
	return atomic_load(&updating) != hg_process_pid();
}

void hg_pythons_doubt(void)
{
	int started = HG_PYTHON_STARTED;
	for (unsigned i = 0; i < atomic_load(&hg_python_count); i++, started = HG_PYTHON_STARTED)
		atomic_compare_exchange_strong(&hg_python_list[i].state, &started, HG_PYTHON_LOADED);
	atomic_store(&known_changes, 0);
}
