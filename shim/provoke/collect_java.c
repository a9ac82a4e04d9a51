#include "provoke/collect_java.h"

#include <stddef.h>

#include "arch/preserving.h"
#include "java/java_collect.h"
#include "java/java_vm.h"
#include "provoke/pace.h"
#include "waking/helper_thread.h"

static struct hg_pace pace;
static atomic_bool asked;

bool hg_java_collects(void)
{
	return atomic_load_explicit(&asked, memory_order_relaxed);
}

static void collected(uint64_t ns)
{
	hg_pace_collected(&pace, ns);
}

static void ask(void *unused)
{
	(void)unused;
	if (hg_java_collect(hg_helper_thread, collected))
		atomic_store(&asked, true);
	else
		hg_pace_in_vain(&pace);
}

void hg_collect_java(bool now)
{
	/* Where a call came from was asked for before: so a VM that calls is known. */
	if (hg_java_is_met() && hg_pace_due(&pace, now))
		hg_preserving(ask, NULL);
}
