/* Found as Python is: object by object. Its functions are called by their places in the tables of JNI and JVMTI, which
 * never change. */
#include "java/java_vm.h"

#include <stddef.h>

#include "base/elf_tables.h"
#include "java/java_layout.h"
#include "java/java_thread.h"
#include "process/linker.h"

struct hg_java hg_java;

enum state {
	NONE,
	LOADED,  /* but nobody has met its threads yet */
	KNOWN,   /* and how they lie in memory */
	TELLING, /* and its JVMTI is there */
	UNKNOWN  /* another VM than HotSpot, or one that was unloaded */
};
static _Atomic int state;
static _Atomic bool busy; /* a thread is about to bring it further */
static _Atomic uint64_t known_changes;
static struct hg_elf_tables object;
static int (*created)(void **vms, int room, int *count);

/* --- finding it --- */

static int visit(struct dl_phdr_info *info, size_t size, void *argument)
{
	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
			continue;
		struct hg_elf_tables tables =
		    hg_elf_tables_of(info->dlpi_addr, (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr));
		void *function = hg_elf_symbol(&tables, "JNI_GetCreatedJavaVMs", STT_FUNC);
		if (!function)
			continue;
		object = tables;
		*(void **)argument = function;
		return 1;
	}
	return 0;
}

static void look_for_it(uint64_t changes)
{
	void *found = NULL;
	hg_linker_visit(visit, &found);
	if (atomic_load(&state) == NONE && found) {
		*(void **)&created = found;
		atomic_store(&state, LOADED);
	} else if (atomic_load(&state) != NONE && found != *(void **)&created) {
		atomic_store(&state, UNKNOWN);
	}
	atomic_store(&known_changes, changes);
}

bool hg_java_is_loaded(void)
{
	/* It stays until something is unloaded. */
	if ((atomic_load(&state) == KNOWN || atomic_load(&state) == TELLING) && atomic_load(&known_changes))
		return true;
	uint64_t changes = hg_linker_changes_held();
	if (changes != atomic_load(&known_changes) && !atomic_exchange(&busy, true)) {
		look_for_it(changes);
		atomic_store(&busy, false);
	}
	return atomic_load(&state) != NONE && atomic_load(&state) != UNKNOWN && atomic_load(&known_changes) == changes;
}

bool hg_java_is_met(void)
{
	int now = atomic_load(&state);
	return now != NONE && now != UNKNOWN;
}

void hg_java_doubt(void)
{
	atomic_store(&known_changes, 0);
}

/* --- its threads --- */

static void *own_environment(void)
{
	enum { JNI_1_6 = 0x00010006 }; /* no limit: a version */
	void *found = NULL;
	return hg_java.get_environment(hg_java.vm, &found, JNI_1_6) == 0 ? found : NULL;
}

/* Of a thread that is the VM's, where in it the JNI environment lies. */
static void get_to_know(void)
{
	enum { MOST = 8192, GET_ENV = 6 }; /* no limit: more than a thread takes; a place in a table */
	int count = 0;
	if (created(&hg_java.vm, 1, &count) != 0 || count != 1)
		return;
	hg_java.get_environment = (*(int (***)(void *, void **, int))hg_java.vm)[GET_ENV];
	void *environment = own_environment();
	if (!environment)
		return;
	if (!hg_java_layout_read(&object)) {
		atomic_store(&state, UNKNOWN);
		return;
	}
	uint64_t thread = hg_java_thread_here();
	if (!thread)
		return;
	hg_java.environment = (uint64_t)environment - thread;
	atomic_store(&state, hg_java.environment < MOST ? KNOWN : UNKNOWN);
}

void *hg_java_environment(void)
{
	if (!hg_java_is_loaded())
		return NULL;
	if (atomic_load(&state) == LOADED && !atomic_exchange(&busy, true)) {
		if (atomic_load(&state) == LOADED)
			get_to_know();
		atomic_store(&busy, false);
	}
	return atomic_load(&state) == KNOWN || atomic_load(&state) == TELLING ? own_environment() : NULL;
}

