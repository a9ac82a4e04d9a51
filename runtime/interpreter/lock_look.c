/* Python's interpreters are known by more than a name (python_lock.h). V8 and Ruby have each a function that says it,
 * which only reads what is the calling thread's own, and can be called before they have been started. */
#include "interpreter/lock_look.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/elf_tables.h"
#include "process/linker.h"
#include "process/process.h"
#include "python/python_lock.h"

typedef void *get_current(void);
typedef int has_lock(void);

static const char *const names[] = {"_ZN2v87Isolate13TryGetCurrentEv", "ruby_thread_has_gvl_p"};
enum { V8, RUBY, FUNCTIONS };
static void *_Atomic functions[FUNCTIONS]; /* null: in no object that is loaded */

static _Atomic uint32_t updating; /* the process that is at it: a child may have been forked meanwhile; 0: none */
static _Atomic unsigned long long known_changes;

static int read_changes(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	*(unsigned long long *)argument = info->dlpi_adds + info->dlpi_subs;
	return 1;
}

static int visit(struct dl_phdr_info *info, size_t size, void *found)
{
	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
			continue;
		struct hg_elf_tables object =
		    hg_elf_tables_of(info->dlpi_addr, (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr));
		for (int k = 0; k < FUNCTIONS; k++)
			if (!((void **)found)[k])
				((void **)found)[k] = hg_elf_symbol(&object, names[k], STT_FUNC);
	}
	return 0;
}

/* Again only once something has been loaded or unloaded. */
static void update(void)
{
	unsigned long long changes = 0;
	void *found[FUNCTIONS] = {NULL};
	uint32_t me = hg_process_pid();
	hg_linker_visit(read_changes, &changes);
	if (changes == atomic_load(&known_changes) || atomic_exchange(&updating, me) == me)
		return;
	hg_linker_visit(visit, found);
	for (int k = 0; k < FUNCTIONS; k++)
		atomic_store(&functions[k], found[k]);
	atomic_store(&known_changes, changes);
	atomic_store(&updating, 0);
}

void hg_interpreter_look(void *held)
{
	update();
	get_current *in_v8 = (get_current *)atomic_load(&functions[V8]);
	has_lock *in_ruby = (has_lock *)atomic_load(&functions[RUBY]);
	*(bool *)held = hg_python_lock_held() || (in_v8 && in_v8()) || (in_ruby && in_ruby());
}
