#include "provoke/collect.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "arch/preserving.h"
#include "base/options.h"
#include "base/say.h"
#include "go/go_collect.h"
#include "provoke/collect_java.h"
#include "provoke/collect_python.h"

static void hasten(void *unused)
{
	(void)unused;
	if (hg_go_collect_often() == HG_GO_NOT_FOUND)
		hg_say(
		    "this Go program is of a kind whose collections cannot be hastened: its finalizers run when they "
		    "like, and races with them may not be provoked",
		    NULL, NULL, NULL);
}

static void hasten_go(void)
{
	static atomic_bool done;
	bool wanted = (hg_options.provoke || *hg_options.replay) && hg_options.provoke_gc == 0;
	if (wanted && !atomic_load_explicit(&done, memory_order_relaxed) && !atomic_exchange(&done, true))
		hg_preserving(hasten, NULL);
}

void hg_collect_often(bool now)
{
	hasten_go();
	hg_collect_python(now);
	hg_collect_java(now);
}

bool hg_collects(void)
{
	return hg_python_collects() || hg_java_collects();
}