void hg_java_drop(void *environment, void *reference)
{
	enum { DELETE_LOCAL = 23 }; /* no limit: a place in a table */
	void (*drop)(void *environment, void *reference);
	*(void **)&drop = (*(void *const *const *)environment)[DELETE_LOCAL];
	drop(environment, reference);
}

/* --- its JVMTI --- */

/* The functions by their places in its table, from 0 on. */
enum jvmti_function {
	SET_EVENT = 1,
	RUN_AGENT = 11,
	CREATE_MONITOR = 30,
	MONITOR_ENTER = 32,
	MONITOR_EXIT = 33,
	MONITOR_WAIT = 34,
	MONITOR_NOTIFY = 35,
	GIVE_BACK = 46,
	CLASS_SIGNATURE = 47,
	CLASS_SOURCE = 49,
	METHOD_NAME = 63,
	METHOD_CLASS = 64,
	METHOD_LINES = 69,
	STACK = 103,
	COLLECT = 107,
	SET_CALLBACKS = 121,
	PHASE = 132,
	ADD_CAPABILITIES = 141
};

static void read_table(struct hg_jvmti *jvmti)
{
	void *const *table = *(void *const *const *)jvmti->self;
	*(void **)&jvmti->phase = table[PHASE];
	*(void **)&jvmti->stack = table[STACK];
	*(void **)&jvmti->method_name = table[METHOD_NAME];
	*(void **)&jvmti->method_class = table[METHOD_CLASS];
	*(void **)&jvmti->class_signature = table[CLASS_SIGNATURE];
	*(void **)&jvmti->class_source = table[CLASS_SOURCE];
	*(void **)&jvmti->method_lines = table[METHOD_LINES];
	*(void **)&jvmti->give_back = table[GIVE_BACK];
	*(void **)&jvmti->add_capabilities = table[ADD_CAPABILITIES];
	*(void **)&jvmti->set_callbacks = table[SET_CALLBACKS];
	*(void **)&jvmti->set_event = table[SET_EVENT];
	*(void **)&jvmti->create_monitor = table[CREATE_MONITOR];
	*(void **)&jvmti->monitor_enter = table[MONITOR_ENTER];
	*(void **)&jvmti->monitor_exit = table[MONITOR_EXIT];
	*(void **)&jvmti->monitor_wait = table[MONITOR_WAIT];
	*(void **)&jvmti->monitor_notify = table[MONITOR_NOTIFY];
	*(void **)&jvmti->run_agent = table[RUN_AGENT];
	*(void **)&jvmti->collect = table[COLLECT];
}

/* Names of sources and numbers of lines: what every VM can give at any time, and what costs nothing till it is asked.
 */
static void ask_for_lines(const struct hg_jvmti *jvmti)
{
	enum { SOURCES_AND_LINES = 0x18, BYTES = 16 }; /* no limit: bits of the second byte of a set of so many */
	const unsigned char wanted[BYTES] = {0, SOURCES_AND_LINES};
	jvmti->add_capabilities(jvmti->self, wanted);
}

/* Refused before the VM has come to run programs. */
static void take_jvmti(void)
{
	enum { JVMTI_1_2 = 0x30010200 }; /* no limit: a version */
	struct hg_jvmti *jvmti = &hg_java.jvmti;
	if (hg_java.get_environment(hg_java.vm, &jvmti->self, JVMTI_1_2) != 0)
		return;
	read_table(jvmti);
	ask_for_lines(jvmti);
	atomic_store(&state, TELLING);
}

/* Once the VM has begun to end, who calls it may never come back. */
static bool is_live(void)
{
	enum { LIVE = 4 }; /* no limit: a phase */
	int phase = 0;
	return hg_java.jvmti.phase(hg_java.jvmti.self, &phase) == 0 && phase == LIVE;
}

bool hg_java_can_tell(void)
{
	if (atomic_load(&state) == KNOWN && !atomic_exchange(&busy, true)) {
		if (atomic_load(&state) == KNOWN)
			take_jvmti();
		atomic_store(&busy, false);
	}
	return atomic_load(&state) == TELLING && is_live();
}

bool hg_java_may_call(void)
{
	uint64_t thread = hg_java_environment() ? hg_java_thread_here() : 0;
	return thread && hg_java_is_native(thread) && hg_java_can_tell();
}
