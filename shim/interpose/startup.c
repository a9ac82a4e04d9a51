/* What is cheap and safe while the process is starting, and neither later: the dynamic linker's lock is free now, and
 * there is one thread. Nothing relies on it: calls from other libraries' constructors may come before. */
#include "interpose/startup.h"

#include <stdlib.h>
#include <string.h>

#include "api/start.h"
#include "arch/work_stack.h"
#include "bind/bindings.h"
#include "bind/dlopen.h"
#include "bind/images.h"
#include "dynlink/at_start.h"
#include "dynlink/looked_through.h"
#include "dynlink/separate.h"
#include "format/image.h"
#include "interpose/launch_kind.h"
#include "process/linker.h"
#include "process/process.h"
#include "provoke/provoked.h"
#include "record/launch_list.h"
#include "rewrite/rewrite.h"
#include "stack/stack.h"
#include "thread/inherited.h"
#include "trampoline/entries.h"

static bool wants_stacks(void)
{
	const char *choice = secure_getenv("HANDLEGUARD_STACKS");
	return !choice || strcmp(choice, "off") != 0;
}

void hg_start_up(void)
{
	hg_process_loaded();
	hg_process_prepare();
	hg_provoke_start();
	hg_launches_start();
	hg_work_stack_spare();
	hg_linker_start();
	hg_inherited_start();
	hg_dlopen_start();
	hg_note_loaded_at_start();
	hg_separate_start();
	hg_looked_through_start();
	if (wants_stacks())
		hg_stack_load();
}

__attribute__((visibility("default"))) void hg_register_image(struct hg_image *image)
{
	hg_image_list(image);
	hg_entries_start();
	hg_rewrite_start();
	hg_bindings_update(NULL, 0, 0);
	hg_exec_start(image);
}
