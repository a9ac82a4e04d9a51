#include "api/start.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "api/inline_ops.h"
#include "arch/preserving.h"
#include "base/counters.h"
#include "base/options.h"
#include "base/say.h"
#include "finding/race.h"
#include "process/ancestors.h"
#include "process/fence.h"
#include "process/linker.h"
#include "process/process.h"
#include "protocol/dead.h"
#include "protocol/life.h"
#include "protocol/live.h"
#include "protocol/shortcuts.h"
#include "protocol/tables.h"
#include "protocol/thread_end.h"
#include "record/labels.h"
#include "record/modules.h"
#include "record/recording.h"
#include "stack/stack.h"
#include "thread/inherited.h"
#include "thread/visit.h"

void (*hg_process_on_start)(void);

/* --- the options --- */

enum {
	MOST_COMPLAINTS = 0
#define HG_OPTION_CHOICE(field, environment, name, words, standard, help)           +1
#define HG_OPTION_NUMBER(field, environment, name, unit, standard, low, high, help) +1
#define HG_OPTION_PATH(field, environment, name, placeholder, standard, help)       +1
#define HG_OPTION_SWITCH(field, environment, name, help)                            +1
#define HG_OPTION_LETTERS(field, environment, name, letters, standard, help)        +1
#include "format/options.def"
#undef HG_OPTION_CHOICE
#undef HG_OPTION_NUMBER
#undef HG_OPTION_PATH
#undef HG_OPTION_SWITCH
#undef HG_OPTION_LETTERS
};

/* Bad options are told of where they matter: by a process that calls a guarded function. */
static struct {
	unsigned count;
	struct {
		const char *variable;
		char text[256]; /* no limit: complain() has no more to say */
	} list[MOST_COMPLAINTS];
} complaints;

static void complain(const char *variable, const char *value, const char *expected)
{
	char text[256] = "="; /* no limit: what follows is cut to fit, and says what is wrong all the same */
	strncat(text, value, 80);
	strcat(text, " is not ");
	strncat(text, expected, 120);
	if (complaints.count == MOST_COMPLAINTS)
		return;
	complaints.list[complaints.count].variable = variable;
	strcpy(complaints.list[complaints.count++].text, text);
}

static void say_complaints(void)
{
	for (unsigned i = 0; i < complaints.count; i++)
		hg_say(complaints.list[i].variable, complaints.list[i].text, "; the default is used", NULL);
	complaints.count = 0;
}

/* The C library knows its environment from its own constructor on. Calls from a program's .preinit_array come before:
 * then it is where the kernel has put it, behind the arguments at the beginning of the first thread's stack. */
static char *look_up(const char *name)
{
	extern void *__libc_stack_end;
	if (environ)
		return secure_getenv(name);
	char **arguments = (char **)__libc_stack_end + 1;
	size_t count = *(size_t *)__libc_stack_end, length = strlen(name);
	if (getauxval(AT_SECURE) || arguments[count])
		return NULL;
	for (char **pair = arguments + count + 1; *pair; pair++)
		if (strncmp(*pair, name, length) == 0 && (*pair)[length] == '=')
			return *pair + length + 1;
	return NULL;
}

void hg_process_prepare(void)
{
	static bool prepared;
	if (prepared)
		return;
	prepared = true;
	hg_options_read(&hg_options, look_up, complain);
	hg_process_note_executable();
}

/* --- a process --- */

/* None of the calls and visits that the parent's threads were in is under way here. */
static void forget_parent(void)
{
	if (atomic_load(&hg_process_forks_unseen))
		hg_contexts_wipe();
	hg_contexts_forget();
	hg_visits_forget();
	hg_dead_forked();
	hg_shortcuts_forked();
}

static void note_fork(void)
{
	hg_stack_forked();
	hg_roots_forked();
	if (hg_linker_lock_is_lost())
		hg_count(HG_COUNTER_LINKER_LOCK_LOST);
}

/* Everything that a start needs and that waits for nobody. */
static bool start(bool child)
{
	hg_process_on_unwiped_child = hg_contexts_wipe;
	hg_thread_on_abandoned = hg_report_frame;
	/* The shim has more to do then, this among it. */
	hg_fence_lost = hg_fence_lost ? hg_fence_lost : hg_inline_ops_close;
	hg_process_on_unseen_forks = hg_process_on_unseen_forks ? hg_process_on_unseen_forks : hg_inline_ops_close;
	hg_fence_start();
	if (child)
		forget_parent();
	else
		hg_process_prepare();
	say_complaints();
	if (!hg_tables_start(hg_live_wanted()))
		return false;
	hg_ancestors_note(hg_recording->start_ticks);
	hg_live_start();
	if (child)
		hg_label_forked();
	if (hg_process_is_forked())
		note_fork();
	if (!child && hg_process_on_start)
		hg_process_on_start();
	hg_modules_update();
	return true;
}

bool hg_process_start(void)
{
	return hg_process_begin(start);
}

/* --- a thread --- */

static void make_context(void *unused)
{
	(void)unused;
	struct hg_context *context = hg_process_start() ? hg_context_make(hg_threads_reap) : NULL;
	if (!context)
		return;
	hg_context_set(context);
	hg_inline_ops_open(context);
	hg_inherited_adopt(context);
	hg_thread_find_stack(&context->stack_low, &context->stack_high);
	/* What libc allocates for it may wait for a lock of malloc's that no thread of this child holds. */
	if (!hg_process_is_forked() || hg_process_is_forked_by_libc())
		hg_thread_watch_end(context);
}

struct hg_context *hg_context_begin(void)
{
	hg_context_set(NULL);
	hg_preserving(make_context, NULL);
	return hg_context;
}
